"""What a fleet can serve: whatever its hosts sent, no more than each of them."""

from __future__ import annotations

import random
import re

from capcodec import VirglCapsV2, captures
from capcodec.fleet import Meet, baseline, fits
from capcodec.fleet.saved_meet import of_text, text_of
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


def meets() -> list[bytes]:
    """The promises of two hosts, which are large: what is read is where they are changed."""
    return [bytes((number, *b"0123456789"[: number % 11])) for number in range(40)]


TEXTS = {}
for number in (1, 2, 4):
    first, *_, last = (captures.load(name) for name in captures.names(number))
    TEXTS[number] = text_of(Meet.of(first, number) & Meet.of(last + b"\0", number))
VALUES = (
    " 7",
    "null",
    "true",
    "-1",
    "4294967296",
    "1.5",
    "NaN",
    "Infinity",
    "[]",
    "[1]",
    "{}",
    '""',
    '"a"',
    "7",
    "1" * 5000,
)


@target(
    "capcodec/fleet/saved_meet.py",
    plant=("capcodec/fleet/saved_meet.py", "if text_of(found) != text:", "if False:"),
    seeds=meets,
    longest=200,
)
def saved_meet(data: bytes) -> None:
    """A text of promises with values in the place of others. What is taken is one of ours, and makes a capset."""
    choices = Choices(data)
    capset_id = choices.pick((1, 2, 2, 4))
    text = TEXTS[capset_id]
    for _ in range(1 + choices.below(3)):
        places = [match.span(1) for match in re.finditer(r":([^:,{}\[\]]+)", text)]
        start, end = choices.pick(places) if places and choices.below(4) else (choices.number(2) % len(text),) * 2
        value = choices.take(choices.below(9)).decode("latin-1") if choices.flag() else choices.pick(VALUES)
        text = text[:start] + value + text[end:]
    size = choices.number(2) % 1500
    with refusing():
        found = of_text(text, capset_id, size)
        assert text_of(found) == text
        assert found & found == found
        caps, over = found.encoded()
        assert over or caps.capset_id == capset_id or capset_id == 1


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
