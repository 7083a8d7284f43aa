"""What the debugging information of an object file says of structs, enums and constants."""

from __future__ import annotations

import struct
from typing import NamedTuple

from ..errors import HeaderError
from .model import Enum, Enumerator, Field, Scalar, Struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, BinaryIO

    from elftools.dwarf.compileunit import CompileUnit
    from elftools.dwarf.die import DIE
    from elftools.elf.elffile import ELFFile

    from .model import _Type

MAX_ENTRIES = 400_000  # of debugging information; no real header has a tenth
MAX_DEPTH = 100  # types within types
MAX_INTEGER = 32  # bytes of a number; a long double or an __int128 has 16
STRUCTS = {"DW_TAG_structure_type": "struct", "DW_TAG_union_type": "union"}
ALIASES = {"DW_TAG_typedef", "DW_TAG_const_type", "DW_TAG_volatile_type", "DW_TAG_restrict_type", "DW_TAG_atomic_type"}
# DW_ATE_*: of base types
KINDS = {2: "bool", 4: "float", 5: "signed", 6: "char", 7: "unsigned", 8: "char", 0x10: "other"}


class Declarations(NamedTuple):
    """Of one translation unit.

    Attributes:
        structs: complete ones that have a name.
        enums: in order.
        values: constants by name: numbers as they are, arrays of char as bytes.
    """

    structs: list[Struct]
    enums: list[Enum]
    values: dict[str, int | float | bytes]


def read(file: BinaryIO) -> Declarations:
    """The declarations in an object file.

    Raises:
        HeaderError: it has no debugging information that can be read, or more than a header can have.
    """
    try:
        from elftools.common.exceptions import DWARFError, ELFError
        from elftools.construct.core import ConstructError
        from elftools.elf.elffile import ELFFile
    except ImportError:
        raise HeaderError("reading headers needs pyelftools: pip install 'capcodec[upstream]'") from None
    try:
        return _Reader(ELFFile(file)).declarations()
    except (DWARFError, ELFError, ConstructError, LookupError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, HeaderError):
            raise
        raise HeaderError(
            f"its debugging information cannot be read: {type(error).__name__}: {str(error)[:200]}"
        ) from None
    except (struct.error, AssertionError, ArithmeticError, OSError, NotImplementedError, RecursionError) as error:
        raise HeaderError(
            f"its debugging information cannot be read: {type(error).__name__}: {str(error)[:200]}"
        ) from None


