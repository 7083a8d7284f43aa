"""Every way in which a struct can change, and the verdict on it; and random changes of real headers."""

from __future__ import annotations

from pathlib import Path

import pytest

from capcodec.errors import HeaderError
from capcodec.upstream import judge
from capcodec.upstream.header import Options, read_text
from capcodec.upstream.rules_file import Rules, parse
from mutated import mutate, right

BASE = "unsigned int a; unsigned int b; unsigned int c;"
INNER = "struct inner { unsigned x; };"
CASES = {
    "nothing": (BASE, BASE, []),
    "typedefs are no change": ("unsigned int a;", "__UINT32_TYPE__ a;", []),
    "append": (BASE, BASE + "int d;", [("append", "it.d")]),
    "two appended": (BASE, BASE + "int d, e;", [("append", "it.d"), ("append", "it.e")]),
    "filled padding": ("char a; int b;", "char a; char new; int b;", [("filled-padding", "it.new")]),
    "filled padding at the end": ("long a; int b;", "long a; int b; int new;", [("filled-padding", "it.new")]),
    "a reserved field used": (
        "int a; int reserved[2]; int b;", "int a; int new; int reserved; int b;", [("filled-padding", "it.new")],
    ),
    "a spare bit used": ("unsigned a:1; unsigned b:1;", "unsigned a:1; unsigned b:1; unsigned c:1;", [("filled-padding", "it.c")]),
    "reserved bits used": (
        "unsigned a:1; unsigned reserved_1:31;", "unsigned a:1; unsigned b:1; unsigned reserved_1:30;",
        [("filled-padding", "it.b")],
    ),
    "reserved room appended": (BASE, BASE + "int reserved[4];", [("append", "it.reserved")]),
    "reserved room that grew": (
        "int a; int dummy1; int dummy2;", "int a; int dummy1[2]; int dummy2;", [("append", "it.dummy2")],
    ),
    "reserved room that is less": ("int a; int reserved[4];", "int a; int reserved[2];", [("removal", "it")]),
    "reserved room before a field that grew": (
        "int a; int reserved[4]; int b;", "int a; int reserved[6]; int b;", [("move", "it.b")],
    ),
    "insertion": (BASE, "unsigned a; unsigned new; unsigned b; unsigned c;", [("insertion", "it.new")]),
    "insertion of a bit": (
        "unsigned a:1; unsigned b:1;", "unsigned a:1; unsigned new:1; unsigned b:1;", [("insertion", "it.new")],
    ),
    "removal": (BASE, "unsigned a; unsigned c;", [("removal", "it.b")]),
    "removal at the end": (BASE, "unsigned a; unsigned b;", [("removal", "it.c")]),
    "rename": (BASE, "unsigned a; unsigned z; unsigned c;", [("rename", "it.z")]),
    "swap": (BASE, "unsigned b; unsigned a; unsigned c;", [("move", "it.a"), ("move", "it.b")]),
    "move to the end": (BASE, "unsigned b; unsigned c; unsigned a;", [("move", "it.a")]),
    "swapped bits": (
        "unsigned a:1; unsigned b:1;", "unsigned b:1; unsigned a:1;", [("bit-moved", "it.a"), ("bit-moved", "it.b")],
    ),
    "resize": (BASE, "unsigned a; unsigned long b; unsigned c;", [("resize", "it.b")]),
    "longer array": ("int a[2]; int b;", "int a[3]; int b;", [("resize", "it.a")]),
    "wider bits": ("unsigned a:1; unsigned b:1;", "unsigned a:2; unsigned b:1;", [("resize", "it.a")]),
    "retype": (BASE, "unsigned a; float b; unsigned c;", [("retype", "it.b")]),
    "signedness": (BASE, "unsigned a; int b; unsigned c;", [("signedness", "it.b")]),
    "another alignment": ("char a; int b;", "char a; int b __attribute__((aligned(8)));", [("move", "it.b")]),
    "a larger alignment of all": ("int a;", "int a; } __attribute__((aligned(64))); struct other {int x;", [("resize", "it")]),
    "another view of the same bytes": (
        "unsigned long a;", "union { unsigned long a; double f; };", [("union-arm-added", "it.f")],
    ),
    "a struct without a name grew at the end": (
        "struct { int x; } in;", "struct { int x; int y; } in;", [("append", "it.in.y"), ("nested-grew", "it.in")],
    ),
    "a union arm grew": (
        "union { struct { int x; } m; char c; } u;", "union { struct { int x; int y; } m; char c; } u;",
        [("append", "it.u.m.y"), ("nested-grew", "it.u"), ("union-arm-grew", "it.u.m")],
    ),
    "a union arm added": (
        "int kind; union { int m; } u;", "int kind; union { int m; float f; } u;", [("union-arm-added", "it.u.f")],
    ),
}  # fmt: skip
BROKEN = {"insertion", "removal", "move", "bit-moved", "resize", "retype", "signedness"}


