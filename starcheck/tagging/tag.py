"""Sentences and facts in, tagged sentences out: encoder, classifier and decoder in one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from starcheck.records import PARTS, Facts, Part, Sentence, Tagged
from starcheck.tagging.classifier import StarTagger
from starcheck.tagging.encoder import COMPETENCY_COLUMNS, FOREIGN_COLUMN
from starcheck.tagging.features import N_PARTS, Evidence
from starcheck.tagging.store import Model

FOREIGN, FOREIGN_BESIDE = 0.5, 0.06
"""Probability from which a sentence is taken not to belong to the answer, alone and beside such a one: what
does not belong comes in passages. In cross-validation one sentence in 1,800 of the corpus is above the first;
the trust tests say how many honest answers are suspected for it."""

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
        share = sigmoid(logits[:, FOREIGN_COLUMN])
        alien = {kept[row]: round(float(share[row]), 3) for row in passages(share)}
        if alien:
            kept = [i for i in kept if i not in alien]
            logits = _encode(model, facts, kept)
    seen = read(model.tagger, [sentences[i] for i in kept], [facts[i] for i in kept], logits)
    by_index = dict(zip(kept, seen, strict=True))
    for i, p in alien.items():
        by_index[i] = Tagged(sentences[i], Part.OTHER, 1.0, _NOTHING, foreign=p)
    tagged = tuple(by_index.get(s.index) or Tagged(s, Part.OTHER, 1.0, _NOTHING) for s in sentences)
    read_at = set(kept)
    return tagged, tuple(i in read_at for i in range(len(sentences)))


def passages(share: Sequence[float] | NDArray[np.float64]) -> list[int]:
    """Rows that do not belong: those above ``FOREIGN``, and what adjoins them above ``FOREIGN_BESIDE``."""
    out: set[int] = set()
    for way in (range(len(share)), range(len(share) - 1, -1, -1)):
        beside = False
        for row in way:
            beside = bool(share[row] >= (FOREIGN_BESIDE if beside else FOREIGN))
            if beside:
                out.add(row)
    return sorted(out)


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
