"""Which competencies the deeds evidence; naming one is not evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starcheck.judging.linear import Choice
from starcheck.judging.measures import Measures
from starcheck.records import COMPETENCIES, PARTS, CompetencyScore, Part, Reading, Tagged

_ACTION = PARTS.index(Part.ACTION)
SHOWN = 0.3
"""Probability from which a sentence is named as evidence."""


def competency_names(name: str) -> tuple[str, str, str]:
    """The measures that one competency is judged by."""
    return (f"{name}.first", f"{name}.second", f"{name}.deed")


def competency_measures(reading: Reading) -> dict[str, float]:
    """The two strongest sentences for each competency, and the strongest among the actions.

    Returns
    -------
    dict of str to float
        The names of :func:`competency_names`, for all seven.
    """
    rows = [t for t, c in zip(reading.tagged, reading.counted, strict=True) if c and t.competencies]
    out = {}
    for k, name in enumerate(COMPETENCIES):
        strongest = [*sorted((t.competencies[k] for t in rows), reverse=True)[:2], 0.0, 0.0]
        deeds = max((t.competencies[k] * t.probabilities[_ACTION] for t in rows), default=0.0)
        values = (strongest[0], strongest[1], deeds)
        out.update(dict(zip(competency_names(name), (round(v, 4) for v in values), strict=True)))
    return out


def judge_competencies(
    reading: Reading, measures: Measures, choices: Mapping[str, Choice], thresholds: Mapping[str, float]
) -> dict[str, CompetencyScore]:
    """Judge all seven, each with the sentences that it rests on; no sentence, no competency."""
    rows = [t for t, c in zip(reading.tagged, reading.counted, strict=True) if c and t.competencies]
    out = {}
    for k, name in enumerate(COMPETENCIES):
        score = choices[name].probabilities(measures)["yes"] if rows else 0.0
        covered = bool(rows) and score >= thresholds[name]
        out[name] = CompetencyScore(name, covered, score, _evidence(rows, k) if covered else ())
    return out


def _evidence(rows: Sequence[Tagged], k: int) -> tuple[int, ...]:
    ranked = sorted(rows, key=lambda t: (-t.competencies[k], t.sentence.index))[:3]
    shown = [t.sentence.index for t in ranked if t.competencies[k] >= SHOWN] or [ranked[0].sentence.index]
    return tuple(sorted(shown))