@pytest.mark.parametrize("case", CASES)
def test_verdicts(case, header):
    old, new, expected = CASES[case]
    one, other = (header(f"struct it {{ {body} }};") for body in (old, new))
    found = [
        change for change in judge.compare(one, other, Rules()) if change.kind != "added"
    ]  # fmt: skip
    assert sorted((change.kind, change.subject.removeprefix("struct ")) for change in found) == sorted(expected)
    for change in found:
        assert change.severity == ("broken" if change.kind in BROKEN else "note" if change.kind == "rename" else "fine")
        assert change.line == 1


NESTED = {
    "at the end": ("struct it { int a; struct inner in; };", "fine"),
    "in the middle": ("struct it { struct inner in; int a; };", "broken"),
    "in an array": ("struct it { int a; struct inner in[2]; };", "broken"),
}


@pytest.mark.parametrize("case", NESTED)
def test_a_nested_struct_that_grew(case, header):
    outer, severity = NESTED[case]
    changes = judge.compare(header(INNER + outer), header("struct inner { unsigned x; unsigned y; };" + outer), Rules())
    found = {change.kind: change for change in changes}
    assert set(found) == {"append", "nested-grew"}
    assert found["nested-grew"].severity == severity
    assert found["nested-grew"].subject == "struct it.in"


def test_the_wake_is_told_with_its_cause(header):
    changes = judge.compare(header("struct it { int a, b, c; };"), header("struct it { int n, a, b, c; };"), Rules())
    assert [change.sentence for change in changes] == [
        "struct it.n: stands between fields that were there, which moves 3 other fields, from a on (int at bytes 0..4)"
    ]


def test_a_struct_that_is_gone_or_renamed(header):
    changes = judge.compare(
        header("struct a { int x; }; struct b { long y; };"), header("struct c { long y; };"), Rules()
    )
    assert [(change.kind, change.subject) for change in changes] == [("removal", "struct a"), ("rename", "struct c")]


def test_frozen(header):
    rules = parse(b'[struct.it]\nfrozen = true\nreason = "old guests overrun"\n')
    (change,) = judge.compare(header("struct it { int a; };"), header("struct it { int a, b; };"), rules)
    assert (change.kind, change.severity) == ("append", "broken")
    assert "it is frozen: old guests overrun" in change.sentence


REAL = [Path("/usr/include/linux") / name for name in ("io_uring.h", "fuse.h", "videodev2.h")]


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_random_changes_of_real_headers(path):
    """The verdict is what was done. CAPCODEC_MUTATIONS sets how many; tests/long does more."""
    import os

    if not path.exists():
        pytest.skip(f"{path} is missing: install Debian's package linux-libc-dev")
    text = path.read_text()
    count = int(os.environ.get("CAPCODEC_MUTATIONS", "8"))
    options = Options(directories=(str(path.parent),))
    old = read_text("it.h", text.encode(), options)
    done = [made for seed in range(count * 4) if (made := mutate(text, seed))][:count]
    assert len(done) >= count / 2
    read = judge.read_all([lambda made=made: read_text("it.h", made.text.encode(), options) for made in done])
    for made, new in zip(done, read, strict=True):
        assert not isinstance(new, HeaderError), (made.what, new)
        changes = judge.compare(old, new, Rules())
        assert right(made, changes), (made.what, made.subject, changes)
