"""Which values a guest's driver uses: the host's, its own defaults, and those that it puts in their place.

Defaults and rules are those of Mesa's virgl driver: ``virgl_winsys.h`` (@07a3a54d) fills in the defaults before it asks
the host, and ``virgl_screen.c`` (@0a4569fc) replaces values, mostly those that old hosts do not send.
"""

from __future__ import annotations

from _collections_abc import Mapping
from typing import overload

from ..errors import UnknownFieldError
from ..registry import decoded
from ..structs._bulk import Batch
from ..structs._fields import Array
from ..structs._instances import min_copy
from ..structs.exact import exact_str
from .many import of_each
from .mesa import NEWEST_MESA, mesa_named
from .mesa_rules import MESA_RULES
from .tables import Tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Literal, TypeAlias

    from ..structs._classes import Struct
    from ..structs.field import Field
    from ..structs.layout import Layout
    from .many import Answers
    from .mesa import Mesa
    from .mesa_rules import MesaRule
    from .rules import Rule

    _Origin: TypeAlias = Literal["host", "default", "mixed", "reinterpreted"]


@overload
def guest_view(
    blob: Batch[Any],
    size: int | None = None,
    capset_id: int | str | None = None,
    *,
    coherent: bool = True,
    mesa: str = NEWEST_MESA,
) -> Answers[GuestView]: ...
@overload
def guest_view(
    blob: Any,
    size: int | None = None,
    capset_id: int | str | None = None,
    *,
    coherent: bool = True,
    mesa: str = NEWEST_MESA,
) -> GuestView: ...
def guest_view(
    blob: Any,
    size: int | None = None,
    capset_id: int | str | None = None,
    *,
    coherent: bool = True,
    mesa: str = NEWEST_MESA,
) -> GuestView | Answers[GuestView]:
    """Which values the driver of a guest uses, field by field.

    Args:
        blob: bytes as a host sent them, or an instance. Of a layout that is a variant, the guest knows nothing. Or a
            batch, for an :class:`~capcodec.meaning.many.Answers` with a view of each record.
        size: bytes of the guest's struct, one of ``size_steps``; today's size if not given.
        capset_id: which capset it is; guessed from the size if not given.
        coherent: can the guest map host memory coherently? It can if its kernel has RESOURCE_BLOB and HOST_VISIBLE.
        mesa: whose rules replace values: "22.3", "25.0" or "26".

    Raises:
        ArgumentError: no such capset is known, or no such Mesa, or the size does not tell which capset it is.
        SizeStepError: the struct never had that size.
        BufferAccessError: ``blob`` is no contiguous buffer.
    """
    if isinstance(blob, Batch):
        return of_each(blob, lambda caps: guest_view(caps, size, capset_id, coherent=coherent, mesa=mesa))
    sent = decoded(blob, capset_id)
    caps = (sent.variant_of or type(sent)).guest_defaults(size)
    return GuestView(caps, min_copy(caps, sent), coherent, mesa)


class Seen:
    """One value as the driver uses it.

    Attributes:
        field: which field; None for a value that the driver derives from several fields.
        value: what the driver uses; None if it ignores the field.
        sent: what the guest's struct holds after the copy; the same as ``value`` unless a rule replaced it.
        origin: ``host``; ``default``, the guest's own; ``mixed`` if the host's bytes end within the field; or
            ``reinterpreted`` if a rule replaced or derived the value.
        rule, reason: name of that rule, and why the driver has it; empty if there is none.
    """

    __slots__ = ("field", "origin", "reason", "rule", "sent", "value")

    def __init__(self, field: Field | None, value: Any, sent: Any, origin: _Origin, rule: Rule | None = None) -> None:
        self.field: Field | None = field
        self.value: Any = value
        self.sent: Any = sent
        self.origin = origin
        self.rule: str = rule.name if rule else ""
        self.reason: str = rule.reason if rule else ""

    def __repr__(self) -> str:
        why = f": {self.rule}" if self.rule else ""
        return f"<{self.value!r} ({self.origin}{why})>"


class GuestView(Mapping[str, Seen]):
    """The fields of a guest's struct by path, as its driver uses them.

    ``view["max_samples"]`` has value, origin and rule; ``view.max_samples`` is the value.

    Attributes:
        caps: the guest's struct after the copy, before any rule.
        copied: bytes that came from the host.
        mesa: whose driver it is.
        derived: values that the driver derives from several fields, by name.
    """

    def __init__(self, caps: Struct, copied: int, coherent: bool = True, mesa: str = NEWEST_MESA) -> None:
        self.caps = caps
        self.copied = copied
        self.mesa: Mesa = mesa_named(mesa)
        self.derived: dict[str, Seen] = {}
        self._sent: Struct = caps.__copy__()  # what the view is of, whatever becomes of ``caps``
        self._seen: dict[str, Seen] = {}  # those that a rule replaced, and those that somebody has asked for
        self._replaced: dict[str, Any] = {}
        for rule in MESA_RULES.about(caps, self.mesa):
            for path, value in rule.check(caps, coherent):
                self._use(path, value, rule)

    def used(self) -> Struct:
        """The guest's struct with the values that its driver uses; what it ignores is zero."""
        data = bytearray(self._sent.pack())
        used = type(self._sent).view(data)
        for path, value in self._replaced.items():
            if value is None:
                field = _FIELDS[used.layout][path]
                data[field.offset : field.end] = bytes(field.size)
            else:
                used[path] = value
        return used

    def _origin(self, field: Field) -> _Origin:
        if field.end <= self.copied:
            return "host"
        return "default" if field.offset >= self.copied else "mixed"

    def _use(self, path: str, value: Any, rule: MesaRule) -> None:
        """Take the value of a rule."""
        if rule.derives:
            self.derived[path] = Seen(None, value, None, "reinterpreted", rule)
        elif value != (sent := _plain(self._sent[path])):
            self._seen[path] = Seen(_FIELDS[self._sent.layout][path], value, sent, "reinterpreted", rule)
            self._replaced[path] = value

    def _at(self, path: str) -> Seen | None:
        """What is seen of a field; None if the guest's struct does not have it whole, or it holds no value itself."""
        found = self._seen.get(path)
        field = _FIELDS[self._sent.layout].get(path) if found is None else None
        if field is None or field.end > self._sent.valid_size:
            return found
        value = _plain(self._sent[path])
        return self._seen.setdefault(path, Seen(field, value, value, self._origin(field)))

    def __getitem__(self, path: str) -> Seen:
        name = exact_str(path)
        found = None if name is None else self._at(name)
        found = found or self._at(self.caps.fields[path].path)
        if found is None:
            raise UnknownFieldError(f"{self.caps.name}: the guest has no value of its own at {path!r}")
        return found

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.derived[name].value if name in self.derived else self[name].value

    def __iter__(self) -> Iterator[str]:
        fields, valid = _FIELDS[self._sent.layout], self._sent.valid_size
        return (path for path, field in fields.items() if field.end <= valid)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        changed = sum(seen.origin == "reinterpreted" for seen in self._seen.values())
        return f"<guest's view of {self.copied} bytes: {len(self)} fields, {changed} reinterpreted>"


_FIELDS: Tables[Layout, dict[str, Field]] = Tables(lambda layout: {field.path: field for field in layout.leaves()})


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, Array) else value
