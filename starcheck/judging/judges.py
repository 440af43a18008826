"""All judges of a model in one bundle, and the one function that asks them about a reading."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from starcheck.judging.answer_type import judge_type, type_measures
from starcheck.judging.competency import CompetencyJudge, competency_judge_from, judge_competencies
from starcheck.judging.feedback import advise
from starcheck.judging.instructions import is_instruction
from starcheck.judging.integrity import pasted_from
from starcheck.judging.linear import Choice, Judge, choice_from, judge_from
from starcheck.judging.measures import measure
from starcheck.judging.relevance import relevance
from starcheck.judging.rubric import PROFILES, Profile
from starcheck.judging.rules import Case
from starcheck.judging.signals import signals_of
from starcheck.judging.strength import Verdict, judge, moved, raises
from starcheck.records import (
    COMPETENCIES,
    STAR,
    Answer,
    CompetencyScore,
    Finding,
    Part,
    PartScore,
    Reading,
    Signals,
)


@dataclass(frozen=True, slots=True)
class Judges:
    """The fitted judges and what they compare with."""

    parts: Mapping[Part, Judge]
    whole: Judge
    kind: Choice
    competencies: Mapping[str, CompetencyJudge]
    typical: Mapping[str, float]
    unsure: float
    """Confidence below which a sentence's part is called unsure."""

    def to_json(self) -> dict[str, Any]:
        """JSON types only, for ``model.json``."""
        return {
            "parts": {p.value: j.to_json() for p, j in self.parts.items()},
            "whole": self.whole.to_json(),
            "kind": self.kind.to_json(),
            "competencies": {c: j.to_json() for c, j in self.competencies.items()},
            "typical": dict(self.typical),
            "unsure": self.unsure,
        }


def judges_from(data: Mapping[str, Any]) -> Judges:
    """The inverse of :meth:`Judges.to_json`, tried once on an empty reading.

    Raises
    ------
    ValueError
        If a judge is missing, is no judge, or asks for a measure that there is not.
    """
    try:
        judges = _judges(data)
        judge_reading(Reading(Answer(""), (), (), ()), judges, PROFILES["balanced"], scored=True)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None
    if missing := {"team", "tie"} - set(judges.typical):
        raise ValueError(f"no typical value of {' and '.join(sorted(missing))}")
    return judges


def _judges(data: Mapping[str, Any]) -> Judges:
    return Judges(
        {p: judge_from(data["parts"][p.value]) for p in STAR},
        judge_from(data["whole"]),
        choice_from(data["kind"]),
        {c: competency_judge_from(data["competencies"][c]) for c in COMPETENCIES},
        {name: float(value) for name, value in data["typical"].items()},
        float(data["unsure"]),
    )


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything that is judged of one answer."""

    answer_type: str
    relevance: str | None
    score: float | None
    band: int | None
    parts: tuple[PartScore, ...]
    competencies: tuple[CompetencyScore, ...]
    signals: Signals
    findings: tuple[Finding, ...]


def judge_reading(
    reading: Reading, judges: Judges, profile: Profile, scored: bool, muted: Collection[str] = ()
) -> Judgement:
    """Judge a reading.

    Parameters
    ----------
    reading : Reading
    judges : Judges
    profile : Profile
        Shares to compare with.
    scored : bool
        False where integrity refuses a score: parts and competencies then count nothing.
    muted : collection of str
        Rule codes to leave out.

    Returns
    -------
    Judgement
    """
    kind, story = judge_type(type_measures(reading), judges.kind)
    measures = measure(reading, story)
    verdict = judge(measures, judges.parts, judges.whole)
    if not scored:
        verdict = Verdict(dict.fromkeys(STAR, 0.0), 1, 0.0)
    signals = signals_of(reading, judges.unsure)
    why = {p: moved(measures, judges.parts[p]) if scored else () for p in STAR}
    more = {p: raises(measures, judges.parts[p], judges.typical) if scored else () for p in STAR}
    parts = {p: _part_score(p, reading, verdict.strengths[p], why[p], more[p]) for p in STAR}
    competencies = {c: CompetencyScore(c, False, 0.0) for c in COMPETENCIES}
    if scored:
        competencies = judge_competencies(reading, judges.competencies)
    related = relevance(reading) if scored else None
    case = Case(
        reading=reading,
        measures=measures,
        parts=parts,
        competencies=competencies,
        signals=signals,
        answer_type=kind,
        score=verdict.score if scored else None,
        profile=profile,
        typical=judges.typical,
        relevance=related,
        pasted=pasted_from(reading.answer.text),
        **_left_out(reading),
    )
    findings = advise(case, lambda m: judge(m, judges.parts, judges.whole).score, muted)
    return Judgement(
        kind,
        related,
        verdict.score if scored else None,
        verdict.band if scored else None,
        tuple(parts.values()),
        tuple(competencies.values()),
        signals,
        findings,
    )


def _part_score(
    part: Part, reading: Reading, strength: float, why: tuple[tuple[str, float], ...], more: tuple[str, ...]
) -> PartScore:
    rows = [
        (t.sentence.index, f.words)
        for t, f, c in zip(reading.tagged, reading.facts, reading.counted, strict=True)
        if c and t.part == part
    ]
    words = sum(f.words for f, c in zip(reading.facts, reading.counted, strict=True) if c) or 1
    return PartScore(
        part,
        strength,
        round(strength / 3 * 100, 1),
        round(sum(w for _, w in rows) / words, 3),
        tuple(i for i, _ in rows),
        why,
        more,
    )


def _left_out(reading: Reading) -> dict[str, tuple[int, ...]]:
    """Sentences that do not count, by why."""
    out: dict[str, list[int]] = {"foreign": [], "instructions": [], "repeats": []}
    for tagged, counted in zip(reading.tagged, reading.counted, strict=True):
        if counted or not any(c.isalnum() for c in tagged.sentence.text):
            continue
        other = "foreign" if tagged.foreign else "repeats"
        why = "instructions" if is_instruction(tagged.sentence.text) else other
        out[why].append(tagged.sentence.index)
    return {why: tuple(rows) for why, rows in out.items()}
