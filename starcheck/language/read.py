"""Text in, sentences with facts out: the one door of the language floor."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from starcheck.language import pipeline
from starcheck.language.normalise import NAME, neutral_words
from starcheck.language.segment import segment
from starcheck.language.syntax import Token, facts_of, tokens_of
from starcheck.records import Facts, Sentence

Parsed = tuple[tuple[Sentence, ...], tuple[Facts, ...]]


def parse(texts: Iterable[str], batch_size: int = 64) -> Iterator[Parsed]:
    """Parse texts in order, lazily.

    Parameters
    ----------
    texts : iterable of str
        Answers, each of a size the parser can take (see ``judging.integrity``).
    batch_size : int, default=64
        Texts parsed together; changes the speed, never the output.

    Yields
    ------
    tuple of (tuple of Sentence, tuple of Facts)
        One fact record a sentence.
    """
    from spacy.tokens import Doc

    nlp = pipeline.load()

    def neutral_docs() -> Iterator[tuple[Any, tuple[str, list[int], list[bool]]]]:
        for text in texts:
            given = nlp.make_doc(text)
            words, names = _neutral(given)
            doc = Doc(nlp.vocab, words=words, spaces=[bool(t.whitespace_) for t in given])
            yield doc, (text, [t.idx for t in given], names)

    for doc, (text, starts, names) in nlp.pipe(
        neutral_docs(), as_tuples=True, batch_size=batch_size
    ):
        yield _describe(text, doc, starts, names)


def describe(doc: Any) -> Parsed:
    """The same for a document that the caller's own spaCy pipeline has parsed already."""
    _, names = _neutral(doc)
    return _describe(doc.text, doc, [t.idx for t in doc], names)


def _neutral(doc: Any) -> tuple[list[str], list[bool]]:
    given = [t.text for t in doc]
    words = neutral_words(given)
    return words, [new == NAME for new in words]


def _describe(text: str, doc: Any, starts: Sequence[int], names: Sequence[bool]) -> Parsed:
    tokens: list[Token] = tokens_of(doc, starts, names)
    parsed_starts = [starts[span.start] for span in doc.sents] if len(doc) else []
    sentences = segment(text, parsed_starts)
    facts = tuple(
        facts_of(s, tokens, bisect_left(starts, s.start), bisect_left(starts, s.end))
        for s in sentences
    )
    return sentences, facts
