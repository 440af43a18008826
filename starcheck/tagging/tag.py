"""Sentences and facts in, tagged sentences out: encoder, classifier and decoder in one line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from starcheck.records import PARTS, Facts, Part, Sentence, Tagged
from starcheck.tagging.classifier import StarTagger
from starcheck.tagging.encoder import COMPETENCY_COLUMNS, FOREIGN_COLUMN
from starcheck.tagging.features import N_PARTS, Evidence
from starcheck.tagging.store import Model

LIKELY, SURE_ALONE, SURE_TOGETHER = 0.04, 0.9, 0.8
"""What does not belong comes in passages: adjoining sentences each foreign with the first probability at least, whose
probabilities sum to the third; a sentence alone must reach the second. On the test split .018 of honest stories are
suspected (.001 in cross-validation), and of foreign sentences that training never saw .954 are found."""

NOTHING = (0.0,) * (N_PARTS - 1) + (1.0,)
"""Probabilities of a sentence that is not read."""


def tag(
    model: Model, sentences: Sequence[Sentence], facts: Sequence[Facts], counted: Sequence[bool]
) -> tuple[tuple[Tagged, ...], tuple[bool, ...]]:
    """Tag one answer.

    Only sentences that count are read, so repeats or instructions cannot change how the rest is
    understood. Where the encoder finds a passage that does not belong, it is left out and the rest
    is read again without it.

    Returns
    -------
    tuple of Tagged
        One per sentence; what does not count is ``other``.
    tuple of bool
        Which sentences count, foreign passages left out.
    """
    kept = [i for i, c in enumerate(counted) if c]
    logits = _encode(model, facts, kept)
    alien: dict[int, float] = {}
    if logits is not None:
        share = sigmoid(logits[:, FOREIGN_COLUMN])
        alien = {kept[row]: round(float(share[row]), 3) for row in passages(share)}
        if alien:
            kept = [i for i in kept if i not in alien]
            logits = _encode(model, facts, kept)
    seen = read(model.tagger, [sentences[i] for i in kept], [facts[i] for i in kept], logits)
    by_index = dict(zip(kept, seen, strict=True))
    for i, p in alien.items():
        by_index[i] = Tagged(sentences[i], Part.OTHER, 1.0, NOTHING, foreign=p)
    tagged = tuple(by_index.get(s.index) or Tagged(s, Part.OTHER, 1.0, NOTHING) for s in sentences)
    read_at = set(kept)
    return tagged, tuple(i in read_at for i in range(len(sentences)))


def passages(share: Sequence[float] | NDArray[np.float64]) -> list[int]:
    """Rows that do not belong, given the probability of each."""
    out: list[int] = []
    run: list[int] = []
    for row in range(len(share) + 1):
        if row < len(share) and share[row] >= LIKELY:
            run.append(row)
            continue
        if math.fsum(share[i] for i in run) >= (SURE_TOGETHER if len(run) > 1 else SURE_ALONE):
            out += run
        run = []
    return out


def _encode(model: Model, facts: Sequence[Facts], kept: Sequence[int]) -> NDArray[np.float32] | None:
    return None if model.encoder is None else model.encoder.encode([facts[i].normal for i in kept])


def read(
    tagger: StarTagger, sentences: Sequence[Sentence], facts: Sequence[Facts], logits: NDArray[np.float32] | None
) -> list[Tagged]:
    """Tag sentences that all count.

    Parameters
    ----------
    tagger : StarTagger
    sentences, facts : sequence
    logits : ndarray of shape (n_sentences, len(encoder.OUTPUTS)) or None
        What the encoder says of them.

    Returns
    -------
    list of Tagged
    """
    if not sentences:
        return []
    path, probabilities = tagger.read(Evidence(tuple(facts), logits))
    evidenced: Any = np.zeros((len(sentences), 0)) if logits is None else sigmoid(logits[:, COMPETENCY_COLUMNS])
    out = []
    for row, sentence in enumerate(sentences):
        rounded = tuple(round(float(p), 3) for p in probabilities[row])
        competencies = tuple(round(float(p), 3) for p in evidenced[row])
        part = PARTS[path[row]]
        out.append(Tagged(sentence, part, rounded[path[row]], rounded, competencies))
    return out


def sigmoid(x: NDArray[Any]) -> NDArray[np.float64]:
    """Logits to probabilities."""
    out: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(x.astype(float), -30, 30)))
    return out
