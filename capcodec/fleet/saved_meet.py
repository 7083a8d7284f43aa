"""What hosts promise together, as text and back: so that it can go to another machine, which need not be trusted.

The text is JSON: of the capset, and of what each Mesa makes of it, an object with the promises by name. Bytes are text
of a character for each byte; ``null`` says that hosts differ where nobody has said which value promises less.
"""

from __future__ import annotations

import json

from ..errors import ArgumentError, CapcodecError, clipped
from ..registry import find
from .meet import Meet
from .promises import CONFLICT, GL, NAMES, VIDEO, agrees, read, struct_of, way, write
from .remembered import remembered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..structs._classes import Struct
    from .promises import _Promises


def text_of(meet: Meet) -> str:
    """The promises of a meet; equal ones are equal texts."""
    saved = [_plain(meet.sent), {mesa: _plain(each) for mesa, each in meet.seen.items()}]
    return json.dumps(saved, sort_keys=True, separators=(",", ":"))


def of_text(text: str, capset_id: int, size: int) -> Meet:
    """The meet of hosts that did not all send the same.

    Args:
        text: its promises, as :func:`text_of` gives them.
        capset_id: of all hosts.
        size: bytes of the longest.

    Raises:
        ArgumentError: it is no such text, or there is no such capset, or it never had so many bytes.
    """
    like, caps = _like(capset_id), struct_of(capset_id)
    if not 0 <= size <= find(capset_id).cls.size:
        raise ArgumentError(f"no meet of capset {capset_id} is of {size} bytes")
    try:
        sent, seen = json.loads(text)
        if seen.keys() != like.seen.keys():
            raise ValueError("other guests than these are known")
        views = {mesa: _promises(seen[mesa], each, caps) for mesa, each in like.seen.items()}
        found = Meet(capset_id, size, None, _promises(sent, like.sent, caps), views)
        if text_of(found) != text:
            raise ValueError("it is spelt in another way")
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError, CapcodecError) as error:
        raise ArgumentError(f"no meet of capset {capset_id}: {clipped(str(error))} in {clipped(text)}") from None
    return found


@remembered(None)
def _like(capset_id: int) -> Meet:
    """One with all names that one of that capset has."""
    return Meet.of(find(capset_id).cls.zeros(), capset_id)


def _plain(promises: _Promises) -> _Promises:
    plain = {name: _plain_value(value) for name, value in promises.items()}
    if VIDEO in promises:
        plain[VIDEO] = sorted(([*key, one] for key, one in promises[VIDEO].items()), key=lambda each: each[:-1])
    return plain


def _plain_value(value: Any) -> Any:
    return value.decode("latin-1") if isinstance(value, bytes) else None if value == CONFLICT else value


def _promises(found: Any, like: _Promises, caps: type[Struct]) -> _Promises:
    """Promises as they are read; the struct itself tells which values a field can have."""
    if found.keys() != like.keys():
        raise ValueError("promises of other names")
    made = {name: _value(name, found[name], other, caps) for name, other in like.items()}
    written = caps.zeros()
    write({name: like[name] if value == CONFLICT else value for name, value in made.items()}, written)
    for name, value in read(written).items():
        if made[name] not in (value, CONFLICT):
            raise ValueError(f"no value of {name}")
    return made


def _value(name: str, value: Any, like: Any, caps: type[Struct]) -> Any:
    if value is None and agrees(caps, name):
        return CONFLICT
    if name == VIDEO:
        found = {(*key,): one for *key, one in value}
        if not all(type(each) is int for key, one in found.items() for each in (*key, *one.values())):
            raise ValueError("no numbers of video")
        return found
    if type(value) is list:
        value = tuple(value)
    elif type(like) is bytes:
        value = value.encode("latin-1")
    if type(value) is not type(like):
        raise ValueError(f"no value of {name}")
    if (
        way(caps, name).field is None
        and type(value) is int
        and not 0 <= value < 1 << (len(NAMES) if name == GL else 64)
    ):
        raise ValueError(f"no value of {name}")
    return value
