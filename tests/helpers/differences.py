"""Capsets that lack something, and what ``gl`` says of them, to be compared with what a live Mesa says."""

from __future__ import annotations

import random
from collections.abc import Iterator

from capcodec import VirglCapsV2, gl
from capcodec.meaning.gl import Verdict
from capcodec.meaning.gl_extensions import extensions
from capcodec.vtest.installed_mesa import InstalledMesa

CAPTURES = (
    "virglrenderer-1.3.0-llvmpipe-gl.capset2.bin",
    "virglrenderer-0.8.2-llvmpipe-gl.capset2.bin",
    "virglrenderer-1.0.1-softpipe-gles.capset2.bin",
)
PROFILES = ("core", "compatibility", "es")
MASKS = ("sampler", "render", "vertexbuffer", "supported_multisample_formats")
WORDS = ("bset", "capability_bits", "capability_bits_v2")
NUMBERS = (0, 1, 2, 3, 4, 5, 7, 8, 12, 13, 14, 15, 16, 31, 127, 128, 1023, 1024, 2047, 2048, 16383, 16384, 0xFFFFFFFF)


def predicted(blob: bytes, mesa: InstalledMesa) -> Verdict:
    return gl(blob, mesa=mesa.version, coherent=mesa.coherent, capset_id=2)


def other_extensions(blob: bytes, mesa: InstalledMesa) -> list[str] | None:
    """Where the table of extensions says otherwise than a live Mesa; None if that crashes."""
    answer = mesa.ask({2: blob})
    if answer.error.startswith("Mesa "):
        return None
    listed = {(profile, name) for profile, told in answer.strings.items() for name in told["extensions"]}
    found = extensions(blob, mesa=mesa.version, coherent=mesa.coherent, capset_id=2)
    there = {(each.profile, each.name) for each in found if each.there}
    return [f"{'+' if (profile, name) in listed else '-'} {profile} {name}" for profile, name in sorted(listed ^ there)]


def numbers() -> list[int]:
    """Offsets of all 32-bit numbers that are neither formats nor flags, and matter to OpenGL."""
    others = (*MASKS, *WORDS, "readback_formats", "scanout", "renderer", "video")
    leaves = (field for field in VirglCapsV2.layout.leaves() if not any(word in field.path for word in others))
    return [part.offset for field in leaves for part in (field.elements() if field.dims else (field,))]


def masks(size: int) -> Iterator[tuple[str, int]]:
    """Words of masks and flags, that is their names and offsets."""
    for path in (*MASKS, *WORDS):
        field = VirglCapsV2.fields[path]
        for offset in range(field.offset, min(field.end, size), 4):
            yield path, offset


def with_word(data: bytes, offset: int, value: int) -> bytes:
    return data[:offset] + (value & 0xFFFFFFFF).to_bytes(4, "little") + data[offset + 4 :]


def word(data: bytes, offset: int) -> int:
    return int.from_bytes(data[offset : offset + 4], "little")


def broken_one_by_one(data: bytes) -> Iterator[tuple[str, bytes]]:
    for path, offset in masks(len(data)):
        for bit in range(32):
            if word(data, offset) >> bit & 1:
                yield f"{path} bit {bit} at {offset}", with_word(data, offset, word(data, offset) & ~(1 << bit))
    for offset in numbers():
        if offset + 4 <= len(data):
            for value in {0, word(data, offset) - 1 if word(data, offset) else 1, word(data, offset) >> 1}:
                yield f"{value} at {offset}", with_word(data, offset, value)


def mixed(data: bytes, rng: random.Random, count: int) -> Iterator[tuple[str, bytes]]:
    """Several changes at once, and cuts."""
    words, plain = list(masks(len(data))), [offset for offset in numbers() if offset + 4 <= len(data)]
    for number in range(count):
        made = data
        for _ in range(rng.choice((1, 1, 2, 3, 5, 20, 60))):
            if rng.random() < 0.5:
                _, offset = rng.choice(words)
                made = with_word(made, offset, word(made, offset) ^ 1 << rng.randrange(32))
            elif rng.random() < 0.1:
                _, offset = rng.choice(words)
                made = with_word(made, offset, rng.choice((0, 0xFFFFFFFF, rng.getrandbits(32))))
            else:
                made = with_word(made, rng.choice(plain), rng.choice(NUMBERS))
        if rng.random() < 0.3:
            made = made[: rng.choice((*VirglCapsV2.size_steps, 308, rng.randrange(1, len(made))))]
        yield f"mutation {number}", made
