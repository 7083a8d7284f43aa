"""Capsets in every form that people save them in, and what is none."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from capcodec import ArgumentError, CapcodecError, MessageError, VirglCapsV1, VirglCapsV2, capset_for, captures
from capcodec.files import capset_file, hexdump, saved
from logs import REAL
from real import need

V2 = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
FORMS = {
    "raw": V2,
    "file": capset_file.dump([capset_file.Record(2, 2, V2)]),
    "json": VirglCapsV2.unpack(V2).to_json().encode(),
    "hex": hexdump.dump(V2, "xxd").encode(),
    "c": hexdump.dump(V2, "c").encode(),
    "base64": hexdump.dump(V2, "base64").encode(),
}
STRANGERS = {
    "prose": b"The capability sets of virtio-gpu, packed, unpacked, viewed.\n",
    "one word": b"HelloWorld12",
    "Markdown": b"# capcodec\n\n```c\nint main(void) { return 0; }\n```\n",
    "Python": Path(saved.__file__).read_bytes(),
    "JSON of something": b'{"name": "capcodec", "files": []}\n',
    "a JSON list": b'[{"path": "max_samples"}]\n',
    "JSON of another struct": b'{"_struct": "virgl_video_caps"}\n',
    "an executable": Path(sys.executable).read_bytes()[:1408],
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(1400),
    "gzip": b"\x1f\x8b\x08\x08" + bytes(1404),
    "three bytes": b"\1\0\0",
    "base64 of prose": b"VGhlIGNhcGFiaWxpdHkgc2V0cyBvZiB2aXJ0aW8tZ3B1LCBwYWNrZWQ=\n",
}


@pytest.mark.parametrize("kind", FORMS)
def test_every_form_is_recognized(kind):
    assert saved.recognize(FORMS[kind]) == kind
    found = saved.load(FORMS[kind])
    assert (found.kind, found.data) == (kind, V2)
    assert found == saved.load(FORMS[kind], kind)
    assert found.capset_id == (2 if kind in ("file", "json") else None)


@pytest.mark.parametrize("name", captures.names())
def test_captures_are_raw(name):
    assert saved.load(captures.load(name)) == ("raw", captures.load(name), None, "")


@pytest.mark.parametrize(
    ("program", "package", "kind"),
    [
        (["xxd"], "xxd", "hex"),
        (["xxd", "-p"], "xxd", "hex"),
        (["xxd", "-i"], "xxd", "c"),
        (["hexdump", "-C"], "bsdextrautils", "hex"),
        (["base64"], "coreutils", "base64"),
    ],
)
def test_what_programs_print(program, package, kind):
    need(program[0], package)
    text = subprocess.run(program, input=V2, capture_output=True, check=True).stdout
    for data in (text, b"\xef\xbb\xbf" + text, text.replace(b"\n", b"\r\n")):
        assert saved.load(data)[:2] == (kind, V2)


@pytest.mark.parametrize("name", STRANGERS)
def test_what_is_no_capset_is_refused(name):
    with pytest.raises(MessageError):
        saved.load(STRANGERS[name])
    if name in ("an executable", "a picture", "gzip"):
        assert saved.load(STRANGERS[name], "raw").data == STRANGERS[name], "unless somebody says that it is one"


def test_a_kernel_log_holds_none():
    assert saved.recognize(REAL.encode()) == "log"
    assert saved.recognize(b"[    0.000000] Linux version 6.1\n") == "log"
    assert saved.recognize(b"Nov 27 16:02:12 guest kernel: Linux version 6.1\n") == "log"
    with pytest.raises(ArgumentError, match="a kernel log tells of capsets, and holds none"):
        saved.load(REAL.encode())


def test_a_file_of_several():
    one, two = V2[:308], V2
    content = capset_file.dump(
        [capset_file.Record(1, 1, one), capset_file.Record(2, 1, two[:688]), capset_file.Record(2, 2, two)]
    )
    assert saved.load(content, capset_id=1).data == one
    assert saved.load(content, capset_id="virgl2").data == two, "the highest version"
    assert saved.load(content, prefer=(4, 2, 1)).data == two
    with pytest.raises(ArgumentError, match="the capset file has capsets 1, 2: say which to take"):
        saved.load(content)
    with pytest.raises(ArgumentError, match="has no capset 4"):
        saved.load(content, capset_id=4)


def test_json_says_what_it_is():
    swapped = VirglCapsV2.variants["0.9.0"].unpack(V2[:696])
    assert saved.load(swapped.to_json().encode()) == ("json", V2[:696], 2, "0.9.0")
    venus = capset_for("venus").zeros()
    assert saved.load(venus.to_json().encode()).capset_id == 4
    with pytest.raises(ArgumentError, match="this is the text of a virgl_caps_v2, capset 2, and not of capset 1"):
        saved.load(FORMS["json"], capset_id=1)
    nameless = b'{"max_version": 1}'
    with pytest.raises(MessageError, match='"_struct" names the struct'):
        saved.load(nameless)
    assert saved.load(nameless, capset_id=1).data[:4] == b"\1\0\0\0"
    renderer = VirglCapsV2.unpack(V2)
    renderer.renderer = b'"_struct": "nothing"'
    assert saved.load(renderer.to_json().encode()).data == renderer.pack()


def test_what_is_named_is_not_guessed():
    assert saved.load(b"41 42 43 44", "hex").data == b"ABCD"
    assert saved.load(b"QUJDRA==", "base64").data == b"ABCD"
    assert saved.load(b"{ 1, 2 }", "c").data == b"\1\2"
    with pytest.raises(ArgumentError, match="no kind is called 'tar'"):
        saved.load(V2, "tar")
    with pytest.raises(MessageError, match="it could be plain digits, or base64"):
        saved.load(b"abcd" * 154)
    assert saved.load(b"00" * 308, "hex").data == bytes(308)


def test_nothing():
    assert saved.load(b"") == ("raw", b"", None, "")
    for kind in set(saved.KINDS) - {"raw"}:
        with pytest.raises(CapcodecError):
            saved.load(b"", kind)


def test_versions_of_real_capsets():
    """What tells a capset from other binary files holds for every one that there is."""
    assert all(int.from_bytes(captures.load(name)[:4], "little") <= saved.MAX_VERSION for name in captures.names())
    assert not any(saved.is_text(captures.load(name)) for name in captures.names())
    assert VirglCapsV1.zeros().pack() == saved.load(bytes(308)).data
    assert shutil.which("python3") is None or not saved.is_text(Path(sys.executable).read_bytes())
