"""Encoders for a stack: one for each fold, so that every answer is read by one that never saw it,
and one on all answers, which is shipped (needs ``pip install starcheck[train]``).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from starcheck.assets import text_of
from starcheck.tagging.store import write_arrays
from starcheck.training.export import export
from starcheck.training.finetune import Example, Recipe, finetune, load_tokenizer, predict
from starcheck.training.prepare import Prepared
from starcheck.training.stack import Logits

RECIPE = Recipe()
SEED = 13


def examples(prepared: Sequence[Prepared]) -> list[Example]:
    """Training examples for the encoder."""
    return [Example(tuple(f.normal for f in p.facts), p.parts, p.competencies) for p in prepared]


def foreign_sentences() -> list[str]:
    """Sentences that belong to no answer."""
    return [line for line in text_of("data", "foreign.txt").splitlines() if line.strip()]


def train_encoder(
    prepared: Sequence[Prepared],
    folds: Sequence[NDArray[np.int64]],
    folder: Path,
    weights: str | None,
    say: Callable[[str], Any],
    recipe: Recipe = RECIPE,
) -> list[Logits | None]:
    """Train all encoders and write the shipped one with its memory.

    Parameters
    ----------
    prepared : sequence of Prepared
    folds : sequence of ndarray of int
        Indices of each fold.
    folder : pathlib.Path
        Gets ``encoder.onnx``, ``tokenizer.json`` and ``memory.npz``.
    weights : str or None
        Base weights: a hub name or a folder.
    say : callable
        Takes lines of progress.
    recipe : Recipe

    Returns
    -------
    list of ndarray
        Out-of-fold logits of each answer.
    """
    torch.set_num_threads(os.cpu_count() or 1)
    recipe = replace(recipe, base=weights) if weights else recipe
    shown, foreign = examples(prepared), foreign_sentences()
    tokenizer = load_tokenizer(recipe.base)
    logits: list[Logits | None] = [None] * len(prepared)
    for number, test in enumerate(folds, 1):
        held = set(test.tolist())
        say(f"Encoder of fold {number} of {len(folds)} ...")
        network = finetune([e for i, e in enumerate(shown) if i not in held], foreign, recipe, SEED + number)
        found = predict(network, tokenizer, [shown[i].sentences for i in sorted(held)])
        for i, x in zip(sorted(held), found, strict=True):
            logits[i] = x
    say("Encoder on all answers ...")
    export(finetune(shown, foreign, recipe, SEED), tokenizer, folder)
    memory = {p.answer.id: x.astype(np.float16) for p, x in zip(prepared, logits, strict=True) if x is not None}
    write_arrays(folder / "memory.npz", memory)
    return logits
