"""Results compare by what they say."""

from __future__ import annotations

import struct

from capcodec import VirglCapsV2, captures, diff, identify, lint
from capcodec.sources import Answer


def test_two_answers_to_one_question_are_equal(newest):
    other = captures.load("virglrenderer-0.7.0-softpipe-gles.capset2.bin")
    for ask in (identify, lint, lambda blob: diff(blob, newest)):
        assert ask(other) == ask(bytes(other))
        assert hash(ask(other)) == hash(ask(bytes(other)))
    assert identify(other) != identify(newest)
    assert len({*diff(other, newest), *diff(other, newest)}) == len(diff(other, newest)) > 10
    assert {*diff(other, newest)} != {*diff(newest, other)}


def test_changes_to_nans_of_other_bits_differ():
    def changed(bits: int):
        caps = VirglCapsV2.zeros()
        field = VirglCapsV2.fields["max_anisotropy"]
        memoryview(caps)[field.offset : field.end] = struct.pack("<I", bits)
        return diff(VirglCapsV2.zeros(), caps)

    assert changed(0x7FC00000) == changed(0x7FC00000)
    assert hash(changed(0x7FC00000)) == hash(changed(0x7FC00000))
    assert changed(0x7FC00000) != changed(0x7FC00001)


def test_results_of_two_kinds_differ():
    answer = Answer(2, 2, b"x", "somebody")
    assert answer == Answer(2, 2, b"x", "somebody")
    assert answer != Answer(2, 2, b"y", "somebody")
    assert answer != (2, 2, b"x", "somebody", ())
