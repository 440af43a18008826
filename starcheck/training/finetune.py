"""Fine-tune the encoder on labelled answers and export it (needs ``pip install starcheck[train]``).

The network reads whole answers laid out by ``tagging.windows``; each sentence's token vectors are
averaged and three heads speak of it: its part, the competencies that it evidences, and whether it
belongs to the answer at all. Everything random is seeded.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from starcheck.records import COMPETENCIES, PARTS
from starcheck.tagging.encoder import OUTPUTS, pooling
from starcheck.tagging.windows import WINDOW, Window, windows

HUB_NAME = "sentence-transformers/all-MiniLM-L6-v2"
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
N_PARTS, N_COMPETENCIES = len(PARTS), len(COMPETENCIES)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the encoder is trained; the card prints it."""

    base: str = HUB_NAME
    layers: int = 5
    frozen_layers: int = 0
    epochs: int = 3
    batch_tokens: int = 2500
    learning_rate: float = 1e-4
    head_learning_rate: float = 1e-3
    warmup: float = 0.1
    weight_decay: float = 0.01
    dropout: float = 0.1
    label_smoothing: float = 0.05
    competency_weight: float = 1.5
    foreign_weight: float = 0.3
    plain_share: float = 0.2
    """Answers shown in lower case without punctuation, as dictated text comes."""
    foreign_share: float = 0.2
    """Answers into which sentences are put that do not belong there."""
    cut_share: float = 0.05
    """Answers from which a run of sentences is left out."""
    missing_share: float = 0.3
    """Answers from which a whole part is left out: what is missing must not be seen elsewhere."""
    shuffled_share: float = 0.12
    """Answers told in random order: people are less tidy than the corpus."""


@dataclass(frozen=True, slots=True)
class Example:
    """One answer to learn from: normalised sentences and soft targets."""

    sentences: tuple[str, ...]
    parts: NDArray[np.float32]
    """(n, 6), rows sum to 1."""
    competencies: NDArray[np.float32]
    """(n, 7), between 0 and 1."""


class Network(nn.Module):
    """Transformer whose last layer asks for sentences only; then one linear layer.

    All layers but the last read tokens. Their vectors are averaged into sentence vectors, and these
    alone are the queries of the last layer, which sees all tokens: a layer more of understanding for a
    sixth of its cost.
    """

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        from transformers import AutoModel

        self.body: Any = AutoModel.from_pretrained(
            recipe.base,
            attn_implementation="eager",
            hidden_dropout_prob=recipe.dropout,
            attention_probs_dropout_prob=recipe.dropout,
        )
        self.body.pooler = None
        layers = self.body.encoder.layer
        self.last = layers[recipe.layers - 1]
        self.body.encoder.layer = layers[: recipe.layers - 1]
        self.heads = self.body.config.num_attention_heads
        self.head = nn.Linear(self.body.config.hidden_size, len(OUTPUTS))
        for frozen in (self.body.embeddings, *self.body.encoder.layer[: recipe.frozen_layers]):
            frozen.requires_grad_(False)

    def forward(self, ids: Any, pool: Any, mask: Any) -> Any:
        """Logits of every sentence, (n_answers, n_sentences, len(OUTPUTS))."""
        hidden = self.body(input_ids=ids, attention_mask=mask).last_hidden_state
        sentences = torch.matmul(pool.to(hidden.dtype), hidden)
        return self.head(self._ask(sentences, hidden, mask).float())

    def _ask(self, sentences: Any, hidden: Any, mask: Any) -> Any:
        """The last layer, its queries from sentences and its keys and values from tokens."""
        attention = self.last.attention
        query, key, value = (
            self._split(part(x))
            for part, x in (
                (attention.self.query, sentences),
                (attention.self.key, hidden),
                (attention.self.value, hidden),
            )
        )
        scores = torch.matmul(query, key.transpose(-1, -2)) / query.shape[-1] ** 0.5
        scores = scores + (1 - mask[:, None, None, :].to(scores.dtype)) * -1e4
        context = torch.matmul(scores.softmax(-1), value).transpose(1, 2)
        context = context.reshape(context.shape[0], context.shape[1], -1)
        asked = attention.output(context, sentences)
        return self.last.output(self.last.intermediate(asked), asked)

    def _split(self, x: Any) -> Any:
        return x.reshape(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)


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
        Of initialisation, order, dropout and augmentation.

    Returns
    -------
    Network
        In evaluation mode.
    """
    random.seed(seed)
    torch.manual_seed(seed)
    rng = random.Random(seed)
    tokenizer = load_tokenizer(recipe.base)
    network = Network(recipe).to(DEVICE).train()
    optimiser = _optimiser(network, recipe)
    steps_an_epoch = len(_batches(_draw(examples, foreign, recipe, tokenizer, random.Random(0)), recipe, rng))
    total = steps_an_epoch * recipe.epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / max(1, recipe.warmup * total), max(0.02, 1 - step / total))
    )
    for _ in range(recipe.epochs):
        drawn = _draw(examples, foreign, recipe, tokenizer, rng)
        for batch in _batches(drawn, recipe, rng):
            loss = _loss(network, batch, recipe)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
    return network.cpu().eval()


def _optimiser(network: Network, recipe: Recipe) -> torch.optim.Optimizer:
    body = [p for part in (network.body, network.last) for p in part.parameters() if p.requires_grad]
    return torch.optim.AdamW(
        [
            {"params": body, "lr": recipe.learning_rate, "weight_decay": recipe.weight_decay},
            {"params": network.head.parameters(), "lr": recipe.head_learning_rate, "weight_decay": 0.0},
        ]
    )


@dataclass(frozen=True, slots=True)
class _Item:
    window: Window
    parts: NDArray[np.float32]
    competencies: NDArray[np.float32]
    foreign: NDArray[np.float32]


def _draw(
    examples: Sequence[Example], foreign: Sequence[str], recipe: Recipe, tokenizer: Any, rng: random.Random
) -> list[_Item]:
    """One epoch's view of the examples, augmented."""
    items = []
    cls, sep = tokenizer.cls_token_id, tokenizer.sep_token_id
    for example in examples:
        sentences, parts, competencies, alien = _augment(example, foreign, recipe, rng)
        ids = tokenizer(sentences, add_special_tokens=False)["input_ids"]
        for window in windows(ids, cls, sep):
            rows = np.asarray(window.sentences)
            items.append(_Item(window, parts[rows], competencies[rows], alien[rows]))
    return items


