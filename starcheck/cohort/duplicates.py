"""Answers that are nearly the same: for a person to look at, never an accusation.

Signatures are datasketch's MinHash over runs of three words. The banding that finds candidates is
done on one array for the whole cohort, because datasketch's own index keeps a set a band and row:
estimated at 100,000 rows, several times the memory that the rest of a run needs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from starcheck.cohort.files import need

PERMUTATIONS = 64
_BANDS, _WIDTH = 16, 4
"""Two texts of similarity s share a band with probability 1 - (1 - s**4)**16: 90 % at 0.6."""
NEAR = 0.6
"""Estimated share of common word runs (Jaccard) from which two answers are shown together."""
FEWEST_WORDS = 20
"""Shorter texts are alike by chance."""
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")


@dataclass(frozen=True, slots=True)
class Group:
    """Rows whose answers are nearly the same."""

    rows: tuple[int, ...]
    similarity: float
    """Least estimated similarity of a member to its nearest in the group."""


def sketch(text: str) -> NDArray[np.uint32] | None:
    """The MinHash signature of an answer; None if it is too short to compare."""
    words = _WORD.findall(text.lower())
    if len(words) < FEWEST_WORDS:
        return None
    datasketch = need("datasketch", "Finding near-duplicates")
    signature = datasketch.MinHash(num_perm=PERMUTATIONS, seed=1)
    signature.update_batch([" ".join(words[i : i + 3]).encode() for i in range(len(words) - 2)])
    return np.asarray(signature.hashvalues, dtype=np.uint32)


def groups(rows: Sequence[int] | NDArray[Any], signatures: NDArray[np.uint32], people: Sequence[str]) -> list[Group]:
    """Find near-duplicates across people.

    Parameters
    ----------
    rows : sequence of int
        Row numbers.
    signatures : array of shape (n, PERMUTATIONS)
    people : sequence of str
        Whose answer it is; two answers of one person are no finding.

    Returns
    -------
    list of Group
        By first row.
    """
    if len(rows) < 2:
        return []
    pairs = _pairs(signatures, np.unique(np.asarray(people, dtype=object).astype(str), return_inverse=True)[1])
    if not pairs:
        return []
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    left, right = np.array(list(pairs)).T
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(len(rows), len(rows)))
    _, label = connected_components(graph, directed=False)
    nearest = np.zeros(len(rows))
    for (a, b), similarity in pairs.items():
        nearest[a], nearest[b] = max(nearest[a], similarity), max(nearest[b], similarity)
    members: dict[int, list[int]] = {}
    for i in np.unique(np.concatenate([left, right])):
        members.setdefault(int(label[i]), []).append(int(i))
    found = [Group(tuple(int(rows[i]) for i in m), round(float(nearest[m].min()), 2)) for m in members.values()]
    return sorted(found, key=lambda g: g.rows)


def _pairs(signatures: NDArray[np.uint32], person: NDArray[np.int64]) -> dict[tuple[int, int], float]:
    """Candidates that share a band, confirmed on the whole signature."""
    confirmed: dict[tuple[int, int], float] = {}
    for band in range(_BANDS):
        part = np.ascontiguousarray(signatures[:, band * _WIDTH : (band + 1) * _WIDTH])
        keys = part.view(np.dtype((np.void, part.dtype.itemsize * _WIDTH))).ravel()
        order = np.argsort(keys, kind="stable")
        same = np.flatnonzero(keys[order][1:] == keys[order][:-1])
        start: int | None = None
        last = -2
        for at in same:
            if at != last + 1 or start is None:
                start = int(order[at])
            last = int(at)
            # To the bucket's first and to the neighbour: a thousand copies cost thousands of pairs, not millions.
            for a in {start, int(order[at])}:
                _confirm(confirmed, signatures, person, a, int(order[at + 1]))
    return confirmed


def _confirm(
    confirmed: dict[tuple[int, int], float], signatures: NDArray[np.uint32], person: NDArray[np.int64], a: int, b: int
) -> None:
    pair = (min(a, b), max(a, b))
    if pair in confirmed or person[a] == person[b]:
        return
    similarity = float(np.mean(signatures[a] == signatures[b]))
    if similarity >= NEAR:
        confirmed[pair] = similarity
