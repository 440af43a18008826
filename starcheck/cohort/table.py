"""The columns of scores and sentences, and how a report becomes a row of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from starcheck.cohort.rows import Row
from starcheck.judging.integrity import pasted_from
from starcheck.records import COMPETENCIES, LETTERS, STAR
from starcheck.report import Report

FLAGS = {
    "I01": "said_twice",
    "I02": "foreign_passage",
    "I03": "words_to_the_marker",
    "I05": "question_copied",
}
"""Findings of integrity that a person should see at a glance, by code."""

_START: dict[str, type] = {
    "row": int,
    "source": str,
    "place": str,
    "id": str,
    "group": str,
    "question": str,
    "level": str,
    "status": str,
    "reason": str,
    "score": float,
    "band": int,
    "answer_type": str,
    "relevance": str,
}
_END: dict[str, type] = {
    "words": int,
    "seconds_to_say": float,
    "i": int,
    "we": int,
    "quantified_result": bool,
    "order": str,
    "in_order": bool,
    "past_share": float,
    "hypothetical_share": float,
    "reflection": bool,
    "unsure_sentences": int,
    "finding_1": str,
    "finding_2": str,
    "finding_3": str,
    "finding_codes": str,
    "flags": str,
    "known_text": str,
    "known_similarity": float,
    "duplicate_group": int,
    "model": str,
    "model_version": str,
    "model_sha256": str,
    "report": str,
}
SCORES: dict[str, type] = {
    **_START,
    **{f"{p.value}_{what}": float for p in STAR for what in ("strength", "share")},
    **dict.fromkeys(COMPETENCIES, bool),
    **{f"{c}_score": float for c in COMPETENCIES},
    **_END,
}
"""Columns of ``scores.csv`` and ``scores.parquet``, in order, with their types."""

MARKS = (
    "answer_type",
    "relevance",
    *(n for n in SCORES if n.endswith(("_strength", "_share", "_score"))),
    *COMPETENCIES,
)
"""Columns that stay empty unless the status is "scored"."""

SENTENCES: dict[str, type] = {
    "row": int,
    "id": str,
    "sentence": int,
    "start": int,
    "end": int,
    "part": str,
    "letter": str,
    "confidence": float,
    "counted": bool,
    "text": str,
}
"""Columns of ``sentences.parquet``; ``text`` is empty with ``--no-text``."""

PLAIN = (
    *("row", "source", "place", "id", "group", "question", "level", "status", "reason", "score", "band", "answer_type"),
    *(f"{p.value}_strength" for p in STAR),
    *("words", "finding_1", "finding_2", "finding_3", "flags", "model", "model_version"),
)
"""Columns of the one table where the output is a CSV file."""

FAILURES = ("row", "source", "place", "id", "status", "reason")
"""Columns of ``failures.csv``."""


def failed(row: Row, reason: str) -> dict[str, Any]:
    """The line of a row that could not be read or scored."""
    return {**dict.fromkeys(SCORES), **_known(row), "status": "failed", "reason": reason, "flags": ""}


def scored(row: Row, report: Report, link: str | None) -> dict[str, Any]:
    """The line of a row with a report, in the order of :data:`SCORES`.

    Parameters
    ----------
    row : Row
    report : Report
    link : str or None
        Where the answer's own report lies, from the output folder.
    """
    s, known = report.signals, pasted_from(row.text)
    advice = [f for f in report.findings if f.severity != "good"]
    codes = [f.code for f in report.findings]
    line: dict[str, Any] = {
        **_known(row),
        "status": report.status,
        "reason": report.reason,
        "score": report.score,
        "band": report.band,
        "answer_type": report.answer_type,
        "relevance": report.relevance,
        **{f"{p.part.value}_strength": p.strength for p in report.parts},
        **{f"{p.part.value}_share": p.share for p in report.parts},
        **{c.id: c.covered for c in report.competencies},
        **{f"{c.id}_score": c.score for c in report.competencies},
        "words": s.words,
        "seconds_to_say": s.seconds_to_say,
        "i": s.ownership_i,
        "we": s.ownership_we,
        "quantified_result": s.quantified_result,
        "order": s.order,
        "in_order": s.in_order,
        "past_share": s.past_share,
        "hypothetical_share": s.hypothetical_share,
        "reflection": s.reflection,
        "unsure_sentences": len(s.unsure),
        **{f"finding_{n}": advice[n - 1].title if len(advice) >= n else None for n in (1, 2, 3)},
        "finding_codes": " ".join(codes),
        "flags": " ".join([*row.notes, *(FLAGS[c] for c in codes if c in FLAGS), *(["known_text"] if known else [])]),
        "known_text": known[0] if known else None,
        "known_similarity": known[1] if known else None,
        "model": report.model.name,
        "model_version": report.model.version,
        "model_sha256": report.model.sha256,
        "report": link,
    }
    if report.status != "scored":
        # Nothing beside a refused answer may look like a mark.
        line |= dict.fromkeys(MARKS)
    return {name: line.get(name) for name in SCORES}


def sentences(row: Row, report: Report, with_text: bool) -> Iterator[dict[str, Any]]:
    """The lines of :data:`SENTENCES` of a report."""
    for t in report.sentences:
        yield {
            "row": row.number,
            "id": row.id,
            "sentence": t.sentence.index + 1,
            "start": t.sentence.start,
            "end": t.sentence.end,
            "part": t.part.value,
            "letter": LETTERS[t.part],
            "confidence": t.confidence,
            "counted": not t.foreign,
            "text": t.sentence.text if with_text else "",
        }


def _known(row: Row) -> Mapping[str, Any]:
    names = ("source", "place", "id", "group", "question", "level")
    return {"row": row.number, **{name: getattr(row, name) for name in names}}


def arrow_schema(columns: Mapping[str, type]) -> Any:
    """The same columns for Parquet."""
    from starcheck.cohort.files import need

    arrow = need("pyarrow", "Writing Parquet")
    kinds = {int: arrow.int64(), str: arrow.string(), float: arrow.float64(), bool: arrow.bool_()}
    return arrow.schema([(name, kinds[kind]) for name, kind in columns.items()])
