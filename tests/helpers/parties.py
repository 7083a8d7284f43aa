"""What tests of the four parties share: capsets to offer, and the outcome of every combination, worked out by hand."""

from __future__ import annotations

import errno
import random

from hypothesis import strategies as st

from capcodec import VirglCapsV1, VirglCapsV2, captures
from capcodec.flow import matrix

SIZE = VirglCapsV2.size
PATTERN = random.Random(1).randbytes(2048)
GROWN = {1: (2, PATTERN[:380])}  # the capset 1 that must not be
TODAY = {1: (1, PATTERN[:308]), 2: (2, PATTERN[::-1][:SIZE])}
SIZES = [*VirglCapsV1.size_steps, *VirglCapsV2.size_steps]

# host, VMM, kernel, guest: capset and size of each query, errno of the last, bytes written, bytes destroyed
EXPECTED = {
    "old old old old": ([(1, 308)], errno.EINVAL, 0, 0),
    "old old old new": ([(1, 308), (1, 308)], errno.EINVAL, 0, 0),
    "old old new old": ([(1, 308)], 0, 0, 0),
    "old old new new": ([(2, SIZE), (1, 308)], 0, 0, 0),
    "old new old old": ([(1, 308)], 0, 380, 72),
    "old new old new": ([(1, 308)], 0, 380, 0),
    "old new new old": ([(1, 308)], 0, 308, 0),
    "old new new new": ([(2, SIZE), (1, 308)], 0, 308, 0),
    "new old old old": ([(1, 308)], errno.EINVAL, 0, 0),
    "new old old new": ([(1, 308), (1, 308)], errno.EINVAL, 0, 0),
    "new old new old": ([(1, 308)], 0, 0, 0),
    "new old new new": ([(2, SIZE)], 0, 308, 0),
    "new new old old": ([(1, 308)], 0, 308, 0),
    "new new old new": ([(1, 308)], 0, 308, 0),
    "new new new old": ([(1, 308)], 0, 308, 0),
    "new new new new": ([(2, SIZE)], 0, min(SIZE, len(captures.load(f"{matrix.NEWEST}.capset2.bin"))), 0),
}


def code_of(call, *arguments, **named) -> int:
    """The errno of a call, or 0."""
    try:
        call(*arguments, **named)
    except OSError as error:
        return error.errno
    return 0


capsets = st.dictionaries(
    st.sampled_from([1, 2, 4, 63]),
    st.tuples(st.integers(0, 3), st.integers(0, 1600).map(lambda size: PATTERN[:size])),
    max_size=4,
)
