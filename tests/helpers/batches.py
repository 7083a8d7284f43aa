"""Random fleets as record batches."""

from __future__ import annotations

import random

import pytest

from capcodec import VirglCapsV2, captures
from capcodec.fleet.alike import ALONE
from fleets import fleet

pyarrow = pytest.importorskip("pyarrow", reason="there is no wheel of it for this machine or this Python")
from capcodec.fleet.records import records  # noqa: E402


def alone(rng: random.Random, host: bytes) -> bytes:
    """The host with other values in the fields that stand alone."""
    made = bytearray(host)
    for field in (VirglCapsV2.fields[path] for path in ALONE):
        if len(made) >= field.end and rng.random() < 0.7:
            values = (
                bytes(field.size),
                b"\xff" * field.size,
                b"\x01".ljust(field.size, b"\0"),
                rng.randbytes(field.size),
            )
            made[field.offset : field.end] = rng.choice(values)
    return bytes(made)


def hosts_of(rng: random.Random) -> list[bytes]:
    """Some hosts that are equal, and some that are but for the fields that stand alone."""
    hosts = [each for host in fleet(rng) for each in (host, alone(rng, host), alone(rng, host))]
    return rng.choices(hosts, k=rng.choice((1, 2, 9, 20)))


def batch_of(hosts: list[bytes], capset_id: int = 2) -> pyarrow.RecordBatch:
    (batch,) = records((f"host-{number}", capset_id, host) for number, host in enumerate(hosts))
    return batch


def joined(*batches: pyarrow.RecordBatch) -> pyarrow.RecordBatch:
    """One behind the other."""
    return pyarrow.Table.from_batches(batches).combine_chunks().to_batches()[0]


def mixed(rng: random.Random) -> pyarrow.RecordBatch:
    """Hosts with several capsets each."""
    rows = [(f"host-{number}", 2, host) for number, host in enumerate(hosts_of(rng))]
    for capset_id in (1, 4, 6):
        names = captures.names(capset_id)
        rows += [(f"host-{number}", capset_id, captures.load(rng.choice(names))) for number in range(3) if names]
    rng.shuffle(rows)
    (batch,) = records(rows)
    return batch
