"""What differs between two capsets."""

from __future__ import annotations

import copy
import pickle
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capcodec import ArgumentError, VirglCapsV1, VirglCapsV2, VirglRendererCapsetDrm, captures, define, diff
from capcodec.registry import CAPSETS
from capcodec.schema import struct as struct_of
from capcodec.schema import u8, u16, u32, u64

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")


def edited(data: bytes, *words: tuple[int, int]) -> bytes:
    made = bytearray(data)
    for offset, value in words:
        struct.pack_into("<I", made, offset, value)
    return bytes(made)


def changed(a, b, **options) -> dict:
    return {change.path: change for change in diff(a, b, **options)}


@pytest.mark.parametrize("name", captures.names())
def test_nothing_differs_from_itself(name):
    data = captures.load(name)
    assert diff(data, bytearray(data), int(name.split("capset")[1][0])) == ()


def test_values():
    found = changed(NEWEST, edited(NEWEST, (284, 8), (832 + 8, 7)))
    assert found.keys() == {"v1.max_samples", "max_const_buffer_size"}
    samples = found["v1.max_samples"]
    assert (samples.before, samples.after, samples.added, samples.removed) == (4, 8, (), ())
    assert str(samples) == "v1.max_samples: 4 -> 8"
    assert found["max_const_buffer_size"].after[2] == 7
    assert samples.as_dict() == {"path": "v1.max_samples", "before": 4, "after": 8, "added": [], "removed": []}


def test_sets_of_formats_and_flags():
    sampler = struct.unpack_from("<I", NEWEST, 4)[0]
    bits, bset = struct.unpack_from("<I", NEWEST, 392)[0], struct.unpack_from("<I", NEWEST, 260)[0]
    other = edited(NEWEST, (4, sampler ^ 2 ^ 1 << 31), (392, bits ^ 1 << 3 ^ 1 << 19), (260, bset ^ 1 << 23))
    found = changed(NEWEST, other)
    assert found.keys() == {"v1.sampler.bitmask", "capability_bits", "v1.bset"}
    for path, toggled in (
        ("v1.sampler.bitmask", {"B8G8R8A8_UNORM", "R32G32B32A32_FLOAT"}),
        ("capability_bits", {"COPY_IMAGE", "HOST_IS_GLES"}),
        ("v1.bset", {"has_fp64"}),
    ):
        assert {*found[path].added, *found[path].removed} == toggled
    assert found["v1.bset"].removed == ("has_fp64",)
    assert str(found["v1.bset"]) == "v1.bset: -has_fp64"
    assert str(found["capability_bits"]) == "capability_bits: +HOST_IS_GLES -COPY_IMAGE"
    back = changed(other, NEWEST)
    assert all((back[path].added, back[path].removed) == (found[path].removed, found[path].added) for path in found)


def test_a_format_is_named_by_its_own_release():
    """Number 166 was NV12 until 1.1, and has another name since 1.2."""
    old = captures.load("virglrenderer-1.0.1-llvmpipe-gl.capset2.bin")
    word = struct.unpack_from("<I", old, 4 + 4 * 5)[0]
    (change,) = diff(old, edited(old, (4 + 4 * 5, word ^ 1 << 6)))
    assert {*change.added, *change.removed} == {"NV12"}


def test_what_is_absent():
    old = captures.load("virglrenderer-0.10.4-llvmpipe-gl.capset2.bin")
    found = changed(old, NEWEST)
    outputs = int.from_bytes(NEWEST[1376:1380], "little")
    assert (found["max_tcs_outputs"].before, found["max_tcs_outputs"].after) == (None, outputs)
    assert str(found["max_tcs_outputs"]) == f"max_tcs_outputs: absent -> {outputs}"
    assert (found["_valid_size"].before, found["_valid_size"].after) == (1376, 1408)
    assert str(changed(NEWEST, old)["max_tcs_outputs"]) == f"max_tcs_outputs: {outputs} -> absent"


def test_tails_and_nan_payloads(newest):
    assert str(changed(newest + b"ab", newest + b"b")["_tail"]) == "_tail: 'ab' -> 'b'"
    one, two = edited(NEWEST, (308, 0x7FC00000)), edited(NEWEST, (308, 0x7FC00001))
    assert changed(one, two).keys() == {"min_aliased_point_size"}
    assert diff(one, one) == ()


def test_what_is_kept_is_what_was_compared():
    """Values are decoded when somebody looks; writing to a view later does not change them, nor do copies."""
    buffer = bytearray(NEWEST)
    (change,) = diff(VirglCapsV2.view(buffer), edited(NEWEST, (4, 5)))
    (same,) = diff(NEWEST, edited(NEWEST, (4, 5)))
    buffer[:] = bytes(len(buffer))
    assert pickle.loads(pickle.dumps(change)).removed
    change.before[0] = 0
    assert (change.added, change.removed, change.after) == (same.added, same.removed, same.after)
    assert change != same
    assert copy.deepcopy(same) == same
    with pytest.raises(AttributeError, match="nothing"):
        _ = change.nothing


