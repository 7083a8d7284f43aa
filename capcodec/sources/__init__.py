"""Where capsets come from, live. A source returns bytes and what is known about them; none knows a schema.

:mod:`capcodec.vtest.client` asks a vtest server, :mod:`capcodec.sources.virglrenderer` the host library itself, and
:mod:`capcodec.sources.render_node` the kernel of the guest that this runs in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import SourceError

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

LARGEST = 1 << 16  # bytes of a capset that any source will make room for; the largest known has 1408


class Answer:
    """A capset as some party gave it.

    Attributes:
        capset_id, capset_version: what was asked for; the version is the highest that the party announced.
        data: the bytes.
        party: who gave them.
        remarks: what else is known, one sentence each.
    """

    __slots__ = ("capset_id", "capset_version", "data", "party", "remarks")

    def __init__(
        self, capset_id: int, capset_version: int, data: bytes, party: str, remarks: tuple[str, ...] = ()
    ) -> None:
        self.capset_id = capset_id
        self.capset_version = capset_version
        self.data = data
        self.party = party
        self.remarks = remarks

    def __repr__(self) -> str:
        return f"<capset {self.capset_id} version {self.capset_version}, {len(self.data)} bytes from {self.party}>"


class Closing:
    """Something to be closed, as a context manager does."""

    def close(self) -> None:
        """Let go of what it holds; once more does nothing."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def bounded(size: int, party: str) -> int:
    """``size`` bytes, if that is a size to make room for.

    Raises:
        SourceError: it is more than any capset will ever need.
    """
    if size > LARGEST:
        raise SourceError(f"{party} announces {size} bytes, and no capset has more than {LARGEST}")
    return size
