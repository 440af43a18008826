"""Sentences and facts in, tagged sentences out: encoder, classifier and decoder in one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from starcheck.records import COMPETENCIES, PARTS, Facts, Part, Sentence, Tagged
from starcheck.tagging.features import N_PARTS, Evidence
from starcheck.tagging.store import Model

FOREIGN = 0.5
"""Probability from which a sentence is taken not to belong to the answer."""

_NOTHING = (0.0,) * (N_PARTS - 1) + (1.0,)


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
        share = sigmoid(logits[:, -1])
        alien = {i: round(float(p), 3) for i, p in zip(kept, share, strict=True) if p >= FOREIGN}
        if alien:
            kept = [i for i in kept if i not in alien]
            logits = _encode(model, facts, kept)
    read = _read(model, sentences, facts, kept, logits)
    tagged = tuple(
        read[s.index] if s.index in read else Tagged(s, Part.OTHER, 1.0, _NOTHING, foreign=alien.get(s.index, 0.0))
        for s in sentences
    )
    return tagged, tuple(i in read for i in range(len(sentences)))


def _encode(model: Model, facts: Sequence[Facts], kept: Sequence[int]) -> NDArray[np.float32] | None:
    return None if model.encoder is None else model.encoder.encode([facts[i].normal for i in kept])


def _read(
    model: Model,
    sentences: Sequence[Sentence],
    facts: Sequence[Facts],
    kept: Sequence[int],
    logits: NDArray[np.float32] | None,
) -> dict[int, Tagged]:
    if not kept:
        return {}
    path, probabilities = model.tagger.read(Evidence(tuple(facts[i] for i in kept), logits))
    evidenced: Any = (
        np.zeros((len(kept), 0)) if logits is None else sigmoid(logits[:, N_PARTS : N_PARTS + len(COMPETENCIES)])
    )
    out = {}
    for row, i in enumerate(kept):
        rounded = tuple(round(float(p), 3) for p in probabilities[row])
        out[i] = Tagged(
            sentences[i],
            PARTS[path[row]],
            rounded[path[row]],
            rounded,
            tuple(round(float(p), 3) for p in evidenced[row]),
        )
    return out


def sigmoid(x: NDArray[Any]) -> NDArray[np.float64]:
    """Logits to probabilities."""
    out: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(x.astype(float), -30, 30)))
    return out
