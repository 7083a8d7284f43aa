"""What is made once for each schema: by one thread, for as long as somebody keeps it."""

from __future__ import annotations

import gc
import os
import threading
import time

import pytest

from capcodec.schema import struct, u32
from capcodec.structs.memo import Memo


class Made:
    def __init__(self, schema):
        self.schema = schema


def test_made_once_while_it_is_kept():
    memo, schema, made = Memo(), struct("s", u32("x")), []

    def make():
        made.append(0)
        return Made(schema)

    first = memo.get(schema, make)
    assert memo.get(schema, make) is first
    assert memo.get(struct("s", u32("x")), lambda: Made(None)) is not first
    del first
    gc.collect()
    memo.get(schema, make)
    assert len(made) == 2


def test_many_threads_get_one():
    memo, schema, found = Memo(), struct("s", u32("x")), []
    start = threading.Barrier(8)

    def make():
        time.sleep(0.01)
        return Made(schema)

    def use():
        start.wait()
        found.append(memo.get(schema, make))

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_making_one_may_need_another():
    memo, inner, outer = Memo(), struct("i", u32("x")), struct("o", u32("x"))
    kept = []

    def make():
        kept.append(memo.get(inner, lambda: Made(inner)))
        return Made(outer)

    memo.get(outer, make)
    assert memo.get(inner, lambda: None) is kept[0]


def test_an_error_leaves_nothing_behind():
    memo, schema = Memo(), struct("s", u32("x"))
    with pytest.raises(ZeroDivisionError):
        memo.get(schema, lambda: 1 // 0)
    assert memo.get(schema, lambda: Made(schema)).schema is schema


def test_the_dead_are_forgotten():
    memo = Memo()
    for _ in range(5000):
        schema = struct("s", u32("x"))
        memo.get(schema, lambda schema=schema: Made(schema))
    assert len(memo._made) < 200


def test_a_fork_while_another_thread_makes_one():
    """The child's lock is free, though the thread that held it is not there."""
    memo, schema = Memo(), struct("s", u32("x"))
    making, stop = threading.Event(), threading.Event()

    def make():
        making.set()
        stop.wait(30)
        return Made(schema)

    thread = threading.Thread(target=lambda: memo.get(schema, make))
    thread.start()
    making.wait()
    child = os.fork()
    if not child:
        ok = memo.get(struct("t", u32("x")), lambda: Made(None)) is not None
        os._exit(not ok)
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid:
                break
            time.sleep(0.01)
        else:
            os.kill(child, 9)
            os.waitpid(child, 0)
            pytest.fail("the child waits for a lock that nobody will release")
        assert status == 0
    finally:
        stop.set()
        thread.join()
