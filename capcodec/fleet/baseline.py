"""The largest capset that every host of a fleet can serve, what each host loses by it, and who limits it."""

from __future__ import annotations

from _collections_abc import Mapping
from functools import reduce
from operator import and_, or_
from typing import NamedTuple

from ..errors import ArgumentError, clipped, shown
from ..meaning.guest_view import guest_view
from .meet import Meet, refusal
from .promises import Excess, excess, struct_of, way

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TypeAlias

    from ..structs._classes import Struct

    _Hosts: TypeAlias = Mapping[str, Any] | Iterable[Any]

VERSION, GLES = "host_feature_check_version", 1 << 19  # HOST_IS_GLES


class Baseline(NamedTuple):
    """What every host of a fleet can serve.

    Attributes:
        caps: the capset.
        losses: by host, where it promises the newest Mesa more than the baseline does.
        limits: by field of these, the hosts that have no more.
    """

    caps: Struct
    losses: Mapping[str, tuple[Excess, ...]]
    limits: Mapping[str, tuple[str, ...]]

    def loses(self, host: str) -> tuple[Excess, ...]:
        """What a host loses: ``promised`` is its own, ``has`` what is left.

        Raises:
            ArgumentError: there is none of that name.
        """
        if host not in [*self.losses]:  # which need not be hashable
            raise ArgumentError(f"no host {clipped(host)}; there are {', '.join(self.losses)}")
        return self.losses[host]

    def __repr__(self) -> str:
        return f"<baseline of {len(self.losses)} hosts, which limit {len(self.limits)} fields: {self.caps!r}>"


def baseline(hosts: _Hosts, capset_id: int | str | None = None) -> Baseline:
    """The largest capset that every host of a fleet can serve.

    No Mesa that is known takes more of it than of each of the hosts. The order of the hosts does not matter.

    Args:
        hosts: bytes as hosts sent them, or instances, by name; without names, these are ``hosts[0]`` and so on.
        capset_id: which capset they are; guessed from the size of each if not given.

    Raises:
        ArgumentError: there are no hosts, or one is no capset, or its size does not tell which.
        BaselineError: no capset serves all of them: they offer different capsets, or guests would assume of one what
            it does not have. The message names the field and the hosts.
        BufferAccessError: one is no contiguous buffer.
    """
    meets = _meets(hosts, capset_id)
    if not meets:
        raise ArgumentError("a baseline needs a host")
    first = next(iter(meets))
    for name, other in meets.items():
        meets[first].check(other, first, name)
    caps, over = reduce(and_, meets.values()).encoded()
    if over:
        raise refusal(over[0], _at_odds(meets, caps, over[0]))
    left = Meet.of(caps)
    mesa = [*left.seen][-1]
    taken = {name: meet.seen[mesa] for name, meet in meets.items()}
    struct = struct_of(left.capset_id)
    losses = {name: tuple(excess(mesa, each, left.seen[mesa], struct)) for name, each in taken.items()}
    limits = {}
    for field in dict.fromkeys(each.field for lost in losses.values() for each in lost):
        own, least = {name: each[field] for name, each in taken.items()}, left.seen[mesa][field]
        if way(struct, field).set:
            gone = reduce(or_, own.values()) & ~least
            names = [name for name, value in own.items() if gone & ~value]
        else:
            names = [name for name, value in own.items() if value == least]
        # Where none has as little, it lies between them, or was lowered for those of which guests assume most
        limits[field] = tuple(names or _least_told(meets))
    return Baseline(caps, losses, limits)


def fits(capset: Any, hosts: _Hosts, capset_id: int | str | None = None) -> dict[str, tuple[Excess, ...]]:
    """By each host that cannot serve a capset, the promises that it cannot keep; empty if every host can.

    Args:
        capset: bytes, or an instance.
        hosts: as of :func:`baseline`.
        capset_id: as of :func:`baseline`.

    Raises:
        ArgumentError, BaselineError, BufferAccessError: as of :func:`baseline`.
    """
    one = Meet.of(capset, capset_id)
    found = {name: tuple(one.excess(host)) for name, host in _meets(hosts, capset_id).items()}
    return {name: over for name, over in found.items() if over}


def _meets(hosts: _Hosts, capset_id: int | str | None) -> dict[str, Meet]:
    if isinstance(hosts, Mapping):
        return {name: Meet.of(host, capset_id) for name, host in hosts.items()}
    try:
        each = list(hosts)
    except TypeError:
        raise ArgumentError(f"expected capsets of hosts, got {shown(hosts)}") from None
    return {f"hosts[{index}]": Meet.of(host, capset_id) for index, host in enumerate(each)}


def _least_told(meets: Mapping[str, Meet]) -> list[str]:
    """The hosts of which guests assume most, since they tell least; all of other capsets."""
    versions = {name: meet.sent.get(VERSION, 0) for name, meet in meets.items()}
    return [name for name, version in versions.items() if version == min(versions.values())]


def _at_odds(meets: Mapping[str, Meet], caps: Struct, over: Excess) -> str:
    """Which host makes guests assume what another has not, and why they do."""
    field = over.field
    if not over.mesa:
        names = list({str(meet.sent[field]): name for name, meet in meets.items()}.values())
        return f": {names[0]} and {names[1]}"
    view = guest_view(caps, None, 2, mesa=over.mesa)
    found = view.derived.get(field) or view.get(field)
    why = f": {found.reason}" if found and found.reason else ""
    left = Meet.of(caps)
    lacking = [name for name, meet in meets.items() if any(each[:2] == over[:2] for each in left.excess(meet))]
    gles = [
        name for name, meet in meets.items() if not meet.sent["capability_bits"] & GLES
    ]  # restrictions are inverted
    forcing = gles if field.endswith("has_fp64") else _least_told(meets)
    return f"{why}: {forcing[0]} forces that, and {lacking[0]} does not have it"
