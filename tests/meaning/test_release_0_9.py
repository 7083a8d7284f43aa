"""The two words that release 0.9.0 swapped: which order the words of a capset have."""

from __future__ import annotations

import pytest

from capcodec import VirglCapsV2, captures, identify
from capcodec.meaning import release_0_9
from capcodec.meaning.releases import in_release
from edited import edited


@pytest.mark.parametrize("driver", ["llvmpipe-gl", "softpipe-gles"])
def test_the_two_of_696_bytes(driver):
    swapped = identify(captures.load(f"virglrenderer-0.9.0-{driver}.capset2.bin"))
    straight = identify(captures.load(f"virglrenderer-0.9.1-{driver}.capset2.bin"))
    for found in (swapped, straight):
        assert found.releases == ("0.9.0", "0.9.1")
        assert found.ambiguous
        assert "words at 688 and 692" in found.reason
    assert (swapped.likeliest, straight.likeliest) == ("0.9.0", "0.9.1")
    broken = VirglCapsV2.variants["0.9.0"]
    assert swapped.decodings == (broken, VirglCapsV2)
    assert straight.decodings == (VirglCapsV2, broken)
    blobs = [captures.load(f"virglrenderer-{release}-{driver}.capset2.bin") for release in ("0.9.0", "0.9.1")]
    bits = [
        found.decodings[0].unpack(blob).capability_bits_v2
        for found, blob in zip((swapped, straight), blobs, strict=True)
    ]
    assert bits[0] == bits[1] != 0


@pytest.mark.parametrize(
    ("first", "second", "likeliest"),
    [
        (0x13, 0, "0.9.1"),
        (0, 0x13, "0.9.0"),
        (0x17, 512, "0.9.1"),
        (512, 0x17, "0.9.0"),
        (0, 0, None),
        (0x17, 0x14, None),  # few megabytes, or bits: who knows
        (0x1000, 0x1000, None),
    ],
)
def test_which_word_is_which(first, second, likeliest):
    data = captures.load("virglrenderer-0.9.1-llvmpipe-gl.capset2.bin")
    found = identify(edited(data, (688, first), (692, second)))
    assert found.ambiguous
    assert found.likeliest == likeliest
    assert set(found.decodings) == {VirglCapsV2, VirglCapsV2.variants["0.9.0"]}


def test_which_bits_it_had():
    """Release 0.9.1 named six bits: those up to DIFFERENT_GPU."""
    marks = VirglCapsV2.fields["capability_bits_v2"].flag_marks
    assert {bit for bit, mark in marks.items() if in_release(mark.release, release_0_9.REPAIRED)} == set(range(6))
    data = captures.load("virglrenderer-0.9.1-llvmpipe-gl.capset2.bin")
    for bits, makes_sense in ((1 << 5, True), (1 << 6, False)):
        caps = VirglCapsV2.unpack(edited(data, (688, bits), (692, 0)))
        assert (release_0_9.likelier_release(caps)[0] == release_0_9.REPAIRED) == makes_sense


def test_which_capsets_are_of_either():
    for release in ("0.9.0", "0.9.1"):
        data = captures.load(f"virglrenderer-{release}-llvmpipe-gl.capset2.bin")
        assert release_0_9.is_of_either(VirglCapsV2.unpack(data))
        assert release_0_9.is_of_either(VirglCapsV2.variants["0.9.0"].unpack(data))
        assert release_0_9.has_both_words(VirglCapsV2.unpack(data))
        assert not release_0_9.has_both_words(VirglCapsV2.unpack(data[:-1]))
        for other in (data[:-1], data + bytes(4), edited(data, (556, 3)), data[:550]):
            assert not release_0_9.is_of_either(VirglCapsV2.unpack(other))
