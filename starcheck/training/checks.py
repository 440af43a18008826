"""Checks of the corpus: what must hold before anything is learned from it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from datasketch import MinHash, MinHashLSH

from starcheck.assets import asset, text_of
from starcheck.records import ANSWER_TYPES, LEVELS, PARTS
from starcheck.training.corpus import LabelledAnswer, read

WANTED = {"situation": 0.24, "task": 0.09, "action": 0.33, "result": 0.15, "reflection": 0.05, "other": 0.14}
"""Distribution of parts in answers by real people (two readers, 1,647 sentences)."""
SLACK = 0.04
LEAST_ANSWERS, LEAST_SENTENCES = 800, 10_000
LEAST_RENDERINGS, LEAST_OTHERS, LEAST_FLAWED, LEAST_BAND = 14, 160, 160, 0.05
MOST_STOCK = 0.25
NEAR = 0.6
"""Jaccard similarity of word trigrams from which two answers are near duplicates."""

STOCK = re.compile(
    r"\b(i was tasked with|as a result|my goal was|my responsibility was|the result was|my task was|"
    r"i was responsible for|the situation was|the outcome was)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z0-9']+")


def check(folder: Path | None = None) -> tuple[list[str], str]:
    """Check a corpus.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Of JSON Lines files; the shipped corpus if left out.

    Returns
    -------
    list of str
        Problems; empty if there are none.
    str
        Composition, as Markdown tables.

    Raises
    ------
    CorpusError
        If a line is malformed (schema, labels, offsets).
    """
    answers = read([folder or asset("data", "answers")])
    problems = [
        *_size(answers),
        *_composition(answers),
        *_distribution(answers),
        *_leaks(answers),
        *_near_duplicates(answers),
        *_guide_runs(answers),
    ]
    return problems, composition(answers)


def _size(answers: Sequence[LabelledAnswer]) -> Iterator[str]:
    sentences = sum(len(a.sentences) for a in answers)
    if len(answers) < LEAST_ANSWERS or sentences < LEAST_SENTENCES:
        yield f"{len(answers)} answers with {sentences} sentences; {LEAST_ANSWERS} with {LEAST_SENTENCES} are wanted."
    for a in answers:
        if a.second is None:
            yield f"{a.id} has no second reading."


def _composition(answers: Sequence[LabelledAnswer]) -> Iterator[str]:
    renderings = Counter(a.model_answer for a in answers if a.model_answer)
    for number in range(1, 41):
        if renderings[number] < LEAST_RENDERINGS:
            yield f"model answer {number} has {renderings[number]} renderings; {LEAST_RENDERINGS} are wanted."
    others = sum(a.gold.type != "story" for a in answers)
    flawed = sum(a.flaw is not None for a in answers)
    if others < LEAST_OTHERS:
        yield f"{others} answers are no stories; {LEAST_OTHERS} are wanted."
    if flawed < LEAST_FLAWED:
        yield f"{flawed} answers are flawed; {LEAST_FLAWED} are wanted."
    bands = Counter(a.gold.overall for a in answers)
    for band in range(1, 8):
        if bands[band] / len(answers) < LEAST_BAND:
            yield f"band {band} has {bands[band] / len(answers):.1%} of the answers; {LEAST_BAND:.0%} are wanted."
    stock = sum(bool(STOCK.search(a.text)) for a in answers) / len(answers)
    if stock > MOST_STOCK:
        yield f"{stock:.0%} of the answers use stock phrases; at most {MOST_STOCK:.0%} may."


def _distribution(answers: Sequence[LabelledAnswer]) -> Iterator[str]:
    parts = Counter(s.part.value for a in answers for s in a.sentences)
    total = sum(parts.values())
    for part, wanted in WANTED.items():
        share = parts[part] / total
        if abs(share - wanted) > SLACK:
            yield f"{part} has {share:.1%} of the sentences; {wanted:.0%} give or take {SLACK:.0%} is wanted."


def _leaks(answers: Sequence[LabelledAnswer]) -> Iterator[str]:
    for key in ("story", "voice"):
        sides: dict[str, set[str]] = {}
        for a in answers:
            if value := getattr(a, key):
                sides.setdefault(value, set()).add(a.split)
        for value, found in sides.items():
            if len(found) > 1:
                yield f"the {key} {value!r} is on both sides of the split."


def _near_duplicates(answers: Sequence[LabelledAnswer]) -> Iterator[str]:
    index = MinHashLSH(threshold=NEAR, num_perm=64)
    for a in answers:
        words = _WORD.findall(a.text.lower())
        sketch = MinHash(num_perm=64, seed=1)
        sketch.update_batch([" ".join(words[i : i + 3]).encode() for i in range(max(1, len(words) - 2))])
        for other in index.query(sketch):
            yield f"{a.id} is nearly the same as {other}."
        index.insert(a.id, sketch)


def _guide_runs(answers: Sequence[LabelledAnswer], n: int = 8) -> Iterator[str]:
    """Eight-word runs shared with the guide's model answers: renderings must be new words."""
    guide = _runs(_WORD.findall(text_of("data", "model_answers.jsonl").lower()), n)
    for a in answers:
        shared = _runs(_WORD.findall(a.text.lower()), n) & guide
        if shared:
            yield f"{a.id} shares the words {sorted(shared)[0]!r} with the guide."


def _runs(words: Sequence[str], n: int) -> set[str]:
    return {" ".join(words[i : i + n]) for i in range(len(words) - n + 1)}


def composition(answers: Sequence[LabelledAnswer]) -> str:
    """What the corpus holds, as Markdown tables."""
    total = sum(len(a.sentences) for a in answers)
    lines = [
        f"{len(answers)} answers, {total} sentences, {sum(len(a.text.split()) for a in answers)} words; "
        f"{sum(a.model_answer is not None for a in answers)} renderings of model answers, "
        f"{sum(a.gold.type != 'story' for a in answers)} no stories, "
        f"{sum(a.flaw is not None for a in answers)} flawed.",
        "",
    ]
    sentence_parts = [s.part.value for a in answers for s in a.sentences]
    lines += _table("part", [p.value for p in PARTS], sentence_parts)
    lines += _table("overall", range(1, 8), (a.gold.overall for a in answers))
    lines += _table("type", ANSWER_TYPES, (a.gold.type for a in answers))
    lines += _table("level", LEVELS, (a.level for a in answers))
    lines += _table("split", ("train", "test"), (a.split for a in answers))
    lines += _table("flaw", sorted({a.flaw for a in answers if a.flaw}), (a.flaw for a in answers))
    lengths = [_length(len(a.sentences)) for a in answers]
    lines += _table("sentences", ("1-6", "7-11", "12-17", "18-24", "25+"), lengths)
    return "\n".join(lines)


def _length(n: int) -> str:
    return next((name for top, name in ((6, "1-6"), (11, "7-11"), (17, "12-17"), (24, "18-24")) if n <= top), "25+")


def _table(title: str, keys: Iterable[object], values: Iterable[object]) -> list[str]:
    columns, counts = list(keys), Counter(values)
    total = sum(counts[k] for k in columns) or 1
    head = [f"| {title} | " + " | ".join(str(k) for k in columns) + " |", "|---" * (len(columns) + 1) + "|"]
    row = "| n (%) | " + " | ".join(f"{counts[k]} ({counts[k] / total:.0%})" for k in columns) + " |"
    return [*head, row, ""]
