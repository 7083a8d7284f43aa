"""The four parties: against a real kernel's answers, rules written down a second time, and canaries."""

from __future__ import annotations

import doctest
import errno
import itertools
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capcodec import (
    ArgumentError,
    BufferAccessError,
    CapcodecError,
    KernelError,
    SizeStepError,
    VirglCapsV1,
    VirglCapsV2,
    captures,
    cli,
    flow,
)
from capcodec.flow import kernel as kernel_module
from capcodec.flow import matrix

GUARD = 24
PATTERN = random.Random(1).randbytes(2048)
GROWN = {1: (2, PATTERN[:380])}  # the capset 1 that must not be
TODAY = {1: (1, PATTERN[:308]), 2: (2, PATTERN[::-1][:1408])}
SIZES = [*VirglCapsV1.size_steps, *VirglCapsV2.size_steps]

# host, VMM, kernel, guest: capset and size of each query, errno of the last, bytes written, bytes destroyed
EXPECTED = {
    "old old old old": ([(1, 308)], errno.EINVAL, 0, 0),
    "old old old new": ([(1, 308), (1, 308)], errno.EINVAL, 0, 0),
    "old old new old": ([(1, 308)], 0, 0, 0),
    "old old new new": ([(2, 1408), (1, 308)], 0, 0, 0),
    "old new old old": ([(1, 308)], 0, 380, 72),
    "old new old new": ([(1, 308)], 0, 380, 0),
    "old new new old": ([(1, 308)], 0, 308, 0),
    "old new new new": ([(2, 1408), (1, 308)], 0, 308, 0),
    "new old old old": ([(1, 308)], errno.EINVAL, 0, 0),
    "new old old new": ([(1, 308), (1, 308)], errno.EINVAL, 0, 0),
    "new old new old": ([(1, 308)], 0, 0, 0),
    "new old new new": ([(2, 1408)], 0, 308, 0),
    "new new old old": ([(1, 308)], 0, 308, 0),
    "new new old new": ([(1, 308)], 0, 308, 0),
    "new new new old": ([(1, 308)], 0, 308, 0),
    "new new new new": ([(2, 1408)], 0, 1408, 0),
}


def code_of(call, *arguments, **named) -> int:
    """The errno of a call, or 0."""
    try:
        call(*arguments, **named)
    except OSError as error:
        return error.errno
    return 0


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


def test_the_matrix():
    found = {" ".join(row.forms): row.result for row in matrix.rows()}
    assert found.keys() == EXPECTED.keys()
    for name, (queries, code, written, destroyed) in EXPECTED.items():
        result = found[name]
        assert [(query.capset_id, query.size) for query in result.queries] == queries, name
        assert (result.queries[-1].errno, result.written, len(result.destroyed)) == (code, written, destroyed), name


@pytest.mark.parametrize("host", matrix.HOSTS)
@pytest.mark.parametrize("vmm", matrix.VMMS)
@pytest.mark.parametrize("kernel", matrix.KERNELS)
@pytest.mark.parametrize("guest", matrix.GUESTS)
@pytest.mark.parametrize("answer", ["ok", "error", "never"])
def test_what_a_guest_ends_up_with(host, vmm, kernel, guest, answer):
    """Every byte of the guest's memory: what came from the host, what the guest had, what is the neighbour's."""
    for size in SIZES:
        parties = matrix.build(host, vmm, kernel, guest, guest_size=size, answer=answer)
        result = flow.negotiate(*parties)
        last, assumed = result.queries[-1], parties[3].assumed().pack()
        offered = {offer.capset_id: offer.data for offer in parties[0].offers}
        data = {"ok": offered.get(last.capset_id, b""), "error": b"", "never": b"\x5a" * 1408}[answer]
        came = data[: result.written].ljust(result.written, b"\0")
        assert result.caps.pack() == (came + assumed[result.written :])[:size]
        assert result.memory.buffer[size : size + len(result.destroyed)] == came[size:]
        # A capset 1 that never grew, or a repaired kernel: either is enough
        if kernel == "new" or (host != "capset1-380" and size >= 308):
            assert not result.destroyed
            assert not result.overrun
        if vmm not in ("good", "index-for-id") and not (vmm == "poisoned-id" and kernel == "old"):
            assert last.errno == errno.ENOSYS
            assert result.seconds == (0 if vmm == "poisoned-id" else 5)


