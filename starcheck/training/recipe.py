"""How the encoder is trained: every choice in one place, printed in the model card."""

from __future__ import annotations

from dataclasses import dataclass

HUB_NAME = "sentence-transformers/all-MiniLM-L6-v2"


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
    competency_weight: float = 2.5
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
    seeds: tuple[int, ...] = (13, 113, 213)
    """Of the shipped encoder, whose weights are the mean of as many trainings: of data order, dropout and variation.
    All begin from the same weights, so that their mean is one too (Wortsman et al. 2022, "Model soups")."""
