"""The gate over the history of virgl_hw.h: it agrees with another reading of every commit, and with releases."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

import breaks_oracle
from capcodec.upstream import gate
from capcodec.upstream.header import Options
from capcodec.upstream.repository import Repository
from capcodec.upstream.rules_file import Rules, parse

HEADER = "src/virgl_hw.h"
RULES = Rules(Options(("stdint.h",), ("VIRGL_RENDERER_UNSTABLE_APIS",)))
LAYOUTS = Path(__file__).parents[1] / "data" / "virgl_layout_history.json"

# Breaks of layouts by commit, as its diff has them: kind, subject, and what became of it
READ = {
    # takes a bit out of the middle of a bitfield
    "03e3116a7513": [("removal", "struct virgl_caps_bool_set1.texture_buffer_object", "repaired")],
    # the word becomes a bit of the new field capability_bits, behind what was added since
    "3222f87b7329": [("removal", "struct virgl_caps_v2.tgsi_invariant", "repaired")],
    # "uint32_t max_video_memory;" is added above "uint32_t capability_bits_v2;", which no release had yet
    "7e7a4e72a1fc": [("insertion", "struct virgl_caps_v2.max_video_memory", "repaired")],
    # "move new added field to the end": 0.9.0 had shipped
    "5e2d10463d6b": [
        ("move", "struct virgl_caps_v2.capability_bits_v2", "shipped"),
        ("move", "struct virgl_caps_v2.max_video_memory", "shipped"),
    ],
}
# Names that releases have under another number, or no more, and numbers that two names have
SHIPPED = {
    "0.10.0": {"A1B5G5R5_UNORM"},  # 262, as A16L16_UNORM
    "0.10.3": {"A1R5G5B5_UNORM", "A2B10G10R10_UNORM", "A2R10G10B10_UNORM", "A4R4G4B4_UNORM"},
    "1.0.1": {
        *("A16L16_UNORM", "A8L8_UNORM", "A8L8_SNORM", "A8L8_SRGB"),  # "Removed and no user"
        *("A1B5G5R5_UNORM", "A1R5G5B5_UNORM", "A2B10G10R10_UNORM", "A2R10G10B10_UNORM", "A4R4G4B4_UNORM"),
    },
}


@pytest.fixture(scope="module")
def verdict(virglrenderer):
    return gate.repository(virglrenderer, [HEADER], rules=RULES)


@pytest.fixture(scope="module")
def texts(virglrenderer):
    """The header before and after each commit, by the commit's first twelve digits."""
    repository = Repository(virglrenderer)
    revisions = repository.revisions([HEADER], repository.head())
    read = repository.read(blob for revision in revisions for blob in (revision.old, revision.new) if blob)
    return {
        revision.commit.id[:12]: (read.get(revision.old, b"").decode(), read[revision.new].decode())
        for revision in revisions
    }


def broken(steps, dotted):
    """What broke in each step: fields of structs, or anything else."""
    found = {
        step.new: {item.subject.split()[-1] for item in step.broken if ("." in item.subject) == dotted}
        for step in steps
    }
    return {step: subjects for step, subjects in found.items() if subjects}


def test_every_name_and_number(verdict, texts):
    """No false alarm, and no miss, as a reading of the text has it."""
    assert len(texts) >= 140
    told = {
        commit: breaks_oracle.broken_names(*both) | breaks_oracle.broken_structs(*both)
        for commit, both in texts.items()
    }
    assert broken(verdict.commits, False) == {commit: names for commit, names in told.items() if names}


def test_every_layout(verdict, texts):
    """No false alarm, and no miss, as gcc lays out each revision."""
    recorded = {row["commit"]: row["structs"] for row in json.loads(LAYOUTS.read_text())["revisions"]}
    told, before = {}, {}
    for commit in texts:
        after = recorded.get(commit, before)
        if names := breaks_oracle.broken_layouts(before, after):
            told[commit] = names
        before = after
    found = {step: {name.split(".")[0] for name in names} for step, names in broken(verdict.commits, True).items()}
    assert found == told
    assert set(told) == set(READ)


def test_how_layouts_broke(verdict):
    found = {
        step.new: [(item.kind, item.subject, step.fate) for item in step.broken if "." in item.subject]
        for step in verdict.commits
    }
    assert {commit: rows for commit, rows in found.items() if rows} == READ


def test_what_shipped(verdict):
    """From release to release: the swap of 0.9.0, the formats, and nothing else."""
    layouts, names = broken(verdict.whole, True), broken(verdict.whole, False)
    assert layouts == {"0.9.1": {"virgl_caps_v2.capability_bits_v2", "virgl_caps_v2.max_video_memory"}}
    assert {
        release: {name.removeprefix("VIRGL_FORMAT_") for name in found} for release, found in names.items()
    } == SHIPPED
    assert {step.release for step in verdict.commits if step.fate == "shipped"} == {"0.9.1", *SHIPPED}


def test_what_was_appended(verdict):
    """43 fields, by 24 commits: 25 made capset 2 longer, and 7e7a4e72 did not do so at the end."""
    rows = json.loads(LAYOUTS.read_text())["revisions"]
    sizes = [(row["commit"], row["structs"].get("virgl_caps_v2", {"size": 0})["size"]) for row in rows]
    recorded = {commit for commit, _ in sizes}
    found = [
        (step.new, item) for step in verdict.commits if step.new in recorded for item in step.changes
        if item.kind == "append" and item.subject.startswith("struct virgl_caps_v2.")
    ]  # fmt: skip
    longer = {commit for (_, old), (commit, new) in pairwise(sizes) if 0 < old < new}
    assert {commit for commit, _ in found} == longer - {"7e7a4e72a1fc"}
    assert {item.severity for _, item in found} == {"fine"}


def test_a_frozen_struct(virglrenderer):
    text = b'[compile]\ninclude = ["stdint.h"]\n[struct.virgl_caps_v1]\nfrozen = true\nreason = "r"\n'
    assert gate.repository(virglrenderer, [HEADER], base="1.0.1", rules=parse(text)).status == 0
    assert gate.repository(virglrenderer, [HEADER], base="0.8.2", rules=parse(text)).status == 1
