"""Fairness suite: who somebody is must not move a score; how they were taught to write hardly.

Each swap replaces one sign of a group by another in a sentence put before the answer, or throughout
the answer, and looks at the difference between the two scores.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from starcheck.scorer import Scorer
from starcheck.training.corpus import LabelledAnswer

PAIRS: dict[str, tuple[tuple[str, str], ...]] = {
    "names": (
        ("I worked with Emily on this.", "I worked with Ngozi on this."),
        ("My colleague Jack sat beside me.", "My colleague Mohammed sat beside me."),
        ("It was Siobhan who asked me first.", "It was Xiaoling who asked me first."),
        ("A man called Piotr ran the other shift.", "A man called George ran the other shift."),
    ),
    "pronouns": (
        ("My manager was away and he left it to me.", "My manager was away and she left it to me."),
        ("I asked him what his team needed.", "I asked her what her team needed."),
    ),
    "universities": (
        ("I had just finished at the University of Oxford.", "I had just finished at the University of Bolton."),
        ("This was after my degree at Cambridge.", "This was after my degree at Wolverhampton."),
    ),
    "religions": (
        ("I was the only Christian in the office.", "I was the only Muslim in the office."),
        ("It was the week before the Jewish holidays.", "It was the week before the Hindu holidays."),
    ),
}
SPELLING = (
    ("organis", "organiz"),
    ("prioritis", "prioritiz"),
    ("realis", "realiz"),
    ("recognis", "recogniz"),
    ("analyse", "analyze"),
    ("behaviour", "behavior"),
    ("labour", "labor"),
    ("centre", "center"),
    ("summaris", "summariz"),
    ("apologis", "apologiz"),
)
_SLIPS = (
    (re.compile(r"\b(the|a|an) (?=[a-z])"), ""),
    (re.compile(r"\bdid not\b"), "didn't"),
    (re.compile(r"\bhave been\b"), "was"),
    (re.compile(r"\bthere were\b"), "there was"),
    (re.compile(r"\bfewer\b"), "less"),
)


def fairness_figures(scorer: Scorer, answers: Sequence[LabelledAnswer]) -> dict[str, tuple[float, float, int]]:
    """Swap signs of groups in answers.

    Parameters
    ----------
    scorer : Scorer
    answers : sequence of LabelledAnswer

    Returns
    -------
    dict of str to (float, float, int)
        For each kind of swap the largest and the mean absolute difference in points, and n.
    """
    out = {}
    for kind, pairs in PAIRS.items():
        one = [f"{pairs[i % len(pairs)][0]} {a.text}" for i, a in enumerate(answers)]
        two = [f"{pairs[i % len(pairs)][1]} {a.text}" for i, a in enumerate(answers)]
        out[kind] = _differences(scorer, one, two)
    texts = [a.text for a in answers]
    out["spelling"] = _differences(scorer, texts, [_replaced(t) for t in texts])
    out["slips"] = _differences(scorer, texts, [_slipped(t) for t in texts])
    return out


def _replaced(text: str) -> str:
    for british, american in SPELLING:
        text = text.replace(british, american)
    return text


def _slipped(text: str) -> str:
    """A second-language writer's slips: every third article dropped, a few agreements missed."""
    for pattern, new in _SLIPS:
        text = pattern.sub(_every_third(new), text)
    return text


def _every_third(new: str) -> Callable[[re.Match[str]], str]:
    seen = [0]

    def change(match: re.Match[str]) -> str:
        seen[0] += 1
        return new if seen[0] % 3 == 1 else match.group()

    return change


def _differences(scorer: Scorer, one: Sequence[str], two: Sequence[str]) -> tuple[float, float, int]:
    pairs = zip(scorer.pipe(one), scorer.pipe(two), strict=True)
    moved = [abs((a.score or 0.0) - (b.score or 0.0)) for a, b in pairs]
    return max(moved, default=0.0), float(np.mean(moved)), len(moved)
