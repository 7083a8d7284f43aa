"""The figures that ``capcodec bench`` shows, and what it says of their worth."""

from __future__ import annotations

import json
import subprocess

import pytest

from capcodec import VirglCapsV1, VirglCapsV2
from capcodec.cli.bench import SIZES, verdict
from capcodec.measure import Row, Timing
from command import BIN


def bench(*arguments: str, **named) -> subprocess.CompletedProcess:
    return subprocess.run([BIN / "capcodec", "bench", *arguments], capture_output=True, text=True, cwd=BIN, **named)


def test_noise_is_said():
    quiet = Row(1, 1, {"x": Timing([1.0, 1.1, 1.2])})
    noisy = Row(1, 1, {"x": Timing([1.0, 1.3, 1.4])})
    assert "0 of 3 rows spread by more than 25%" in verdict([quiet] * 3)
    assert "trust the others" in verdict([quiet, quiet, quiet, noisy])
    assert "too noisy to trust" in verdict([quiet, noisy])


def test_sizes_are_today_s():
    assert SIZES[0] == VirglCapsV1.size
    assert SIZES[-1] == VirglCapsV2.size
    assert set(SIZES[1:]) <= set(VirglCapsV2.size_steps)


def test_json():
    figures = json.loads(bench("--json", "--records", "30", "--columns").stdout)
    assert [row["size"] for row in figures["one record"]] == [*SIZES]
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


@pytest.mark.parametrize("arguments", [("--size", "0"), ("--size", str(VirglCapsV2.size + 1)), ("--records", "0")])
def test_wrong_arguments(arguments):
    result = bench(*arguments)
    assert result.returncode == 2
    assert "bench: expected 0 < --size <= --source-size" in result.stderr
