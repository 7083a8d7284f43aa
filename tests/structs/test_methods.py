"""Methods above the core: guest defaults, JSON, pickles."""

from __future__ import annotations

import copy
import pickle

import pytest

from capcodec import SizeStepError, VirglCapsV2, capset_for
from capcodec.registry import CAPSETS

ALL = [cls for capset in CAPSETS.values() for cls in (capset.cls, *capset.cls.variants.values())]


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_defaults_at_every_size(cls):
    """A prefix of the newest, and zero where no default is declared."""
    newest = cls.guest_defaults()
    assert newest.valid_size == cls.size
    for size in cls.size_steps:
        made = cls.guest_defaults(size)
        assert made.valid_size == size
        for field in cls.layout.leaves():
            if field.end <= size:
                expected = field.default if field.declared else cls.zeros()[field.path]
                found = made[field.path]
                assert (found if isinstance(found, (int, float, bytes)) else list(found)) == (
                    list(expected) if isinstance(expected, tuple) else expected
                )
    with pytest.raises(SizeStepError):
        cls.guest_defaults(cls.size + 1)


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickles_keep_the_class_the_variant_and_every_byte(protocol, newest):
    variant = VirglCapsV2.variants["0.9.0"]
    for caps in (VirglCapsV2.unpack(newest[:382]), VirglCapsV2.unpack(newest + b"tail"), variant.unpack(newest[:700])):
        for found in (pickle.loads(pickle.dumps(caps, protocol)), copy.deepcopy(caps)):
            assert type(found) is type(caps)
            assert found.pack() == caps.pack()


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_json_says_the_same_again(cls):
    made = cls.guest_defaults()
    assert cls.from_json(made.to_json()) == made
    assert repr(made).startswith(f"<{cls.__name__}: {cls.size} of {cls.size} bytes")


def test_text_of_one_struct_is_not_that_of_another():
    with pytest.raises(
        ValueError, match="expected the text of a virgl_caps_v2, got that of 'virgl_renderer_capset_venus'"
    ):
        VirglCapsV2.from_json(capset_for("venus").zeros().to_json())
