"""Encoders for a stack: one for each fold, so that every answer is read by one that never saw it,
and one on all answers, which is shipped (needs ``pip install starcheck[train]``).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
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
N_AT_ONCE = 2
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
    recipe = replace(recipe, base=weights) if weights else recipe
    shown, foreign = examples(prepared), foreign_sentences()
    everyone = list(range(len(prepared)))
    logits: list[Logits | None] = [None] * len(prepared)
    with ProcessPoolExecutor(N_AT_ONCE, mp_context=get_context("spawn")) as pool:
        whole = pool.submit(_train_whole, shown, foreign, recipe, folder)
        jobs = [
            pool.submit(
                _train_fold,
                shown,
                sorted(set(everyone) - set(held.tolist())),
                sorted(held.tolist()),
                foreign,
                recipe,
                n,
            )
            for n, held in enumerate(folds, 1)
        ]
        for n, (held, job) in enumerate(zip(folds, jobs, strict=True), 1):
            for i, x in zip(sorted(held.tolist()), job.result(), strict=True):
                logits[i] = x
            say(f"Encoder of fold {n} of {len(folds)} done.")
        whole.result()
    say("Encoder on all answers done.")
    memory = {p.answer.id: x.astype(np.float16) for p, x in zip(prepared, logits, strict=True) if x is not None}
    write_arrays(folder / "memory.npz", memory)
    return logits


def _train_whole(shown: list[Example], foreign: list[str], recipe: Recipe, folder: Path) -> None:
    _one_thread()
    export(finetune(shown, foreign, recipe, SEED), load_tokenizer(recipe.base), folder)


def _train_fold(
    shown: list[Example], train: list[int], held: list[int], foreign: list[str], recipe: Recipe, number: int
) -> list[NDArray[np.float32]]:
    """An encoder that has not seen the answers in ``held``, and what it says of them."""
    _one_thread()
    network = finetune([shown[i] for i in train], foreign, recipe, SEED + number)
    found: list[NDArray[np.float32]] = predict(network, load_tokenizer(recipe.base), [shown[i].sentences for i in held])
    return found


def _one_thread() -> None:
    """Two encoders at once on a thread each are faster than one after the other on two."""
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // N_AT_ONCE))
