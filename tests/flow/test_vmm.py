"""The VMM and the bugs that real ones had."""

from __future__ import annotations

import pytest

from capcodec import ArgumentError, CapcodecError, flow
from parties import TODAY


def test_a_count_that_is_too_low_hides_capsets():
    assert [info.capset_id for info in flow.Kernel(flow.Host(TODAY), flow.Vmm(count=1)).capsets] == [1]


def test_index_for_id_as_vhost_device_issue_969_saw_it():
    result = flow.negotiate(flow.Host(TODAY), flow.Vmm(index_for_id=True), flow.Kernel(), flow.Guest())
    assert "logs: cap set 1: id 2, max-version 1, max-size 308" in [step.what for step in result.trace]
    assert result.caps.pack()[:308] == TODAY[2][1][:308]
    assert result.caps.renderer == b""  # hence "virgl", where it should be "virgl (...)"
    assert result.caps.max_vertex_attribs == 16


WRONG = [
    (
        lambda: flow.Vmm(features={"best"}),
        ArgumentError,
        "expected features to be some of context_init, host_visible, resource_assign_uuid, resource_blob, virgl, got",
    ),
    (
        lambda: flow.Vmm(unknown="?"),
        ArgumentError,
        "expected unknown to be one of error, id-zero, poisoned-id, got '?'",
    ),
    (lambda: flow.Vmm(count=-1), ArgumentError, "expected a count of capsets, got -1"),
]


@pytest.mark.parametrize(("call", "error", "words"), WRONG)
def test_wrong_calls(call, error, words):
    with pytest.raises(error, match=words) as caught:
        call()
    assert isinstance(caught.value, CapcodecError)
