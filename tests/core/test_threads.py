"""Threads that use one object at once: each program runs in a child process, which must not end by a signal.

With a GIL, threads take turns between any two bytecodes; without one, they truly run at once.
"""

from __future__ import annotations

import pytest

from programs import START, run

THREADS = (
    START
    + """
import time
sys.setswitchinterval(1e-6)

def at_once(*works, seconds=0.5):
    "Call each of these again and again, in a thread of its own; what one of them raises ends the program."
    barrier, errors, until = threading.Barrier(len(works)), [], time.monotonic() + seconds
    def again(work):
        barrier.wait()
        try:
            while time.monotonic() < until and not errors:
                for _ in range(20):
                    work()
        except BaseException as error:
            errors.append(error)
    threads = [threading.Thread(target=again, args=(work,)) for work in works]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    if errors:
        raise errors[0]

def may(call, *errors):
    try:
        call()
    except errors or CapcodecError:
        pass
"""
)

PROGRAMS = {
    # Two writers: which of the two values a field has is open, and so is each byte of it, but nothing else changes
    "two writers of one view": """
        memory = bytearray(blob)
        views = [VirglCapsV2.view(memory) for _ in range(2)]
        def writer(view, number):
            def write():
                view.max_samples = number
                view.scanout.bitmask[3] = number
                view["video_caps[2].max_width"] = number
                view.video_caps[4] = {**entry, "max_height": number}
                view.renderer = bytes([number]) * 64
            return write
        entry = VirglCapsV2.unpack(blob).video_caps[4].to_dict()
        def check():
            assert views[0].max_samples in (before.max_samples, 1, 2)
            assert views[0].scanout.bitmask[3] in (before.scanout.bitmask[3], 1, 2)
        before = VirglCapsV2.unpack(blob)
        at_once(writer(views[0], 1), writer(views[1], 2), writer(views[0], 1), check)
        after = VirglCapsV2.unpack(memory)
        assert set(after.renderer) <= {1, 2} and len(after.renderer) == 64
        for path in ("max_samples", "scanout.bitmask[3]", "video_caps[2].max_width", "video_caps[4].max_height"):
            assert after[path] in (1, 2), path
            after[path] = before[path]
        after.renderer = before.renderer
        after.video_caps[4] = entry
        assert after == before
        """,
    "writers of bits in one word": """
        view = VirglCapsV2.view(bytearray(blob))
        before = view.bset.to_dict()
        names = [name for name in before if name not in ("ubo", "max_patch_vertices")][:4]
        def writer(name):
            values = iter(int, 1)
            def write():
                view.bset[name] = 1
                view.bset[name] = 0
            return write
        at_once(*map(writer, names))
        after = view.bset.to_dict()
        assert {name for name in before if before[name] != after[name]} <= set(names)
        """,
    "threads write a text's source, and a dict that is read": """
        memory = bytearray(blob)
        view = VirglCapsV2.view(memory)
        texts = bytearray(view.to_json().encode())
        given = view.to_dict()
        done, failures = threading.Event(), []
        def spoil():
            at = 0
            while not done.is_set():
                at = (at + 7919) % len(memory)
                memory[at] ^= 0xFF
                texts[at] ^= 0x55
                given["video_caps"].append(given["video_caps"].pop())
                given["v1"].pop("max_samples", None)
                given["v1"]["max_samples"] = given.pop("more", 4)
        def work():
            try:
                for _ in range(300):
                    assert type(view).from_json(view.to_json()).size == view.size
                    for read, source in ((view.from_json, texts), (view.from_dict, given)):
                        try:
                            read(source)
                        except capcodec.CapcodecError:
                            pass
            except BaseException as error:
                failures.append(error)
        threads = [threading.Thread(target=work) for _ in range(3)]
        spoiler = threading.Thread(target=spoil)
        for thread in [spoiler, *threads]: thread.start()
        for thread in threads: thread.join()
        done.set()
        spoiler.join()
        assert not failures, failures
        """,
    "threads read, write, view and drop one buffer": """
        memory = bytearray(blob)
        def work():
            view = VirglCapsV2.view(memory)
            view.max_samples = view.max_samples + 1 & 0xFF
            view.video_caps[3].max_width = 5
            VirglCapsV2.from_dict(view.to_dict()).pack()
            Batch(VirglCapsV2, memory, 4).columns(["max_version"])
        at_once(*[work] * 8, seconds=2)
        """,
    "threads drop views of one another": """
        def nest():
            view = bytearray(blob)
            for _ in range(100):
                view = VirglCapsV2.view(memoryview(view))
            kept.append((view, view.v1.sampler, view.v1.sampler.bitmask, view.video_caps[1]))
        def drop():
            try:
                kept.pop()
            except IndexError:
                pass
        kept = []
        at_once(nest, drop, nest, drop)
        """,
    "threads ask for more paths than are kept": """
        caps = VirglCapsV2.unpack(blob)
        paths = [f"video_caps[{i}].{name}" for i in range(32) for name in caps.video_caps[0].fields]
        paths += [f"{format}.bitmask[{i}]" for i in range(16) for format in ("sampler", "scanout", "v1.render")]
        expected = {path: caps[path] for path in paths[::7]}
        def ask():
            define(struct("asked", u32("x[9]")), module="m")()["x[3]"]
            for path in paths:
                caps[path]
            assert all(caps[path] == value for path, value in expected.items())
        at_once(*[ask] * 8, seconds=2)
        """,
    "threads read columns of one batch": """
        batch = Batch(VirglCapsV2, bytearray(blob * 20), len(blob))
        whole = batch.column("max_samples").tolist()
        def read():
            assert batch.column("max_samples").tolist() == whole
            assert batch.columns(["glsl_level", "max_samples"])["max_samples"].tolist() == whole
            assert [caps.max_samples for caps in batch[::2]] == whole[::2]
        at_once(*[read] * 4)
        """,
    # What a dict or a list holds is kept by nobody but them
    "from_dict of a dict that another thread changes": """
        def change():
            given.pop("glsl_level", None)
            given["v1"]["sampler"] = {"bitmask": [1 << 30] * 16}
            given["glsl_level"] = 1 << 31
            given["v1"].pop("render", None)
            given["v1"]["render"] = {"bitmask": [1 << 29] * 16}
            given["_tail"] = bytes(300)
            given.pop("_tail", None)
        given = VirglCapsV2.unpack(blob).to_dict()
        target = VirglCapsV2.unpack(blob)
        def assign(): target.v1 = given["v1"]
        at_once(change, change, lambda: may(lambda: VirglCapsV2.from_dict(given)), lambda: may(assign, CapcodecError))
        """,
    "from_dict of lists that another thread changes": """
        cls = define(struct("lists", u32("rows[3][4]"), u64("last[3]"), struct("s", u32("x"))("of[2]")), module="m")
        given = {"rows": [[1 << 30] * 4 for _ in range(3)], "last": [1 << 60] * 3, "of": [{"x": 1}, {"x": 1 << 30}]}
        instance = cls()
        def change():
            row = given["rows"][1]
            row.append(1 << 31); row.pop(); row[2] = 1 << 28
            given["rows"][2] = [1 << 27] * 4
            del given["last"][:]; given["last"].extend([1 << 61] * 3)
            given["of"].clear(); given["of"] += [{"x": 1 << 29}, cls.fields["of"].layout and {"x": 7}]
        def assign(): instance.rows = given["rows"]
        at_once(change, change, lambda: may(lambda: cls.from_dict(given)), lambda: may(assign))
        """,
}

