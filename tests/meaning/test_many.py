"""Many records at once: every answer is that of the record alone."""

from __future__ import annotations

import random

import pytest

import capcodec
from capcodec import (
    ArgumentError,
    Batch,
    BufferAccessError,
    VirglCapsV1,
    VirglCapsV2,
    VirglRendererCapsetVenus,
    captures,
    diff,
    gl,
    guest_view,
    identify,
    lint,
)
from capcodec.meaning import many

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
STRIDE = 1440
QUESTIONS = {
    "identify": identify,
    "lint": lint,
    "guest_view": lambda blob: guest_view(blob, coherent=False, mesa="25.0"),
    "gl": lambda blob: gl(blob, mesa="22.3", coherent=False),
    "diff with one": lambda blob: diff(blob, NEWEST),
    "diff of one": lambda blob: diff(NEWEST, blob),
}


def plain(answer: object) -> object:
    """What can be compared; a view cannot."""
    if not isinstance(answer, capcodec.meaning.guest_view.GuestView):
        return answer
    return [(path, repr(seen)) for path, seen in answer.items()], repr(answer.derived), answer.used(), answer.copied


def edited(choose: random.Random) -> bytes:
    """A capture, changed in a few places, cut or lengthened."""
    data = bytearray(captures.load(choose.choice(captures.names(2))))
    for _ in range(choose.choice([0, 0, 1, 5])):
        data[choose.randrange(len(data))] = choose.randrange(256)
    return bytes(choose.choice([data, data[: choose.randrange(len(data))], data + choose.randbytes(9)]))


def fleet(seed: int) -> Batch[VirglCapsV2]:
    choose = random.Random(seed)
    different = [edited(choose) for _ in range(12)]
    records = [choose.choice(different) for _ in range(40)]
    buffer = bytearray(b"".join(record.ljust(STRIDE, b"\xee") for record in records))
    return Batch(VirglCapsV2, buffer, STRIDE, [len(record) for record in records])


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("seed", range(4))
def test_each_answer_is_that_of_the_record(question, seed):
    batch, ask = fleet(seed), QUESTIONS[question]
    found = ask(batch)
    assert type(found) is capcodec.Answers
    assert len(found) == len(batch) == 40
    assert len(found.answers) == len({record.pack() for record in batch})
    assert [plain(answer) for answer in found] == [plain(ask(record)) for record in batch]
    assert [plain(found[i]) for i in range(-40, 40)] == [plain(found.answers[i]) for i in found.indices] * 2


@pytest.mark.parametrize("seed", range(4))
def test_two_batches_are_compared_record_by_record(seed):
    one, two = fleet(seed), fleet(seed + 4)
    assert list(diff(one, two)) == [diff(a, b) for a, b in zip(one, two, strict=True)]
    assert set(diff(one, one)) == {()}
    with pytest.raises(ArgumentError, match="batches of 40 and of 39 records cannot be compared"):
        diff(one, two[1:])


def test_answers_are_a_sequence():
    batch = Batch(VirglCapsV2, (NEWEST + bytes(1408)) * 3, 1408)
    found = lint(batch)
    assert (list(found.indices), len(found.answers)) == ([0, 1] * 3, 2)
    assert list(found[1::2]) == [found[1]] * 3
    assert found[::-1][0] is found[1] is found[-1]
    assert found.index(found[1]) == 1
    assert memoryview(found.indices).format == "I"
    assert repr(found) == "<2 answers about 6 records>"
    with pytest.raises(IndexError):
        found[6]


def test_answers_are_of_the_bytes_that_were_there():
    buffer = bytearray(NEWEST)
    batch = Batch(VirglCapsV2, buffer, 1408)
    (changes,), (view,) = diff(batch, bytes(1408)), guest_view(batch)
    buffer[:] = bytes(1408)
    assert plain(view) == plain(guest_view(NEWEST))
    assert changes == diff(NEWEST, bytes(1408), 2)


def test_options_reach_each_record():
    batch = Batch(VirglCapsV2, NEWEST * 2, 1408)
    assert [verdict.core for verdict in gl(batch, coherent=False)] == [(4, 3)] * 2
    assert guest_view(batch, 380)[1].caps.valid_size == 380
    assert identify(Batch(VirglCapsV1, NEWEST, 1408), 2)[0] == identify(VirglCapsV1.unpack(NEWEST[:308]), 2)


def test_what_is_no_answer():
    venus = Batch(VirglRendererCapsetVenus, bytes(320), 160)
    with pytest.raises(ArgumentError, match="OpenGL needs capset 1 or 2"):
        gl(venus)
    batch = Batch(VirglCapsV2, NEWEST, 1408)
    with pytest.raises(ArgumentError, match="cannot be compared"):
        diff(batch, venus[:1])
    with pytest.raises(BufferAccessError):
        diff(batch, "text")
    with pytest.raises(ArgumentError, match="the rules of Mesa '21' are not known"):
        gl(batch, mesa="21")
    assert [list(ask(batch[:0])) for ask in (identify, lint, gl, guest_view)] == [[]] * 4
    assert list(diff(batch[:0], NEWEST)) == []


def test_only_so_many_records_are_remembered(monkeypatch):
    monkeypatch.setattr(many, "KEPT", 2)
    batch = Batch(VirglCapsV2, b"".join(bytes([number]) + bytes(1407) for number in (1, 2, 1, 3, 1, 1)), 1408)
    found = identify(batch)
    assert list(found.indices) == [0, 1, 0, 2, 3, 3]
    assert list(found) == list(map(identify, batch))
