"""The fuzz targets, without a fuzzer: their own seeds, and some random changes of these.

This runs everywhere. `tests/fuzz/run.py` is the real thing.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from targets import load_all

TREE = Path(__file__).parents[2]
TARGETS = load_all()
CHANGES = 60


def changed(seed: bytes, rng: random.Random) -> bytes:
    data = bytearray(seed)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data) + 1)
        data[at : at + rng.choice([0, 1, 1, 1, 9])] = rng.randbytes(rng.choice([0, 1, 1, 1, 5]))
    return bytes(data)


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_changes_of_them(name):
    rng = random.Random(7)
    seeds = TARGETS[name].seeds()
    for seed in seeds:
        TARGETS[name].run(seed)
    for _ in range(CHANGES):
        TARGETS[name].run(changed(rng.choice(seeds), rng))


def test_every_fault_can_be_planted():
    """What stands in the file has gone, or stands there twice, when the code has changed."""
    plants = {name: found.plant for name, found in TARGETS.items()}
    for path in (TREE / "tests" / "fuzz" / "c").glob("fuzz_*.c"):
        plants[path.name] = re.search(r"plant: (.*?) \| (.*) \| (.*)", path.read_text()).groups()
    assert {name: (TREE / file).read_text().count(text) for name, (file, text, _) in plants.items()} == dict.fromkeys(
        plants, 1
    )
