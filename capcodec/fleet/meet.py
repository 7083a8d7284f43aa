"""What all of several hosts promise. It can be worked out in any order and in parts: in a tree, on many machines."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import ArgumentError, BaselineError
from ..meaning.guest_view import guest_view
from ..meaning.mesa import MESAS
from ..registry import decoded, find
from ..structs._instances import min_copy
from .promises import CONFLICT, DERIVED, MASKS, PLANS, Promises, seen, told
from .repairs import repair

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ..structs._classes import Struct
    from .promises import Plan

VIRGL = (1, 2)  # one driver reads both, and as the same struct


class Excess(NamedTuple):
    """Where a capset promises more than there is.

    Attributes:
        mesa: the version that takes it so; empty if every guest does.
        field: the path, with a flag behind a point; or a requirement of OpenGL.
        promised: what guests would use.
        has: what there is.
    """

    mesa: str
    field: str
    promised: Any
    has: Any


class Meet(NamedTuple):
    """What all of some hosts promise; ``a & b`` is that of the hosts of both.

    Attributes:
        capset_id: of all hosts.
        size: bytes of the longest, and at most those of the newest layout.
        whole: what they sent, while all sent the same; else None.
        sent: what the capsets tell.
        seen: what each of ``MESAS`` makes of capset 1 or 2; empty of another capset.
    """

    capset_id: int
    size: int
    whole: bytes | None
    sent: Promises
    seen: tuple[Promises, ...] = ()

    @classmethod
    def of(cls, host: Any, capset_id: int | str | None = None) -> Meet:
        """That of one host.

        Args:
            host: bytes as it sent them, or an instance.
            capset_id: which capset it is; guessed from the size if not given.

        Raises:
            ArgumentError: it is no capset, or the size does not tell which.
            BufferAccessError: ``host`` is no contiguous buffer.
        """
        caps = decoded(host, capset_id)
        if caps.capset_id is None:
            raise ArgumentError(f"{caps.name} is no capset")
        return _of(caps.pack(), caps.capset_id)

    @property
    def plan(self) -> Plan:
        """Of the struct that guests read."""
        return PLANS[_read_as(self.capset_id).layout]

    def __and__(self, other: Meet) -> Meet:
        """That of the hosts of both.

        Raises:
            BaselineError: they offer different capsets.
        """
        if self.capset_id != other.capset_id:
            raise BaselineError(f"some hosts offer capset {self.capset_id}, and others capset {other.capset_id}")
        plan = self.plan
        return Meet(
            self.capset_id,
            max(self.size, other.size),
            self.whole if self.whole == other.whole else None,
            self.sent.both(other.sent, plan),
            tuple([a.both(b, plan) for a, b in zip(self.seen, other.seen, strict=True)]),
        )

    def excess(self, other: Meet) -> Iterator[Excess]:
        """Where it promises more than another."""
        plan = self.plan
        for found in plan.excess(self.sent, other.sent):
            if not self.seen or found[0] in plan.unsaid:
                yield Excess("", *found)
        for mesa, mine, theirs in zip(MESAS, self.seen, other.seen, strict=False):
            yield from (Excess(mesa.name, *found) for found in plan.excess(mine, theirs, DERIVED))

    def caps(self) -> Struct:
        """The largest capset found that promises no guest more than all of the hosts do.

        It ends at a size step, unless it is what all of them sent, byte for byte.

        Raises:
            BaselineError: there is none.
        """
        caps, _, over = encoded(self)
        if over is not None:
            raise refusal(over, caps.pack())
        return caps

    def __repr__(self) -> str:
        return f"<what hosts of capset {self.capset_id} promise together, in {self.size} bytes>"


def encoded(meet: Meet) -> tuple[Struct, Meet, Excess | None]:
    """The capset, what it promises, and where that is still too much."""
    cls = find(meet.capset_id).cls
    if meet.whole is not None:
        return cls.unpack(meet.whole), meet, None
    made = _read_as(meet.capset_id).zeros()
    for path, value in zip(meet.plan.others, meet.sent.others, strict=True):
        if value == CONFLICT:
            return made, meet, Excess("", path, None, None)
    meet.plan.write(meet.sent, made)
    if meet.capset_id == 4 and not made["vk_extension_mask1[0]"] & 1:
        made["vk_extension_mask1"] = [0] * 32
    for path in MASKS if meet.seen else ():
        if not any(made[path]):  # which guests take for all that can be sampled
            made[f"{path}[0]"] = 1  # VIRGL_FORMAT_NONE is no format
    size = min(step for step in cls.size_steps if step >= meet.size)
    tried: set[str] = set()
    while True:
        data = made.pack()[:size]
        promised = _of(data, meet.capset_id)
        for over in promised.excess(meet):
            if over.field not in tried and repair(made, over.field, over.has):
                tried.add(over.field)
                break
        else:
            return cls.unpack(data), promised, next(promised.excess(meet), None)


def refusal(over: Excess, data: bytes, more: str = "") -> BaselineError:
    """No capset serves all hosts, and why.

    Args:
        over: what guests would take.
        data: the capset of which they would.
        more: which hosts are at odds.
    """
    if over.mesa:
        rule = _rule(over, data)
        why = f". {rule}" if rule else ""
        text = f"{over.field}: Mesa {over.mesa} would take {over.promised!r} where a host has {over.has!r}{why}"
    else:
        text = f"{over.field}: hosts differ, and nobody has said which value promises less"
    error = BaselineError(f"no capset serves all hosts: {text}{more}")
    error.field = over.field
    return error


def _rule(over: Excess, data: bytes) -> str:
    """Why the driver takes it so."""
    view = guest_view(data, None, 2, mesa=over.mesa)
    for path in (over.field, over.field.partition("[")[0], over.field.rpartition(".")[0]):
        if found := view.derived.get(path) or view.get(path):
            return found.reason
    return ""


def _of(data: bytes, number: int) -> Meet:
    full, known = as_read(data, number), data[: find(number).cls.size]
    mesas = tuple([seen(known, mesa) for mesa in MESAS]) if number in VIRGL else ()
    return Meet(number, len(known), data, PLANS[full.layout].read(full), mesas)


def as_read(data: bytes, number: int) -> Struct:
    """A capset as guests read it: of the newest layout, with their defaults for what did not arrive."""
    full = _read_as(number).guest_defaults()
    min_copy(full, data[: find(number).cls.size])
    return told(full)


def _read_as(number: int) -> type[Struct]:
    """The class of the struct that guests read."""
    return find(2 if number in VIRGL else number).cls
