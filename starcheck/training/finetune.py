"""Fine-tune the encoder on labelled answers (needs ``pip install starcheck[train]``).

Three things are learned of each sentence at once: its part, the competencies that it evidences, and
whether it belongs to the answer at all. Everything random is seeded.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from starcheck.tagging.encoder import (
    COMPETENCY_COLUMNS,
    FOREIGN_COLUMN,
    OUTPUTS,
    PART_COLUMNS,
    pooling,
)
from starcheck.tagging.windows import WINDOW, windows
from starcheck.training.augment import Example, Item, batches, draw
from starcheck.training.network import Network
from starcheck.training.recipe import Recipe

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
FIRST_WEIGHTS = 13
"""Seed of the weights that the base model does not bring."""


def load_tokenizer(base: str) -> Any:
    """The fast tokeniser of the base weights."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(base, use_fast=True)


def finetune(examples: Sequence[Example], foreign: Sequence[str], recipe: Recipe, seed: int) -> Network:
    """Train on all examples.

    Parameters
    ----------
    examples : sequence of Example
    foreign : sequence of str
        Sentences that belong to no answer, to be mixed in.
    recipe : Recipe
    seed : int
        Of order, dropout and augmentation; all trainings begin from the same weights.

    Returns
    -------
    Network
        In evaluation mode.
    """
    torch.manual_seed(FIRST_WEIGHTS)
    network = Network(recipe).to(DEVICE).train()
    random.seed(seed)
    torch.manual_seed(seed)
    rng = random.Random(seed)
    tokenizer = load_tokenizer(recipe.base)
    optimiser = _optimiser(network, recipe)
    steps_an_epoch = len(batches(draw(examples, foreign, recipe, tokenizer, random.Random(0)), recipe, rng))
    total = steps_an_epoch * recipe.epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / max(1, recipe.warmup * total), max(0.02, 1 - step / total))
    )
    for _ in range(recipe.epochs):
        drawn = draw(examples, foreign, recipe, tokenizer, rng)
        for batch in batches(drawn, recipe, rng):
            loss = _loss(network, batch, recipe)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
    return network.cpu().eval()


def mean_of(networks: Sequence[Network]) -> Network:
    """One network whose weights are the means of those of several; the first is changed."""
    states = [n.state_dict() for n in networks]
    mean = {name: torch.stack([state[name].float() for state in states]).mean(0) for name in states[0]}
    networks[0].load_state_dict({name: value.to(states[0][name].dtype) for name, value in mean.items()})
    return networks[0]


def _optimiser(network: Network, recipe: Recipe) -> torch.optim.Optimizer:
    body = [p for part in (network.body, network.last) for p in part.parameters() if p.requires_grad]
    return torch.optim.AdamW(
        [
            {"params": body, "lr": recipe.learning_rate, "weight_decay": recipe.weight_decay},
            {"params": network.head.parameters(), "lr": recipe.head_learning_rate, "weight_decay": 0.0},
        ]
    )


def _loss(network: Network, batch: Sequence[Item], recipe: Recipe) -> Any:
    # Few different lengths: the processor's kernels are prepared, and kept, for each one anew.
    longest = min(WINDOW, -(-max(len(item.window.ids) for item in batch) // 64) * 64)
    most = max(len(item.window.spans) for item in batch)
    ids = torch.zeros((len(batch), longest), dtype=torch.long)
    mask = torch.zeros((len(batch), longest), dtype=torch.long)
    pool = torch.zeros((len(batch), most, longest))
    real = torch.zeros((len(batch), most), dtype=torch.bool)
    for b, item in enumerate(batch):
        n = len(item.window.ids)
        ids[b, :n] = torch.tensor(item.window.ids)
        mask[b, :n] = 1
        matrix = pooling(np.asarray(item.window.spans), n)
        pool[b, : len(matrix), :n] = torch.from_numpy(matrix)
        real[b, : len(matrix)] = True
    with torch.autocast(DEVICE, dtype=torch.bfloat16):
        logits = network(ids.to(DEVICE), pool.to(DEVICE), mask.to(DEVICE))
    logits = logits.float().cpu()[real]
    parts = torch.from_numpy(np.vstack([item.parts for item in batch]))
    competencies = torch.from_numpy(np.vstack([item.competencies for item in batch]))
    foreign = torch.from_numpy(np.vstack([item.foreign for item in batch]))
    binary = nn.functional.binary_cross_entropy_with_logits
    part_loss = nn.functional.cross_entropy(logits[:, PART_COLUMNS], parts, label_smoothing=recipe.label_smoothing)
    competency_loss = binary(logits[:, COMPETENCY_COLUMNS], competencies)
    foreign_loss = binary(logits[:, FOREIGN_COLUMN, None], foreign)
    return part_loss + recipe.competency_weight * competency_loss + recipe.foreign_weight * foreign_loss


@torch.no_grad()
def predict(network: Network, tokenizer: Any, answers: Sequence[Sequence[str]]) -> list[NDArray[np.float32]]:
    """Logits of every sentence of every answer, as ``tagging.encoder`` gives them."""
    out = []
    for sentences in answers:
        logits = np.zeros((len(sentences), len(OUTPUTS)), dtype=np.float32)
        ids = tokenizer(list(sentences), add_special_tokens=False)["input_ids"]
        for window in windows(ids, tokenizer.cls_token_id, tokenizer.sep_token_id):
            pool = pooling(np.asarray(window.spans), len(window.ids))
            ids_of_window = torch.tensor([window.ids])
            found = network(ids_of_window, torch.from_numpy(pool)[None], torch.ones_like(ids_of_window))[0].numpy()
            kept = np.asarray(window.kept)
            logits[np.asarray(window.sentences)[kept]] = found[kept]
        out.append(logits)
    return out
