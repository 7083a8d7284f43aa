#!/usr/bin/env python3
"""Does the suite notice a wrong fact? Plants one at a time in a copy of the package, and runs the tests that should.

    CAPCODEC_HEADERS=DIR python tests/long/mutations.py [WORD ...]

Run it with the Python that has the package and its tests installed; DIR is what tests/helpers/fetch_headers made. With
words, only mutations whose kind has one of them. Prints a table, and ends with 1 if a wrong fact passes unnoticed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import capcodec

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS / "helpers"))

from planted import Copy  # noqa: E402

CAPSETS, FORMATS, HEADERS = "capsets", "capsets/test_virgl_formats.py", "capsets/test_virgl_hw.py"
MESA, GL, REGISTRY = "meaning/test_mesa_rules.py", "meaning/test_gl_requirements.py", "test_registry.py"
VIRGL, VENUS, DRM, RELEASES = (
    "capsets/test_virgl.py", "capsets/test_venus.py", "capsets/test_drm.py", "meaning/test_releases.py",
)  # fmt: skip

# Kind, file of the package, what stands there, what is planted instead, and where the tests are that should notice
MUTATIONS = [
    ("extension name", "capsets/vk_xml.py", '2: "VK_KHR_swapchain"', '2: "VK_KHR_swapchains"', "capsets/test_vk_xml.py"),
    ("extension name", "capsets/vk_xml.py", '"VK_KHR_maintenance1"', '"VK_KHR_maintenance2x"', "capsets/test_vk_xml.py"),
    ("extension name", "capsets/vk_xml.py", '"VK_EXT_mesh_shader"', '"VK_NV_mesh_shaders"', "capsets/test_vk_xml.py"),
    ("extension name", "capsets/venus.py", "384: ", "386: ", "capsets/test_vk_xml.py"),
    ("format number", "capsets/virgl_formats.py", '(67, "R8G8B8A8_UNORM"', '(66, "R8G8B8A8_UNORM"', FORMATS),
    ("format number", "capsets/virgl_formats.py", '(457, "ASTC_4x4_FLOAT"', '(456, "ASTC_4x4_FLOAT"', FORMATS),
    ("format name", "capsets/virgl_formats.py", '"NV12"', '"NV21x"', FORMATS),
    ("format name", "capsets/virgl_formats.py", '"Y8_U8V8_420_UNORM"', '"Y8_V8U8_420_UNORMX"', FORMATS),
    ("format's first release", "capsets/virgl_formats.py", '(455, "R8_B8G8_422_UNORM", "1.2.0"', '(455, "R8_B8G8_422_UNORM", "1.1.1"', FORMATS),
    ("format's last release", "capsets/virgl_formats.py", '(325, "NV16", "1.1.1", "1.1.1")', '(325, "NV16", "1.1.1", "")', FORMATS),
    ("guest default", "capsets/virgl.py", 'GL has",\n        default=16', 'GL has",\n        default=32', VIRGL),
    ("guest default", "capsets/virgl.py", "default=65536", "default=65535", VIRGL),
    ("guest default", "capsets/virgl.py", "default=255.0", "default=256.0", VIRGL),
    ("guest default", "capsets/virgl.py", "default=1024", "default=1023", VIRGL),
    ("guest default", "capsets/virgl.py", "default=0x7FFFFFFF", "default=0x7FFFFFFE", VIRGL),
    ("size step left out", "capsets/virgl_hw.py", '    "max_uniform_block_size": step(1376, "3c5a9bbb7464", "2022-09-09", "0.10.3"),\n', "", VIRGL),
    ("size step moved", "capsets/virgl_hw.py", '"max_compute_block_size": step(484', '"max_compute_grid_size": step(472', VIRGL),
    ("size step left out", "capsets/venus_hw.py", '    "allow_vk_wait_syncs": step(152, "16a68ed5d267", "2022-05-31", "0.10.0"),\n', "", VENUS),
    ("size step's release", "capsets/venus_hw.py", '"2020-07-17", "0.9.1"', '"2020-07-17", "0.9.0"', RELEASES),
    ("size step's release", "capsets/virgl_hw.py", '"2022-09-09", "0.10.3"', '"2022-09-09", "0.10.4"', RELEASES),
    ("size step's commit", "capsets/virgl_hw.py", '"renderer": step(760, "caf4dc035dfe"', '"renderer": step(760, "caf4dc035dff"', VIRGL),
    ("size step's date", "capsets/virgl_hw.py", '"caf4dc035dfe", "2021-06-04"', '"caf4dc035dfe", "2021-06-05"', VIRGL),
    ("order of fields", "capsets/venus.py", 'u32("vk_xml_version"', 'u32("vk_xml_versions"', VENUS),
    ("type of a field", "capsets/virgl.py", 's32(\n        "min_texel_offset"', 'u32(\n        "min_texel_offset"', VIRGL),
    ("field of amdgpu", "capsets/drm.py", 'u32("gb_tile_mode[32]"', 'u32("gb_tile_mode[31]"', DRM),
    ("flag number", "capsets/virgl.py", '    3: "COPY_IMAGE",\n    4: "TGSI_PRECISE"', '    3: "TGSI_PRECISE",\n    4: "COPY_IMAGE"', HEADERS),
    ("flag number", "capsets/virgl.py", '    9: "SSO",\n    10: "TEXTURE_SHADOW_LOD"', '    9: "TEXTURE_SHADOW_LOD",\n    10: "SSO"', HEADERS),
    ("flag number", "capsets/virgl.py", '13: "TRIANGLE_STRIP_ADJACENCY",\n    14: "PATCHES"', '14: "TRIANGLE_STRIP_ADJACENCY",\n    13: "PATCHES"', VIRGL),
    ("flag number", "capsets/drm.py", '1: "MSM", 2: "AMDGPU"', '2: "MSM", 1: "AMDGPU"', DRM),
    ("flag number", "capsets/cross_domain.py", '0x11: "X11"', '0x14: "X11"', "capsets/test_cross_domain.py"),
    ("flag's release", "capsets/virgl_hw.py", '"716c9311abf7", "2022-08-29", "0.10.4"', '"716c9311abf7", "2022-08-29", "1.0.0"', HEADERS),
    ("release's version", "capsets/virglrenderer_releases.py", '"2023-01-02", 15', '"2023-01-02", 16', RELEASES),
    ("release's formats", "capsets/virglrenderer_releases.py", "23, 455", "23, 456", FORMATS),
    ("number of a capset", "capsets/gfxstream.py", '"glesCapset", 8', '"glesCapset", 11', REGISTRY),
    ("name of a capset", "registry.py", 'kernel="VENUS"', 'kernel="VENUS2"', REGISTRY),
    ("number of a codec", "meaning/vocabularies.py", '"VC1_SIMPLE", "VC1_MAIN"', '"VC1_MAIN", "VC1_SIMPLE"', "meaning/test_vocabularies.py"),
    ("Mesa's rule", "meaning/mesa_rules.py", "host_feature_check_version < 12", "host_feature_check_version < 11", MESA),
    ("Mesa's rule", "meaning/mesa_rules.py", "host_feature_check_version < 5", "host_feature_check_version < 6", MESA),
    ("Mesa's rule", "meaning/mesa_rules.py", "host_feature_check_version < 9", "host_feature_check_version <= 9", MESA),
    ("Mesa's rule", "meaning/mesa_rules.py", '"max_texture_2d_size", 16384', '"max_texture_2d_size", 8192', MESA),
    ("Mesa's rule", "meaning/mesa_rules.py", "1 << 13 - 1", "1 << 12 - 1", MESA),
    ("Mesa's rule", "meaning/mesa_rules.py", "host_feature_check_version >= 6", "host_feature_check_version >= 7", MESA),
    ("Mesa's requirement", "meaning/gl_desktop.py", '"ARB_texture_rg": rendered(', '"ARB_texture_rg": sampled(', GL),
    ("Mesa's requirement", "meaning/gl_desktop.py", "(3, 1): 140", "(3, 1): 150", GL),
    ("Mesa's requirement", "meaning/gl_desktop.py", 'AtLeast("v1.max_render_targets", 4,', 'AtLeast("v1.max_render_targets", 9,', GL),
    ("Mesa's rule", "meaning/mesa_rules.py", "caps.max_uniform_blocks - 1", "caps.max_uniform_blocks - 2", MESA),
]  # fmt: skip


def noticed(kind: str, file: str, old: str, new: str, tests: str) -> tuple[bool, str]:
    """Do the tests fail with that in the package? And the first that does."""
    with tempfile.TemporaryDirectory() as directory:
        if old:
            Copy(Path(directory)).plant(file, old, new)
        else:
            Copy(Path(directory))
        result = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-x",
                "-p",
                "no:cacheprovider",
                "-c",
                str(TESTS.parent / "pyproject.toml"),
                str(TESTS / tests),
            ],
            env={**os.environ, "PYTHONPATH": directory},
            capture_output=True,
            text=True,
            cwd=directory,  # not the source tree, whose package is not compiled
        )
    lines = [line for line in result.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return result.returncode != 0, lines[0].partition(" - ")[0].partition("/tests/")[
        2
    ] if lines else result.stderr.strip().rpartition("\n")[2]


def main() -> int:
    """Run them all, or those of some kinds; the number that ``exit`` gets."""
    unfit = False
    wanted = [row for row in MUTATIONS if not sys.argv[1:] or any(word in row[0] for word in sys.argv[1:])]
    for _, file, old, _, _ in wanted:
        count = (Path(capcodec.__file__).parent / file).read_text().count(old)
        if count != 1:
            print(f"{file} has {count} times {old!r}: the package has changed, and so must this list")
            unfit = True
    if unfit:
        return 2
    unnoticed = 0
    for tests in sorted({row[4] for row in wanted}):
        failed, what = noticed("nothing", "", "", "", tests)
        if failed:
            print(f"{tests} fails with nothing planted: {what}")
            return 2
    print(f"{'kind':24} {'planted':60} {'seconds':>7}  noticed by")
    for row in wanted:
        start = time.monotonic()
        seen, what = noticed(*row)
        unnoticed += not seen
        planted = f"{row[1]}: {' '.join(row[3].split()) or 'nothing'}"
        print(
            f"{row[0]:24} {planted[:60]!s:60} {time.monotonic() - start:7.1f}  {what if seen else 'NOBODY'}", flush=True
        )
    print(f"{len(wanted) - unnoticed} of {len(wanted)} wrong facts were noticed")
    return int(unnoticed > 0)


if __name__ == "__main__":
    sys.exit(main())
