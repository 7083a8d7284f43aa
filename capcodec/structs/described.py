"""What is known of a field, as text: for ``help()``, for an editor's hover, for a stub."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Protocol

    class _Field(Protocol):
        """What is read of a :class:`capcodec.structs.field.Field`, which this module cannot import."""

        declared: Any
        layout: Any
        struct: str

        @property
        def bits(self) -> int | None: ...
        @property
        def doc(self) -> str: ...
        @property
        def flags(self) -> Mapping[int, str] | None: ...
        @property
        def place(self) -> str: ...
        @property
        def since(self) -> object: ...
        @property
        def source(self) -> str: ...
        @property
        def spelling(self) -> str: ...
        @property
        def type(self) -> str: ...
        @property
        def unit(self) -> str: ...


WIDTH = 100  # characters of a line


def limits(field: _Field) -> tuple[object, object]:
    """The smallest and the largest value of one element, as text; of chars and structs two empty ones."""
    if field.type == "char" or field.layout is not None:
        return "", ""
    if field.type == "f32":
        return "-3.4028235e+38", "3.4028235e+38"
    if field.type == "f64":
        return "-1.7976931348623157e+308", "1.7976931348623157e+308"
    width = int(field.type[1:]) if field.bits is None else field.bits
    if field.type[0] == "s":
        return -(1 << width - 1), (1 << width - 1) - 1
    return 0, (1 << width) - 1


def described(field: _Field, brief: bool = False) -> str:
    """Meaning, type, range, unit, place, default and origin of a field: what is known, each on lines of its own.

    Args:
        field: which one.
        brief: leave out its struct, its range, which its type tells, a default of zero, and where the sender takes it
            from.
    """
    from textwrap import wrap  # seldom needed

    low, high = limits(field)
    flags = ", ".join(f"{bit} {name}" for bit, name in sorted((field.flags or {}).items()))
    facts = {
        "Type": f"{field.spelling}, {field.place}" + ("" if brief else f" of {field.struct}"),
        "Range": f"{low}..{high}" if high and not brief else "",
        "Unit": field.unit,
        "Default": "" if field.layout is not None or (brief and not field.declared) else _default(field),
        "Since": str(field.since or ""),
        "Source": "" if brief else field.source,
        "Flags": flags,
    }
    lines = wrap(field.doc, WIDTH)
    for name, fact in facts.items():
        lines += wrap(f"{name}: {fact}", WIDTH, subsequent_indent="    ") if fact else []
    return "\n".join(lines)


def _default(field: _Field) -> str:
    """Of an array whose elements have the same one, that."""
    from ..errors import clipped

    given = field.declared
    if given is None or not isinstance(given, (tuple, list)):
        return clipped(b"" if given is None and field.type == "char" else given or 0)
    return ", ".join(map(str, given[:16])) + ", ..." * (len(given) > 16)


class _Documented:
    """The docstring of a class; of each of its instances, what is known of that field."""

    def __init__(self, own: str | None) -> None:
        self.own = own

    def __get__(self, field: _Field | None, owner: object = None) -> str | None:
        return self.own if field is None else described(field)


def documented(own: str | None) -> Any:
    """What a class of fields has as its ``__doc__``, so that ``help()`` of an instance tells of the field."""
    return _Documented(own)
