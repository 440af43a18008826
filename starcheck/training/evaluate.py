"""Measure a model on labelled answers, by the whole line from text to report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from starcheck.assets import asset
from starcheck.judging.judges import judges_from
from starcheck.records import Answer, Part, Reading, Sentence, Tagged
from starcheck.report import Report
from starcheck.scorer import Scorer
from starcheck.tagging import store
from starcheck.tagging.tag import NOTHING
from starcheck.training.corpus import LabelledAnswer, read
from starcheck.training.measure import answer_figures, sentence_figures, table
from starcheck.training.prepare import prepare

FEWEST_RATED = 20
"""Rated answers from which agreement of ratings says anything."""


def evaluate(model: str, labels: Sequence[Path]) -> str:
    """Score labelled answers as a user would, and compare with their labels.

    Parameters
    ----------
    model : str
        Name or folder.
    labels : sequence of pathlib.Path
        JSON Lines files; the corpus's test split, which no shipped model was trained on, if empty.

    Returns
    -------
    str
        A Markdown table.
    """
    answers = read(labels) if labels else [a for a in read([asset("data", "answers")]) if a.split == "test"]
    scorer = Scorer(store.load(model))
    reports = list(scorer.pipe([Answer(a.text, a.id, a.question, a.level) for a in answers]))
    readings = [
        Reading(r.answer, project(r, a), p.facts, (True,) * len(a.sentences))
        for r, a, p in zip(reports, answers, prepare(answers), strict=True)
    ]
    judges = judges_from(store.load(model).judges)
    figures = sentence_figures([[s.part.value for s in a.sentences] for a in answers], readings)
    rated = [(a, r) for a, r in zip(answers, readings, strict=True) if a.gold.rated]
    if len(rated) >= FEWEST_RATED:
        figures |= answer_figures([a for a, _ in rated], [r for _, r in rated], [judges] * len(rated))
    sentences = sum(len(a.sentences) for a in answers)
    return f"{len(answers)} answers, {sentences} sentences, model {model}\n\n" + table({"value": figures})


def project(report: Report, answer: LabelledAnswer) -> tuple[Tagged, ...]:
    """For each labelled sentence, the tagged one that covers most of its characters; Other where none was read."""
    if not report.sentences:
        sentences = [Sentence(s.text, s.start, s.end, i) for i, s in enumerate(answer.sentences)]
        return tuple(Tagged(s, Part.OTHER, 1.0, NOTHING) for s in sentences)
    out = []
    for sentence in answer.sentences:
        overlap = [min(sentence.end, t.sentence.end) - max(sentence.start, t.sentence.start) for t in report.sentences]
        out.append(report.sentences[max(range(len(overlap)), key=overlap.__getitem__)])
    return tuple(out)
