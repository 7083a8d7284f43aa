"""The guest: what it assumes, asks for, and falls back to."""

from __future__ import annotations

import pytest

from capcodec import ArgumentError, CapcodecError, SizeStepError, VirglCapsV1, VirglCapsV2, flow
from parties import TODAY


def test_a_guest_falls_back_on_einval_only():
    only_1 = flow.negotiate(flow.Host({1: TODAY[1]}), flow.Vmm(), flow.Kernel(), flow.Guest(380))
    assert [(query.capset_id, query.size, query.answer) for query in only_1.queries] == [
        (2, 380, "EINVAL"),
        (1, 308, "ok"),
    ]
    for host, answer in ((flow.Host({}), "ENOSYS"), (flow.Host(TODAY, answer="never"), "EBUSY")):
        result = flow.negotiate(host, flow.Vmm(), flow.Kernel(), flow.Guest(380))
        assert [(query.capset_id, query.answer) for query in result.queries] == [(2, answer)]
        assert result.caps == VirglCapsV2.guest_defaults(380)


def test_what_guests_assume():
    assert flow.Guest(308).assumed() == VirglCapsV1.zeros()
    assert flow.Guest(696).assumed() == VirglCapsV2.guest_defaults(696)
    assert flow.Guest(696, fixed=False).assumed() == VirglCapsV2.zeros(696)


def test_an_old_kernel_refuses_the_guest_that_wants_more():
    result = flow.negotiate(
        flow.Host({1: TODAY[1]}), flow.Vmm(), flow.Kernel(fixed=False), flow.Guest(380, fixed=False)
    )
    assert result.queries[-1].answer == "EINVAL"
    assert result.caps == VirglCapsV2.zeros(380)


WRONG = [
    (lambda: flow.Guest(1400), ArgumentError, "no known capset ever had 1400 bytes"),
    (lambda: flow.Guest(1500), SizeStepError, "virgl_caps_v2 never had 1500 bytes"),
]


@pytest.mark.parametrize(("call", "error", "words"), WRONG)
def test_wrong_calls(call, error, words):
    with pytest.raises(error, match=words) as caught:
        call()
    assert isinstance(caught.value, CapcodecError)
