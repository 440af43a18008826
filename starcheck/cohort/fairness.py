"""Do groups fare differently? Differences with intervals, ratios with tests, and what they cannot say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from starcheck.cohort.files import need

FEWEST = 10
"""Answers below which a group is not shown: its numbers would be about persons."""
PASS_BAND = 4
"""The band that usually passes a sift ("acceptable demonstration")."""
FOUR_FIFTHS = 0.80
LARGE_SMD = 0.10
"""Standardised difference between groups that ETS asks to look into (Williamson, Xi and Breyer 2012)."""
LEVEL = 0.05

CAUTIONS = (
    "A difference does not show that the scoring is unfair, and none does not show that it is fair: groups may "
    "differ in "
    "question, preparation, or who was asked. Only the same answers read blind by people can tell.",
    "Few answers give wide intervals: 'no significant difference' then means that nothing can be said.",
    "The four-fifths ratio is a rule of thumb of United States guidelines; United Kingdom law knows no such "
    "limit. The rate "
    "above the median is the measure of New York City's Local Law 144, and is no audit under that law.",
    "The score is coaching feedback and was not validated for selection; do not decide about people by it.",
)


def audit(column: str, group: pd.Series[Any], score: pd.Series[Any], band: pd.Series[Any]) -> dict[str, Any]:
    """Compare groups with the largest one.

    Parameters
    ----------
    column : str
        What the grouping column is called.
    group, score, band : pandas.Series
        Of the scored answers, one entry each; missing groups are counted and left out.

    Returns
    -------
    dict
        JSON types only. Groups smaller than :data:`FEWEST` are counted together and not shown.
    """
    frame = pd.DataFrame({"group": group, "score": score.astype(float), "band": band}).dropna(subset=["score"])
    unknown = int(frame["group"].isna().sum())
    frame = frame.dropna(subset=["group"])
    sizes = frame["group"].value_counts()
    shown = sorted((str(g) for g, n in sizes.items() if n >= FEWEST), key=lambda g: (-int(sizes[g]), g))
    out: dict[str, Any] = {
        "column": column,
        "fewest": FEWEST,
        "without_group": unknown,
        "small_groups": {"groups": int((sizes < FEWEST).sum()), "answers": int(sizes[sizes < FEWEST].sum())},
        "reference": shown[0] if shown else None,
        "groups": [],
        "overall": None,
        "cautions": list(CAUTIONS),
    }
    if not shown:
        return out
    frame = frame[frame["group"].isin(shown)]
    median = float(frame["score"].median())
    passed = {g: _rate(part["band"] >= PASS_BAND) for g, part in frame.groupby("group")}
    above = {g: _rate(part["score"] > median) for g, part in frame.groupby("group")}
    reference = frame[frame["group"] == shown[0]]
    out["groups"] = [_group(g, frame[frame["group"] == g], reference, passed, above) for g in shown]
    out["overall"] = _overall([frame[frame["group"] == g]["score"].to_numpy() for g in shown])
    out["median"] = round(median, 1)
    _correct(out["groups"])
    return out


def _rate(values: pd.Series[Any]) -> tuple[int, int]:
    return int(values.sum()), len(values)


def _group(
    name: str, part: pd.DataFrame, reference: pd.DataFrame, passed: dict[Any, Any], above: dict[Any, Any]
) -> dict[str, Any]:
    scores = part["score"].to_numpy()
    out = {
        "group": name,
        "n": len(part),
        "mean": round(float(scores.mean()), 1),
        "sd": round(float(scores.std(ddof=1)), 1),
        **_difference(
            scores, reference["score"].to_numpy(), part is reference or name == str(reference["group"].iloc[0])
        ),
        "four_fifths": _ratio(name, passed),
        "local_law_144": _ratio(name, above),
    }
    smd = out["smd"]
    out["look_into"] = bool(
        (smd is not None and abs(smd) > LARGE_SMD)
        or any((r := out[key]["ratio"]) is not None and r < FOUR_FIFTHS for key in ("four_fifths", "local_law_144"))
    )
    return out


def _difference(a: NDArray[np.float64], b: NDArray[np.float64], same: bool) -> dict[str, Any]:
    """Difference of means to the reference: in points with Welch's interval, and in standard deviations."""
    if same:
        return {"difference": None, "interval": None, "smd": None, "p": None}
    from scipy import stats

    pooled = float(np.sqrt(((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / (len(a) + len(b) - 2)))
    gap = float(a.mean() - b.mean())
    if pooled == 0:
        return {"difference": round(gap, 1), "interval": None, "smd": None, "p": None}
    test = stats.ttest_ind(a, b, equal_var=False)
    low, high = test.confidence_interval(1 - LEVEL)
    return {
        "difference": round(gap, 1),
        "interval": [round(float(low), 1), round(float(high), 1)],
        "smd": round(gap / pooled, 2),
        "p": float(test.pvalue),
    }


def _ratio(name: str, rates: dict[Any, tuple[int, int]]) -> dict[str, Any]:
    """A group's rate over the highest rate, with an interval and Fisher's exact test."""
    from scipy import stats
    from scipy.stats.contingency import relative_risk

    best = min(rates, key=lambda g: (-rates[g][0] / rates[g][1], str(g)))
    (k, n), (top, of) = rates[name], rates[best]
    out: dict[str, Any] = {"rate": round(k / n, 3), "ratio": None, "interval": None, "p": None}
    if top == 0:
        return out
    out["ratio"] = round((k / n) / (top / of), 3)
    if name == str(best) or k == 0:
        out["p"] = None if name == str(best) else float(stats.fisher_exact([[k, n - k], [top, of - top]]).pvalue)
        return out
    interval = relative_risk(k, n, top, of).confidence_interval(1 - LEVEL)
    out["interval"] = [round(float(interval.low), 3), round(float(interval.high), 3)]
    out["p"] = float(stats.fisher_exact([[k, n - k], [top, of - top]]).pvalue)
    return out


def _overall(samples: list[NDArray[np.float64]]) -> dict[str, Any] | None:
    """Whether any group's scores lie elsewhere at all (Kruskal and Wallis)."""
    if len(samples) < 2 or len(np.unique(np.concatenate(samples))) < 2:
        return None
    from scipy import stats

    test = stats.kruskal(*samples)
    return {"test": "Kruskal-Wallis", "statistic": round(float(test.statistic), 2), "p": _p(float(test.pvalue))}


def _correct(groups: list[dict[str, Any]]) -> None:
    """Holm's correction over all comparisons of the table: many tests find something by chance."""
    multitest = need("statsmodels.stats.multitest", "The fairness audit")
    places = [g for g in groups if g["p"] is not None]
    places += [g[key] for g in groups for key in ("four_fifths", "local_law_144") if g[key]["p"] is not None]
    if places:
        corrected = multitest.multipletests([p["p"] for p in places], method="holm")[1]
        for place, p in zip(places, corrected, strict=True):
            place["p"] = _p(float(p))


def _p(value: float) -> float:
    """Two figures are all that a p-value bears."""
    return float(f"{value:.2g}")
