"""The kernel: against what real ones answered, and byte by byte."""

from __future__ import annotations

import errno

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capcodec import ArgumentError, BufferAccessError, CapcodecError, KernelError, VirglCapsV2, captures, flow
from capcodec.flow.kernel import STALE
from parties import GROWN, PATTERN, SIZES, TODAY, capsets, code_of

GUARD = 24


@pytest.fixture
def recorded_host(kernel_answers):
    release = kernel_answers["virglrenderer"]
    return flow.Host(
        {
            entry["id"]: (
                entry["max_version"],
                captures.load(f"virglrenderer-{release}-llvmpipe-gl.capset{entry['id']}.bin"),
            )
            for entry in kernel_answers["kernel_announced"]
        }
    )


def test_a_real_kernel_announced_the_same(kernel_answers, recorded_host):
    kernel = flow.Kernel(recorded_host)
    announced = [
        {"index": i, "id": info.capset_id, "max_version": info.max_version, "max_size": info.max_size}
        for i, info in enumerate(kernel.capsets)
    ]
    assert announced == kernel_answers["kernel_announced"]


def test_a_real_kernel_answered_getparam_the_same(kernel_answers, recorded_host):
    kernel = flow.Kernel(recorded_host)
    assert len(kernel_answers["getparam"]) == 8
    for param, answer in kernel_answers["getparam"].items():
        if answer["r"]:
            assert code_of(kernel.getparam, int(param)) == errno.EINVAL
        else:
            assert kernel.getparam(int(param)) == answer["value"], param


def test_a_real_kernel_answered_every_request_the_same(kernel_answers, recorded_host):
    kernel = flow.Kernel(recorded_host)
    assert len(kernel_answers["get_caps"]) == 168
    for row in kernel_answers["get_caps"]:
        user, written, code = bytearray(b"\xa5" * 8192), 0, 0
        try:
            written = kernel.get_caps(row["cap_set_id"], row["cap_set_ver"], user, size=row["size"])
        except OSError as error:
            code = error.errno
        changed = len(user.rstrip(b"\xa5"))  # how the recording measured it
        assert (code, written, changed) == (row["errno"], row["bytes_written"], row["bytes_written"]), row


def test_the_old_kernel_destroys_72_bytes():
    for canary in b"\x00\xa5\xff":
        memory = bytearray([canary]) * (GUARD + 308 + 200)
        kernel = flow.Kernel(flow.Host(GROWN), fixed=False)
        assert kernel.get_caps(1, 0, memoryview(memory)[GUARD:], size=308) == 380
        assert memory == bytes([canary]) * GUARD + PATTERN[:380] + bytes([canary]) * 128
    result = flow.negotiate(flow.Host(GROWN), flow.Vmm(), flow.Kernel(fixed=False), flow.Guest(308, fixed=False))
    assert list(result.destroyed) == list(range(308, 380))
    assert result.memory.buffer[308:380] == PATTERN[308:380]
    assert (result.written, result.overrun, result.from_host) == (380, 72, 308)
    assert result.outcome == "72 bytes behind the guest's struct are destroyed"


def test_the_repaired_kernel_destroys_none():
    memory = bytearray(b"\xa5" * 400)
    assert flow.Kernel(flow.Host(GROWN)).get_caps(1, 0, memory, size=308) == 308
    assert memory == PATTERN[:308] + b"\xa5" * 92


@given(capsets, st.sampled_from(SIZES), st.integers(0, 2))
def test_an_old_guest_and_kernel_copy_what_the_host_has(offered, size, version):
    kernel = flow.Kernel(flow.Host(offered), fixed=False)
    memory = bytearray(b"\xa5" * 2000)
    host_version, data = offered.get(1, (0, b""))
    if 1 in offered and host_version >= version and size <= len(data):
        assert kernel.get_caps(1, version, memory, size=size) == len(data)
        assert memory == data + b"\xa5" * (2000 - len(data))
    else:
        assert code_of(kernel.get_caps, 1, version, memory, size=size) == (errno.EINVAL if offered else errno.ENOSYS)
        assert memory == b"\xa5" * 2000


