"""The most likely sequence of parts, and how likely each part is given the whole sequence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def viterbi(emissions: Array, start: Array, transitions: Array) -> NDArray[np.int64]:
    """Decode the best path.

    Parameters
    ----------
    emissions : ndarray of shape (n_sentences, n_parts)
        Log scores of each part for each sentence.
    start : ndarray of shape (n_parts,)
        Log scores of the first part.
    transitions : ndarray of shape (n_parts, n_parts)
        Log scores of going from row to column.

    Returns
    -------
    ndarray of shape (n_sentences,)
        Part indices.
    """
    n = len(emissions)
    if n == 0:
        return np.zeros(0, dtype=np.int64)
    score = start + emissions[0]
    back = np.zeros((n, len(start)), dtype=np.int64)
    for i in range(1, n):
        through = score[:, None] + transitions
        back[i] = through.argmax(axis=0)
        score = through.max(axis=0) + emissions[i]
    path = np.zeros(n, dtype=np.int64)
    path[-1] = score.argmax()
    for i in range(n - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path


def marginals(emissions: Array, start: Array, transitions: Array) -> Array:
    """Probability of each part at each place under the same scores (forward-backward).

    Returns
    -------
    ndarray of shape (n_sentences, n_parts)
        Rows sum to 1.
    """
    n = len(emissions)
    if n == 0:
        return np.zeros((0, len(start)))
    forward = np.zeros_like(emissions)
    backward = np.zeros_like(emissions)
    forward[0] = start + emissions[0]
    for i in range(1, n):
        forward[i] = emissions[i] + _logsumexp(forward[i - 1][:, None] + transitions, axis=0)
    for i in range(n - 2, -1, -1):
        backward[i] = _logsumexp(transitions + (emissions[i + 1] + backward[i + 1])[None, :], axis=1)
    joint = forward + backward
    joint -= joint.max(axis=1, keepdims=True)
    probabilities = np.exp(joint)
    normalised: Array = probabilities / probabilities.sum(axis=1, keepdims=True)
    return normalised


def learn_transitions(
    sequences: Sequence[NDArray[np.int64]], n_parts: int, smoothing: float, weights: Sequence[float] | None = None
) -> tuple[Array, Array, Array]:
    """Count how parts follow each other.

    Parameters
    ----------
    sequences : sequence of ndarray of int
        Part indices of each answer.
    n_parts : int
    smoothing : float
        Added to every count.
    weights : sequence of float, optional
        One per answer.

    Returns
    -------
    tuple of ndarray
        Log start (n_parts,), log transitions (n_parts, n_parts) and log prior (n_parts,).
    """
    start = np.full(n_parts, smoothing)
    moves = np.full((n_parts, n_parts), smoothing)
    prior = np.full(n_parts, smoothing)
    for sequence, weight in zip(sequences, weights or [1.0] * len(sequences), strict=True):
        if len(sequence):
            start[sequence[0]] += weight
            np.add.at(moves, (sequence[:-1], sequence[1:]), weight)
            np.add.at(prior, sequence, weight)
    return (
        np.log(start / start.sum()),
        np.log(moves / moves.sum(axis=1, keepdims=True)),
        np.log(prior / prior.sum()),
    )


def _logsumexp(values: Array, axis: int) -> Array:
    top = values.max(axis=axis)
    total: Array = top + np.log(np.exp(values - np.expand_dims(top, axis)).sum(axis=axis))
    return total
