"""What a fleet can serve: whatever its hosts sent, no more than each of them."""

from __future__ import annotations

import random

from capcodec import VirglCapsV2, captures
from capcodec.fleet import Meet, baseline, fits
from choices import Choices

from . import refusing, target

CAPSETS = (1, 2, 2, 2, 4)
COUNT, VIDEO, WIDTH = (VirglCapsV2.fields[path] for path in ("num_video_caps", "video_caps", "min_smooth_line_width"))


def fleets() -> list[bytes]:
    """Two or three hosts each, most of them as they were, some changed."""
    rng = random.Random(5)
    return [bytes((number, number % 3, *rng.randbytes(number % 5 * 40))) for number in range(60)]


@target(
    "capcodec/fleet/baseline.py",
    "capcodec/fleet/encoding.py",
    "capcodec/fleet/meet.py",
    "capcodec/fleet/promises.py",
    plant=("capcodec/fleet/promises.py", "reduce(ways.get(name, _DERIVED).both, values)", "first"),
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
        named = baseline(dict(zip("abc", hosts, strict=False)), capset_id)
        assert [named.loses(name) for name in "abc"[: len(hosts)]] == [*found.losses.values()]
        assert set(sum(found.limits.values(), ())) <= {f"hosts[{number}]" for number in range(len(hosts))}
        assert not choices.flag() or named.loses("d")
        assert (Meet.of(hosts[0], capset_id) & Meet.of(hosts[1], capset_id)).caps().capset_id in (capset_id, 2)
    same = Meet.of(hosts[0], capset_id)
    assert (same & same) == same
    assert repr(same)
    with refusing():
        baseline([hosts[0], captures.load(captures.names(choices.pick(CAPSETS))[0])])


def changed(choices: Choices, capset_id: int) -> bytes:
    host = bytearray(captures.load(choices.pick(captures.names(capset_id))))
    for _ in range(choices.below(8)):
        place = choices.number(2) % len(host)
        host[place] = choices.number() if choices.flag() else host[place] ^ 1 << choices.below(8)
    end = VIDEO.offset + 2 * VIDEO.size // VIDEO.dims[0]
    if choices.flag() and len(host) >= end:
        host[COUNT.offset : COUNT.end] = choices.below(40).to_bytes(4, "little")
        host[VIDEO.offset : end] = choices.take(end - VIDEO.offset).ljust(end - VIDEO.offset, b"\1")
        host[WIDTH.offset : WIDTH.end] = choices.pick([b"\0\0\xc0\x7f", b"\0\0\x80\x3f"])  # not a number, and 1
    if choices.below(4) == 3:
        del host[choices.number(2) % len(host) :]
    return bytes(host)
