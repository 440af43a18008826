"""Encoders for a stack: one for each fold, so that every answer is read by one that never saw it,
and the mean of several on all answers, which is shipped (needs ``pip install starcheck[train]``).
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

from starcheck.tagging.store import write_arrays
from starcheck.training.augment import Example
from starcheck.training.export import export
from starcheck.training.finetune import finetune, load_tokenizer, mean_of, predict
from starcheck.training.foreign import foreign_sentences
from starcheck.training.memory import memory_key
from starcheck.training.network import Network
from starcheck.training.prepare import Prepared, left_without
from starcheck.training.recipe import Recipe

RECIPE = Recipe()
N_AT_ONCE = 2
SEED = 13


def examples(prepared: Sequence[Prepared]) -> list[Example]:
    """Training examples for the encoder."""
    return [Example(tuple(f.normal for f in p.facts), p.parts, p.competencies) for p in prepared]


def train_encoder(
    prepared: Sequence[Prepared],
    folds: Sequence[NDArray[np.int64]],
    folder: Path,
    weights: str | None,
    say: Callable[[str], Any],
    seeds_to: Path | None = None,
    recipe: Recipe = RECIPE,
) -> None:
    """Train all encoders and write the shipped one with its memory.

    Parameters
    ----------
    prepared : sequence of Prepared
    folds : sequence of ndarray of int
        Indices of each fold.
    folder : pathlib.Path
        Gets ``encoder.onnx``, ``tokenizer.json`` and ``memory.npz``: out-of-fold logits of each answer by
        its id, and of the answer without each of its parts.
    weights : str or None
        Base weights: a hub name or a folder.
    say : callable
        Takes lines of progress.
    seeds_to : pathlib.Path, optional
        Folder that gets the encoder of each seed, to measure how far they differ.
    recipe : Recipe
    """
    recipe = replace(recipe, base=weights) if weights else recipe
    foreign = foreign_sentences(tested=False)
    memory: dict[str, NDArray[np.float16]] = {}
    with ProcessPoolExecutor(N_AT_ONCE, mp_context=get_context("spawn")) as pool:
        wholes = [pool.submit(_train_whole, examples(prepared), foreign, recipe, seed) for seed in recipe.seeds]
        jobs = []
        for n, held in enumerate(folds, 1):
            out = set(held.tolist())
            train = [p for i, p in enumerate(prepared) if i not in out]
            asked = {key: text for i in sorted(out) for key, text in views(prepared[i]).items()}
            jobs.append(pool.submit(_train_fold, examples(train), asked, foreign, recipe, n))
        networks = [whole.result() for whole in wholes]
        say(f"Encoders on all answers done: {len(networks)} of as many seeds.")
        for n, job in enumerate(jobs, 1):
            memory |= job.result()
            say(f"Encoder of fold {n} of {len(folds)} done.")
    tokenizer = load_tokenizer(recipe.base)
    if seeds_to is not None:
        for seed, network in zip(recipe.seeds, networks, strict=True):
            export(network, tokenizer, seeds_to / str(seed))
    export(mean_of(networks), tokenizer, folder)
    write_arrays(folder / "memory.npz", memory)


def views(prepared: Prepared) -> dict[str, list[str]]:
    """An answer's sentences by its id, and what is left without each part by ``memory_key``."""
    texts = [f.normal for f in prepared.facts]
    left = {memory_key(prepared, part): [texts[i] for i in rows] for part, rows in left_without(prepared).items()}
    return {prepared.answer.id: texts, **left}


def _train_whole(shown: list[Example], foreign: list[str], recipe: Recipe, seed: int) -> Network:
    _one_thread()
    return finetune(shown, foreign, recipe, seed)


def _train_fold(
    shown: list[Example], asked: dict[str, list[str]], foreign: list[str], recipe: Recipe, number: int
) -> dict[str, NDArray[np.float16]]:
    """Train without a fold, and say what that encoder sees in the answers of the fold."""
    _one_thread()
    network = finetune(shown, foreign, recipe, SEED + number)
    found = predict(network, load_tokenizer(recipe.base), list(asked.values()))
    return {key: logits.astype(np.float16) for key, logits in zip(asked, found, strict=True)}


def _one_thread() -> None:
    """Two encoders at once on a thread each are faster than one after the other on two."""
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // N_AT_ONCE))
