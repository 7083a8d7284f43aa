"""Run the benchmarks in several processes and print the ratios: rival's time divided by ours, the best of all runs.

    python benchmarks/report.py [--processes N] [--json FILE] [PYTEST ARGUMENTS ...]

Each process times all rivals of a question one right after the other; of a case's times the least counts, which is what
it takes when nothing else is going on. A ratio above 1 means that capcodec is faster.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
OURS = "capcodec"


def run_once(arguments: list[str]) -> dict:
    """One process with all benchmarks; what pytest-benchmark reports."""
    with tempfile.TemporaryDirectory() as directory:
        report = Path(directory) / "report.json"
        command = [sys.executable, "-m", "pytest", "-q", str(HERE), f"--benchmark-json={report}", *arguments]
        # Not in the source tree, whose uncompiled package would be imported in place of the installed one
        result = subprocess.run(command, cwd=directory, capture_output=True, text=True)
        if result.returncode:
            sys.exit(result.stdout + result.stderr)
        return json.loads(report.read_text())


def best_times(runs: list[dict]) -> dict[str, dict[str, float]]:
    """Nanoseconds per execution, by question and by who was asked."""
    best: dict[str, dict[str, float]] = {}
    for run in runs:
        for case in run["benchmarks"]:
            who = (case["params"] or {}).get("who", OURS)
            time = case["stats"]["min"] / case["extra_info"]["statements"] * 1e9
            times = best.setdefault(case["group"], {})
            times[who] = min(time, times.get(who, time))
    return best


def table(best: dict[str, dict[str, float]]) -> str:
    """A Markdown table, a row for each question."""
    lines = ["| question | capcodec | others, as multiples of that |", "|---|---:|---|"]
    for question, times in best.items():
        ours = times[OURS]
        others = sorted((time / ours, who) for who, time in times.items() if who != OURS)
        words = ", ".join(f"{who} {ratio:.1f}" if ratio >= 10 else f"{who} {ratio:.2f}" for ratio, who in others)
        lines.append(f"| {question} | {ours:,.0f} ns | {words} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, default=5)
    parser.add_argument("--json", metavar="FILE", type=Path, help="keep what every process reported")
    options, rest = parser.parse_known_args()
    runs = [run_once(rest) for _ in range(options.processes)]
    if options.json:
        options.json.write_text(json.dumps(runs))
    machine = runs[0]["machine_info"]
    print(f"{machine['cpu'].get('brand_raw', machine['machine'])}, Python {machine['python_version']},", end=" ")
    print(", ".join(f"{name} {version}" for name, version in machine["versions"].items()))
    print(f"Best of {options.processes} processes.\n")
    print(table(best_times(runs)))


if __name__ == "__main__":
    main()
