"""Interpretable measures of an answer: the only thing that strengths and the band are made of.

Every measure is a sum over sentences, weighted by how probable it is that the sentence belongs to
the part. A sentence the tagger is torn about counts half here and half there, so a small change of
the text is a small change of the measures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from starcheck.records import COMPETENCIES, PARTS, STAR, Facts, Part, Reading, Tagged

Measures = Mapping[str, float]

PER_PART = ("sentences", "words", "figures", "measured", "named", "own", "deeds", "reasons", "time", "speech", "clear")
"""Measured for each part; ``situation.words`` and so on."""

ENOUGH: Mapping[Part, tuple[float, float]] = {
    Part.SITUATION: (3, 55),
    Part.TASK: (2, 35),
    Part.ACTION: (6, 120),
    Part.RESULT: (3, 55),
    Part.REFLECTION: (2, 35),
}
"""Sentences and words of a part beyond which more says nothing: two minutes of talk in the shares that
the sources ask for, and half as much again. Without it, a score would follow length."""

SOFTNESS, LEAST = 0.55, 0.0005
"""Power that probabilities are raised to before they weigh, and the least they count as. Strengths made of what the
tagger reports turn on errors that it is sure of; made of softened probabilities, .946 instead of .926 of deleted
parts fall in cross-validation, and strengths agree better with readers."""

WHOLE = (
    "other_share",
    "hypothetical",
    "vague",
    "team",
    "order",
    "tie",
    "length",
    "padding",
    "story",
    "deeds_evidenced",
)
"""Measured for the whole answer; ``length`` is of what is told beyond Situation and Task, ``padding`` the share of
words that seem foreign."""
_BACKGROUND = tuple(PARTS.index(part) for part in (Part.SITUATION, Part.TASK))


def measure(reading: Reading, story: float) -> dict[str, float]:
    """Measure a reading.

    Parameters
    ----------
    reading : Reading
    story : float
        Probability that the answer tells one past event (from ``judging.answer_type``).

    Returns
    -------
    dict of str to float
        ``<part>.<name>`` for the parts of STAR and reflection, on a log(1 + x) scale, since the
        tenth word says less than the first (``clear`` is the highest probability of any sentence, ``shown``
        whether any is called by the part's name); then the names in ``WHOLE``.
    """
    out: dict[str, float] = {}
    reading = replace(reading, tagged=tuple(replace(t, probabilities=soften(t.probabilities)) for t in reading.tagged))
    rows = [(t, f) for t, f, c in zip(reading.tagged, reading.facts, reading.counted, strict=True) if c]
    for part in (*STAR, Part.REFLECTION):
        column = PARTS.index(part)
        sums = dict.fromkeys(PER_PART, 0.0)
        for tagged, facts in rows:
            weight = sharpen(tagged.probabilities[column])
            sums["sentences"] += weight
            sums["words"] += weight * facts.words
            sums["figures"] += weight * min(facts.count("figures"), 3)
            sums["measured"] += weight * facts.count("measures")
            sums["named"] += weight * min(facts.count("named"), 3)
            sums["own"] += weight * min(facts.count("i"), 2)
            sums["deeds"] += weight * min(facts.count("deeds"), 3)
            sums["reasons"] += weight * min(facts.count("reasons") + facts.count("contrast"), 2)
            sums["time"] += weight * min(facts.count("time"), 2)
            sums["speech"] += weight * min(facts.count("speech"), 2)
        sums["sentences"] = min(sums["sentences"], ENOUGH[part][0])
        sums["words"] = min(sums["words"], ENOUGH[part][1])
        out.update({f"{part.value}.{name}": scale(value) for name, value in sums.items()})
        out[f"{part.value}.clear"] = max((t.probabilities[column] for t, _ in rows), default=0.0)
        out[f"{part.value}.shown"] = float(any(t.part == part for t, _ in rows))
    out.update(_whole(reading, rows))
    out["story"] = story
    return {name: round(value, 4) for name, value in out.items()}


def scale(value: float) -> float:
    """A sum on the scale of the measures: the tenth word says less than the first."""
    return math.log1p(value)


def soften(probabilities: Sequence[float]) -> tuple[float, ...]:
    """Probabilities of one sentence made less certain, so that second thoughts of the tagger count too."""
    powers = [max(p, LEAST) ** SOFTNESS for p in probabilities]
    total = math.fsum(powers)
    return tuple(power / total for power in powers)


def sharpen(probability: float) -> float:
    """Less weight for bare possibilities: eight sentences at .1 are not most of a Task."""
    return probability * probability / (probability * probability + (1 - probability) ** 2 * 0.5 + 1e-9)


def _whole(reading: Reading, rows: Sequence[tuple[Tagged, Facts]]) -> dict[str, float]:
    # What seems foreign still has to be listened to: padding makes an answer longer, never better, and an honest
    # sentence that is taken for padding leaves nothing to gain.
    both = zip(reading.tagged, reading.facts, reading.counted, strict=True)
    heard = [(t, f) for t, f, counts in both if counts or t.foreign]
    words = sum(f.words for _, f in rows) or 1
    hypothetical = sum(f.count("hypothetical") > 0 for _, f in rows)
    hedges = sum(f.count("hedges") for _, f in rows)
    mine, ours = (sum(f.count(name) for _, f in rows) for name in ("i", "we"))
    other = PARTS.index(Part.OTHER)
    evidenced = [
        max((t.competencies[k] for t, _ in rows if t.competencies), default=0.0) for k in range(len(COMPETENCIES))
    ]
    return {
        "other_share": sum(t.probabilities[other] * f.words for t, f in rows) / words,
        "hypothetical": hypothetical / max(len(rows), 1),
        "vague": min(1.0, 10 * hedges / words),
        "team": ours / max(mine + ours, 4),
        "tie": tie(reading),
        "length": scale(sum(f.words * (1 - sum(t.probabilities[c] for c in _BACKGROUND)) for t, f in heard)),
        "padding": sum(f.words for t, f in heard if t.foreign) / max(sum(f.words for _, f in heard), 1),
        "order": disorder(reading),
        "deeds_evidenced": math.log1p(sum(evidenced)),
    }


def tie(reading: Reading) -> float:
    """How much of what was wanted comes back in the outcome.

    Share of the content words of Result that stand in Task or Situation too, 0 to 1.
    """
    said: dict[bool, set[str]] = {True: set(), False: set()}
    for tagged, facts, counted in zip(reading.tagged, reading.facts, reading.counted, strict=True):
        if counted and tagged.part in (Part.RESULT, Part.TASK, Part.SITUATION):
            lemmas = {n[6:] for n in facts.syntax if n.startswith("lemma=") and len(n) > 10}
            said[tagged.part == Part.RESULT] |= lemmas
    return len(said[True] & said[False]) / len(said[True]) if said[True] else 0.0


_PLACE = {Part.SITUATION: 0, Part.TASK: 1, Part.ACTION: 2, Part.RESULT: 3, Part.REFLECTION: 4}


def disorder(reading: Reading) -> float:
    """Share of pairs of sentences told against the order S, T, A, R, lesson; 0 to 1.

    Situation and Task change places freely, and so does one headline result at the start.
    """
    places = [
        max(_PLACE[t.part], 1) for t, c in zip(reading.tagged, reading.counted, strict=True) if c and t.part in _PLACE
    ]
    if len(places) > 1 and places[0] == _PLACE[Part.RESULT]:
        places = places[1:]
    pairs = [(a, b) for i, a in enumerate(places) for b in places[i + 1 :] if a != b]
    return sum(a > b for a, b in pairs) / len(pairs) if pairs else 0.0
