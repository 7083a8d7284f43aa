"""Fleets in record batches and in Parquet files: whatever they hold, they are read whole or refused."""

from __future__ import annotations

import io
import os
import tempfile
from contextlib import suppress
from functools import lru_cache
from itertools import islice

from capcodec import captures
from choices import CallerError, Choices, hostile

from . import refusing, target
from .fleet import changed

try:
    import pyarrow as pa
    from pyarrow import parquet as pq
except ImportError:  # it has no wheels for some machines
    pa = None
else:
    from capcodec.fleet import conditions, decoding, description, parquet, records, summary

ASKED = [
    "max_samples>=2",
    "release<0.9.0",
    "gl!=4.3",
    "capability_bits.COPY_IMAGE=1",
    "renderer=absent",
    "sampler",
    "=",
    "u",
    "bset=1",
    "findings!=sampler-overflow",
    "max_aliased_line_width>=1.5",
    "max_aliased_line_width=wide",
    "maskA=00ff",
    "capability_bits",
]
CODED = ({"use_dictionary": False}, {}, {"compression": "none", "use_dictionary": ["data"]}, {"compression": "zstd"})


@lru_cache(4)
def written(how: int) -> bytes:
    """A file of three hosts, as one of several writers would write it."""
    hosts = [("a", 2, captures.load(captures.names(2)[4])[:16]), ("h\xf6st", 4, b"\1" * 40), ("a", 1, b"")]
    file = io.BytesIO()
    pq.write_table(pa.Table.from_batches(records.records(hosts)), file, **CODED[how])
    return file.getvalue()


