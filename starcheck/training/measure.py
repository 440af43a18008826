"""Figures: agreement with the readers, calibration, and tables of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score, f1_score

from starcheck.judging.answer_type import judge_type, type_measures
from starcheck.judging.competency import judge_competencies
from starcheck.judging.judges import Judges
from starcheck.judging.measures import measure
from starcheck.judging.strength import judge
from starcheck.records import COMPETENCIES, PARTS, STAR, Reading
from starcheck.training.corpus import LabelledAnswer

Figures = dict[str, float]


def sentence_figures(gold: Sequence[Sequence[str]], readings: Sequence[Reading]) -> Figures:
    """Kappa over six labels, macro-F1 over the parts of STAR, F1 of each label, calibration."""
    names = [p.value for p in PARTS]
    truth = [label for labels in gold for label in labels]
    found = [t.part.value for r in readings for t in r.tagged]
    each = f1_score(truth, found, labels=names, average=None, zero_division=0)
    out = {
        "sentence_kappa": float(cohen_kappa_score(truth, found, labels=names)),
        "sentence_star_f1": float(np.mean(each[: len(STAR)])),
        **{f"f1_{n}": float(v) for n, v in zip(names, each, strict=True)},
    }
    probabilities = np.array([t.probabilities for r in readings for t in r.tagged])
    codes = np.array([names.index(t) for t in truth])
    out["ece"] = calibration_error(probabilities.max(axis=1), probabilities.argmax(axis=1) == codes)
    for i, name in enumerate(names):
        out[f"ece_{name}"] = calibration_error(probabilities[:, i], codes == i)
    return out


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error: mean distance of confidence from accuracy, over equal-width bins."""
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for b in range(bins):
        inside = which == b
        if inside.any():
            error += inside.mean() * abs(float(confidence[inside].mean()) - float(right[inside].mean()))
    return float(error)


def reliability(gold: Sequence[Sequence[str]], readings: Sequence[Reading], bins: int = 10) -> list[dict[str, float]]:
    """Confidence and accuracy of sentences, in equal-width bins that are not empty."""
    confidence = np.array([t.confidence for r in readings for t in r.tagged])
    right = np.array(
        [
            t.part.value == g
            for r, labels in zip(readings, gold, strict=True)
            for t, g in zip(r.tagged, labels, strict=True)
        ]
    )
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        {
            "from": b / bins,
            "n": int((which == b).sum()),
            "confidence": float(confidence[which == b].mean()),
            "accuracy": float(right[which == b].mean()),
        }
        for b in range(bins)
        if (which == b).any()
    ]


def answer_figures(answers: Sequence[LabelledAnswer], readings: Sequence[Reading], judges: Sequence[Judges]) -> Figures:
    """Agreement of strengths, band, type and competencies with the gold ratings.

    Parameters
    ----------
    answers : sequence of LabelledAnswer
    readings : sequence of Reading
    judges : sequence of Judges
        One per answer, and none fitted on it.

    Returns
    -------
    dict of str to float
    """
    kinds, verdicts = [], []
    for reading, asked in zip(readings, judges, strict=True):
        kind, story = judge_type(type_measures(reading), asked.kind)
        kinds.append(kind)
        verdicts.append(judge(measure(reading, story), asked.parts, asked.whole))
    out: Figures = {"band_qwk": _qwk([a.gold.overall for a in answers], [v.band for v in verdicts], 1, 7)}
    for i, part in enumerate(STAR):
        gold = [a.gold.strengths[i] for a in answers]
        out[f"strength_qwk_{part.value}"] = _qwk(gold, [round(v.strengths[part]) for v in verdicts], 0, 3)
    out["story_kappa"] = float(
        cohen_kappa_score(
            [a.gold.type == "story" for a in answers], [k == "story" for k in kinds], labels=[False, True]
        )
    )
    out["type_kappa"] = float(cohen_kappa_score([a.gold.type for a in answers], kinds))
    judged = [judge_competencies(r, asked.competencies) for r, asked in zip(readings, judges, strict=True)]
    for name in COMPETENCIES:
        held = [name in a.gold.competencies for a in answers]
        out[f"competency_f1_{name}"] = float(f1_score(held, [j[name].covered for j in judged], zero_division=0))
    out["competency_macro_f1"] = float(np.mean([out[f"competency_f1_{n}"] for n in COMPETENCIES]))
    return out


def _qwk(gold: Sequence[int], found: Sequence[int], low: int, high: int) -> float:
    return float(cohen_kappa_score(gold, found, labels=list(range(low, high + 1)), weights="quadratic"))


def table(columns: Mapping[str, Figures], names: Sequence[str] | None = None) -> str:
    """Figures side by side, as Markdown."""
    rows = list(names or next(iter(columns.values())))
    lines = ["| figure | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for row in rows:
        cells = (f"{c[row]:.3f}" if row in c else "" for c in columns.values())
        lines.append(f"| {row} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
