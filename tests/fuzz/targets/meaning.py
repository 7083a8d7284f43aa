"""What bytes mean: whatever they are, there is an answer, or an error of ours."""

from __future__ import annotations

import contextlib
import json

from capcodec import captures, diff, gl, guest_view, identify, lint
from capcodec.meaning.gl import VERSIONS
from capcodec.meaning.gl_wanted import wanted
from capcodec.meaning.mesa import MESAS, mesa_named
from capcodec.registry import CAPSETS
from choices import Choices
from targets.capsets import CLASSES, real_capsets

from . import refusing, target

NAMES = ["max_samples", "v1.max_samples", "nothing", "_hidden", "texture_multisample"]


def questions() -> list[bytes]:
    """Each question about capsets of every kind; those that releases tell apart about real ones of all releases."""
    found = [
        seed[:1] + bytes((question,)) + seed[2:4] + bytes((change,)) + seed[4:]
        for seed in real_capsets()
        for question in range(5)
        for change in (3, 14)[: 1 + (question == 2)]
    ]
    index = CLASSES.index(CAPSETS[2].cls)
    for name in captures.names(2)[::2]:
        found += [bytes((index, question, 1, 0, 100)) + captures.load(name) for question in (0, 1, 2)]
    return found


@target(
    "capcodec/meaning/diff.py",
    "capcodec/meaning/gl.py",
    "capcodec/meaning/gl_wanted.py",
    "capcodec/meaning/guest_view.py",
    "capcodec/meaning/identify.py",
    "capcodec/meaning/lint.py",
    plant=("capcodec/meaning/guest_view.py", "if field.end <= self.copied", "if field.offset < self.copied"),
    seeds=questions,
    longest=1500,
)
def meaning(data: bytes) -> None:
    """Identify, lint, diff, guest view and GL."""
    choices = Choices(data)
    cls = choices.pick(CLASSES)
    question = choices.below(5)
    capset_id = choices.pick([None, cls.capset_id, cls.capset_id, *CAPSETS])
    size = choices.pick([None, *cls.size_steps])
    change = choices.number()
    blob = choices.rest()
    with refusing():
        if question == 0:
            found = identify(blob, capset_id)
            assert str(found)
            assert repr(found)
            assert all(str(clue) and repr(clue) for clue in found.evidence)
            assert (found.likeliest is None) <= (found.reason == "" or found.ambiguous)
            assert json.dumps(found.as_dict())
        elif question == 1:
            for finding in lint(blob, capset_id):
                assert str(finding)
                assert repr(finding)
                assert json.dumps(finding.as_dict())
        elif question == 2:
            other = bytearray(blob)
            if change & 1 and blob:
                other[len(blob) * (change >> 1) >> 7] ^= 1 << change % 8
            if change % 8 == 6:
                del other[len(other) * change >> 8 :]
            elif change % 16 == 12:
                other += b"\1\2"
            changes = diff(blob, bytes(other), capset_id)
            assert bool(changes) == (blob != other)
            assert all(str(change) and repr(change) and json.dumps(change.as_dict()) for change in changes)
            diff(blob, b"\1" * 308, capset_id)
        elif question == 3:
            view = guest_view(blob, size, capset_id)
            assert view.copied == min(len(blob), view.caps.valid_size)
            assert all(seen.origin in ("host", "default", "mixed", "reinterpreted") for seen in view.values())
            assert all(seen.field.end <= len(blob) for seen in view.values() if seen.origin == "host")
            assert all(map(repr, (view, *view.values(), *view.derived.values())))
            assert all(view[path] is seen for path, seen in view.items())
            assert all(getattr(view, name) == seen.value for name, seen in view.derived.items())
            name = NAMES[change % len(NAMES)]
            with contextlib.suppress(AttributeError):
                assert getattr(view, name) == (view.derived[name] if name in view.derived else view[name]).value
        else:
            last = blob[-1] if blob else 0
            opengl(blob, MESAS[last % 3].name, [*VERSIONS][last // 3 % 3], bool(last // 9 % 2))


def opengl(blob: bytes, mesa: str, profile: str, coherent: bool) -> None:
    """A verdict lacks something of every version above it; and with what is wanted for one, a guest gets that."""
    verdict = gl(blob, mesa=mesa, coherent=coherent, capset_id=2)
    assert bool(verdict.no_display) == (verdict.version is None)
    assert all(need.holds(mesa_named(mesa)) and need.reason for need in verdict.missing)
    highest = VERSIONS[profile][-1]
    found = wanted(blob, highest, profile=profile, mesa=mesa, coherent=coherent, capset_id=2)
    if not found.beyond:
        assert gl(found.caps, mesa=mesa, coherent=coherent).of(profile) == highest
    assert all(str(change) for change in found.changes)
