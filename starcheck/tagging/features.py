"""What the experts see of each sentence: syntax, lemmas, place in the answer, the encoder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from starcheck.records import PARTS, Facts

N_PARTS = len(PARTS)
N_PLACES = 7
N_HEARD = 4 * N_PARTS

_CARRIED = ("root=", "subject=", "modal=", "count=outcome", "count=duty", "count=lesson")
"""Features of the sentences before and after that a sentence also gets."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One answer as the estimators take it: facts of each sentence, the encoder's logits if any."""

    facts: tuple[Facts, ...]
    logits: NDArray[np.float32] | None = None
    """Of shape (n_sentences, len(encoder.OUTPUTS))."""

    def __len__(self) -> int:
        return len(self.facts)


def words_of(evidence: Evidence) -> Iterator[list[str]]:
    """Named features of each sentence of an answer, its neighbours' carried over."""
    syntax = [f.syntax for f in evidence.facts]
    for i, own in enumerate(syntax):
        names = list(own)
        names += [f"before:{n}" for n in (_carried(syntax[i - 1]) if i else ["none"])]
        names += [f"after:{n}" for n in (_carried(syntax[i + 1]) if i + 1 < len(syntax) else ["none"])]
        yield names


def _carried(syntax: Sequence[str]) -> list[str]:
    return [n for n in syntax if n.startswith(_CARRIED)]


def places(n: int) -> NDArray[np.float64]:
    """Where each of ``n`` sentences stands in the answer.

    Returns
    -------
    ndarray of shape (n, N_PLACES)
        Relative place, its square, closeness to the start and to the end, first, last, length.
    """
    at = np.arange(n)
    relative = at / max(n - 1, 1)
    columns = (
        relative,
        relative**2,
        1 / (1 + at),
        1 / (n - at),
        at == 0,
        at == n - 1,
        np.full(n, min(n, 20) / 20),
    )
    return np.stack([np.asarray(c, dtype=float) for c in columns], axis=1)


def encoder_view(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """What the encoder thinks of each sentence and of the two around it.

    Returns
    -------
    ndarray of shape (n_sentences, N_HEARD)
        Log probabilities, probabilities, and those of the sentences before and after.
    """
    own = logits[:, :N_PARTS].astype(float)
    own = own - own.max(axis=1, keepdims=True)
    log = own - np.log(np.exp(own).sum(axis=1, keepdims=True))
    probabilities = np.exp(log)
    none = np.zeros((1, N_PARTS))
    before = np.vstack([none, probabilities[:-1]])
    after = np.vstack([probabilities[1:], none])
    return np.hstack([np.maximum(log, -6.0), probabilities, before, after])
