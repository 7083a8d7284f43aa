"""Object lifetimes: random sequences of all that keeps, borrows, shares, drops or resizes memory.

Every object stands beside a plain copy of the bytes that it should have. A buffer can be resized exactly when no living
object borrows it.
"""

from __future__ import annotations

import contextlib
import copy
import gc
import io
import pickle
import sys
import threading
from collections.abc import Callable
from typing import NamedTuple

from capcodec import (
    Array,
    Batch,
    CapcodecError,
    Column,
    Struct,
    VirglCapsV1,
    VirglCapsV2,
    VirglVideoCaps,
    define,
    min_copy,
    min_copy_many,
    schema,
)
from choices import CallerError, Choices, hostile

from . import target
from .capsets import Sample

CLASSES = [VirglCapsV1, VirglCapsV2, VirglVideoCaps, Sample]
STRUCTS = ["v1", "bset", "sampler", "video_caps[3]", "v1.render", "video_caps[31]", "parts[1]"]
ARRAYS = [
    "sampler.bitmask",
    "video_caps",
    "sample_locations",
    "v1.render.bitmask",
    "supported_readback_formats.bitmask",
    "b",
    "b[1]",
    "parts",
    "parts[2].y",
]
COLUMNS = ["max_samples", "renderer", "video_caps.max_width", "bset", "bset.has_fp64", "profile", "max_version", "b"]


def paths_of(cls: type[Struct], paths: list[str]) -> list[str]:
    """Those that lead to something in ``cls``."""
    found = []
    for path in paths:
        with contextlib.suppress(CapcodecError):
            found.append(cls.layout.fields[path.replace("video_caps.", "video_caps[0].")].path and path)
    return found


PARTS = {cls: paths_of(cls, STRUCTS + ARRAYS) for cls in CLASSES}
COLUMNS_OF = {cls: paths_of(cls, COLUMNS) for cls in CLASSES}
MAX_THINGS = 14
MAX_STEPS = 24
sys.setswitchinterval(1e-5)


class Root:
    """Memory: a bytearray of the caller's, or that of an instance that owns its bytes (``buffer`` is None)."""

    def __init__(self, content: bytes, buffer: bytearray | None) -> None:
        self.buffer = buffer
        self.content = bytearray(content)


class Thing(NamedTuple):
    """An object over ``size`` bytes of a root from ``at`` on."""

    object: object
    root: Root
    at: int
    size: int

    def check(self) -> None:
        assert self.content() == self.root.content[self.at : self.at + self.size], self.object

    def content(self) -> bytes:
        if isinstance(self.object, Array) and self.object.field.layout:
            return b"".join(element.pack() for element in self.object)  # arrays of structs export no buffer
        return memoryview(self.object).tobytes()


