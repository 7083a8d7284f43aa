"""One field of many records as an array: where its elements lie, and of which type they are."""

from __future__ import annotations

import sys
from _collections_abc import Mapping  # what collections.abc re-exports, at none of its cost
from itertools import islice

from ..errors import ArgumentError, shown, wrong_buffer
from .exact import exact_str
from .field import Field
from .layout import unknown_field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ..schema import Scalar
    from .layout import Layout

MAX_PLANS = 1 << 12  # kept for each struct; more are made anew each time, and so are those of more runs than
MAX_KEPT_RUNS = 1 << 8
MAX_RUNS = 1 << 20  # places in a record that one column gathers from
UNSIGNED = {1: "B", 2: "H", 4: "I", 8: "Q"}
CODES = {"unsigned": UNSIGNED, "signed": {1: "b", 2: "h", 4: "i", 8: "q"}, "float": {4: "f", 8: "d"}}


class Plan:
    """How the elements of a column lie in each record.

    Attributes:
        field: the field, with the path that was asked for; its ``offset`` is that of the first element.
        end: bytes that a record must have for the field to be there whole.
        format: of an element, a code of the struct module without byte order; a char array is one element, ``64s``.
        itemsize: bytes of an element in the column; a bitfield gets the smallest integer that holds it.
        dims, strides: elements per dimension, and bytes between them in the record; ``()`` for one value a record.
        bits: is the element a bitfield that has to be taken out of its bytes?
        offsets: in the record, of the runs of bytes that are to be copied (of the elements, if they are bitfields), as
            native uint32_t; ``pieces`` is how many there are, ``piece`` how many bytes each puts into the column.
    """

    __slots__ = ("bits", "dims", "end", "field", "format", "itemsize", "offsets", "piece", "pieces", "strides")

    bits: bool
    dims: tuple[int, ...]
    end: int
    format: str
    itemsize: int
    piece: int
    strides: tuple[int, ...]

    def __init__(self, field: Field, dims: tuple[int, ...], strides: tuple[int, ...]) -> None:
        self.field: Field = field
        self.bits = False
        if field.layout is not None:
            # A nested struct comes as the words it is made of, which is lossless and needs no names
            self.itemsize, size = field.layout.align, field.layout.size
            self.format = UNSIGNED[self.itemsize]
            if size > self.itemsize:
                dims, strides = (*dims, size // self.itemsize), (*strides, self.itemsize)
        elif field.type == "char":
            self.itemsize = size = field.dims[-1] if field.dims else 1
            self.format = f"{size}s"
            dims, strides = (dims[:-1], strides[:-1]) if field.dims else (dims, strides)
        else:
            kind, size = _scalar(field).kind, field.size if field.bits else _scalar(field).size
            width = field.bits or size * 8
            self.itemsize = next(bytes_ for bytes_ in (1, 2, 4, 8) if bytes_ * 8 >= width)
            self.bits = field.bits is not None and (field.shift != 0 or width != self.itemsize * 8)
            self.format = CODES[kind][self.itemsize]
        self.dims, self.strides = dims, strides
        self.end = field.offset + sum((n - 1) * step for n, step in zip(dims, strides, strict=True))
        self.end += size if self.bits or field.layout is None else self.itemsize
        starts, self.piece = self._runs()
        self.pieces: int = len(starts)
        self.offsets: bytes = b"".join(start.to_bytes(4, sys.byteorder) for start in starts)

    def _runs(self) -> tuple[list[int], int]:
        """Starts of the runs of elements that lie side by side, and the bytes of each."""
        starts, run = [self.field.offset], self.itemsize
        dims, strides = list(self.dims), list(self.strides)
        while dims and strides[-1] == run and not self.bits:
            run *= dims.pop()
            strides.pop()
        runs = 1
        for count in dims:
            runs *= count
        if runs > MAX_RUNS:
            raise ArgumentError(f"{self.field}: a column of elements in {runs} places, more than {MAX_RUNS}")
        for count, step in zip(dims, strides, strict=True):
            starts = [start + i * step for start in starts for i in range(count)]
        return starts, run


def _scalar(field: Field) -> Scalar:
    type_ = field.member.type
    assert field.layout is None
    return type_  # type: ignore[return-value]


def out_kind(plan: Plan, format: str, itemsize: int) -> str:
    """How a buffer with such elements takes a column: ``native``, ``little`` (endian), or not at all: empty.

    Args:
        plan: of the column.
        format: of the buffer's elements, a code of the struct module with or without byte order.
        itemsize: bytes of such an element.
    """
    order, code = (format[0], format[1:]) if format[:1] in tuple("@=<>!") else ("@", format)
    if plan.itemsize > 1 and itemsize == 1 and code in ("B", "c"):
        return "little"  # plain bytes
    if itemsize != plan.itemsize:
        return ""
    if plan.format[-1] == "s":
        return "little" if code in (plan.format, *("sc" if itemsize == 1 else "")) else ""
    kinds = next(kinds for kinds in ("BHILQN", "bhilqn", "f", "d") if plan.format in kinds)
    if code == "?" and plan.field.bits == 1:
        return "native"
    if len(code) != 1 or code not in kinds:
        return ""
    if order in "@=" or itemsize == 1:
        return "native"
    return "little" if order == "<" else "native" * (sys.byteorder == "big")


def unfit(plan: Plan, size: int, given: int, format: str, itemsize: int) -> ArgumentError:
    """A buffer for a column of ``size`` bytes has ``given`` bytes, or other elements."""
    return ArgumentError(
        f"{plan.field.path}: expected a buffer of {size} bytes in elements {plan.format!r} of {plan.itemsize} bytes, "
        f"got {given} bytes in elements {format!r} of {itemsize}"
    )


def no_stride(cls: type) -> ArgumentError:
    """A batch was asked for without a stride."""
    return ArgumentError(f"Batch: expected a stride in bytes, such as {cls.__name__}.size, got none")


def listed(sizes: Iterable[object], most: int) -> list[object]:
    """The sizes that the caller gives for the records of a batch, or as many of them as can fit.

    Raises:
        ArgumentError: these are none.
    """
    numbers = True
    try:
        with memoryview(sizes) as view:  # type: ignore[arg-type]
            numbers = view.format != "?"
            if numbers:
                return view[:most].tolist()  # type: ignore[return-value]
    except (TypeError, ValueError, BufferError, NotImplementedError):
        pass  # no buffer, or in another byte order
    try:
        if numbers:
            return list(islice(sizes, most))
    except (TypeError, NotImplementedError):  # the latter of a memoryview in another byte order
        pass
    raise ArgumentError(f"Batch: expected a size for each record, got {shown(sizes)}")


def found(records: Any, ours: bool) -> tuple[Any, list[int] | None]:
    """The records that the caller gives to a batch.

    Args:
        records: buffers, or what exports a binary column.
        ours: is that a batch?

    Returns:
        tuple: a copy of all, one behind the other, and the size of each; or capsules of Arrow's, and None.

    Raises:
        BufferAccessError: one of them is no buffer.
        ArgumentError: these are no records.
    """
    for protocol in ("__arrow_c_array__", "__arrow_c_stream__"):
        exporter = None if ours else getattr(records, protocol, None)
        if exporter is None:
            continue
        try:
            given = exporter()
        except (TypeError, ValueError) as error:
            raise unfit_column(f"{type(error).__name__}: {error}".encode("utf-8", "replace"), sys.maxsize) from error
        return given if type(given) is tuple else (given,), None
    try:
        with memoryview(records) as view:
            one = view.ndim < 2 and view.format != "O"
    except (TypeError, ValueError, BufferError):
        one = False
    try:
        given = iter(() if one else records)
    except TypeError:
        one = True
    if one:
        raise ArgumentError(f"Batch.of: expected several buffers, or a binary column, got {shown(records)}")
    memory, sizes = bytearray(), list[int]()
    append = memory.__iadd__  # which takes a buffer and nothing else, where += asks what is appended first
    for record in given:
        before = len(memory)
        try:
            append(b"" if record is None else record)
        except (TypeError, ValueError, BufferError) as error:
            raise wrong_buffer(f"Batch.of, record {len(sizes)}", "a contiguous buffer", record, error) from None
        sizes.append(len(memory) - before)
    return memory, sizes


def unfit_column(wrong: bytes, index: int) -> ArgumentError:
    """A column that shall become a batch is none, or cannot be; ``index`` is of the record where that shows."""
    at = f", at record {index}" if index < sys.maxsize else ""
    return ArgumentError(
        f"Batch.of: expected a binary column of Arrow's, got {wrong[:200].decode('utf-8', 'replace')}{at}"
    )


def read_only(flags: bytearray) -> memoryview[bool]:
    """Of a byte for each record: a bool for each, which nobody can change."""
    return memoryview(flags).toreadonly().cast("?")


def unfit_record(index: int, size: int, stride: int, length: int) -> ArgumentError:
    """A record of a batch ends behind the buffer."""
    return ArgumentError(
        f"Batch: record {index} of {size} bytes, with a stride of {stride}, does not fit into the {length} bytes of "
        "the buffer"
    )


def unfit_records(name: str, length: int, count: int, size: int, stride: int) -> ArgumentError:
    """One of the two buffers of ``min_copy_many`` is too short."""
    return ArgumentError(
        f"min_copy_many: {count} records of {size} bytes every {stride} do not fit into the {length} bytes of {name}"
    )


class Planner:
    """The plans of one struct's columns, each made when first asked for; ``made`` has those that are kept, by path."""

    __slots__ = ("layout", "made", "tree")

    def __init__(self, layout: Layout) -> None:
        self.layout: Layout = layout
        self.made: dict[str, Plan] = {}
        self.tree: tuple[list[Plan], bytes, bytes, int] | None = None  # see capcodec.structs.arrow

    def plan(self, path: str) -> Plan:
        """The column of the field at ``path``: as for one instance, and arrays on the way may go without an index.

        ``video_caps[3].max_width`` is one value a record, ``video_caps.max_width`` thirty-two.

        Raises:
            UnknownFieldError: there is no such field.
            ArgumentError: its elements lie in more than ``MAX_RUNS`` places of a record.
        """
        name = exact_str(path)
        if name is None:
            raise unknown_field(self.layout, path)
        found = self.made.get(name)
        if found is None:
            found = Plan(*place(self.layout, name))
            if len(self.made) < MAX_PLANS and found.pieces <= MAX_KEPT_RUNS:
                self.made[name] = found
        return found


def place(layout: Layout, path: str) -> tuple[Field, tuple[int, ...], tuple[int, ...]]:
    """The field at ``path``, and how many elements lie how far apart, those of arrays on the way too.

    Raises:
        UnknownFieldError: there is no such field.
    """
    found: Field | None = None
    inner: Layout | None = layout
    dims: tuple[int, ...] = ()
    strides: tuple[int, ...] = ()
    for name, indices in layout.split(path):
        flag = found.flag(name) if inner is None and found is not None and not indices else None
        if flag is not None:
            found = flag
            continue
        field = None if inner is None else inner.member(name)
        if field is None:
            raise unknown_field(layout, path)
        found = field if found is None else field.within(found)
        for index in indices:
            if not found.dims or index >= found.dims[0]:
                raise unknown_field(layout, path, found)
            found = found.element(index)
        inner = found.layout
        dims, strides = dims + found.dims, strides + steps(found)
    assert found is not None
    return found, dims, strides


def steps(field: Field) -> tuple[int, ...]:
    """Bytes from one element of a field to the next, in each dimension."""
    size, found = field.size, []
    for count in field.dims:
        size //= count
        found.append(size)
    return tuple(found)


def default_paths(layout: Layout) -> list[str]:
    """The names that a struct's fields go by on its instances: of a folded struct, its fields in its place."""
    folded: dict[str, list[str]] = {}
    for name, field in layout.folded.items():
        folded.setdefault(field.path.partition(".")[0], []).append(name)
    return [path for name in layout.fields for path in folded.get(name, [name])]


def asked(layout: Layout, names: object, out: object) -> tuple[list[str], dict[str, object] | None]:
    """What ``Batch.columns`` was asked for: paths, and by path the buffers that the caller gave.

    Raises:
        ArgumentError: ``names`` are no paths, or ``out`` is no mapping.
    """
    given: dict[str, object] | None = None
    if out is not None:
        if not isinstance(out, Mapping):
            raise ArgumentError(f"columns: expected out to be a mapping, got {shown(out)}")
        given = dict(out)
    if names is None:
        names = default_paths(layout) if given is None else given
    elif isinstance(names, str):
        raise ArgumentError(f"columns: expected names to be several paths, got {names!r}")
    try:
        return list(names), given  # type: ignore[call-overload]
    except TypeError:
        raise ArgumentError(f"columns: expected several paths, got {shown(names)}") from None


def refuse_lacking(plans: dict[str, Plan], out: dict[str, object]) -> None:
    """Refuse buffers among which that of a column is missing.

    Raises:
        ArgumentError: one is.
    """
    for path in plans:
        if path not in out:
            raise ArgumentError(f"columns: out has no buffer for {path!r}")
