"""What all of several hosts promise. It can be worked out in any order and in parts: in a tree, on many machines."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import ArgumentError, BaselineError
from ..registry import decoded, find
from .encoding import encoded
from .promises import both, excess, seen, sent, struct_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from ..structs._classes import Struct
    from .promises import Excess, _Promises


class Meet(NamedTuple):
    """What all of some hosts promise; ``a & b`` is that of the hosts of both.

    Attributes:
        capset_id: of all hosts.
        size: bytes of the longest, and at most those of the newest layout.
        whole: what they sent, while all sent the same; else None.
        sent: what the capsets tell.
        seen: what guests make of them, by version of Mesa.
    """

    capset_id: int
    size: int
    whole: bytes | None
    sent: _Promises
    seen: dict[str, _Promises]

    @classmethod
    def of(cls, host: Any, capset_id: int | str | None = None) -> Meet:
        """That of one host.

        Args:
            host: bytes as it sent them, or an instance.
            capset_id: which capset it is; guessed from the size if not given.

        Raises:
            ArgumentError: it is no capset, or the size does not tell which.
            BufferAccessError: ``host`` is no contiguous buffer.
        """
        caps = decoded(host, capset_id)
        number, data = caps.capset_id, caps.pack()
        if number is None:
            raise ArgumentError(f"{caps.name} is no capset")
        known = data[: find(number).cls.size]  # of what is not known, nothing can be promised
        return cls(number, len(known), data, sent(known, number), seen(known, number))

    def __and__(self, other: Meet) -> Meet:
        """That of the hosts of both.

        Raises:
            BaselineError: they offer different capsets.
        """
        return self.all([self, other])

    @classmethod
    def all(cls, meets: Sequence[Meet]) -> Meet:
        """That of the hosts of one or more.

        Raises:
            BaselineError: they offer different capsets.
        """
        first, *rest = meets
        for other in rest:
            first.check(other)
        caps = struct_of(first.capset_id)
        return cls(
            first.capset_id,
            max(each.size for each in meets),
            first.whole if all(each.whole == first.whole for each in rest) else None,
            both([each.sent for each in meets], caps),
            {mesa: both([each.seen[mesa] for each in meets], caps) for mesa in first.seen},
        )

    def excess(self, other: Meet) -> Iterator[Excess]:
        """Where it promises more than another.

        Raises:
            BaselineError: it is of another capset.
        """
        self.check(other)
        for mesa, mine in self.seen.items():
            yield from excess(mesa, mine, other.seen[mesa], struct_of(self.capset_id))

    def check(self, other: Meet, name: str = "some", other_name: str = "others") -> None:
        """Raise BaselineError if they are of different capsets."""
        if self.capset_id != other.capset_id:
            told = f"{name} offer capset {self.capset_id}, {other_name} capset {other.capset_id}"
            raise BaselineError(f"hosts offer different capsets: {told}")

    def caps(self) -> Struct:
        """The largest capset found that promises no guest more than all of the hosts do.

        It ends at a size step, unless it is what all of them sent, byte for byte.

        Raises:
            BaselineError: there is none.
        """
        caps, over = self.encoded()
        if over:
            raise refusal(over[0])
        return caps

    def encoded(self) -> tuple[Struct, list[Excess]]:
        """The capset, and where it promises too much all the same."""
        if self.whole is not None:
            return find(self.capset_id).cls.unpack(self.whole), []
        return encoded(self.capset_id, self.size, self.sent, self.seen)

    def __repr__(self) -> str:
        return f"<what hosts of capset {self.capset_id} promise together, in {self.size} bytes>"


def refusal(over: Excess, more: str = "") -> BaselineError:
    """No capset serves all hosts; ``more`` says which are at odds, and why."""
    what = f"Mesa {over.mesa} would take {over.promised!r} where a host has {over.has!r}"
    if not over.mesa:
        what = "hosts differ, and nobody has said which value promises less"
    error = BaselineError(f"no capset serves all hosts: {over.field}: {what}{more}")
    error.field = over.field
    return error
