"""Plain observations: words, time to say, who acts, order of parts, what is unsure."""

from __future__ import annotations

from itertools import groupby

from starcheck.judging.measures import disorder
from starcheck.judging.rubric import WORDS_A_MINUTE
from starcheck.records import LETTERS, Facts, Part, Reading, Signals

OUT_OF_ORDER = 0.15
"""Share of pairs told backwards from which the order is called hard to follow: one in eleven honest stories of the test
split has as much (some of them are told in disorder on purpose), and two in three shuffled ones."""


def signals_of(reading: Reading, unsure: float) -> Signals:
    """Observe a reading.

    Parameters
    ----------
    reading : Reading
    unsure : float
        Confidence below which a sentence counts as unsure.

    Returns
    -------
    Signals
    """
    rows = [(t, f) for t, f, c in zip(reading.tagged, reading.facts, reading.counted, strict=True) if c]
    words = sum(f.words for f in reading.facts)
    verbs = sum(f.count("verbs") for _, f in rows)
    told = [LETTERS[t.part] for t, _ in rows if t.part != Part.OTHER]
    return Signals(
        words=words,
        seconds_to_say=round(words / WORDS_A_MINUTE * 60, 1),
        ownership_i=sum(f.count("i") for _, f in rows),
        ownership_we=sum(f.count("we") for _, f in rows),
        quantified_result=any(t.part == Part.RESULT and puts_a_figure(f) for t, f in rows),
        order="".join(letter for letter, _ in groupby(told)),
        in_order=disorder(reading) < OUT_OF_ORDER,
        past_share=round(sum(f.count("past") for _, f in rows) / verbs, 3) if verbs else 0.0,
        hypothetical_share=round(sum(f.count("hypothetical") > 0 for _, f in rows) / len(rows), 3) if rows else 0.0,
        reflection=any(t.part == Part.REFLECTION for t, _ in rows),
        unsure=tuple(t.sentence.index for t, _ in rows if t.confidence < unsure),
    )


def puts_a_figure(facts: Facts) -> bool:
    """Whether a sentence measures a change or a quantity, or says so many out of so many."""
    return facts.count("measures") > 0 or (len(facts.numbers) > 1 and " out of " in facts.normal)
