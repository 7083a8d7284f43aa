"""Meets as text: what comes back is equal, and what was not saved by us is refused."""

from __future__ import annotations

import json
import random
from functools import reduce
from operator import and_

import pytest

from capcodec import ArgumentError, VirglCapsV2, capset_for, captures
from capcodec.fleet import Meet
from capcodec.fleet.saved_meet import of_text, text_of
from fleets import fleet


def a_meet(seed: int, capset_id: int = 2) -> Meet:
    if capset_id != 2:
        hosts = [captures.load(name) for name in captures.names(capset_id)]
        return reduce(and_, [Meet.of(host, capset_id) for host in (*hosts, hosts[0] + b"tail")])
    hosts = fleet(random.Random(seed))
    return reduce(and_, [Meet.of(host, 2) for host in (*hosts, hosts[0] + b"tail")])


@pytest.mark.parametrize("seed", range(60))
def test_what_comes_back_is_equal(seed):
    meet = a_meet(seed)
    back = of_text(text_of(meet), 2, meet.size)
    assert back == meet
    assert text_of(back) == text_of(meet)
    assert back.encoded() == meet.encoded()


@pytest.mark.parametrize("capset_id", [1, 4])
def test_other_capsets(capset_id):
    meet = a_meet(0, capset_id)
    assert of_text(text_of(meet), capset_id, meet.size) == meet


def test_where_nobody_has_said_which_is_less():
    size = capset_for(6).size
    meet = Meet.of(bytes(size), 6) & Meet.of(b"\1" * size, 6)
    assert "null" in text_of(meet)
    assert of_text(text_of(meet), 6, meet.size) == meet


def test_equal_ones_are_equal_texts():
    """Zeros have signs, and video capabilities an order."""
    hosts = []
    for zero in (0.0, -0.0):
        caps = VirglCapsV2.unpack(captures.load(captures.names(2)[-1]))
        caps.max_smooth_line_width, caps.num_video_caps = zero, 2
        for index, profile in enumerate((1, 2) if zero else (2, 1)):
            caps.video_caps[index].profile = profile
        hosts.append(Meet.of(caps))
    hosts[1] = hosts[1]._replace(whole=None)
    assert text_of(hosts[0]) == text_of(hosts[1])


def edited(change) -> str:
    sent, seen = json.loads(text_of(a_meet(3)))
    return json.dumps([change(sent, seen) or sent, seen], sort_keys=True, separators=(",", ":"))


MESA = "26"
WRONG = {
    "no text": "",
    "a number": "7",
    "too deep": "[" * 100_000,
    "too many digits": "1" * 10_000,
    "one part": "[{}]",
    "no object": '[{},"abc"]',
    "lists": "[[],[]]",
    "another guest": edited(lambda sent, seen: seen.update({"99": seen[MESA]})),
    "a guest less": edited(lambda sent, seen: seen.pop(MESA) and None),
    "another name": edited(lambda sent, seen: sent.update(new=1)),
    "a name less": edited(lambda sent, seen: sent.pop("renderer") and None),
    "another type": edited(lambda sent, seen: sent.update(max_viewports="7")),
    "a list": edited(lambda sent, seen: sent.update({"v1.max_viewports": [1]})),
    "null": edited(lambda sent, seen: sent.update({"v1.max_viewports": None})),
    "true": edited(lambda sent, seen: sent.update({"v1.max_viewports": True})),
    "a part": edited(lambda sent, seen: sent.update({"v1.max_viewports": 1.5})),
    "too large": edited(lambda sent, seen: sent.update({"v1.max_viewports": 1 << 32})),
    "too small": edited(lambda sent, seen: sent.update({"v1.max_viewports": -1})),
    "a bit too many": edited(lambda sent, seen: sent.update({"v1.prim_mask": 1 << 40})),
    "too long": edited(lambda sent, seen: sent.update(renderer="a" * 65)),
    "no bytes": edited(lambda sent, seen: sent.update(renderer="\u20ac")),
    "no number": edited(lambda sent, seen: sent.update(max_smooth_line_width=float("nan"))),
    "a short list": edited(lambda sent, seen: sent.update(sample_locations=[1])),
    "lists in a list": edited(lambda sent, seen: sent.update(sample_locations=[[1]] * 8)),
    "a requirement too many": edited(lambda sent, seen: seen[MESA].update(OpenGL=1 << 999)),
    "a rule's negative": edited(lambda sent, seen: seen[MESA].update(max_vertex_streams=-1)),
    "a rule's text": edited(lambda sent, seen: seen[MESA].update(max_vertex_streams="1")),
    "video of no key": edited(lambda sent, seen: sent.update(video_caps=[[{}]])),
    "video of no numbers": edited(lambda sent, seen: sent.update(video_caps=[[1, 2, "3", {}]])),
    "no video": edited(lambda sent, seen: sent.update(video_caps=7)),
    "another spelling": text_of(a_meet(3)) + " ",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_what_was_not_saved_by_us(text):
    with pytest.raises(ArgumentError, match="no meet of capset 2: ") as caught:
        of_text(text, 2, 1408)
    assert len(str(caught.value)) < 300


def test_sizes_and_capsets():
    text = text_of(a_meet(3))
    for size in (-1, 1409, 1 << 40):
        with pytest.raises(ArgumentError, match=f"no meet of capset 2 is of {size} bytes"):
            of_text(text, 2, size)
    with pytest.raises(ArgumentError, match="no capset 77 is known"):
        of_text(text, 77, 1)
    with pytest.raises(ArgumentError, match="no meet of capset 4"):
        of_text(text, 4, 1)
