"""The errors: one root, the fitting builtins, and values that messages show."""

from __future__ import annotations

import pickle

import pytest

import capcodec
from capcodec import CapcodecError, UnknownFieldError, errors
from capcodec.errors import ResponseError, clipped, shown, wrong_buffer

ALL = [found for found in vars(errors).values() if isinstance(found, type)]
BUILTINS = {
    "ArgumentError": ValueError,
    "SchemaError": ValueError,
    "FieldAbsentError": AttributeError,
    "UnknownFieldError": (AttributeError, KeyError),
    "UnknownLayoutError": KeyError,
    "FieldTypeError": TypeError,
    "FieldRangeError": OverflowError,
    "FieldIndexError": IndexError,
    "FieldLengthError": ValueError,
    "SizeStepError": ValueError,
    "BufferAccessError": (BufferError, TypeError),
    "TextError": ValueError,
    "MessageError": ValueError,
    "ResponseError": ValueError,
    "BaselineError": ValueError,
    "KernelError": OSError,
    "HeaderError": ValueError,
    "RepositoryError": OSError,
    "SourceError": OSError,
}


def test_one_root_and_the_builtin_that_fits():
    assert {error.__name__ for error in ALL} == {*BUILTINS, "CapcodecError"}
    for error in ALL:
        assert issubclass(error, CapcodecError)
        assert getattr(capcodec, error.__name__) is error
        fitting = BUILTINS.get(error.__name__, ())
        for builtin in fitting if isinstance(fitting, tuple) else (fitting,):
            assert issubclass(error, builtin)


@pytest.mark.parametrize("error", ALL, ids=lambda error: error.__name__)
def test_messages_are_plain_and_survive_pickling(error):
    made = error("what happened", 5) if error is ResponseError else error("what happened")
    copy = pickle.loads(pickle.dumps(made))
    assert type(copy) is error
    assert str(copy) == str(made) == "what happened"
    assert getattr(copy, "code", 5) == 5


def test_hints_are_not_quoted():
    assert str(UnknownFieldError("s has no field 'x'")) == "s has no field 'x'"


class Broken:
    def __repr__(self):
        raise RuntimeError("no")


class Long:
    def __repr__(self):
        return "x" * 10**6


@pytest.mark.parametrize(
    ("value", "start"),
    [
        (5, "5"),
        ("text", "'text'"),
        ("x" * 10**7, "'xxx"),
        (b"y" * 10**7, "b'yyy"),
        (bytearray(10**7), "bytearray(b'"),
        (list(range(10**6)), "[0, 1, 2"),
        ({i: i for i in range(1000)}, "{0: 0"),
        ([[[[[[[[[[]]]]]]]]]], "[["),
        (10**4000, "1000"),
        (10**10_000, ""),
        (Broken(), "<Broken"),
        (Long(), "xxx"),
        ("\ud800", "'\\ud800'"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_in_messages_are_short(value, start):
    assert clipped(value).startswith(start)
    assert len(clipped(value)) <= 60
    assert shown(value) == f"{type(value).__name__} {clipped(value)}"
    clipped(value).encode()


def test_wrong_buffers_say_whose_and_why():
    error = wrong_buffer("min_copy to dst", "a writable buffer", b"abc", "it is read-only")
    assert str(error) == "min_copy to dst: expected a writable buffer, got bytes b'abc' (it is read-only)"
    assert str(wrong_buffer(capcodec.VirglCapsV1.layout, "x", 5, "why")).startswith(
        "virgl_caps_v1: expected x, got int 5"
    )