class World:
    """The things that live, and what may happen to them."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.roots: list[Root] = []
        self.things: list[Thing] = []
        self.batches: list[tuple[Batch | Column, Root, range]] = []
        self.new_root()

    def thing(self) -> Thing | None:
        return self.choices.pick(self.things) if self.things else None

    def instance(self) -> Thing | None:
        found = [thing for thing in self.things if isinstance(thing.object, Struct)]
        return self.choices.pick(found) if found else None

    def root(self) -> Root:
        return self.choices.pick(self.roots)

    def keep(self, thing: Thing) -> None:
        self.things.append(thing)
        thing.check()
        if len(self.things) > MAX_THINGS:
            self.drop()

    def new_root(self) -> None:
        size = self.choices.number(2) % 3000
        content = (self.choices.take(9) * (size // 9 + 1)).ljust(size, b"\7")[:size]
        self.roots = [*self.roots[-3:], Root(content, bytearray(content))]

    def view(self) -> None:
        root = self.root()
        cls = self.choices.pick(CLASSES)
        self.keep(Thing(cls.view(root.buffer), root, 0, len(root.content)))

    def unpack(self) -> None:
        root = self.root()
        self.keep(self.owned(self.choices.pick(CLASSES).unpack(root.buffer)))

    def read_only(self) -> None:
        content = bytes(self.root().content)
        self.keep(Thing(self.choices.pick(CLASSES).view(content), Root(content, None), 0, len(content)))

    def owned(self, instance: object) -> Thing:
        content = instance.pack()
        return Thing(instance, Root(content, None), 0, len(content))

    def part(self) -> None:
        """A nested struct or an array, if it arrived."""
        thing = self.instance()
        if thing is None:
            return
        cls = type(thing.object)
        if not PARTS.get(cls):  # of structs within structs
            return
        path = self.choices.pick(PARTS[cls])
        try:
            field, found = cls.fields[path], thing.object[path]
        except CapcodecError:
            return
        self.keep(Thing(found, thing.root, thing.at + field.offset, min(field.size, max(0, thing.size - field.offset))))

    def element(self) -> None:
        """Of an array; each is a struct, an array or a number."""
        arrays = [thing for thing in self.things if isinstance(thing.object, Array)]
        if not arrays:
            return
        thing, index = self.choices.pick(arrays), self.choices.below(70) - 35
        with contextlib.suppress(IndexError):
            found, size = thing.object[index], thing.size // len(thing.object)
            if isinstance(found, (Struct, Array)):
                self.keep(Thing(found, thing.root, thing.at + index % len(thing.object) * size, size))

    def buffer(self) -> None:
        """A memoryview of a thing, which keeps it."""
        if thing := self.thing():
            with contextlib.suppress(BufferError):
                self.keep(thing._replace(object=memoryview(thing.object)))

    def batch(self) -> None:
        root = self.root()
        stride, step = 1 + self.choices.number(2) % 1500, self.choices.pick([1, 2, -1])
        batch = Batch(self.choices.pick(CLASSES), root.buffer, stride)
        starts = range(0, len(root.content), stride)[::step]
        self.batches = [*self.batches[-2:], (batch[::step], root, starts)]

    def record(self) -> None:
        """A view of one record of a batch, or a column, which borrows as well."""
        if not self.batches:
            return
        batch, root, starts = self.choices.pick(self.batches)
        if isinstance(batch, Column):
            return
        assert len(batch) == len(starts)
        if starts and self.choices.flag():
            index = self.choices.below(len(starts))
            self.keep(Thing(batch[index], root, starts[index], len(batch[index].pack())))
            return
        path = self.choices.pick(COLUMNS_OF[batch.cls])
        with contextlib.suppress(CapcodecError):
            column, gathered = batch.column(path), batch.columns([path])[path]
            assert column.tolist() == gathered.tolist()
            content = memoryview(gathered).tobytes()
            self.keep(Thing(gathered, Root(content, None), 0, len(content)))
            if not column.contiguous:
                self.batches = [*self.batches[-2:], (column, root, range(len(column)))]

    def drop(self) -> None:
        if self.things:
            del self.things[self.choices.below(len(self.things))]

    def drop_batch(self) -> None:
        if self.batches:
            del self.batches[self.choices.below(len(self.batches))]

    def resize(self) -> None:
        """It fails exactly while somebody borrows the buffer."""
        root = self.root()
        borrowed = [thing for thing in self.things if thing.root is root]
        borrowed += [batch for batch, over, _ in self.batches if over is root]
        try:
            root.buffer.append(1)
        except BufferError:
            assert borrowed
        else:
            assert not borrowed
            root.content.append(1)

    def write(self) -> None:
        """Through a view: the bytes of its root change, and no others."""
        thing = self.instance()
        if thing is None:
            return
        cls = type(thing.object)
        if not NUMBERS.get(cls):
            return
        leaf = self.choices.pick(NUMBERS[cls])
        value = self.choices.number(4)
        with contextlib.suppress(CapcodecError):
            thing.object[leaf.path] = value
            at = thing.at + leaf.offset
            thing.root.content[at : at + 4] = value.to_bytes(4, "little")

    def copied(self) -> None:
        thing = self.instance()
        if thing is None:
            return
        how: Callable = self.choices.pick(
            [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it)), rebuilt]
        )
        made = how(thing.object)
        assert made == thing.object
        assert type(made) is type(thing.object)
        self.keep(self.owned(made))

    def min_copied(self) -> None:
        to, source = self.thing(), self.thing()
        if to is None or any(isinstance(thing.object, Array) for thing in (to, source)):
            return
        if memoryview(to.object).readonly:
            return
        given = bytes(source.root.content[source.at : source.at + source.size])
        n = min_copy(to.object, source.object)
        assert n == min(to.size, source.size)
        to.root.content[to.at : to.at + n] = given[:n]

    def many(self) -> None:
        """Two threads: one copies with other threads running, the other tries to resize."""
        root = self.root()
        memory = root.buffer
        if len(memory) < 2 or self.choices.number() % 64 != 5:  # threads take long to start
            return

        def resize() -> None:
            for _ in range(3):
                with contextlib.suppress(BufferError):
                    memory.append(0)
                    memory.pop()

        thread = threading.Thread(target=resize)
        thread.start()
        min_copy_many(memory, memory, 2, 2, len(memory) // 2)
        bytes(VirglCapsV2.view(memory))
        thread.join()

    def short_lived_class(self) -> None:
        """A class that dies before its instance's parts do."""
        if self.choices.number() % 64 != 9:  # making one takes long
            return
        either = schema.union("either", schema.u16("one"), schema.u8("two"))
        declared = schema.struct(
            "passing",
            schema.struct("inner", schema.u32("x[3]"))("parts[2]"),
            schema.u8("y"),
            either("z", select=("y", {24: "two"})),
        )
        cls = define(declared, module="fuzz")
        instance = cls.unpack(bytes(range(28)))
        assert instance.to_dict()["z"]["two"] == 26
        descriptor = cls.__dict__["parts"]
        del cls, declared
        parts = instance.parts
        assert descriptor.__get__(instance) == parts
        del instance, descriptor
        self.keep(Thing(parts[1].x, Root(bytes(range(12, 24)), None), 0, 12))

    def misuse(self) -> None:
        """What no caller should do raises and changes nothing, or was all right."""
        thing, argument = self.thing(), hostile(self.choices, COLUMNS)
        if thing is None:
            return
        other = thing.object
        cls = type(other)
        with contextlib.suppress(
            CapcodecError,
            TypeError,
            AttributeError,
            ValueError,
            IndexError,
            OverflowError,
            CallerError,
            BufferError,
            KeyError,
            NotImplementedError,
        ):
            self.choices.pick(MISUSES)(other, cls, argument)
            thing.root.content[thing.at : thing.at + thing.size] = thing.content()

    def array(self) -> None:
        """All that an array can be asked, against the list of its elements."""
        arrays = [thing for thing in self.things if isinstance(thing.object, Array)]
        if not arrays:
            return
        thing = self.choices.pick(arrays)
        array, elements = thing.object, thing.object.tolist()
        part = slice(*(self.choices.number() % 9 - 4 or None for _ in range(3)))
        assert len(array) == len(elements)
        assert array == elements
        assert (array == tuple(elements[1:])) is False
        assert [to_list(element) for element in array[part]] == elements[part]
        assert [to_list(element) for element in array] == elements
        assert repr(array) == repr(elements)
        if array.field.type == "u32":
            words = thing.root.content[thing.at : thing.at + thing.size]
            assert array.bits() == [at for at in range(8 * len(words)) if words[at // 8] >> at % 8 & 1]
            index, value = self.choices.below(len(array)), self.choices.number(4)
            with contextlib.suppress(CapcodecError):
                array[index] = value
                at = thing.at + index * 4
                thing.root.content[at : at + 4] = value.to_bytes(4, "little")

    def nest(self) -> None:
        """Views over memoryviews of views, deep enough to die one after another."""
        thing = self.instance()
        if thing is None or self.choices.number() % 16 != 1:
            return
        made = thing.object
        for _ in range(self.choices.number()):
            made = type(made).view(memoryview(made))
        self.keep(thing._replace(object=made))

    def collect(self) -> None:
        gc.collect(0)

    def compare(self) -> None:
        one, two = self.thing(), self.thing()
        if one is not None:
            assert isinstance(one.object == two.object, bool)
            assert repr(one.object)


def to_list(element: object) -> object:
    if isinstance(element, Array):
        return element.tolist()
    return element.to_dict() if isinstance(element, Struct) else element


FIELD = VirglCapsV2.__dict__["max_samples"]
MISUSES: list[Callable] = [
    lambda other, cls, argument: cls(argument),
    lambda other, cls, argument: cls(argument, argument, max_samples=argument),
    lambda other, cls, argument: cls(max_samples=argument, max_version=3),
    lambda other, cls, argument: cls.__new__(cls),
    lambda other, cls, argument: cls(other, argument),
    lambda other, cls, argument: (cls.max_version.path, cls.max_version.path.path),
    lambda other, cls, argument: (other.field.path, io.BytesIO(b"77").readinto(other)),
    lambda other, cls, argument: memoryview(other.video_caps),
    lambda other, cls, argument: other.parts.bits(),
    lambda other, cls, argument: other.b.bits(),
    lambda other, cls, argument: cls.view(other),
    lambda other, cls, argument: other.__init__(argument),
    lambda other, cls, argument: FIELD.__get__(other, argument),
    lambda other, cls, argument: FIELD.__set__(argument, other),
    lambda other, cls, argument: FIELD.__delete__(other),
    lambda other, cls, argument: (repr(FIELD), FIELD.field, FIELD.__doc__, type(FIELD)()),
    lambda other, cls, argument: other[argument],
    lambda other, cls, argument: other.__setitem__(argument, argument),
    lambda other, cls, argument: other.__setitem__(slice(2), argument),
    lambda other, cls, argument: other.__setitem__(0, argument),
    lambda other, cls, argument: other.has_field(argument),
    lambda other, cls, argument: other.max_samples.no_such_name,
    lambda other, cls, argument: delattr(other, "max_samples"),
    lambda other, cls, argument: setattr(other, "max_sample", 3),
    lambda other, cls, argument: setattr(other, "video_caps", argument),
    lambda other, cls, argument: (sys.getsizeof(other), other.readonly, hash(other)),
    lambda other, cls, argument: other < argument,
    lambda other, cls, argument: type(cls.__dict__["bset"])(),
    lambda other, cls, argument: cls.__reduce__(other),
    lambda other, cls, argument: cls.zeros(argument),
    lambda other, cls, argument: cls.view(argument),
    lambda other, cls, argument: cls.unpack(argument),
    lambda other, cls, argument: min_copy(other, argument),
    lambda other, cls, argument: min_copy(argument, other),
    lambda other, cls, argument: min_copy(other, other, tail=argument),
    lambda other, cls, argument: (other.bits(), Batch(argument, b"", 1)),
    lambda other, cls, argument: Batch(argument, b"", 1),
    # What every class has of its own, asked of the class that all share
    lambda other, cls, argument: Struct.view(argument),
    lambda other, cls, argument: Struct.from_dict(argument),
    lambda other, cls, argument: Struct.from_json(argument),
    lambda other, cls, argument: Struct.guest_defaults(argument),
    lambda other, cls, argument: Struct.to_json(other),
    lambda other, cls, argument: (Struct.unpack(argument), Array[argument]),
    lambda other, cls, argument: (Array[argument], type("Own", (Struct,), {})),
]


def rebuilt(instance: object) -> object:
    return type(instance).from_dict(instance.to_dict())


NUMBERS = {
    cls: [leaf for leaf in cls.layout.leaves() if leaf.type == "u32" and not leaf.dims and leaf.bits is None]
    for cls in CLASSES
}
STEPS = [
    value
    for name, value in vars(World).items()
    if callable(value) and name not in {"__init__", "keep", "thing", "instance", "root", "owned"}
]


def rare_steps() -> list[list[int]]:
    """Numbers of those that take long, and the choices that they wait for."""
    long, many, view, nest = map(STEPS.index, (World.short_lived_class, World.many, World.view, World.nest))
    return [[long, 9], [many, 0, 5], [view, 0, 1, 0, nest, 0, 1, 200]]


@target(
    "src/_instances.pyx",
    "src/_fields.pyx",
    "src/_classes.pyx",
    plant=(
        "src/_bulk.pyx",
        "<PyObject *>self, self.readonly\n        incref(it.owner)",
        "<PyObject *>self, self.readonly",
    ),
    seeds=lambda: [
        *(bytes((i * 37 + j * (3 + 2 * i)) % 256 for j in range(120)) for i in range(MAX_STEPS)),
        *(b"\x90\1" + bytes(range(9)) + bytes(step) for step in rare_steps()),
    ],
    longest=256,
)
def lifetimes(data: bytes) -> None:
    world = World(Choices(data))
    for _ in range(MAX_STEPS):
        if not world.choices:
            break
        world.choices.pick(STEPS)(world)
        if thing := world.thing():
            thing.check()
    for thing in world.things:
        thing.check()
