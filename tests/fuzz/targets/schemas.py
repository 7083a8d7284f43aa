"""Declarations: anything that can be said; and structs that C allows, laid out and read as ctypes and gcc do it."""

from __future__ import annotations

import contextlib
import ctypes
import tempfile
from pathlib import Path

from c_program import Program
from capcodec import SchemaError, define, schema
from capcodec.structs.layout import layout_of
from choices import Choices

from . import check_message, refusing, target

SCALARS = [schema.u8, schema.u16, schema.u32, schema.u64, schema.s8, schema.s16, schema.s32, schema.s64]
SCALARS += [schema.f32, schema.f64, schema.char]
C_TYPES = {
    f"{sign}{bits}": getattr(ctypes, f"c_{name}{bits}")
    for sign, name in (("u", "uint"), ("s", "int"))
    for bits in (8, 16, 32, 64)
}
C_TYPES |= {"f32": ctypes.c_float, "f64": ctypes.c_double, "char": ctypes.c_ubyte}
GCC_EVERY, GCC_BATCH = 32, 100  # structs of one that gcc sees; those of one program
MAX_SIZE = (1 << 31) - 1  # bytes of a struct


TEXTS = [
    "",
    "",
    "",
    "",
    "[2]",
    "[3][2]",
    "[2][2][2]",
    "[2][2][2][2]",
    "[99999999]",
    ":3",
    ":9",
    ":64",
    ":0",
    "[1]:2",
    "[0]",
]
DEFAULTS = [None, None, None, 0, 1, -1, 2.5, 1 << 70, b"text", [1, 2], (1, 2, 3), [], "text", [b"x"]]
SELECTS = [None, None, ("m0", {1: "m0", 2: "m1"}), ("m0", {1: "x"}), ("x", {})]


def declare(choices: Choices, depth: int = 0) -> schema.Schema:
    """A struct, a union or a variant of one, of anything that can be said."""
    members: list[schema.Member | schema.Mark] = []
    for i in range(choices.below(7)):
        kind, text = choices.below(12), f"m{i}{choices.pick(TEXTS)}"
        if choices.number() % 16 == 9:
            text = text.replace(f"m{i}", choices.pick(["_tail", "_pad_3", "m0", "m1"]))
        type_, offset = choices.pick(SCALARS), choices.pick([None, None, None, None, None, 0, 3, 4, 8, 64, 1 << 40, -4])
        if kind == 0:
            members.append(schema.step(choices.number(), "commit", "2024-01-01", "1.0"))
        elif kind <= 2:
            with contextlib.suppress(SchemaError):  # a step where one can be
                size = define(schema.struct("upto", *members), module="fuzz").size
                members.append(schema.step(size, "commit", "2024-01-01", choices.pick(["1.0", ""])))
        elif kind == 3:
            members.append(schema.since("commit", "2024-01-01", "1.0"))
        elif kind <= 5 and depth < 3:
            fold, select = choices.number() % 4 == 0, choices.pick(SELECTS)
            inner = declare(choices, depth + 1)
            members.append(inner(text.replace("m", "n") if fold else text, offset=offset, fold=fold, select=select))
        elif kind == 6:
            members.append(type_(choices.pick([":3", ":0", ":40", ":8"])))
        elif kind == 7:
            members.append(type_(choices.take(choices.below(20)).decode("latin-1"), default=choices.pick(DEFAULTS)))
        else:
            members.append(type_(text, default=choices.pick(DEFAULTS), offset=offset))
    history = choices.pick(
        [None, None, None, {"m1": schema.step(8, "commit")}, {"m0": schema.since("commit")}, {"x": 1}]
    )
    name = choices.pick(["s", "s", "s", "s", "some_struct", "", "9", "a b"])
    how = choices.below(5)
    if how == 0:
        return schema.union(name, *members, history=history)
    declared = schema.struct(name, *members, frozen=choices.flag(), history=history)
    if how > 1:
        return declared
    size, replaced = choices.number(), {"m1": schema.u16("m1")} if choices.flag() else {}
    return schema.variant(declared, "old", "", *declared.until(size, **replaced), schema.u8("more"), history=history)


