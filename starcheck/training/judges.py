"""Fit the judges: strengths, band, answer type and competencies, on readings of unseen answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from sklearn.metrics import f1_score

from starcheck.judging.answer_type import TYPE_MEASURES, judge_type, type_measures
from starcheck.judging.competency import competency_measures, competency_names
from starcheck.judging.judges import Judges
from starcheck.judging.linear import Choice, fit_choice, fit_judge
from starcheck.judging.measures import measure
from starcheck.judging.strength import BAND_FALLING, BAND_RISING, STRENGTH_FALLING, costs, strength_names
from starcheck.records import ANSWER_TYPES, COMPETENCIES, STAR, Reading
from starcheck.training.corpus import LabelledAnswer
from starcheck.training.prepare import target_overall, target_strengths

UNSURE = 0.5
"""Confidence below which a sentence is called unsure: there the tagger is wrong about half the time."""


LEAST_SURE = 0.2
"""Lowest threshold from which a competency may be called covered: praise that is nearly always wrong
helps nobody, even where it would raise F1."""


def fit_judges(readings: Sequence[Reading], answers: Sequence[LabelledAnswer]) -> Judges:
    """Fit all judges.

    Parameters
    ----------
    readings : sequence of Reading
        As the tagger reads answers that it was not trained on, so that the judges learn to live with
        its errors.
    answers : sequence of LabelledAnswer
        The same answers with their ratings.

    Returns
    -------
    Judges
    """
    kind = fit_choice(
        [type_measures(r) for r in readings], [a.gold.type for a in answers], ANSWER_TYPES, TYPE_MEASURES, C=0.5
    )
    rows = [measure(r, judge_type(type_measures(r), kind)[1]) for r in readings]
    targets = np.array([target_strengths(a) for a in answers])
    parts = {
        part: fit_judge(rows, targets[:, i].tolist(), strength_names(part), STRENGTH_FALLING, 5.0, 0.0, 3.0)
        for i, part in enumerate(STAR)
    }
    full = [{**row, **{f"strength.{p.value}": round(parts[p].value(row), 2) for p in STAR}} for row in rows]
    overall = [target_overall(a) for a in answers]
    whole = fit_judge(full, overall, BAND_RISING, BAND_FALLING, 5.0, 1.0, 7.0)
    # What order and length cost on average is given back, so that bands stay where readers put them.
    whole = replace(whole, centre=round(whole.centre + float(np.mean([costs(row) for row in rows])) / 100 * 6, 4))
    choices, thresholds = _competencies(readings, answers)
    return Judges(parts, whole, kind, choices, thresholds, _typical(rows, answers), UNSURE)


def _competencies(
    readings: Sequence[Reading], answers: Sequence[LabelledAnswer]
) -> tuple[dict[str, Choice], dict[str, float]]:
    rows = [competency_measures(r) for r in readings]
    choices, thresholds = {}, {}
    for name in COMPETENCIES:
        held = [name in a.gold.competencies for a in answers]
        choices[name] = fit_choice(
            rows, ["yes" if h else "no" for h in held], ("no", "yes"), competency_names(name), C=1.0
        )
        found = np.array([choices[name].probabilities(row)["yes"] for row in rows])
        grid = np.arange(LEAST_SURE, 0.71, 0.05)
        scores = [f1_score(held, found >= t, zero_division=0) for t in grid]
        # The middle of the best stretch: the single best point is luck.
        near = grid[np.array(scores) >= max(scores) - 0.01]
        thresholds[name] = round(float(np.median(near)), 3)
    return choices, thresholds


def _typical(rows: Sequence[dict[str, float]], answers: Sequence[LabelledAnswer]) -> dict[str, float]:
    """Median measures of answers that readers called adequate or better in every part."""
    good = [row for row, a in zip(rows, answers, strict=True) if min(a.gold.strengths) >= 2 and a.gold.overall >= 4]
    return {name: round(float(np.median([row[name] for row in good])), 4) for name in rows[0]}
