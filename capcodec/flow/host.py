"""The host: a virglrenderer that offers capsets."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import ArgumentError, wrong_buffer
from .party import Party

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal, TypeAlias

    from typing_extensions import Buffer

    _Version: TypeAlias = tuple[int, Buffer]
    _Answer: TypeAlias = Literal["ok", "error", "never"]

ANSWERS = ("ok", "error", "never")
WORD = range(1 << 32)  # the numbers that a field of 32 bits holds


class Offer(NamedTuple):
    """One capset that the host offers; its place in the list of offers is the capset's index."""

    capset_id: int
    max_version: int
    data: bytes


class Host(Party):
    """Offers capsets, with any bytes.

    Args:
        capsets: by capset id, in the order of the indices: the highest version and the bytes. A list of such pairs
            offers one capset several times, as RVGPU does, whose files hold a record for each version
            (rvgpu-gpu-device.c).
        answer: how the host answers a request for a capset's bytes: ``ok``, ``error`` for any error response, or
            ``never``.

    Raises:
        ArgumentError: an id or a version has more than 32 bits, or there is no such answer.
        BufferAccessError: the bytes of a capset are no buffer.
    """

    name = "host"

    def __init__(self, capsets: Mapping[int, _Version | list[_Version]], *, answer: _Answer = "ok") -> None:
        super().__init__()
        if answer not in ANSWERS:
            raise ArgumentError(f"Host: expected answer to be one of {', '.join(ANSWERS)}, got {answer!r}")
        self.answer = answer
        self.offers: list[Offer] = []
        for capset_id, given in capsets.items():
            for max_version, data in given if isinstance(given, list) else [given]:
                if capset_id not in WORD or max_version not in WORD:
                    raise ArgumentError(
                        f"Host: expected ids and versions of 32 bits, got capset {capset_id!r}, version {max_version!r}"
                    )
                self.offers.append(Offer(capset_id, max_version, _bytes(capset_id, data)))

    def describe(self, capset_id: int) -> tuple[int, int]:
        """Highest version and size of a capset, as ``virgl_renderer_get_cap_set`` tells them; 0 and 0 for none."""
        found = next((offer for offer in self.offers if offer.capset_id == capset_id), None)
        return (found.max_version, len(found.data)) if found else (0, 0)

    def fill(self, capset_id: int, version: int) -> bytes:
        """The bytes of a capset, as ``virgl_renderer_fill_caps`` fills them in; zeros where it cannot fill them."""
        offers = [offer for offer in self.offers if offer.capset_id == capset_id]
        for offer in offers:
            if offer.max_version >= version:
                self.tell(f"fills in its {len(offer.data)} bytes of capset {capset_id}")
                return offer.data
        self.tell(f"has no capset {capset_id} of version {version}, and fills in nothing")
        return bytes(len(offers[0].data)) if offers else b""


def _bytes(capset_id: int, data: Buffer) -> bytes:
    try:
        return bytes(memoryview(data))
    except (TypeError, ValueError, BufferError) as error:
        raise wrong_buffer("Host", f"the bytes of capset {capset_id}", data, error) from None
