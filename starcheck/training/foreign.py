"""Sentences that belong to no interview answer: most teach the encoder, the others test it."""

from __future__ import annotations

from starcheck.assets import text_of

TESTED = 4
"""Every fourth sentence is kept from training, for the trust tests."""


def foreign_sentences(tested: bool) -> list[str]:
    """The sentences of ``data/foreign.txt`` that are trained on, or those that are tested with."""
    lines = [line for line in text_of("data", "foreign.txt").splitlines() if line.strip()]
    return [line for i, line in enumerate(lines) if (i % TESTED == 0) == tested]
