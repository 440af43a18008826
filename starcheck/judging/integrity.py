"""What is no honest answer: named, left out of the count, never rewarded.

Before parsing: empty, binary, too short, too long, another language. After it: repeats,
instructions to the marker, passages from elsewhere, word salad, pasted model answers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from starcheck.assets import asset, text_of
from starcheck.judging.instructions import is_instruction
from starcheck.judging.rubric import FEWEST_WORDS, MOST_WORDS
from starcheck.records import Facts, Sentence, Tagged

STATUSES: tuple[str, ...] = ("scored", "insufficient_evidence", "not_english", "empty")

_LONG_WORD = 12
"""Characters a word, its space counted, beyond which a long text is no prose."""

_LONGEST_RUN = 300
"""Characters without a space: no word or address is longer, and parsers choke on such runs."""

_MOST_SIGNS = 0.4
"""Share of characters that are neither letters nor digits nor spaces; in prose it is under .1."""

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_ENGLISH = frozenset(
    "the a an and or but to of in on at for with from by as is was were be been am are it i we my "
    "me our you he she they them his her their this that these those not no so had have has do did "
    "would could can will when what which who how if then than there about out up all because just "
    "one after before into over also more time work got get said asked told team".split()
)
_CUES = re.compile(
    r"\b(situation|task|action|result|outcome|goal|achiev\w*|improv\w*|deliver\w*|success\w*|"
    r"responsib\w*|led|lead\w*|ultimately|as a result)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an answer gets no score."""

    status: str
    reason: str


def refuse_text(text: str) -> Refusal | None:
    """Look at the characters alone.

    Returns
    -------
    Refusal or None
        None if the text is worth parsing.
    """
    if not text.strip():
        return Refusal("empty", "The answer is empty: type or paste at least a few sentences.")
    odd = sum(c == "\ufffd" or (ord(c) < 32 and c not in "\t\n\r\f\v") for c in text)
    if odd > max(0, len(text) // 200):
        return Refusal(
            "insufficient_evidence",
            f"The text holds {odd} control or undecodable characters, as a binary file would: give plain text.",
        )
    longest = max(map(len, text.split()))
    signs = sum(not (c.isalnum() or c.isspace()) for c in text)
    if longest > _LONGEST_RUN or signs > len(text) * _MOST_SIGNS:
        return Refusal(
            "insufficient_evidence",
            f"The text holds {signs:,} signs that are no letters, and up to {longest:,} characters without a space, "
            f"as no answer does: give plain text.",
        )
    words = _WORD.findall(text)
    if len(text.split()) > MOST_WORDS or len(text) > MOST_WORDS * _LONG_WORD:
        return Refusal(
            "insufficient_evidence",
            f"The text has {len(text):,} characters and about {len(words):,} words; one answer may have "
            f"{MOST_WORDS:,}: score one answer at a time.",
        )
    if len(words) >= 8 and not _is_english(words):
        return Refusal(
            "not_english",
            "The text does not read as English, the only language this model was made for.",
        )
    if len(words) < FEWEST_WORDS:
        return Refusal(
            "insufficient_evidence",
            f"The answer has {len(words)} word{'s' * (len(words) != 1)}; at least {FEWEST_WORDS} are needed "
            f"to judge it. Say what happened, what you did and what came of it.",
        )
    return None


def _is_english(words: Sequence[str]) -> bool:
    common = sum(w.lower() in _ENGLISH for w in words) / len(words)
    latin = sum(w.isascii() for w in words) / len(words)
    return common >= 0.15 and latin >= 0.7


def countable(sentences: Sequence[Sentence], facts: Sequence[Facts]) -> tuple[bool, ...]:
    """Which sentences may count: no repeats, nothing without a word, no words to the marker."""
    seen: set[str] = set()
    out = []
    for sentence, fact in zip(sentences, facts, strict=True):
        key = " ".join(_WORD.findall(fact.normal.lower()))
        out.append(key not in seen and bool(key) and not is_instruction(sentence.text))
        seen.add(key)
    return tuple(out)


def refuse_reading(tagged: Sequence[Tagged], facts: Sequence[Facts], counted: Sequence[bool]) -> Refusal | None:
    """Look again once repeats and foreign passages are known."""
    rows = [(t, f) for t, f, c in zip(tagged, facts, counted, strict=True) if c]
    words = sum(f.words for _, f in rows)
    if words < FEWEST_WORDS:
        return Refusal(
            "insufficient_evidence",
            f"Without repeats and passages that do not belong to it, the answer has {words} words; at "
            f"least {FEWEST_WORDS} are needed to judge it.",
        )
    cues = sum(len(_CUES.findall(t.sentence.text)) for t, _ in rows)
    if cues / words > 0.16:
        return Refusal(
            "insufficient_evidence",
            f"{cues} of {words} words are interview catchwords and no event is told: say what happened "
            f"in your own words.",
        )
    distinct = {w for _, f in rows for w in f.normal.lower().split()}
    if len(distinct) / words < 0.2:
        return Refusal(
            "insufficient_evidence",
            f"The answer says the same words over and over ({len(distinct)} different ones in {words}).",
        )
    return None


@lru_cache(maxsize=1)
def known_answers() -> tuple[tuple[str, frozenset[str]], ...]:
    """Word runs of the forty model answers and the shipped examples, with their names."""
    out = []
    for line in text_of("data", "model_answers.jsonl").splitlines():
        record = json.loads(line)
        told = " ".join(record[p] for p in ("situation", "task", "action", "result"))
        out.append((f"model answer {record['number']}", _runs(told)))
    examples = sorted(asset("data", "examples").glob("*.txt"))
    out += [(f"example {path.stem!r}", _runs(path.read_text(encoding="utf-8"))) for path in examples]
    return tuple(out)


def _runs(text: str, n: int = 4) -> frozenset[str]:
    words = [w.lower() for w in _WORD.findall(text)]
    return frozenset(" ".join(words[i : i + n]) for i in range(len(words) - n + 1))


def pasted_from(text: str) -> tuple[str, float] | None:
    """The known answer that this text repeats, and which share of that answer it holds."""
    own = _runs(text)
    shares = [(len(own & runs) / len(runs), name) for name, runs in known_answers() if runs]
    share, name = max(shares, default=(0.0, ""))
    return (name, round(share, 3)) if share >= 0.5 else None
