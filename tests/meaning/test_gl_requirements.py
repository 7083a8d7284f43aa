"""What each version of OpenGL needs: every requirement is broken, and a real Mesa is asked what it makes of that."""

from __future__ import annotations

import re

import pytest

from capcodec import VirglCapsV2, captures
from capcodec.meaning.formats import format_name, format_number
from capcodec.meaning.gl import gl
from capcodec.meaning.gl_requirements import FORMATS_OF, NEEDED, REQUIREMENTS
from capcodec.meaning.releases import RELEASES
from mesa_guest import mesa_answers, version_of

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
SOME_SAMPLES, TOO_FEW_BLOCKS = 2, 12


def whole() -> VirglCapsV2:
    """A capset that has all that OpenGL 4.6 needs."""
    caps = VirglCapsV2.unpack(NEWEST)
    caps.glsl_level = 460
    caps.capability_bits_v2 |= 1 << 14  # DRAW_PARAMETERS
    return caps


def break_it(caps: VirglCapsV2, text: str) -> None:
    """Break that one requirement, and nothing else."""
    least = re.fullmatch(r"(\S+) >= (\d+)", text)
    formats = re.fullmatch(r"(sampler|vertexbuffer)(?: and render)? (?:has|have)(?: one of)? (.+)", text)
    if least:
        caps[least[1]] = int(least[2]) - 1
    elif text.startswith("bset."):
        caps[text] = 0
    elif formats:
        for name in formats[2].split(", "):
            number = format_number(name, FORMATS_OF)
            for mask in (caps.sampler, caps.render, caps.vertexbuffer):
                mask.bitmask[number // 32] &= ~(1 << number % 32)
    elif text.startswith("max_samples"):
        caps.max_samples = SOME_SAMPLES
    elif text.startswith("max_uniform_blocks"):
        caps.max_uniform_blocks = TOO_FEW_BLOCKS
    else:
        name = text.partition(",")[0]
        words = [caps.fields[path] for path in ("capability_bits", "capability_bits_v2")]
        ((path, bit),) = [(word.path, bit) for word in words for bit, known in word.flags.items() if known == name]
        caps[path] &= ~(1 << bit)


def test_the_whole():
    assert gl(whole()) == ((4, 6), ())


@pytest.mark.parametrize("requirement", list(REQUIREMENTS), ids=lambda need: need.name)
def test_each_requirement_broken(requirement):
    """Without it, the version is the one below the first that needs it."""
    caps = whole()
    break_it(caps, requirement.reason)
    found = gl(caps)
    assert requirement in found.missing
    assert found.version < requirement.version
    assert found.version == max((2, 0), *(version for version in NEEDED if version < found.missing[0].version), (2, 0))


@pytest.mark.parametrize(
    "requirement", [need for need in REQUIREMENTS if need.version <= (4, 3)], ids=lambda need: need.name
)
def test_mesa_misses_it_too(mesa, default_socket, requirement):
    caps = VirglCapsV2.unpack(NEWEST)
    break_it(caps, requirement.reason)
    answers = mesa_answers({2: caps.pack()}, default_socket)
    if mesa == "22.3.6":
        assert "{}.{}".format(*gl(caps, coherent=False).version) == version_of(answers)
    else:  # another Mesa may do without, but not have more than of the whole capset
        assert version_of(answers) <= "{}.{}".format(*gl(NEWEST).version)


FORMAT_NAMES = sorted(
    {
        name
        for need in REQUIREMENTS
        for words in re.findall(r" (?:has|have)(?: one of)? (.+)", need.reason)
        for name in words.split(", ")
    }
)


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_mesa_needs_to_render_to_the_same_formats(mesa, default_socket, name):
    """Each format of a requirement can still be sampled, but no longer be rendered to."""
    if mesa != "22.3.6":
        pytest.skip("the requirements are those of Mesa 22.3.6")
    caps = VirglCapsV2.unpack(NEWEST)
    number = format_number(name, FORMATS_OF)
    caps.render.bitmask[number // 32] &= ~(1 << number % 32)
    assert "{}.{}".format(*gl(caps, coherent=False).version) == version_of(
        mesa_answers({2: caps.pack()}, default_socket)
    )


def test_formats_have_the_same_name_in_every_release_that_has_them():
    """So it does not matter which release they are named by."""
    words = " ".join(need.reason for need in REQUIREMENTS)
    names = {name for name in re.findall(r"[A-Z]\w+", words) if name in dir_of_formats()}
    assert len(names) > 20
    for name in names:
        assert format_name(format_number(name, FORMATS_OF), [release.name for release in RELEASES[-4:]]) == name


def dir_of_formats() -> set[str]:
    return {format_name(number, FORMATS_OF) for number in range(512)} - {None}
