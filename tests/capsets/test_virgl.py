"""Layouts against the compiler's word on every revision of virgl_hw.h."""

from __future__ import annotations

import pytest

from capcodec import VirglCapsV1, VirglCapsV2

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


def layouts(revision: dict):
    """The layouts that agree with one revision: of each capset, today's or a named variant's."""
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
    assert VirglCapsV2.size_steps == tuple(sorted(sizes))
    assert (VirglCapsV1.size, VirglCapsV2.size) == (308, 1408)


def test_since_is_the_revision_that_brought_the_field(history):
    """Each field's commit and date are those of the first revision that has it where it is today."""
    for cls, size_key in ((VirglCapsV1, "capset1_size"), (VirglCapsV2, "capset2_size")):
        brought = {}
        for revision in history:
            if revision[size_key] is not None:
                for path, type_, start, bits, count in compiled(revision, cls.name):
                    brought.setdefault((path, type_, start, bits, count), revision)
        for field in cls.layout.leaves():
            key = (field.path, field.type, field.offset * 8 + field.shift, field.bits, (*field.dims, None)[0])
            revision = brought[key]
            if field.path == "max_texture_samplers":  # the word is older than its name
                revision = next(revision for revision in history if revision["commit"] == "d755dfa28cb5")
            assert (field.since.commit, field.since.date) == (revision["commit"], revision["author_date"]), field
            assert field.since.size >= field.end


@pytest.mark.parametrize("cls", [VirglCapsV1, VirglCapsV2])
def test_variants_are_never_guessed(cls, history):
    for name, variant in cls.variants.items():
        assert variant.variant == name
        assert (variant.__name__, variant.__module__) == (f"{cls.__name__}[{name}]", "capcodec")
        assert variant.variant_of is cls
        assert type(cls.unpack(bytes(variant.size))) is cls
        assert type(variant.unpack(bytes(cls.size))) is variant
