"""Declarations: any text as a declarator; and any struct, laid out and read as ctypes does it, and as gcc does."""

from __future__ import annotations

import ctypes
import tempfile
from pathlib import Path

from c_program import Program
from capcodec import define, schema
from capcodec.structs.layout import layout_of
from choices import Choices

from . import refusing, target

SCALARS = [schema.u8, schema.u16, schema.u32, schema.u64, schema.s8, schema.s16, schema.s32, schema.s64]
SCALARS += [schema.f32, schema.f64, schema.char]
C_TYPES = {
    f"{sign}{bits}": getattr(ctypes, f"c_{name}{bits}")
    for sign, name in (("u", "uint"), ("s", "int"))
    for bits in (8, 16, 32, 64)
}
C_TYPES |= {"f32": ctypes.c_float, "f64": ctypes.c_double, "char": ctypes.c_ubyte}
GCC_EVERY, GCC_BATCH = 16, 150


def declarators() -> list[bytes]:
    texts = [
        "name",
        "name[6]",
        "name[2][3][4]",
        "name:3",
        ":5",
        ":0",
        "a b",
        "x[",
        "x[0]",
        "x[-1]",
        "x[99999999999]",
        "x:65",
        "x[2]:3",
    ]
    return [bytes((kind, 2)) + text.encode() for kind in range(len(SCALARS)) for text in texts]


@target(
    "capcodec/schema.py",
    plant=("capcodec/schema.py", "", ""),
    seeds=declarators,
    words=("[", "]", ":", "[1]", "[2]", "[4294967296]", ":1", ":64", ":0", "_", "u32"),
)
def declarator(data: bytes) -> None:
    """It is refused, or it declares what a struct can have."""
    choices = Choices(data)
    type_, steps = choices.pick(SCALARS), choices.below(4)
    text = choices.rest().decode("utf-8", "replace")
    with refusing():
        members = [type_(text), schema.u32("last")]
        if steps & 1:
            members.append(schema.step(8, "commit", "2024-01-01", "1.0"))
        declared = schema.struct("declared" if steps < 3 else text, *members)
        cls = define(declared, module="fuzz")
        assert cls.fields["last"].end <= cls.size < 1 << 32
        if cls.size < 1 << 16:
            assert cls.zeros().pack() == bytes(cls.size)


def random_struct(choices: Choices, name: str, depth: int = 0) -> schema.Schema:
    """A struct that C allows."""
    members = []
    for i in range(1 + choices.below(7)):
        type_ = choices.pick(SCALARS)
        dims = "".join(f"[{1 + choices.below(3)}]" for _ in range(choices.pick([0, 0, 1, 1, 2, 3])))
        kind = choices.below(8)
        if kind == 0 and depth < 3:
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
    return type(declared.name, (ctypes.Structure,), {"_fields_": fields})


def same(theirs: object, ours: object) -> bool:
    """Is a value of ctypes one of ours?"""
    if isinstance(ours, bytes):  # of a char array, without the zeros at its end
        return bytes(theirs if isinstance(theirs, ctypes.Array) else (theirs,)).rstrip(b"\0") == ours
    if isinstance(theirs, ctypes.Array):
        return len(theirs) == len(ours) and all(map(same, theirs, ours))
    if isinstance(theirs, ctypes.Structure):
        return all(same(getattr(theirs, name), getattr(ours, name)) for name, _ in theirs._fields_)
    return theirs == ours or theirs != theirs


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
    "capcodec/structs/layout.py",
    plant=("capcodec/structs/abi.py", "", ""),
    seeds=lambda: [bytes((i * 37 + j * (3 + 2 * i)) % 256 for j in range(60)) for i in range(40)],
)
def struct_layout(data: bytes) -> None:
    choices = Choices(data)
    declared = random_struct(choices, "s")
    cls = define(declared, module="fuzz")
    blob = (choices.rest() * (cls.size + 1) + bytes(cls.size))[: cls.size]
    capset = cls.unpack(blob)
    theirs = ctypes_struct(declared)
    if theirs is not None:
        assert ctypes.sizeof(theirs) == cls.size
        assert same(theirs.from_buffer_copy(blob), capset)
    assert cls.from_dict(capset.to_dict()).pack() == blob
    assert cls.from_json(capset.to_json()).pack() == blob
    GCC.seen += 1
    if GCC.seen % GCC_EVERY == 0:
        GCC.add(declared, cls, blob)
