"""Where steps run: a step is a plain function from an Arrow record batch to another, which keeps nothing between two.

On threads of this machine, or on a cluster of Dask that is there already. Spark needs nothing of this: its
``DataFrame.mapInArrow`` takes ``lambda batches: map(step, batches)``.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from socket import create_connection
from time import sleep

from ..errors import ArgumentError, SourceError, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, TypeVar

    _A = TypeVar("_A")
    _B = TypeVar("_B")
    _Submit = Callable[[_A], Callable[[], _B]]

DASK = "dask://"
WAIT = 10  # seconds in which a cluster has to answer, and within which it has to have a worker
TRIES = 3  # how often a batch is sent to a worker, if workers are lost


def mapped(step: Callable[[_A], _B], batches: Iterable[_A], engine: str | None = None) -> Iterator[_B]:
    """What a step makes of each batch, in their order.

    Batches are taken as they are needed: of those that were taken, at most two for each worker are not yet given back.
    An error ends it, in the place of the batch that caused it. Close the iterator to end it before.

    Args:
        step: what is done; on a cluster it has to be a function of a module that its workers can import, or one that
            can be pickled.
        batches: what it is done to.
        engine: ``dask://HOST:PORT``, the scheduler of a cluster of Dask, which is trusted; else threads of this
            machine.

    Raises:
        ArgumentError: there is no such engine, ``step`` is no function, or ``batches`` cannot be iterated.
        SourceError: the cluster does not answer within 10 seconds, or has no worker for so long, or loses three for
            one batch.
        Exception: whatever the step or the batches raise.
    """
    if engine is not None and not (isinstance(engine, str) and engine.startswith(DASK) and engine != DASK):
        raise ArgumentError(f"expected dask://HOST:PORT, or None for threads, got {shown(engine)}")
    if not callable(step):
        raise ArgumentError(f"expected a function, got {shown(step)}")
    try:
        each = iter(batches)
    except TypeError:
        raise ArgumentError(f"expected record batches, got {shown(batches)}") from None
    return _threads(step, each) if engine is None else _dask(step, each, engine)


def _threads(step: Callable[[_A], _B], batches: Iterator[_A]) -> Iterator[_B]:
    workers = os.cpu_count() or 1
    pool = ThreadPoolExecutor(workers, "capcodec")
    try:
        yield from _ahead(lambda batch: pool.submit(step, batch).result, batches, 2 * workers)
    finally:
        pool.shutdown(cancel_futures=True)


def _ahead(submit: _Submit[_A, _B], batches: Iterator[_A], most: int) -> Iterator[_B]:
    """Results in order, while at most so many are on their way."""
    waiting: deque[Callable[[], _B]] = deque()
    failed: list[Exception] = []
    while True:
        while len(waiting) < most and not failed:
            try:
                waiting.append(submit(next(batches)))
            except StopIteration:
                break
            except Exception as error:  # raised behind what those before it give
                failed.append(error)
        if not waiting:
            break
        yield waiting.popleft()()
    if failed:
        raise failed[0]


def _dask(step: Callable[[_A], _B], batches: Iterator[_A], engine: str) -> Iterator[_B]:
    address = engine.removeprefix(DASK)
    try:
        from distributed import CancelledError, Client, KilledWorker
    except ModuleNotFoundError:
        raise ArgumentError("a cluster of Dask needs distributed: pip install 'capcodec[dask]'") from None

    class _Scheduler(Client):  # type: ignore[misc]
        """A client that leaves no thread behind if nobody answers."""

        def start(self, **options: Any) -> None:
            try:
                super().start(callback_timeout=WAIT, **options)
            except BaseException:
                self.status = "closed"
                self._loop_runner.stop()
                raise

    def sent(batch: _A) -> Any:
        for left in reversed(range(TRIES)):
            try:
                return client.submit(step, client.scatter(batch, timeout=WAIT, hash=False), pure=False)
            except (OSError, TimeoutError) as error:
                if not left or isinstance(error, TimeoutError):
                    raise SourceError(f"the Dask cluster at {address} takes no batch: {error}") from None
                sleep(0.5)  # it may have been on its way to a worker that went
        raise AssertionError

    def submit(batch: _A) -> Callable[[], _B]:
        first = sent(batch)

        def result() -> _B:
            future = first
            for _ in range(TRIES):
                try:
                    found: _B = received(future)
                    return found
                except (CancelledError, KilledWorker):  # a worker went, and the batch with it
                    future = sent(batch)
            raise SourceError(f"the Dask cluster at {address} lost a batch {TRIES} times")

        return result

    def received(future: Any) -> Any:
        while True:
            try:
                return future.result(timeout=WAIT)
            except TimeoutError:
                if future.done():  # it was the step's own
                    return future.result()
                if client.status != "running" or not client.nthreads():
                    raise SourceError(f"the Dask cluster at {address} has no worker") from None

    try:
        host, _, port = address.rpartition(":")
        create_connection((host.strip("[]"), int(port)), WAIT).close()  # which says at once that nobody is there
        client = _Scheduler(f"tcp://{address}", timeout=WAIT, set_as_default=False)
    except (OSError, ValueError, OverflowError) as error:
        raise SourceError(f"no scheduler of Dask answers at {address} within {WAIT} s: {error}") from None
    try:
        try:
            client.wait_for_workers(1, timeout=WAIT)
        except TimeoutError:
            raise SourceError(f"the Dask cluster at {address} has no worker") from None
        # The worker that answered may be gone again: the first batch then waits for another
        yield from _ahead(submit, batches, 2 * (sum(client.nthreads().values()) or 1))
    finally:
        client.close()
