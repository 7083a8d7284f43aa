"""Hostile input is normal input: whatever bytes come, every decoder answers, or raises an error of ours."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capcodec import CapcodecError, VirglCapsV2, captures, diff, guest_view, identify, lint
from capcodec.cli import edit
from capcodec.files import capset_file, dmesg, hexdump
from capcodec.meaning import describe
from capcodec.meaning.vocabularies import explain
from capcodec.messages import virtio_gpu
from capcodec.registry import CAPSETS, decoded, guess

REAL = [captures.load(name) for name in captures.names()]


@st.composite
def blobs(draw):
    """Noise, and real capsets cut, lengthened, and changed in a few places."""
    if draw(st.booleans()):
        return draw(st.binary(max_size=1500))
    data = bytearray(draw(st.sampled_from(REAL)))
    for _ in range(draw(st.integers(0, 6))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(
        data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data + draw(st.binary(max_size=40))
    )


CAPSET_IDS = st.none() | st.sampled_from(list(CAPSETS)) | st.integers()


@given(blobs(), CAPSET_IDS)
def test_capsets(data, capset_id):
    with contextlib.suppress(CapcodecError):
        caps = decoded(data, capset_id)
        assert caps.pack() == data
        assert json.dumps(explain(caps))
        assert all(isinstance(text, str) for _, text in describe.lines(caps))
        assert type(caps).from_json(caps.to_json()) == caps
    with contextlib.suppress(CapcodecError):
        found = identify(data, capset_id)
        assert json.dumps(found.as_dict())
        assert str(found)
    with contextlib.suppress(CapcodecError):
        assert all(finding.message for finding in lint(data, capset_id))


@given(blobs(), blobs(), CAPSET_IDS)
def test_two_capsets(one, two, capset_id):
    with contextlib.suppress(CapcodecError):
        changes = diff(one, two, capset_id)
        assert bool(changes) == (one != two)
        assert json.dumps([change.as_dict() for change in changes])


@given(blobs(), st.sampled_from([None, *VirglCapsV2.size_steps]), st.booleans())
def test_the_guest_s_view(data, size, coherent):
    view = guest_view(data, size, 2, coherent=coherent)
    assert view.copied == min(len(data), size or VirglCapsV2.size)
    assert all(seen.origin in ("host", "default", "mixed", "reinterpreted") for seen in view.values())


@pytest.mark.parametrize("read", [capset_file.load, virtio_gpu.decode, virtio_gpu.capset_of, hexdump.parse])
@given(data=blobs())
def test_containers_and_messages(read, data):
    with contextlib.suppress(CapcodecError):
        read(data)


@given(st.text())
def test_text(text):
    dmesg.read(text)
    for read in (hexdump.parse, VirglCapsV2.from_json):
        with contextlib.suppress(CapcodecError):
            read(text)
    with contextlib.suppress(CapcodecError):
        edit.apply(VirglCapsV2.zeros(), [("set", text)])
    with contextlib.suppress(CapcodecError):
        edit.apply(VirglCapsV2.zeros(), [("clear", text)])


@given(st.integers(0, 1 << 20))
def test_sizes(size):
    with contextlib.suppress(CapcodecError):
        assert size in guess(size).size_steps or size > VirglCapsV2.size
