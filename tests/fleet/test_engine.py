"""Where steps run: in order, bounded, and without anything left behind."""

from __future__ import annotations

import itertools
import os
import random
import socket
import threading
import time

import pytest

from capcodec import ArgumentError, SourceError
from capcodec.fleet.engine import DASK, mapped

WORKERS = os.cpu_count() or 1


def ours() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("capcodec")]


def slow(number: int) -> int:
    time.sleep(random.Random(number).random() / 100)
    return number * number


def refuses_5(number: int) -> int:
    if number == 5:
        raise ArgumentError("five")
    return slow(number)


def test_in_order():
    assert [*mapped(slow, range(100))] == [number * number for number in range(100)]
    assert [*mapped(slow, [])] == []
    assert ours() == []


def test_no_more_are_taken_than_are_worked_on():
    taken, most = itertools.count(), 0
    running = mapped(slow, (next(taken) for _ in range(200)))
    for given, _ in enumerate(running):
        most = max(most, int(repr(taken)[6:-1]) - given)
    assert most <= 2 * WORKERS


def test_errors_come_in_the_place_of_their_batch():
    found = []
    with pytest.raises(ArgumentError, match="five"):
        found.extend(mapped(refuses_5, range(50)))
    running = mapped(refuses_5, range(50))
    assert [next(running) for _ in range(5)] == [0, 1, 4, 9, 16]
    with pytest.raises(ArgumentError, match="five"):
        next(running)
    assert ours() == []


def test_errors_of_the_batches_come_behind_what_was_before():
    def batches():
        yield from range(3)
        raise OSError("no more")

    running = mapped(slow, batches())
    assert [next(running) for _ in range(3)] == [0, 1, 4]
    with pytest.raises(OSError, match="no more"):
        next(running)


def test_closed_early():
    running = mapped(slow, itertools.count())
    assert [next(running) for _ in range(3)] == [0, 1, 4]
    running.close()
    assert ours() == []


@pytest.mark.parametrize("engine", ["", "dask", "dask://", "ray://host:1", 7, b"dask://host:1"])
def test_no_such_engine(engine):
    with pytest.raises(ArgumentError, match="expected dask://HOST:PORT"):
        mapped(slow, [], engine)


def test_no_batches_and_no_step():
    with pytest.raises(ArgumentError, match="expected a function, got int 7"):
        mapped(7, [])
    with pytest.raises(ArgumentError, match="expected record batches, got int 7"):
        mapped(slow, 7)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Two processes of Dask, which import what is installed, and not what lies in the directory of the tests."""
    distributed = pytest.importorskip("distributed", reason="the extra 'dask' is not installed")
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": ":0"}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("cluster"))
        with distributed.LocalCluster(**options) as made:
            yield made.scheduler_address.replace("tcp://", DASK)


@pytest.mark.parametrize("where", ["nobody", "no number", "no host"])
def test_no_scheduler(where):
    pytest.importorskip("distributed", reason="the extra 'dask' is not installed")
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    address = {"nobody": f"127.0.0.1:{free}", "no number": "localhost:x", "no host": "7"}[where]
    with pytest.raises(SourceError, match=f"no scheduler of Dask answers at {address} within 10 s"):
        [*mapped(slow, [1], DASK + address)]


def test_a_server_that_is_no_scheduler(monkeypatch):
    pytest.importorskip("distributed", reason="the extra 'dask' is not installed")
    monkeypatch.setattr("capcodec.fleet.engine.WAIT", 1)
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(SourceError, match="no scheduler of Dask"):
        [*mapped(slow, [1], f"{DASK}127.0.0.1:{server.getsockname()[1]}")]


def test_on_a_cluster(cluster):
    assert [*mapped(abs, range(-20, 0), cluster)] == [*range(20, 0, -1)]
    assert [*mapped(abs, [], cluster)] == []
    running = mapped(abs, itertools.count(), cluster)
    assert next(running) == 0
    running.close()
    with pytest.raises(ZeroDivisionError):
        [*mapped((1).__truediv__, [2, 1, 0, 1], cluster)]
    assert not [thread for thread in threading.enumerate() if "IO loop" in thread.name and "Profile" in thread.name]


def test_a_worker_that_dies_again_and_again(cluster):
    with pytest.raises(SourceError, match="lost a batch 3 times|takes no batch"):
        [*mapped(os._exit, [1], cluster)]
    assert [*mapped(abs, [-1], cluster)] == [1], "its nanny has made another"


def test_workers_that_went_while_they_were_counted(cluster, monkeypatch):
    monkeypatch.setattr("distributed.Client.nthreads", lambda self: {})
    assert [*mapped(abs, [-1, -2], cluster)] == [1, 2]


def test_a_fleet_on_a_cluster(cluster):
    pytest.importorskip("pyarrow", reason="there is no wheel of it for this machine or this Python")
    from batches import mixed
    from capcodec.fleet.reduce import baseline_of, meet, meets_of
    from capcodec.fleet.summary import Summary

    batches = [mixed(random.Random(seed)) for seed in range(8)]
    here, there = [*mapped(meet, batches)], [*mapped(meet, batches, cluster)]
    assert [each.serialize() for each in here] == [each.serialize() for each in there]
    assert meets_of(batches, cluster) == meets_of(batches)
    assert vars(Summary.of(batches, cluster)) == vars(Summary.of(batches))
    with pytest.raises(ArgumentError, match="expected a record batch"):
        meets_of([7], cluster)
    assert baseline_of(batches[:1], cluster).keys() == {*batches[0].column("capset_id").to_pylist()}
