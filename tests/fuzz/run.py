"""Fuzz every decoder, under sanitizers, and print what came of it.

    python tests/fuzz/run.py                           a short run of every target
    python tests/fuzz/run.py --seconds 600 json_text   a longer one of some
    python tests/fuzz/run.py --executions 1000000 --coverage --markdown tests/fuzz/README.md
    python tests/fuzz/run.py --planted                 can each target find a fault?

Exits with 1 if a target finds something, or does not find what is planted, and with 2 if nothing can be built.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import builds
from builds import Plant

WORKER = [sys.executable, str(Path(__file__).with_name("worker.py"))]
WORK = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "capcodec-fuzz"
MAX_MEMORY = 2048  # MiB of one process
MAX_SECONDS = 10  # of one execution
SANITIZER = "detect_leaks=0:allocator_may_return_null=1:quarantine_size_mb=16:malloc_context_size=0"
COUNTING = Lock()  # counters of lines are files beside what was built, and the table is one
COLUMNS = ("target", "executions", "executions/s of CPU", "coverage", "findings")


class Result(NamedTuple):
    """A row of the table; ``seconds`` are those of a processor, since a machine may be busy."""

    name: str
    executions: int
    seconds: float
    coverage: str
    findings: tuple[str, ...]

    def cells(self) -> tuple[str, ...]:
        speed = f"{self.executions / self.seconds:,.0f}" if self.seconds else ""
        return (self.name, f"{self.executions:,}", speed, self.coverage, str(len(self.findings)))


def main() -> int:
    options = arguments()
    options.work.mkdir(parents=True, exist_ok=True)
    try:
        known = known_targets(options.work)
        names = options.targets or list(known)
        if unknown := set(names) - set(known):
            raise builds.BuildError(f"no target is called {', '.join(sorted(unknown))}; there are {', '.join(known)}")
        with ThreadPoolExecutor(options.jobs) as pool:
            results = list(pool.map(lambda name: run(name, known[name], options), names))
    except builds.BuildError as error:
        print(error, file=sys.stderr)
        return 2
    show(results, options.planted)
    missed = [result for result in results if bool(result.findings) != options.planted]
    return 1 if missed else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="all if none is named")
    parser.add_argument(
        "--seconds", type=int, help="at most, for each target; 4, 60 if --planted, 1800 if --executions"
    )
    parser.add_argument("--executions", type=int, default=-1, help="at most, of each target")
    parser.add_argument("--coverage", action="store_true", help="replay the corpus and count lines")
    parser.add_argument("--planted", action="store_true", help="plant a fault for each target to find")
    parser.add_argument("--jobs", type=int, default=1, help="targets at a time")
    parser.add_argument("--work", type=Path, default=WORK, help="builds, corpora and findings; default: %(default)s")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="put the rows into the table in this file")
    found = parser.parse_args()
    if found.seconds is None:
        found.seconds = 1800 if found.executions > 0 else 60 if found.planted else 4
    return found


def known_targets(work: Path) -> dict[str, tuple[tuple[str, ...], Plant]]:
    """Names of all targets, with the files that each is for and the fault that it shall find."""
    site = builds.package(work, "sanitized")
    ask = "import json, targets; print(json.dumps([t[:1] + t[2:4] for t in targets.load_all().values()]))"
    said = subprocess.run([sys.executable, "-c", ask], env=environment(site), capture_output=True, text=True, cwd=work)
    if said.returncode:
        raise builds.BuildError(said.stderr)
    found = {name: (tuple(covers), Plant(*plant)) for name, covers, plant in json.loads(said.stdout)}
    for name, path in builds.C_TARGETS.items():
        covers = re.search(r"covers: (.*)", path.read_text())[1].split()
        plant = re.search(r"plant: (.*?) \| (.*) \| (.*)", path.read_text())
        found[name] = (tuple(covers), Plant(*plant.groups()))
    return found


def environment(site: Path, malloc: bool = True) -> dict[str, str]:
    """Of a process with the sanitized package. The sanitizer's runtime, with libFuzzer in it, comes with atheris.

    With ``malloc`` it watches objects of less than 512 bytes too, at half the speed. It does not keep who allocated
    what, which took a third of the time; to see that of a finding, set ASAN_OPTIONS=malloc_context_size=30.
    """
    import atheris

    here = Path(__file__).parent
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, (site, here, here.parent / "helpers"))),
        "PYTHONMALLOC": "malloc" if malloc else "pymalloc",
        "LD_PRELOAD": str(Path(atheris.path()) / "asan_with_fuzzer.so"),
        "ASAN_OPTIONS": ":".join((SANITIZER, os.environ.get("ASAN_OPTIONS", ""))),
        "UBSAN_OPTIONS": "print_stacktrace=1",
    }


def run(name: str, about: tuple[tuple[str, ...], Plant], options: argparse.Namespace) -> Result:
    covers, plant = about
    planted = plant if options.planted else None
    home = options.work / ("planted" if planted else "targets") / name
    if planted:
        shutil.rmtree(home, ignore_errors=True)
    for part in ("corpus", "seeds", "findings"):
        (home / part).mkdir(parents=True, exist_ok=True)
    native = any(file.startswith("src/") for file in covers)  # small objects are watched while it is fuzzed
    if name in builds.C_TARGETS:
        command = [str(builds.program(options.work, name, False, planted)), "-max_len=512"]
        env = dict(os.environ)
    else:
        modules = ",".join(file[:-3].replace("/", ".") for file in covers if file.endswith(".py"))
        site = builds.package(options.work, "sanitized", planted)
        command, env = [*WORKER, "fuzz", name, str(home / "seeds"), modules], environment(site, native)
    executions, seconds, findings = fuzz(command, env, home, options)
    if not native and not findings:
        findings = replay(name, home, environment(site))
    covered = ""
    if options.coverage and not planted:
        with COUNTING:
            covered = coverage(name, covers, home, options.work)
    print(f"{name}: {executions:,} executions in {seconds:.0f} s of CPU", *findings, sep="\n  ", file=sys.stderr)
    result = Result(name, executions, seconds, covered, findings)
    if options.markdown:
        with COUNTING:
            write_rows(options.markdown, [result])
    return result


def fuzz(command: list[str], env: dict[str, str], home: Path, options: argparse.Namespace) -> tuple:
    """Executions, seconds of a processor, and findings: first words, and the file that makes it happen again."""
    before = set((home / "findings").iterdir())
    limits = [f"-max_total_time={options.seconds}", f"-runs={options.executions}", f"-timeout={MAX_SECONDS}"]
    limits += [f"-rss_limit_mb={MAX_MEMORY}", "-print_final_stats=1", "-verbosity=1", "-reload=0"]
    with open(home / "log", "w+") as log:
        where = [f"-artifact_prefix={home / 'findings'}/", str(home / "corpus")]
        # A session of its own: a fuzzer that finds something sends its alarm to the whole process group
        fuzzer = subprocess.Popen(
            [*command, *limits, *where], env=env, stdout=log, stderr=log, cwd=home, start_new_session=True
        )
        _, status, used = os.wait4(fuzzer.pid, 0)
        fuzzer.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        text = log.read()
    counted = re.search(r"number_of_executed_units: (\d+)", text)
    findings = ()
    if fuzzer.returncode:
        files = [str(path) for path in set((home / "findings").iterdir()) - before]
        ended = f"signal {-fuzzer.returncode}: " if fuzzer.returncode < 0 else ""
        findings = (f"{ended}{first_words(text)} {' '.join(files) or home / 'log'}",)
    return int(counted[1]) if counted else 0, used.ru_utime + used.ru_stime, findings


def replay(name: str, home: Path, env: dict[str, str]) -> tuple[str, ...]:
    """What is found when what was worth keeping runs once more, with small objects watched."""
    command = [*WORKER, "replay", name, str(home / "seeds"), str(home / "corpus")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, cwd=home)
    return (f"again: {first_words(done.stderr)}",) if done.returncode else ()


def first_words(log: str) -> str:
    """What went wrong, in one line."""
    for pattern in (
        r"Uncaught Python exception: ===\n(.*)",
        r"runtime error: .*",
        r"not so: .*",
        r"SUMMARY: .*",
        r"ERROR: .*",
        r"libFuzzer: .*",
    ):
        if match := re.search(pattern, log):
            return match[match.lastindex or 0][:200]
    return (log.strip().splitlines() or ["it said nothing"])[-1][:200]


def coverage(name: str, covers: tuple[str, ...], home: Path, work: Path) -> str:
    """Lines reached of those that can be, of the files that the target is for, when its corpus is run again."""
    inputs = [str(path) for part in ("seeds", "corpus") for path in sorted((home / part).iterdir())]
    if name in builds.C_TARGETS:
        binary = builds.program(work, name, True)
        counters = binary.parent
        command, env = [str(binary), *inputs], dict(os.environ)
    else:
        site = builds.package(work, "counted")
        counters, report = site.parent, home / "lines.json"
        env = {key: value for key, value in environment(site).items() if key != "LD_PRELOAD"}
        command = [*WORKER, "lines", name, str(report), str(home / "seeds"), str(home / "corpus")]
    for stale in counters.rglob("*.gcda"):
        stale.unlink()
    done = subprocess.run(command, env=env, capture_output=True, text=True, cwd=home)
    if done.returncode:
        print(f"{name}: the corpus does not run again\n{done.stderr[-2000:]}", file=sys.stderr)
        return "unknown"
    lines = {} if name in builds.C_TARGETS else json.loads(report.read_text())
    reached = {file: (set(found["lines"]), set(found["missing"])) for file, found in lines.items()}
    reached |= builds.counted_lines(counters, [file for file in covers if file not in reached])
    for file, (_, missing) in reached.items():
        if missing:
            print(f"{name}: not reached: {file}: {', '.join(map(str, sorted(missing)))}", file=sys.stderr)
    total = sum(len(all_lines) for all_lines, _ in reached.values())
    missing = sum(len(missing) for _, missing in reached.values())
    return f"{100 * (total - missing) / total:.1f} % of {total}" if total else "no lines"


def show(results: list[Result], planted: bool) -> None:
    rows = [COLUMNS, *(result.cells() for result in results)]
    rows.append(("all", f"{sum(r.executions for r in results):,}", "", "", str(sum(len(r.findings) for r in results))))
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    for name, *numbers in rows:
        print(
            name.ljust(widths[0]),
            *(text.rjust(width) for text, width in zip(numbers, widths[1:], strict=True)),
            sep="  ",
        )
    for result in results:
        for finding in result.findings:
            print(f"{result.name}: {finding}")
        if planted and not result.findings:
            print(f"{result.name}: the planted fault was not found")


def write_rows(file: Path, results: list[Result]) -> None:
    """Replace the rows of these targets in the table at the end of ``file``, or add them to it; then the sum."""
    before, head, table = file.read_text().partition("| target |")
    lines = table.splitlines()
    rows = {line.split("`")[1]: line for line in lines if line.startswith("| `")}
    for result in results:
        name, *numbers = result.cells()
        rows[name] = f"| `{name}` | {' | '.join(numbers)} |"
    cells = [[cell.strip() for cell in row.split("|")] for row in rows.values()]
    executions, findings = (sum(int(row[at].replace(",", "")) for row in cells) for at in (2, 5))
    total = f"| **all** | {executions:,} | | | {findings} |"
    file.write_text("\n".join([before + head + lines[0], lines[1], *rows.values(), total]) + "\n")


if __name__ == "__main__":
    sys.exit(main())