def test_fields_that_share_a_word():
    schema = struct_of("shared", u64("a:36"), u64("b:28"), u8("c"), u8("d"), u16("e"))
    cls = define(schema)
    zeros = bytes(cls.size)
    for at, path in ((0, "a"), (5, "b"), (7, "b"), (8, "c"), (9, "d"), (11, "e")):
        assert [
            change.path for change in diff(cls.unpack(zeros), cls.unpack(zeros[:at] + b"\x80" + zeros[at + 1 :]))
        ] == [path]
    both = zeros[:4] + b"\x18" + zeros[5:]
    assert [change.path for change in diff(cls.unpack(zeros), cls.unpack(both))] == ["a", "b"]


def test_padding_that_shares_a_word_with_a_field():
    cls = define(struct_of("padded", u8("a"), u32("b"), u8("c[5]")))
    zeros = bytes(cls.size)
    for at, path in enumerate(["a", *["_padding"] * 3, *["b"] * 4, *["c"] * 5, *["_padding"] * 3]):
        other = zeros[:at] + b"\1" + zeros[at + 1 :]
        assert [change.path for change in diff(cls.unpack(zeros), cls.unpack(other))] == [path], at


def test_unions():
    head = struct.pack("<6I", 2, 1, 12, 0, 1, 0)
    one = head + bytes(136)
    assert changed(one, edited(one, (24 + 24, 630)), capset_id=6).keys() == {"u.msm.gpu_id"}
    assert changed(one, edited(one, (24 + 100, 1)), capset_id=6).keys() == {"_padding"}
    kinds = changed(one, edited(one, (16, 3), (24, 9)), capset_id=6)
    assert {"context_type", "u.intel.pci_bus", "u.msm.has_cached_coherent"} <= kinds.keys()
    unknown = edited(one, (16, 9))
    assert changed(unknown, edited(unknown, (40, 1)), capset_id=6).keys() == {"u"}


def test_what_cannot_be_compared():
    with pytest.raises(ArgumentError, match="a virgl_caps_v1 and a virgl_caps_v2 cannot be compared"):
        diff(NEWEST[:308], NEWEST)
    assert diff(VirglCapsV1.unpack(NEWEST), NEWEST[:308])[-1].path == "_tail"


def test_a_variant_and_the_layout_itself():
    data = captures.load("virglrenderer-0.9.0-llvmpipe-gl.capset2.bin")
    found = changed(VirglCapsV2.variants["0.9.0"].unpack(data), VirglCapsV2.unpack(data))
    assert found["capability_bits_v2"].before == found["max_video_memory"].after == 0x13


@given(st.sampled_from(list(CAPSETS.values())), st.data())
def test_every_byte_counts(capset, data):
    """One byte changed is a change, and the only one."""
    size = capset.cls.size
    before = bytearray(data.draw(st.binary(min_size=size, max_size=size + 4)))
    at = data.draw(st.integers(0, len(before) - 1))
    after = bytearray(before)
    after[at] ^= data.draw(st.integers(1, 255))
    found = diff(before, after, capset.capset_id)
    selects = capset.cls is VirglRendererCapsetDrm and 16 <= at < 20
    # Neighbouring bits are fields of their own
    assert 1 <= len(found) <= (80 if selects else 8)
    assert all(str(change) and change.as_dict() for change in found)


def units_by_gcc(history: list[dict]) -> list[tuple[str, int, int]]:
    """Path, first bit and end of everything that is compared in capset 2, from gcc's offsets."""
    structs = history[-1]["structs"]

    def fields(name: str, within: str, start: int):
        found = structs[name]
        starts = [field.get("bit_offset", 8 * field.get("offset", 0)) for field in found["fields"]]
        for field, first, end in zip(found["fields"], starts, [*starts[1:], 8 * found["size"]], strict=True):
            path, kind = within + field["name"], field["type"].partition(" ")[2]
            count = (end - first) // (8 * structs[kind.partition("[")[0].strip()]["size"]) if "virgl" in kind else 1
            inner = kind.partition("[")[0].strip()
            if inner not in structs or inner == "virgl_caps_bool_set1":
                yield path, start + first, start + (first + field["bit_size"] if "bit_size" in field else end)
                continue
            for index in range(count):
                element = f"{path}[{index}]" if count > 1 else path
                yield from fields(inner, f"{element}.", start + first + index * 8 * structs[inner]["size"])

    return list(fields("virgl_caps_v2", "", 0))


@given(data=st.data())
def test_against_a_comparison_by_gcc_s_offsets(history, data):
    """Bits are compared one field after the other, knowing nothing but what the compiler said of the header."""
    units = units_by_gcc(history)
    size = units[-1][2] // 8
    real = captures.names(2)
    one, two = (bytearray(captures.load(data.draw(st.sampled_from(real))).ljust(size, b"\0")[:size]) for _ in range(2))
    for _ in range(data.draw(st.integers(0, 20))):
        two[data.draw(st.integers(0, size - 1))] = data.draw(st.integers(0, 255))
    numbers = [int.from_bytes(side, "little") for side in (one, two)]
    differ = numbers[0] ^ numbers[1]
    expected = [path for path, first, end in units if differ >> first & (1 << end - first) - 1]
    assert [change.path for change in diff(VirglCapsV2.unpack(one), VirglCapsV2.unpack(two))] == expected
