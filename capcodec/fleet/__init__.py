"""Many hosts: what all of them can serve.

:func:`baseline` finds the largest capset that promises no guest more than each host has. :class:`Meet` is what it
works with, for fleets whose capsets are gathered in parts.
"""

from __future__ import annotations

from .baseline import Baseline, Broken, baseline, fits
from .meet import Excess, Meet

__all__ = ["Baseline", "Broken", "Excess", "Meet", "baseline", "fits"]
