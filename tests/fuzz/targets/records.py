"""Binary columns by Arrow's C data interface, from a producer that lies, against a plain reading of what it says.

Its buffers are long enough for what it says of its length: no consumer could see that they are not.
"""

from __future__ import annotations

import struct

from arrow_producer import DropArray, DropSchema, GetNext, OfArray, OfStream, Producer
from capcodec import Batch, VirglCapsV1
from choices import Choices

from . import refusing, target

FORMATS = [b"z", b"Z", b"vz", b"w:3", b"w:0", b"w:16", b"u", b"w:", b"w:+1", b"+s", b"zz"]
MOST = 9  # records of an array
DATA = bytes(range(256)) * 2
ODD = [-1, (1 << 63) - 1, -(1 << 63)]  # as a length or an offset: what lies between would be believed


ABOUT_ARRAYS = {
    "few buffers": lambda made: setattr(made.array, "n_buffers", 1),
    "no buffers": lambda made: setattr(made.array, "buffers", None),
    "no bitmap": lambda made: (setattr(made.array, "null_count", 1), made.pointers.__setitem__(0, None)),
    "no offsets": lambda made: made.pointers.__setitem__(1, None),
    "far away": lambda made: (setattr(made.array, "offset", 1 << 40), setattr(made.schema, "format", b"w:4000000000")),
}
ABOUT_ALL = {
    "no type": lambda made: setattr(made.schema, "release", DropSchema()),
    "no array": lambda made: setattr(made.array, "release", DropArray()),
    "no schema": lambda made: (setattr(made, "schema_fails", 5), made.say(b"because")),
    "no callback": lambda made: setattr(made, "bare", True),
}
UNREAD = {"no schema", "no callback"}  # of streams, of which nothing else is asked then


class Stream(OfStream):
    """One that may lack a callback."""

    bare = False

    def __arrow_c_stream__(self, requested_schema=None):
        made = super().__arrow_c_stream__()
        if self.bare:
            self.stream.get_next = GetNext()
        return made


def lie(choices: Choices, producer: Producer, told: bool) -> str:
    """Mostly none; else what nobody can believe: of all, or of arrays if records are ``told``."""
    known = ["", "", *(ABOUT_ARRAYS if told else ()), *ABOUT_ALL]
    one = choices.pick(known if isinstance(producer, Stream) else [each for each in known if each not in UNREAD])
    if one:
        (ABOUT_ARRAYS | ABOUT_ALL)[one](producer)
    return one


def number(choices: Choices, most: int) -> int:
    """Mostly a small one, seldom one that nobody expects."""
    value = choices.number()
    return ODD[value % len(ODD)] if value > 240 else value % (most + 1)


def grown(choices: Choices, count: int) -> list[int]:
    """Offsets into the data, which mostly grow."""
    found, end = [], choices.below(4)
    for _ in range(count):
        found.append(end)
        end += number(choices, 9) if choices.flag() else 0
        end = min(max(end, -5), len(DATA))
    return found


def read(format: bytes, length: int, offset: int, nulls: bytes | None, firsts: list, sizes: list[int]) -> list | None:
    """What the records are; None if they cannot be."""
    if not 0 <= length <= MOST or not 0 <= offset <= MOST:
        return None
    found = []
    for at in range(offset, offset + length):
        null = nulls is not None and not nulls[at // 8] >> at % 8 & 1
        if format == b"vz":
            size, inline, buffer, start = firsts[at]
            whole = struct.pack("=4sii", inline, buffer, start)
            if not null and size > 12 and not (0 <= buffer < len(sizes) and 0 <= start <= sizes[buffer] - size):
                return None
            if not null and size < 0:
                return None
            found.append(b"" if null else whole[:size] if size <= 12 else DATA[start : start + size])
        elif format[:1] == b"w":
            width = int(format[2:])
            found.append(b"" if null else DATA[at * width : (at + 1) * width])
        else:
            start, end = firsts[at : at + 2]
            if not 0 <= start <= end:
                return None
            found.append(b"" if null else DATA[start:end])
    return found


@target(
    "src/cc_arrow_in.h",
    "src/cc_places.h",
    plant=("src/cc_arrow_in.h", "*size = null ? 0 : end - start;", "*size = end - start;"),
    seeds=lambda: [
        bytes((kind, stream, *range(at, 240, 7))) for kind in range(11) for stream in (0, 1) for at in (1, 4)
    ],
)
def records(data: bytes) -> None:
    """A column of any of the types, or none, in one or more equal chunks; and all is released once."""
    choices = Choices(data)
    spelt = choices.pick(FORMATS)
    kind = (OfArray, Stream)[choices.number() & 1]
    length, offset = number(choices, MOST), number(choices, MOST)
    nulls = choices.take(3).ljust(3, b"\xff") if choices.flag() else None
    firsts: list = []
    sizes = [len(DATA)]
    if spelt == b"vz":
        for _ in range(2 * MOST + 1):
            size, buffer, start = (max(min(number(choices, 40), (1 << 31) - 1), -(1 << 31)) for _ in range(3))
            firsts.append((size, choices.take(4), min(buffer, 1) if buffer < 200 else buffer, start))
        buffers = [b"".join(struct.pack("=i4sii", *first) for first in firsts), DATA, struct.pack("=q", len(DATA))]
    elif spelt[:1] == b"w":
        buffers = [DATA]
    else:
        firsts = grown(choices, 2 * MOST + 1)
        buffers = [struct.pack(f"={len(firsts)}{'q' if spelt == b'Z' else 'i'}", *firsts), DATA]
    producer = kind(spelt, length, nulls, *buffers, offset=offset)
    if kind is Stream:
        producer.chunks = choices.below(4)
        producer.fails = choices.pick([0, 0, 0, 5])
    chunks = producer.chunks if kind is Stream else 1
    lied = lie(choices, producer, bool(chunks) and 0 < length <= MOST)
    fails = bool(getattr(producer, "fails", 0))
    if lied == "no array" and kind is Stream:  # so a stream ends
        chunks, lied, fails = 0, "", fails and not chunks
    known = FORMATS.index(spelt) < 6
    want = read(spelt, length, offset, nulls, firsts, sizes) if known and chunks else []
    fails |= not known or want is None or (bool(lied) and not (lied == "no offsets" and spelt == b"w:0"))
    batch = None
    with refusing():
        batch = Batch.of(VirglCapsV1, producer)
    assert (batch is None) == fails
    if batch is not None:
        assert [record.pack() for record in batch] == want * chunks
        again = Batch.of(VirglCapsV1, [record.pack() for record in batch])
        for one, other in ((batch, again), (batch[::-2], again[::-2])):
            assert one.column("max_version").tolist() == other.column("max_version").tolist()
            assert one.columns(["sampler.bitmask[0]", "bset"])["bset"].tolist() == other.column("bset").tolist()
            one.__arrow_c_array__()
        del one
    del batch
    assert producer.dropped == {
        "schema": lied not in UNREAD | {"no type"},
        "array": 0 if lied in UNREAD or lied == "no array" else chunks,
        "stream": kind is Stream,
    }
