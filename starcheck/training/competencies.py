"""Fit the judges of competencies on readings of answers that the encoder had not seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.metrics import f1_score

from starcheck.judging.competency import COMPETENCY_MEASURES, CompetencyJudge, competency_measures
from starcheck.judging.linear import fit_choice
from starcheck.records import COMPETENCIES, Reading
from starcheck.training.corpus import LabelledAnswer

LEAST_SURE = 0.2
"""Lowest threshold from which a competency may be called covered: praise that is nearly always wrong
helps nobody, even where it would raise F1."""


def fit_competencies(readings: Sequence[Reading], answers: Sequence[LabelledAnswer]) -> dict[str, CompetencyJudge]:
    """Fit all seven.

    Parameters
    ----------
    readings : sequence of Reading
        As the tagger reads answers that it was not trained on.
    answers : sequence of LabelledAnswer
        The same answers with the competencies that the readers saw.

    Returns
    -------
    dict of str to CompetencyJudge
    """
    return {name: _fit(name, readings, [name in a.gold.competencies for a in answers]) for name in COMPETENCIES}


def _fit(name: str, readings: Sequence[Reading], held: Sequence[bool]) -> CompetencyJudge:
    rows = [competency_measures(r, name) for r in readings]
    choice = fit_choice(rows, ["yes" if h else "no" for h in held], ("no", "yes"), COMPETENCY_MEASURES, C=1.0)
    found = np.array([choice.probabilities(row)["yes"] for row in rows])
    grid = np.arange(LEAST_SURE, 0.71, 0.05)
    scores = np.array([f1_score(held, found >= t, zero_division=0) for t in grid])
    # The middle of the best stretch, as wide as F1 is uncertain: the single best point is luck.
    threshold = float(np.median(grid[scores >= scores.max() - 0.03]))
    return CompetencyJudge(choice, round(threshold, 3))
