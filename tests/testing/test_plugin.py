"""The pytest plugin in projects of its users: real pytest processes, with real syrupy, pytest-regressions and xdist."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from capcodec import VirglCapsV2
from command import BIN

pytest_plugins = ["pytester"]

# A decoder of somebody's, who copied the offsets from a header
DECODER = """
import struct

FIELDS = {"max_samples": 284, "capability_bits": 392, "max_texture_cube_size": 492, "capability_bits_v2": 688}

def decode(data):
    return {name: struct.unpack_from("<I", data, at)[0] for name, at in FIELDS.items() if len(data) >= at + 4}
"""
PROJECT = """
from hypothesis import given
from capcodec import VirglCapsV2
from capcodec.testing import strategies
from decoder import FIELDS, decode

def test_defaults(capset_golden):
    capset_golden(VirglCapsV2.guest_defaults())

def test_real_hosts(capset_capture):
    assert decode(capset_capture.data).get("max_samples") == getattr(capset_capture.caps, "max_samples", None)

@given(strategies.capsets(VirglCapsV2))
def test_any_host(caps):
    assert decode(caps.pack()) == {name: getattr(caps, name) for name in FIELDS if caps.has_field(name)}
"""


def test_a_project_of_fifteen_lines(pytester, monkeypatch):
    """Golden files, captures and strategies; and Hypothesis finds a decoder that reads one byte too late."""
    assert len([line for line in PROJECT.splitlines() if line]) <= 15
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")  # the decoder changes within a second
    pytester.makepyfile(decoder=DECODER, test_host=PROJECT)
    missing = pytester.runpytest_subprocess("-k", "defaults or any")
    missing.assert_outcomes(passed=1, failed=1)
    assert "test_defaults.json is missing; 'pytest --update-capsets' writes it\n" in missing.stdout.str()
    pytester.runpytest_subprocess("--update-capsets").assert_outcomes(passed=2 + 34)
    golden = pytester.path / "test_host" / "test_defaults.json"
    assert golden.read_text() == VirglCapsV2.guest_defaults().to_json()
    pytester.runpytest_subprocess("-n", "2").assert_outcomes(passed=2 + 34)
    assert [path.name for path in golden.parent.iterdir()] == [golden.name]

    golden.write_text(golden.read_text().replace('"glsl_level": 0', '"glsl_level": 430'))
    pytester.makepyfile(decoder=DECODER.replace("284", "285"))
    wrong = pytester.runpytest_subprocess("-k", "defaults or any")
    wrong.assert_outcomes(failed=2)
    text = wrong.stdout.str()
    assert "test_defaults.json says otherwise" in text
    assert "  v1.glsl_level: 430 -> 0\n" in text
    assert re.search(rf"caps=<VirglCapsV2: 380 of {VirglCapsV2.size} bytes", text)  # shrunk to the smallest size


def test_captures_are_chosen_by_a_mark(pytester):
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.capset_captures(2, releases=["1.0.1", "1.3.0"])
        def test_some(capset_capture):
            assert (capset_capture.capset_id, capset_capture.caps.pack()) == (2, capset_capture.data)
        """
    )
    found = pytester.runpytest_subprocess("-v", "--strict-markers")
    found.assert_outcomes(passed=4)
    found.stdout.fnmatch_lines(["*test_some?virglrenderer-1.0.1-llvmpipe-gl.capset2? PASSED*"])
    pytester.makepyfile(
        "import pytest\n@pytest.mark.capset_captures(2, releases=['9'])\ndef test_none(capset_capture): pass"
    )
    pytester.runpytest_subprocess().stdout.fnmatch_lines(["*::test_none: *there are no such captures*"])
    for wrong in ("id=2", "'virgl3'", "releases='1.3.0'"):
        pytester.makepyfile(
            f"import pytest\n@pytest.mark.capset_captures({wrong})\ndef test_wrong(capset_capture): pass"
        )
        told = pytester.runpytest_subprocess()
        told.stdout.fnmatch_lines(["*::test_wrong: capset_captures: *"])
        assert "pluggy/" not in told.stdout.str()


