"""The figures that ``capcodec bench`` shows, and what it says of their worth."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from capcodec import measure
from capcodec.cli.bench import verdict
from capcodec.measure import Row, Timing

BIN = Path(sys.executable).parent


def bench(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([BIN / "capcodec", "bench", *arguments], capture_output=True, text=True, cwd=BIN)


def test_figures_of_a_row():
    row = Row(1000, 1376, {"ours": Timing([2e-5, 1e-5, 3e-5]), "memcpy": Timing([1.1e-5, 1e-5, 1e-5])})
    assert row.nanoseconds("ours") == pytest.approx(10)
    assert row.gigabytes("ours") == pytest.approx(137.6)
    assert row.timings["ours"].spread == pytest.approx(1.0)
    assert row.timings["memcpy"].spread == pytest.approx(0.0)
    assert row.noisy
    assert row.as_dict()["ours"] == {"ns_per_record": 10.0, "gb_per_s": 137.6, "spread": 1.0}


def test_noise_is_said():
    quiet = Row(1, 1, {"x": Timing([1.0, 1.1, 1.2])})
    noisy = Row(1, 1, {"x": Timing([1.0, 1.3, 1.4])})
    assert "0 of 3 rows spread by more than 25%" in verdict([quiet] * 3)
    assert "trust the others" in verdict([quiet, quiet, quiet, noisy])
    assert "too noisy to trust" in verdict([quiet, noisy])


def test_statements_are_timed_in_turn():
    """What is measured is what ran: the second does three times the work of the first."""
    names = {"work": lambda n: sum(range(n))}
    timings = measure.compare({"one": "work(20_000)", "three": "work(60_000)"}, names)
    assert 1.5 < timings["three"].best / timings["one"].best < 6


def test_counts():
    assert measure.counts_up_to(1) == [1]
    assert measure.counts_up_to(100) == [1, 3, 10, 30, 100]
    assert measure.counts_up_to(250) == [1, 3, 10, 30, 100, 250]


def test_json():
    figures = json.loads(bench("--json", "--records", "30", "--columns").stdout)
    assert [row["size"] for row in figures["one record"]] == [308, 380, 688, 1376, 1408]
    assert [row["records"] for row in figures["many records"]] == [1, 3, 10, 30]
    assert {"python", "compiler", "processor", "columns"} <= figures.keys()
    for row in figures["many records"]:
        assert row["memcpy"]["ns_per_record"] > 0
        assert row["min_copy_many"]["gb_per_s"] > 0


def test_tables_and_plot():
    output = bench("--records", "300", "--size", "308").stdout
    assert "min_copy ns/record" in output
    assert "many records: ns/record by number of records" in output
    assert "rows spread by more than 25%" in output
    assert "\x1b" not in output


@pytest.mark.parametrize("arguments", [("--size", "0"), ("--size", "1409"), ("--records", "0")])
def test_wrong_arguments(arguments):
    result = bench(*arguments)
    assert result.returncode == 1
    assert "bench: expected 0 < --size <= --source-size" in result.stderr
