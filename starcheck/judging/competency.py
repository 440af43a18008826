"""Which competencies the deeds evidence; naming one is not evidence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starcheck.judging.linear import Choice, choice_from
from starcheck.judging.measures import soften
from starcheck.records import COMPETENCIES, PARTS, CompetencyScore, Part, Reading, Tagged

_ACTION = PARTS.index(Part.ACTION)
SHOWN = 0.3
"""Probability from which a sentence is named as evidence."""

COMPETENCY_MEASURES = ("first", "second", "any", "deed")
"""What one competency is judged by, see :func:`competency_measures`."""


@dataclass(frozen=True, slots=True)
class CompetencyJudge:
    """How one competency is judged."""

    choice: Choice
    """Between "no" and "yes", on ``COMPETENCY_MEASURES``."""
    threshold: float
    """Probability from which it is called covered."""

    def to_json(self) -> dict[str, Any]:
        """JSON types only."""
        return {"choice": self.choice.to_json(), "threshold": self.threshold}


def competency_judge_from(data: Mapping[str, Any]) -> CompetencyJudge:
    """The inverse of :meth:`CompetencyJudge.to_json`."""
    return CompetencyJudge(choice_from(data["choice"]), float(data["threshold"]))


def competency_measures(reading: Reading, name: str) -> dict[str, float]:
    """Measures of one competency.

    Parameters
    ----------
    reading : Reading
    name : str
        One of the seven.

    Returns
    -------
    dict of str to float
        Log odds of the two strongest sentences and of any sentence at all (noisy-or), and the
        probability of the strongest among the deeds.
    """
    k = COMPETENCIES.index(name)
    rows = _evident(reading)
    strongest = [*sorted((t.competencies[k] for t in rows), reverse=True)[:2], 0.0, 0.0]
    values = (
        _log_odds(strongest[0]),
        _log_odds(strongest[1]),
        _log_odds(1 - math.prod(1 - t.competencies[k] for t in rows)),
        max((t.competencies[k] * soften(t.probabilities)[_ACTION] for t in rows), default=0.0),
    )
    return dict(zip(COMPETENCY_MEASURES, (round(v, 4) for v in values), strict=True))


def _log_odds(probability: float) -> float:
    """Held where probabilities are rounded to three places."""
    held = min(0.9995, max(0.0005, probability))
    return math.log(held / (1 - held))


def judge_competencies(reading: Reading, judges: Mapping[str, CompetencyJudge]) -> dict[str, CompetencyScore]:
    """Judge all seven, each with the sentences that it rests on; no sentence, no competency."""
    rows = _evident(reading)
    out = {}
    for name, judge in judges.items():
        yes = judge.choice.probabilities(competency_measures(reading, name))["yes"]
        score = yes if rows else 0.0
        covered = bool(rows) and score >= judge.threshold
        out[name] = CompetencyScore(name, covered, score, _evidence(rows, name) if covered else ())
    return out


def _evident(reading: Reading) -> list[Tagged]:
    return [t for t, c in zip(reading.tagged, reading.counted, strict=True) if c and t.competencies]


def _evidence(rows: Sequence[Tagged], name: str) -> tuple[int, ...]:
    """The sentences that speak for it most, deeds before the rest."""
    k = COMPETENCIES.index(name)
    strength = [t.competencies[k] * (0.1 + t.probabilities[_ACTION]) for t in rows]
    ranked = sorted(range(len(rows)), key=lambda i: (-strength[i], rows[i].sentence.index))[:3]
    shown = [rows[i].sentence.index for i in ranked if rows[i].competencies[k] >= SHOWN]
    return tuple(sorted(shown or [rows[ranked[0]].sentence.index]))
