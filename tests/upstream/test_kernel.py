"""The kernel's own growing structs: its answer to every size from 0 to a page, against a copy of the smaller size.

The running kernel may be older or newer than the header that was compiled, so its size is asked of it.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import struct
from typing import NamedTuple

import pytest

from capcodec import define, min_copy
from capcodec.upstream.header import Options, read_file
from capcodec.upstream.schema_text import Declared
from real import missing

PAGE = mmap.PAGESIZE
NOBODY = 0x3FFFFFFF  # a process id beyond what the kernel gives
LIBC = ctypes.CDLL(None, use_errno=True)
LINUX = "/usr/include/linux/"
FORBIDDEN = {errno.ENOSYS, errno.EPERM, errno.EACCES, errno.EOPNOTSUPP}


class Call(NamedTuple):
    """A system call that takes a growing struct.

    Attributes:
        number: of the call on x86-64; from 424 on, on every machine.
        least: bytes of the first version of the struct.
        too_short: the error for fewer.
        arguments: with None for the struct, and ... for its size.
        own_size: where the struct tells its size itself, if it does.
        content: of the struct, by offset, such that the call does nothing.
    """

    number: int
    least: int
    too_short: int
    arguments: tuple
    own_size: int | None = None
    content: tuple[tuple[int, int], ...] = ()


CALLS = {
    "perf_event_attr": Call(298, 64, errno.E2BIG, (None, NOBODY, -1, -1, 0), 4),
    "clone_args": Call(435, 64, errno.EINVAL, (None, ...), content=((32, 0xFFFF),)),
    "sched_attr": Call(314, 48, errno.E2BIG, (NOBODY, None, 0), 0),
    "mount_attr": Call(442, 32, errno.EINVAL, (-1, b"", 0, None, ...), content=((0, 1 << 40),)),
    "open_how": Call(437, 24, errno.EINVAL, (-1, b"no/such/file", None, ...)),
    "landlock_ruleset_attr": Call(444, 8, errno.EINVAL, (None, ..., 0)),
}
# Header, and the sizes that it names, oldest first
HEADERS = {
    "perf_event_attr": (LINUX + "perf_event.h", "PERF_ATTR_SIZE_VER"),
    "clone_args": (LINUX + "sched.h", "CLONE_ARGS_SIZE_VER"),
    "sched_attr": (LINUX + "sched/types.h", "SCHED_ATTR_SIZE_VER"),
    "mount_attr": (LINUX + "mount.h", "MOUNT_ATTR_SIZE_VER"),
    "open_how": (LINUX + "openat2.h", "OPEN_HOW_SIZE_VER"),
    "landlock_ruleset_attr": (LINUX + "landlock.h", "NONE"),
    "drm_amdgpu_info_device": ("/usr/include/libdrm/amdgpu_drm.h", "NONE"),
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_class_from_the_kernels_header(name):
    """Its size and every offset are the compiler's; it holds any bytes."""
    path, versions = HEADERS[name]
    if not os.path.exists(path):
        missing(path, "linux-libc-dev and libdrm-dev")
    header = read_file(path, Options(directories=("/usr/include/libdrm",)))
    declared = header.find(name)
    cls = define(Declared(declared, path).schema)
    assert cls.size == declared.size
    named = {field.name: field for field in declared.fields if field.name}
    assert {key: field.offset * 8 + field.shift for key, field in cls.fields.items() if key in named} == {
        key: field.bit for key, field in named.items()
    }
    data = bytes(range(1, 256)) * 20
    for size in {0, 1, declared.size - 1, declared.size, declared.size + 5}:
        assert cls.unpack(data[:size]).pack() == data[:size]
    sizes = [constant.value for key, constant in header.constants.items() if key.startswith(versions)]
    assert all(size <= declared.size for size in sizes)
    if name == "perf_event_attr":
        assert sizes[:8] == [64, 72, 80, 96, 104, 112, 120, 128]
        ends = {field.end_bit // 8 for field in declared.fields}
        assert set(sizes) <= ends


def answer(call: Call, data: bytes, size: int, room: int = 2 * PAGE) -> tuple[int, bytes]:
    """The call's errno, 0 for none, and the struct as the kernel left it."""
    buffer = ctypes.create_string_buffer(data.ljust(room, b"\0"), room)
    if call.own_size is not None:
        struct.pack_into("<I", buffer, call.own_size, size)
    given = [
        ctypes.byref(buffer) if part is None else ctypes.c_size_t(size) if part is ... else
        ctypes.c_char_p(part) if isinstance(part, bytes) else ctypes.c_long(part)
        for part in call.arguments
    ]  # fmt: skip
    ctypes.set_errno(0)
    result = LIBC.syscall(ctypes.c_long(call.number), *given)
    if result > 0:
        os.close(result)
    return (ctypes.get_errno() if result < 0 else 0), buffer.raw


def content(call: Call, size: int) -> bytearray:
    data = bytearray(size)
    for offset, value in call.content:
        data[offset : offset + 8] = struct.pack("<Q", value)[: max(0, size - offset)]
    return data[:size]


def kernel_size(call: Call) -> int:
    """Bytes of the kernel's struct: behind them it takes nothing but zeros."""
    for size in range(call.least, PAGE):
        data = content(call, size + 1)
        data[size] = 1
        if answer(call, bytes(data), size + 1)[0] == errno.E2BIG:
            return size
    raise AssertionError("the kernel takes anything")


@pytest.fixture(params=CALLS)
def call(request):
    if os.uname().machine != "x86_64" and CALLS[request.param].number < 424:
        pytest.skip("the number of the call is that of x86-64")
    found = CALLS[request.param]
    code, _ = answer(found, bytes(content(found, found.least)), found.least)
    if code in FORBIDDEN:
        pytest.skip(f"this kernel, or the sandbox that it runs in, forbids the call: {os.strerror(code)}")
    if answer(found, bytes(content(found, PAGE)), PAGE + 1)[0] != errno.E2BIG:
        pytest.skip("this kernel does not read the struct as Linux does")
    return found


def test_every_size_to_a_page(call):
    """A size is refused, or the kernel does what it does with the copy of the smaller size."""
    size = kernel_size(call)
    whole = answer(call, bytes(content(call, size)), size)[0]
    for given in range(PAGE + 2):
        data = bytes(content(call, given))
        code, after = answer(call, data, given)
        zero_is_first = given == 0 and call.own_size is not None
        if (given < call.least and not zero_is_first) or given > PAGE:
            assert code == (call.too_short if given < call.least else errno.E2BIG), given
            if call.own_size is not None:
                assert struct.unpack_from("<I", after, call.own_size)[0] == size  # the size written back
            continue
        copied = bytearray(b"\xff" * size)
        min_copy(copied, data, tail="zero")
        if call.own_size is not None:
            struct.pack_into("<I", copied, call.own_size, size)
        assert code == answer(call, bytes(copied), size)[0] == whole, given


def test_what_the_kernel_does_not_know_has_to_be_zero(call):
    size = kernel_size(call)
    for given in (size + 1, size + 7, PAGE):
        for at in (size, given - 1):
            data = content(call, given)
            data[at] = 1
            code, after = answer(call, bytes(data), given)
            assert code == errno.E2BIG
            if call.own_size is not None:
                assert struct.unpack_from("<I", after, call.own_size)[0] == size
        assert answer(call, bytes(content(call, given)), given)[0] != errno.E2BIG


def test_a_short_struct_counts_as_zeros_behind_its_end(call):
    """What stands in memory behind the size that was given is not read."""
    size = kernel_size(call)
    for given in range(call.least, size):
        data = bytes(content(call, given)) + b"\xff" * (size - given)
        assert answer(call, data, given)[0] == answer(call, bytes(content(call, size)), size)[0]
