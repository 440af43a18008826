"""Hide from the model what must not count: names, gender, spelling convention.

Works token by token and keeps the number of tokens, so offsets into the answer stay exact.
The same answer with another name, pronoun or UK/US spelling is then the same input.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from starcheck.language.cues import BEFORE_NOUNS, FUNCTION_WORDS, HIM_OR_HER, KEPT_CAPITALS, PRONOUNS

NAME = "Sam"
"""Stands for every name: short, common, used for all genders."""

_ENDS = frozenset('.!?:;"\u201c\u201d()[]-\u2013\u2014\u2022*>\u2026/')
_GENDERED_TITLES = frozenset("Mr Mrs Ms Miss Mr. Mrs. Ms.".split())
"""Hidden like names, since they say what a pronoun says."""
_TITLES = frozenset("Dr. Prof. Mr. Mrs. Ms.".split())
"""Their full stop ends no sentence: a name follows."""
_COMPOUND_NAME = re.compile(r"^(?:Mc|[OD]['\u2019])[A-Z][a-z]+$")
_KEEPS_ISE = frozenset(
    "advise advertise apprise arise chastise comprise compromise concise cruise demise despise "
    "devise disguise enterprise excise exercise expertise franchise improvise incise likewise "
    "merchandise noise otherwise paradise poise praise precise premise promise raise revise rise "
    "supervise surprise televise treatise vise wise".split()
)
_KEPT_ENDINGS = ("aise", "oise", "uise", "wise", "vise", "prise", "promise", "precise", "surmise", "exercise")
"""Words such as liaise, stepwise, unsupervised: no American writes these with a z."""
_ISE = re.compile(r"^([a-z]{2,}?)is(e|ed|es|er|ers|ing|able|ation|ations|ational)$")
_YSE = re.compile(r"^([a-z]*[a-z]l)ys(e|ed|es|er|ers|ing)$")
_OUR = re.compile(r"^(behavi|col|fav|hon|lab|neighb|rum|hum|endeav|harb|vap|od|arm|val|sav|vig|rig)our(.*)$")
_WORDS = {
    "centre": "center",
    "centres": "centers",
    "centred": "centered",
    "programme": "program",
    "programmes": "programs",
    "licence": "license",
    "defence": "defense",
    "fulfil": "fulfill",
    "enrol": "enroll",
    "modelling": "modeling",
    "modelled": "modeled",
    "labelling": "labeling",
    "labelled": "labeled",
    "cancelled": "canceled",
    "travelled": "traveled",
    "travelling": "traveling",
    "learnt": "learned",
    "whilst": "while",
    "grey": "gray",
    "catalogue": "catalog",
    "cheque": "check",
    "judgement": "judgment",
    "analyse": "analyze",
    "practise": "practice",
    "practises": "practices",
    "practised": "practiced",
    "practising": "practicing",
}


@lru_cache(maxsize=50_000)
def us_spelling(word: str) -> str:
    """One spelling for both conventions; lower-case words only, others come back unchanged."""
    if word in _WORDS:
        return _WORDS[word]
    match = _OUR.match(word)
    if match:
        word = f"{match[1]}or{match[2]}"
    match = _YSE.match(word)
    if match:
        return f"{match[1]}yz{match[2]}"
    match = _ISE.match(word)
    if match and len(match[1]) > 2:
        stem = match[1] + "ise"
        if stem not in _KEEPS_ISE and not stem.endswith(_KEPT_ENDINGS):
            return f"{match[1]}iz{match[2]}"
    return word


@lru_cache(maxsize=50_000)
def _plain(word: str) -> str:
    lower = word.lower()
    new = PRONOUNS.get(lower) or us_spelling(lower)
    return word if new == lower else _in_case_of(word, new)


def _in_case_of(word: str, new: str) -> str:
    if word.isupper():
        return new.upper()
    return new.capitalize() if word[0].isupper() else new


def _them_or_their(word: str, following: str) -> str:
    """One rule for all four words, so that "him" and "her" in the same place cannot differ."""
    after = following.lower()
    noun = after[:1].isalpha() and (after in BEFORE_NOUNS or after not in FUNCTION_WORDS)
    return _in_case_of(word, "their" if noun else "them")


@lru_cache(maxsize=50_000)
def _looks_like_name(word: str) -> bool:
    if _COMPOUND_NAME.match(word):
        return True
    head = word.split("'")[0].split("\u2019")[0]
    kept = head.lower() in KEPT_CAPITALS or head.lower() in FUNCTION_WORDS
    return len(head) > 1 and head.istitle() and head.isalpha() and not kept


def _breaks_line(word: str) -> bool:
    return word.isspace() and word.splitlines() != [word]


def neutral_words(words: Sequence[str]) -> list[str]:
    """Replace names, gendered pronouns and UK spellings, one word for one word.

    Parameters
    ----------
    words : sequence of str
        The tokens of an answer, punctuation and line breaks included.

    Returns
    -------
    list of str
        As many words as came in; every name is :data:`NAME`.
    """
    inside = [False] * len(words)
    starts = True
    for position, word in enumerate(words):
        inside[position] = not starts
        ends = word[-1] in _ENDS or _breaks_line(word)
        starts = word not in _TITLES and (ends or (starts and not word[0].isalnum()))
    names = {w for w, mid in zip(words, inside, strict=True) if mid and _looks_like_name(w)}
    names |= _GENDERED_TITLES
    return [
        NAME if word in names else _them_or_their(word, after) if word.lower() in HIM_OR_HER else _plain(word)
        for word, after in zip(words, [*words, ""][1:], strict=True)
    ]
