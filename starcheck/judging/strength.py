"""How strong each part is, 0 to 3, and the whole answer, 1 to 7 and 0 to 100; with reasons."""

from __future__ import annotations

import math
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
    "clear": "its clearest sentence",
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


ASKED_FOR: Mapping[str, str] = {
    "sentences": "a sentence on it",
    "clear": "a sentence that is clearly this part",
    "words": "more words on it",
    "figures": "a number",
    "measured": "a measured change or quantity",
    "named": "a named person, place or product",
    "own": "the first person",
    "deeds": "a deed with I as the doer",
    "reasons": "a reason or an obstacle",
    "time": "when it was",
    "speech": "what was said to whom",
    "tie": "an outcome that answers the task",
    "hypothetical": "did for would and could",
    "vague": "exact words for vague ones",
}
"""What would raise each measure, in front of users."""


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
    strengths = {part: round(strength_of(part, measures, parts[part]), 2) for part in STAR}
    rating = whole.raw({**measures, **{f"strength.{p.value}": s for p, s in strengths.items()}})
    score = round(min(100.0, max(0.0, (rating - 1) / 6 * 100 - costs(measures))), 1)
    return Verdict(strengths, band_of(score), score)


NOT_SHOWN = 1.3
"""Highest strength of a part that no sentence is called by: what cannot be pointed at is not called adequate."""


def strength_of(part: Part, measures: Measures, judge_of_part: Judge) -> float:
    """Strength of a part, 0 to 3."""
    value = judge_of_part.value(measures)
    return value if measures[f"{part.value}.shown"] else min(value, NOT_SHOWN)


ORDER_COSTS = 20.0
"""The most points that a telling out of order costs. Set by us, not learned: readers of the corpus rate what is said,
in whatever order, so nothing in it says what scrambling costs a listener."""
ORDER_FREE, ORDER_FULL = 0.05, 0.4
"""Share of pairs of sentences told against the order of STAR: what costs nothing, and what costs most. Three in four
honest stories of the test split stay under the first; of the same stories shuffled, about one in ten does."""
LENGTH_FREE, LENGTH_COSTS = 60, 6.0
"""Words beyond Situation and Task that cost nothing, and points for each factor of e more. In the corpus good
answers are long, with real people less so (their readers' ratings go with length at .40-.44, the corpus's at
.83). Background is left out of it, else points would come back when it is deleted."""
PADDING_COSTS = 20.0
"""Points that an answer of foreign words alone would lose; one with a quarter put in loses four. An honest sentence
that goes with the padding may leave the rest a little clearer: nothing may be gained by that."""


def costs(measures: Measures) -> float:
    """Points that a telling out of order, length, and what does not belong take, whatever is said."""
    disorder = _between(measures["order"], ORDER_FREE, ORDER_FULL)
    length = max(0.0, measures["length"] - math.log(LENGTH_FREE))
    return ORDER_COSTS * disorder + LENGTH_COSTS * length + PADDING_COSTS * measures["padding"]


def _between(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))


def band_of(score: float) -> int:
    """The band whose middle lies nearest to a score."""
    return min(7, max(1, int(score / 100 * 6 + 1.5)))


def raises(measures: Measures, judge_of_part: Judge, typical: Measures) -> tuple[str, ...]:
    """The fewest things that would raise a strength by one, up to what good answers typically have.

    Parameters
    ----------
    measures : mapping of str to float
    judge_of_part : Judge
    typical : mapping of str to float
        Median measures of good answers.

    Returns
    -------
    tuple of str
        Largest gain first; all there is where that is less than a point; empty at full strength.
    """
    wanted = min(1.0, judge_of_part.high - judge_of_part.value(measures))
    aim = dict(judge_of_part.terms({**measures, **typical}))
    gains = [(aim.get(name, 0.0) - points, name) for name, points in judge_of_part.terms(measures)]
    out: list[str] = []
    for gain, name in sorted(((g, n) for g, n in gains if g >= 0.05), key=lambda t: (-t[0], t[1])):
        if wanted <= 0.05:
            break
        out.append(ASKED_FOR.get(name.rsplit(".", 1)[-1], name))
        wanted -= gain
    return tuple(out)


def moved(measures: Measures, judge_of_part: Judge) -> tuple[tuple[str, float], ...]:
    """What moved a strength most, up or down against an average answer, in points of strength."""
    terms = [
        (EXPLAINED.get(name.rsplit(".", 1)[-1], name), round(points, 2))
        for name, points in judge_of_part.terms(measures)
        if abs(points) >= 0.05
    ]
    return tuple(sorted(terms, key=lambda t: (-abs(t[1]), t[0]))[:4])
