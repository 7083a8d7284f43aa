#!/usr/bin/env python3
"""Do machines together find the same as one?

    python tests/long/clusters.py [RECORDS]
    python tests/long/clusters.py --simulated HOSTS

The baseline of a fleet, a million records if not said otherwise, on threads, on a local cluster of Dask of two
processes, and in Spark (``local[2]``, which needs a Java runtime): byte for byte the same. Or the baseline and the
description of simulated hosts, on threads and on such a cluster. Ends with 1 if they are not the same.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow
import pyarrow.parquet
from distributed import LocalCluster

from capcodec import VirglCapsV2, captures
from capcodec.fleet.engine import DASK, mapped
from capcodec.fleet.records import FLEET, ROWS, records
from capcodec.fleet.reduce import MEETS, meet, meets_of
from capcodec.fleet.simulate import simulate
from capcodec.fleet.summary import Summary

NEW = [data for name in captures.names(2) if len(data := captures.load(name)) == VirglCapsV2.size]
VENUS = [captures.load(name) for name in captures.names(4)]
DIFFERENT = 300
CLUSTER = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": ":0"}
MEMORY = VirglCapsV2.fields["max_video_memory"]


def hosts(count: int) -> Iterator[tuple[str, int, bytes]]:
    """Every third has capset 4; the others differ in a bit somewhere, and in the size of their memory."""
    choose = random.Random(1)
    different = []
    for _ in range(DIFFERENT):
        data = bytearray(choose.choice(NEW))
        data[choose.randrange(300, len(data))] ^= 1 << choose.randrange(8)
        different.append(data)
    for number in range(count):
        data = choose.choice(different)
        data[MEMORY.offset : MEMORY.end] = number.to_bytes(4, "little")
        yield (f"host-{number}", 4, choose.choice(VENUS)) if number % 3 == 2 else (f"host-{number}", 2, bytes(data))


def reduced(batches: list[pyarrow.RecordBatch]) -> bytes:
    """One behind the other, and put together: the bytes of Arrow's stream."""
    whole = pyarrow.Table.from_batches(batches).cast(MEETS).combine_chunks().to_batches()
    return meet(whole[0]).serialize().to_pybytes()


def steps(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
    """For Spark."""
    return map(meet, batches)


def in_spark(path: Path) -> list[pyarrow.RecordBatch]:
    from pyspark.sql import SparkSession
    from pyspark.sql.pandas.types import from_arrow_schema

    os.environ["PYSPARK_PYTHON"] = sys.executable  # else it takes the first python3 on the path
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    with spark.config("spark.sql.execution.arrow.maxRecordsPerBatch", str(ROWS)).getOrCreate() as session:
        session.sparkContext.setLogLevel("ERROR")
        rows = session.read.parquet(str(path)).mapInArrow(steps, from_arrow_schema(MEETS)).collect()
    columns = zip(*rows, strict=True)
    arrays = [
        pyarrow.array([bytes(value) if isinstance(value, bytearray) else value for value in column], field.type)
        for column, field in zip(columns, MEETS, strict=True)
    ]
    return [pyarrow.record_batch(arrays, MEETS)]


def of_simulated(count: int) -> int:
    answers = []
    with LocalCluster(**CLUSTER) as cluster:
        for name, engine in ("threads", None), ("Dask", cluster.scheduler_address.replace("tcp://", DASK)):
            start = time.monotonic()
            found = reduced([*mapped(meet, simulate(count), engine)])
            between = time.monotonic()
            told = Summary.of(simulate(count), engine)
            took = f"baseline {between - start:.1f} s, description {time.monotonic() - between:.1f} s"
            print(f"{name}: {told.records.total():,} records of {count:,} hosts: {took}", flush=True)
            answers.append((found, vars(told)))
    return int(answers[0] != answers[1] or not answers[0][0])


def main() -> int:
    if sys.argv[1:2] == ["--simulated"]:
        return of_simulated(int(sys.argv[2]))
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    answers: dict[str, bytes] = {}

    def timed(name: str, made: list[pyarrow.RecordBatch]) -> None:
        answers[name] = reduced(made)
        print(f"{name}: {time.monotonic() - start:.1f} s", flush=True)

    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "fleet.parquet"
        with pyarrow.parquet.ParquetWriter(path, FLEET) as writer:
            for batch in records(hosts(count)):
                writer.write_batch(batch)

        def batches() -> Iterator[pyarrow.RecordBatch]:
            with pyarrow.parquet.ParquetFile(path) as file:
                yield from file.iter_batches(ROWS)

        start = time.monotonic()
        found = meets_of(batches())
        print(f"baseline of {count:,} records: {time.monotonic() - start:.1f} s", flush=True)
        for capset_id, (number, one) in found.items():
            print(f"  of {number:,} of capset {capset_id}: {one.caps().valid_size} bytes")
        start = time.monotonic()
        timed("threads", [*mapped(meet, batches())])
        with LocalCluster(**CLUSTER) as cluster:
            start = time.monotonic()
            timed("Dask", [*mapped(meet, batches(), cluster.scheduler_address.replace("tcp://", DASK))])
            assert meets_of(batches(), cluster.scheduler_address.replace("tcp://", DASK)) == found
        start = time.monotonic()
        timed("Spark", in_spark(path))
    return int(len({*answers.values()}) != 1 or not answers["Spark"])


if __name__ == "__main__":
    sys.exit(main())
