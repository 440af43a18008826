"""Where one sentence ends and the next begins, with exact character offsets.

Line breaks part sentences (bullets, headings, typed lists), unless a mail program or an editor wrapped
the line there; within a line full stops, question and exclamation marks do, abbreviations and initials
excepted. Only where people leave those marks out are the parser's own boundaries used: in a stretch longer
than ``LONG`` words (dictated text), and before a capital that follows a small word (a full stop forgotten).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from starcheck.records import Sentence

LONG = 45
"""Words after which a stretch without a stop is cut where the parser sees a new sentence."""
SHORTEST = 5
"""Fewest words of a piece that such a cut may leave."""

WRAPPED = (40, 120)
"""Widths, in characters, at which programs wrap lines."""
FEWEST_WRAPPED = 3
"""Lines from which a full measure is no accident."""

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
# Possessive and from the start of a run only: else a million full stops would take hours.
_STOP = re.compile(r"(?<![.!?\u2026])[.!?\u2026]++[\"')\]\u201d\u2019]*+(?=\s)")
_LAST_WORD = re.compile(r"(\S+)$")
_TITLES = frozenset("dr mr mrs ms prof st vs e.g i.e eg ie approx fig".split())
"""Abbreviations that never end a sentence."""
_ABBREVIATIONS = frozenset(
    "etc sr jr dept no inc ltd co corp jan feb mar apr jun jul aug sept sep oct nov dec "
    "a.m p.m u.s u.k ph.d b.sc m.sc".split()
)
"""Abbreviations that end a sentence only where a capital follows."""
_SMALL_WORD = re.compile(r"(?<!\S)[a-z][a-z'\u2019]*\s+$")
_CAPITAL = re.compile(r"[A-Z][a-z]")
_NUMBERING = re.compile(r"^\s*(?:\d{1,2}|[a-hA-H])[.)]$")


def segment(text: str, parsed_starts: Sequence[int] = (), sure_starts: Sequence[int] = ()) -> tuple[Sentence, ...]:
    """Cut a text into sentences.

    Parameters
    ----------
    text : str
        Any text: no character is changed or dropped except white space between sentences.
    parsed_starts : sequence of int, optional
        Sorted character offsets at which the parser begins a sentence; used where no stop stands.
    sure_starts : sequence of int, optional
        Sorted character offsets at which a sentence begins, whatever the parser says.

    Returns
    -------
    tuple of Sentence
        In order, not overlapping, none blank; ``text[s.start:s.end] == s.text``.
    """
    stretches = (piece for span in _stretches(text) for piece in _cut_at(text, span, sure_starts))
    spans = (piece for span in stretches for piece in _cut(text, span, parsed_starts))
    return tuple(Sentence(text[start:end], start, end, index) for index, (start, end) in enumerate(spans))


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Spans between line breaks and stops, white space trimmed, blanks left out."""
    for start, end in _lines(text):
        for stop in _STOP.finditer(text, start, end):
            if _ends_sentence(text, start, stop, end):
                yield from _trimmed(text, start, stop.end())
                start = stop.end()
        yield from _trimmed(text, start, end)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Spans of lines; the lines of a paragraph that a program wrapped are one."""
    block: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        if block and text[block[-1][1] : line.start()] not in ("\n", "\r\n", "\r"):
            yield from _unwrapped(text, block)
            block = []
        block.append(line.span())
    yield from _unwrapped(text, block)


def _unwrapped(text: str, block: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """One span where every line but the last is as full as its width allows: the next word would not fit."""
    lines = [text[start:end].rstrip() for start, end in block]
    widest = max(map(len, lines), default=0)
    if len(lines) < FEWEST_WRAPPED or not WRAPPED[0] <= widest <= WRAPPED[1]:
        return block
    full = all(len(line) + 1 + len(after.split(maxsplit=1)[0]) > widest for line, after in pairwise(lines) if after)
    return [(block[0][0], block[-1][1])] if full and all(lines) else block


def _ends_sentence(text: str, start: int, stop: re.Match[str], line_end: int) -> bool:
    mark = stop.group()
    rest = text[stop.end() : line_end].lstrip()
    if not rest:
        return True
    goes_on = rest[0].islower()
    if mark[0] == "\u2026" or mark.startswith("..") or mark[-1] not in ".!?\u2026":
        return not goes_on
    if mark != ".":
        return True
    before = text[start : stop.start()]
    if _NUMBERING.match(before + "."):
        return False
    word = _LAST_WORD.search(before)
    if word is None:
        return True
    last = word.group(1).lstrip("(\"'\u201c").lower()
    is_initial = len(last) == 1 and last.isalpha() and last != "i" and word.group(1).isupper()
    if last in _ABBREVIATIONS:
        return not goes_on and not rest[0].isdigit()
    return not (last in _TITLES or is_initial)


def _cut_at(text: str, span: tuple[int, int], starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    bounds = [span[0], *starts[bisect_left(starts, span[0] + 1) : bisect_left(starts, span[1])], span[1]]
    for start, end in pairwise(bounds):
        yield from _trimmed(text, start, end)


def _cut(text: str, span: tuple[int, int], starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    start, end = span
    is_long = len(text[start:end].split()) > LONG
    for cut in starts[bisect_left(starts, start + 1) : bisect_left(starts, end)]:
        stop_is_missing = is_long or (_SMALL_WORD.search(text, start, cut) and _CAPITAL.match(text, cut, end))
        enough = min(len(text[start:cut].split()), len(text[cut:end].split())) >= SHORTEST
        if stop_is_missing and enough:
            yield from _trimmed(text, start, cut)
            start = cut
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    kept = piece.strip()
    if kept:
        start += piece.index(kept)
        yield start, start + len(kept)
