"""How an answer is laid out for the encoder; shared by training and scoring, so they agree.

``[CLS] sentence [SEP] sentence [SEP] ...``, whole sentences only. An answer longer than one window
is read in several, overlapping by half, and every sentence is taken from the window in which it
lies farthest from an edge, so it is read with context on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WINDOW = 512
"""Tokens in a window: the encoder has no more positions."""
LONGEST_SENTENCE = 120
"""Tokens of one sentence that are read; the rest of a run-on adds cost and no evidence."""


@dataclass(frozen=True, slots=True)
class Window:
    """Token ids of one window, and where each of its sentences lies in them."""

    ids: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    sentences: tuple[int, ...]
    """Index in the answer of each span."""
    kept: tuple[bool, ...]
    """Whether this window, of all that hold the sentence, is the one it is taken from."""


def windows(pieces: Sequence[Sequence[int]], cls: int, sep: int, size: int = WINDOW) -> list[Window]:
    """Lay sentences out in windows.

    Parameters
    ----------
    pieces : sequence of sequence of int
        Token ids of each sentence, without special tokens.
    cls, sep : int
        Ids of the special tokens.
    size : int, default=WINDOW
        Most tokens a window may hold.

    Returns
    -------
    list of Window
        Each sentence is kept in exactly one window.
    """
    longest = min(LONGEST_SENTENCE, size - 2)  # beside [CLS] and its own [SEP]
    cut = [tuple(piece[:longest]) for piece in pieces]
    groups = _groups([len(piece) + 1 for piece in cut], size - 1)
    best: dict[int, tuple[int, int]] = {}
    for g, (first, last) in enumerate(groups):
        for s in range(first, last):
            left = s - first if first else len(cut)
            right = last - 1 - s if last < len(cut) else len(cut)
            depth = min(left, right)
            if s not in best or depth > best[s][0]:
                best[s] = (depth, g)
    return [_lay_out(cut, first, last, cls, sep, best, g) for g, (first, last) in enumerate(groups)]


def _groups(lengths: Sequence[int], room: int) -> list[tuple[int, int]]:
    """Runs of sentences that fit ``room``, each beginning in the middle of the one before."""
    groups: list[tuple[int, int]] = []
    first = 0
    while first < len(lengths):
        last, used = first, 0
        while last < len(lengths) and used + lengths[last] <= room:
            used += lengths[last]
            last += 1
        groups.append((first, last))
        if last == len(lengths):
            break
        first = max(first + 1, (first + last) // 2)
    return groups


def _lay_out(
    cut: Sequence[tuple[int, ...]],
    first: int,
    last: int,
    cls: int,
    sep: int,
    best: dict[int, tuple[int, int]],
    group: int,
) -> Window:
    ids: list[int] = [cls]
    spans: list[tuple[int, int]] = []
    for s in range(first, last):
        spans.append((len(ids), len(ids) + len(cut[s]) + 1))  # its [SEP] belongs to the sentence
        ids.extend(cut[s])
        ids.append(sep)
    inside = tuple(range(first, last))
    return Window(tuple(ids), tuple(spans), inside, tuple(best[s][1] == group for s in inside))
