"""What each version of OpenGL needs: every requirement is broken, and a real Mesa is asked what it makes of that."""

from __future__ import annotations

import re

import pytest

from capcodec import VirglCapsV2, captures
from capcodec.meaning.formats import format_name, format_number
from capcodec.meaning.gl import VERSIONS, gl
from capcodec.meaning.gl_needs import FORMATS_OF
from capcodec.meaning.gl_requirements import REQUIREMENTS
from capcodec.meaning.mesa import MESAS
from capcodec.meaning.releases import RELEASES
from capcodec.vtest.installed_mesa import InstalledMesa
from differences import PROFILES, predicted

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
NEVER = "ARB_gl_spirv before 25.0"
FRAGMENT, COMPUTE = 1, 5

# How to break what is no single number, flag or format: by the start of its words, the fields and their values
SPECIAL = {
    "max_samples >= 4 with": {"max_samples": 2},
    "bset.texture_multisample; or": {"bset.texture_multisample": 0, "max_samples": 2},
    "max_uniform_blocks >= 13": {"max_uniform_blocks": 12},
    "max_shader_storage_blocks[1]": {"max_shader_storage_blocks[1]": 0, "max_shader_buffer_frag_compute": 0},
    "max_shader_storage_blocks[5]": {"max_shader_storage_blocks[5]": 0, "max_shader_buffer_frag_compute": 0},
    "max_atomic_counter_buffers[1]": {"max_atomic_counters[1]": 1, "max_atomic_counter_buffers[1]": 0},
    "max_atomic_counter_buffers[5]": {"max_atomic_counters[5]": 1, "max_atomic_counter_buffers[5]": 0},
}


def whole() -> VirglCapsV2:
    """A capset that has all that OpenGL 4.6 needs."""
    caps = VirglCapsV2.unpack(NEWEST)
    caps.glsl_level = 460
    caps.capability_bits_v2 |= 1 << 14  # DRAW_PARAMETERS
    return caps


def break_it(caps: VirglCapsV2, text: str) -> None:
    """Break that one requirement."""
    special = [edits for start, edits in SPECIAL.items() if text.startswith(start)]
    if special:
        for path, value in special[0].items():
            caps[path] = value
        return
    for part in re.split("; or |; ", text):
        break_part(caps, part)


def break_part(caps: VirglCapsV2, text: str) -> None:
    least = re.match(r"(\S+) >= (\d+)", text)
    formats = re.fullmatch(r"(sampler|vertexbuffer)(?: and render)? (?:has|have)(?: one of)? (.+)", text)
    if least:
        caps[least[1]] = int(least[2]) - 1
    elif text.startswith("bset."):
        caps[text.split()[0]] = 0
    elif formats:
        names = re.findall(r"\w+", formats[2]) if "all formats" not in formats[2] else ["ASTC_4x4"]
        for name in names:
            number = format_number(name, FORMATS_OF)
            for mask in (caps.sampler, caps.render, caps.vertexbuffer):
                mask.bitmask[number // 32] &= ~(1 << number % 32)
    else:
        name = text.partition(",")[0]
        words = [caps.fields[path] for path in ("capability_bits", "capability_bits_v2")]
        ((path, bit),) = [(word.path, bit) for word in words for bit, known in word.flags.items() if known == name]
        caps[path] &= ~(1 << bit)


def of_its_mesa(requirement) -> list[str]:
    return [mesa.name for mesa in MESAS if requirement.holds(mesa)]


@pytest.mark.parametrize("mesa", ["25.0", "26"])
def test_the_whole(mesa):
    verdict = gl(whole(), mesa=mesa)
    assert (verdict.core, verdict.compatibility, verdict.es, verdict.missing) == ((4, 6), (4, 6), (3, 2), ())


def test_the_whole_of_what_mesa_22_3_has():
    verdict = gl(whole(), mesa="22.3")
    assert [need.name for need in verdict.missing] == [NEVER]
    assert verdict.core == (4, 5)


@pytest.mark.parametrize(
    "requirement", [need for need in REQUIREMENTS if need.name != NEVER], ids=lambda need: need.name
)
def test_each_requirement_broken(requirement):
    """Without it, the version is the one below the first that needs it."""
    caps = whole()
    break_it(caps, requirement.reason)
    for mesa in of_its_mesa(requirement):
        found = gl(caps, mesa=mesa)
        assert requirement in found.missing
        for profile in requirement.profiles:
            first = min(need.version for need in found.missing if profile in need.profiles)
            assert first <= requirement.version
            assert found.of(profile) == max((v for v in VERSIONS[profile] if v < first), default=None)


def test_the_installed_mesa_misses_each_too(mesa, default_socket):
    asked = set()
    with InstalledMesa(default_socket) as installed:
        installed.ask({2: NEWEST})
        for requirement in REQUIREMENTS:
            if requirement.name != NEVER and installed.version in of_its_mesa(requirement):
                caps = whole()
                break_it(caps, requirement.reason)
                answer, verdict = installed.ask({2: caps.pack()}), predicted(caps.pack(), installed)
                assert not answer.error
                for profile in PROFILES:
                    assert answer.of(profile) == verdict.of(profile), requirement.name
                asked.add(requirement.name)
    assert len(asked) > 110


FORMAT_NAMES = sorted(
    {
        name
        for need in REQUIREMENTS
        for words in re.findall(r" (?:has|have)(?: one of)? ([^;]+)", need.reason)
        for name in re.findall(r"[A-Z]\w+_\w+", words)
    }
)


def test_the_installed_mesa_needs_to_render_to_the_same_formats(mesa, default_socket):
    """Each format of a requirement can still be sampled, but no longer be rendered to."""
    assert len(FORMAT_NAMES) > 40
    with InstalledMesa(default_socket) as installed:
        installed.ask({2: NEWEST})
        for name in FORMAT_NAMES:
            caps = VirglCapsV2.unpack(NEWEST)
            number = format_number(name, FORMATS_OF)
            caps.render.bitmask[number // 32] &= ~(1 << number % 32)
            answer, verdict = installed.ask({2: caps.pack()}), predicted(caps.pack(), installed)
            for profile in PROFILES:
                assert answer.of(profile) == verdict.of(profile), name


def test_formats_have_the_same_name_in_every_release_that_has_them():
    """So it does not matter which release they are named by."""
    for name in FORMAT_NAMES:
        assert format_name(format_number(name, FORMATS_OF), [release.name for release in RELEASES[-4:]]) == name
