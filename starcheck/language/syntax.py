"""What the parse says about one sentence: syntax features and counts, as plain data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from starcheck.language import cues
from starcheck.records import COUNTS, Facts, Sentence

_VERB = frozenset({"VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "MD"})
_SUBJECT = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"^(19|20)\d\d$")
_LEXICONS: tuple[tuple[str, frozenset[str]], ...] = (
    ("reasons", cues.REASONS),
    ("contrast", cues.CONTRAST),
    ("hedges", cues.HEDGES),
    ("duty", cues.DUTY),
    ("outcome", cues.OUTCOME),
    ("lesson", cues.LESSON),
    ("speech", cues.SPEECH),
    ("time", cues.TIME),
    ("hypothetical", cues.HYPOTHETICAL),
    ("i", cues.FIRST),
    ("we", cues.PLURAL),
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token as plain data, so that nothing above this floor holds spaCy objects."""

    text: str
    lower: str
    tag: str
    dep: str
    head: int
    start: int
    space: str
    name: bool


def tokens_of(
    doc: Any, starts: Sequence[int], names: Sequence[bool], words: Sequence[str] | None = None
) -> list[Token]:
    """The parsed tokens of a document, at their offsets in the answer as given.

    ``words`` replaces the tokens' texts, one for one, where the document was not parsed from
    normalised words.
    """
    shown = words if words is not None else [t.text for t in doc]
    return [
        Token(word, word.lower(), t.tag_, t.dep_, t.head.i, start, t.whitespace_, name)
        for t, word, start, name in zip(doc, shown, starts, names, strict=True)
    ]


def facts_of(sentence: Sentence, tokens: Sequence[Token], first: int, last: int) -> Facts:
    """Describe the tokens ``first`` to ``last`` (exclusive) that make up a sentence."""
    inside = [(i, t) for i, t in enumerate(tokens[first:last], first) if not t.text.isspace()]
    words = [t.lower for _, t in inside if t.text[0].isalnum() or t.text == "'m"]
    root = _root(inside, first, last)
    figures = tuple(_figures(inside))
    counted = _counts(inside, words, figures)
    return Facts(
        words=len(sentence.text.split()),
        normal="".join(t.text + t.space for _, t in inside).strip(),
        syntax=tuple(_syntax(inside, words, root, counted)),
        counts=tuple(counted[name] for name in COUNTS),
        numbers=figures,
    )


def _root(inside: Sequence[tuple[int, Token]], first: int, last: int) -> tuple[int, Token] | None:
    for i, t in inside:
        if t.head == i or not first <= t.head < last:
            return i, t
    return None


def _figures(inside: Sequence[tuple[int, Token]]) -> Iterator[str]:
    """Numbers that could measure something: not years, not the digits of a name or a version."""
    for _, t in inside:
        is_number = t.tag == "CD" or (_DIGIT.search(t.text) and not t.text.isalpha())
        if is_number and not _YEAR.match(t.text) and t.lower not in {"one", "covid-19"}:
            yield t.text


def _counts(inside: Sequence[tuple[int, Token]], words: Sequence[str], figures: Sequence[str]) -> dict[str, int]:
    counted = dict.fromkeys(COUNTS, 0)
    bag = [t.lower for _, t in inside]
    for name, lexicon in _LEXICONS:
        counted[name] = sum(w in lexicon for w in bag)
    tags = [t.tag for _, t in inside]
    counted["past"] = sum(tag in ("VBD", "VBN") for tag in tags)
    counted["present"] = sum(tag in ("VBP", "VBZ") for tag in tags)
    counted["verbs"] = sum(tag in _VERB for tag in tags)
    counted["deeds"] = sum(1 for _ in _deeds(inside))
    counted["figures"] = len(figures)
    measured = any(w in cues.UNITS for w in bag) or any(c in w for w in bag for c in "%\u00a3$\u20ac")
    counted["measures"] = int(bool(figures) and (measured or any(w in cues.CHANGE for w in words)))
    counted["named"] = sum(t.name for _, t in inside)
    return counted


