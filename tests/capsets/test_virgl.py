"""Capsets 1 and 2: layouts against the compiler's word on every revision of virgl_hw.h, defaults against Mesa's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import real_headers
from capcodec import SizeStepError, VirglCapsV1, VirglCapsV2, captures, min_copy
from capcodec.capsets import virgl

TYPES = {"unsigned int": "u32", "int": "s32", "float": "f32", "char": "char"}
BROKEN = {
    "a3a2c64cd662": ("virgl_caps_v1", "before-03e3116a"),
    "cfb0750aa9cb": ("virgl_caps_v2", "before-3222f87b"),
    "8299313e1441": ("virgl_caps_v2", "before-3222f87b"),
    "6b5d7919c58e": ("virgl_caps_v2", "before-3222f87b"),
    "7d4b9f972c5a": ("virgl_caps_v2", "before-3222f87b"),
    "be265410c3d9": ("virgl_caps_v2", "before-3222f87b"),
    "efc093d0ec0b": ("virgl_caps_v2", "before-3222f87b"),
    "7e7a4e72a1fc": ("virgl_caps_v2", "0.9.0"),
    "d755dfa28cb5": ("virgl_caps_v2", "before-328e5f66"),
    "5738cfbe96c8": ("virgl_caps_v2", "before-328e5f66"),
    "c74d58df61f6": ("virgl_caps_v2", "before-328e5f66"),
    "a92fed821f5a": ("virgl_caps_v2", "before-328e5f66"),
    "3c5a9bbb7464": ("virgl_caps_v2", "before-328e5f66"),
    "fddc2e9e119b": ("virgl_caps_v2", "before-328e5f66"),
}
# Other names of max_texture_samplers: in older headers, and in Mesa 22
SAMPLERS = ("max_texture_samplers", "max_texture_image_units", "max_shader_sampler_views")


def layouts(revision: dict):
    """The layouts that agree with one revision: of each capset, the newest or a named variant's."""
    struct, variant = BROKEN.get(revision["commit"], ("", ""))
    for cls, size in ((VirglCapsV1, revision["capset1_size"]), (VirglCapsV2, revision["capset2_size"])):
        if size is not None:
            yield (cls.variants[variant] if cls.name == struct else cls).layout, size


def compiled(revision: dict, struct: str, base: int = 0, prefix: str = ""):
    """Path, type, bit offset, bit size and count of every leaf, as the compiler laid them out."""
    for field in revision["structs"][struct]["fields"]:
        path, count = prefix + field["name"], field.get("count")
        start = base + (field["bit_offset"] if "bit_offset" in field else field["offset"] * 8)
        if field["type"].startswith("struct "):
            inner = field["type"].split()[1]
            for i in range(count or 1):
                at = start + i * revision["structs"][inner]["size"] * 8
                yield from compiled(revision, inner, at, path + (f"[{i}]." if count else "."))
        else:
            yield path, TYPES[field["type"]], start, field.get("bit_size"), count


def ours(layout, size: int, known: set[str]):
    """The same of our layout: fields within `size` that `known` commits had brought by then."""
    for field in layout.leaves():
        if field.end <= size and field.since.commit in known:
            count = field.dims[0] if field.dims else None
            yield field.path, field.type, field.offset * 8 + field.shift, field.bits, count


def newer_than(history) -> tuple[int, ...]:
    """Steps of capset 2 beyond the newest revision that is recorded."""
    recorded = max(revision["capset2_size"] or 0 for revision in history)
    return tuple(size for size in VirglCapsV2.size_steps if size > recorded)


def test_every_revision_agrees_with_a_layout(history):
    assert len(history) == 38
    known = set()
    for revision in history:
        known.add(revision["commit"])
        for layout, size in layouts(revision):
            assert layout.step(size) == size
            # A field of 0.9.1 and later may have a newer commit than the word it stands in for; a variant is asked as
            # it was at its end, since a later commit cannot have changed it.
            commits = known | {step.commit for step in layout.steps} if layout.schema.variant else known
            assert sorted(ours(layout, size, commits)) == sorted(compiled(revision, layout.name)), revision["commit"]


def test_size_steps_are_the_sizes_of_history(history):
    assert VirglCapsV1.size_steps == tuple(sorted({revision["capset1_size"] for revision in history}))
    sizes = {revision["capset2_size"] for revision in history} - {None}
    assert VirglCapsV2.size_steps == (*sorted(sizes), *newer_than(history))


def test_since_is_the_revision_that_brought_the_field(history):
    """Each field's commit and date are those of the first revision that has it where it is today."""
    for cls, size_key in ((VirglCapsV1, "capset1_size"), (VirglCapsV2, "capset2_size")):
        brought = {}
        for revision in history:
            if revision[size_key] is not None:
                for path, type_, start, bits, count in compiled(revision, cls.name):
                    brought.setdefault((path, type_, start, bits, count), revision)
        recorded = max(revision[size_key] or 0 for revision in history)
        for field in cls.layout.leaves():
            if field.end > recorded:
                continue
            key = (field.path, field.type, field.offset * 8 + field.shift, field.bits, (*field.dims, None)[0])
            revision = brought[key]
            if field.path == "max_texture_samplers":  # the word is older than its name
                revision = next(revision for revision in history if revision["commit"] == "d755dfa28cb5")
            assert (field.since.commit, field.since.date) == (revision["commit"], revision["author_date"]), field
            assert field.since.size >= field.end


