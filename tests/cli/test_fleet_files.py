"""Fleets in files, on the screen."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

import pytest

from capcodec import VirglCapsV2, captures
from capcodec.files import capset_file, hexdump
from command import BIN, run

pyarrow = pytest.importorskip("pyarrow", reason="there is no wheel of it for this machine or this Python")
from pyarrow import parquet  # noqa: E402

from capcodec.fleet.simulate import simulate  # noqa: E402

NEW = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
OLD = captures.load("virglrenderer-0.9.0-llvmpipe-gl.capset2.bin")
VENUS = captures.load("virglrenderer-1.3.0-venus.capset4.bin")
RECORDS = [capset_file.Record(1, 1, NEW[:308]), capset_file.Record(2, 1, OLD), capset_file.Record(2, 2, NEW)]


@pytest.fixture
def hosts(tmp_path):
    """A directory of hosts in every form, one deeper; and what is to come of them."""
    home = tmp_path / "hosts"
    (home / "deeper").mkdir(parents=True)
    (home / "both.capset").write_bytes(capset_file.dump(RECORDS))
    (home / "old.bin").write_bytes(OLD)
    (home / "dump.txt").write_text(hexdump.dump(NEW, "xxd"))
    (home / "deeper" / "venus").write_bytes(VENUS)
    (home / "deeper" / "golden.json").write_text(VirglCapsV2.unpack(NEW).to_json())
    os.mkfifo(home / "pipe")
    return home


def packed(path) -> list[tuple]:
    table = parquet.read_table(path).select(["host", "capset_id", "data"])
    return [tuple(row.values()) for row in table.to_pylist()]


def test_pack(hosts, tmp_path):
    out = tmp_path / "fleet.parquet"
    assert run("fleet", "pack", str(hosts), "-o", str(out)) == ""
    want = [
        (f"{hosts}/both.capset", 1, NEW[:308]),
        (f"{hosts}/both.capset", 2, NEW),
        (f"{hosts}/dump.txt", 2, NEW),
        (f"{hosts}/old.bin", 2, OLD),
        (f"{hosts}/deeper/golden.json", 2, NEW),
        (f"{hosts}/deeper/venus", 4, VENUS),
    ]
    assert packed(out) == want
    told = json.loads(run("fleet", "pack", str(out), str(hosts / "old.bin"), "-o", str(tmp_path / "more"), "--json"))
    assert told == {"output": str(tmp_path / "more"), "records": 7}
    assert packed(tmp_path / "more") == [*want, want[3]]


def test_the_output_among_the_files(hosts):
    """It is none of the hosts, neither while it is written nor when it is there already."""
    for _ in range(2):
        run("fleet", "pack", str(hosts), "-o", str(hosts / "fleet.parquet"))
        assert len(packed(hosts / "fleet.parquet")) == 6
    assert {name for name in os.listdir(hosts) if "fleet" in name} == {"fleet.parquet"}


def test_files_that_are_no_capsets(hosts, tmp_path):
    (hosts / "README\x1b[31m").write_text("hello there")
    (hosts / "gone").symlink_to("nowhere")
    out = str(tmp_path / "out")
    refused = run("fleet", "pack", str(hosts), "-o", out, status=2)
    assert refused.startswith(f"capcodec: {hosts}/README\\x1b[31m: this text is none of ")
    assert refused.count("\n") == 1
    assert not os.path.exists(out)
    done = subprocess.run(
        [sys.executable, "-m", "capcodec", "fleet", "pack", hosts, "--skip", "-o", out], capture_output=True, cwd=BIN
    )
    assert done.returncode == 0
    assert done.stderr.startswith(b"capcodec: skipped " + f"{hosts}/README\\x1b[31m: ".encode())
    assert len(packed(out)) == 6
    assert "No such file or directory" in run("fleet", "pack", "missing.bin", "-o", out, status=2)
    assert "say which it is, by capset_id or --capset" in run("fleet", "pack", "/dev/null", "-o", out, status=2)
    assert "is written to a file" in run("fleet", "pack", str(hosts), "-o", "-", status=2)


def test_a_capset_of_stdin_and_a_name_that_is_no_text(tmp_path):
    out = str(tmp_path / "out")
    run("fleet", "pack", "-", "--capset", "virgl", "-o", out, stdin=NEW[:308])
    assert packed(out) == [("-", 1, NEW[:308])]
    assert json.loads(run("fleet", "query", "-", "max_samples>=0", "--json", stdin=NEW)) == [
        {"host": "-", "capset_id": 2, "max_samples": 4}
    ]
    name = os.fsencode(tmp_path) + b"/\xff"
    with open(name, "wb") as file:
        file.write(OLD)
    subprocess.run([sys.executable, "-m", "capcodec", "fleet", "pack", name, "-o", out], check=True, cwd=BIN)
    assert packed(out) == [(f"{tmp_path}/\\xff", 2, OLD)]


def test_describe(hosts, tmp_path):
    out = str(tmp_path / "fleet.parquet")
    run("fleet", "pack", str(hosts), "-o", out)
    told = json.loads(run("fleet", "describe", out, "--json"))
    assert told["records"] == 6
    virgl = next(each for each in told["capsets"] if each["capset_id"] == 2)
    assert virgl["name"] == "virgl2"
    assert virgl["size"] == [{"value": 1408, "records": 3}, {"value": 696, "records": 1}]
    assert virgl["releases"][1] == {"value": ["0.9.0", "0.9.1"], "records": 1}
    assert {"field": "max_anisotropy", "records": 1} in virgl["lacks"]
    assert told == json.loads(run("fleet", "describe", str(hosts), "--json")), "from files as from Parquet"
    assert told == json.loads(run("fleet", "describe", out, "--engine", "threads", "--json"))
    assert "expected dask://HOST:PORT" in run("fleet", "describe", out, "--engine", "ray", status=2)
    output = run("fleet", "describe", out)
    assert "capset 2, virgl2: 4 records\n" in output
    lines = [line.split() for line in output.splitlines()]
    assert ["size", "696", "1", "#" * 10] in lines
    assert ["gl_core", "4.5", "3", "#" * 30] in lines
    assert ["lacks", "max_anisotropy", "1", "#" * 10] in lines


def test_query(hosts):
    where = str(hosts)
    output = run("fleet", "query", where, "max_video_memory=absent", "release", "use_guest_vram")
    assert output.split()[:5] == ["host", "capset_id", "max_video_memory", "release", "use_guest_vram"]
    assert output.splitlines()[1].split()[:3] == [f"{where}/both.capset", "1", "absent"]
    found = json.loads(run("fleet", "query", where, "release<1.0.0", "scanout!=absent", "--json"))
    assert [row["host"] for row in found] == [f"{where}/old.bin"]
    assert found[0]["scanout"] == OLD[624:688].hex()
    assert found[0]["release"] == ["0.9.0", "0.9.1"]
    assert json.loads(run("fleet", "query", where, "max_samples>100", "--json")) == []
    assert "did you mean 'max_samples'" in run("fleet", "query", where, "max_sample", status=2)
    assert "expected FIELD" in run("fleet", "query", where, "", status=2)


def test_one_capset_alone(hosts, tmp_path):
    out = str(tmp_path / "fleet.parquet")
    run("fleet", "pack", str(hosts), "-o", out)
    found = json.loads(run("fleet", "query", out, "use_guest_vram", "--capset", "venus", "--json"))
    assert found == [{"host": f"{hosts}/deeper/venus", "capset_id": 4, "use_guest_vram": 0}]
    told = json.loads(run("fleet", "describe", out, "--capset", "1", "--json"))
    assert [(each["capset_id"], each["records"]) for each in told["capsets"]] == [(1, 1)]


def test_no_text_steers_the_terminal(tmp_path):
    caps = VirglCapsV2.unpack(NEW)
    caps.renderer = b"\x1b[31m\nred"
    (tmp_path / "a\x1b[1m").write_bytes(caps.pack())
    for colour in ("never", "always"):
        output = run("fleet", "query", str(tmp_path), "renderer", "--color", colour)
        assert "\\x1b[31m\\nred" in output
        assert "a\\x1b[1m" in output
        assert "\x1b[31m" not in output
    (tmp_path / "out").mkdir()
    run("fleet", "pack", str(tmp_path), "-o", str(tmp_path / "out" / "fleet"))
    assert "\x1b" not in run("fleet", "baseline", str(tmp_path / "out" / "fleet"))


def test_numbers_that_json_does_not_have(tmp_path):
    caps = VirglCapsV2.unpack(NEW)
    caps.max_anisotropy = float("nan")
    (tmp_path / "odd").write_bytes(caps.pack())
    text = run("fleet", "query", str(tmp_path / "odd"), "max_anisotropy", "video_caps", "--json")
    (row,) = json.loads(text, parse_constant=lambda name: pytest.fail(name))
    assert row["max_anisotropy"] == "nan"
    assert row["video_caps"][0]["max_width"] == caps.video_caps[0].max_width


def test_baseline_of_a_file(hosts, tmp_path):
    out = str(tmp_path / "fleet.parquet")
    run("fleet", "pack", str(hosts / "old.bin"), str(hosts / "dump.txt"), str(hosts / "old.bin"), "-o", out)
    one = json.loads(run("fleet", "baseline", out, "--json"))
    other = json.loads(run("fleet", "baseline", str(hosts / "old.bin"), str(hosts / "dump.txt"), "--json"))
    assert one["data"] == other["data"]
    assert [host["name"] for host in one["hosts"]] == [f"{hosts}/{n}" for n in ("old.bin", "old.bin (2)", "dump.txt")]
    (tmp_path / "baseline").write_bytes(bytes.fromhex(one["data"]))
    assert run("fleet", "fits", str(tmp_path / "baseline"), out) == "every host can serve it\n"
    run("fleet", "pack", str(hosts), "-o", out)
    only = json.loads(run("fleet", "baseline", out, "--capset", "venus", "--json"))
    assert [host["name"] for host in only["hosts"]] == [f"{hosts}/deeper/venus"]
    assert "no fleet" in run("fleet", "baseline", written(tmp_path / "bad"), status=2)


def test_baseline_of_a_stream(hosts, tmp_path):
    out = str(tmp_path / "fleet.parquet")
    run("fleet", "pack", str(hosts / "old.bin"), str(hosts / "dump.txt"), "-o", out)
    named = json.loads(run("fleet", "baseline", out, "--json"))
    counted = json.loads(run("fleet", "baseline", out, out, "--engine", "threads", "--json"))
    assert counted["hosts"] == 4
    assert counted["data"] == named["data"]
    assert {each["field"] for each in counted["limits"]} == {each["field"] for each in named["limits"]}
    assert "serves 2 hosts" in run("fleet", "baseline", out, "--engine", "threads", "-o", str(tmp_path / "caps"))
    assert (tmp_path / "caps").read_bytes().hex() == named["data"]
    told = run("fleet", "baseline", out, "--engine", "threads", "--capset", "venus", status=2)
    assert "no host has capset 4" in told
    assert "is for Parquet files" in run("fleet", "baseline", str(hosts / "old.bin"), "--engine", "threads", status=2)
    assert "expected dask://HOST:PORT" in run("fleet", "baseline", out, "--engine", "ray", status=2)


def written(path) -> str:
    parquet.write_table(pyarrow.table({"host": [1]}), path)
    return str(path)


def test_progress_on_a_terminal_alone(hosts, tmp_path):
    """On stderr, and gone at the end."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "capcodec", "fleet", "pack", str(hosts), "-o", str(tmp_path / "out")]
    environment = {**os.environ, "TERM": "xterm-256color"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, cwd=BIN, env=environment) as process:
        os.close(theirs)
        told = b""
        while True:
            try:
                told += os.read(ours, 65536)
            except OSError:
                break
        assert process.stdout.read() == b""
    os.close(ours)
    assert process.returncode == 0
    assert b"reading" in told