def test_errors_come_in_the_kernels_order():
    none, silent = flow.Kernel(flow.Host({})), flow.Kernel(flow.Host(TODAY, answer="never"))
    good, read_only = flow.Kernel(flow.Host(TODAY)), bytes(308)
    assert code_of(flow.Kernel().get_caps, 1, 0, read_only) == errno.ENOSYS
    assert code_of(none.get_caps, 9, 9, b"") == errno.ENOSYS
    assert code_of(silent.get_caps, 1, 0, b"") == errno.EINVAL
    assert code_of(silent.get_caps, 3, 0, read_only) == errno.EINVAL
    assert code_of(silent.get_caps, 1, 2, read_only) == errno.EINVAL
    assert code_of(silent.get_caps, 1, 1, read_only) == errno.EBUSY
    assert code_of(good.get_caps, 1, 1, read_only) == errno.EFAULT


def test_memory_that_ends_too_early():
    for fixed, length in ((True, 308), (False, 308)):
        kernel, short = flow.Kernel(flow.Host(TODAY), fixed=fixed), bytearray(b"\xa5" * 300)
        assert code_of(kernel.get_caps, 1, 0, short, size=308) == errno.EFAULT
        assert short == PATTERN[:300]
        assert kernel.get_caps(1, 0, bytearray(length), size=308) == length
    with pytest.raises(KernelError, match=r"get_caps\(id 2, version 0, size 9\): 9 bytes cannot be written there"):
        flow.Kernel(flow.Host(TODAY)).get_caps(2, 0, bytearray(8), size=9)


def test_the_old_kernel_does_not_mind_a_size_of_0():
    memory = bytearray(400)
    assert flow.Kernel(flow.Host(TODAY), fixed=False).get_caps(1, 0, memory, size=0) == 308
    assert memory == PATTERN[:308] + bytes(92)


def test_getparam_of_the_old_kernel():
    kernel = flow.Kernel(flow.Host(TODAY), fixed=False)
    assert kernel.getparam(1) == 1
    assert {code_of(kernel.getparam, param) for param in range(10) if param != 1} == {errno.EINVAL}


def test_the_cache_is_never_dropped():
    host, memory = flow.Host(TODAY), bytearray(308)
    kernel = flow.Kernel(host)
    assert kernel.get_caps(1, 0, memory) == 308
    host.offers = flow.Host({1: (1, b"n" * 308)}).offers
    for version, expected in ((0, PATTERN[:308]), (1, b"n" * 308), (0, PATTERN[:308])):
        kernel.get_caps(1, version, memory)
        assert memory == expected, version
    kernel.boot(host)
    kernel.get_caps(1, 0, memory)
    assert memory == b"n" * 308


def test_a_host_that_never_answers_is_asked_once_and_waited_for_each_time():
    host = flow.Host(TODAY, answer="never")
    kernel, memory = flow.Kernel(host), bytearray(b"\xa5" * 308)
    asked = kernel._vmm.trace
    for waited in (5, 10):
        assert code_of(kernel.get_caps, 1, 0, memory) == errno.EBUSY
        assert sum(step.seconds for step in kernel.trace) == waited
        assert sum("gets no answer" in step.what for step in asked) == 1
    assert memory == b"\xa5" * 308
    kernel.fixed = False
    kernel.boot(host)
    before = len(kernel.trace)
    for _ in range(2):
        assert kernel.get_caps(1, 0, memory) == 308
        assert memory == bytes([STALE]) * 308
    assert sum(step.seconds for step in kernel.trace[before:]) == 5


def test_one_bad_index_costs_all_capsets_but_not_the_mask():
    for vmm, log in [
        (flow.Vmm(count=3), "timed out waiting for cap set 2"),
        (flow.Vmm(count=3, unknown="id-zero"), "timed out waiting for cap set 2"),
        (flow.Vmm(count=3, unknown="poisoned-id"), "invalid capset id 4294967295"),
    ]:
        kernel = flow.Kernel(flow.Host(TODAY), vmm)
        assert kernel.capsets == []
        assert kernel.getparam(7) == 0b110
        assert code_of(kernel.get_caps, 1, 0, bytearray(308)) == errno.ENOSYS
        assert log in kernel.trace[-2].what
        assert kernel.trace[-2].seconds == (5 if "timed out" in log else 0)
    assert any("response 0x1200 (command 0x108)" in s.what for s in flow.Kernel(flow.Host({}), flow.Vmm(count=1)).trace)


@pytest.mark.parametrize(("capset_id", "old", "new"), [(0, 0, 0), (1, 1, 1), (63, 1, 1), (64, 1, 0), (2**32 - 1, 1, 0)])
def test_which_ids_a_kernel_takes(capset_id, old, new):
    host = flow.Host({capset_id: (0, b"abcd")})
    assert (len(flow.Kernel(host, fixed=False).capsets), len(flow.Kernel(host).capsets)) == (old, new)


