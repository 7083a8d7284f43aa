"""The text of data modules."""

from __future__ import annotations

import pytest

from capcodec.errors import HeaderError
from capcodec.upstream import data_modules, harvest
from capcodec.upstream.model import Field, Scalar


def test_tables_come_back_into_an_empty_module():
    tables = {
        "A": data_modules.rows("A", [(1, "x")]),
        "B": data_modules.names("B", {0: 'q"'}, {0: harvest.Origin(None, "", "", "")}),
    }
    empty = '"""Data."""\n\nfrom x import y\n'
    full = data_modules.with_tables(empty, tables)
    assert full == empty + '\nA = (\n    (1, "x"),\n)\n\nB = {\n    0: "q\\"",\n}\n'
    for part in (
        full,
        full.replace(tables["A"] + "\n", ""),
        full.replace("\n" + tables["B"], ""),
        full.replace("1,", "2,"),
    ):
        assert data_modules.with_tables(part, tables) == full


def test_a_table_comes_before_what_uses_it():
    table = data_modules.rows("A", [(1, "x")])
    full = f'"""Data.\n\nA of it.\n"""\n\nfrom x import y\n\n# Number, name\n{table}\nprint(*A)\n'
    assert data_modules.with_tables(full.replace(table, ""), {"A": table}) == full
    assert data_modules.with_tables(full, {"A": table}) == full
    annotated = full.replace("A = (", "A: tuple[tuple[int, str], ...] = (")
    assert data_modules.with_tables(annotated.replace("1,", "2,"), {"A": table}) == annotated


def test_fields_are_added_at_the_end():
    text = """from ..schema import f32, struct, u32

caps = struct(
    "caps",
    u32("a"),
    doc="x",
)
"""
    fields = [
        Field("b", Scalar("unsigned long", "unsigned", 8), (), 64, 8, None, "uint64_t", 1),
        Field("c", Scalar("char", "char", 1), (4, 2), 128, 8, None, "char", 1),
        Field("d", Scalar("unsigned int", "unsigned", 4), (), 192, 4, 3, "uint32_t", 1),
    ]
    new = data_modules.with_fields(text, "caps", fields)
    assert '    u32("a"),\n    u64("b"),\n    char("c[4][2]"),\n    u32("d:3"),\n    doc="x",' in new
    assert new.startswith("from ..schema import char, f32, struct, u32, u64\n")
    annotated = text.replace("caps =", "caps: Schema =")
    assert data_modules.with_fields(annotated, "caps", fields) == new.replace("caps =", "caps: Schema =")
    with pytest.raises(HeaderError, match="there is no struct other"):
        data_modules.with_fields(text, "other", fields)
    with pytest.raises(HeaderError, match="is a long double, which no schema has"):
        data_modules.with_fields(text, "caps", [fields[0]._replace(type=Scalar("long double", "float", 16))])