capsets = st.dictionaries(
    st.sampled_from([1, 2, 4, 63]),
    st.tuples(st.integers(0, 3), st.integers(0, 1600).map(lambda size: PATTERN[:size])),
    max_size=4,
)


@given(capsets, st.sampled_from(SIZES))
def test_a_repaired_guest_and_kernel_copy_the_smaller_size(offered, size):
    result = flow.negotiate(flow.Host(offered), flow.Vmm(), flow.Kernel(), flow.Guest(size))
    n = min(size, len(offered[2][1])) if 2 in offered else min(size, 308, len(offered[1][1])) if 1 in offered else 0
    kept = flow.Guest(size).assumed().pack()[n:]
    assert result.caps.pack() == PATTERN[:n] + kept
    assert not result.destroyed
    code = 0 if {1, 2} & offered.keys() else errno.EINVAL if offered else errno.ENOSYS
    assert (result.queries[-1].errno, result.written) == (code, n)


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
        assert memory == bytes([kernel_module.STALE]) * 308
    assert sum(step.seconds for step in kernel.trace[before:]) == 5


@pytest.mark.parametrize("kernel", ["old", "new"])
def test_an_error_of_the_host_is_a_capset_of_zeros(kernel):
    result = flow.negotiate(*matrix.build(kernel=kernel, answer="error"))
    assert result.queries[-1].answer == "ok"
    assert not any(result.caps.pack()[: result.written])
    assert result.written == {"old": 308, "new": 1408}[kernel]
    assert any("response 0x1205 (command 0x109)" in step.what for step in result.trace)
    assert "all of them zero" in result.outcome


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


def test_the_mask_that_userspace_sees_has_32_bits():
    kernel = flow.Kernel(flow.Host({31: (0, b"x"), 32: (0, b"x"), 63: (0, b"x")}))
    assert kernel.getparam(7) == 1 << 31
    assert kernel.capset_id_mask == 1 << 31 | 1 << 32 | 1 << 63


def test_a_count_that_is_too_low_hides_capsets():
    assert [info.capset_id for info in flow.Kernel(flow.Host(TODAY), flow.Vmm(count=1)).capsets] == [1]


def test_index_for_id_as_vhost_device_issue_969_saw_it():
    result = flow.negotiate(flow.Host(TODAY), flow.Vmm(index_for_id=True), flow.Kernel(), flow.Guest())
    assert "logs: cap set 1: id 2, max-version 1, max-size 308" in [step.what for step in result.trace]
    assert result.caps.pack()[:308] == TODAY[2][1][:308]
    assert result.caps.renderer == b""  # hence "virgl", where it should be "virgl (...)"
    assert result.caps.max_vertex_attribs == 16


def test_an_announced_size_that_is_none_of_the_capset():
    longer = flow.Host({1: (1, PATTERN[:500]), 2: (1, PATTERN[:100])})
    memory = bytearray(b"\xa5" * 600)
    assert flow.Kernel(longer, flow.Vmm(index_for_id=True)).get_caps(2, 0, memory) == 500
    assert memory == PATTERN[:100] + bytes(400) + b"\xa5" * 100


def test_a_capset_of_no_bytes_is_had_by_anybody():
    kernel = flow.Kernel(flow.Host({7: (0, b"")}))
    assert kernel.get_caps(7, 0, bytes(4)) == 0


