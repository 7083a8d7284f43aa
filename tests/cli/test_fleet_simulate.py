"""A simulated fleet goes into a Parquet file."""

from __future__ import annotations

import json

import pytest

from command import run

pytest.importorskip("pyarrow", reason="there is no wheel of it for this machine or this Python")
from pyarrow import parquet

from capcodec.fleet.simulate import simulate


def test_the_file(tmp_path):
    out = str(tmp_path / "fleet.parquet")
    told = json.loads(run("fleet", "simulate", "-n", "50", "--seed", "4", "--distinct", "9", "-o", out, "--json"))
    (expected,) = simulate(50, 4, 9)
    assert told == {"output": out, "hosts": 50, "records": len(expected)}
    assert parquet.read_table(out, columns=expected.schema.names).to_pylist() == expected.to_pylist()
    assert run("fleet", "simulate", "-n", "30", "--edits", "1", "-o", out) == ""
    edited = parquet.read_table(out).to_pylist()
    assert [row["data"] for row in edited] == next(simulate(30, edits=1.0)).column("data").to_pylist()
    assert {finding for row in edited for finding in row["findings"] or ()} >= {"all-zero", "capset1-as-capset2"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-n", "-1"], "count: expected an integer from 0 on, got int -1"),
        (["-n", "1", "--distinct", "3"], "distinct: expected an integer from 4 to 65536, got int 3"),
        (["-n", "1", "--edits", "nan"], "edits: expected a share from 0 to 1, got float nan"),
        (["-n", "1", "--seed", "-1"], "seed: expected an integer from 0 on, got int -1"),
        (["-n", "many"], "invalid int value: 'many'"),
        ([], "required: -n"),
    ],
)
def test_what_is_refused(arguments, told, tmp_path):
    out = tmp_path / "fleet.parquet"
    assert told in run("fleet", "simulate", *arguments, "-o", str(out), status=2)
    assert not out.exists()


def test_stdout_is_refused():
    assert "and not to stdout" in run("fleet", "simulate", "-n", "1", "-o", "-", status=2)
