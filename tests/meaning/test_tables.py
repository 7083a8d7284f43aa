"""What is made once, by whichever thread asks first, and no more than a limit of it."""

from __future__ import annotations

import threading

from capcodec.meaning.tables import Tables


def test_threads_that_ask_first_get_the_same():
    start = threading.Barrier(8)
    made, found = [], []

    def make(key):
        made.append(object())
        start.wait()  # all make one before any is kept
        return made[-1]

    table = Tables(make)
    threads = [threading.Thread(target=lambda: found.append(table["key"])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == len(found) == 8
    assert {id(each) for each in found} == {id(table["key"])}


def test_a_limit():
    table = Tables(lambda number: [number])
    assert table[0] is table[0]
    assert [table[number] for number in range(table.LIMIT + 9)] == [[number] for number in range(table.LIMIT + 9)]
    assert len(table) == table.LIMIT
    assert table[0] is table[0]
