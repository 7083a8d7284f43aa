"""Layouts and values against the C compiler: our own capsets, and structs nobody thought of."""

from __future__ import annotations

import platform
import random

import pytest

from c_program import Program
from capcodec import SchemaError, define, schema
from capcodec.registry import CAPSETS
from capcodec.schema import step, struct, u8, u16, u32, u64
from capcodec.structs.abi import padding, where
from capcodec.structs.layout import layout_of

SHIPPED = [cls for capset in CAPSETS.values() for cls in (capset.cls, *capset.cls.variants.values())]
SCALARS = [schema.u8, schema.u16, schema.u32, schema.u64, schema.s8, schema.s16, schema.s32, schema.s64]
FLOATS = [schema.f32, schema.f64]


@pytest.mark.parametrize("cls", SHIPPED, ids=lambda cls: cls.__name__)
def test_sizeof_offsetof_and_one_hot_bits(cls, tmp_path):
    program, expected = Program(), []
    tag = program.tag(cls.layout.schema)
    program.statements.append(f'printf("sizeof %zu\\n", sizeof(struct {tag}));')
    expected.append(["sizeof", str(cls.size)])
    for field in cls.layout.leaves():
        if field.bits is None:
            program.statements.append(
                f'printf("{field.path} %zu %zu\\n", offsetof(struct {tag}, {field.path}), '
                f"sizeof(((struct {tag} *)0)->{field.path}));"
            )
            expected.append([field.path, str(field.offset), str(field.size)])
            continue
        for bit in range(field.bits):
            program.statements.append(
                f"{{ struct {tag} s; memset(&s, 0, sizeof s); s.{field.path} = 1u << {bit}; "
                f'put("{field.path}", &s, sizeof s); }}'
            )
            one_hot = cls.zeros()
            one_hot[field.path] = 1 << bit
            expected.append([field.path, one_hot.pack().hex()])
    assert program.run(tmp_path) == expected


def random_schema(rng: random.Random, name: str, nested: list[schema.Schema]) -> schema.Schema:
    members = []
    for i in range(rng.randint(1, 9)):
        kind = rng.choice(["scalar", "array", "bits", "bits", "bits", "unnamed", "float", "char", "struct"])
        dims = "".join(f"[{rng.randint(1, 3)}]" for _ in range(rng.randint(1, 3)))
        type_ = rng.choice(SCALARS)
        if kind == "scalar":
            members.append(type_(f"m{i}"))
        elif kind == "array":
            members.append(type_(f"m{i}{dims}"))
        elif kind == "bits":
            members.append(type_(f"m{i}:{rng.randint(1, type_.size * 8)}"))
        elif kind == "unnamed":
            if platform.machine() == "aarch64" and type_.size > 4:  # there, as abi.py says, they align the struct
                type_ = schema.u32
            members.append(type_(f":{rng.randint(0, type_.size * 8)}"))
        elif kind == "float":
            members.append(rng.choice(FLOATS)(f"m{i}" + rng.choice(["", dims])))
        elif kind == "char":
            members.append(schema.char(f"m{i}" + rng.choice(["[1]", "[7]", "[2][5]"])))
        elif nested:
            members.append(rng.choice(nested)(f"m{i}" + rng.choice(["", "[2]"])))
    members.append(schema.u32("last"))
    return schema.struct(name, *members)


def random_value(rng: random.Random, field) -> int | float | bytes:
    if field.type in ("f32", "f64"):
        return rng.choice([0.0, -0.0, 1.5, -3.25, 2.0**-126, 1e30 if field.type == "f64" else 2.0**100])
    width = field.bits or int(field.type[1:])
    low, high = (0, (1 << width) - 1) if field.type[0] == "u" else (-(1 << width - 1), (1 << width - 1) - 1)
    return rng.choice([low, high, rng.randint(low, high)])


