"""Strategies for Hypothesis: instances of a struct, from what a real host may send to bytes of any kind and length.

All shrink towards the oldest size step, zeros and few fields. Importing this module makes
``st.from_type(VirglCapsV2)``, and that of every other capset's class, mean :func:`capsets`.
"""

from __future__ import annotations

try:
    from hypothesis import strategies as st
except ModuleNotFoundError:
    raise ModuleNotFoundError("strategies need Hypothesis: pip install 'capcodec[test-kit]'") from None

from ..errors import ArgumentError, shown
from ..meaning.lint import lint
from ..registry import CAPSETS
from ..structs._classes import Struct
from ..structs._fields import Array
from ..structs.field import Field
from .captured import captured

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    from hypothesis.strategies import DrawFn, SearchStrategy

    _S = TypeVar("_S", bound=Struct)

MAX_CHANGES = 8  # fields of a capture that are set to what other hosts have
BEYOND = 64  # bytes behind the newest layout that a hostile host may send


def capsets(cls: type[_S], *, size: int | None = None) -> SearchStrategy[_S]:
    """Instances with any values in any field, as long as one of the struct's size steps.

    Args:
        cls: class of the struct.
        size: of all of them; one of ``size_steps``.

    Raises:
        SizeStepError: the struct never had that size.
        ArgumentError: ``cls`` is no struct's class.
    """
    _check(cls)
    sizes = cls.size_steps if size is None else (cls.layout.step(size),)
    leaves = list(cls.layout.leaves())

    @st.composite  # takes no arguments: Hypothesis shows them, and warns where they are long
    def instances(draw: DrawFn) -> _S:
        size = draw(st.sampled_from(sizes))
        caps = cls.unpack(draw(st.just(bytes(size)) | st.binary(min_size=size, max_size=size)))
        fields = [field for field in leaves if field.end <= size]
        for field in draw(st.lists(st.sampled_from(fields), unique_by=str)) if fields else ():
            caps[field.path] = draw(values(field))
        return caps

    found: SearchStrategy[_S] = instances()
    return found


def plausible(cls: type[_S]) -> SearchStrategy[_S]:
    """Instances that a real host may send: captures, cut to a size step, with a few fields as other hosts have them.

    :func:`capcodec.lint` finds nothing in them that it does not find in the capture too.

    Raises:
        ArgumentError: there are no captures of that struct, or ``cls`` is no struct's class.
    """
    _check(cls)
    captures = [capture.caps for capture in captured(cls.capset_id)] if cls.capset_id is not None else []
    known = sorted((caps for caps in captures if type(caps) is cls), key=lambda caps: caps.valid_size)
    if not known:
        raise ArgumentError(f"{cls.name}: there are no captures of it")
    varying = [(field, found) for field in cls.layout.leaves() if len(found := _values_of(known, field.path)) > 1]

    @st.composite
    def instances(draw: DrawFn) -> _S:
        start = draw(st.sampled_from(known))
        size = draw(st.sampled_from([step for step in cls.size_steps if step <= start.valid_size]))
        caps = cls.unpack(start.pack()[:size])
        findings = {finding.rule for finding in lint(caps)}
        fields = [(field, seen) for field, seen in varying if field.end <= size]
        for field, seen in draw(st.lists(st.sampled_from(fields), max_size=MAX_CHANGES)) if fields else ():
            before = caps.pack()
            caps[field.path] = draw(_like(field, seen))
            if {finding.rule for finding in lint(caps)} - findings:  # no real host has it together with the rest
                caps = cls.unpack(before)
        return caps

    strategy: SearchStrategy[_S] = instances()
    return strategy


def hostile(cls: type[_S]) -> SearchStrategy[_S]:
    """Instances of any bytes, of any length from none to more than the struct has; most are near a size step.

    Raises:
        ArgumentError: ``cls`` is no struct's class.
    """
    _check(cls)
    near = sorted({max(step + more, 0) for step in (0, *cls.size_steps) for more in (-1, 0, 1)})
    lengths = st.integers(0, cls.size + BEYOND) | st.sampled_from(near)  # the first shrinks to any length
    return lengths.flatmap(lambda length: st.binary(min_size=length, max_size=length)).map(cls.unpack)


def values(field: Field) -> SearchStrategy[Any]:
    """Every value that a field can hold, as an attribute takes it.

    Args:
        field: one that holds a value itself; arrays of these too.

    Raises:
        ArgumentError: ``field`` is none, or holds a struct.
    """
    if not isinstance(field, Field) or field.layout is not None:
        raise ArgumentError(f"expected a field that holds a value itself, got {shown(field)}")
    dims = field.dims
    found: SearchStrategy[Any]
    if field.type == "char":
        found = st.binary(max_size=dims[-1] if dims else 1)
        dims = dims[:-1]
    elif field.type[0] == "f":
        found = st.floats(width=32 if field.type == "f32" else 64)
    else:
        width = int(field.type[1:]) if field.bits is None else field.bits
        low = -(1 << width - 1) if field.type[0] == "s" else 0
        found = st.integers(low, low + (1 << width) - 1)
    for count in reversed(dims):
        found = st.lists(found, min_size=count, max_size=count)
    return found


def _check(cls: object) -> None:
    if not (isinstance(cls, type) and issubclass(cls, Struct) and cls is not Struct):
        raise ArgumentError(f"expected the class of a struct, got {shown(cls)}")


def _values_of(known: list[_S], path: str) -> list[Any]:
    """What hosts had in a field, each once."""
    found: list[Any] = []
    for caps in known:
        if caps.has_field(path):
            value: Any = caps[path]
            value = value.tolist() if isinstance(value, Array) else value
            if value not in found:
                found.append(value)
    return found


def _like(field: Field, seen: list[Any]) -> SearchStrategy[Any]:
    """What hosts had in a field; of a limit, also what lies between."""
    limit = field.type[0] == "u" and not field.dims and field.bits is None and not field.flags and not field.meaning
    return st.sampled_from(seen) | st.integers(min(seen), max(seen)) if limit else st.sampled_from(seen)


def _registered(cls: type[Struct]) -> SearchStrategy[Struct]:
    return capsets(cls)


for _capset in CAPSETS.values():
    st.register_type_strategy(_capset.cls, _registered)