def _deeds(inside: Sequence[tuple[int, Token]]) -> Iterator[str]:
    """Past-tense verbs whose subject is the speaker, and bullets that open with a past verb."""
    heads = dict(inside)
    for _, t in inside:
        if t.lower == "i" and t.dep in _SUBJECT:
            verb = heads.get(t.head)
            if verb is not None and verb.tag in ("VBD", "VBN", "VBP", "VB"):
                yield verb.lower
    for position, (_, t) in enumerate(inside[:3]):
        if position == 0 and t.tag in ("VBD", "VBN") and t.dep == "ROOT":
            yield t.lower


def _syntax(
    inside: Sequence[tuple[int, Token]],
    words: Sequence[str],
    root: tuple[int, Token] | None,
    counted: dict[str, int],
) -> Iterator[str]:
    """Names of the features that hold in this sentence; the tagger's vocabulary."""
    if root is not None:
        position, token = root
        yield f"root={token.tag}"
        yield f"root_lemma={lemma(token)}"
        children = [(i, t) for i, t in inside if t.head == position and i != position]
        subjects = [t for _, t in children if t.dep in _SUBJECT]
        yield f"subject={_person(subjects[0]) if subjects else 'none'}"
        if subjects and subjects[0].dep == "nsubjpass":
            yield "passive"
        for _, t in children:
            if t.tag == "MD" or t.lower in cues.MODALS:
                yield f"modal={t.lower}"
            elif t.dep in ("aux", "auxpass"):
                yield f"aux={t.lower}"
            elif t.dep == "neg":
                yield "negated"
            elif t.dep in ("mark", "advcl", "xcomp", "ccomp", "acomp", "attr", "prep"):
                yield f"has={t.dep}"
    tags = {t.tag for _, t in inside}
    yield from (f"tag={tag}" for tag in sorted(tags & _VERB))
    yield from (f"count={n}" for n, c in counted.items() if c)
    yield from (f"many={n}" for n, c in counted.items() if c > 2)
    if words:
        yield f"first={words[0]}"
        yield f"opening={' '.join(words[:2])}"
        yield f"last={words[-1]}"
    yield f"length={min(len(words) // 5, 7)}"
    ending = inside[-1][1].text[-1] if inside else ""
    yield f"ends={ending if ending in '.?!:,' else 'bare'}"
    seen = {lemma(t) for _, t in inside if t.text.isalpha()}
    yield from (f"lemma={w}" for w in sorted(seen))


def _person(token: Token) -> str:
    if token.lower in ("i", "we", "you", "it", "this", "that", "there", "they"):
        return token.lower
    return "name" if token.name else "other"


_IRREGULAR = {
    "was": "be", "were": "be", "is": "be", "are": "be", "am": "be", "been": "be", "'s": "be",
    "'m": "be", "had": "have", "has": "have", "did": "do", "done": "do", "went": "go",
    "made": "make", "got": "get", "took": "take", "told": "tell", "said": "say", "kept": "keep",
    "came": "come", "gave": "give", "found": "find", "felt": "feel", "knew": "know",
    "brought": "bring", "built": "build", "wrote": "write", "ran": "run", "thought": "think",
    "met": "meet", "led": "lead", "spoke": "speak", "saw": "see", "sent": "send", "left": "leave",
    "began": "begin", "became": "become", "taught": "teach", "spent": "spend", "put": "put",
}  # fmt: skip
_DOUBLED = re.compile(r"(bb|dd|gg|mm|nn|pp|rr|tt)$")


def lemma(token: Token) -> str:
    """A light lemma from the word and its tag; consistent rather than linguistically perfect."""
    word = token.lower
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if token.tag in ("NNS", "VBZ") and len(word) > 3 and word.endswith("s") and word[-2] != "s":
        return word[:-3] + "y" if word.endswith("ies") else word[:-1]
    for tags, ending in ((("VBD", "VBN"), "ed"), (("VBG",), "ing")):
        if token.tag in tags and word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            stem = stem[:-1] if _DOUBLED.search(stem) else stem
            return stem[:-1] + "y" if stem.endswith("i") else stem.removesuffix("e")
    return word.removesuffix("e") if token.tag.startswith("VB") and len(word) > 4 else word