JSON = "from syrupy.extensions.json import JSONSnapshotExtension"
CHANGED = {
    "syrupy": "assert caps() == snapshot",
    "syrupy's JSON": f"{JSON}\n    assert [caps()] == snapshot.use_extension(JSONSnapshotExtension)",
    "pytest-regressions": "data_regression.check(caps())",
}
FIXTURE = {"syrupy": "snapshot", "syrupy's JSON": "snapshot", "pytest-regressions": "data_regression"}
WRITE = {"syrupy": "--snapshot-update", "syrupy's JSON": "--snapshot-update", "pytest-regressions": "--force-regen"}
HOST = """
from capcodec import VirglCapsV2, captures

def caps():
    data = bytearray(captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin"))
    data[{at}] ^= {mask}
    return VirglCapsV2.unpack(data)
"""


@pytest.mark.parametrize("who", CHANGED)
@pytest.mark.parametrize("path", ["v1.max_samples", "max_video_memory", "video_caps[3].max_level"])
def test_snapshots_of_other_plugins_see_every_byte(who, path, pytester):
    """The last two fields are none that the short repr shows."""
    pytester.makepyfile(f"from host import caps\n\ndef test_it({FIXTURE[who]}):\n    {CHANGED[who]}\n")
    pytester.makepyfile(host=HOST.format(at=0, mask=0))
    pytester.runpytest_subprocess(WRITE[who])
    pytester.runpytest_subprocess().assert_outcomes(passed=1)
    field = VirglCapsV2.fields[path]
    pytester.makepyfile(host=HOST.format(at=field.offset, mask=1 << field.shift))
    changed = pytester.runpytest_subprocess("-vv", "--color=no")
    changed.assert_outcomes(failed=1)
    lines = [line for line in changed.outlines if field.name in line and line.split()[:1] in (["E"], ["-"], ["+"])]
    assert lines


def test_a_snapshot_of_syrupy_holds_capsets_within_lists_and_dicts(pytester):
    pytester.makepyfile(host=HOST.format(at=0, mask=0))
    pytester.makepyfile("from host import caps\n\ndef test_it(snapshot):\n    assert {'all': [caps()]} == snapshot\n")
    pytester.runpytest_subprocess("--snapshot-update").assert_outcomes(passed=1)
    text = (pytester.path / "__snapshots__").glob("*.ambr").__next__().read_text()
    assert '"max_video_memory": ' in text
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_an_assertion_says_which_field_differs(pytester):
    pytester.makepyfile(
        """
        from capcodec import VirglCapsV1, VirglCapsV2

        def test_it():
            ours, theirs = VirglCapsV2.zeros(), VirglCapsV2.zeros(380)
            ours.max_samples, theirs.max_samples = 4, 8
            assert ours == theirs

        def test_kinds():
            assert VirglCapsV1.zeros() == VirglCapsV2.zeros()

        def test_lists():
            assert [1, VirglCapsV2.zeros()] == [1, VirglCapsV2(max_samples=4)]

        def test_lists_of_others():
            assert [VirglCapsV2.zeros(), 1] == [VirglCapsV2.zeros(), 2]
        """
    )
    found = pytester.runpytest_subprocess("-vv")
    found.assert_outcomes(failed=4)
    found.stdout.fnmatch_lines(["E*two VirglCapsV2 differ", "E*v1.max_samples: 4 -> 8"])
    found.stdout.fnmatch_lines(["E*two VirglCapsV2 differ at index 1", "E*v1.max_samples: 0 -> 4"])
    found.stdout.fnmatch_lines(
        ["E*a VirglCapsV1 and a VirglCapsV2 differ", "E*a virgl_caps_v1 and a virgl_caps_v2 cannot be compared"]
    )


def test_it_costs_nothing_where_it_is_not_used(pytester):
    """Neither the core nor Hypothesis is imported, and of the package nothing at all."""
    pytester.makepyfile(
        """
        import sys

        def test_it():
            assert "pytest_capcodec" in sys.modules
            assert [name for name in sys.modules if name.partition(".")[0] in ("capcodec", "hypothesis")] == []
        """
    )
    pytester.runpytest_subprocess("-p", "no:hypothesispytest").assert_outcomes(passed=1)
    code = "import pytest, sys; before = {*sys.modules}; import pytest_capcodec; print(*({*sys.modules} - before))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=BIN, check=True)
    assert found.stdout.split() == ["pytest_capcodec"]
