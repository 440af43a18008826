"""Speed and memory of scoring, printed; a script, never a test, since machines differ.

python tests/benchmarks/speed.py [--answers 600] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

from starcheck.assets import asset
from starcheck.language import pipeline
from starcheck.scorer import load
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


def peak(n: int) -> float:
    """Peak memory in MB of a process that scores ``n`` answers."""
    code = (
        "import resource, itertools; from starcheck.scorer import load; from starcheck.training.corpus import read;"
        "from starcheck.assets import asset; texts = [a.text for a in read([asset('data', 'answers')])][:200];"
        f"[None for _ in load().pipe(itertools.islice(itertools.cycle(texts), {n}))];"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    return float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=600)
    parser.add_argument("--memory", type=int, nargs="*", default=[1000, 5000])
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
        **{f"peak_mb_{n}_answers": peak(n) for n in given.memory},
        "this_process_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    for name, value in figures.items():
        print(f"{name:34s} {value:12.2f}")
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
