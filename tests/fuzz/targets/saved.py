"""A capset in any form that somebody saved: what is taken for one begins as capsets do, and no form changes bytes."""

from __future__ import annotations

from capcodec import captures
from capcodec.files import capset_file, hexdump, saved
from capcodec.registry import CAPSETS
from choices import Choices

from . import refusing, target

KINDS = [None, None, None, *saved.KINDS, "none"]
IDS = [None, None, None, None, *CAPSETS, 0, 99, "virgl2", "none"]
PREFER: list[tuple[int, ...]] = [(), (), (2, 1), (99,)]
ROOM = 1 << 16  # bytes that a short text may stand for: a star in a hex dump repeats a line


def forms() -> list[bytes]:
    """Choices of kind, capset and preference; then every form of a short capset, and what is none."""
    blob = captures.load(captures.names(1)[-1])[:40]
    records = [capset_file.Record(capset_id, 1, blob) for capset_id in (1, 2, 2)]
    files = [capset_file.dump(records[:count]) for count in (1, 2, 3)]
    capsets = [cls for entry in CAPSETS.values() for cls in (entry.cls, *entry.cls.variants.values())]
    texts = [cls.unpack(blob).to_json().encode()[:480] for cls in capsets]
    texts += [b'{"_struct": "%s"}' % f"{cls.name} {cls.variant}".rstrip().encode() for cls in capsets]
    texts += [b'{"_struct": "virgl_video_caps"}', b'{"a": 1}', b'[{"a": 1}]', b"[1, 2]", b"\xef\xbb\xbf{}"]
    dumps = [hexdump.dump(blob, style).encode() for style in ("xxd", "hexdump", "c", "base64")]
    others = [blob, blob[:3], b"", b" ", b"\xff" * 12, b"prose, no dump", b"int main(void) {}", b"01000000 02000000\n"]
    others += [b"[    1.234567] [drm] number of cap sets: 2\n", b"VGhlIGNhcGFiaWxpdHkgc2V0cw==\n"]
    found = [bytes((0, 0, 0)) + data for data in (*files, *texts, *dumps, *others)]
    found += [bytes((kind, 0, 2)) + data for kind in range(len(KINDS)) for data in (*dumps, files[0], blob, b"")]
    return (
        found
        + [bytes((0, chosen, prefer)) + files[2] for chosen in range(len(IDS)) for prefer in range(4)]
        + [bytes((0, chosen, 0)) + texts[-6] for chosen in range(len(IDS))]
    )


@target(
    "capcodec/files/saved.py",
    plant=("capcodec/files/saved.py", "if len(data) < 4 or version > MAX_VERSION:", "if len(data) < 4:"),
    seeds=forms,
    words=('{"_struct": "', "virgl_caps_v2", "virgl_caps_v1", "00000000: ", "0x01, ", "{", "[    0.000000] ", "_tail"),
    longest=600,
)
def saved_form(data: bytes) -> None:
    """A content is refused, or is what its kind says; a kind that is recognized is the one to be asked for."""
    choices = Choices(data)
    kind, capset_id, prefer = choices.pick(KINDS), choices.pick(IDS), choices.pick(PREFER)
    content = choices.rest()
    with refusing():
        found = saved.load(content, kind, capset_id, prefer)
        assert found.kind == (kind or saved.recognize(content))
        assert len(found.data) <= max(ROOM, 40 * len(content)), "a dump is not shorter than what it shows"
        assert found == saved.load(content, found.kind, capset_id, prefer)
        if found.kind == "raw":
            assert found.data == content
        if found.kind == "file":
            assert found.data in content
            assert found.capset_id in {record.capset_id for record in capset_file.load(content)}
        if found.kind == "json":
            assert found.capset_id in CAPSETS
        if kind is None and found.kind not in ("file", "json") and content:
            assert int.from_bytes(found.data[:4], "little") <= saved.MAX_VERSION
