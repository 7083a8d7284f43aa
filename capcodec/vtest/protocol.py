"""The commands of a guest's driver to a vtest server, and the replies. A message is a header of two words, then data.

Numbers and lengths: virglrenderer ``vtest/vtest_protocol.h`` (@8606a155) and ``vtest_renderer.c``, Mesa
``virgl_vtest_socket.c`` (@11a7b112). The length in a header counts dwords of data, with three exceptions. In
CREATE_RENDERER it counts bytes. In the replies to GET_CAPS and GET_CAPS2 it counts bytes, and is one too high.
"""

from __future__ import annotations

from ..errors import MessageError
from ..schema import struct, u32
from ..structs.define import define

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..structs._classes import _AnyStruct

HEADER = "virglrenderer/vtest/vtest_protocol.h"
DEFAULT_SOCKET = "/tmp/.virgl_test"

# The newest version of the protocol that is known, and the versions that brought what is used here
PROTOCOL_VERSION = 4
SERVER_VERSION = 3  # the newest that a server of ours agrees on; version 4 has commands that it does not answer
WINDOWED_VERSION = 1  # up to here glxinfo and its like, which have a window, work as guests with Mesa 22.3
VERSION_WITH_GET_CAPSET = 3
VERSION_WITH_RESOURCE_IDS = 3  # from here on the server numbers a guest's resources

VCMD_GET_CAPS = 1
VCMD_RESOURCE_CREATE = 2
VCMD_RESOURCE_UNREF = 3
VCMD_TRANSFER_GET = 4
VCMD_TRANSFER_PUT = 5
VCMD_SUBMIT_CMD = 6
VCMD_RESOURCE_BUSY_WAIT = 7
VCMD_CREATE_RENDERER = 8
VCMD_GET_CAPS2 = 9
VCMD_PING_PROTOCOL_VERSION = 10
VCMD_PROTOCOL_VERSION = 11
VCMD_RESOURCE_CREATE2 = 12
VCMD_TRANSFER_GET2 = 13
VCMD_TRANSFER_PUT2 = 14
VCMD_GET_PARAM = 15
VCMD_GET_CAPSET = 16
VCMD_CONTEXT_INIT = 17

VCMD = {value: name.removeprefix("VCMD_") for name, value in list(globals().items()) if name.startswith("VCMD_")}

# The reply to GET_CAPS2 has the capset's number where other replies have the command's
CAPS2_REPLY = 2

VtestHdr: type[_AnyStruct] = define(
    struct(
        "vtest_hdr",
        u32("length", "length of the data behind the header, in dwords unless the command has a unit of its own"),
        u32("cmd_id", "number of the command, VCMD_*"),
        doc="Header of every command and every reply",
        header=HEADER,
    )
)

# Dwords of arguments, for the commands whose data a server cannot skip without knowing them
ARGUMENTS = {
    VCMD_GET_CAPS: 0,
    VCMD_RESOURCE_CREATE: 10,
    VCMD_RESOURCE_UNREF: 1,
    VCMD_TRANSFER_GET: 11,
    VCMD_TRANSFER_PUT: 11,  # the pixels follow
    VCMD_RESOURCE_BUSY_WAIT: 2,
    VCMD_GET_CAPS2: 0,
    VCMD_PING_PROTOCOL_VERSION: 0,
    VCMD_PROTOCOL_VERSION: 1,
    VCMD_RESOURCE_CREATE2: 11,
    VCMD_TRANSFER_GET2: 10,
    VCMD_TRANSFER_PUT2: 10,
    VCMD_GET_PARAM: 1,
    VCMD_GET_CAPSET: 2,
    VCMD_CONTEXT_INIT: 1,
}


def message(cmd_id: int, *words: int, length: int | None = None, data: bytes = b"") -> bytes:
    """A command or a reply: header, words, data.

    Args:
        cmd_id: number for the header: VCMD_*, or what a reply has in its place.
        words: arguments, each a dword.
        length: length for the header; the number of words if not given.
        data: bytes behind the words.

    Raises:
        MessageError: a word has more than 32 bits.
        FieldRangeError: the command's number or the length has more than 32 bits.
    """
    for word in words:
        if not 0 <= word < 1 << 32:
            raise MessageError(f"{named(cmd_id)}: expected words of 32 bits, got {word}")
    head = VtestHdr(length=len(words) if length is None else length, cmd_id=cmd_id)
    return bytes(head) + b"".join(word.to_bytes(4, "little") for word in words) + data


def create_renderer(name: bytes) -> bytes:
    """The first command of a session, with the guest program's name. It has no reply."""
    return message(VCMD_CREATE_RENDERER, length=len(name) + 1, data=name + b"\0")


def caps_reply(cmd_id: int, data: bytes) -> bytes:
    """The reply to GET_CAPS2 (``cmd_id`` is 2, the capset's number) or GET_CAPS (1)."""
    return message(cmd_id, length=len(data) + 1, data=data)


def capset_reply(data: bytes | None) -> bytes:
    """The reply to GET_CAPSET; None if the server has no such capset.

    Raises:
        MessageError: the capset is no whole number of dwords, and the reply counts dwords.
    """
    if data is None:
        return message(VCMD_GET_CAPSET, 0)
    if len(data) % 4:
        raise MessageError(f"GET_CAPSET: a capset of {len(data)} bytes is no whole number of dwords")
    return message(VCMD_GET_CAPSET, 1, length=1 + len(data) // 4, data=data)


def caps_size(head: _AnyStruct) -> int:
    """Size in bytes of the capset behind the header of a reply to GET_CAPS2 or GET_CAPS.

    Raises:
        MessageError: the length is 0, where even an empty capset has 1.
    """
    if head.length == 0:
        raise MessageError(f"{named(head.cmd_id)}: expected a length of at least 1 at byte 0, got 0")
    return int(head.length) - 1


def words_of(data: bytes) -> tuple[int, ...]:
    """The dwords of a message's data."""
    return tuple(int.from_bytes(data[at : at + 4], "little") for at in range(0, len(data), 4))


def named(cmd_id: int) -> str:
    """The command's name, or its number if it has none."""
    return VCMD.get(cmd_id, f"command {cmd_id}")
