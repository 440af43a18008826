"""How far two readers agree: kappa for labels, weighted kappa for ratings, Krippendorff's alpha."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import krippendorff
import numpy as np
from sklearn.metrics import cohen_kappa_score

from starcheck.assets import asset
from starcheck.records import ANSWER_TYPES, COMPETENCIES, PARTS, STAR
from starcheck.training.corpus import OWNERSHIP, LabelledAnswer, read


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of two readers on one field."""

    field: str
    n: int
    same: float
    """Share on which both say exactly the same."""
    kappa: float
    """Cohen's kappa; quadratically weighted (QWK) where the field is a scale."""
    alpha: float
    """Krippendorff's alpha, nominal or ordinal."""
    ordinal: bool


def agreements(answers: Sequence[LabelledAnswer]) -> list[Agreement]:
    """Agreement of the writer (first) and the blind reader (second), field by field.

    Parameters
    ----------
    answers : sequence of LabelledAnswer
        Those with both readings are used.

    Returns
    -------
    list of Agreement
    """
    pairs = [(a.first, a.second) for a in answers if a.first is not None and a.second is not None]
    out = []
    parts = [p.value for p in PARTS]
    labels = [(x.value, y.value) for a, b in pairs for x, y in zip(a.labels, b.labels, strict=True)]
    out.append(_agreement("sentence part", labels, parts, ordinal=False))
    rated = [(a, b) for a, b in pairs if a.rated]
    for i, part in enumerate(STAR):
        values = [(a.strengths[i], b.strengths[i]) for a, b in rated]
        out.append(_agreement(f"strength {part.value}", values, range(4), ordinal=True))
    out.append(_agreement("overall", [(a.overall, b.overall) for a, b in rated], range(1, 8), ordinal=True))
    out.append(_agreement("type", [(a.type, b.type) for a, b in rated], ANSWER_TYPES, ordinal=False))
    out.append(_agreement("quantified", [(a.quantified, b.quantified) for a, b in rated], (False, True), ordinal=False))
    out.append(_agreement("ownership", [(a.ownership, b.ownership) for a, b in rated], OWNERSHIP, ordinal=False))
    for name in COMPETENCIES:
        held = [(name in a.competencies, name in b.competencies) for a, b in rated]
        out.append(_agreement(name, held, (False, True), ordinal=False))
    return out


def _agreement(
    field: str, pairs: Sequence[tuple[object, object]], values: Sequence[object], ordinal: bool
) -> Agreement:
    codes = {v: i for i, v in enumerate(values)}
    a, b = (np.array([codes[p[side]] for p in pairs]) for side in (0, 1))
    weights = "quadratic" if ordinal else None
    kappa = cohen_kappa_score(a, b, labels=list(range(len(codes))), weights=weights)
    level = "ordinal" if ordinal else "nominal"
    alpha = krippendorff.alpha(np.stack([a, b]), level_of_measurement=level, value_domain=list(range(len(codes))))
    return Agreement(field, len(pairs), float(np.mean(a == b)), float(kappa), float(alpha), ordinal)


def agreement_table(folder: Path | None = None) -> str:
    """The agreements as a Markdown table."""
    answers = read([folder or asset("data", "answers")])
    lines = ["| field | n | same | kappa | alpha |", "|---|---|---|---|---|"]
    for a in agreements(answers):
        kind = "QWK" if a.ordinal else "kappa"
        lines.append(f"| {a.field} | {a.n} | {a.same:.3f} | {kind} {a.kappa:.3f} | {a.alpha:.3f} |")
    return "\n".join(lines) + "\n"
