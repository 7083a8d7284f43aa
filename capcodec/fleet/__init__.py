"""Many hosts: :func:`baseline` finds what all of them can serve; :class:`Meet` does, of capsets gathered in parts."""

from __future__ import annotations

from .baseline import Baseline, baseline, fits
from .meet import Meet
from .promises import Excess

__all__ = ["Baseline", "Excess", "Meet", "baseline", "fits"]
