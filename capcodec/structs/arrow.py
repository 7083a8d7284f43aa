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
    from .columns import Planner
    from .field import Field

    Dims = tuple[int, ...]

NESTED, FIXED, BITS, TEXT = range(4)  # enum cc_arrow_kind
FORMATS = {"B": "C", "b": "c", "H": "S", "h": "s", "I": "I", "i": "i", "Q": "L", "q": "l", "f": "f", "d": "g"}


class Node:
    """One type of a tree; what has elements has a plan of where they lie, what has none has nodes within."""

    __slots__ = ("end", "first", "format", "inner", "kind", "name", "nullable", "plan", "size", "times")

    def __init__(self, name: str, times: int, end: int, inner: list[Node], format: str = "+s") -> None:
        self.name, self.times, self.inner, self.format = name, times, inner, format
        self.nullable = not end  # else it depends on what is above
        self.end = end or min((node.end for node in inner), default=0)
        self.kind, self.size, self.first = NESTED, 0, 0
        self.plan: Plan | None = None


def node_of(name: str, field: Field, dims: Dims, strides: Dims, lists: Dims, times: int = 1, end: int = 0) -> Node:
    """The type of a field.

    Args:
        name: that it goes by.
        field: what it is of.
        dims, strides: elements per dimension, and bytes between them in a record.
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
            nodes.append(
                node_of(part.name, within, dims + part.dims, strides + steps(part), dims_of(part), times, end)
            )
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


def dims_of(field: Field) -> Dims:
    """Those of its dimensions that are lists: the last one of a char array is the length of a text."""
    return field.dims[:-1] if field.type == "char" else field.dims


class Tree:
    """What the core is told.

    Attributes:
        nodes: one ``cc_arrow_node`` after the other, level by level.
        text: what they point to: formats and names, each with a NUL at its end.
        leaves: of the nodes that have elements, plans, and how many bytes a record must have.
    """

    __slots__ = ("leaves", "nodes", "text")

    def __init__(self, root: Node) -> None:
        level = [root]
        numbers: list[int] = []
        self.text = b""
        for node in level:  # which grows meanwhile
            node.first = len(level)
            level += node.inner
            name = len(self.text) + len(node.format) + 1
            numbers += len(self.text), name, node.first, len(node.inner), node.kind, node.times, node.size, node.end
            numbers.append(node.nullable)
            self.text += f"{node.format}\0{node.name}\0".encode()
        self.nodes: bytes = b"".join(number.to_bytes(4, sys.byteorder) for number in numbers)
        self.leaves = [(node.plan, node.end) for node in level if node.plan]


def tree_of(planner: Planner) -> Tree:
    """All fields of a struct, by the names that they go by on its instances; made once."""
    if planner.tree is None:
        nodes = []
        for path in default_paths(planner.layout):
            field, dims, strides = place(planner.layout, path)
            nodes.append(node_of(path, field, dims, strides, dims_of(field)))
        root = Node("", 1, 0, nodes)
        root.nullable = False
        planner.tree = Tree(root)
    return planner.tree


def tree_of_column(field: Field, dims: Dims, strides: Dims, end: int, own: bool, native: bool) -> Tree:
    """A column of a batch.

    Args:
        field: of which it is.
        dims, strides: of its elements, as a plan has them.
        end: how many bytes there are for each record, counted from where the record starts, or would.
        own: are they gathered in an array, rather than in the records?
        native: are they in the machine's byte order?

    Raises:
        ArgumentError: it is of structs, and they are not as they were in the records.
    """
    if field.layout is not None and field.layout.size > field.layout.align:
        dims, strides = dims[:-1], strides[:-1]
    length = field.dims[-1:] if field.type == "char" else ()
    root = leaf = node_of(field.path, field, dims + length, strides + (1,) * len(length), dims, 1, end)
    while leaf.inner:
        leaf = leaf.inner[0]
    if native and sys.byteorder == "big":
        if field.layout is not None:
            raise ArgumentError(f"{field}: a column of structs whose words were turned round")
        leaf.size *= leaf.kind == TEXT
    if own and field.layout is None and leaf.plan is not None:
        leaf.plan.bits = False  # they were taken out of their bytes when they were gathered
    return Tree(root)
