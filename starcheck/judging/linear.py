"""Judges made of a weighted sum: fitted by scikit-learn, kept as JSON, explained term by term."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from starcheck.judging.measures import Measures

MOST_STRETCH = 1.5
"""Most by which judgements are spread out again after the penalty drew them to the middle."""


@dataclass(frozen=True, slots=True)
class Judge:
    """``centre + stretch * sum(weight * (measure - mean))``, held between ``low`` and ``high``.

    Weights can be read: each is the points that one unit of its measure is worth.
    """

    names: tuple[str, ...]
    means: tuple[float, ...]
    weights: tuple[float, ...]
    centre: float
    stretch: float
    low: float
    high: float

    def value(self, measures: Measures) -> float:
        """The judgement for these measures."""
        return min(self.high, max(self.low, self.raw(measures)))

    def raw(self, measures: Measures) -> float:
        """The same before it is held between its ends."""
        return self.centre + sum(points for _, points in self.terms(measures))

    def terms(self, measures: Measures) -> list[tuple[str, float]]:
        """What each measure adds or takes, against an average answer."""
        rows = zip(self.names, self.means, self.weights, strict=True)
        return [(n, self.stretch * w * (measures[n] - m)) for n, m, w in rows if w]

    def to_json(self) -> dict[str, Any]:
        """JSON types only."""
        return asdict(self)


def judge_from(data: Mapping[str, Any]) -> Judge:
    """The inverse of :meth:`Judge.to_json`."""
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    return Judge(**values)


@dataclass(frozen=True, slots=True)
class Choice:
    """Softmax over weighted sums: probability of each of several names."""

    classes: tuple[str, ...]
    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[tuple[float, ...], ...]
    """One row a class."""
    intercepts: tuple[float, ...]

    def probabilities(self, measures: Measures) -> dict[str, float]:
        """Probability of each class; they sum to 1."""
        x = [(measures[n] - m) / s for n, m, s in zip(self.names, self.means, self.scales, strict=True)]
        scores = [
            b + sum(w * v for w, v in zip(row, x, strict=True))
            for row, b in zip(self.weights, self.intercepts, strict=True)
        ]
        top = max(scores)
        powers = [math.exp(s - top) for s in scores]
        total = sum(powers)
        return {c: round(p / total, 3) for c, p in zip(self.classes, powers, strict=True)}

    def to_json(self) -> dict[str, Any]:
        """JSON types only."""
        return asdict(self)


def choice_from(data: Mapping[str, Any]) -> Choice:
    """The inverse of :meth:`Choice.to_json`."""
    return Choice(
        tuple(data["classes"]),
        tuple(data["names"]),
        tuple(data["means"]),
        tuple(data["scales"]),
        tuple(tuple(row) for row in data["weights"]),
        tuple(data["intercepts"]),
    )


def fit_judge(
    rows: Sequence[Measures],
    targets: Sequence[float],
    names: Sequence[str],
    falling: Sequence[str],
    alpha: float,
    low: float,
    high: float,
    weights: Sequence[float] | None = None,
) -> Judge:
    """Fit monotone ridge regression.

    Parameters
    ----------
    rows : sequence of mapping
        Measures of each answer.
    targets : sequence of float
        Readers' ratings.
    names : sequence of str
        Measures that may only raise the judgement.
    falling : sequence of str
        Measures that may only lower it.
    alpha : float
        Ridge penalty.
    low, high : float
        Ends of the scale.
    weights : sequence of float, optional
        One per row.

    Returns
    -------
    Judge
    """
    import numpy as np
    from sklearn.linear_model import Ridge

    columns = [*names, *falling]
    x = np.array([[row[n] for n in columns] for row in rows])
    y = np.asarray(targets, dtype=float)
    w = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=float)
    signs = np.array([1.0] * len(names) + [-1.0] * len(falling))
    means, centre = np.average(x, axis=0, weights=w), np.average(y, weights=w)
    spread = np.sqrt(np.average((x - means) ** 2, axis=0, weights=w))
    scales = np.where(spread > 1e-4, spread, 1.0)
    model = Ridge(alpha=alpha, positive=True).fit((x - means) / scales * signs, y, sample_weight=w)
    slopes = model.coef_ * signs / scales
    found = (x - means) @ slopes
    # Least squares alone pulls all to the middle, and a weak answer would be called middling.
    wanted, reached = (np.average((v - np.average(v, weights=w)) ** 2, weights=w) ** 0.5 for v in (y, found))
    return Judge(
        tuple(columns),
        tuple(round(float(v), 5) for v in means),
        tuple(round(float(v), 5) for v in slopes),
        round(float(centre), 4),
        round(float(np.clip(wanted / (reached + 1e-9), 1.0, MOST_STRETCH)), 4),
        low,
        high,
    )


def fit_choice(
    rows: Sequence[Measures], targets: Sequence[str], classes: Sequence[str], names: Sequence[str], C: float
) -> Choice:
    """Fit multinomial logistic regression on measures."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    x = np.array([[row[n] for n in names] for row in rows])
    means, scales = x.mean(axis=0), np.where(x.std(axis=0) > 1e-4, x.std(axis=0), 1.0)
    model = LogisticRegression(C=C, max_iter=5000).fit((x - means) / scales, list(targets))
    found = list(model.classes_)
    coef, bias = model.coef_, model.intercept_
    if len(found) == 2:  # scikit-learn keeps one row for two classes
        coef, bias = np.vstack([-coef / 2, coef / 2]), np.array([-bias[0] / 2, bias[0] / 2])
    order = [found.index(c) for c in classes]
    return Choice(
        tuple(classes),
        tuple(names),
        tuple(round(float(v), 5) for v in means),
        tuple(round(float(v), 5) for v in scales),
        tuple(tuple(round(float(v), 5) for v in coef[i]) for i in order),
        tuple(round(float(bias[i]), 5) for i in order),
    )
