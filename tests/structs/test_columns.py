"""Where the elements of a column lie: against what instances say, and its limits."""

from __future__ import annotations

import random
import struct
import sys
from math import prod

import pytest

from capcodec import ArgumentError, Batch, UnknownFieldError, VirglCapsV2, capset_for, define
from capcodec.schema import char, f32, f64, s8, s64, u8, u16, u32
from capcodec.schema import struct as declare
from capcodec.structs.columns import MAX_KEPT_RUNS, MAX_PLANS, MAX_RUNS, Planner, default_paths
from liars import Str

cell = declare("cell", u8("a"), s64("b[2]"), f32("c"))
grid = define(
    declare("grid", u16("head"), cell("cells[3][2]"), char("name[6]"), char("names[2][5]"), f64("tail"), s8("bit:3"))
)


def gathered(plan, record: bytes) -> bytes:
    """The runs of a plan, one behind the other."""
    starts = struct.unpack(f"={plan.pieces}I", plan.offsets)
    return b"".join(record[start : start + plan.piece] for start in starts)


@pytest.mark.parametrize(
    ("path", "format", "dims"),
    [
        ("head", "H", ()),
        ("cells.a", "B", (3, 2)),
        ("cells.b", "q", (3, 2, 2)),
        ("cells[1].b", "q", (2, 2)),
        ("cells[1][0].c", "f", ()),
        ("cells[2].b[1]", "q", (2,)),
        ("name", "6s", ()),
        ("names", "5s", (2,)),
        ("tail", "d", ()),
        ("cells", "Q", (3, 2, 4)),
        ("bit", "b", ()),
    ],
)
def test_runs_are_the_bytes_of_the_elements(path, format, dims):
    record = random.Random(path).randbytes(grid.size)
    plan = Planner(grid.layout).plan(path)
    assert (plan.format, plan.dims, plan.itemsize) == (format, dims, struct.calcsize(f"={format}"))
    assert plan.end <= grid.size
    if not plan.bits:
        found = gathered(plan, record)
        assert len(found) == plan.itemsize * prod(dims)
        column = Batch(grid, record, grid.size).column(path)
        assert memoryview(column).tobytes() == found
    assert plan.bits == (path == "bit")


def test_every_leaf_of_every_capset():
    """One run, of the bytes at which the field lies."""
    for capset_id in range(1, 11):
        cls = capset_for(capset_id)
        planner = Planner(cls.layout)
        for field in cls.layout.leaves():
            plan = planner.plan(field.path)
            assert plan.field.path == field.path
            if field.bits is None:
                assert (plan.offsets, plan.pieces) == (field.offset.to_bytes(4, sys.byteorder), 1)
                assert (plan.piece, plan.end) == (field.size, field.end)


def test_names_on_instances():
    names = default_paths(VirglCapsV2.layout)
    assert "v1" not in names
    assert names[: len(VirglCapsV2.fields["v1"].layout.fields)] == list(VirglCapsV2.fields["v1"].layout.fields)
    assert default_paths(grid.layout) == list(grid.fields)


def test_plans_are_kept_up_to_a_bound():
    planner = Planner(VirglCapsV2.layout)
    assert planner.plan("max_samples") is planner.plan("max_samples")
    assert planner.plan(Str("max_samples")) is planner.plan("max_samples")
    wide = define(declare("wide", cell(f"cells[{2 * MAX_PLANS}]")))
    planner = Planner(wide.layout)
    for i in range(MAX_PLANS + 50):
        planner.plan(f"cells[{i}].a")
    assert len(planner.made) == MAX_PLANS
    assert Planner(wide.layout).plan("cells.a").pieces > MAX_KEPT_RUNS
    spread = Planner(wide.layout)
    assert spread.plan("cells.a") is not spread.plan("cells.a")


def test_elements_in_too_many_places():
    wide = define(declare("wide", cell(f"cells[{MAX_RUNS + 1}]"), u32("last")))
    with pytest.raises(
        ArgumentError, match=r"wide.cells.a .*: a column of elements in 1048577 places, more than 1048576"
    ):
        Planner(wide.layout).plan("cells.a")
    assert Planner(wide.layout).plan("cells").pieces == 1


@pytest.mark.parametrize("path", ["nothing", "cells.x", "cells[3].a", "head.x", "head[0]", "", None, 5, ["head"]])
def test_unknown_columns(path):
    with pytest.raises(UnknownFieldError, match="grid has no "):
        Planner(grid.layout).plan(path)
