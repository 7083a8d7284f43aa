"""The largest capset that every host of a fleet can serve, what each host loses by it, and who limits it."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import NamedTuple

from ..errors import ArgumentError, BaselineError
from ..meaning.diff import diff
from ..meaning.mesa import MESAS
from .meet import Excess, Meet, as_read, encoded, refusal
from .promises import VIDEO, used

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, TypeAlias

    from ..meaning.diff import Change
    from ..structs._classes import Struct

    _Hosts: TypeAlias = Mapping[str, Any] | Iterable[Any]

GLES = "capability_bits.HOST_IS_GLES"


class Baseline(NamedTuple):
    """What every host of a fleet can serve.

    Attributes:
        caps: the capset.
        losses: by host, what the newest Mesa known makes less of than of what the host itself sends.
        limits: by path of each of these fields, the hosts that have no more.
    """

    caps: Struct
    losses: Mapping[str, tuple[Change, ...]]
    limits: Mapping[str, tuple[str, ...]]

    def loses(self, host: str) -> tuple[Change, ...]:
        """What a host loses.

        Raises:
            ArgumentError: there is none of that name.
        """
        if host not in self.losses:
            raise ArgumentError(f"no host {host!r}; there are {', '.join(self.losses)}")
        return self.losses[host]

    def __repr__(self) -> str:
        return f"<baseline of {len(self.losses)} hosts, which limit {len(self.limits)} fields: {self.caps!r}>"


class Broken(NamedTuple):
    """A promise that a host cannot keep.

    Attributes:
        host: its name.
        mesa, field, promised, has: as of :class:`Excess`.
    """

    host: str
    mesa: str
    field: str
    promised: Any
    has: Any


def baseline(hosts: _Hosts, capset_id: int | str | None = None) -> Baseline:
    """The largest capset that every host of a fleet can serve.

    No Mesa that is known takes more from it than from each of the hosts. The order of the hosts does not matter.

    Args:
        hosts: bytes as hosts sent them, or instances, by name; or without names, which are then ``hosts[0]`` and so on.
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
    first, one = next(iter(meets.items()))
    for name, other in meets.items():
        if other.capset_id != one.capset_id:
            raise BaselineError(f"{first} offers capset {one.capset_id}, and {name} capset {other.capset_id}")
    caps, promised, over = encoded(reduce(and_, meets.values()))
    if over is not None:
        raise refusal(over, caps.pack(), _at_odds(meets, promised, over))
    return Baseline(caps, *_losses(meets, promised))


def fits(capset: Any, hosts: _Hosts, capset_id: int | str | None = None) -> list[Broken]:
    """The promises of a capset that hosts cannot keep; none if every host can serve it.

    Args:
        capset: bytes, or an instance.
        hosts: as of :func:`baseline`.
        capset_id: as of :func:`baseline`.

    Raises:
        ArgumentError, BaselineError, BufferAccessError: as of :func:`baseline`.
    """
    one = Meet.of(capset, capset_id)
    found = []
    for name, host in _meets(hosts, capset_id).items():
        if host.capset_id != one.capset_id:
            raise BaselineError(f"{name} offers capset {host.capset_id}, and this is capset {one.capset_id}")
        found += [Broken(name, *over) for over in one.excess(host)]
    return found


def _meets(hosts: _Hosts, capset_id: int | str | None) -> dict[str, Meet]:
    items = getattr(hosts, "items", None)
    named = items() if items else [(f"hosts[{index}]", host) for index, host in enumerate(hosts)]
    return {name: Meet.of(host, capset_id) for name, host in named}


def _version(meet: Meet) -> int:
    found: int = as_read(meet.whole or b"", meet.capset_id)["host_feature_check_version"]
    return found


def _least_told(meets: Mapping[str, Meet]) -> list[str]:
    """The hosts of which guests assume most, since they tell least."""
    versions = {name: _version(meet) for name, meet in meets.items()}
    return [name for name, version in versions.items() if version == min(versions.values())]


def _at_odds(meets: Mapping[str, Meet], promised: Meet, over: Excess) -> str:
    """Which host makes guests assume what another has not."""
    if not over.mesa:
        place = promised.plan.others.index(over.field)
        names = list({str(meet.sent.others[place]): name for name, meet in meets.items()}.values())
        return f": {names[0]} and {names[1]}"
    lacking = [name for name, meet in meets.items() if any(each[:2] == over[:2] for each in promised.excess(meet))]
    gles = [name for name, meet in meets.items() if as_read(meet.whole or b"", 2)[GLES]]
    forcing = gles if over.field.endswith("has_fp64") else _least_told(meets)
    return f": {forcing[0]} forces that, and {lacking[0]} does not have it"


def _losses(
    meets: Mapping[str, Meet], promised: Meet
) -> tuple[dict[str, tuple[Change, ...]], dict[str, tuple[str, ...]]]:
    """What each host loses, and who limits it."""

    def read(meet: Meet) -> tuple[Struct, int]:
        data = meet.whole or b""
        if not meet.seen:
            return as_read(data, meet.capset_id), meet.sent.bits
        return used(data[: meet.size], MESAS[-1]), meet.seen[-1].bits

    left, has = read(promised)
    own = {name: read(meet) for name, meet in meets.items()}
    losses = {name: diff(caps, left) for name, (caps, _) in own.items()}
    plan, limits = promised.plan, {}
    for path, change in {change.path: change for changes in losses.values() for change in changes}.items():
        field = change.field
        bits = 0 if field is None else plan.common & (1 << 8 * field.end) - (1 << 8 * field.offset)
        if bits:  # a host limits what it does not have of all that is lost
            gone = bits & ~has & reduce(or_, [bits for _, bits in own.values()])
            names = [name for name, (_, bits) in own.items() if gone & ~bits]
        else:
            names = [name for name in own if all(change.path != path for change in losses[name])]
        # Nobody has as little: what lies between them all, or what was lowered for those of which guests assume most
        between = path in plan.others or path.startswith(VIDEO) or not promised.seen
        limits[path] = tuple(names or (own if between else _least_told(meets)))
    return losses, limits