def test_a_capset_in_several_versions():
    versions = [(0, PATTERN[:308]), (2, PATTERN[:380])]
    kernel, memory = flow.Kernel(flow.Host({1: versions})), bytearray(400)
    assert [info.max_version for info in kernel.capsets] == [0, 2]
    assert [kernel.get_caps(1, version, memory) for version in (0, 1, 2)] == [308, 380, 380]
    assert code_of(kernel.get_caps, 1, 3, memory) == errno.EINVAL


def test_a_host_leaves_alone_what_it_cannot_fill():
    """A version above the host's own reaches it only past a VMM that announced another capset's."""
    kernel = flow.Kernel(flow.Host({1: (5, PATTERN[:308]), 2: (0, PATTERN[:380])}), flow.Vmm(index_for_id=True))
    memory = bytearray(b"\xa5" * 308)
    assert kernel.get_caps(2, 3, memory) == 308
    assert memory == bytes(308)


def test_a_guest_falls_back_on_einval_only():
    only_1 = flow.negotiate(flow.Host({1: TODAY[1]}), flow.Vmm(), flow.Kernel(), flow.Guest(380))
    assert [(query.capset_id, query.size, query.answer) for query in only_1.queries] == [
        (2, 380, "EINVAL"),
        (1, 308, "ok"),
    ]
    for host, answer in ((flow.Host({}), "ENOSYS"), (flow.Host(TODAY, answer="never"), "EBUSY")):
        result = flow.negotiate(host, flow.Vmm(), flow.Kernel(), flow.Guest(380))
        assert [(query.capset_id, query.answer) for query in result.queries] == [(2, answer)]
        assert result.caps == VirglCapsV2.guest_defaults(380)


def test_what_guests_assume():
    assert flow.Guest(308).assumed() == VirglCapsV1.zeros()
    assert flow.Guest(696).assumed() == VirglCapsV2.guest_defaults(696)
    assert flow.Guest(696, fixed=False).assumed() == VirglCapsV2.zeros(696)


def test_an_old_kernel_refuses_the_guest_that_wants_more():
    result = flow.negotiate(
        flow.Host({1: TODAY[1]}), flow.Vmm(), flow.Kernel(fixed=False), flow.Guest(380, fixed=False)
    )
    assert result.queries[-1].answer == "EINVAL"
    assert result.caps == VirglCapsV2.zeros(380)


def test_a_struct_can_be_the_memory():
    guest = VirglCapsV2.guest_defaults(380)
    assert flow.Kernel(flow.Host(TODAY)).get_caps(2, 0, guest) == 380
    assert guest.pack() == TODAY[2][1][:380]


@given(st.lists(st.lists(st.sampled_from([0, 1, 0xA5]), max_size=40).map(bytes), max_size=5), st.integers(0, 100))
def test_every_byte_that_is_written_shows(threats, length):
    memory = flow.Memory(bytes(8), threats)
    before = bytes(memory.buffer)
    for written in (*threats, bytes(min(length, len(before)))):
        memory.buffer[: len(written)] = written
        assert list(memory.destroyed) == list(range(8, len(written)))
        memory.buffer[:] = before


def test_each_negotiation_has_a_trace_of_its_own():
    parties = matrix.build("old", "new", "old", "old")
    first, second = flow.negotiate(*parties), flow.negotiate(*parties)
    assert first.trace == second.trace
    assert first.trace is not second.trace
    who = [key for key, _ in itertools.groupby(step.party for step in first.trace)]
    assert who == ["host", "VMM", "kernel", "guest", "host", "kernel"]


