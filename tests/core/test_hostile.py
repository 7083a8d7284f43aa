"""Programs that try to crash the core. Each runs in a child process, which must end by itself and not by a signal."""

from __future__ import annotations

import pytest

import no_memory
from programs import START, run

PROGRAMS = {
    # Buffers that change while they are used
    "a source that resizes the destination": """
        if sys.version_info >= (3, 12):
            dst = bytearray(1 << 20)
            class Source:
                def __buffer__(self, flags):
                    dst.clear()
                    return memoryview(bytes(1 << 20))
            assert min_copy(dst, Source()) == 0 and len(dst) == 0
            dst = bytearray(1 << 20)
            refused(lambda: min_copy_many(dst, Source(), 4, 4), CapcodecError)
        """,
    "a destination that resizes the source": """
        if sys.version_info >= (3, 12):
            src, dst = bytearray(b"x" * (1 << 20)), bytearray(1 << 20)
            class Target:
                def __buffer__(self, flags):
                    src.clear()
                    return memoryview(dst)
            if GIL:
                assert min_copy(Target(), src) == 0
            else:  # threads may resize it at any time, so it is exported by then
                refused(lambda: min_copy(Target(), src), BufferAccessError)
        """,
    "a number that resizes the buffers": """
        src, dst = bytearray(1 << 20), bytearray(1 << 20)
        refused(lambda: min_copy_many(dst, src, Index(dst.clear, 4), 4), CapcodecError)
        refused(lambda: min_copy_many(bytearray(1 << 20), src, 4, 4, Index(src.clear, 1 << 18)), CapcodecError)
        records = bytearray(size * 3)
        batch = Batch(VirglCapsV2, records, Index(records.clear, size))
        assert len(batch) == 0
        """,
    "a view cannot outlive its buffer": """
        memory = bytearray(blob)
        view = VirglCapsV2.view(memory)
        child = view.v1.sampler.bitmask
        del view
        refused(memory.clear, BufferError)
        assert child.tolist() == VirglCapsV2.unpack(blob).v1.sampler.bitmask.tolist()
        del child
        memory.clear()
        """,
    # Objects of the core cannot be made, or made again
    "internals are made by the core only": """
        caps = VirglCapsV2.unpack(blob)
        batch = Batch(VirglCapsV2, blob * 2, len(blob))
        column = batch.columns(["max_samples"])["max_samples"]
        codec = VirglCapsV2._codec
        made = [caps.sampler.bitmask, column, codec, VirglCapsV2.__dict__["glsl_level"], caps.video_caps]
        for type_ in {type(one) for one in made} | {capcodec.Struct, capcodec.Struct.__base__}:
            for arguments in [(), (1,), (codec,), (VirglCapsV2.layout, {})]:
                refused(lambda: type_(*arguments), TypeError)
                refused(lambda: type_.__new__(type_, *arguments), TypeError)
            refused(lambda: object.__new__(type_), TypeError)
            for protocol in range(6):
                refused(lambda: type_.__reduce_ex__(object.__new__(type_), protocol), TypeError)
        refused(lambda: Batch.__new__(Batch), CapcodecError, TypeError)
        refused(lambda: object.__new__(Batch), TypeError)
        """,
    "a batch is not made anew under its views": """
        batch = Batch(VirglCapsV2, bytearray(blob * 2), len(blob))
        view = batch[1]
        try:
            batch.__init__(VirglCapsV2, bytearray(5), 5)
        except TypeError:
            pass
        assert view == VirglCapsV2.unpack(blob)
        """,
    "an attribute of the codec's name is no codec": """
        class Fake: _codec = VirglCapsV2._codec
        class Empty: _codec = None
        class Wrong: _codec = VirglCapsV2.__dict__["glsl_level"]
        for cls in (Fake, Empty, Wrong, capcodec.Struct, int, 5, None):
            refused(lambda: Batch(cls, blob, 4), CapcodecError)
        """,
    "descriptors of one class refuse another, and outlive their own": """
        def make(name):
            return define(struct(name, u32("x"), u32("rows[4]")), module="m")
        cls = make("gone")
        member, get = cls.__dict__["x"], cls.__dict__["rows"]
        unpack = cls.unpack
        del cls
        gc.collect()
        others = [make(f"other{i}") for i in range(200)]
        for other in others:
            refused(lambda: member.__get__(other(), other), TypeError)
            refused(lambda: member.__set__(other(), 1), TypeError)
        refused(lambda: member.__get__(5, int), TypeError)
        refused(lambda: VirglCapsV2.__dict__["glsl_level"].__get__(object(), None), (TypeError))
        assert unpack(bytes(20)).x == 0
        """,
    "methods of one class refuse another": """
        one = VirglCapsV1()
        for method in (VirglCapsV2.pack, VirglCapsV2.to_dict):
            refused(lambda: method(one), TypeError)
            refused(lambda: method(5), TypeError)
        refused(lambda: Struct.pack(5), TypeError)
        def assign(): VirglCapsV2().__class__ = VirglCapsV1
        refused(assign, TypeError)
        def plant(): VirglCapsV2._codec = VirglCapsV1._codec
        refused(plant, TypeError)
        """,
    # Numbers that lie
    "sizes that yield more than their length": """
        class Sizes:
            def __len__(self): return 1
            def __iter__(self): return iter([4] * 100_000)
        refused(lambda: Batch(VirglCapsV2, bytes(40), 4, Sizes()), CapcodecError)
        endless = (4 for _ in iter(int, 1))
        refused(lambda: Batch(VirglCapsV2, bytes(40), 4, endless), CapcodecError)
        """,
    "ints that are equal to everything": """
        for wrong in (Liar(0), Liar(-1), Liar(2**70)):
            refused(lambda: Batch(VirglCapsV2, bytes(4000), wrong), CapcodecError)
            refused(lambda: min_copy_many(bytearray(9), bytes(9), wrong, 3), CapcodecError)
        for lie in (Liar(1 << 40), Liar(-(1 << 40)), Liar(size + 1)):
            refused(lambda: VirglCapsV2.zeros(lie), CapcodecError)
            refused(lambda: VirglCapsV2.guest_defaults(lie), CapcodecError)
            refused(lambda: VirglCapsV2.from_dict({"_valid_size": lie, "_partial": bytes(300)}), CapcodecError)
            refused(lambda: Batch(VirglCapsV2, bytes(4000), 1408, [lie]), CapcodecError)
            refused(lambda: VirglCapsV2().video_caps[lie], IndexError)
            refused(lambda: Batch(VirglCapsV2, bytes(4000), 1408)[lie], IndexError)
        caps = VirglCapsV2()
        def store(): caps.glsl_level = Liar(1 << 40)
        refused(store, OverflowError)
        caps.glsl_level = Liar(7)
        assert caps.glsl_level == 7 and type(caps.glsl_level) is int
        """,
    # Dicts and lists that change while they are read
    "a dict that changes meanwhile": """
        for change in (dict.clear, dict.popitem, lambda d: d.update({str(i): i for i in range(1000)})):
            given = VirglCapsV1().to_dict()
            given["max_version"] = Index(lambda: change(given), 1)
            try:
                VirglCapsV1.from_dict(given)
            except CapcodecError:
                pass
        """,
    "a key whose hash changes its dict": """
        class Key(str):
            def __hash__(self):
                if armed:
                    given["another"] = 1
                return str.__hash__(self)
        armed = False
        given = {Key("max_version"): 1, "odd": 1}
        armed = True
        refused(lambda: VirglCapsV1.from_dict(given), CapcodecError)
        """,
    "a list that changes meanwhile": """
        cls = define(struct("lists", u32("rows[3][4]"), u64("last")), module="m")
        rows = [[1, 2, 3, 4] for _ in range(3)]
        rows[0][0] = Index(rows.clear, 1)
        given = {"rows": rows, "last": 1}
        if GIL:
            refused(lambda: cls.from_dict(given), CapcodecError)
        else:  # threads may change it at any time, so it is copied first
            assert cls.from_dict(given).rows == [[1, 2, 3, 4]] * 3 and not rows
        row = [1, 2, 3, 4]
        row[1] = Index(row.clear, 1)
        refused(lambda: cls.from_dict({"rows": [row] * 3, "last": 1}), CapcodecError)
        """,
    "a value whose repr changes its list": """
        cls = define(struct("reprs", u32("row[2]")), module="m")
        row = []
        class Shown:
            def __repr__(self): row.clear(); return "shown"
        row[:] = [Shown(), 2]
        refused(lambda: cls.from_dict({"row": row}), CapcodecError)
        """,
    # Deep nests
    "300,000 views of views": """
        view = bytearray(blob)
        for _ in range(300_000):
            view = VirglCapsV2.view(memoryview(view))
        del view
        """,
    "300,000 batches of records": """
        words = define(struct("words", u32("x")), module="m")
        record = bytearray(8)
        for _ in range(300_000):
            record = Batch(words, record, 4)[0]
        del record
        """,
    "100,000 slices of slices": """
        batch = Batch(VirglCapsV2, blob * 2, len(blob))
        for _ in range(100_000):
            batch = batch[::-1]
        assert batch[0] == VirglCapsV2.unpack(blob)
        del batch
        """,
    # The end of the process
    "exit with views alive": """
        import atexit
        memory = bytearray(blob)
        kept = [VirglCapsV2.view(memory), Batch(VirglCapsV2, memory, len(blob)).column("glsl_level")]
        sys.modules["kept"] = kept
        atexit.register(lambda: kept[0].pack())
        class Last:
            def __del__(self): kept[0].pack()
        kept.append(Last())
        """,
    "fork": """
        import os
        caps = VirglCapsV2.unpack(blob)
        child = os.fork()
        if not child:
            assert caps.pack() == blob and define(struct("forked", u32("x")), module="m")().x == 0
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        """,
    "a field that was moved is not followed": """
        moved = {
            "offset": (5, 60, 1 << 20, (1 << 32) - 4, -4), "size": (0, 1, 9, 1 << 20, -1), "shift": (1, 63, 200),
            "dims": ((), (0,), (-1,), (5,), (1 << 31, 1 << 31, 1 << 31, 4), (2,) * 9), "member": (),
            "layout": (VirglCapsV2.layout, None), "selector": (),
        }
        schema = struct("mover", u8("first"), u32("a[4]"), u32("b:3"), s32("c:20"), u64("d"), u32("e[2][3]"), f32("g"))
        for name in ("a", "b", "c", "d", "e", "g"):
            for attribute, values in moved.items():
                others = [getattr(VirglCapsV2.fields[other], attribute) for other in ("v1", "renderer", "video_caps")]
                for value in (*values, *others):
                    made = define(struct("mover", *schema.members))
                    field = made.fields[name]
                    setattr(field, attribute, value)
                    records = bytearray(made.size * 3)
                    batch = Batch(made, records, made.size)
                    for call in (
                        lambda: made()[name], lambda: made().__setitem__(name, 1), lambda: made()[name + "[1]"],
                        lambda: made().to_dict(), lambda: repr(made()), lambda: made.from_dict({name: 1}),
                        lambda: batch.column(name).tolist(), lambda: batch.columns([name])[name].tolist(),
                        lambda: bytes(batch.column(name)), lambda: batch.columns()[name].tolist(),
                    ):
                        try:
                            call()
                        except Exception:
                            pass
        refused(lambda: setattr(VirglCapsV2, "layout", None))
    """,
    "a subinterpreter": """
        try:
            import _xxsubinterpreters as interpreters
        except ImportError:
            import _interpreters as interpreters
        other = interpreters.create()
        path = sys.path
        code = f"import sys; sys.path[:] = {path!r}\\nimport importlib\\ntry:\\n import capcodec\\n" \\
               "except ImportError as error:\\n assert 'interpreter' in str(error), error\\n"
        interpreters.run_string(other, code)
        interpreters.destroy(other)
        """,
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_no_program_ends_in_a_signal(program):
    run(program)


NO_MEMORY = """
caps = VirglCapsV2.unpack(blob)
caps.max_anisotropy = 0.1
given, text = caps.to_dict(), caps.to_json()
data = text.encode()
shuffled = text.replace('"max_render_targets"', '"max_samples"').replace('"max_samples"', '"max_render_targets"', 1)
batch = Batch(VirglCapsV2, blob * 3, len(blob))
target = bytearray(blob)
calls = [
    lambda: VirglCapsV2.unpack(blob), lambda: VirglCapsV2(blob), lambda: VirglCapsV2.view(target), lambda: caps.pack(),
    lambda: list(caps.video_caps), lambda: caps.video_caps[:], lambda: caps.to_dict(),
    lambda: VirglCapsV2.from_dict(given), lambda: batch.columns(), lambda: batch.column("bset.ubo").tolist(),
    lambda: batch[::2], lambda: list(batch), lambda: min_copy(target, blob), lambda: setattr(caps, "scanout", given["scanout"]),
    lambda: min_copy_many(target, memoryview(target)[4:], 8, 4, 100, dst_size=4), lambda: caps.sampler.bitmask.bits(),
    lambda: caps.to_json(), lambda: VirglCapsV2.from_json(text), lambda: VirglCapsV2.from_json(data),
    lambda: VirglCapsV2.from_json(shuffled),
    lambda: VirglCapsV2.from_dict({**given, "capability_bits.COPY_IMAGE": given["capability_bits"] >> 3 & 1}),
    lambda: caps.sampler | {5} - caps.render, lambda: caps["prim_mask.QUADS"], lambda: caps._repr_html_(),
]
before = caps.pack()
for index, call in enumerate(calls):
    ask(call, f"call {index}", 400)
    assert caps.pack() == before
"""


def test_no_memory():
    """Each allocation fails once: a MemoryError comes out, and nothing is lost."""
    result = no_memory.run(START + NO_MEMORY)
    assert result.returncode == 0, result.stderr[-3000:]
