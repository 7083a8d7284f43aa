"""All combinations of old and new parties."""

from __future__ import annotations

import pytest

from capcodec import ArgumentError, CapcodecError
from capcodec.flow import matrix
from parties import EXPECTED


def test_the_matrix():
    found = {" ".join(row.forms): row.result for row in matrix.rows()}
    assert found.keys() == EXPECTED.keys()
    for name, (queries, code, written, destroyed) in EXPECTED.items():
        result = found[name]
        assert [(query.capset_id, query.size) for query in result.queries] == queries, name
        assert (result.queries[-1].errno, result.written, len(result.destroyed)) == (code, written, destroyed), name


WRONG = [
    (lambda: matrix.build(vmm="best"), ArgumentError, "no vmm 'best' is known; there are old, new, good, index-for-id"),
]


@pytest.mark.parametrize(("call", "error", "words"), WRONG)
def test_wrong_calls(call, error, words):
    with pytest.raises(error, match=words) as caught:
        call()
    assert isinstance(caught.value, CapcodecError)
