"""The encoder's network: a transformer that reads an answer and speaks of each sentence (needs torch)."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from starcheck.tagging.encoder import OUTPUTS, PART_COLUMNS
from starcheck.training.recipe import Recipe

RARE = -3.0
"""Log odds of what one sentence in twenty is: evidence of a competency, or foreign."""


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
        # What is rare starts as rare: else the first epoch is spent on learning that it is.
        self.head.bias.data[PART_COLUMNS.stop :] = RARE
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
