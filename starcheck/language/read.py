"""Text in, sentences with facts out: the one door of the language floor."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from starcheck.language import pipeline
from starcheck.language.normalise import NAME, neutral_words
from starcheck.language.segment import segment
from starcheck.language.syntax import Token, facts_of, tokens_of
from starcheck.records import Facts, Sentence

TOGETHER = 12
"""Most texts parsed at once: the parser holds what it works out for all of them in memory."""

Parsed = tuple[tuple[Sentence, ...], tuple[Facts, ...]]
Starts = Callable[[str], Sequence[int]]


def _nowhere(_text: str) -> Sequence[int]:
    return ()


def parse(texts: Iterable[str], batch_size: int = 64, sure_starts: Starts = _nowhere) -> Iterator[Parsed]:
    """Parse texts in order, lazily.

    Parameters
    ----------
    texts : iterable of str
        Answers, each of a size the parser can take (see ``judging.integrity``).
    batch_size : int, default=64
        Texts parsed together; changes the speed, never the output.
    sure_starts : callable, optional
        Where in a text sentences begin, whatever the parser says: sorted character offsets.

    Yields
    ------
    tuple of (tuple of Sentence, tuple of Facts)
        One fact record a sentence.
    """
    nlp = pipeline.load()

    def neutral_docs() -> Iterator[tuple[Any, tuple[str, list[int]]]]:
        for text in texts:
            given = nlp.make_doc(text)
            yield _neutral_doc(nlp, given), (text, [t.idx for t in given])

    for doc, (text, starts) in nlp.pipe(neutral_docs(), as_tuples=True, batch_size=min(batch_size, TOGETHER)):
        yield _describe(text, tokens_of(doc, starts, _names(doc)), doc, sure_starts)


def facts_of_spans(texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]) -> Iterator[tuple[Facts, ...]]:
    """Facts of sentences whose bounds are given, as labelled answers have them."""
    nlp = pipeline.load()
    for text, bounds in zip(texts, spans, strict=True):
        given = nlp.make_doc(text)
        starts = [t.idx for t in given]
        doc = nlp(_neutral_doc(nlp, given))
        tokens = tokens_of(doc, starts, _names(doc))
        yield tuple(
            facts_of(
                Sentence(text[start:end], start, end, i), tokens, bisect_left(starts, start), bisect_left(starts, end)
            )
            for i, (start, end) in enumerate(bounds)
        )


def describe(doc: Any, sure_starts: Starts = _nowhere) -> Parsed:
    """The same for a document that the caller's own spaCy pipeline has parsed already."""
    starts = [t.idx for t in doc]
    words = neutral_words([t.text for t in doc])
    return _describe(doc.text, tokens_of(doc, starts, [w == NAME for w in words], words), doc, sure_starts)


def _neutral_doc(nlp: Any, given: Any) -> Any:
    """The tokens with names, pronouns and spelling evened out, one for one."""
    from spacy.tokens import Doc

    words = neutral_words([t.text for t in given])
    return Doc(nlp.vocab, words=words, spaces=[bool(t.whitespace_) for t in given])


def _names(doc: Any) -> list[bool]:
    return [t.text == NAME for t in doc]


def _describe(text: str, tokens: Sequence[Token], doc: Any, sure_starts: Starts) -> Parsed:
    starts = [t.start for t in tokens]
    parsed_starts = [starts[span.start] for span in doc.sents] if starts else []
    sentences = segment(text, parsed_starts, sure_starts(text))
    facts = tuple(facts_of(s, tokens, bisect_left(starts, s.start), bisect_left(starts, s.end)) for s in sentences)
    return sentences, facts
