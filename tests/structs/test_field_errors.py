"""Errors about fields name the struct, the field, where it lies, what was expected and what was got."""

from __future__ import annotations

import pytest

from capcodec import FieldLengthError, FieldRangeError, FieldTypeError, define
from capcodec.schema import char, f32, f64, s8, s64, struct, u8, u64

inner = struct("inner", u8("a"), u8("b"))
cls = define(
    struct(
        "s",
        u64("big"),
        s64("low"),
        f64("wide"),
        f32("ratio"),
        char("name[4]"),
        char("names[2][4]"),
        u8("bytes[3]"),
        inner("in"),
        inner("ins[2]"),
        s8("bit:3"),
    )
)


WRONG = [
    ("big", 1 << 64, FieldRangeError, "s.big (u64 at bytes 0..8): expected 0..18446744073709551615, got int 18446744"),
    ("big", -1, FieldRangeError, "expected 0..18446744073709551615, got int -1"),
    ("low", 1 << 63, FieldRangeError, "s.low (s64 at bytes 8..16): expected -9223372036854775808..9223372036854775807"),
    ("bit", 4, FieldRangeError, "(s8:3 at byte 49 bit 0): expected -4..3, got int 4"),
    ("ratio", 1e39, FieldRangeError, "(f32 at bytes 24..28): expected -3.4028235e+38..3.4028235e+38, got float 1e+39"),
    ("big", 10**4000, FieldRangeError, "expected 0..18446744073709551615, got int 1000000000"),
    ("big", 10**6000, FieldRangeError, "expected 0..18446744073709551615, got int "),
    ("big", 1.5, FieldTypeError, "expected an int, got float 1.5"),
    ("wide", "1", FieldTypeError, "expected a number, got str '1'"),
    ("name", "text", FieldTypeError, "expected bytes, got str 'text'"),
    ("bytes", 5, FieldTypeError, "expected a sequence of 3, got int 5"),
    ("names", 5, FieldTypeError, "expected a sequence of 2, got int 5"),
    ("in", [1], FieldTypeError, "expected a dict or a inner, got list [1]"),
    ("ins", "x" * 10**6, FieldTypeError, "expected a sequence of 2, got str 'xxx"),
    ("name", b"12345", FieldLengthError, "s.name (char[4] at bytes 28..32): expected at most 4 bytes, got 5"),
    ("names", [b"1"], FieldLengthError, "expected 2 elements, got 1"),
    ("bytes", [0] * 10**6, FieldLengthError, "expected 3 elements, got 1000000"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "error", "words"), WRONG, ids=range(len(WRONG)))
def test_wrong_values(path, value, error, words):
    caps = cls.zeros()
    with pytest.raises(error) as caught:
        caps[path] = value
    assert words in str(caught.value)
    assert len(str(caught.value)) < 250
    assert caps == cls.zeros()
