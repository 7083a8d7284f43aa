"""What a guest's driver makes of a capset: host's bytes over its own defaults, and then what it reads into them.

Defaults and rules are those of Mesa's virgl driver: ``virgl_winsys.h`` (@07a3a54d) fills in before it asks,
``virgl_screen.c`` (@0a4569fc) takes old hosts' silence for more than it says.
"""

from __future__ import annotations

from _collections_abc import Mapping

from .. import errors
from ..registry import decoded
from ..structs._core import Array, min_copy
from . import mesa_rules as reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Literal, TypeAlias

    from ..structs._core import Struct
    from ..structs.field import Field

    Origin: TypeAlias = Literal["host", "default", "mixed", "reinterpreted"]


def guest_view(
    blob: Any, size: int | None = None, capset_id: int | str | None = None, *, coherent: bool = True
) -> GuestView:
    """What a guest with a struct of ``size`` bytes makes of a host's capset, field by field.

    Args:
        blob: a host's bytes, of any size, or an instance.
        size: bytes of the guest's struct, one of ``size_steps``; today's if not given.
        capset_id: which capset it is; guessed from the size if not given.
        coherent: can the guest map host memory coherently, by the kernel's RESOURCE_BLOB and HOST_VISIBLE parameters?

    Raises:
        ArgumentError: no such capset is known, or the size does not tell which it is.
        SizeStepError: the struct never had that size.
        BufferAccessError: ``blob`` is no contiguous buffer.
    """
    sent = decoded(blob, capset_id)
    caps = (sent.variant_of or type(sent)).guest_defaults(size)
    return GuestView(caps, min_copy(caps, sent), coherent)


class Seen:
    """One value as the driver uses it.

    Attributes:
        field: where it lies; None for what the driver derives from several fields.
        value: what the driver uses; None if it ignores the field.
        sent: what the guest's struct holds after the copy; the same unless it was reinterpreted.
        origin: ``host``; ``default``, the guest's own; ``mixed``, where the host's bytes end within the field; or
            ``reinterpreted``.
        rule, reason: which reinterpretation that was, and why the driver makes it; empty if none.
    """

    __slots__ = ("field", "origin", "reason", "rule", "sent", "value")

    def __init__(
        self, field: Field | None, value: Any, sent: Any, origin: Origin, rule: str = "", reason: str = ""
    ) -> None:
        self.field = field
        self.value = value
        self.sent = sent
        self.origin = origin
        self.rule = rule
        self.reason = reason

    def __repr__(self) -> str:
        why = f": {self.rule}" if self.rule else ""
        return f"<{self.value!r} ({self.origin}{why})>"


class GuestView(Mapping[str, Seen]):
    """All fields of a guest's struct by path, as its driver uses them.

    ``view["max_samples"]`` tells value, origin and rule; ``view.max_samples`` is the value.

    Attributes:
        caps: the guest's struct after the copy, before any reinterpretation.
        copied: bytes that came from the host.
        derived: what the driver decides from fields without being told, by name.
    """

    def __init__(self, caps: Struct, copied: int, coherent: bool = True) -> None:
        self.caps = caps
        self.copied = copied
        self.derived: dict[str, Seen] = {}
        self._seen: dict[str, Seen] = {}
        for field in caps.layout.leaves():
            if field.end <= caps.valid_size:
                value = _plain(caps[field.path])
                self._seen[field.path] = Seen(field, value, value, self._origin(field))
        if caps.capset_id == 2:
            self._reinterpret(coherent)

    def _origin(self, field: Field) -> Origin:
        if field.end <= self.copied:
            return "host"
        return "default" if field.offset >= self.copied else "mixed"

    def _reinterpret(self, coherent: bool) -> None:
        for rule in reading.RULES:
            try:
                readings = list(rule(self.caps, coherent))
            except errors.FieldAbsentError:
                continue  # a driver so old that it lacks the field lacks the rule too
            for path, value in readings:
                name, reason = rule.__name__, (rule.__doc__ or "").rstrip(".")
                if path in self._seen:
                    seen = self._seen[path]
                    if value != seen.value:
                        self._seen[path] = Seen(seen.field, value, seen.sent, "reinterpreted", name, reason)
                elif path not in self.caps.layout.fields:
                    self.derived[path] = Seen(None, value, None, "reinterpreted", name, reason)

    def __getitem__(self, path: str) -> Seen:
        found = self._seen.get(path)
        if found is None:
            found = self._seen.get(self.caps.fields[path].path)
        if found is None:
            raise errors.UnknownFieldError(f"{self.caps.name}: the guest has no value of its own at {path!r}")
        return found

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.derived[name].value if name in self.derived else self[name].value

    def __iter__(self) -> Iterator[str]:
        return iter(self._seen)

    def __len__(self) -> int:
        return len(self._seen)

    def __repr__(self) -> str:
        changed = sum(seen.origin == "reinterpreted" for seen in self._seen.values())
        return f"<guest's view of {self.copied} bytes: {len(self)} fields, {changed} reinterpreted>"


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, Array) else value
