"""Lines of text that every face of a report shows, worded once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starcheck.judging.rubric import expected
from starcheck.render.palette import COMPETENCY_NAMES, TYPE_NAMES

if TYPE_CHECKING:
    from starcheck.report import Report

_DRIVING = dict.fromkeys((*range(9), *range(14, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Characters that could drive a terminal, or turn round the order in which the rest is shown."""


def clean(text: str) -> str:
    """The user's words on one line, without characters that do something rather than say something."""
    return " ".join(text.translate(_DRIVING).split())


def verdict(report: Report) -> str:
    """The headline: band and score, or why there is none."""
    if report.band is None:
        return {"empty": "No answer", "not_english": "Not English"}.get(report.status, "Not enough evidence to score")
    return f"Band {report.band} of 7: {report.band_words} ({report.score:.0f}/100)"


def reads_as(report: Report) -> str:
    """Type of answer and relevance, in words."""
    text = f"Reads as {TYPE_NAMES[report.answer_type]}"
    if report.relevance:
        fits = {
            "clear": "speaks of the question",
            "partly": "speaks partly of the question",
            "no": "may not answer the question",
        }
        text += f"; {fits[report.relevance]}"
    return text + "."


def signals(report: Report) -> list[str]:
    """Plain observations, one a line."""
    s = report.signals
    out = [
        f"{s.words} words, about {_duration(s.seconds_to_say)} to say",
        f"I {_times(s.ownership_i)}, we {_times(s.ownership_we)}",
        "outcome has a figure" if s.quantified_result else "outcome has no figure",
    ]
    if s.order:
        out.append(f"told in the order {s.order}")
    if s.unsure:
        numbers = ", ".join(str(i + 1) for i in s.unsure[:8])
        more = " and others" if len(s.unsure) > 8 else ""
        out.append(f"unsure of sentence{'s' if len(s.unsure) > 1 else ''} {numbers}{more}")
    return out


def competencies(report: Report) -> list[tuple[str, tuple[int, ...]]]:
    """Names of evidenced competencies with their sentences."""
    return [(COMPETENCY_NAMES[c.id], c.evidence) for c in report.competencies if c.covered]


def to_raise(report: Report) -> list[str]:
    """For each part below full strength: what would raise it by a point."""
    return [f"{p.part.value}: {', '.join(p.raises[:3])}." for p in report.parts if p.raises]


def expectations(report: Report) -> list[tuple[str, bool, str]]:
    """With a level: each competency, whether it is shown, and what the guide expects of it there."""
    asked = expected(report.answer.level)
    return [(COMPETENCY_NAMES[c.id], c.covered, asked[c.id]) for c in report.competencies if c.id in asked]


def sentence_numbers(indices: tuple[int, ...]) -> str:
    """Where to look, counted from 1."""
    if not indices:
        return ""
    shown = ", ".join(str(i + 1) for i in indices[:5])
    dots = "\u2026" if len(indices) > 5 else ""
    return f"sentence{'s' if len(indices) > 1 else ''} {shown}{dots}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def _times(n: int) -> str:
    return ("never", "once")[n] if n < 2 else f"{n} times"
