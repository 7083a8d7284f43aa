"""The page to send: all of it there, in a real browser, whatever the bytes are."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser

import pytest

from browser import opened, opened_all
from capcodec import VirglCapsV2, captures, cli, gl, identify, lint
from command import run
from real import need_extra

V2 = captures.load("virglrenderer-1.3.0-llvmpipe-gl.capset2.bin")
SWAPPED = captures.load("virglrenderer-0.9.0-llvmpipe-gl.capset2.bin")
needs_jinja = pytest.fixture(autouse=True)(lambda: need_extra("report"))
MARKUP = b"<script>document.title='run'</script><img src=x onerror=alert(1)>"
MAX_SIZE = 300_000  # bytes of a page
MAX_SECONDS = 2  # that it takes to open
VOID = {"meta", "link", "br", "input", "img"}


def hostile() -> dict[str, bytes]:
    """Bytes that would like to be a page."""
    caps = VirglCapsV2.unpack(V2.ljust(VirglCapsV2.size, b"\0"))
    caps.renderer = MARKUP[: VirglCapsV2.fields["renderer"].size - 1]
    tail = (MARKUP * 1200)[: 65536 - VirglCapsV2.size]
    return {
        "markup": caps.pack(),
        "64 KiB": caps.pack() + tail,
        "ones": b"\2\0\0\0" + b"\xff" * (VirglCapsV2.size - 4),
        "zeros": bytes(VirglCapsV2.size),
        "a word": b"\2\0\0\0",
    }


HOSTILE = hostile()


class Checker(HTMLParser):
    """Every tag that opens closes, in order; nothing is loaded from anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag, attributes):
        assert tag not in ("img", "iframe", "object"), tag
        self.scripts += tag == "script"
        for name, value in attributes:
            assert not name.startswith("on"), name
            assert name != "style"
            assert name not in ("src", "href", "action") or value.startswith(("#", "data:,")), value
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def checked(page: str) -> str:
    checker = Checker()
    checker.feed(page)
    assert (checker.open, checker.scripts) == ([], 1)
    assert len(page.encode()) < MAX_SIZE
    return page


def plain(page: str) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<style>.*?</style>|<script>.*?</script>|<[^>]*>", " ", page, flags=re.DOTALL).split())


@pytest.mark.parametrize("name", captures.names())
def test_every_capture(name, blob):
    page = checked(run("report", blob(captures.load(name))))
    assert str(identify(captures.load(name))) in plain(page)


def test_what_it_tells(tmp_path):
    (tmp_path / "old.bin").write_bytes(SWAPPED)
    (tmp_path / "new.bin").write_bytes(V2)
    page = tmp_path / "page.html"
    told = json.loads(run("report", str(tmp_path / "old.bin"), str(tmp_path / "new.bin"), "-o", str(page), "--json"))
    assert told == {"output": str(page), "size": page.stat().st_size}
    words = plain(checked(page.read_text()))
    assert f"696 of {VirglCapsV2.size} bytes arrived" in words
    for finding in lint(SWAPPED):
        assert finding.rule in words
    verdict = gl(SWAPPED)
    assert f"A guest gets OpenGL {'.'.join(map(str, verdict.version))} " in words
    missing = [need for need in verdict.missing if "core" in need.profiles]
    assert missing
    assert all(html.escape(need.reason) in words for need in missing)
    assert "max_tcs_outputs u32 absent; the guest's default is 0" in words
    assert f"The guest's struct has {VirglCapsV2.size} bytes, and 696 come from the host." in words
    assert "Before: " in words
    assert "_valid_size: 696 -&gt; 1384" in words or "_valid_size: 696 -&gt; " in words
    for field in VirglCapsV2.fields.values():
        assert field.layout or field.path in words


def test_every_capture_and_hostile_bytes_in_a_browser(tmp_path):
    given = {**{name: captures.load(name) for name in captures.names()}, **HOSTILE, "planted": V2}
    pages = [tmp_path / f"{number}.html" for number in range(len(given))]
    for data, page in zip(given.values(), pages, strict=True):
        file = tmp_path / "capset.bin"
        file.write_bytes(data)
        assert (
            cli.main(["report", str(file), *(["--capset", "2"] if data in HOSTILE.values() else []), "-o", str(page)])
            == 0
        )
        checked(page.read_text())
    text = pages[-1].read_text().replace("</body>", "<script>document.title = 'run'</script></body>")
    pages[-1].write_text(text)
    *loaded, planted = opened_all(pages, tmp_path / "home")
    assert any("Content Security Policy" in line for line in planted.console), "else nothing would be heard"
    assert planted.title != "run"
    for name, shown in zip(given, loaded, strict=False):
        assert shown.console == [], name
        assert shown.title.startswith("vir"), f"{name}: a script of the bytes has run"
        assert shown.searchable, f"{name}: the page's own script has not run"
        assert shown.seconds < MAX_SECONDS, name


def test_the_search(tmp_path, blob):
    page, driven = tmp_path / "page.html", tmp_path / "driven.html"
    run("report", blob(V2), "-o", str(page))
    drive = (
        "<script>const field = document.querySelector('input'); field.value = 'max_samples'; "
        "field.dispatchEvent(new Event('input'))</script>"
    )
    text = re.sub(r"<meta http-equiv[^>]*>", "", page.read_text())  # which forbids the script that types
    driven.write_text(text.replace("</body>", f"{drive}</body>"))
    shown = opened(driven, tmp_path / "home")
    assert shown.console == []
    left = re.findall(r"<tr(?: class=\"absent\")?><td class=\"number\">.*?<code>(.*?)</code>", shown.html)
    assert left == ["v1.max_samples"]
    assert "<output>1 fields</output>" in shown.html


def test_it_may_not_be_the_same_capset(tmp_path, blob):
    (tmp_path / "venus.bin").write_bytes(captures.load(captures.names(4)[0]))
    assert "cannot be compared" in run("report", blob(V2), str(tmp_path / "venus.bin"), status=2)


def test_names_of_files_are_text(tmp_path):
    file = tmp_path / "<b>&\udcff.bin"
    file.write_bytes(V2)
    assert "&lt;b&gt;&amp;?.bin" in run("report", str(file))
