"""What kind of answer it is: a story, or something that only sounds like one."""

from __future__ import annotations

import math
import re

from starcheck.judging.linear import Choice
from starcheck.records import PARTS, Reading

_GENERAL = re.compile(r"\b(always|usually|often|whenever|every time|tend to|generally|normally|typically)\b", re.I)
_ONCE = re.compile(
    r"\b(one (time|day|morning|evening|occasion|example|instance)|"
    r"last (year|month|week|summer|winter|spring|autumn|term)|"
    r"(19|20)\d\d|ago|january|february|march|april|june|july|august|september|october|november|december|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b",
    re.I,
)
_ABOUT_ME = re.compile(
    r"\b(i am|i'm|i\u2019m|im|i have|i've|i would say|my (strength|weakness|passion|background))\b", re.I
)

TYPE_MEASURES: tuple[str, ...] = (
    *(f"type.share.{p.value}" for p in PARTS),
    "type.past",
    "type.present",
    "type.hypothetical",
    "type.i",
    "type.we",
    "type.deeds",
    "type.general",
    "type.once",
    "type.about_me",
    "type.questions",
    "type.words",
)


def type_measures(reading: Reading) -> dict[str, float]:
    """Measures that tell answer types apart, each a share or a rate per sentence.

    Returns
    -------
    dict of str to float
        The names in ``TYPE_MEASURES``.
    """
    rows = [(t, f) for t, f, c in zip(reading.tagged, reading.facts, reading.counted, strict=True) if c]
    n = max(len(rows), 1)
    words = max(sum(f.words for _, f in rows), 1)
    verbs = max(sum(f.count("verbs") for _, f in rows), 1)
    out = {
        f"type.share.{p.value}": sum(t.probabilities[i] * f.words for t, f in rows) / words for i, p in enumerate(PARTS)
    }
    out["type.past"] = sum(f.count("past") for _, f in rows) / verbs
    out["type.present"] = sum(f.count("present") for _, f in rows) / verbs
    out["type.hypothetical"] = sum(f.count("hypothetical") > 0 for _, f in rows) / n
    out["type.i"] = sum(f.count("i") for _, f in rows) / words
    out["type.we"] = sum(f.count("we") for _, f in rows) / words
    out["type.deeds"] = sum(f.count("deeds") for _, f in rows) / n
    texts = [f.normal for _, f in rows]
    out["type.general"] = sum(bool(_GENERAL.search(t)) for t in texts) / n
    out["type.once"] = sum(bool(_ONCE.search(t)) for t in texts) / n
    out["type.about_me"] = sum(bool(_ABOUT_ME.search(t)) for t in texts) / n
    out["type.questions"] = sum(t.rstrip().endswith("?") for t in texts) / n
    out["type.words"] = math.log1p(words)
    return {name: round(value, 4) for name, value in out.items()}


def judge_type(measures: dict[str, float], choice: Choice) -> tuple[str, float]:
    """The likeliest type, and the probability of a story."""
    probabilities = choice.probabilities(measures)
    return max(probabilities, key=lambda c: probabilities[c]), probabilities["story"]