def test_simulate(tmp_path):
    out = str(tmp_path / "fleet.parquet")
    told = json.loads(run("fleet", "simulate", "-n", "50", "--seed", "4", "--distinct", "9", "-o", out, "--json"))
    (expected,) = simulate(50, 4, 9)
    assert told == {"output": out, "hosts": 50, "records": len(expected)}
    assert parquet.read_table(out, columns=expected.schema.names).to_pylist() == expected.to_pylist()
    assert run("fleet", "simulate", "-n", "30", "--edits", "1", "-o", out) == ""
    edited = parquet.read_table(out).to_pylist()
    assert [row["data"] for row in edited] == next(simulate(30, edits=1.0)).column("data").to_pylist()
    assert {finding for row in edited for finding in row["findings"] or ()} >= {"all-zero", "capset1-as-capset2"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-n", "-1"], "count: expected an integer from 0 on, got int -1"),
        (["-n", "1", "--distinct", "3"], "distinct: expected an integer from 4 to 65536, got int 3"),
        (["-n", "1", "--edits", "nan"], "edits: expected a share from 0 to 1, got float nan"),
        (["-n", "1", "--seed", "-1"], "seed: expected an integer from 0 on, got int -1"),
        (["-n", "many"], "invalid int value: 'many'"),
        ([], "required: -n"),
    ],
)
def test_no_simulation(arguments, told, tmp_path):
    out = tmp_path / "fleet.parquet"
    assert told in run("fleet", "simulate", *arguments, "-o", str(out), status=2)
    assert not out.exists()


def test_a_simulation_on_stdout():
    assert "and not to stdout" in run("fleet", "simulate", "-n", "1", "-o", "-", status=2)
