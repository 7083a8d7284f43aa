"""Fields as Arrow's types: the trees that the core exports, see ``src/cc_arrow.h``.

A single bit is a boolean, any other number the smallest that holds it. A char array is text of a character for each
byte, as in JSON. Arrays are lists of fixed size, structs are structs; masks and unions are binary. How types are spelt:
https://arrow.apache.org/docs/format/CDataInterface.html
"""

from __future__ import annotations

import sys

from ..errors import ArgumentError
from .columns import Plan, default_paths, place, steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .columns import Planner
    from .field import Field

    _Dims = tuple[int, ...]
    _Tree = tuple[list[Plan], bytes, bytes, int]

NESTED, FIXED, BITS, TEXT = range(4)  # enum cc_arrow_kind
FORMATS = {"B": "C", "b": "c", "H": "S", "h": "s", "I": "I", "i": "i", "Q": "L", "q": "l", "f": "f", "d": "g"}


class Node:
    """One type of a tree; what has elements has a plan of where they lie, what has none has nodes within."""

    __slots__ = ("end", "format", "inner", "kind", "name", "nullable", "plan", "size", "times")

    def __init__(self, name: str, times: int, end: int, inner: list[Node], format: str = "+s") -> None:
        self.name, self.times, self.inner, self.format = name, times, inner, format
        self.nullable: bool = not end  # else it depends on what is above
        self.end: int = end or min((node.end for node in inner), default=0)
        self.kind, self.size = NESTED, 0
        self.plan: Plan | None = None


def node_of(name: str, field: Field, dims: _Dims, strides: _Dims, lists: _Dims, times: int = 1, end: int = 0) -> Node:
    """The type of a field.

    Args:
        name: that it goes by.
        field: what it is of.
        dims: elements per dimension.
        strides: bytes between them in a record.
        lists: the dimensions that become lists from here on.
        times: elements in a record so far.
        end: bytes that a record must have for what it is within; 0 if it may be null itself.
    """
    layout = field.layout
    if lists:
        inner = node_of("item", field, dims, strides, lists[1:], times * lists[0], end or field.end)
        made = Node(name, times, end, [inner], f"+w:{lists[0]}")
    elif layout is not None and not layout.schema.mask and not layout.schema.union:
        nodes = []
        for part in layout.fields.values():
            within = part.within(field)
            nodes.append(node_of(part.name, within, dims + part.dims, strides + steps(part), dims_of(part), times, end))
        made = Node(name, times, end, nodes)
    else:
        plan = Plan(field, dims, strides)
        made = Node(name, times, end or plan.end, [])
        made.nullable, made.plan, made.kind = not end, plan, FIXED
        if layout is not None:
            made.format = f"w:{layout.size}"
        elif field.type == "char":
            made.format, made.kind, made.size = "U", TEXT, plan.itemsize
        elif field.bits == 1 and plan.format == "B":
            made.format, made.kind = "b", BITS
        else:
            made.format, made.size = FORMATS[plan.format], plan.itemsize
    return made


def dims_of(field: Field) -> _Dims:
    """Those of its dimensions that are lists: the last one of a char array is the length of a text."""
    return field.dims[:-1] if field.type == "char" else field.dims


def packed(root: Node) -> _Tree:
    """A tree as the core reads it.

    Returns:
        tuple: the plans of the nodes that have elements, whose ``end`` is what a record must have for that; the nodes,
        one ``cc_arrow_node`` behind the other, level by level; what these point to: formats and names, a NUL behind
        each; and ``end`` of the root.
    """
    level = [root]
    numbers: list[int] = []
    plans, text = [], b""
    for node in level:  # which grows meanwhile
        name = len(text) + len(node.format) + 1
        numbers += (len(text), name, len(level), len(node.inner), node.kind, node.times, node.size, node.end)
        numbers.append(node.nullable)
        level += node.inner
        text += f"{node.format}\0{node.name}\0".encode()
        if node.plan is not None:
            node.plan.end = node.end
            plans.append(node.plan)
    return plans, b"".join(number.to_bytes(4, sys.byteorder) for number in numbers), text, root.end


def tree_of(planner: Planner) -> _Tree:
    """All fields of a struct, by the names that they go by on its instances; made once."""
    if planner.tree is None:
        nodes = []
        for path in default_paths(planner.layout):
            field, dims, strides = place(planner.layout, path)
            nodes.append(node_of(path, field, dims, strides, dims_of(field)))
        root = Node("", 1, 0, nodes)
        root.nullable = False
        planner.tree = packed(root)
    return planner.tree


def tree_of_column(column: Any) -> _Tree:
    """A column, which may be an array of its own or lie in the records.

    Raises:
        ArgumentError: it is of structs, and the bytes of their words were turned round.
    """
    field, memory = column.field, memoryview(column)
    layout, dims, strides = field.layout, (memory.shape or ())[1:], (memory.strides or ())[1:]
    end = field.offset + memory.itemsize + sum((n - 1) * step for n, step in zip(dims, strides, strict=True))
    if layout is not None and layout.size > layout.align:
        dims, strides = dims[:-1], strides[:-1]
    length = field.dims[-1:] if field.type == "char" else ()
    root = leaf = node_of(field.path, field, dims + length, strides + (1,) * len(length), dims, 1, end)
    while leaf.inner:
        leaf = leaf.inner[0]
    if sys.byteorder == "big" and memory.format[0] != "<":
        if layout is not None:
            raise ArgumentError(f"{field}: a column of structs whose words were turned round")
        leaf.size *= leaf.kind == TEXT
    if column.contiguous and layout is None and leaf.plan is not None:
        leaf.plan.bits = False  # they were taken out of their bytes when they were gathered
    return packed(root)
