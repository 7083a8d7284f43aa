"""Classes of structs of one's own: their names, their variants, and that they can die."""

from __future__ import annotations

import gc
import pickle
import sys
import threading
import types
import weakref

import pytest

import no_memory
from capcodec import FieldAbsentError, SchemaError, define
from capcodec.schema import f32, s8, step, struct, u16, u32, u64, union, variant

my_caps = struct(
    "my_caps",
    u32("version", "of the protocol"),
    step(4, "1f2e3d4c5b6a", "2023-01-01", "1.0"),
    u32("flags:4", "what the host can do", default=5),
    u32(":28"),
    f32("limits[3]", "largest extent along each axis", unit="texels", default=1.0),
    step(20, "6a5b4c3d2e1f", "2024-01-01", "1.1"),
    u16("size", "a name that the class needs for itself", default=9),
    s8("levels[2]", default=(-1, 3)),
    step(24, "0a0b0c0d0e0f", "2025-01-01", "1.2"),
    header="my_protocol.h",
)
MyCaps = define(my_caps)


def test_a_struct_of_ones_own():
    guest = MyCaps.guest_defaults(20)
    assert guest.flags == 5
    assert list(guest.limits) == [1.0] * 3
    with pytest.raises(
        FieldAbsentError, match=r"my_caps.size \(u16 at bytes 20..22\) .* 24 \(release 1.2, 0a0b0c0d0e0f"
    ):
        _ = guest.size_
    whole = MyCaps.guest_defaults()
    assert whole.pack() == bytes.fromhex("00000000 05000000 0000803f 0000803f 0000803f 0900 ff03")
    assert (MyCaps.size, whole.size, whole.size_, whole["size"]) == (24, 24, 9, 9)
    assert MyCaps.size_steps == (4, 20, 24)
    assert define(my_caps) is MyCaps
    assert MyCaps.__name__ == "MyCaps"
    assert MyCaps.__module__ == __name__


def test_instances_of_ones_own_class_pickle_where_it_can_be_imported(monkeypatch):
    module = types.ModuleType("my_module")
    module.Pickled = define(struct("pickled", u32("x")), module="my_module")
    monkeypatch.setitem(sys.modules, "my_module", module)
    assert pickle.loads(pickle.dumps(module.Pickled(x=3))).x == 3


def test_variants_are_declared_beside_their_base():
    base = struct("base", u32("x"), step(4), u32("y"), step(8))
    variant(base, "odd", "y came first", u32("y"), u32("x"), step(8))
    cls = define(base)
    assert list(cls.variants) == ["odd"]
    odd = cls.variants["odd"].unpack(b"\1\0\0\0\2\0\0\0")
    assert (odd.x, odd.y) == (2, 1)
    assert (odd.variant, odd.variant_of) == ("odd", cls)
    with pytest.raises(KeyError) as caught:
        cls.variants["even"]
    assert (str(caught.value), "even" in cls.variants) == ("base has no layout 'even'; there are odd", False)


def test_variants_are_made_once():
    base = struct("base", u32("x"), u32("y"))
    variant(base, "odd", "y came first", u32("y"), u32("x"))
    cls = define(base)
    assert cls.variants["odd"] is cls.variants["odd"] is define(base.variants["odd"])
    assert repr(cls.variants) == "<variants of base: odd>"
    assert repr(define(struct("plain", u32("x"))).variants) == "<variants of plain: none>"
    assert len(cls.variants) == 1


def test_the_module_is_the_caller_s_or_the_one_given():
    assert define(struct("here", u32("x"))).__module__ == __name__
    assert define(struct("there", u32("x")), module="elsewhere").__module__ == "elsewhere"


@pytest.mark.parametrize("wrong", [None, "virgl_caps_v2", u32, object()])
def test_what_is_no_schema(wrong):
    with pytest.raises(SchemaError, match="expected a schema, got"):
        define(wrong)


