"""The report: everything found about one answer, its JSON form, and its faces."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import Any, Self

from starcheck.assets import package_text
from starcheck.comparison import Comparison, compare
from starcheck.errors import InputError
from starcheck.judging.feedback import SHOWN_FIRST
from starcheck.judging.rubric import band_words
from starcheck.records import (
    COMPETENCIES,
    PARTS,
    STAR,
    Answer,
    CompetencyScore,
    Finding,
    ModelInfo,
    Part,
    PartScore,
    Sentence,
    Signals,
    Tagged,
)
from starcheck.render.notice import NOTICE
from starcheck.render.shown import Shown

SCHEMA = "starcheck.report/1"


@dataclass(frozen=True, slots=True)
class Report(Shown):
    """What starcheck says about one answer.

    Equal reports have equal JSON, byte for byte; ``Report.from_dict(report.to_dict()) == report``.
    In a notebook a report shows itself; ``print`` and rich give the terminal view.
    """

    answer: Answer
    model: ModelInfo
    profile: str
    status: str
    reason: str | None
    score: float | None
    band: int | None
    answer_type: str
    relevance: str | None
    sentences: tuple[Tagged, ...]
    parts: tuple[PartScore, ...]
    competencies: tuple[CompetencyScore, ...]
    signals: Signals
    findings: tuple[Finding, ...]

    @property
    def band_words(self) -> str | None:
        """The Civil Service's words for the band."""
        return None if self.band is None else band_words(self.band)

    @property
    def first_findings(self) -> tuple[Finding, ...]:
        """The few to act on first."""
        return self.findings[:SHOWN_FIRST]

    def part(self, part: Part | str) -> PartScore:
        """The score of one part of STAR."""
        return next(p for p in self.parts if p.part == Part(part))

    def to_dict(self) -> dict[str, Any]:
        """JSON types only, by the schema that :func:`schema` gives."""
        return {
            "schema": SCHEMA,
            "model": asdict(self.model),
            "profile": self.profile,
            "answer": asdict(self.answer),
            "status": self.status,
            "reason": self.reason,
            "score": self.score,
            "band": self.band,
            "answer_type": self.answer_type,
            "relevance": self.relevance,
            "sentences": [_sentence_dict(t) for t in self.sentences],
            "parts": {p.part.value: _part_dict(p) for p in self.parts},
            "competencies": {c.id: _competency_dict(c) for c in self.competencies},
            "signals": _signals_dict(self.signals),
            "findings": [{**asdict(f), "evidence": list(f.evidence)} for f in self.findings],
            "notice": NOTICE,
        }

    def to_json(self) -> str:
        """The same as text: UTF-8, keys in a fixed order, a line break at the end."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`.

        Raises
        ------
        InputError
            If ``data`` is no report of this schema.
        """
        found = data.get("schema") if isinstance(data, Mapping) else None
        if found != SCHEMA:
            raise InputError(f"This is no starcheck report: schema {found!r}, expected {SCHEMA!r}.")
        try:
            return cls._from_dict(data)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError(f"This starcheck report is damaged ({type(error).__name__}: {error}).") from None

    @classmethod
    def _from_dict(cls, data: Mapping[str, Any]) -> Self:
        answer = Answer(**data["answer"])
        same = ("profile", "status", "reason", "score", "band", "answer_type", "relevance")
        return cls(
            answer=answer,
            model=ModelInfo(**data["model"]),
            sentences=tuple(_tagged(answer.text, i, s) for i, s in enumerate(data["sentences"])),
            parts=tuple(_part(part, data["parts"][part.value]) for part in STAR),
            competencies=tuple(_competency(name, data["competencies"][name]) for name in COMPETENCIES),
            signals=_signals(data["signals"]),
            findings=tuple(Finding(**{**f, "evidence": tuple(f["evidence"])}) for f in data["findings"]),
            **{name: data[name] for name in same},
        )

    def compare(self, other: Report) -> Comparison:
        """What this draft improved, and what it lost, against an earlier one.

        Parameters
        ----------
        other : Report
            On the earlier draft, by the same model and profile.

        Returns
        -------
        starcheck.comparison.Comparison

        Raises
        ------
        InputError
            If model or profile differ.
        """
        return compare(other, self)

    def to_html(self) -> str:
        """One self-contained fragment: semantic, escaped, no script."""
        from starcheck.render.html import fragment

        return fragment(self)

    def to_page(self) -> str:
        """A whole HTML page around :meth:`to_html`."""
        from starcheck.render.html import page

        return page(self)

    def to_markdown(self) -> str:
        """Markdown, escaped."""
        from starcheck.render.markdown import markdown

        return markdown(self)

    def to_text(self) -> str:
        """Plain text, as ``print(report)`` shows it."""
        from starcheck.render.terminal import plain

        return plain(self)

    def __rich__(self) -> Any:
        from starcheck.render.terminal import renderable

        return renderable(self)


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """The JSON Schema of :meth:`Report.to_dict` (draft 2020-12)."""
    loaded: dict[str, Any] = json.loads(package_text("report.schema.json"))
    return loaded


def _sentence_dict(tagged: Tagged) -> dict[str, Any]:
    return {
        "start": tagged.sentence.start,
        "end": tagged.sentence.end,
        "part": tagged.part.value,
        "confidence": tagged.confidence,
        "probabilities": dict(zip((p.value for p in PARTS), tagged.probabilities, strict=True)),
        "competencies": list(tagged.competencies),
        "foreign": tagged.foreign,
    }


def _tagged(text: str, index: int, data: Mapping[str, Any]) -> Tagged:
    start, end = data["start"], data["end"]
    return Tagged(
        Sentence(text[start:end], start, end, index),
        Part(data["part"]),
        data["confidence"],
        tuple(data["probabilities"][p.value] for p in PARTS),
        tuple(data["competencies"]),
        data["foreign"],
    )


def _part_dict(part: PartScore) -> dict[str, Any]:
    return {
        "strength": part.strength,
        "score": part.score,
        "share": part.share,
        "evidence": list(part.evidence),
        "moved": [{"measure": name, "points": points} for name, points in part.moved],
        "raises": list(part.raises),
    }


def _part(part: Part, data: Mapping[str, Any]) -> PartScore:
    moved = tuple((m["measure"], m["points"]) for m in data["moved"])
    return PartScore(
        part, data["strength"], data["score"], data["share"], tuple(data["evidence"]), moved, tuple(data["raises"])
    )


def _competency_dict(competency: CompetencyScore) -> dict[str, Any]:
    return {"covered": competency.covered, "score": competency.score, "evidence": list(competency.evidence)}


def _competency(name: str, data: Mapping[str, Any]) -> CompetencyScore:
    return CompetencyScore(name, data["covered"], data["score"], tuple(data["evidence"]))


def _signals_dict(signals: Signals) -> dict[str, Any]:
    out = asdict(signals)
    out["ownership"] = {"i": out.pop("ownership_i"), "we": out.pop("ownership_we")}
    out["unsure"] = list(signals.unsure)
    return out


def _signals(data: Mapping[str, Any]) -> Signals:
    names = {f.name for f in fields(Signals)}
    flat = {k: v for k, v in data.items() if k in names}
    ownership = data["ownership"]
    return Signals(
        **{**flat, "unsure": tuple(data["unsure"]), "ownership_i": ownership["i"], "ownership_we": ownership["we"]}
    )
