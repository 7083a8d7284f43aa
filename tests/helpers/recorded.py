"""What real programs answered, recorded in tests/data."""

from __future__ import annotations

import json
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"


def load(name: str):
    return json.loads((DATA / name).read_text())