WRONG = [
    (
        lambda: flow.Host({-1: (0, b"")}),
        ArgumentError,
        "expected ids and versions of 32 bits, got capset -1, version 0",
    ),
    (lambda: flow.Host({1: (2**32, b"")}), ArgumentError, "got capset 1, version 4294967296"),
    (lambda: flow.Host({1: (1, 308)}), BufferAccessError, "Host: expected the bytes of capset 1, got int 308"),
    (lambda: flow.Host({}, answer="maybe"), ArgumentError, "Host: expected answer to be one of ok, error, never"),
    (
        lambda: flow.Vmm(unknown="?"),
        ArgumentError,
        "expected unknown to be one of error, id-zero, poisoned-id, got '?'",
    ),
    (lambda: flow.Vmm(count=-1), ArgumentError, "expected a count of capsets, got -1"),
    (lambda: flow.Guest(1400), ArgumentError, "no known capset ever had 1400 bytes"),
    (lambda: flow.Guest(1500), SizeStepError, "virgl_caps_v2 never had 1500 bytes"),
    (lambda: flow.Kernel().get_caps(1, 0, 308), BufferAccessError, "get_caps: expected a buffer, got int 308"),
    (lambda: flow.Kernel().get_caps(1, 0, bytearray(4), size=-1), ArgumentError, "expected a size in bytes, got -1"),
    (lambda: flow.Kernel().getparam(1000), KernelError, r"getparam\(1000\): not known to this kernel"),
    (lambda: matrix.build(vmm="best"), ArgumentError, "no vmm 'best' is known; there are old, new, good, index-for-id"),
]


@pytest.mark.parametrize(("call", "error", "words"), WRONG)
def test_wrong_calls(call, error, words):
    with pytest.raises(error, match=words) as caught:
        call()
    assert isinstance(caught.value, CapcodecError)


def test_examples_in_docstrings():
    assert doctest.testmod(flow) == (0, 4)


def shown(capsys, *arguments: str) -> str:
    assert cli.main(["flow", *arguments]) == 0
    return capsys.readouterr().out


def test_the_readme_has_the_matrix(capsys):
    table = shown(capsys, "--markdown")
    assert len(table.splitlines()) == 2 + 16
    assert table in (Path(__file__).parents[2] / "README.md").read_text()


def test_the_command_prints_the_matrix(capsys):
    lines = shown(capsys).splitlines()
    assert lines[0].split()[:4] == ["host", "VMM", "kernel", "guest"]
    for line, (name, (_, _, written, destroyed)) in zip(lines[1:], EXPECTED.items(), strict=False):
        size = 308 if name.endswith("old") else 1408
        came = min(size, written)
        assert line.split()[:4] == name.split()
        assert line.split()[-3:] == [str(came), str(size - came), str(destroyed)]
    assert "old VMM: asks for sizes by the index in place of the id" in lines


def test_the_command_tells_one_combination(capsys):
    output = shown(capsys, "--host", "capset1-380", "--kernel", "old", "--guest", "old")
    first = captures.load("virglrenderer-0.7.0-llvmpipe-gl.capset2.bin")[:380]
    assert "kernel  get_caps(id 1, version 0, size 308): copies 380 bytes, what the host has" in output
    assert f"   308  {first[308:324].hex(' ')}" in output
    assert output.endswith("72 bytes behind the guest's struct are destroyed\n")
    output = shown(capsys, "--vmm", "hard-coded-count", "--guest-size", "696")
    assert "5 s    kernel  logs: timed out waiting for cap set 2; drops all capsets" in output
    assert output.endswith("ENOSYS: the guest keeps what it had, nothing is the host's; waited 5 s in vain\n")


def test_the_command_tells_programs(capsys):
    rows = json.loads(shown(capsys, "--json"))
    assert {" ".join(row[party] for party in ("host", "vmm", "kernel", "guest")) for row in rows} == EXPECTED.keys()
    (bad,) = (row for row in rows if row["destroyed"])
    assert bad["destroyed"] == list(range(308, 380))
    one = json.loads(shown(capsys, "--answer", "never", "--json"))
    assert one["queries"] == [{"capset_id": 2, "size": 1408, "errno": errno.EBUSY, "written": 0, "answer": "EBUSY"}]
    assert one["seconds"] == 5
    assert {"party": "kernel", "what": "waits for capset 2 in vain", "seconds": 5} in one["trace"]


def test_a_size_that_never_was(capsys):
    assert cli.main(["flow", "--guest-size", "0"]) == 1
    assert "no known capset ever had 0 bytes" in capsys.readouterr().err
