"""What bytes mean: whatever they are, there is an answer, or an error of ours."""

from __future__ import annotations

import json

from capcodec import diff, gl, guest_view, identify, lint
from capcodec.registry import CAPSETS
from choices import Choices
from targets.capsets import CLASSES, real_capsets

from . import refusing, target


@target(
    "capcodec/meaning/diff.py",
    "capcodec/meaning/guest_view.py",
    "capcodec/meaning/identify.py",
    "capcodec/meaning/lint.py",
    plant=("capcodec/meaning/guest_view.py", "if field.end <= self.copied", "if field.offset < self.copied"),
    seeds=lambda: [seed[:1] + bytes((kind,)) + seed[2:] for seed in real_capsets() for kind in range(5)],
)
def meaning(data: bytes) -> None:
    """Identify, lint, diff, guest view and GL."""
    choices = Choices(data)
    cls = choices.pick(CLASSES)
    question = choices.below(5)
    capset_id = choices.pick([None, cls.capset_id, cls.capset_id, *CAPSETS])
    size = choices.pick([None, *cls.size_steps])
    blob = choices.rest()
    with refusing():
        if question == 0:
            found = identify(blob, capset_id)
            assert str(found)
            assert repr(found)
            assert json.dumps(found.as_dict())
        elif question == 1:
            for finding in lint(blob, capset_id):
                assert str(finding)
                assert json.dumps(finding.as_dict())
        elif question == 2:
            other = bytearray(blob)
            if blob:
                other[len(blob) // 2] ^= 1
            changes = diff(blob, bytes(other), capset_id)
            assert bool(changes) == (blob != other)
            assert all(str(change) and json.dumps(change.as_dict()) for change in changes)
        elif question == 3:
            view = guest_view(blob, size, capset_id)
            assert view.copied == min(len(blob), view.caps.valid_size)
            assert all(seen.origin in ("host", "default", "mixed", "reinterpreted") for seen in view.values())
            assert all(seen.field.end <= len(blob) for seen in view.values() if seen.origin == "host")
            assert repr(view)
        else:
            verdict = gl(blob)
            assert verdict.version < (9, 9)
            assert all(str(requirement) for requirement in verdict.missing)
