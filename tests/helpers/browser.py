"""A page in a real browser, without a screen: what it shows, and what it says on its console."""

from __future__ import annotations

import html
import json
import re
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from real import need

OPEN_ALL = """<!doctype html><title>all</title><script>
const pages = %s, told = [];
function next() {
  if (told.length === pages.length) {
    document.title = JSON.stringify(told);
    return;
  }
  const frame = document.createElement("iframe"), start = performance.now();
  frame.onload = () => {
    const page = frame.contentDocument, searching = page.getElementById("searching");
    told.push([page.title, searching !== null && !searching.hidden, (performance.now() - start) / 1000]);
    next();  // before this one goes: the load event, which ends it all, waits for frames
    frame.remove();
  };
  frame.src = pages[told.length];
  document.documentElement.append(frame);
}
next();
</script>"""


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


class Loaded(NamedTuple):
    title: str
    searchable: bool  # has the page's own script run?
    seconds: float
    console: list[str]


def opened_all(pages: list[Path], home: Path) -> list[Loaded]:
    """Open pages of one directory one after the other, each in a frame: to start a browser for each would take long."""
    outer = pages[0].with_name("all.html")
    outer.write_text(OPEN_ALL % json.dumps([page.name for page in pages]))
    shown = opened(outer, home, "--allow-file-access-from-files")
    (told,) = re.findall(r"<title>(.*?)</title>", shown.html)
    loaded = json.loads(html.unescape(told))
    assert len(loaded) == len(pages), shown.console
    heard = [[line for line in shown.console if f"/{page.name} " in line] for page in pages]
    assert sum(map(len, heard)) == len(shown.console), shown.console
    return [Loaded(*told, console) for told, console in zip(loaded, heard, strict=True)]
