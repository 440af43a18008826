"""Labelled answers made ready: facts of each sentence, targets for the encoder, folds by story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from starcheck.language.read import facts_of_spans
from starcheck.records import COMPETENCIES, PARTS, STAR, Facts, Part
from starcheck.training.corpus import LabelledAnswer, Reading

N_FOLDS = 3
"""Folds for everything that is chosen or stacked; an encoder is trained for each."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """One labelled answer with its facts and soft targets."""

    answer: LabelledAnswer
    facts: tuple[Facts, ...]
    parts: NDArray[np.float32]
    """(n_sentences, 6): the mean of the two readers, or the one label there is."""
    competencies: NDArray[np.float32]
    """(n_sentences, 7)."""

    @property
    def labels(self) -> list[str]:
        """Gold part names."""
        return [p.value for p in self.answer.labels]


def prepare(answers: Sequence[LabelledAnswer]) -> list[Prepared]:
    """Parse labelled answers, at the bounds of their sentences.

    Returns
    -------
    list of Prepared
        In the order given.
    """
    spans = [[(s.start, s.end) for s in a.sentences] for a in answers]
    facts = facts_of_spans([a.text for a in answers], spans)
    return [Prepared(a, f, _parts(a), _competencies(a)) for a, f in zip(answers, facts, strict=True)]


def _parts(answer: LabelledAnswer) -> NDArray[np.float32]:
    """Gold counts half, the two readings a quarter each, so doubt the readers had stays visible."""
    readings: list[tuple[float, Reading]] = [(2.0, answer.gold)]
    readings += [(1.0, r) for r in (answer.first, answer.second) if r is not None]
    out = np.zeros((len(answer.sentences), len(PARTS)), dtype=np.float32)
    for weight, reading in readings:
        for i, part in enumerate(reading.labels):
            out[i, PARTS.index(part)] += weight
    soft: NDArray[np.float32] = out / out.sum(axis=1, keepdims=True)
    return soft


def _competencies(answer: LabelledAnswer) -> NDArray[np.float32]:
    out = np.zeros((len(answer.sentences), len(COMPETENCIES)), dtype=np.float32)
    for i, sentence in enumerate(answer.sentences):
        for name in sentence.competencies:
            out[i, COMPETENCIES.index(name)] = 1.0
    return out


def left_without(prepared: Prepared) -> dict[Part, list[int]]:
    """For each part of STAR that an answer has: the sentences left when that part is taken out, if any are."""
    labels = prepared.answer.labels
    rows = {part: [i for i, label in enumerate(labels) if label != part] for part in STAR}
    return {part: left for part, left in rows.items() if 0 < len(left) < len(labels)}


def folds(answers: Sequence[LabelledAnswer], n: int = N_FOLDS) -> list[NDArray[np.int64]]:
    """Indices of each fold; all answers of one story are in one fold."""
    from sklearn.model_selection import GroupKFold

    groups = [a.story for a in answers]
    splitter = GroupKFold(n_splits=n, shuffle=True, random_state=7)
    return [test for _, test in splitter.split(np.zeros(len(groups)), groups=groups)]


def target_strengths(answer: LabelledAnswer) -> list[float]:
    """Strength of each part of STAR: the mean of the readers."""
    rated = _rated(answer)
    return [float(np.mean([r.strengths[i] for r in rated])) for i in range(4)]


def target_overall(answer: LabelledAnswer) -> float:
    """Overall rating: the mean of the readers and what was adjudicated."""
    return float(np.mean([r.overall for r in _rated(answer)]))


def _rated(answer: LabelledAnswer) -> list[Reading]:
    return [r for r in (answer.gold, answer.first, answer.second) if r is not None and r.rated]
