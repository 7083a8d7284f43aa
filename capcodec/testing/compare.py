"""Two instances that should be equal, and are not: which fields differ, a line for each."""

from __future__ import annotations

from ..errors import CapcodecError
from ..meaning.diff import diff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..structs._classes import Struct


def explain(before: Struct, after: Struct) -> list[str]:
    """What differs, in the order of the header: ``v1.max_samples: 4 -> 8``."""
    try:
        return [str(change) for change in diff(before, after)]
    except CapcodecError as error:  # of two structs
        return [str(error)]
