"""Does the answer speak of what was asked? Shared content words and their kin.

Careful by design: an example can fit a question without sharing a word with it, so the answer is
called unrelated only where nothing at all is shared and the question names something particular.
"""

from __future__ import annotations

import re

from starcheck.language.normalise import us_spelling
from starcheck.records import Reading

_ASKING = frozenset(
    """
    describe tell explain give share talk discuss walk time when example situation where about you your a an the
    me us of to in on with how what did do was were had have has and or for that this is are it which who can
    could would please occasion instance past work worked working job role team someone something people handle
    handled handling dealt deal dealing face faced manage managed managing use used using make made get got take
    took one own very there been be by at from into as not no than then if so but through outcome result approach
    different problem problems solve solved solving challenge challenges challenging difficult difficulty task
    hard good best great success successful achieve achieved achievement experience experienced needed need well
    important significant complex
    """.split()
)
"""Words of asking, and of working life in general: any example speaks of them."""
_WORD = re.compile(r"[a-z]{3,}")
_SUFFIX = re.compile(r"(ations?|ings?|ments?|ers?|ors?|ed|es|s|ly|al|ity|ion|ive|e)$")

FEWEST_ASKED = 4
"""Particular words a question must hold before their absence says anything."""

KIN: dict[str, str] = {
    # Word families that questions name and answers paraphrase.
    "conflict": "disagree argu clash row tension dispute fell",
    "disagree": "conflict argu clash row dispute differ object",
    "deadlin": "date time late urgent friday monday week hour",
    "pressur": "urgent deadline stress busy emergency live down fast hour",
    "fail": "wrong mistake error miss broke late lost bad",
    "mistak": "wrong error miss fail",
    "custom": "client guest user patient shopper passenger",
    "client": "customer guest user broker",
    "lead": "led team organis organiz charge supervis coordinat",
    "learn": "taught train course read practis practic new",
    "priorit": "first urgent order list rank",
    "feedback": "comment review told said criti",
    "chang": "new move pivot switch differ",
    "innovat": "idea new prototyp tri",
    "mentor": "taught show help train junior new coach",
    "data": "number record spreadsheet file figure database model",
    "model": "predict forecast train accura algorithm score",
}


def relevance(reading: Reading) -> str | None:
    """Judge how far the answer speaks of its question.

    Returns
    -------
    str or None
        ``"clear"``, ``"partly"``, ``"no"``; None where no question was given, or it names nothing
        particular.
    """
    question = reading.answer.question
    if not question:
        return None
    asked = {_stem(w) for w in _WORD.findall(question.lower()) if w not in _ASKING}
    asked = {w for w in asked if len(w) > 2}
    if not asked:
        return None
    said = " ".join(f.normal.lower() for f, c in zip(reading.facts, reading.counted, strict=True) if c)
    words = {_stem(w) for w in _WORD.findall(said)}
    hits = sum(_met(w, words) for w in asked)
    if hits >= max(1, len(asked) / 2):
        return "clear"
    return "partly" if hits or len(asked) < FEWEST_ASKED else "no"


def _met(asked: str, words: set[str]) -> bool:
    kin = next((v.split() for k, v in KIN.items() if asked.startswith(k)), [])
    return any(w.startswith(asked[:5]) for w in words) or any(w.startswith(k) for w in words for k in kin)


def _stem(word: str) -> str:
    word = us_spelling(word)
    return _SUFFIX.sub("", word) if len(word) > 5 else word
