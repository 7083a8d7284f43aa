"""Timing of copies: the figures, and what they are worth."""

from __future__ import annotations

import doctest
import time
import timeit
from functools import partial

import pytest

from capcodec import ArgumentError, VirglCapsV2, measure
from capcodec.measure import Row, Timing


def test_figures_of_a_row():
    row = Row(1000, 1376, {"ours": Timing([2e-5, 1e-5, 3e-5]), "memcpy": Timing([1.1e-5, 1e-5, 1e-5])})
    assert row.nanoseconds("ours") == pytest.approx(10)
    assert row.gigabytes("ours") == pytest.approx(137.6)
    assert row.timings["ours"].spread == pytest.approx(1.0)
    assert row.timings["memcpy"].spread == pytest.approx(0.0)
    assert row.noisy
    assert row.as_dict()["ours"] == {"ns_per_record": 10.0, "gb_per_s": 137.6, "spread": 1.0}


def test_noise():
    quiet = Row(1, 1, {"x": Timing([1.0, 1.1, 1.2]), "y": Timing([2.0, 2.0, 3.0])})
    noisy = Row(1, 1, {"x": Timing([1.0, 1.1, 1.2]), "y": Timing([2.0, 2.6, 2.7])})
    assert (quiet.noisy, noisy.noisy) == (False, True)
    assert "median 30% above" in repr(noisy)


def test_statements_are_timed_in_turn(monkeypatch):
    """What is measured is what ran: the second does three times the work of the first, in time of a processor."""
    monkeypatch.setattr(timeit, "Timer", partial(timeit.Timer, timer=time.process_time))
    names = {"work": lambda n: sum(range(n))}
    timings = measure.compare({"one": "work(20_000)", "three": "work(60_000)"}, names)
    assert 1.5 < timings["three"].best / timings["one"].best < 6


def test_counts():
    assert measure.counts_up_to(1) == [1]
    assert measure.counts_up_to(100) == [1, 3, 10, 30, 100]
    assert measure.counts_up_to(250) == [1, 3, 10, 30, 100, 250]


def test_rows_are_what_was_copied():
    size = VirglCapsV2.size
    rows = list(measure.single_copies((308, size), size))
    assert [(row.records, row.size) for row in rows] == [(1, 308), (1, size)]
    rows += measure.many_copies([1, 4], 380, size)
    assert [(row.records, row.size) for row in rows[2:]] == [(1, 380), (4, 380)]
    rows += measure.columns([3])
    assert (rows[-1].records, rows[-1].size) == (3, size)
    assert [list(row.timings) for row in rows[::2]] == [
        [name, "memcpy"] for name in ("min_copy", "min_copy_many", "columns")
    ]
    assert all(row.nanoseconds(name) > 0 for row in rows for name in row.timings)


@pytest.mark.parametrize(
    "rows",
    [
        measure.single_copies([0], 8),
        measure.single_copies([9], 8),
        measure.many_copies([0], 8, 8),
        measure.many_copies([1], 9, 8),
        measure.columns([0]),
    ],
)
def test_what_cannot_be_measured(rows):
    with pytest.raises(ArgumentError, match="expected records, and 0 < size <="):
        next(rows)


def test_the_machine_is_named(monkeypatch):
    assert set(measure.machine()) == {"machine", "processor", "system", "python", "compiler"}
    assert measure.machine()["processor"]

    def missing(name):
        raise FileNotFoundError(name)

    monkeypatch.setattr(measure, "open", missing, raising=False)
    monkeypatch.setattr(measure.platform, "processor", lambda: "what the system says")
    assert measure.machine()["processor"] == "what the system says"


def test_the_example():
    assert doctest.testmod(measure).attempted
    assert doctest.testmod(measure).failed == 0
