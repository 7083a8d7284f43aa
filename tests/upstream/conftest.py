"""The real history, unpacked once."""

from __future__ import annotations

import pytest

from histories import real_history


@pytest.fixture(scope="session")
def virglrenderer(tmp_path_factory):
    return str(real_history(tmp_path_factory.mktemp("history")))


@pytest.fixture
def header(tmp_path):
    """A function that reads a header from its text."""
    from capcodec.upstream.header import Options, read_text

    def read(text: str, name: str = "it.h", **options):
        return read_text(name, text.encode(), Options(**options))

    return read
