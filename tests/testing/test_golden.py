"""Golden files: written whole, and what a comparison says."""

from __future__ import annotations

import threading

import pytest

from capcodec import ArgumentError, VirglCapsV1, VirglCapsV2, define
from capcodec.schema import struct, u8
from capcodec.testing.golden import MAX_CHANGES, Golden, GoldenMismatchError


@pytest.fixture
def golden(tmp_path):
    """Makes the fixture of one test run after the other."""
    return lambda update=False, stem="test_it": Golden(tmp_path / "files", stem, update)


def test_what_differs_is_said_by_field(golden):
    caps = VirglCapsV2.zeros()
    caps.max_samples = 4
    golden(update=True)(caps)
    golden()(caps)
    caps.max_samples, caps.renderer = 8, b"new"
    with pytest.raises(GoldenMismatchError) as caught:
        golden()(caps)
    first, *rest = str(caught.value).splitlines()
    assert first.endswith("test_it.json says otherwise; 'pytest --update-capsets' writes it anew")
    assert rest == ["  v1.max_samples: 4 -> 8", "  renderer: '' -> 'new'"]


def test_bytes_that_are_of_no_field_count_too(golden):
    golden(update=True)(VirglCapsV2.zeros(380))
    with pytest.raises(GoldenMismatchError, match="_valid_size: 380 -> 382"):
        golden()(VirglCapsV2.unpack(bytes(382)))
    golden(update=True)(VirglCapsV2.zeros())
    with pytest.raises(GoldenMismatchError, match="_tail: "):
        golden()(VirglCapsV2.unpack(bytes(VirglCapsV2.size + 1)))


def test_many_changes_are_cut(golden):
    golden(update=True)(VirglCapsV2.zeros())
    with pytest.raises(GoldenMismatchError) as caught:
        golden()(VirglCapsV2.unpack(b"\1" * VirglCapsV2.size))
    assert len(str(caught.value).splitlines()) == 1 + MAX_CHANGES + 1
    assert str(caught.value).splitlines()[-1].startswith("  ... and ")


def test_structs_of_ones_own(golden):
    cls = define(struct("mine", u8("x"), u8("y")))
    golden(update=True)(cls.unpack(b"\1\2"))
    with pytest.raises(GoldenMismatchError, match=r"y: 2 -> 3"):
        golden()(cls.unpack(b"\1\3"))


def test_a_file_that_is_missing_or_says_something_else(golden, tmp_path):
    with pytest.raises(GoldenMismatchError, match=r"test_it.json is missing; 'pytest --update-capsets' writes it"):
        golden()(VirglCapsV2.zeros())
    golden(update=True)(VirglCapsV1.zeros())
    with pytest.raises(GoldenMismatchError, match="expected the text of a virgl_caps_v2, got that of 'virgl_caps_v1'"):
        golden()(VirglCapsV2.zeros())
    (tmp_path / "files" / "test_it.json").write_text('{\n "max_sample": 4}')
    with pytest.raises(GoldenMismatchError, match=r"test_it.json: .*'max_sample'.*line 2, column 2"):
        golden()(VirglCapsV2.zeros())


def test_names(golden, tmp_path):
    one = golden(update=True)
    one(VirglCapsV1.zeros())
    one(VirglCapsV2.zeros(), "second")
    with pytest.raises(ArgumentError, match="test_it.json stands for another instance"):
        one(VirglCapsV1.zeros())
    with pytest.raises(ArgumentError, match="expected an instance of a struct, got bytes"):
        one(bytes(308))
    for stem in ("test_a[x/y]", "test_a[x_y]", "test_a[../../up]", "test_a[" + "z" * 500 + "]", "test_a[\ud800]"):
        golden(update=True, stem=stem)(VirglCapsV1.zeros())
    names = sorted(path.name for path in (tmp_path / "files").iterdir())
    assert len(names) == 7
    assert "test_a-x_y.json" in names
    assert max(map(len, names)) < 200


def test_files_are_whole_however_many_write_them(golden, tmp_path):
    """A reader beside writers sees one text or the other."""
    texts = [VirglCapsV2.zeros(size) for size in (380, None)]
    golden(update=True)(texts[0])
    done = threading.Event()
    seen = set()

    def read():
        while not done.is_set():
            seen.add((tmp_path / "files" / "test_it.json").read_text())

    reader = threading.Thread(target=read)
    reader.start()
    for round_ in range(300):
        golden(update=True)(texts[round_ % 2])
    done.set()
    reader.join()
    assert seen <= {caps.to_json() for caps in texts}
    assert [path.name for path in (tmp_path / "files").iterdir()] == ["test_it.json"]
