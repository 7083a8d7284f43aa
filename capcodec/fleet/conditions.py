"""The records of a fleet that meet conditions on their fields, and what stands in these."""

from __future__ import annotations

import operator
import re
from typing import NamedTuple

from ..errors import ArgumentError, UnknownFieldError, clipped, shown
from ..meaning.releases import RELEASES, release_named
from ..registry import CAPSETS, find
from ..structs.exact import text_of
from .decoding import batch_of, by_class, distinct
from .description import DESCRIPTION, describe
from .records import fleet_of, of_capset, pa, pc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

OPERATIONS = {
    "=": pc.equal,
    "!=": pc.not_equal,
    "<": pc.less,
    "<=": pc.less_equal,
    ">": pc.greater,
    ">=": pc.greater_equal,
}
_ORDERED = {
    "=": operator.eq,
    "!=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ABSENT = "absent"
_FORM = re.compile(r"([^=!<>]+)(?:(=|!=|<=?|>=?)(.*))?", re.DOTALL)


class Condition(NamedTuple):
    """What shall hold of a field.

    Attributes:
        field: its path, or a column that :func:`~capcodec.fleet.description.describe` adds; or ``gl``, the highest
            version, or ``release``, each of those that can have made the record; or ``host``.
        operation: one of ``OPERATIONS``; empty if it may be anything.
        value: what it is compared with, as text.
    """

    field: str
    operation: str = ""
    value: str = ""

    @classmethod
    def of(cls, text: str) -> Condition:
        """A condition from a text such as ``max_samples<8``.

        Raises:
            ArgumentError: it is none.
        """
        match = _FORM.fullmatch(text_of("condition", text))
        if match is None:
            raise ArgumentError(f"expected FIELD, or FIELD, {' '.join(OPERATIONS)} and a value, got {clipped(text)}")
        return cls(match[1].strip(), match[2] or "", (match[3] or "").strip())


def selected(batch: Any, conditions: Iterable[Condition], capset: int | str | None = None) -> pa.RecordBatch:
    """The records of a fleet's batch of which all conditions hold.

    None but ``=absent`` holds of what is absent.

    Args:
        batch: as of :func:`capcodec.fleet.records.fleet_of`.
        conditions: on which fields.
        capset: only the records of this capset, by number or name.

    Returns:
        pyarrow.RecordBatch: ``host``, ``capset_id``, and a column for each field, by its name.

    Raises:
        ArgumentError: it is no batch of a fleet, or a field cannot be compared so.
        UnknownFieldError: no capset has such a field.
    """
    batch = of_capset(fleet_of(batch).select(["host", "capset_id", "data"]), capset)
    conditions = _conditions(conditions)
    columns = _columns(batch, {each.field for each in conditions}, capset)
    found = {name: batch.column(name) for name in ("host", "capset_id")} | columns
    table = pa.RecordBatch.from_arrays([*found.values()], [*found])
    for each in conditions:
        if each.operation:
            table = table.filter(_holds(each, table.column(each.field)))
    return table


def _conditions(given: Any) -> list[Condition]:
    try:
        found = [*given]
    except TypeError:
        raise ArgumentError(f"expected conditions, got {shown(given)}") from None
    for each in found:
        if not isinstance(each, Condition) or {*map(type, each)} != {str} or each.operation not in ("", *OPERATIONS):
            raise ArgumentError(f"expected a condition, got {shown(each)}")
    return found


def _columns(batch: pa.RecordBatch, names: set[str], capset: int | str | None) -> dict[str, pa.Array]:
    described = {"release", "gl", *DESCRIPTION.names}
    columns = {}
    if names & described:
        told = describe(batch)
        columns = {name: told.column(name) for name in DESCRIPTION.names}
        columns["release"] = columns["releases"]
        columns["gl"] = pc.coalesce(columns["gl_core"], columns["gl_compatibility"])
    different, places = distinct(batch)
    for name in names - described - {"host", "capset_id"}:
        columns[name] = _of_path(name, different, capset).take(places)
    return {name: column for name, column in columns.items() if name in names}


def _of_path(path: str, different: list[tuple[int, bytes]], capset: int | str | None) -> pa.Array:
    """What stands at a path in different records; null where it is absent, or the capset has no such field."""
    entries = CAPSETS.values() if capset is None else [find(capset)]
    groups: dict[Any, list[int]] = {entry.cls: [] for entry in entries} | by_class(different)
    order: list[int | None] = [None] * len(different)
    parts: list[pa.Table] = []
    refused: dict[int | None, UnknownFieldError] = {}
    count = 0
    for cls, members in groups.items():
        try:
            column = batch_of(cls, [different[member][1] for member in members]).column(path)
        except UnknownFieldError as error:
            refused[cls.capset_id] = error
            continue
        for member in members:
            order[member] = count
            count += 1
        parts.append(pa.table([pa.array(column)], ["values"]))
    if not parts:
        raise refused.get(2, [*refused.values()][-1])
    try:
        values = pa.concat_tables(parts, promote_options="permissive").column(0)
    except pa.ArrowException as error:
        raise ArgumentError(f"{path} is not the same in all capsets: say of which, by --capset: {error}") from None
    return values.combine_chunks().take(pa.array(order, pa.int32()))


def _holds(condition: Condition, column: pa.Array) -> pa.Array:
    field, operation, text = condition
    if text == ABSENT and operation in ("=", "!="):
        return pc.is_null(column) if operation == "=" else pc.is_valid(column)
    if field == "release":
        place = RELEASES.index(release_named(text))
        return _among(
            column, operation, [each.name for at, each in enumerate(RELEASES) if _ORDERED[operation](at, place)]
        )
    if field in ("findings", "releases") and operation in ("=", "!="):
        return _among(column, operation, [text])
    try:
        value = pa.scalar(_parsed(text, column.type), column.type)
    except (ValueError, OverflowError, pa.ArrowException):
        raise ArgumentError(f"{field} is {column.type}, and cannot be {clipped(text)}") from None
    return OPERATIONS[operation](column, value)


def _among(column: pa.Array, operation: str, texts: list[str]) -> pa.Array:
    """Is one of the texts in the list of each record? For ``!=``, is none?"""
    lists = pc.list_parent_indices(column).filter(pc.is_in(pc.list_flatten(column), pa.array(texts, pa.string())))
    found = pc.is_in(pa.array(range(len(column)), lists.type), lists)
    return pc.and_(pc.is_valid(column), pc.invert(found) if operation == "!=" else found)


def _parsed(text: str, type_: pa.DataType) -> Any:
    if pa.types.is_boolean(type_):
        return {"0": False, "1": True, "false": False, "true": True}.get(text, text)
    if pa.types.is_integer(type_):
        return int(text, 0)
    if pa.types.is_floating(type_):
        return float(text)
    if pa.types.is_fixed_size_binary(type_) or pa.types.is_binary(type_):
        return bytes.fromhex(text)
    if pa.types.is_nested(type_):
        raise ValueError(text)
    return text
