"""What instances say of their fields, as Arrow's readers say it: the oracle for everything that is exported."""

from __future__ import annotations

from collections.abc import Iterable

from capcodec import Struct, define
from capcodec.structs.columns import default_paths


def expected(value: object, field=None) -> object:
    """A value of ``to_dict`` as Arrow has it."""
    layout = field.layout if field is not None else None
    if isinstance(value, list):
        return [expected(element, field) for element in value]
    if layout is not None and (layout.schema.mask or layout.schema.union):
        return define(layout.schema).from_dict(value).pack()
    if isinstance(value, dict):
        return {name: expected(value[name], part) for name, part in layout.fields.items() if name in value}
    return value.decode("latin-1") if isinstance(value, bytes) else value


def rows_of(records: Iterable[Struct]) -> list[dict]:
    """What the instances say: absent fields are None."""
    rows = []
    for record in records:
        paths = default_paths(record.layout)
        row = {}
        for path in paths:
            field, value = record.fields[path], record.to_dict()
            for name in field.path.split("."):
                value = value.get(name) if value is not None else None
            row[path] = None if value is None else filled(expected(value, field), field)
        rows.append(row)
    return rows


def filled(value: object, field) -> object:
    """Fields of a struct that were cut off are null."""
    if isinstance(value, dict):
        return {name: value.get(name) for name in field.layout.fields}
    return value


def as_booleans(value: object, cls: type, layout=None) -> object:
    """Single bits are booleans: ``repr`` tells 1 and True, and NaN is not equal to itself."""
    if isinstance(value, list):
        return [as_booleans(element, cls, layout) for element in value]
    if not isinstance(value, dict):
        return value
    fields = layout.fields if layout is not None else cls.fields
    found = {}
    for name, part in value.items():
        field = fields[name]
        single = field.bits == 1 and field.type[0] == "u" and part is not None
        found[name] = bool(part) if single else as_booleans(part, cls, field.layout)
    return found
