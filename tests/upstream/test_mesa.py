"""Mesa's copies of virglrenderer's headers beside its own: what breaks in both directions is a difference."""

from __future__ import annotations

from pathlib import Path

import pytest

import real_headers
from capcodec.upstream import gate
from capcodec.upstream.header import Options
from capcodec.upstream.repository import Repository
from capcodec.upstream.rules_file import Rules
from real import missing

RULES = Rules(Options(("stdint.h", "stdbool.h"), ("VIRGL_RENDERER_UNSTABLE_APIS",)))
PATHS = [f"src/{name}_hw.h" for name in ("virgl", "virgl_video", "venus", "drm")] + ["src/virgl_protocol.h"]
# Mesa has num_components before crop_x to crop_height, virglrenderer since b4a6eaaa behind them
PICTURE = {"struct virgl_mjpeg_picture_desc.picture_parameter.num_components"}


@pytest.mark.parametrize(("suite", "tag", "different"), [("bookworm", "0.10.4", set()), ("trixie", "1.1.0", PICTURE)])
def test_copies_that_differ(virglrenderer, tmp_path, suite, tag, different):
    mesa = Path(real_headers.ROOT, suite, "mesa")
    if not real_headers.ROOT or not mesa.exists():
        missing(str(mesa), "sources, by tests/helpers/fetch_headers, and name their directory in CAPCODEC_HEADERS")
    repository = Repository(virglrenderer)
    for path, blob in repository.files(repository.tags[tag], [*PATHS, "vtest/vtest_protocol.h"]).items():
        copy = mesa / Path(path).name
        if copy.exists():
            for side, text in (("mesa", copy.read_bytes()), ("own", repository.read([blob])[blob])):
                (tmp_path / side).mkdir(exist_ok=True)
                (tmp_path / side / copy.name).write_bytes(text)
    here, there = str(tmp_path / "mesa"), str(tmp_path / "own")
    broken = [
        {item.subject for step in gate.files(*pair, RULES).whole for item in step.broken}
        for pair in ((here, there), (there, here))
    ]
    assert broken[0] & broken[1] == different
