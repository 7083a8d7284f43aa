"""Errors about JSON texts: each says what was expected, what stands there, in which field, and at which place."""

from __future__ import annotations

import pytest

from capcodec import CapcodecError, FieldLengthError, FieldRangeError, FieldTypeError, TextError, VirglCapsV2, define
from capcodec.schema import char, f32, f64, s8, struct, u8, u16, u32
from capcodec.structs.json_text import MAX_UNCHECKED

cls = define(
    struct(
        "s",
        *(u8("a"), s8("b:3"), u16("words[2][2]"), char("name[4]"), char("names[2][4]"), f32("ratio"), f64("wide")),
        *(
            struct("point", u32("x_axis"), u32("y_axis"))("here"),
            struct("pair", u8("l"), u8("r"))("pairs[2]"),
            u8("end"),
        ),
    )
)
TEXT = """{
 "a": 0,
 "b": 0,
 "words": [[0, 0], [0, 0]],
 "name": "",
 "names": ["", ""],
 "ratio": 0.0,
 "wide": 0.0,
 "here": {"x_axis": 0, "y_axis": 0},
 "pairs": [{"l": 0, "r": 0}, {"l": 0, "r": 0}],
 "end": 0
}
"""
CASES = [
    ('"a": 0', '"a": 256', FieldRangeError, "s.a (u8 at byte 0): expected 0..255, got number 256 (line 2, column 7)"),
    ('"a": 0', '"a": -1', FieldRangeError, "expected 0..255, got number -1 (line 2, column 7)"),
    (
        '"a": 0',
        '"a": 1.0',
        FieldTypeError,
        "s.a (u8 at byte 0): expected an integer, got number 1.0 (line 2, column 7)",
    ),
    ('"a": 0', '"a": null', FieldTypeError, "expected an integer, got null (line 2, column 7)"),
    ('"a": 0', '"a": "\u20ac"', FieldTypeError, 'expected an integer, got string "\u20ac" (line 2, column 7)'),
    (
        '"a": 0',
        '"a": ' + "9" * 99,
        FieldRangeError,
        "expected 0..255, got number " + "9" * 57 + "... (line 2, column 7)",
    ),
    ('"b": 0', '"b": true, "a": 4', TextError, "s: 'a' stands twice in one object (line 3, column 13)"),
    (
        '"b": 0',
        '"b": 4',
        FieldRangeError,
        "s.b (s8:3 at byte 1 bit 0): expected -4..3, got number 4 (line 3, column 7)",
    ),
    (
        "[0, 0]]",
        "[0, {}]]",
        FieldTypeError,
        "s.words[1][1] (u16 at bytes 8..10): expected an integer, got dict (line 4, column",
    ),
    (
        "[0, 0]]",
        "[0]]",
        FieldLengthError,
        "s.words[1] (u16[2] at bytes 6..10): expected 2 elements, got 1 (line 4, column 20)",
    ),
    (
        "[[0, 0], [0, 0]]",
        "5",
        FieldTypeError,
        "s.words (u16[2][2] at bytes 2..10): expected an array of 2, got number 5",
    ),
    ('"name": ""', '"name": "\u20ac"', TextError, "expected characters up to U+00FF, one for each byte, got string"),
    ('"name": ""', '"name": "\\u00e9\xe9xyz"', FieldLengthError, "expected at most 4 bytes, got 5 (line 5, column 10)"),
    ('"name": ""', '"name": 5', FieldTypeError, "s.name (char[4] at bytes 10..14): expected a string, got number 5"),
    ('["", ""]', '["", []]', FieldTypeError, "s.names[1] (char[4] at bytes 18..22): expected a string, got list"),
    ('"ratio": 0.0', '"ratio": 1e39', FieldRangeError, "s.ratio (f32 at bytes 24..28): expected -3.4028235e+38..3.40"),
    (
        '"ratio": 0.0',
        '"ratio": "nan:0x7f800000"',
        TextError,
        'or the bits of a NaN, got string "nan:0x7f800000" (line 7',
    ),
    (
        '"wide": 0.0',
        '"wide": 1e999',
        TextError,
        "expected a finite number, or a string such as 'inf', got number 1e999",
    ),
    ('"wide": 0.0', '"wide": []', FieldTypeError, "s.wide (f64 at bytes 32..40): expected a number, got list (line 8"),
    (
        '"y_axis": 0',
        '"y_axes": 0',
        CapcodecError,
        "s.here: point has no field 'y_axes'; did you mean 'y_axis'? (line 9, column 24)",
    ),
    (
        '"l": 0, "r"',
        '"l": 0, "rr"',
        CapcodecError,
        "s.pairs[0]: pair has no field 'rr'; did you mean 'r'? (line 10, column 21)",
    ),
    ('"l": 0, "r": 0}, ', '"r": 0}, ', TextError, "s.pairs[0].l (u8 at byte 48) is missing (line 10, column 12)"),
    ('{"x_axis": 0, "y_axis": 0}', "[]", FieldTypeError, "expected an object: a point, got list (line 9, column 10)"),
    (' "end": 0', ' "ends": 0', CapcodecError, "s has no field 'ends'; did you mean 'end'? (line 11, column 2)"),
    (
        '"ratio": 0.0',
        '"ration": 0.0',
        CapcodecError,
        "s has no field 'ration'; did you mean 'ratio'? (line 7, column 2)",
    ),
    (
        ' "ratio": 0.0,\n',
        "",
        TextError,
        "s.wide (f64 at bytes 32..40) is given, but a field before it is missing, at byte 24",
    ),
    ("0,\n", "0\n", TextError, "s: not JSON: expected ',' or '}' (line 3, column 2)"),
    ("[0, 0]", "[0, 0", TextError, "s: not JSON: expected ',' or ']' (line 5, column 8)"),
    ('"a"', "a", TextError, "s: not JSON: expected a key in double quotes (line 2, column 2)"),
    ('"a":', '"a"', TextError, "s: not JSON: expected ':' (line 2, column 6)"),
    ('"a": 0', '"a": ,', TextError, "s: not JSON: expected a value (line 2, column 7)"),
    (
        '"a": 0',
        '"a": -Infinity',
        TextError,
        "s: -Infinity is no JSON; expected a string such as 'inf' or 'nan:0x7fc00000' (",
    ),
    (
        '"name": ""',
        '"name": "\t"',
        TextError,
        "not JSON: expected no control character within a string (line 5, column 11)",
    ),
    ('"name": ""', '"name": "\\x"', TextError, "not JSON: expected an escape that JSON knows (line 5, column 11)"),
    ('"name": ""', '"name": "\\u12g4"', TextError, "not JSON: expected an escape that JSON knows (line 5, column 11)"),
    ("}\n", "} }\n", TextError, "s: not JSON: expected nothing more (line 12, column 3)"),
    ("{\n", '{"_struct": 5,\n', TextError, "expected the text of a s, got that of number 5 (line 1, column 13)"),
    ("{\n", '{"_struct": "t",\n', TextError, "expected the text of a s, got that of 't' (line 1, column 13)"),
    (
        "{\n",
        '{"_valid_size": -1,\n',
        TextError,
        "s: expected a _valid_size of 0..56, got number -1 (line 1, column 17)",
    ),
    (
        "{\n",
        '{"_tail": "0",\n',
        TextError,
        's: expected hexadecimal digits in _tail, got string "0" (line 1, column 11)',
    ),
]


