"""Numbers and their names: what is a break, and what only looks like one."""

from __future__ import annotations

import pytest

from capcodec.upstream import numbers

FLAGS = "".join(f"#define FLAG_{name} (1u << {bit})\n" for bit, name in enumerate("ABCDEF"))
COMMANDS = "".join(
    f"#define CMD_{name} {number}\n" for number, name in enumerate(("GET", "SET", "RUN", "END_IT", "ASK"), 1)
)
LOOSE_FLAGS = "".join(f"#define FLAG_{name}_IT (1u << {bit})\n" for bit, name in enumerate("ABCDE"))
CASES = {
    "nothing": (FLAGS, FLAGS, []),
    "a new flag": (FLAGS, FLAGS + "#define FLAG_G (1u << 6)\n", [("added", "FLAG_G")]),
    "a flag gone": (FLAGS, FLAGS.replace("#define FLAG_C (1u << 2)\n", ""), [("removal", "FLAG_C")]),
    "a flag renumbered": (FLAGS, FLAGS.replace("1u << 5", "1u << 9"), [("renumbered", "FLAG_F")]),
    "a flag twice": (FLAGS, FLAGS + "#define FLAG_G (1u << 3)\n", [("number-given-twice", "FLAG_G")]),
    "a flag renamed": (FLAGS, FLAGS.replace("FLAG_B", "FLAG_Z"), [("rename", "FLAG_Z")]),
    "a flag renamed, with the old name": (
        FLAGS, FLAGS.replace("FLAG_B", "FLAG_Z") + "#define FLAG_B FLAG_Z\n", [("rename", "FLAG_Z")],
    ),
    "another word of flags": (FLAGS, FLAGS + "\n/* more */\n#define FLAG_V2_A (1u << 0)\n", [("added", "FLAG_V2_A")]),
    "a flag twice, behind numbers that are none": (
        "#define FLAG_NUMBER 5\n" + FLAGS, "#define FLAG_NUMBER 5\n" + FLAGS + "#define FLAG_G (1u << 3)\n",
        [("number-given-twice", "FLAG_G")],
    ),
    "a flag twice, of names that share one word": (
        LOOSE_FLAGS, LOOSE_FLAGS + "#define FLAG_NEW (1u << 2)\n", [("number-given-twice", "FLAG_NEW")],
    ),
    "the first flag of others": (LOOSE_FLAGS, LOOSE_FLAGS + "#define FLAG_V2_A (1u << 0)\n", [("added", "FLAG_V2_A")]),
    "the sign of a bit": ("#define FLAG_TOP (1 << 31)\n", "#define FLAG_TOP (1u << 31)\n", [("signedness", "FLAG_TOP")]),
    "a command twice": (COMMANDS, COMMANDS + "#define CMD_NEW 3\n", [("number-given-twice", "CMD_NEW")]),
    "a size that is as large as a command": (COMMANDS, COMMANDS + "#define CMD_RUN_SIZE 3\n", [("added", "CMD_RUN_SIZE")]),
    "a constant": ("#define WIDTH 640\n", "#define WIDTH 800\n", [("constant-changed", "WIDTH")]),
    "a text": ('#define PATH "/a"\n', '#define PATH "/b"\n', [("constant-changed", "PATH")]),
    "a version": ("#define MY_VERSION 2\n", "#define MY_VERSION 3\n", [("constant-changed", "MY_VERSION")]),
    "an enumerator appended": ("enum e { A, B, E_MAX };", "enum e { A, B, C, E_MAX };", [("added", "C"), ("sentinel-moved", "E_MAX")]),
    "an enumerator inserted": ("enum e { A, B, C };", "enum e { A, N, B, C };", [("added", "N"), ("renumbered", "B"), ("renumbered", "C")]),
    "an enumerator gone": ("enum e { A, B, C };", "enum e { A, C = 2 };", [("removal", "B")]),
    "an enumerator twice": ("enum e { A, B, C };", "enum e { A, B, C, D = 1 };", [("number-given-twice", "D")]),
    "two new ones with one number": ("enum e { A };", "enum e { A, B = 5, C = 5 };", [("added", "B"), ("number-given-twice", "C")]),
    "an enumerator with another name": ("enum e { A, B };", "enum e { A, B, D = B };", [("rename", "D")]),
    "behind the sentinel": (
        "enum e { A, E_MAX, INNER, E_MAX_EXTENDED };", "enum e { A, B, E_MAX, INNER, E_MAX_EXTENDED };",
        [("added", "B"), ("sentinel-moved", "E_MAX"), ("sentinel-moved", "E_MAX_EXTENDED"), ("sentinel-moved", "INNER")],
    ),
    "no sentinel, by its place": (
        "enum e { A, TRACK_END, C, D };", "enum e { A, C = 2 };", [("removal", "D"), ("removal", "TRACK_END")],
    ),
    "behind what is no sentinel": ("enum e { A, TRACK_END, C, D };", "enum e { A, TRACK_END, D = 3 };", [("removal", "C")]),
    "a sentinel that is less": (
        "enum e { A, B, E_MAX };", "enum e { A, E_MAX };", [("removal", "B"), ("renumbered", "E_MAX")],
    ),
    "a limit that grew": ("#define NAME_MAX 5\n", "#define NAME_MAX 6\n", [("sentinel-moved", "NAME_MAX")]),
    "a limit that is less": ("#define NAME_MAX 5\n", "#define NAME_MAX 4\n", [("constant-changed", "NAME_MAX")]),
    "a limit gone": ("#define NAME_MAX 5\n", "", [("removal", "NAME_MAX")]),
    "none of an enum": ("enum e { a, undefined };", "enum e { a, b, undefined };", [("added", "b"), ("sentinel-moved", "undefined")]),
    "the last of an enum": ("enum e { A, LAST_ONE_MAX_X };", "enum e { A, B, LAST_ONE_MAX_X };", [("added", "B"), ("sentinel-moved", "LAST_ONE_MAX_X")]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_verdicts(case, header):
    old, new, expected = CASES[case]
    found = list(numbers.compare(header(old), header(new)))
    told = [(change.kind, change.subject) for change in found]
    if case == "a new flag":
        assert found[0].new == "1 << 6"
    if case == "a flag renamed, with the old name":
        assert found[0].severity == "fine"
        told = told[:1]
    assert sorted(told) == sorted(expected)
