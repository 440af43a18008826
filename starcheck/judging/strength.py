"""How strong each part is, 0 to 3, and the whole answer, 1 to 7 and 0 to 100; with reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starcheck.judging.linear import Judge
from starcheck.judging.measures import PER_PART, Measures
from starcheck.records import STAR, Part

STRENGTH_FALLING = ("hypothetical", "vague")
BAND_RISING = (
    *(f"strength.{p.value}" for p in STAR),
    "reflection.words",
    "result.measured",
    "tie",
    "story",
    "deeds_evidenced",
)
BAND_FALLING = ("other_share", "hypothetical", "vague", "team")

EXPLAINED: Mapping[str, str] = {
    "sentences": "how many sentences are clearly this part",
    "words": "how much is said",
    "figures": "numbers",
    "measured": "a measured change or quantity",
    "named": "named people, places or products",
    "own": "first person",
    "deeds": "deeds with I as the doer",
    "reasons": "reasons and obstacles given",
    "time": "time told",
    "speech": "conversations told",
    "tie": "the outcome answers the task",
    "hypothetical": "would and could instead of did",
    "vague": "vague words",
}
"""What each measure is called in front of users."""


def strength_names(part: Part) -> tuple[str, ...]:
    """Measures that may raise the strength of a part."""
    own = tuple(f"{part.value}.{name}" for name in PER_PART)
    return (*own, "tie") if part == Part.RESULT else own


@dataclass(frozen=True, slots=True)
class Verdict:
    """Strengths, band and score of one set of measures."""

    strengths: dict[Part, float]
    band: int
    score: float


def judge(measures: Measures, parts: Mapping[Part, Judge], whole: Judge) -> Verdict:
    """Judge measures; pure, so that counterfactual measures are judged the same way.

    Parameters
    ----------
    measures : mapping of str to float
        From :func:`starcheck.judging.measures.measure`.
    parts : mapping of Part to Judge
    whole : Judge
        Of the overall rating, on the 1-7 scale.

    Returns
    -------
    Verdict
        Strengths to 2 decimals, band 1-7, score 0-100 to 1 decimal; the band follows from the
        rounded score.
    """
    strengths = {part: round(parts[part].value(measures), 2) for part in STAR}
    rating = whole.raw({**measures, **{f"strength.{p.value}": s for p, s in strengths.items()}})
    score = round(min(100.0, max(0.0, (rating - 1) / 6 * 100 - costs(measures))), 1)
    return Verdict(strengths, band_of(score), score)


ORDER_FREE, ORDER_COSTS = 0.2, 12.0
"""Disorder that costs nothing, and the most points that any disorder costs. Set by us, not learned: the
corpus tells its stories in order, so nothing in it says what scrambling costs a listener."""
LENGTH_COSTS = 8.0
"""Points for each factor of e beyond ``measures.LENGTH_FREE`` words. In the corpus good answers are
long, with real people less so (their readers' ratings go with length at .40-.44, the corpus's at .83);
chosen so that in cross-validation the score hardly goes with length more than the ratings do."""


def costs(measures: Measures) -> float:
    """Points that order and length take, whatever is said."""
    disorder = min(1.0, max(0.0, measures["order"] - ORDER_FREE) / (0.5 - ORDER_FREE))
    return ORDER_COSTS * disorder + LENGTH_COSTS * measures["length"]


def band_of(score: float) -> int:
    """The band whose middle lies nearest to a score."""
    return min(7, max(1, int(score / 100 * 6 + 1.5)))


def moved(measures: Measures, judge_of_part: Judge) -> tuple[tuple[str, float], ...]:
    """What moved a strength most, up or down against an average answer, in points of strength."""
    terms = [
        (EXPLAINED.get(name.rsplit(".", 1)[-1], name), round(points, 2))
        for name, points in judge_of_part.terms(measures)
        if abs(points) >= 0.05
    ]
    return tuple(sorted(terms, key=lambda t: (-abs(t[1]), t[0]))[:4])
