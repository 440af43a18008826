"""How fast a batch runs, and in how much memory: a script, never a timed test.

    python tests/benchmarks/cohort.py [--rows 20000] [--more 100000] [--processes 1 2]

Rows are assembled from the corpus's sentences, with a fixed seed. In one run it prints the rate of
the bare ``scorer.pipe``, of the whole command with each number of processes, the peak memory of
the parent, and the time to find a finished run finished.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from starcheck.assets import asset

WANTED_OF_BARE, WANTED_SPEEDUP, MOST_PARENT_MB, MOST_RESUME_S = 0.85, 1.5, 500, 3.0


def generated(n: int) -> Iterator[tuple[str, str, str]]:
    """Answers of whole sentences from a few stories each, all different: (id, question, text)."""
    random.seed(20)
    rows = [
        json.loads(line)
        for path in sorted(asset("data", "answers").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    told = [[s.strip() for s in r["text"].replace("\n", " ").split(". ") if s.strip()] for r in rows]
    for i in range(n):
        one, other = random.choice(told), random.choice(told)
        cut = random.randrange(1, max(2, len(one)))
        yield f"r{i}", rows[i % len(rows)]["question"], ". ".join([*one[:cut], *other[cut : cut + 8]]) + "."


def write(path: Path, n: int) -> Path:
    """The rows as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "question", "answer"])
        writer.writerows(generated(n))
    return path


BARE = """
import csv, sys, time
import starcheck
from starcheck.records import Answer
if __name__ == "__main__":
    scorer = starcheck.load()
    with open(sys.argv[1], newline="", encoding="utf-8") as file:
        answers = [Answer(r["answer"], r["id"], r["question"]) for r in csv.DictReader(file)]
    n = int(sys.argv[2])
    scorer.score("warm up")
    start = time.perf_counter()
    count = sum(1 for _ in scorer.pipe(answers, n_process=n))
    print(count / (time.perf_counter() - start))
"""


def bare(path: Path, processes: int) -> float:
    """Rows a second of ``scorer.pipe`` alone, the start of its workers included."""
    script = path.with_name("bare.py")
    script.write_text(BARE)
    done = subprocess.run(
        [sys.executable, str(script), str(path), str(processes)], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def command(path: Path, output: Path, processes: int) -> tuple[float, float]:
    """Seconds of the whole command, and the parent's peak memory in MB."""
    start = time.perf_counter()
    arguments = [sys.executable, "-m", "starcheck.cli", "batch", str(path), "-o", str(output), "-j", str(processes)]
    peak = 0.0
    with subprocess.Popen(arguments, stderr=subprocess.DEVNULL) as child:
        while child.poll() is None:
            peak = max(peak, _peak_mb(child.pid))
            time.sleep(0.05)
    if child.returncode:
        sys.exit(f"the command failed with {child.returncode}")
    return time.perf_counter() - start, peak


def _peak_mb(pid: int) -> float:
    """The system's own high-water mark of one process (Linux); wait4 would mix in its workers'."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--more", type=int, default=0, help="rows of a second, larger run for the memory alone")
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write(folder / "rows.csv", asked.rows)
        print(
            f"{asked.rows:,} rows, {path.stat().st_size / 1e6:.1f} MB, {os.cpu_count()} processors, load "
            f"{os.getloadavg()[0]:.1f}"
        )
        rates = {}
        for n in asked.processes:
            plain = bare(path, n)
            seconds, memory = command(path, folder / f"out{n}", n)
            rates[n] = asked.rows / seconds
            print(
                f"{n} process{'es' if n > 1 else ''}: pipe {plain:.1f} rows/s; whole command {rates[n]:.1f} "
                f"rows/s in {seconds:.1f} s = "
                f"{rates[n] / plain:.2f} of it (wanted {WANTED_OF_BARE}); parent's peak {memory:.0f} MB (at "
                f"most {MOST_PARENT_MB})"
            )
        if {1, 2} <= set(rates):
            print(f"two processes are {rates[2] / rates[1]:.2f} x one (wanted {WANTED_SPEEDUP})")
        last = asked.processes[-1]
        seconds, _ = command(path, folder / f"out{last}", last)
        print(f"a finished run is found finished in {seconds:.1f} s (at most {MOST_RESUME_S})")
        if asked.more:
            larger = write(folder / "more.csv", asked.more)
            seconds, memory = command(larger, folder / "more", last)
            print(
                f"{asked.more:,} rows: {asked.more / seconds:.1f} rows/s, parent's peak {memory:.0f} MB (at "
                f"most {MOST_PARENT_MB})"
            )


if __name__ == "__main__":
    main()
