"""Headers as the compiler reads them: real ones against a program of sizeof and offsetof, and all of C's ways."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from capcodec.errors import HeaderError
from capcodec.upstream.header import Options, included, read_file, read_text
from capcodec.upstream.history import History
from capcodec.upstream.model import Struct, flat
from capcodec.upstream.rules_file import Rules
from header_oracle import checked
from real import missing

DATA = Path(__file__).parents[1] / "data"
LINUX = Path("/usr/include/linux")
REAL = [
    "perf_event",
    "sched/types",
    "mount",
    "openat2",
    "landlock",
    "virtio_gpu",
    "videodev2",
    "ethtool",
    "fuse",
    "bpf",
]
ALL_OF_C = """
#pragma pack(push, 1)
struct packed { char a; int b; long long c; };
#pragma pack(pop)
struct aligned { char a; int b __attribute__((aligned(32))); } __attribute__((aligned(64)));
typedef struct { unsigned x, y; } point;
typedef unsigned char mac[6];
enum colour { RED, GREEN = 5, BLUE, LAST = BLUE };
enum negative { MINUS = -3, PLUS = 3 };
enum large { HUGE_ONE = 0x8000000000000000ULL };
union number { float f; unsigned u; double d; };
struct all {
    point points[2][3];
    mac address, addresses[2];
    enum colour colour;
    union { struct { short inner_a; short inner_b; }; int whole; };
    struct { long deep; } named;
    signed s3 : 3;
    unsigned : 5;
    unsigned u2 : 2;
    unsigned : 0;
    unsigned char c1 : 1;
    unsigned long long wide : 40;
    _Bool flag;
    const volatile unsigned short cv;
    void *pointer;
    int (*function)(int);
    union number number;
    struct packed packed;
    struct aligned aligned;
    char text[];
};
#define NUMBER 42
#define SAME NUMBER
#define SUM (NUMBER + 0x10)
#define NEGATIVE (-1)
#define BIG 0xffffffffffffffffULL
#define TEXT "text" "more"
#define HALF 0.5
#define OF_A_SIZE sizeof(struct all)
#define OF_AN_ENUM GREEN
#define FUNCTION(x) (x)
#define TYPE struct all
#define ATTRIBUTE __attribute__((packed))
#define UNKNOWN (no_such_name + 1)
#define BROKEN (1 +
#define EMPTY
#define STATEMENT do { } while (0)
#define GONE 1
#undef GONE
"""


def test_all_of_c(tmp_path):
    path = tmp_path / "all.h"
    path.write_text(ALL_OF_C)
    header = read_file(str(path))
    assert checked(header, str(path), tmp_path) > 50
    fields = {field.name: field for field in header.structs["struct all"].fields}
    assert [fields[name].declared for name in ("points", "addresses", "text", "s3", "flag", "colour")] == [
        "point[2][3]", "unsigned char[2][6]", "char[]", "int:3", "_Bool", "enum colour",
    ]  # fmt: skip
    assert {field.name for field in flat(header.structs["struct all"])} >= {"inner_a", "inner_b", "whole"}
    assert fields["pointer"].type.kind == "pointer"
    assert isinstance(fields["named"].type, Struct)
    assert header.structs["point"].title == "point"
    assert header.structs["struct aligned"].align == 64
    values = {name: constant.value for name, constant in header.constants.items()}
    assert values == {
        "NUMBER": 42, "SAME": 42, "SUM": 58, "NEGATIVE": -1, "BIG": 2**64 - 1, "TEXT": b"textmore", "HALF": 0.5,
        "OF_A_SIZE": header.structs["struct all"].size, "OF_AN_ENUM": 5,
    }  # fmt: skip
    assert header.constants["SAME"].same_as == "NUMBER"
    enums = {enum.name: enum for enum in header.enums}
    assert [(member.name, member.value, member.same_as) for member in enums["colour"].members][-1] == (
        "LAST",
        6,
        "BLUE",
    )
    assert [member.value for member in enums["negative"].members] == [-3, 3]
    assert enums["large"].members[0].value == 2**63


def test_names_with_dollars_and_strings_with_form_feeds(tmp_path):
    path = tmp_path / "odd.h"
    path.write_text(
        '#define a 1\n#define a$b 2\n#define $c (a$b + a)\n#define d$(x) 4\n#define text "x\fy"\n#define last 5\n'
    )
    found = read_file(str(path)).constants
    assert {name: (it.value, it.line) for name, it in found.items()} == {
        "a": (1, 1), "a$b": (2, 2), "$c": (3, 3), "text": (b"x\fy", 5), "last": (5, 6),
    }  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_real_headers(name, tmp_path):
    path = LINUX / f"{name}.h"
    if not path.exists():
        missing(str(path), "linux-libc-dev")
    assert checked(read_file(str(path)), str(path), tmp_path) > 10


RECORDED = 140  # revisions of virgl_hw.h in the years that the record is of


def test_the_capsets_of_every_revision(virglrenderer):
    """As in records of what gcc said of each revision."""
    history = History(_repository(virglrenderer), Rules(Options(("stdint.h",))))
    path = "src/virgl_hw.h"
    revisions = history.repository.revisions([path], history.newest)[:RECORDED]
    history.headers([(revision.commit.id, path, revision.new) for revision in revisions])
    recorded = {row["commit"]: row for row in json.loads((DATA / "virgl_layout_history.json").read_text())["revisions"]}
    layout, seen, bare = None, 0, 0
    for revision in revisions:
        layout = recorded.get(revision.commit.id[:12], layout)
        header = history.read(revision.commit.id, path, revision.new)
        assert not isinstance(header, HeaderError), header
        bare += header.includes == ()
        for name, told in layout["structs"].items():
            struct = header.find(name)
            assert struct.size == told["size"], (revision.commit.id, name)
            assert [_row(field) for field in struct.fields] == [_told(field) for field in told["fields"]]
            seen += 1
    assert len(revisions) == RECORDED
    assert len(recorded) == 38
    assert seen > 500
    assert len(revisions) - bare == 48  # needed stdint.h


def _repository(path):
    from capcodec.upstream.repository import Repository

    return Repository(path)


def _row(field):
    if field.bits is not None:
        return field.name, field.bit, field.bits, ()
    return field.name, field.offset, None, field.dims


def _told(field):
    if "bit_size" in field:
        return field["name"], field["bit_offset"], field["bit_size"], ()
    count = field.get("count")
    return field["name"], field["offset"], None, tuple(count) if isinstance(count, list) else (count,) if count else ()


@pytest.mark.parametrize("define", [None, "ENABLE_DRM_AMDGPU"])
@pytest.mark.parametrize("which", ["venus", "drm"])
def test_the_other_capsets(virglrenderer, which, define):
    if define and not Path("/usr/include/libdrm/amdgpu.h").exists():
        missing("amdgpu.h", "libdrm-dev")
    options = Options(
        ("stdint.h",), (define,) if define else (), ("/usr/include/libdrm", "/usr/include/drm") if define else ()
    )
    history = History(_repository(virglrenderer), Rules(options))
    path = f"src/{which}_hw.h"
    told = json.loads((DATA / "venus_drm_layout_history.json").read_text())[which]
    rows = {
        row["commit"]: row
        for row in told["revisions"]
        if (row["build_flag"] or None) == (define if which == "drm" else None)
    }
    revisions = [item for item in history.repository.revisions([path], history.newest) if item.commit.id[:12] in rows]
    history.headers([(item.commit.id, path, item.new) for item in revisions])
    for item in revisions:
        header = history.read(item.commit.id, path, item.new)
        if isinstance(header, HeaderError):  # its structs stood behind a switch then
            assert "VIRGL_RENDERER_UNSTABLE_APIS" in str(header)
            continue
        row = rows[item.commit.id[:12]]
        assert header.find(told["struct"]).size == row["size"], item
        assert _places(header.find(told["struct"]).fields) == _recorded(row["fields"]), item
    assert revisions


def _places(fields):
    """Name and place, and the same of what is within."""
    return [(*_row(field), _places(field.type.fields) if isinstance(field.type, Struct) else []) for field in fields]


def _recorded(fields):
    return [(*_told(field), _recorded(field.get("fields", []))) for field in fields]


OTHERS = {
    "src/virgl_video_hw.h": (),
    "src/venus_hw.h": (),
    "src/drm_hw.h": (),
    "src/drm_hw.h with amdgpu": ("ENABLE_DRM_AMDGPU",),
    "src/virgl_protocol.h": (),
    "vtest/vtest_protocol.h": (),
}


@pytest.mark.parametrize("which", OTHERS)
def test_every_revision_of_the_other_headers(virglrenderer, which, tmp_path):
    """As a program of sizeof, offsetof and single bits says, which gcc compiles with the same header."""
    path, *_ = which.split()
    if OTHERS[which] and not Path("/usr/include/libdrm/amdgpu.h").exists():
        missing("amdgpu.h", "libdrm-dev")
    defines = ("VIRGL_RENDERER_UNSTABLE_APIS", *OTHERS[which])
    directories = ("/usr/include/libdrm",) if OTHERS[which] else ()
    before = ("stdint.h", "stdbool.h")
    history = History(_repository(virglrenderer), Rules(Options(before, defines, directories)))
    revisions = history.repository.revisions([path], history.newest)
    texts = history.repository.read(item.new for item in revisions)
    history.headers([(item.commit.id, path, item.new) for item in revisions])
    options = [word for name in before for word in ("-include", name)]
    options += [f"-D{name}" for name in defines] + [f"-I{name}" for name in directories]
    for item in revisions:
        header = history.read(item.commit.id, path, item.new)
        assert not isinstance(header, HeaderError), (item, header)
        file = tmp_path / Path(path).name
        file.write_bytes(texts[item.new])
        assert checked(header, str(file), tmp_path, tuple(options)) > 3


def test_a_type_from_elsewhere(header):
    text = "struct it { uint32_t a; };"
    with pytest.raises(HeaderError, match=r"it\.h:1:13: error: unknown type name 'uint32_t'; --include stdint.h may"):
        header(text)
    assert header(text, includes=("stdint.h",)).includes == ("stdint.h",)


def test_what_does_not_compile(header):
    with pytest.raises(HeaderError, match=r"^it\.h: error: expected"):
        header("struct it { int a;\n")


def test_both_layouts_of_a_condition(header):
    text = "struct it { int a;\n#ifdef MORE\nint b;\n#endif\n};"
    assert header(text).find("it").size == 4
    assert header(text, defines=("MORE",)).find("it").size == 8


def test_a_header_that_shows_nothing(header):
    with pytest.raises(HeaderError, match="declares nothing without a define; it would with -D UNSTABLE"):
        header("#ifndef GUARD\n#define GUARD\n#if defined(UNSTABLE) && 1\nstruct it { int a; };\n#endif\n#endif\n")
    assert header("/* nothing at all */").shows_nothing


def test_includes_come_from_the_tree_and_not_from_disk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.h").write_text("#error on disk\n")
    text = b'#include "other.h"\nstruct it { other a; };'
    assert included(text) == [("other.h", True)]
    header = read_text("src/it.h", text, beside={"src/other.h": b"typedef long other;"})
    assert header.find("it").size == 8
    with pytest.raises(HeaderError, match=r"src/it\.h:1:10: fatal error: other\.h: No such file"):
        read_text("src/it.h", text)
    with pytest.raises(HeaderError, match="leads out of its tree"):
        read_text("../it.h", text)


def test_a_file_that_is_none(tmp_path):
    for path in ("/dev/zero", str(tmp_path), str(tmp_path / "none.h")):
        with pytest.raises(HeaderError, match="no regular file|no such file"):
            read_file(path)