def test_the_text_itself_is_right():
    assert cls.from_json(TEXT) == cls.zeros()


@pytest.mark.parametrize(("old", "new", "kind", "words"), CASES, ids=range(len(CASES)))
def test_what_and_where(old, new, kind, words):
    text = TEXT.replace(old, new, 1) if old != "}\n" else TEXT[:-2] + new
    with pytest.raises(kind) as caught:
        cls.from_json(text)
    assert words in str(caught.value)


def test_columns_are_counted_in_characters():
    with pytest.raises(TextError, match=r"\(line 1, column 16\)"):
        cls.from_json('{"\u20ac\U0001f600\xe9": 0, "a" 1}')


def test_a_text_without_end_says_where_it_stops():
    with pytest.raises(TextError, match=r"expected a quote at the end of the string \(line 2, column 4\)"):
        cls.from_json('{\n "a')


def test_a_misspelt_key_is_named_in_text_and_in_dicts(newest):
    """Not the field that is missing because of it."""
    caps = VirglCapsV2.unpack(newest)
    text = caps.to_json().replace('"max_samples"', '"max_sample"')
    with pytest.raises(CapcodecError, match="no field 'max_sample'; did you mean 'max_samples'. .line 56, column 3.$"):
        VirglCapsV2.from_json(text)
    given = caps.to_dict()
    given["v1"]["max_sample"] = given["v1"].pop("max_samples")
    with pytest.raises(CapcodecError, match="no field 'max_sample'; did you mean 'max_samples'.$"):
        VirglCapsV2.from_dict(given)
    given = caps.to_dict()
    given["max_texture_2d_sizes"] = given.pop("max_texture_2d_size")
    with pytest.raises(CapcodecError, match="no field 'max_texture_2d_sizes'; did you mean 'max_texture_2d_size'.$"):
        VirglCapsV2.from_dict(given)
    given = caps.to_dict()
    given["video_caps"][3]["max_with"] = given["video_caps"][3].pop("max_width")
    with pytest.raises(CapcodecError, match=r"video_caps\[3\]: .* no field 'max_with'; did you mean 'max_width'.$"):
        VirglCapsV2.from_dict(given)


def test_too_many_values_for_the_struct():
    text = '{"a": [' + "0," * MAX_UNCHECKED
    with pytest.raises(
        TextError, match=r"not JSON of this struct: more than 150 keys and values \(line 1, column \d+\)"
    ):
        cls.from_json(text)