def seeds() -> list[bytes]:
    files = [bytes((0, how, 1, place % 256, place // 256, 255)) for how in range(4) for place in range(0, 1200, 60)]
    no_text = bytes((1, 1, 0, 0, 0, 0, 0, 0xFF, 0xFE, 0xFD, 0, 0, 0, 0, 1))  # a host's name, in a column of strings
    batches = [no_text] + [bytes((1, *range(at, at + 60))) for at in range(0, 190, 9)]
    return files + batches + [bytes((4, 0, how, *range(at, at + 40))) for how in range(5) for at in range(0, 100, 9)]


@target(
    "capcodec/fleet/records.py",
    "capcodec/fleet/parquet.py",
    "capcodec/fleet/description.py",
    "capcodec/fleet/decoding.py",
    "capcodec/fleet/conditions.py",
    "capcodec/fleet/summary.py",
    plant=("capcodec/fleet/records.py", "column.validate(full=True)", "column.validate()"),
    seeds=seeds,
)
def fleet_files(data: bytes) -> None:
    """A file of three hosts with some of its bytes changed; a batch of columns of any types; or any objects."""
    choices = Choices(data)
    if pa is None:
        return
    with refusing():
        how = choices.below(5)
        if how == 4:
            careless(choices)
        elif how % 2:
            taken(records.fleet_of(batch_of(choices)), choices)
        else:
            for batch in islice(file_of(choices), 3):
                taken(batch, choices)


def file_of(choices: Choices):
    content = bytearray(written(choices.below(4)))
    for _ in range(choices.below(8)):
        place = choices.number(2) % len(content)
        content[place] = choices.number()
    file = os.memfd_create("fleet")
    try:
        os.write(file, content[: len(content) - choices.below(20)] if choices.flag() else content)
        yield from parquet.read(f"/proc/self/fd/{file}")
    finally:
        os.close(file)


def batch_of(choices: Choices):
    count = choices.below(4)
    numbers = [choices.pick([1, 2, 2, 2, 4, 6, 3, 63, choices.number(4)]) for _ in range(count)]
    hosts = [choices.take(3) for _ in range(count)]
    blobs = [
        changed(choices, number) if number in (1, 2, 4) and choices.flag() else choices.take(choices.number())
        for number in numbers
    ]
    made = {
        "host": pa.array(hosts, pa.binary()),
        "capset_id": pa.array(numbers, choices.pick([pa.uint32(), pa.int64(), pa.float64()])),
        "data": pa.array(blobs, choices.pick([pa.binary(), pa.large_binary()])),
    }
    if choices.flag():
        made["host"] = made["host"].view(pa.string())  # which it need not be
    if choices.flag():
        name = choices.pick([*made])
        made[name] = choices.pick(
            [made[name].dictionary_encode, lambda: pa.nulls(count), lambda: pa.array(["2"] * count)]
        )()
    if choices.flag():
        made[choices.pick(["x", "error", "virgl2"])] = made.pop(choices.pick([*made]))
    return pa.record_batch(made)


def taken(batch, choices: Choices) -> None:
    """The steps, and what they say of one record at a time."""
    assert batch.schema.names[:3] == records.FLEET.names
    batch.validate(full=True)
    rows = batch.to_pylist()
    whole = decoding.decoded(description.describe(batch))
    whole.validate(full=True)
    for place, (row, told) in enumerate(zip(rows, whole.to_pylist(), strict=True)):
        assert {name: told[name] for name in records.FLEET.names} == {name: row[name] for name in records.FLEET.names}
        assert told["size"] == len(row["data"])
        assert (told["layout"] is None) == (told["error"] is not None)
        (alone,) = decoding.decoded(description.describe(batch.slice(place, 1))).to_pylist()
        assert repr(alone) == repr(told)
    if choices.below(8) == 7:
        with tempfile.TemporaryDirectory() as home:
            assert parquet.write(f"{home}/fleet", [batch]) == len(rows)
            again = [row for part in parquet.read(f"{home}/fleet") for row in part.to_pylist()]
            assert again == [{name: row[name] for name in records.FLEET.names} for row in rows]
    counted = summary.Summary.of([batch])
    assert counted.records.total() == len(rows)
    assert len(conditions.selected(batch, [conditions.Condition.of(choices.pick(ASKED))])) <= len(rows)


def careless(choices: Choices) -> None:
    """What else a caller may pass."""
    batch, how = batch_of(choices), choices.below(5)

    def given(*known):
        return choices.pick([*known, hostile(choices, records.FLEET.names)])

    with suppress(CallerError):
        if how == 0:
            hosts = [(given("a"), given(2), given(b"")) for _ in range(choices.below(4))]
            for made in islice(records.records(given(hosts), given(1, 2)), 4):
                assert records.fleet_of(made) == made
        elif how == 1:
            twice = pa.record_batch([batch.column(0)] * 2, ["host", "host"])
            found = records.fleet_of(given(batch, twice))
            assert len(records.of_capset(found, given(None, 2, "venus"))) <= len(found)
        elif how == 2:
            write(choices, batch, given)
        elif how == 3:
            asked = given([given(conditions.Condition.of(choices.pick(ASKED)))])
            assert len(conditions.selected(batch, asked, given(None, "virgl2", 4))) <= len(batch)
        else:
            found = summary.Summary.of(given([batch], [given(batch), batch]))
            for capset_id, count in found.records.items():
                assert all(0 < lacking < count for lacking in found.lacks(capset_id).values())


def write(choices: Choices, batch, given) -> None:
    """Files that are whole, or none."""
    more = batch.append_column(
        "more", pa.array([None] * len(batch), choices.pick([pa.month_day_nano_interval(), pa.null()]))
    )

    def breaks():
        yield batch
        raise CallerError

    with tempfile.TemporaryDirectory() as home:
        path = given(f"{home}/fleet", "/dev/null")
        if isinstance(path, (str, bytes)) and path not in (f"{home}/fleet", "/dev/null"):
            path = f"{home}/no/fleet"
        try:
            count = parquet.write(path, given([batch], [batch, more], [more], breaks(), [batch] * 3))
        except OSError:
            count = -1
        finally:
            assert os.listdir(home) in ([], ["fleet"])
        if path == f"{home}/fleet":
            assert sum(map(len, parquet.read(path))) == count
