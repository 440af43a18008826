"""Speed and memory of scoring, printed; a script, never a test, since machines differ.

python tests/benchmarks/speed.py [--answers 600] [--memory 1000 20000] [--json FILE]

The memory of 20,000 answers takes a quarter of an hour; ``--memory`` alone leaves it out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

from starcheck.assets import asset
from starcheck.judging.judges import judge_reading
from starcheck.language import pipeline
from starcheck.scorer import Scorer, load
from starcheck.training.corpus import read


def rate(texts: list[str], run) -> float:
    """Words a second."""
    start = time.perf_counter()
    for _ in run(texts):
        pass
    return sum(len(t.split()) for t in texts) / (time.perf_counter() - start)


def first_score() -> float:
    """Seconds of a new process that scores one answer."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "starcheck.cli", "score", str(asset("data", "examples", "weak.txt"))],
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - start


PEAK = """
import itertools, json, sys
from starcheck.scorer import load
texts = json.load(open(sys.argv[1], encoding="utf-8"))
asked = [int(n) for n in sys.argv[2:]]
reports = load().pipe(itertools.cycle(texts))
done = 0
for n in asked:
    for _ in itertools.islice(reports, n - done):
        pass
    done = n
    lines = open("/proc/self/status").read().splitlines()
    print(next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")))
"""


def peaks(texts: list[str], counts: list[int]) -> dict[str, float]:
    """Peak memory in MB of one process after so many answers (Linux)."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(texts, file)
        file.flush()
        asked = [str(n) for n in sorted(counts)]
        done = subprocess.run(
            [sys.executable, "-c", PEAK, file.name, *asked], check=True, capture_output=True, text=True
        )
    return {f"peak_mb_{n}_answers": float(mb) for n, mb in zip(asked, done.stdout.split(), strict=True)}


def judging_share(scorer: Scorer, texts: list[str]) -> float:
    """Share of one process's time that judging and feedback take, everything after the tagger."""
    spent = 0.0

    def timed(*given: Any) -> Any:
        nonlocal spent
        start = time.perf_counter()
        judged = judge_reading(*given)
        spent += time.perf_counter() - start
        return judged

    start = time.perf_counter()
    with patch("starcheck.scorer.judge_reading", timed):
        list(scorer.pipe(texts))
    return spent / (time.perf_counter() - start - spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=600)
    parser.add_argument("--memory", type=int, nargs="*", default=[1000, 20_000])
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    import spacy

    texts = [a.text for a in read([asset("data", "answers")])][: given.answers]
    package = next(p for p in pipeline.PACKAGES if spacy.util.is_package(p))
    full = spacy.load(package)
    scorer = load()
    list(full.pipe(texts[:20])), list(scorer.pipe(texts[:20]))
    bare = rate(texts, lambda t: full.pipe(t, batch_size=64))
    one = rate(texts, scorer.pipe)
    list(scorer.pipe(texts[:4], n_process=2, batch_size=2))
    two = rate(texts, lambda t: scorer.pipe(t, n_process=2, batch_size=32))
    figures = {
        "bare_spacy_words_per_second": bare,
        "one_process_words_per_second": one,
        "one_process_against_bare": one / bare,
        "two_processes_against_one": two / one,
        "first_score_seconds": min(first_score() for _ in range(3)),
        "judging_adds": judging_share(scorer, texts[:200]),
        **(peaks(texts[:400], given.memory) if given.memory else {}),
    }
    for name, value in figures.items():
        print(f"{name:34s} {value:12.2f}")
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
