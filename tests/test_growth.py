"""Upstream grows: a field, a flag, a step, a release. Each is a change of one file, and everything works with it.

Planted in a copy of the package, which child processes import.
"""

from __future__ import annotations

import json
import struct

import pytest

from capcodec import VirglCapsV2, VirglRendererCapsetVenus, captures
from capcodec.capsets import virgl
from capcodec.meaning.releases import RELEASES
from planted import Copy

NEWEST = RELEASES[-1]
VENUS = VirglRendererCapsetVenus.size
LAST_FIELD = list(VirglRendererCapsetVenus.fields)[-1]
LAST_BIT = max(virgl.VIRGL_CAP_V2)


def newest_capset_2() -> bytearray:
    """Of the newest release that was captured, but with the version of the newest release of all."""
    data = bytearray(max((captures.load(name) for name in captures.names(2)), key=len))
    data += bytes(VirglCapsV2.size - len(data))
    struct.pack_into("<I", data, 556, NEWEST.host_feature_check_version)
    return data


def add_a_field(copy: Copy) -> None:
    copy.plant(
        "capsets/venus.py",
        '    doc="Capset 4, venus: Vulkan",\n',
        '    u32("grown", "a new word", flags={0: "NEW_FLAG"}),\n    doc="Capset 4, venus: Vulkan",\n',
    )


def add_a_step(copy: Copy, release: str = "") -> None:
    step = f'step({VENUS + 4}, "abcdef01", "2026-05-01"' + (f', "{release}")' if release else ")")
    mark = VirglRendererCapsetVenus.fields[LAST_FIELD].since
    copy.plant(
        "capsets/venus_hw.py",
        f'    "{LAST_FIELD}": step({VENUS}, "{mark.commit}", "{mark.date}", "{mark.release}"),\n',
        f'    "{LAST_FIELD}": step({VENUS}, "{mark.commit}", "{mark.date}", "{mark.release}"),\n    "grown": {step},\n',
    )


def add_a_release(copy: Copy) -> None:
    row = f'    ("{NEWEST.name}", "{NEWEST.date}", {NEWEST.host_feature_check_version}, {NEWEST.format_max}),\n'
    new = f'    ("9.9.0", "2099-05-01", {NEWEST.host_feature_check_version + 1}, {NEWEST.format_max}),\n'
    copy.plant("capsets/virglrenderer_releases.py", row, row + new)


def grown_venus() -> bytes:
    newest = captures.load(captures.names(4)[-1])
    return newest + bytes(VENUS - len(newest)) + struct.pack("<I", 1)


def works(copy: Copy, data: bytes, tmp_path) -> dict:
    """Every command that reads a capset, and what identify says."""
    blob = tmp_path / "blob"
    blob.write_bytes(data)
    told = json.loads(copy.run("-m", "capcodec", "identify", str(blob), "--capset", "4", "--json"))
    assert "grown" in copy.run("-m", "capcodec", "show", str(blob), "--capset", "4")
    copy.run("-m", "capcodec", "show", str(blob), "--capset", "4", "--json")
    assert json.loads(copy.run("-m", "capcodec", "lint", str(blob), "--capset", "4", "--json")) is not None
    copy.run(
        "import capcodec; from capcodec.meaning.vocabularies import explain; "
        "caps = capcodec.VirglRendererCapsetVenus.unpack(open(sys.argv[1], 'rb').read()); "
        "assert caps.grown == 1 and explain(caps)['grown'] == ['NEW_FLAG']; "
        "assert caps.from_json(caps.to_json()) == caps; assert not caps.tail",
        str(blob),
    )
    return told


def test_a_field_of_which_nothing_is_dated(tmp_path):
    copy = Copy(tmp_path)
    add_a_field(copy)
    told = works(copy, grown_venus(), tmp_path)
    assert told["releases"] == []
    code = "import capcodec; print(capcodec.VirglRendererCapsetVenus.fields['grown'].since.release == '')"
    assert copy.run(code) == "True\n"
    cut = json.loads(
        copy.run("-m", "capcodec", "identify", "-", "--capset", "4", "--json", stdin=grown_venus()[:VENUS])
    )
    assert cut["releases"][-1] == NEWEST.name


def test_a_step_that_is_not_released(tmp_path):
    copy = Copy(tmp_path)
    add_a_field(copy)
    add_a_step(copy)
    assert works(copy, grown_venus(), tmp_path)["releases"] == []


def test_a_release_with_the_step(tmp_path):
    copy = Copy(tmp_path)
    add_a_field(copy)
    add_a_step(copy, "9.9.0")
    add_a_release(copy)
    assert works(copy, grown_venus(), tmp_path)["releases"] == ["9.9.0"]


def test_a_release_that_changes_nothing_but_the_version(tmp_path):
    """A capset of that release is identified as it, and the formats have their names in it."""
    copy = Copy(tmp_path)
    add_a_release(copy)
    data = newest_capset_2()
    struct.pack_into("<I", data, 556, NEWEST.host_feature_check_version + 1)
    told = json.loads(copy.run("-m", "capcodec", "identify", "-", "--json", stdin=bytes(data)))
    assert told["releases"] == ["9.9.0"]
    assert "B8G8R8A8_UNORM" in copy.run("-m", "capcodec", "show", "-", stdin=bytes(data))
    code = (
        "from capcodec.meaning.formats import format_names, format_number as number; "
        f"assert format_names('9.9.0') == format_names('{NEWEST.name}'); "
        "print(number('B8G8R8A8_UNORM'), number('B8G8R8A8_UNORM', '9.9.0'))"
    )
    assert copy.run(code) == "1 1\n"


@pytest.mark.parametrize("mark", [None, 'since("abcdef01", "2026-05-01")', 'since("abcdef01", "2026-05-01", "9.9.0")'])
def test_a_flag(tmp_path, mark):
    """Named in one file, and dated in another, if at all."""
    copy = Copy(tmp_path)
    name = virgl.VIRGL_CAP_V2[LAST_BIT]
    copy.plant(
        "capsets/virgl.py",
        f'    {LAST_BIT}: "{name}",\n',
        f'    {LAST_BIT}: "{name}",\n    {LAST_BIT + 1}: "NEW_FLAG",\n',
    )
    if mark:
        text = (copy.package / "capsets" / "virgl_hw.py").read_text()
        last = next(line for line in reversed(text.splitlines()) if line.startswith(f"    {LAST_BIT}: since("))
        copy.plant("capsets/virgl_hw.py", last, f"{last}\n    {LAST_BIT + 1}: {mark},")
    if mark and "9.9.0" in mark:
        add_a_release(copy)
    data = newest_capset_2()
    bits = struct.unpack_from("<I", data, 688)[0] | 1 << LAST_BIT + 1
    struct.pack_into("<I", data, 688, bits)
    if mark and "9.9.0" in mark:
        struct.pack_into("<I", data, 556, NEWEST.host_feature_check_version + 1)
    assert "NEW_FLAG" in copy.run("-m", "capcodec", "show", "-", stdin=bytes(data))
    told = json.loads(copy.run("-m", "capcodec", "identify", "-", "--json", stdin=bytes(data)))
    assert told["releases"] == (["9.9.0"] if mark and "9.9.0" in mark else [])
    found = json.loads(copy.run("-m", "capcodec", "lint", "-", "--json", stdin=bytes(data)))
    assert "unknown-capability-bits" not in json.dumps(found)
