"""The cohort page: one file, no network, readable without its script, printable."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starcheck.assets import package_text
from starcheck.cohort import charts
from starcheck.cohort.files import need
from starcheck.cohort.summary import read_scores
from starcheck.records import LETTERS, STAR
from starcheck.render.palette import COMPETENCY_NAMES, TYPE_NAMES

if TYPE_CHECKING:
    from starcheck.cohort.run import Options

STATUS_NAMES = {
    "scored": "scored",
    "insufficient_evidence": "too little to judge",
    "not_english": "not English",
    "empty": "empty",
    "failed": "could not be read",
}
FLAG_NAMES = {
    "said_twice": "passages said twice",
    "foreign_passage": "a passage that seems not to belong",
    "words_to_the_marker": "words to whoever marks it",
    "question_copied": "the question copied",
    "known_text": "wording close to a known text",
    "near_duplicate": "wording close to that of another",
    "unknown_level": "an unknown level",
}


def page(folder: Path, summary: Mapping[str, Any], options: Options) -> str:
    """Make ``index.html``.

    Parameters
    ----------
    folder : pathlib.Path
        With ``scores.parquet``.
    summary : mapping
        As written to ``summary.json``.
    options : Options

    Returns
    -------
    str
        The same for the same scores, byte for byte.
    """
    jinja2: Any = need("jinja2", "The page")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["percent"] = lambda x: "\u2013" if x is None else f"{x:.0%}"
    script = package_text("cohort", "page.js")
    template = environment.from_string(package_text("cohort", "page.html"))
    rows = _rows(folder, options.reports)
    text: str = template.render(
        s=summary,
        style=jinja2.utils.markupsafe.Markup(package_text("cohort", "page.css")),
        script=jinja2.utils.markupsafe.Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        charts=_charts(summary, jinja2.utils.markupsafe.Markup),
        key=charts.competency_key(summary),
        rows=rows,
        links={r["row"]: r["report"] for r in rows if r["report"]},
        statuses=STATUS_NAMES,
        flags=FLAG_NAMES,
        types=TYPE_NAMES,
        competencies=COMPETENCY_NAMES,
        parts=[(p.value, LETTERS[p]) for p in STAR],
    )
    return text


def _charts(summary: Mapping[str, Any], safe: Any) -> dict[str, Any]:
    if not summary["score"]["n"]:
        return {}
    makers = {
        "bands": charts.bands,
        "parts": charts.parts,
        "shares": charts.shares,
        "competencies": charts.competencies,
    }
    return {name: safe(make(summary)) for name, make in makers.items()}


def _rows(folder: Path, most: int) -> list[dict[str, Any]]:
    """The rows of the table; a page of more than some thousands is slow in every browser."""
    wanted = [
        "row",
        "id",
        "group",
        "question",
        "status",
        "reason",
        "score",
        "band",
        "words",
        "finding_1",
        "flags",
        "report",
    ]
    wanted += [f"{p.value}_strength" for p in STAR]
    frame = read_scores(folder, wanted).head(most)
    return [{str(k): None if v != v else v for k, v in row.items()} for row in frame.astype(object).to_dict("records")]
