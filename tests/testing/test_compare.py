"""Two instances that differ, in words."""

from __future__ import annotations

from capcodec import VirglCapsV1, VirglCapsV2
from capcodec.testing.compare import explain


def test_a_line_for_each_field():
    one, two = VirglCapsV2.zeros(), VirglCapsV2.zeros()
    assert explain(one, two) == []
    one.max_samples, two.max_samples, two.bset.has_fp64 = 4, 8, 1
    assert explain(one, two) == ["v1.bset: +has_fp64", "v1.max_samples: 4 -> 8"]


def test_two_structs():
    assert explain(VirglCapsV1.zeros(), VirglCapsV2.zeros()) == [
        "a virgl_caps_v1 and a virgl_caps_v2 cannot be compared"
    ]
