"""Train in a stack: encoders out of fold, then the classifier on what they say, then the judges.

The classifier and the judges learn from encoder outputs on answers which that encoder has not seen,
as they will meet them in use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from starcheck.judging.judges import Judges
from starcheck.records import COMPETENCIES, PARTS, Answer, Reading, Sentence, Tagged
from starcheck.tagging.classifier import StarTagger
from starcheck.tagging.features import N_PARTS, Evidence
from starcheck.tagging.tag import sigmoid
from starcheck.training.judges import fit_judges
from starcheck.training.prepare import Prepared, folds

Logits = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted classifier with its judges, and readings of every answer by models that had not seen it."""

    tagger: StarTagger
    judges: Judges
    readings: list[Reading]


def evidence_of(prepared: Sequence[Prepared], logits: Sequence[Logits | None]) -> list[Evidence]:
    """What the classifier sees of each answer."""
    return [Evidence(p.facts, x) for p, x in zip(prepared, logits, strict=True)]


def fit_stack(
    prepared: Sequence[Prepared],
    logits: Sequence[Logits | None],
    tagger: StarTagger,
    weights: Sequence[float] | None = None,
) -> Fitted:
    """Fit classifier and judges.

    Parameters
    ----------
    prepared : sequence of Prepared
    logits : sequence of ndarray or None
        Out-of-fold encoder outputs.
    tagger : StarTagger
        Unfitted, with its parameters.
    weights : sequence of float, optional
        One per answer.

    Returns
    -------
    Fitted
    """
    evidence = evidence_of(prepared, logits)
    readings = cross_read(prepared, logits, tagger, weights)
    labels = [p.labels for p in prepared]
    from sklearn.base import clone

    fitted = clone(tagger).fit(evidence, labels, sample_weight=weights)
    rated = [(r, p.answer) for r, p in zip(readings, prepared, strict=True) if p.answer.gold.rated]
    return Fitted(fitted, fit_judges([r for r, _ in rated], [a for _, a in rated]), readings)


def cross_read(
    prepared: Sequence[Prepared],
    logits: Sequence[Logits | None],
    tagger: StarTagger,
    weights: Sequence[float] | None = None,
) -> list[Reading]:
    """Every answer as read by a classifier that was fitted without its story."""
    from sklearn.base import clone

    evidence = evidence_of(prepared, logits)
    out: dict[int, Reading] = {}
    for test in folds([p.answer for p in prepared]):
        held = set(test.tolist())
        train = [i for i in range(len(prepared)) if i not in held]
        model = clone(tagger).fit(
            [evidence[i] for i in train],
            [prepared[i].labels for i in train],
            sample_weight=None if weights is None else [weights[i] for i in train],
        )
        for i in sorted(held):
            out[i] = reading_of(prepared[i], model, logits[i])
    return [out[i] for i in range(len(prepared))]


def reading_of(prepared: Prepared, tagger: StarTagger, logits: Logits | None) -> Reading:
    """One answer as a classifier reads it, at the bounds of its labelled sentences."""
    path, probabilities = tagger.read(Evidence(prepared.facts, logits))
    evidenced = None if logits is None else sigmoid(logits[:, N_PARTS : N_PARTS + len(COMPETENCIES)])
    tagged = tuple(
        Tagged(
            Sentence(s.text, s.start, s.end, i),
            PARTS[path[i]],
            round(float(probabilities[i, path[i]]), 3),
            tuple(round(float(p), 3) for p in probabilities[i]),
            () if evidenced is None else tuple(round(float(p), 3) for p in evidenced[i]),
        )
        for i, s in enumerate(prepared.answer.sentences)
    )
    answer = Answer(prepared.answer.text, prepared.answer.id, prepared.answer.question, prepared.answer.level)
    return Reading(answer, tagged, prepared.facts, (True,) * len(tagged))
