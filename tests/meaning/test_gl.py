"""Which OpenGL a guest makes of a capset: against what a real Mesa makes of the same, whole and broken on purpose."""

from __future__ import annotations

import json
import re

import pytest

from capcodec import VirglCapsV2, captures
from capcodec.meaning.gl import REQUIREMENTS, Verdict, gl
from command import run
from mesa_guest import GL_VERSIONS, mesa_answers

NEWEST = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")


def version_of(answers: dict) -> str:
    """The version of the core context, or where there is none, of the other."""
    return (answers["core"] or answers["compat"])["version"][:3]


def shown(verdict: Verdict) -> str:
    return "{}.{}".format(*verdict.version)


@pytest.mark.parametrize("name", GL_VERSIONS)
def test_what_a_real_mesa_made_of_real_capsets(name):
    assert shown(gl(captures.load(name.split()[0]), coherent=False)) == version_of(GL_VERSIONS[name])


def without(data: bytes, text: str) -> bytes:
    """The capset with that one requirement broken, and nothing else."""
    caps = VirglCapsV2.unpack(data)
    numbers = [int(number) for number in re.findall(r"\b\d+\b", text)]
    least = re.fullmatch(r"(\S+) >= (\d+)", text)
    if least:
        caps[least[1]] = int(least[2]) - 1
    elif text.startswith("bset."):
        caps[text] = 0
    elif text.startswith("sampler"):
        for number in numbers:
            for mask in (caps.sampler, caps.render):
                mask.bitmask[number // 32] &= ~(1 << number % 32)
    elif text.startswith("max_samples"):
        caps.max_samples = 2
    elif text.startswith("max_uniform_blocks"):
        caps.max_uniform_blocks = 12
    else:
        field = caps.fields["capability_bits"]
        (bit,) = (bit for bit, name in field.flags.items() if name == text)
        caps[field.path] &= ~(1 << bit)
    return caps.pack()


@pytest.mark.parametrize(
    "requirement", [need for need in REQUIREMENTS if need.version <= (4, 3)], ids=lambda need: need.text
)
def test_each_requirement_broken(mesa, default_socket, requirement):
    broken = without(NEWEST, requirement.text)
    found = gl(broken, coherent=False)
    assert found.version < requirement.version
    assert requirement in found.missing
    answers = mesa_answers({2: broken}, default_socket)
    if mesa == "22.3.6":
        assert shown(found) == version_of(answers)
    else:  # another Mesa may do without, but not have more than of the whole capset
        assert version_of(answers) <= shown(gl(NEWEST))


def test_what_memory_is_good_for():
    """The same host, with host-visible blobs and without: the most common reason for 4.3."""
    without_memory, with_memory = (gl(NEWEST, coherent=coherent) for coherent in (False, True))
    assert (without_memory.version, with_memory.version) == ((4, 3), (4, 5))
    assert without_memory.missing[0].text.startswith("ARB_BUFFER_STORAGE")
    assert with_memory.missing[0].version == (4, 6)


def test_the_least():
    assert gl(b"").version == gl(bytes(1408)).version == (2, 0)
    assert {need.text for need in gl(b"").missing} >= {"bset.has_fp64", "v1.glsl_level >= 460"}


def test_on_the_command_line(tmp_path):
    path = tmp_path / "caps"
    path.write_bytes(NEWEST)
    output = run("gl", str(path), "--no-coherent")
    assert output.startswith("OpenGL 4.3\n  4.4 needs ARB_BUFFER_STORAGE, with blob resources in host-visible memory\n")
    told = json.loads(run("gl", str(path), "--json"))
    assert (told["version"], told["missing"][0]["version"]) == ("4.5", "4.6")