@target(
    "capcodec/schema.py",
    "capcodec/structs/abi.py",
    "capcodec/structs/since.py",
    "capcodec/structs/layout.py",
    plant=("capcodec/structs/abi.py", "if size <= self.ended:", "if size < self.ended:"),
    seeds=lambda: [bytes((i * 41 + j * (5 + 2 * i)) % 256 for j in range(90)) for i in range(120)],
    words=("[", "]", ":", "[1]", "[2]", "[4294967296]", ":1", ":64", ":0", "_", "u32"),
)
def declaration(data: bytes) -> None:
    """It is refused, or it is a struct whose rows cover each of its bits once, at every size that it had."""
    choices = Choices(data)
    path = choices.pick(["m1", "m1[1]", "m1.m0", "m0[1].m1", "n1.m0", "m1[99999999999]", "m2[01]", "m0.", "last"])
    with refusing():
        declared = declare(choices)
        cls = define(declared, module="fuzz")
        layout = cls.layout
        bits = [(row.offset * 8 + row.shift, row.size * 8 if row.bits is None else row.bits) for row in layout.rows]
        assert [start for start, _ in bits] == [0, *(start + width for start, width in bits)][:-1]
        assert sum(width for _, width in bits) == cls.size * 8
        assert tuple(sorted(set(cls.size_steps))) == cls.size_steps
        assert cls.size_steps[-1] == cls.size
        assert repr(declared)
        assert repr(cls.fields)
        if cls.size < 1 << 16:
            for field in layout.leaves():
                assert all(repr(part) for part in (field, field.since, field.member.type))
                assert str(field)
                assert field.since is None or field.since.size in cls.size_steps
                assert cls.fields[field.path].offset == field.offset
            for size in cls.size_steps:
                with refusing():  # a default that is no value of its field
                    assert cls.guest_defaults(size).valid_size == size
                blob = bytes(range(256)) * (size // 256 + 1)
                assert cls.unpack(blob[:size]).pack() == blob[:size]
        name = choices.pick([path, "n1[1]", "m0[7]", 7, *layout.fields, *layout.folded])
        assert cls.fields[name].path == name or name.partition(".")[0].partition("[")[0] in layout.folded
        cls.zeros(choices.number())


def random_struct(choices: Choices, name: str, depth: int = 0) -> schema.Schema:
    """A struct that C allows."""
    members = []
    for i in range(1 + choices.below(7)):
        type_ = choices.pick(SCALARS)
        dims = "".join(f"[{1 + choices.below(3)}]" for _ in range(choices.pick([0, 0, 1, 1, 2, 3])))
        kind = choices.below(8)
        if kind == 0 and depth < 2:
            members.append(random_struct(choices, f"{name}_{i}", depth + 1)(f"m{i}" + dims[:6]))
        elif kind in (1, 2, 3) and type_.kind in ("unsigned", "signed"):
            members.append(type_(f"m{i}:{1 + choices.below(type_.size * 8)}"))
        elif kind == 4 and type_.kind in ("unsigned", "signed"):
            members.append(type_(f":{choices.below(type_.size * 8 + 1)}"))
        else:
            members.append(type_(f"m{i}{dims}"))
    return schema.struct(name, *members, schema.u8("last"))


def ctypes_struct(declared: schema.Schema) -> type[ctypes.Structure] | None:
    """The same for ctypes, unless there are bitfields: there it and gcc part."""
    fields = []
    for member in declared.members:
        inner = ctypes_struct(member.type) if isinstance(member.type, schema.Schema) else C_TYPES[member.type.name]
        if member.bits is not None or inner is None:
            return None
        for count in reversed(member.dims):
            inner = inner * count
        fields.append((member.name, inner))
    return type(declared.name, (ctypes.LittleEndianStructure,), {"_fields_": fields})


def same(theirs: object, ours: object) -> bool:
    """Is a value of ctypes one of ours?"""
    if isinstance(ours, bytes):  # of a char array, without the zeros at its end
        return bytes(theirs if isinstance(theirs, ctypes.Array) else (theirs,)).rstrip(b"\0") == ours
    if isinstance(theirs, ctypes.Array):
        return len(theirs) == len(ours) and all(map(same, theirs, ours))
    if isinstance(theirs, ctypes.Structure):
        return all(same(getattr(theirs, name), getattr(ours, name)) for name, _ in theirs._fields_)
    return theirs == ours or theirs != theirs


def is_refused(declared: schema.Schema) -> bool:
    try:
        layout_of(declared)
    except SchemaError as error:
        check_message(error)
        return True
    return False


def end_of(declared: schema.Schema, member: schema.Member) -> int:
    """The first bit behind a member that has a name."""
    field = layout_of(declared).fields[member.name]
    return field.end * 8 if field.bits is None else field.offset * 8 + field.shift + field.bits


def at_its_own_offset(choices: Choices, declared: schema.Schema) -> None:
    """A member says where it lies: behind the one before it, and aligned, or it is refused."""
    *before, member = declared.members[: 1 + choices.below(len(declared.members))]
    if member.bits is not None or isinstance(member.type, schema.Schema) or (before and not before[-1].name):
        return
    offset = layout_of(declared).fields[member.name].offset + choices.below(17) - 8
    free = end_of(declared, before[-1]) if before else 0
    told = member.type(member.name + "".join(f"[{count}]" for count in member.dims), offset=offset)
    changed = schema.struct("s", *before, told, *declared.members[len(before) + 1 :])
    allowed = offset * 8 >= free and offset % member.type.align == 0
    assert is_refused(changed) == (not allowed)
    assert not allowed or layout_of(changed).fields[member.name].offset == offset


def as_wide_as(choices: Choices, declared: schema.Schema) -> None:
    """A bitfield may be as wide as its type."""
    type_ = choices.pick([type_ for type_ in SCALARS if type_.kind in ("unsigned", "signed")])
    width = choices.pick([0, 1, type_.size * 8, type_.size * 8 + 1, 99])
    name = choices.pick(["", "wide"])
    allowed = (1 if name else 0) <= width <= type_.size * 8
    assert is_refused(schema.struct("s", type_(f"{name}:{width}"), schema.u8("last"))) == (not allowed)


def with_a_step(choices: Choices, declared: schema.Schema) -> None:
    """A struct once ended where it has a step: at the end of a member, and what follows stands behind."""
    count = 1 + choices.below(len(declared.members) - 1)
    before, behind = declared.members[:count], declared.members[count:]
    if not any(member.name for member in before):
        return
    size = layout_of(schema.struct("s", *before)).size
    steps = [schema.step(size + choices.pick([0, 0, 0, 1, -1, -size]))] * choices.pick([1, 1, 1, 2])
    fields = layout_of(declared).fields
    allowed = [mark.size for mark in steps] == [size] and size > 0
    allowed = allowed and all(fields[member.name].offset >= size for member in behind if member.name)
    assert is_refused(schema.struct("s", *before, *steps, *behind)) == (not allowed)


def as_large_as(choices: Choices, declared: schema.Schema) -> None:
    """A struct may have 2 GiB but for a byte."""
    type_ = choices.pick(SCALARS)
    count = MAX_SIZE // type_.size + choices.below(4) - 2
    size = -(-(count * type_.size + 1) // type_.size) * type_.size
    assert is_refused(schema.struct("s", type_(f"m[{count}]"), schema.u8("last"))) == (size > MAX_SIZE)


QUESTIONS = [at_its_own_offset, at_its_own_offset, with_a_step, with_a_step, as_wide_as, as_large_as]


class Compiler:
    """Structs that wait for gcc's opinion."""

    def __init__(self) -> None:
        self.seen = 0
        self.reset()

    def reset(self) -> None:
        self.program, self.expected = Program(), []

    def add(self, declared: schema.Schema, cls: type, blob: bytes) -> None:
        tag = self.program.tag(declared)
        leaves = [part for leaf in layout_of(declared).leaves() if leaf.type[0] in "us" for part in leaf.elements()]
        capset = cls.unpack(blob)
        values = "".join(f' printf(" %llu", (unsigned long long)s.{leaf.path});' for leaf in leaves)
        self.program.statements.append(
            f"{{ struct {tag} s; static const unsigned char d[] = {{{', '.join(map(str, blob))}}}; "
            f'memcpy(&s, d, sizeof s); printf("%zu", sizeof s);{values} puts(""); }}'
        )
        self.expected.append([str(cls.size), *(str(capset[leaf.path] % (1 << 64)) for leaf in leaves)])
        if len(self.expected) == GCC_BATCH:
            self.compare()

    def compare(self) -> None:
        program, expected = self.program, self.expected
        self.reset()
        with tempfile.TemporaryDirectory() as directory:
            said = program.run(Path(directory))
        wrong = [at for at, (theirs, ours) in enumerate(zip(said, expected, strict=True)) if theirs != ours]
        assert not wrong, (program.statements[wrong[0]], said[wrong[0]], expected[wrong[0]], program.declarations)


GCC = Compiler()


@target(
    "capcodec/structs/abi.py",
    plant=("capcodec/structs/abi.py", "bits = unit * 8", "bits = unit * 8 * (1 + (unit == 2))"),
    seeds=lambda: [bytes((i * 37 + j * (3 + 2 * i)) % 256 for j in range(60)) for i in range(40)],
)
def struct_layout(data: bytes) -> None:
    choices = Choices(data)
    declared = random_struct(choices, "s")
    cls = define(declared, module="fuzz")
    salt, step = choices.number(), choices.number() | 1
    blob = bytes((salt + i * step) % 256 for i in range(cls.size))
    capset = cls.unpack(blob)
    theirs = ctypes_struct(declared)
    if theirs is not None:
        assert ctypes.sizeof(theirs) == cls.size
        assert same(theirs.from_buffer_copy(blob), capset)
    assert cls.from_dict(capset.to_dict()).pack() == blob
    choices.pick(QUESTIONS)(choices, declared)
    GCC.seen += 1
    if GCC.seen % GCC_EVERY == 0:
        GCC.add(declared, cls, blob)