@pytest.mark.parametrize("seed", range(4))
def test_random_structs_and_values(seed, tmp_path):
    """gcc writes values into random structs; we read them, and write the same bytes."""
    rng = random.Random(seed)
    program, made, schemas = Program(), [], []
    for i in range(60):
        declared = random_schema(rng, f"r{i}", schemas)
        schemas.append(declared)
        cls, tag = define(declared), program.tag(declared)
        values = {}
        assignments = []
        for leaf in layout_of(declared).leaves():
            if leaf.type == "char":
                continue
            for field in leaf.elements():
                value = values[field.path] = random_value(rng, field)
                if field.type == "s64" and value == -(1 << 63):
                    literal = "INT64_MIN"
                else:
                    literal = value.hex() if isinstance(value, float) else f"{value}{'u' * (field.type[0] == 'u')}ll"
                assignments.append(f"s.{field.path} = {literal};")
        body = f'memset(&s, 0, sizeof s); {" ".join(assignments)} put("{declared.name}", &s, sizeof s);'
        program.statements.append(f"{{ struct {tag} s; {body} }}")
        made.append((cls, values))
    for (name, data), (cls, values) in zip(program.run(tmp_path), made, strict=True):
        theirs = cls.unpack(bytes.fromhex(data))
        assert (name, cls.size) == (cls.name, len(theirs.pack()))
        ours = cls.zeros()
        for path, value in values.items():
            assert repr(theirs[path]) == repr(value), theirs.fields[path]
            ours[path] = value
        assert ours == theirs
        assert cls.from_dict(theirs.to_dict()) == theirs


my_inner = struct("my_inner", u32("x"), u16("y[2]"))

REFUSED = [
    (lambda: struct("s", u64("x"), u32("y"), step(16), u32("z"), step(20)), "s.z lies at bytes 12..16, within the 16 bytes at which the struct once ended"),
    (lambda: struct("s", u32("x:4"), step(4), u32("y:4"), step(8)), "s.y lies at byte 0 bit 4, within the 4 bytes"),
    (lambda: struct("s", u32("x"), u32("y", offset=2)), "s.y at byte 2 overlaps x, bytes 0..4"),
    (lambda: struct("s", u32("x"), u32("y", offset=6)), "s.y at byte 6 is misaligned: u32 is aligned to 4 bytes"),
    (lambda: struct("s", u32("x"), my_inner("y", offset=6)), "s.y at byte 6 is misaligned: my_inner is aligned to 4 bytes"),
    (lambda: struct("s", u32("x"), step(4), u32("y", offset=0), step(8)), "s.y at byte 0 overlaps x"),
    (lambda: struct("s", u8(f"x[{1 << 31}]")), "s.x ends beyond 2147483647 bytes"),
    (lambda: struct("s", u8("x:9")), "s.x: 9 bits of u8, which has 8"),
    (lambda: struct("s", u8("x:0")), "s.x: 0 bits of u8"),
]  # fmt: skip


@pytest.mark.parametrize(("declare", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_refused(declare, words):
    with pytest.raises(SchemaError) as caught:
        define(declare())
    assert words in str(caught.value)


def test_padding_is_what_no_member_covers():
    """Parts of one byte, and whole bytes; members and padding cover every bit once."""
    rng = random.Random(5)
    for _ in range(500):
        cuts = sorted(rng.sample(range(400), 2 * rng.randint(0, 8)))
        taken = list(zip(cuts[::2], cuts[1::2], strict=True))
        found = list(padding(taken, 50))
        assert sorted(bit for span in [*taken, *found] for bit in range(*span)) == list(range(400))
        for start, stop in found:
            assert (start % 8 == 0 and stop % 8 == 0) or start // 8 == (stop - 1) // 8


def test_places_in_words():
    assert [where(4, 1), where(4, 8), where(4, 1, 2, 3), where(4, 4, 0, 32)] == [
        "byte 4",
        "bytes 4..12",
        "byte 4 bit 2",
        "byte 4 bit 0",
    ]
