"""A page in a real browser, without a screen: what it shows, and what it says on its console."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from real import need


class Opened(NamedTuple):
    html: str  # after scripts have run
    console: list[str]
    seconds: float


def opened(page: Path, home: Path, *flags: str) -> Opened:
    """Open a page in Chromium.

    Args:
        page: the file.
        home: an empty directory for the browser's own files.
        flags: of Chromium.
    """
    program = need("chromium", "chromium")
    start = time.monotonic()
    done = subprocess.run(
        [
            *(program, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={home}", "--dump-dom"),
            *("--enable-logging=stderr", "--v=0", *flags, page.as_uri()),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    console = re.findall(r"CONSOLE[^\n]*\] (.*)", done.stderr)
    return Opened(done.stdout, console, time.monotonic() - start)
