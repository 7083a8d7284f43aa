"""The fields of a capset on the screen."""

from __future__ import annotations

from capcodec import VirglCapsV2, captures
from command import rows, run


def test_show_guesses_the_capset(blob, capture):
    name, data = capture
    output = run("show", blob(data))
    capset_id = name[-5]
    assert output.startswith(f"virgl_caps_v{capset_id} (capset {capset_id}): {len(data)} of ")
    shown = rows(output)
    prefix = "v1." if capset_id == "2" else ""
    assert shown[f"{prefix}max_samples"] == [str(int.from_bytes(data[284:288], "little"))]
    assert shown[f"{prefix}glsl_level"] == [str(int.from_bytes(data[264:268], "little"))]


def test_show_reads_stdin_and_says_what_is_missing(newest):
    absent = sum(field.end > 690 for field in VirglCapsV2.fields.values())
    output = run("show", "-", "--capset", "2", stdin=newest[:690])
    assert f"absent: {absent} fields, from capability_bits_v2 at byte 688 on, which came with release 0.9.0" in output
    assert "of capability_bits_v2 arrived: " + newest[688:690].hex(" ") in output
    assert "the layout of" not in output
    output = run("show", "-", stdin=newest[:688])
    assert (
        f"688 of {VirglCapsV2.size} bytes, the layout of e3683f0fbd5a (2019-07-30, first released in 0.8.0)" in output
    )


def test_show_a_tail(newest):
    assert "tail: 3 bytes behind the newest layout known: 61 62 63" in run("show", "-", stdin=newest + b"abc")


def test_show_reads_well(blob, newest):
    shown = rows(run("show", blob(newest)))
    assert shown["capability_bits_v2"][0].startswith("0x")
    assert "UNTYPED_RESOURCE" in shown["capability_bits_v2"]
    assert "has_fp64" in shown["v1.bset"]
    assert shown["v1.depthstencil.bitmask"] == ["none", "set"]
    assert shown["renderer"][0] == "'LLVMPIPE"
    assert shown["max_compute_grid_size"] == ["65535", "65535", "65535"]


def test_show_another_layout(blob):
    data = captures.load("virglrenderer-0.9.0-llvmpipe-gl.capset2.bin")
    assert "VIDEO_MEMORY" not in rows(run("show", blob(data), "--layout", "0.9.0"))["max_video_memory"]
    bits = int.from_bytes(data[692:696], "little")
    assert rows(run("show", blob(data), "--layout", "0.9.0"))["capability_bits_v2"][0] == f"{bits:#x}"


def test_json_is_the_golden_text(blob, capture):
    name, data = capture
    text = run("show", "--json", blob(data))
    if name.endswith("capset2.bin"):
        assert VirglCapsV2.from_json(text).pack() == data
    assert run("show", "--json", "-", stdin=text.encode()) == text


def test_a_capset_that_tells_no_release():
    assert run("show", "-", "--capset", "10", stdin=bytes(24)).startswith("virgl_renderer_capset_apir (capset 10)")


def test_a_long_tail_is_cut_on_the_screen(newest):
    assert f"tail: 1000 bytes behind the newest layout known: {'00 ' * 64}...\n" in run(
        "show", "-", stdin=newest.ljust(VirglCapsV2.size, b"x") + bytes(1000)
    )
