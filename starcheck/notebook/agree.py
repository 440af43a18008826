"""How far two labellings of the same sentences agree."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from starcheck.errors import CorpusError
from starcheck.records import PARTS, Part

Labels = Mapping[tuple[str, int, int], Part]
"""Part of a sentence, by the id of its answer and its bounds there."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of two labellings on the sentences that both labelled."""

    with_whom: str
    sentences: int
    same: int
    kappa: float | None
    """Cohen's kappa: 0 is what chance gives, 1 is full agreement. None where it cannot be said."""

    def __str__(self) -> str:
        if not self.sentences:
            return f"Agreement with {self.with_whom}: no sentence in common yet."
        kappa = "" if self.kappa is None else f", kappa {self.kappa:.2f}"
        return f"Agreement with {self.with_whom}: {self.same} of {self.sentences} sentences the same{kappa}."


def agreement(mine: Labels, theirs: Labels, with_whom: str) -> Agreement:
    """Compare two labellings."""
    pairs = [(mine[place], theirs[place]) for place in mine if place in theirs]
    same = sum(a == b for a, b in pairs)
    return Agreement(with_whom, len(pairs), same, _kappa(pairs))


def _kappa(pairs: list[tuple[Part, Part]]) -> float | None:
    n = len(pairs)
    if not n:
        return None
    observed = sum(a == b for a, b in pairs) / n
    chance = sum(sum(a == p for a, _ in pairs) * sum(b == p for _, b in pairs) for p in PARTS) / n**2
    # Two who use one and the same label throughout leave chance nothing to miss.
    return None if chance == 1 else (observed - chance) / (1 - chance)


def labels_in(path: Path) -> dict[tuple[str, int, int], Part]:
    """The sentence labels of a corpus file.

    Raises
    ------
    CorpusError
        If the file cannot be read, or a line is no labelled answer with offsets.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"The labels in {str(path)!r} cannot be read ({error}): give a .jsonl file.") from None
    return {place: part for n, line in enumerate(lines, 1) if line.strip() for place, part in _labels(line, path, n)}


def _labels(line: str, path: Path, number: int) -> Iterable[tuple[tuple[str, int, int], Part]]:
    try:
        record = json.loads(line)
        return [
            ((str(record["id"]), int(s["start"]), int(s["end"])), Part(s["part"]))
            for s in record["sentences"]
            if s["part"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise CorpusError(
            f"{path.name}, line {number}: no labelled answer ({error}); each needs 'id' and 'sentences' with 'start', "
            f"'end' and 'part' (one of {', '.join(PARTS)})."
        ) from None