# With another thread that resizes the buffer, or tries to: what is used is exported, so the resize is refused meanwhile
RESIZED = {
    "JSON of bytes, and from a text, that another thread writes": """
        memory = bytearray(blob)
        view = VirglCapsV2.view(memory)
        text = bytearray(view.to_json().encode())
        places = iter(range(0, 1 << 60, 7919))
        def spoil():
            at = next(places) % len(memory)
            memory[at] ^= 0xFF
            text[at] ^= 0x55
        def write_and_read():
            assert VirglCapsV2.from_json(view.to_json()).valid_size == len(blob)
        at_once(spoil, write_and_read, write_and_read, lambda: may(lambda: VirglCapsV2.from_json(text)))
        """,
    "min_copy_many": """
        def copy(): min_copy_many(bytearray(64_000), shared, 640, 640); min_copy_many(shared, bytes(64_000), 640, 640)
        at_once(resize, lambda: may(copy))
        """,
    "long copies": """
        shared = type(shared)(32_000_000)
        at_once(resize, lambda: may(lambda: min_copy_many(shared, bytearray(32_000_000), 640, 640)), seconds=1)
        """,
    "a batch and its columns": """
        def read():
            batch = Batch(VirglCapsV2, shared, 1000)
            batch.column("max_version").tolist()
            batch.columns(["glsl_level", "renderer"])
            list(batch[::3])
        at_once(resize, lambda: may(read))
        """,
    "views and copies": """
        def use():
            VirglCapsV2.unpack(shared)
            min_copy(bytearray(9), shared), min_copy(shared, blob)
            VirglCapsV2.view(shared).to_dict()
            target.renderer = memoryview(shared)[:3]
            VirglCapsV2.from_dict({**given, "renderer": shared})
        target, given = VirglCapsV2.unpack(blob), VirglCapsV2.unpack(blob).to_dict()
        at_once(resize, lambda: may(use))
        """,
}

RESIZING = """
class Guarded:
    "A bytearray with a lock around all that counts its exports."
    def __init__(self, size): self.lock, self.data = threading.Lock(), bytearray(size)
    def __buffer__(self, flags):
        with self.lock: return memoryview(self.data)
    def __release_buffer__(self, view):
        with self.lock: view.release()
    def clear(self):
        with self.lock: self.data.clear()
    def extend(self, more):
        with self.lock: self.data.extend(more)
    def pop(self):
        with self.lock: self.data.pop()

# Without a GIL, a bytearray is not safe from other threads by itself before 3.14: python/cpython#129107
shared = (bytearray if GIL or sys.version_info >= (3, 14) else Guarded)(64_000)
def resize():
    try:
        shared.clear()
        shared.extend(bytes(64_000))
        shared.pop()
    except (BufferError, IndexError):
        pass
"""


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_threads_at_once(program):
    run(program, THREADS)


@pytest.mark.parametrize("program", RESIZED.values(), ids=RESIZED)
def test_another_thread_resizes_the_buffer(program):
    run(program, THREADS + RESIZING)
