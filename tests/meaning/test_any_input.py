"""Whatever bytes, instances and arguments come: an answer, or an error of ours, in time that grows with the bytes."""

from __future__ import annotations

import contextlib
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

import liars
from capcodec import CapcodecError, VirglCapsV2, captures, define, diff, gl, guest_view, identify, lint
from capcodec.meaning import describe
from capcodec.meaning.vocabularies import explain
from capcodec.registry import CAPSETS
from capcodec.schema import char, f32, f64, s8, struct, u8, u32, u64

REAL = [captures.load(name) for name in captures.names()]
NAMES_OF_CAPSETS = [name for capset in CAPSETS.values() for name in capset.names]

# Structs that claim to be capsets and are none, and whose fields have names and vocabularies that do not suit them
PRETENDERS = [
    struct("my_caps", u32("max_version"), u32("n[2][3]"), f64("x"), char("c[4]"), char("cc[2][3]"), capset_id=2),
    struct("virgl_caps_v2", u8("max_samples"), f32("capability_bits"), char("renderer[2]"), u64("bset"), capset_id=2),
    struct("virgl_caps_v1", u8("max_version"), capset_id=1),
    struct(
        "odd",
        u32("w", flags={0: "A", 40: "B"}),
        u64("ww[2]", flags={63: "Z"}),
        u64("www", flags={63: "Z"}),
        u32("f[3]", meaning="virgl_format_mask"),
        u64("ff[3]", meaning="vk_extension_mask"),
        f32("g", meaning="vk_version"),
        u32("stages", meaning="pipe_shader"),
        s8("profile", meaning="pipe_video_profile"),
        char("v[3]", meaning="vk_version"),
        u32("places[2]", meaning="sample_locations"),
        u32("unknown", meaning="no_such_vocabulary"),
        capset_id=63,
    ),
    struct("plain", u32("a")),
]
CLASSES = [
    *(cls for capset in CAPSETS.values() for cls in (capset.cls, *capset.cls.variants.values())),
    *(define(schema) for schema in PRETENDERS),
    *(type(VirglCapsV2.zeros()[path]) for path in ("v1", "bset", "sampler", "video_caps[0]")),
]


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


@st.composite
def instances(draw):
    cls, data = draw(st.sampled_from(CLASSES)), draw(blobs())
    return cls.view(bytearray(data)) if draw(st.booleans()) else cls.unpack(data)


def released() -> memoryview:
    view = memoryview(b"abc")
    view.release()
    return view


ODD = [None, 3, 2.5, "text", [], {}, object(), VirglCapsV2, b"", memoryview(b"12345678")[::2], released(), liars.Int(2)]
NEITHER = st.integers(0, len(ODD) - 1).map(ODD.__getitem__)  # hypothesis would hash them
ANYTHING = blobs() | blobs().map(bytearray) | instances() | NEITHER
CAPSET_IDS = (
    st.none()
    | st.sampled_from([*CAPSETS, *NAMES_OF_CAPSETS])
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(
        [True, 2.0, b"virgl", [], {}, object(), liars.Int(2), liars.Int(77), liars.Str("venus"), "\ud800"]
    )
)
SIZES = st.none() | st.sampled_from([*VirglCapsV2.size_steps, 308, 160]) | st.integers() | NEITHER


@given(ANYTHING, CAPSET_IDS)
def test_identify(blob, capset_id):
    with contextlib.suppress(CapcodecError):
        found = identify(blob, capset_id)
        assert str(found)
        assert repr(found)
        assert json.loads(json.dumps(found.as_dict()))["releases"] == list(found.releases)
        assert all(repr(clue) for clue in found.evidence)
        assert all(type(cls.unpack(b"")) is cls for cls in found.decodings)


@given(ANYTHING, CAPSET_IDS)
def test_lint(blob, capset_id):
    with contextlib.suppress(CapcodecError):
        for finding in lint(blob, capset_id):
            assert finding.message in str(finding)
            assert json.dumps(finding.as_dict())


@given(ANYTHING, ANYTHING, CAPSET_IDS)
def test_diff(one, two, capset_id):
    with contextlib.suppress(CapcodecError):
        for change in diff(one, two, capset_id):
            assert str(change)
            assert json.dumps(change.as_dict())


@given(instances(), blobs())
def test_diff_of_two_of_a_class(one, data):
    two = type(one).unpack(data)
    there, back = diff(one, two), diff(two, one)
    assert bool(there) == (one.pack() != data)
    # As text, since a NaN equals nothing
    before = {change.path: (str(change.before), change.added) for change in there}
    assert before == {change.path: (str(change.after), change.removed) for change in back}


@given(ANYTHING, SIZES, CAPSET_IDS, st.booleans())
def test_guest_view(blob, size, capset_id, coherent):
    with contextlib.suppress(CapcodecError):
        view = guest_view(blob, size, capset_id, coherent=coherent)
        assert repr(view)
        assert len(view) == len(list(view))
        for path, seen in view.items():
            assert seen.origin in ("host", "default", "mixed", "reinterpreted")
            assert view[path] is seen
            assert repr(seen)


@pytest.mark.parametrize("path", [3, None, [], {}, "", "nope", "v1.", liars.Int(0), b"v1", "video_caps[99].profile"])
def test_what_is_no_path_of_a_view(path):
    view = guest_view(REAL[-1], capset_id=2)
    with pytest.raises(CapcodecError):
        view[path]
    assert path not in view


@given(ANYTHING, st.booleans())
def test_gl(blob, coherent):
    with contextlib.suppress(CapcodecError):
        found = gl(blob, coherent=coherent)
        if found.no_display:
            assert (found.version, found.missing) == (None, ())
        else:
            assert (2, 0) <= found.version <= (4, 6)
            assert (found.version == (4, 6)) == (not found.missing)


@given(instances(), st.sampled_from([None, ["1.0.1"], ["0.8.0", "1.3.0"]]))
def test_describe_and_explain(caps, releases):
    for field, words in describe.lines(caps, releases):
        assert field.end <= caps.valid_size
        assert isinstance(words, str)
    assert json.dumps(explain(caps, releases))


@pytest.mark.parametrize("ask", [identify, lint, guest_view, gl, lambda blob: diff(blob, blob[:-1])])
@pytest.mark.parametrize("fill", [b"\0", b"\xff"])
def test_time_grows_with_the_bytes(ask, fill):
    """A hundred times the bytes take at most a hundred times as long, and 30 MB less than a second."""
    started = time.perf_counter()
    ask(fill * 30_000_000)
    assert time.perf_counter() - started < 1 + 3  # others may be busy on this machine
