"""Fit the judges: strengths, band, answer type and competencies, on readings of unseen answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LinearRegression

from starcheck.judging.answer_type import TYPE_MEASURES, judge_type, type_measures
from starcheck.judging.judges import Judges
from starcheck.judging.linear import MOST_STRETCH, Choice, Judge, fit_choice, fit_judge
from starcheck.judging.measures import measure
from starcheck.judging.strength import BAND_FALLING, BAND_RISING, STRENGTH_FALLING, costs, strength_names, strength_of
from starcheck.records import ANSWER_TYPES, STAR, Part, Reading
from starcheck.training.competencies import fit_competencies
from starcheck.training.corpus import LabelledAnswer
from starcheck.training.prepare import target_overall, target_strengths

ALPHA = 300.0
"""Ridge penalty: high, so that a strength rests on many measures a little. In cross-validation 30 does as well, but
what single measures are worth differs from hand to hand (kappa of parts present outside: .63 instead of .60)."""

WITHOUT_WEIGHT = 0.2
"""Weight of an answer with a part taken out, of which there are four times as many: of deleted parts .949 fall in
cross-validation, with .1 .946, while parts present agree with readers at kappa .833 and .834."""

READERS_SHARE = 0.7
"""Share of what a point of strength is worth to readers that a measured one is worth to the band, being less sure.
Weights learned from measured strengths alone leave Situation out: then .912 of deleted parts lower the score in
cross-validation; with this share .963, while the band's QWK goes from .870 to .860; with all of it .971 and .853."""

SPREAD = 1.1
"""How much wider than readers' the measured strengths are spread, so that a part that loses some of its sentences is
seen to lose them. Cross-validation hardly tells 1.1 from 1 (deleted parts that fall .951 and .949, mean QWK of
strengths .872 and .873); answers from outside decided: .850 and .820 of deleted parts fall, at a
mean QWK of .748 and .759."""

UNSURE = 0.5
"""Confidence below which a sentence is called unsure: there the tagger is wrong about half the time."""


def fit_judges(
    readings: Sequence[Reading], answers: Sequence[LabelledAnswer], without: Sequence[Mapping[Part, Reading]]
) -> Judges:
    """Fit all judges.

    Parameters
    ----------
    readings : sequence of Reading
        As the tagger reads answers that it was not trained on, so that the judges learn to live with
        its errors.
    answers : sequence of LabelledAnswer
        The same answers with their ratings.
    without : sequence of mapping of Part to Reading
        What is left of each answer when a part is taken out. The tagger is then tempted to see the part
        elsewhere; the judges learn from this how much of such a sight to believe.

    Returns
    -------
    Judges
    """
    kinds = [a.gold.type for a in answers]
    kind = fit_choice([type_measures(r) for r in readings], kinds, ANSWER_TYPES, TYPE_MEASURES, C=0.5)
    rows = [_measured(r, kind) for r in readings]
    targets = [target_strengths(a) for a in answers]
    overall = [target_overall(a) for a in answers]
    shown, wanted, weights = [*rows], [*targets], [1.0] * len(rows)
    for target, left in zip(targets, without, strict=True):
        for part, reading in left.items():
            shown.append(_measured(reading, kind))
            wanted.append([0.0 if p == part else value for p, value in zip(STAR, target, strict=True)])
            weights.append(WITHOUT_WEIGHT)
    parts = {}
    for i, part in enumerate(STAR):
        strengths = [w[i] for w in wanted]
        fitted = fit_judge(shown, strengths, strength_names(part), STRENGTH_FALLING, ALPHA, 0.0, 3.0, weights)
        spread = replace(_against_average(fitted, rows), stretch=round(fitted.stretch * SPREAD, 4))
        parts[part] = _centred(spread, rows, [t[i] for t in targets])
    full = [{**row, **{f"strength.{p.value}": round(strength_of(p, row, parts[p]), 2) for p in STAR}} for row in rows]
    told = [a.gold.type == "story" for a in answers]
    whole = _fit_whole(full, overall, _worth(targets, overall, told))
    # What order, length and padding cost on average is given back, so that bands stay where readers put them.
    back = float(np.mean([costs(row) for row in rows])) / 100 * 6
    whole = replace(whole, centre=round(whole.centre + back, 4))
    return Judges(parts, whole, kind, fit_competencies(readings, answers), _typical(rows, answers), UNSURE)


def _worth(strengths: Sequence[Sequence[float]], overall: Sequence[float], told: Sequence[bool]) -> NDArray[np.float64]:
    """Points of the overall rating that readers give for a point of their own strength of each part, in stories."""
    x, y = np.array(strengths)[list(told)], np.array(overall)[list(told)]
    worth: NDArray[np.float64] = LinearRegression(positive=True).fit(x, y).coef_
    return worth


def _fit_whole(rows: Sequence[Mapping[str, float]], overall: Sequence[float], worth: NDArray[np.float64]) -> Judge:
    """The judge of the band: strengths count as they do with readers, measures explain the rest."""
    names = tuple(f"strength.{p.value}" for p in STAR)
    strengths, wanted = np.array([[row[n] for n in names] for row in rows]), np.array(overall)
    weights = READERS_SHARE * worth
    others = tuple(n for n in BAND_RISING if n not in names)
    rest = fit_judge(rows, (wanted - strengths @ weights).tolist(), others, BAND_FALLING, ALPHA, 1.0, 7.0)
    joined = replace(
        rest,
        names=(*names, *rest.names),
        means=(*(round(float(m), 5) for m in strengths.mean(axis=0)), *rest.means),
        weights=(*(round(float(w), 5) for w in weights), *(round(w * rest.stretch, 5) for w in rest.weights)),
        centre=round(float(wanted.mean()), 4),
        stretch=1.0,
    )
    spread = float(np.std([joined.raw(row) for row in rows]))
    return replace(joined, stretch=round(float(np.clip(wanted.std() / (spread + 1e-9), 1.0, MOST_STRETCH)), 4))


def _measured(reading: Reading, kind: Choice) -> dict[str, float]:
    return measure(reading, judge_type(type_measures(reading), kind)[1])


def _against_average(judge: Judge, rows: Sequence[dict[str, float]]) -> Judge:
    """The same judge, its terms counted from the average of whole answers rather than of cut ones."""
    means = {name: float(np.mean([row[name] for row in rows])) for name in judge.names}
    rounded = tuple(round(means[name], 5) for name in judge.names)
    return replace(judge, means=rounded, centre=round(judge.raw(dict(zip(judge.names, rounded, strict=True))), 4))


def _centred(judge: Judge, rows: Sequence[dict[str, float]], targets: Sequence[float]) -> Judge:
    """The same judge, its mean on whole answers that of the readers: the ends of the scale cut it short."""
    for _ in range(6):
        missing = float(np.mean(targets)) - float(np.mean([judge.value(row) for row in rows]))
        judge = replace(judge, centre=round(judge.centre + missing, 4))
    return judge


def _typical(rows: Sequence[dict[str, float]], answers: Sequence[LabelledAnswer]) -> dict[str, float]:
    """Median measures of answers that readers called adequate or better in every part."""
    good = [row for row, a in zip(rows, answers, strict=True) if min(a.gold.strengths) >= 2 and a.gold.overall >= 4]
    return {name: round(float(np.median([row[name] for row in good])), 4) for name in rows[0]}
