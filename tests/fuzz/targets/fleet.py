"""What a fleet can serve: whatever its hosts sent, no more than each of them."""

from __future__ import annotations

import random

from capcodec import captures
from capcodec.fleet import Meet, baseline, fits
from choices import Choices

from . import refusing, target

CAPSETS = (1, 2, 2, 2, 4)


def fleets() -> list[bytes]:
    """Two or three hosts each, most of them as they were, some changed."""
    rng = random.Random(5)
    return [bytes((number, number % 3, *rng.randbytes(number % 5 * 12))) for number in range(60)]


@target(
    "capcodec/fleet/baseline.py",
    "capcodec/fleet/encoding.py",
    "capcodec/fleet/meet.py",
    "capcodec/fleet/promises.py",
    plant=("capcodec/fleet/promises.py", "ways.get(name, _DERIVED).both(value, b[name])", "value"),
    seeds=fleets,
    longest=300,
)
def fleet(data: bytes) -> None:
    """Real hosts, cut and changed. In any order they get the same; it is their own if they agree."""
    choices = Choices(data)
    capset_id = choices.pick(CAPSETS)
    hosts = [changed(choices, capset_id) for _ in range(2 + choices.below(2))]
    with refusing():
        found = baseline(hosts, capset_id)
        assert not fits(found.caps, hosts, capset_id)
        assert baseline(hosts[::-1], capset_id).caps == found.caps
        assert repr(found)
        assert all(map(repr, found.losses.values()))
        assert set(sum(found.limits.values(), ())) <= {f"hosts[{number}]" for number in range(len(hosts))}
    same = Meet.of(hosts[0], capset_id)
    assert (same & same) == same


def changed(choices: Choices, capset_id: int) -> bytes:
    host = bytearray(captures.load(choices.pick(captures.names(capset_id))))
    for _ in range(choices.below(8)):
        place = choices.number(2) % len(host)
        host[place] = choices.number() if choices.flag() else host[place] ^ 1 << choices.below(8)
    if choices.below(4) == 3:
        del host[choices.number(2) % len(host) :]
    return bytes(host)
