"""What the encoder is shown in an epoch: the answers, varied in the ways that people's answers vary."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from starcheck.records import PARTS
from starcheck.tagging.windows import Window, windows
from starcheck.training.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Example:
    """One answer to learn from: normalised sentences and soft targets."""

    sentences: tuple[str, ...]
    parts: NDArray[np.float32]
    """(n, 6), rows sum to 1."""
    competencies: NDArray[np.float32]
    """(n, 7), between 0 and 1."""


@dataclass(frozen=True, slots=True)
class Item:
    """A window with its targets."""

    window: Window
    parts: NDArray[np.float32]
    competencies: NDArray[np.float32]
    foreign: NDArray[np.float32]


def draw(
    examples: Sequence[Example], foreign: Sequence[str], recipe: Recipe, tokenizer: Any, rng: random.Random
) -> list[Item]:
    """One epoch's view of the examples, varied."""
    items = []
    cls, sep = tokenizer.cls_token_id, tokenizer.sep_token_id
    for example in examples:
        told = _varied(example, foreign, recipe, rng)
        sentences, view = _told(example, told)
        if rng.random() < recipe.plain_share:
            sentences = [plain(s) for s in sentences]
        ids = tokenizer(sentences, add_special_tokens=False)["input_ids"]
        for window in windows(ids, cls, sep):
            rows = np.asarray(window.sentences)
            items.append(Item(window, *(column[rows] for column in view)))
    return items


def _varied(example: Example, foreign: Sequence[str], recipe: Recipe, rng: random.Random) -> list[int | str]:
    """Which of an answer's sentences are told, by their number, in what order, and with what in between."""
    told: list[int | str] = list(range(len(example.sentences)))
    if rng.random() < recipe.cut_share and len(told) > 5:
        length = rng.randint(1, len(told) // 3)
        first = rng.randint(0, len(told) - length)
        del told[first : first + length]
    if rng.random() < recipe.missing_share and len(told) > 3:
        labels = example.parts.argmax(axis=1)
        gone = rng.choice(sorted({int(labels[i]) for i in told if isinstance(i, int)}))
        told = [i for i in told if isinstance(i, int) and labels[i] != gone] or told
    if rng.random() < recipe.shuffled_share:
        rng.shuffle(told)
    if foreign and rng.random() < recipe.foreign_share:
        for _ in range(rng.randint(1, max(1, len(told) // 3))):
            told.insert(len(told) if rng.random() < 0.6 else rng.randint(0, len(told)), rng.choice(foreign))
    return told


def _told(example: Example, told: Sequence[int | str]) -> tuple[list[str], tuple[NDArray[np.float32], ...]]:
    """The sentences told, and for each its part, its competencies and whether it is foreign."""
    n = len(told)
    sentences = [example.sentences[i] if isinstance(i, int) else i for i in told]
    parts = np.tile(np.eye(len(PARTS), dtype=np.float32)[-1], (n, 1))
    competencies = np.zeros((n, example.competencies.shape[1]), dtype=np.float32)
    alien = np.ones((n, 1), dtype=np.float32)
    for row, i in enumerate(told):
        if isinstance(i, int):
            parts[row], competencies[row], alien[row] = example.parts[i], example.competencies[i], 0
    return sentences, (parts, competencies, alien)


def plain(text: str) -> str:
    """A sentence as dictation gives it: no case and little punctuation."""
    kept = "".join(c for c in text if c.isalnum() or c.isspace() or c in "'%$\u00a3\u20ac.")
    return kept.lower() or text


def batches(items: Sequence[Item], recipe: Recipe, rng: random.Random) -> list[list[Item]]:
    """Windows of like length together, at most ``batch_tokens`` padded tokens a batch."""
    order = sorted(range(len(items)), key=lambda i: (len(items[i].window.ids) + rng.random() * 40, i))
    out: list[list[Item]] = [[]]
    for i in order:
        longest = len(items[i].window.ids)
        if out[-1] and longest * (len(out[-1]) + 1) > recipe.batch_tokens:
            out.append([])
        out[-1].append(items[i])
    rng.shuffle(out)
    return out
