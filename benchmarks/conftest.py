"""How everything here is measured."""

from __future__ import annotations

import subprocess
import sysconfig
import timeit
from importlib import metadata

import pytest

STATEMENTS = 1000
ROUNDS = 30


@pytest.fixture
def measure(benchmark):
    """Time a statement as ``timeit`` does: compiled into a loop, so that no call of a function is measured with it.

    A round is of many executions; ``extra_info`` says how many, and ``report.py`` divides.
    """

    def run(question: str, statement: str, names: dict, statements: int = STATEMENTS, rounds: int = ROUNDS) -> None:
        timer = timeit.Timer(statement, globals=names)
        benchmark.group = question
        benchmark.extra_info["statements"] = statements
        benchmark.pedantic(timer.timeit, args=(statements,), rounds=rounds, warmup_rounds=2)

    return run


def pytest_benchmark_update_machine_info(machine_info: dict) -> None:
    compiler = sysconfig.get_config_var("CC").split()[0]
    banner = subprocess.run([compiler, "--version"], capture_output=True, text=True).stdout.partition("\n")[0]
    machine_info["compiler"] = banner
    machine_info["versions"] = {
        name: metadata.version(name) for name in ("capcodec", "cython", "cffi", "numpy", "orjson")
    }