def test_names_that_the_class_needs_for_itself():
    names = [
        "pack",
        "unpack",
        "size",
        "fields",
        "layout",
        "__eq__",
        "to_json",
        "zeros",
        "_codec",
        "__del__",
        "__getattr__",
        "__pad",
    ]
    cls = define(struct("named", *(u32(name) for name in names)))
    caps = cls.unpack(bytes(range(4 * len(names))))
    for i, name in enumerate(names):
        word = int.from_bytes(bytes(range(4 * i, 4 * i + 4)), "little")
        assert caps[name] == getattr(caps, name + "_" * (name != "__pad")) == word
    assert caps.pack() == bytes(range(4 * len(names)))


def test_names_that_differ_by_what_is_appended():
    cls = define(struct("named", u32("size"), u32("size_"), u32("pack__"), struct("i", u32("pack"))("i", fold=True)))
    caps = cls.unpack(bytes([1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0]))
    assert (caps.size__, caps.size_, caps.pack__, caps.pack_) == (1, 2, 3, 4)
    assert (caps["size"], caps["size_"], caps["pack__"], caps["pack"]) == (1, 2, 3, 4)


def test_out_of_memory():
    """Wherever memory runs out a MemoryError comes of it, and the next attempt works."""
    result = no_memory.run(OUT_OF_MEMORY, SETTING_ATTRIBUTES)
    assert (result.stdout, result.stderr) == ("whole\n", "")


OUT_OF_MEMORY = """
import _testcapi
from capcodec import define
from capcodec.schema import char, f32, struct, u32, union

def declared():
    inner, either = struct("i", u32("x[3]")), union("un", u32("p"), f32("q"))
    members = u32("a"), u32("b:3"), inner("i[2]"), char("c[5]"), either("u", select=("a", {0x01010101: "p"}))
    return struct("s", *members)

for _ in range(CALLS_BEFORE):
    define(declared())
at, whole_in_turn = 0, 0
while whole_in_turn < 20:
    schema = declared()
    _testcapi.set_nomemory(at, at + 1)
    try:
        define(schema)
        whole_in_turn += 1
    except MemoryError:
        whole_in_turn = 0
    finally:
        _testcapi.remove_mem_hooks()
    at += 1
    assert define(schema).unpack(bytes([1]) * 44).to_dict()["u"] == {"p": 0x01010101}
print("whole")
"""


# Python 3.14 then says of a class that it has no such attribute
SETTING_ATTRIBUTES = """
import _testcapi
for at in range(20):
    made = type("Made", (), {})
    _testcapi.set_nomemory(at, at + 1)
    try:
        made.first, made.second = len, len
    except MemoryError:
        pass
    finally:
        _testcapi.remove_mem_hooks()
"""


def test_one_class_whoever_asks_first():
    for _ in range(20):
        schema = struct("raced", u32("x"), struct("inner", u64("a[3]"))("inner[2]"))
        start, made = threading.Barrier(8), []

        def use(schema=schema, start=start, made=made):
            start.wait()
            made.append(define(schema))

        threads = [threading.Thread(target=use) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(made) == 8
        assert len(set(made)) == 1


def test_classes_and_schemas_can_die():
    inner = struct("inner", u32("a"))
    schema = struct("mortal", inner("inner"), union("either", u32("p"), f32("q"))("u"))
    variant(schema, "odd", "another", u32("x"))
    cls = define(schema)
    refs = [weakref.ref(made) for made in (cls, cls.layout, define(inner), cls.variants["odd"])]
    assert all(ref() is not None for ref in refs)
    del cls, schema, inner
    gc.collect()
    assert [ref() for ref in refs] == [None] * 4


def test_a_class_lives_as_long_as_one_that_has_it_within():
    inner = struct("inner", u32("a"))
    outer = define(struct("outer", inner("inner")))
    kept = weakref.ref(define(inner))
    gc.collect()
    assert type(outer().inner) is kept() is define(inner)


def test_making_and_dropping_many_keeps_nothing():
    def cycle():
        for i in range(200):
            define(struct(f"s{i}", u32("x")))
        gc.collect()
        return len([found for found in gc.get_objects() if type(found).__name__ == "Layout"])

    assert cycle() == cycle()
