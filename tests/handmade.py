"""Readings, cases, reports and evidence made by hand, so that a test says itself what it is about."""

from dataclasses import dataclass, field

import numpy as np

from starcheck.judging.measures import measure
from starcheck.judging.rubric import profile_named
from starcheck.judging.rules import Case
from starcheck.judging.signals import signals_of
from starcheck.judging.strength import band_of
from starcheck.records import (
    COMPETENCIES,
    COUNTS,
    PARTS,
    STAR,
    Answer,
    CompetencyScore,
    Facts,
    ModelInfo,
    Part,
    PartScore,
    Reading,
    Sentence,
    Tagged,
)
from starcheck.report import Report
from starcheck.tagging.encoder import OUTPUTS
from starcheck.tagging.features import Evidence

S, T, A, R, L, O = PARTS  # noqa: E741


@dataclass(frozen=True)
class Line:
    """One sentence: its part, its words, and what is counted in it."""

    part: Part
    text: str
    counts: dict[str, int] = field(default_factory=dict)
    lemmas: str = ""
    confidence: float = 0.9
    counted: bool = True
    foreign: float = 0.0
    competencies: tuple[float, ...] = ()


def line(part, text, lemmas="", confidence=0.9, counted=True, foreign=0.0, competencies=(), **counts):
    assert set(counts) <= set(COUNTS)
    return Line(part, text, counts, lemmas, confidence, counted, foreign, competencies)


def facts_of(one):
    syntax = tuple(f"lemma={word}" for word in one.lemmas.split())
    return Facts(len(one.text.split()), one.text, syntax, tuple(one.counts.get(name, 0) for name in COUNTS))


def probabilities_of(part, confidence):
    rest = round((1 - confidence) / (len(PARTS) - 1), 3)
    return tuple(confidence if p == part else rest for p in PARTS)


def reading_of(*lines, question=None):
    text = " ".join(one.text for one in lines)
    tagged, at = [], 0
    for index, one in enumerate(lines):
        sentence = Sentence(one.text, at, at + len(one.text), index)
        shares = probabilities_of(one.part, one.confidence)
        tagged.append(Tagged(sentence, one.part, one.confidence, shares, one.competencies, one.foreign))
        at += len(one.text) + 1
    counted = tuple(one.counted for one in lines)
    return Reading(Answer(text, question=question), tuple(tagged), tuple(map(facts_of, lines)), counted)


STORY = (
    line(S, "Last May our shop lost stock every night.", lemmas="stock losses"),
    line(T, "I had to stop the losses before December.", lemmas="losses december", i=1),
    line(A, "I followed one delivery because nobody knew.", i=1, deeds=1, reasons=1),
    line(A, "I taped out three bays on the floor.", i=1, deeds=1, figures=1),
    line(R, "The losses fell from eleven pallets to one.", lemmas="losses pallets", measures=1, figures=2),
    line(L, "I learned to watch the work first.", i=1),
)
"""A whole story of adequate parts, at which no rule but R08 (praise) has anything to say."""

SHARES = {S: 0.15, T: 0.1, A: 0.6, R: 0.15}


def parts_of(reading, strengths=None, shares=None):
    strengths, shares = {**dict.fromkeys(STAR, 2.0), **(strengths or {})}, {**SHARES, **(shares or {})}
    rows = {p: tuple(t.sentence.index for t in reading.tagged if t.part == p) for p in STAR}
    return {p: PartScore(p, strengths[p], round(strengths[p] / 3 * 100, 1), shares[p], rows[p]) for p in STAR}


def case_of(*lines, question=None, strengths=None, shares=None, measures=None, **changes):
    reading = reading_of(*(lines or STORY), question=question)
    measured = {**measure(reading, 1.0), **(measures or {})}
    given = {
        "reading": reading,
        "measures": measured,
        "parts": parts_of(reading, strengths, shares),
        "competencies": {c: CompetencyScore(c, False, 0.0) for c in COMPETENCIES},
        "signals": signals_of(reading, 0.5),
        "answer_type": "story",
        "score": 60.0,
        "profile": profile_named("balanced"),
        "typical": {name: value / 2 if name == "team" else value + 1.0 for name, value in measured.items()},
        "relevance": None,
        "pasted": None,
        "foreign": (),
        "instructions": (),
        "repeats": (),
    }
    return Case(**{**given, **changes})


def report_of(*lines, score=60.0, strengths=None, findings=(), reason=None, profile="balanced", sha256="0" * 64):
    reading = reading_of(*(lines or STORY))
    return Report(
        answer=reading.answer,
        model=ModelInfo("hand-made", "1", sha256),
        profile=profile,
        status="scored" if score is not None else "insufficient_evidence",
        reason=reason,
        score=score,
        band=None if score is None else band_of(score),
        answer_type="story",
        relevance=None,
        sentences=reading.tagged,
        parts=tuple(parts_of(reading, strengths).values()),
        competencies=tuple(CompetencyScore(c, False, 0.0) for c in COMPETENCIES),
        signals=signals_of(reading, 0.5),
        findings=tuple(findings),
    )


def labelled_evidence(answers=30, with_logits=False, seed=7):
    """Evidence in which a word gives each part away now and then, with its labels."""
    random = np.random.default_rng(seed)
    X, y = [], []
    for _ in range(answers):
        labels = [p.value for p in PARTS for _ in range(random.integers(1, 3))]
        facts = tuple(_told(_hint(label, random)) for label in labels)
        codes = [list(PARTS).index(label) for label in labels]
        logits = (np.eye(len(OUTPUTS))[codes] * 3 + random.normal(size=(len(labels), len(OUTPUTS)))).astype(np.float32)
        X.append(Evidence(facts, logits if with_logits else None))
        y.append(labels)
    return X, y


def _told(word):
    return Facts(8, f"So {word} it was", (f"lemma={word}", "root=VBD"), (0,) * len(COUNTS))


def _hint(label, random):
    return label if random.random() < 0.8 else random.choice([p.value for p in PARTS])