def _augment(
    example: Example, foreign: Sequence[str], recipe: Recipe, rng: random.Random
) -> tuple[list[str], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    sentences = list(example.sentences)
    parts, competencies = example.parts, example.competencies
    alien = np.zeros((len(sentences), 1), dtype=np.float32)
    if rng.random() < recipe.cut_share and len(sentences) > 5:
        length = rng.randint(1, len(sentences) // 3)
        first = rng.randint(0, len(sentences) - length)
        keep = [i for i in range(len(sentences)) if not first <= i < first + length]
        sentences = [sentences[i] for i in keep]
        parts, competencies, alien = parts[keep], competencies[keep], alien[keep]
    if rng.random() < recipe.missing_share and len(sentences) > 3:
        gone = rng.choice(sorted(set(parts.argmax(axis=1).tolist())))
        keep = [i for i in range(len(sentences)) if parts[i].argmax() != gone]
        if keep:
            sentences = [sentences[i] for i in keep]
            parts, competencies, alien = parts[keep], competencies[keep], alien[keep]
    if rng.random() < recipe.shuffled_share:
        order = rng.sample(range(len(sentences)), len(sentences))
        sentences = [sentences[i] for i in order]
        parts, competencies, alien = parts[order], competencies[order], alien[order]
    if foreign and rng.random() < recipe.foreign_share:
        for _ in range(rng.randint(1, max(1, len(sentences) // 3))):
            at = len(sentences) if rng.random() < 0.6 else rng.randint(0, len(sentences))
            sentences.insert(at, rng.choice(foreign))
            other = np.eye(N_PARTS, dtype=np.float32)[N_PARTS - 1]
            parts = np.insert(parts, at, other, axis=0)
            competencies = np.insert(competencies, at, 0, axis=0)
            alien = np.insert(alien, at, 1, axis=0)
    if rng.random() < recipe.plain_share:
        sentences = [plain(s) for s in sentences]
    return sentences, parts, competencies, alien


def plain(text: str) -> str:
    """A sentence as dictation gives it: no case and little punctuation."""
    kept = "".join(c for c in text if c.isalnum() or c.isspace() or c in "'%$\u00a3\u20ac.")
    return kept.lower() or text


def _batches(items: Sequence[_Item], recipe: Recipe, rng: random.Random) -> list[list[_Item]]:
    """Windows of like length together, at most ``batch_tokens`` padded tokens a batch."""
    order = sorted(range(len(items)), key=lambda i: (len(items[i].window.ids) + rng.random() * 40, i))
    batches: list[list[_Item]] = [[]]
    for i in order:
        longest = len(items[i].window.ids)
        if batches[-1] and longest * (len(batches[-1]) + 1) > recipe.batch_tokens:
            batches.append([])
        batches[-1].append(items[i])
    rng.shuffle(batches)
    return batches


def _loss(network: Network, batch: Sequence[_Item], recipe: Recipe) -> Any:
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
    part_loss = nn.functional.cross_entropy(logits[:, :N_PARTS], parts, label_smoothing=recipe.label_smoothing)
    competency_loss = binary(logits[:, N_PARTS : N_PARTS + N_COMPETENCIES], competencies)
    foreign_loss = binary(logits[:, -1:], foreign)
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