class _Reader:
    def __init__(self, elf: ELFFile) -> None:
        self.elf = elf
        self.little = bool(elf.little_endian)
        self.entries: dict[int, DIE] = {}
        self.files: dict[int, list[str]] = {}  # by offset of their unit
        self.typedefs: dict[int, str] = {}  # by offset of the type: the first name that it was given
        self.made: dict[int, Struct] = {}
        self.making: set[int] = set()
        self.deepest = 0  # level that was reached below what is being made
        self.depths: dict[int, int] = {}  # of structs within structs, by offset

    def declarations(self) -> Declarations:
        if not self.elf.has_dwarf_info():
            raise HeaderError("the compiler gave no debugging information")
        from elftools.common.utils import parse_cstring_from_stream

        for unit in self.elf.get_dwarf_info(relocate_dwarf_sections=True).iter_CUs():
            forms: dict[str, Any] = unit.structs.Dwarf_dw_form
            forms["DW_FORM_string"] = _String(parse_cstring_from_stream)
            self.files[unit.cu_offset] = _files(unit)
            for entry in unit.iter_DIEs():
                self.entries[entry.offset] = entry
                if len(self.entries) > MAX_ENTRIES:
                    raise HeaderError(f"it declares more than {MAX_ENTRIES} things")
                if entry.tag == "DW_TAG_typedef" and "DW_AT_type" in entry.attributes:
                    self.typedefs.setdefault(_reference(entry), _name(entry))
        structs, enums, values = [], [], {}
        for offset, entry in self.entries.items():
            complete = "DW_AT_declaration" not in entry.attributes
            if entry.tag in STRUCTS and complete and self.name_of(entry):
                structs.append(self.struct(offset))
            elif entry.tag == "DW_TAG_enumeration_type" and complete:
                enums.append(self.enum(entry))
            elif entry.tag == "DW_TAG_variable" and _name(entry).startswith("capcodec_"):
                value = self.value(entry)
                if value is not None:
                    values[_name(entry)] = value
        return Declarations(structs, enums, values)

    def name_of(self, entry: DIE) -> str:
        return _name(entry) or self.typedefs.get(entry.offset, "")

    def place(self, entry: DIE) -> tuple[str, int]:
        """File and line of a declaration."""
        files = self.files[entry.cu.cu_offset]
        index = _number(entry, "DW_AT_decl_file")
        return files[index] if 0 <= index < len(files) else "", _number(entry, "DW_AT_decl_line")

    def struct(self, offset: int, depth: int = 0) -> Struct:
        """The struct whose entry stands there."""
        entry = self.entries[offset]
        if offset in self.making or depth + self.depths.get(offset, 0) > MAX_DEPTH:
            raise HeaderError(f"struct {self.name_of(entry)} is nested too deeply")
        if offset in self.made:
            self.deepest = max(self.deepest, depth + self.depths[offset])
            return self.made[offset]
        self.making.add(offset)
        above, self.deepest = self.deepest, depth
        fields = tuple(self.field(child, depth + 1) for child in entry.iter_children() if child.tag == "DW_TAG_member")
        made = Struct(
            STRUCTS[str(entry.tag)],
            self.name_of(entry),
            _number(entry, "DW_AT_byte_size"),
            _number(entry, "DW_AT_alignment"),
            fields,
            *self.place(entry),
            tagged="DW_AT_name" in entry.attributes,
        )
        self.making.discard(offset)
        self.made[offset] = made
        self.depths[offset] = self.deepest - depth
        self.deepest = max(above, self.deepest)
        return made

    def field(self, entry: DIE, depth: int) -> Field:
        type_, dims, spelling = self.type(_reference(entry), depth)
        count = 1
        for dim in dims:
            count *= dim
        size = type_.size * count
        bits = _number(entry, "DW_AT_bit_size") if "DW_AT_bit_size" in entry.attributes else None
        if "DW_AT_data_bit_offset" in entry.attributes:
            bit = _number(entry, "DW_AT_data_bit_offset")
        else:
            bit = _number(entry, "DW_AT_data_member_location") * 8
            if bits is not None and "DW_AT_bit_offset" in entry.attributes:  # DWARF 3: from the unit's highest bit
                unit = _number(entry, "DW_AT_byte_size") or size
                bit += unit * 8 - _number(entry, "DW_AT_bit_offset") - bits
        name = _name(entry)
        if not name and not (isinstance(type_, Struct) and not dims):
            raise HeaderError("a member that is no anonymous struct or union has no name")
        return Field(name, type_, dims, bit, size, bits, spelling, _number(entry, "DW_AT_decl_line"))

    def type(self, offset: int, depth: int) -> tuple[_Type, tuple[int, ...], str]:
        """Type of one element, counts, and how the header spells the type."""
        dims: tuple[int, ...] = ()
        spelling = ""
        for _ in range(MAX_DEPTH):
            entry = self.entries.get(offset)
            if entry is None:
                return Scalar("void", "other", 0), dims, spelling or "void"
            if entry.tag == "DW_TAG_typedef":
                spelling = spelling or _name(entry)
            if entry.tag in ALIASES:
                offset = _reference(entry)
            elif entry.tag == "DW_TAG_array_type":
                dims += self.counts(entry)
                offset = _reference(entry)
            else:
                found = self.plain(entry, depth)
                title = found.title if isinstance(found, Struct) else found.name
                return found, dims, spelling or title
        raise HeaderError("a type is nested too deeply")

    def plain(self, entry: DIE, depth: int) -> _Type:
        """A type that is neither array nor another's name."""
        if entry.tag in STRUCTS:
            return self.struct(entry.offset, depth)
        size = _number(entry, "DW_AT_byte_size")
        if entry.tag == "DW_TAG_base_type":
            name = _name(entry)
            kind = KINDS.get(_number(entry, "DW_AT_encoding"), "other")
            if kind == "char" and name != "char":
                kind = name.partition(" ")[0]
            return Scalar(name, kind if kind in KINDS.values() else "other", size)
        if entry.tag == "DW_TAG_enumeration_type":
            return Scalar(f"enum {self.name_of(entry)}".rstrip(), self.sign(entry), size)
        if entry.tag == "DW_TAG_pointer_type":
            return Scalar("pointer", "pointer", size or entry.cu["address_size"])
        return Scalar(_name(entry) or str(entry.tag).removeprefix("DW_TAG_"), "other", size)

    def sign(self, entry: DIE) -> str:
        """Are the integers that hold an enum signed?"""
        under = self.entries.get(_reference(entry)) if "DW_AT_type" in entry.attributes else None
        if under is not None and under.tag == "DW_TAG_base_type":
            return "signed" if _number(under, "DW_AT_encoding") in (5, 6, 13) else "unsigned"
        return (
            "signed" if any(_number(child, "DW_AT_const_value") < 0 for child in entry.iter_children()) else "unsigned"
        )

    def counts(self, array: DIE) -> tuple[int, ...]:
        """Elements per dimension; 0 where the header gives none."""
        found = []
        for child in array.iter_children():
            if child.tag == "DW_TAG_subrange_type":
                if "DW_AT_count" in child.attributes:
                    found.append(_number(child, "DW_AT_count"))
                else:
                    bound = _number(child, "DW_AT_upper_bound", -1)
                    found.append(0 if bound in (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF) else bound + 1)
        return tuple(found)

    def enum(self, entry: DIE) -> Enum:
        signed = self.sign(entry) == "signed"
        size = _number(entry, "DW_AT_byte_size")
        _check_integer(size)
        members = []
        for child in entry.iter_children():
            if child.tag == "DW_TAG_enumerator":
                value = _number(child, "DW_AT_const_value")
                if not signed and value < 0:
                    value += 1 << size * 8
                elif signed and size and value >= 1 << (size * 8 - 1):
                    value -= 1 << size * 8
                members.append(Enumerator(_name(child), value))
        return Enum(self.name_of(entry), size, tuple(members), *self.place(entry))

    def value(self, entry: DIE) -> int | float | bytes | None:
        """What an initialized variable holds, from the data of the object file; None of what has no plain value."""
        type_, dims, _ = self.type(_reference(entry), 0)
        table: Any = self.elf.get_section_by_name(".symtab")
        symbols = table.get_symbol_by_name(_name(entry)) if table is not None else None
        if not symbols or not isinstance(type_, Scalar) or not isinstance(symbols[0]["st_shndx"], int):
            return None
        section, start = self.elf.get_section(symbols[0]["st_shndx"]), symbols[0]["st_value"]
        if dims:
            text = type_.size == 1 and len(dims) == 1
            return (
                bytes(section.data()[start : start + dims[0] - 1])
                if text and section["sh_type"] != "SHT_NOBITS"
                else None
            )
        _check_integer(type_.size)
        data = bytes(type_.size) if section["sh_type"] == "SHT_NOBITS" else section.data()[start : start + type_.size]
        return _decoded(data, type_.kind, "<" if self.little else ">")


