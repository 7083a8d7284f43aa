"""A struct of a C header, declared and shown."""

from __future__ import annotations

from capcodec import define
from command import run
from histories import Made

TEXT = """struct inner { unsigned char x, y; };
struct it {
    unsigned a : 3;
    unsigned : 5;
    unsigned b : 4;
    struct inner in[2];
    union { float f; unsigned u; };
    char name[5];
    long late __attribute__((aligned(16)));
    void *pointer;
};
struct packed { char a; int b; } __attribute__((packed));
"""


def module(text: str, name: str):
    names: dict = {}
    exec(compile(text, "schema", "exec"), names)
    return names[name]


def test_a_declaration_that_is_code(tmp_path):
    path = tmp_path / "it.h"
    path.write_text(TEXT)
    text = run("schema", str(path), "it")
    cls = define(module(text, "it"))
    assert cls.size == 48
    assert [(field.name, field.offset, field.shift) for field in cls.fields.values() if field.name != "anonymous_1"] == [
        ("a", 0, 0), ("b", 1, 0), ("in", 2, 0), ("name", 12, 0), ("late", 32, 0), ("pointer", 40, 0),
    ]  # fmt: skip
    assert cls.fields["f"].offset == 8
    assert "no schema can say struct packed" in run("schema", str(path), "packed", status=2)
    assert "has no struct none; it has struct inner, struct it" in run("schema", str(path), "none", status=2)


def test_steps_of_a_history(tmp_path):
    made = Made(tmp_path / "made")
    made.commit({"it.h": "struct it { int a; };\n"}, tag="v1.0")
    commit = made.commit({"it.h": "struct it { int a, b; };\n"})
    text = run("schema", "--git", str(made.path), "it.h", "it")
    assert f'step(8, "{commit[:12]}", "2020-01-02", "")' in text
    assert define(module(text, "it")).size_steps == (4, 8)


def test_show(tmp_path):
    path = tmp_path / "it.h"
    path.write_text("struct it { int first; short second[2]; };")
    told = run("show", "--header", str(path), "--struct", "it", "-", stdin=b"\xff\xff\xff\xff\x01\0\x02\0tail")
    assert told.startswith("it: 8 of 8 bytes\n")
    assert "first" in told
    assert "-1" in told
    assert "tail: 4 bytes" in told
    assert '"first": -1' in run("show", "--json", "--header", str(path), "--struct", "it", "-", stdin=b"\xff" * 8)
    given = bytes(range(8))
    shown = run("show", "--header", str(path), "--struct", "it", "-", stdin=given)
    assert "plain digits, or base64" in run(
        "show", "--header", str(path), "--struct", "it", "-", stdin=given.hex().encode(), status=2
    )
    for text in ("00 01 02 03 04 05 06 07\n", run("show", "--json", "--header", str(path), "--struct", "it", "-", stdin=given),
                 "00000000: 0001 0203 0405 0607\n"):  # fmt: skip
        assert run("show", "--header", str(path), "--struct", "it", "-", stdin=text.encode()) == shown
    assert "say which with --from" in run(
        "show", "--header", str(path), "--struct", "it", "-", stdin=b"{1,2,3}\n", status=2
    )
    text = b"is this?"  # as many bytes as the struct has, and no dump
    assert str(int.from_bytes(text[:4], "little")) in run(
        "show", "--header", str(path), "--struct", "it", "-", stdin=text
    )
    assert "go together" in run("show", "--header", str(path), "-", status=2)
    assert "is no capset" in run("show", "--header", str(path), "--struct", "it", "--capset", "2", "-", status=2)