@pytest.mark.parametrize("cls", [VirglCapsV1, VirglCapsV2])
def test_variants_are_never_guessed(cls):
    for name, variant in cls.variants.items():
        assert variant.variant == name
        assert (variant.__name__, variant.__module__) == (f"{cls.__name__}[{name}]", "capcodec")
        assert variant.variant_of is cls
        assert type(cls.unpack(bytes(variant.size))) is cls
        assert type(variant.unpack(bytes(cls.size))) is variant


@pytest.mark.parametrize("cls", [VirglCapsV1, VirglCapsV2])
@pytest.mark.parametrize("header", real_headers.headers("**/virgl_hw.h"), indirect=True)
def test_a_real_header_lays_out_every_field_as_we_do(header, cls):
    text = header.read_text()
    if f"struct {cls.name} " not in text:
        pytest.skip("from before capset 2")
    if "VIRGL_CAP_V2_" in text and "/0.9.0/" in str(header):
        cls = cls.variants.get("0.9.0", cls)
    (size,) = real_headers.values(header, [f"sizeof(struct {cls.name})"]).values()
    assert size in cls.size_steps
    samplers = next((name for name in SAMPLERS if re.search(rf"\b{name}\b", text)), "")
    asked = {
        field.path.replace("max_texture_samplers", samplers) + ":bit" * (field.bits is not None): field
        for field in cls.layout.leaves()
        if field.end <= size and re.search(rf"\b{field.name.replace('max_texture_samplers', samplers)}\b", text)
    }
    covered = bytearray(size)
    for path, data in real_headers.touched(header, f"struct {cls.name}", list(asked)).items():
        field = asked[path]
        bits = (1 << (field.bits or 8 * field.size)) - 1 << 8 * field.offset + field.shift
        assert int.from_bytes(data, "little") == bits, field
        covered = bytes(a | b for a, b in zip(covered, data, strict=True))
    bset = cls.fields["bset"]
    if "transform_feedback_overflow_query" not in text:
        covered = covered[: bset.offset] + b"\xff" * bset.size + covered[bset.end :]  # the features were not all named
    assert covered == b"\xff" * size


# Mesa's defaults ---------------------------------------------------------------------------------------------------


def mesas_defaults(winsys: Path) -> bytes:
    """What virgl_ws_fill_new_caps_defaults of a Mesa writes into a struct of zeros, which is of its own size."""
    function = re.search(
        r"static inline void virgl_ws_fill_new_caps_defaults.*?^}", winsys.read_text(), re.DOTALL | re.M
    )
    struct = re.search(r"struct virgl_drm_caps {.*?};", winsys.read_text(), re.DOTALL)
    stages = "enum { PIPE_SHADER_TYPES = 6 };"  # of Mesa's p_defines.h, and the length of the struct's own arrays
    ((_, data),) = real_headers.run(
        winsys.parent / "virgl_hw.h",
        [
            "static struct virgl_drm_caps caps;",
            "virgl_ws_fill_new_caps_defaults(&caps);",
            'put("caps", &caps.caps.v2, sizeof caps.caps.v2);',
        ],
        (stages, struct[0], function[0]),
    )
    return bytes.fromhex(data)


@pytest.mark.parametrize("header", real_headers.headers("**/virgl_winsys.h"), indirect=True)
def test_guest_defaults_are_mesas(header):
    theirs = mesas_defaults(header)
    defaults = VirglCapsV2.guest_defaults(len(theirs))
    mesa = VirglCapsV2.unpack(theirs)
    for field in VirglCapsV2.layout.leaves():
        if defaults.has_field(field.path):
            assert plain(defaults[field.path]) == plain(mesa[field.path]), field
    assert defaults.pack() == theirs


def plain(value):
    return value.tolist() if hasattr(value, "tolist") else value


def test_a_field_without_a_default_is_zero():
    """At every size; and what stands beyond the size is absent."""
    for size in VirglCapsV2.size_steps:
        guest = VirglCapsV2.guest_defaults(size)
        assert guest.valid_size == len(guest.pack()) == size
        for field in VirglCapsV2.layout.leaves():
            if field.end > size:
                assert not guest.has_field(field.path)
            elif field.member.default is None:
                assert not any(guest.pack()[field.offset : field.end])


def test_capset_1_has_no_defaults():
    assert VirglCapsV1.guest_defaults().pack() == bytes(VirglCapsV1.size)


@pytest.mark.parametrize("name", captures.names(2))
@pytest.mark.parametrize("size", VirglCapsV2.size_steps)
def test_what_the_host_did_not_send_keeps_its_default(name, size):
    host = captures.load(name)
    guest = VirglCapsV2.guest_defaults(size)
    copied = min_copy(guest, host)
    assert copied == min(size, len(host))
    assert guest.pack()[:copied] == host[:copied]
    assert guest.pack()[copied:] == VirglCapsV2.guest_defaults(size).pack()[copied:]


@pytest.mark.parametrize("size", [0, 307, 308, 379, 381, VirglCapsV2.size + 1, -1])
@pytest.mark.parametrize("make", [VirglCapsV2.guest_defaults, VirglCapsV2.zeros])
def test_sizes_that_never_were(make, size):
    words = f"virgl_caps_v2 never had {size} bytes; its size steps are 380, 388, .* {VirglCapsV2.size}"
    with pytest.raises(SizeStepError, match=words):
        make(size)


# What a person says ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", real_headers.headers("bookworm/mesa/p_defines.h"), indirect=True)
def test_primitive_types_are_gallium_s(header):
    """Mesa 24 and later have Vulkan-like names of their own in another header."""
    names = re.search(r"enum \w*pipe_prim_type {(.*?)}", header.read_text(), re.DOTALL)
    found = [name for name in re.findall(r"PIPE_PRIM_(\w+)", names[1]) if name != "MAX"]
    assert dict(enumerate(found)) == virgl.PIPE_PRIM