@pytest.mark.parametrize(("ids", "mask"), [((1, 31, 32), 0x80000003), ((5, 40, 63), 0x80000120), ((1, 2, 4), 0x16)])
def test_the_mask_of_capset_ids_has_32_bits(ids, mask):
    """As a real Linux 6.1 on x86 has it: an id of 32 or more sets the bit of another one."""
    kernel = flow.Kernel(flow.Host(dict.fromkeys(ids, (0, b"x"))))
    assert kernel.getparam(7) == kernel.capset_id_mask == mask


def test_the_alignment_of_blobs():
    host = flow.Host({2: (2, b"x")})
    assert code_of(flow.Kernel(host).getparam, 9) == errno.EINVAL
    assert code_of(flow.Kernel(host, version=(7, 2)).getparam, 9) == errno.ENOENT
    assert flow.Kernel(host, flow.Vmm(blob_alignment=16384), version=(7, 2)).getparam(9) == 16384
    for wrong in (-1, 1 << 32):
        with pytest.raises(ArgumentError, match="expected an alignment of 32 bits"):
            flow.Vmm(blob_alignment=wrong)


def test_an_announced_size_that_is_none_of_the_capset():
    longer = flow.Host({1: (1, PATTERN[:500]), 2: (1, PATTERN[:100])})
    memory = bytearray(b"\xa5" * 600)
    assert flow.Kernel(longer, flow.Vmm(index_for_id=True)).get_caps(2, 0, memory) == 500
    assert memory == PATTERN[:100] + bytes(400) + b"\xa5" * 100


def test_a_capset_of_no_bytes_is_had_by_anybody():
    kernel = flow.Kernel(flow.Host({7: (0, b"")}))
    assert kernel.get_caps(7, 0, bytes(4)) == 0


def test_a_struct_can_be_the_memory():
    guest = VirglCapsV2.guest_defaults(380)
    assert flow.Kernel(flow.Host(TODAY)).get_caps(2, 0, guest) == 380
    assert guest.pack() == TODAY[2][1][:380]


WRONG = [
    (lambda: flow.Kernel(version=(4, 15)), ArgumentError, r"Kernel: a Linux 4\.15 has fixed=False"),
    (lambda: flow.Kernel(fixed=False, version=(4, 16)), ArgumentError, r"Kernel: a Linux 4\.16 has fixed=True"),
    (lambda: flow.Kernel().get_caps(1, 0, 308), BufferAccessError, "get_caps: expected a buffer, got int 308"),
    (lambda: flow.Kernel().get_caps(1, 0, bytearray(4), size=-1), ArgumentError, "expected a size in bytes, got -1"),
    (lambda: flow.Kernel().getparam(1000), KernelError, r"getparam\(1000\): not known to this kernel"),
]


@pytest.mark.parametrize(("call", "error", "words"), WRONG)
def test_wrong_calls(call, error, words):
    with pytest.raises(error, match=words) as caught:
        call()
    assert isinstance(caught.value, CapcodecError)


FEATURES = ("virgl", "resource_blob", "host_visible", "context_init")


@pytest.mark.parametrize(
    ("version", "known"),
    [
        ((4, 4), {1}),
        ((4, 15), {1}),
        ((4, 16), {1, 2}),
        ((5, 11), {1, 2, 3, 4, 5}),
        ((6, 1), {*range(1, 8)}),
        ((6, 12), {*range(1, 9)}),
    ],
)
def test_which_parameters_a_kernel_knows(version, known):
    """6.12 gave 1 for parameters 3, 4, 6 and 8 on a device with blobs, visible memory and contexts."""
    kernel = flow.Kernel(flow.Host(TODAY), flow.Vmm(features=FEATURES), fixed=version >= (4, 16), version=version)
    answers = {param: kernel.getparam(param) for param in known}
    expected = {1: 1, 2: 1, 3: 1, 4: 1, 5: 0, 6: 1, 7: 0b110, 8: 1}
    assert answers == {param: expected[param] for param in known}
    assert {code_of(kernel.getparam, param) for param in {*range(10)} - known} == {errno.EINVAL}


def test_a_device_without_3d():
    assert flow.Kernel(flow.Host({}), flow.Vmm(features=())).getparam(1) == 0
