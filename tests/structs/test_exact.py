"""Plain ints and strings from whatever callers give."""

from __future__ import annotations

import pytest

from capcodec.structs.exact import exact_int, exact_str
from liars import Int, Str


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


@pytest.mark.parametrize(("value", "plain"), [(5, 5), (-(10**40), -(10**40)), (True, 1), (Int(7), 7), (Index(3), 3)])
def test_integers(value, plain):
    found = exact_int(value)
    assert type(found) is int
    assert repr(found) == repr(plain)


@pytest.mark.parametrize("value", [None, 5.0, "5", b"5", [5], object(), Index("5"), Index(None)], ids=range(8))
def test_what_is_no_integer(value):
    assert exact_int(value) is None


def test_strings():
    assert exact_str("abc") == "abc"
    found = exact_str(Str("abc"))
    assert type(found) is str
    assert repr(found) == "'abc'"


class Pretends:
    """Says that it is a string."""

    __class__ = str

    def __str__(self):
        return "abc"


@pytest.mark.parametrize("value", [None, 5, b"abc", ["abc"], Pretends()], ids=range(5))
def test_what_is_no_string(value):
    assert exact_str(value) is None