class _String:
    """Reads a string that stands in an entry. pyelftools' own way, byte by byte, takes half of all time."""

    def __init__(self, read: Callable[[BinaryIO], bytes | None]) -> None:
        self.read = read

    def parse_stream(self, stream: BinaryIO) -> bytes:
        start = stream.tell()
        text = self.read(stream)
        if text is None:
            raise ValueError("a string has no end")
        stream.seek(start + len(text) + 1)  # it reads ahead
        return text


def _check_integer(size: int) -> None:
    """Raise if no number has so many bytes."""
    if not 0 <= size <= MAX_INTEGER:
        raise HeaderError(f"a number has {size} bytes")


def _decoded(data: bytes, kind: str, order: str) -> int | float | None:
    if kind == "float":
        code = {4: "f", 8: "d"}.get(len(data))
        return float(struct.unpack(order + code, data)[0]) if code else None
    if kind in ("signed", "unsigned", "char", "bool"):
        return int.from_bytes(data, "little" if order == "<" else "big", signed=kind == "signed")
    return None


def _files(unit: CompileUnit) -> list[str]:
    """The names that ``DW_AT_decl_file`` counts."""
    program = unit.dwarfinfo.line_program_for_CU(unit)
    if program is None:
        return []
    header = program.header
    directories = [_text(name) for name in header.get("include_directory", ())]
    version_5 = header["version"] >= 5
    names = [] if version_5 else [""]
    for entry in header["file_entry"]:
        index = entry.dir_index if version_5 else entry.dir_index - 1
        directory = directories[index] if 0 <= index < len(directories) else ""
        name = _text(entry.name)
        names.append(name if name.startswith("/") or not directory else f"{directory}/{name}")
    top = directories[0] if version_5 and directories else ""
    return [name if name.startswith("/") or not top else f"{top}/{name}" for name in names]


def _text(value: object) -> str:
    return value.decode(errors="surrogateescape") if isinstance(value, bytes) else str(value)


def _name(entry: DIE) -> str:
    found = entry.attributes.get("DW_AT_name")
    return _text(found.value) if found else ""


def _number(entry: DIE, attribute: str, otherwise: int = 0) -> int:
    found = entry.attributes.get(attribute)
    if found is None:
        return otherwise
    if isinstance(found.value, int):
        return int(found.value)
    if isinstance(found.value, (list, bytes)) and found.form == "DW_FORM_data16":
        return int.from_bytes(bytes(found.value), "little")
    return otherwise


def _reference(entry: DIE) -> int:
    """Offset of the type of an entry; -1 for void."""
    found = entry.attributes.get("DW_AT_type")
    if found is None or not isinstance(found.value, int):
        return -1
    inside = found.form in ("DW_FORM_ref1", "DW_FORM_ref2", "DW_FORM_ref4", "DW_FORM_ref8", "DW_FORM_ref_udata")
    return int(found.value) + (entry.cu.cu_offset if inside else 0)
