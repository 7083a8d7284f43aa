"""What bytes mean: whatever they are, there is an answer, or an error of ours."""

from __future__ import annotations

import json

from capcodec import diff, identify, lint
from capcodec.registry import CAPSETS
from choices import Choices
from targets.capsets import CLASSES, real_capsets

from . import refusing, target


@target(
    "capcodec/meaning/identify.py",
    plant=("capcodec/meaning/identify.py", "", ""),
    seeds=real_capsets,
)
def meaning(data: bytes) -> None:
    choices = Choices(data)
    cls = choices.pick(CLASSES)
    question = choices.below(5)
    capset_id = choices.pick([None, cls.capset_id, cls.capset_id, *CAPSETS])
    choices.pick([None, *cls.size_steps])
    blob = choices.rest()
    with refusing():
        question %= 3
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
