"""Agreement of the scores with a coach's marks: the measures and limits that ETS's RSMTool prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from starcheck.cohort.columns import named_column, usual_column
from starcheck.cohort.files import fused, need, write
from starcheck.cohort.inputs import find_inputs
from starcheck.cohort.rows import cell_text
from starcheck.errors import InputError
from starcheck.records import STAR
from starcheck.render.notice import NOTICE

SCALES: dict[str, tuple[int, int]] = {"band": (1, 7), **{p.value: (0, 3) for p in STAR}}
NAMES = {
    "band": ("band", "overall", "mark", "overallband", "coachband", "humanband"),
    **{p.value: (p.value, p.value[0], f"{p.value}strength") for p in STAR},
}
LEAST_QWK = LEAST_R = 0.70
MOST_SMD, MOST_GROUP_SMD = 0.15, 0.10
"""Limits for automated scoring (Williamson, Xi and Breyer 2012); for groups the stricter one."""
FEWEST = 10


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far program and coach agree on one field, overall or in one group."""

    field: str
    group: str | None
    n: int
    coach: float
    program: float
    smd: float | None
    exact: float
    adjacent: float
    qwk: float | None
    r: float | None

    @property
    def misses(self) -> list[str]:
        """Limits that are not met."""
        most = MOST_SMD if self.group is None else MOST_GROUP_SMD
        out = []
        if self.qwk is not None and self.qwk < LEAST_QWK:
            out.append("QWK")
        if self.r is not None and self.r < LEAST_R:
            out.append("r")
        if self.smd is not None and abs(self.smd) > most:
            out.append("SMD")
        return out


def agreement(scores: Path, marks: Path, id_column: str | None, group: str | None, output: Path | None) -> str:
    """Compare and describe.

    Parameters
    ----------
    scores : pathlib.Path
        ``scores.csv`` or ``scores.parquet`` of a batch.
    marks : pathlib.Path
        A table with an id and any of the columns band (1-7), situation, task, action, result (0-3).
    id_column : str, optional
        Of the marks.
    group : str, optional
        Column of either table.
    output : pathlib.Path, optional
        Where to write an HTML page with the table and the plot.

    Returns
    -------
    str
        A table as text.

    Raises
    ------
    InputError
        If the tables do not fit together.
    """
    mine, theirs = _table(scores), _table(marks)
    if not {"id", "status", "band"} <= set(mine[0]):
        raise InputError(
            f"{scores.name} is no table of scores: give scores.csv of a batch (columns id, status, band ...)."
        )
    name = named_column(marks.name, theirs[0], id_column) or usual_column(theirs[0], "id")
    if name is None:
        raise InputError(f"{marks.name} has no column of ids: it has {', '.join(theirs[0])}; name one with --id.")
    fields = _fields(theirs[0], name, marks.name)
    joined, notes = _joined(mine[1], theirs[1], name)
    rows = list(_agreements(joined, fields, group))
    if not rows:
        raise InputError(
            f"No answer of {scores.name} has a mark in {marks.name} that can be compared: are the ids the same?"
        )
    text = _text(rows, notes)
    if output is not None:
        _page(output, rows, notes, joined, fields)
    return text


def _table(path: Path) -> tuple[tuple[str, ...], list[Mapping[str, Any]]]:
    table = find_inputs([str(path)]).sources[0].open()
    return table.columns, [r.cells for r in table.records if r.problem is None]


def _fields(columns: Sequence[str], name: str, table: str) -> dict[str, str]:
    """Which of our fields stand in which column of the marks."""
    bare = {"".join(c for c in column.lower() if c.isalnum()): column for column in columns if column != name}
    found = {field: next((bare[n] for n in names if n in bare), None) for field, names in NAMES.items()}
    fields = {field: column for field, column in found.items() if column}
    if not fields:
        raise InputError(
            f"{table} has no marks: give a column 'band' (1 to 7), or 'situation', 'task', 'action', 'result' "
            "(0 to 3). "
            f"It has {', '.join(columns)}."
        )
    return fields


def _joined(
    mine: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]], name: str
) -> tuple[list[dict[str, Any]], list[str]]:
    ids = Counter(fused(cell_text(m["id"])) for m in mine)
    twice = [i for i, n in ids.items() if n > 1]
    known = {fused(cell_text(m["id"])): m for m in mine if ids[fused(cell_text(m["id"]))] == 1}
    joined, missing, unscored = [], 0, 0
    for mark in theirs:
        score = known.get(fused(cell_text(mark.get(name)).strip()))
        if score is None:
            missing += 1
        elif cell_text(score["status"]) != "scored":
            unscored += 1
        else:
            joined.append({"score": score, "mark": mark})
    notes = []
    if missing:
        notes.append(f"{missing} marks have no answer of the same id.")
    if unscored:
        notes.append(f"{unscored} marks are of answers that got no score.")
    if twice:
        notes.append(f"{len(twice)} ids stand for more than one answer and were left out.")
    return joined, notes


def _agreements(
    joined: Sequence[Mapping[str, Any]], fields: Mapping[str, str], group: str | None
) -> Iterator[Agreement]:
    groups: dict[str | None, list[Mapping[str, Any]]] = {None: list(joined)}
    value: str | None
    if group is not None:
        if joined and group not in joined[0]["score"] and group not in joined[0]["mark"]:
            raise InputError(f"Neither table has a column {group!r} to break down by.")
        for row in joined:
            value = cell_text(row["mark"].get(group, row["score"].get(group))).strip()
            if value:
                groups.setdefault(value, []).append(row)
    for value, rows in sorted(groups.items(), key=lambda g: (g[0] is not None, g[0] or "")):
        for field in fields:
            pairs = list(_pairs(rows, field, fields[field]))
            if len(pairs) >= (2 if value is None else FEWEST):
                yield _compare(field, value, pairs)


def _pairs(rows: Sequence[Mapping[str, Any]], field: str, column: str) -> Iterator[tuple[int, float]]:
    """(coach's mark, program's value), where both are on the scale."""
    low, high = SCALES[field]
    own = "band" if field == "band" else f"{field}_strength"
    for row in rows:
        try:
            mark, value = float(cell_text(row["mark"].get(column))), float(cell_text(row["score"].get(own)))
        except ValueError:
            continue
        if low <= mark <= high and mark == round(mark):
            yield int(mark), value


def _compare(field: str, group: str | None, pairs: Sequence[tuple[int, float]]) -> Agreement:
    from scipy import stats

    kappa = need("statsmodels.stats.inter_rater", "Agreement")
    low, high = SCALES[field]
    coach, value = (np.array(x, dtype=float) for x in zip(*pairs, strict=True))
    rounded = np.clip(np.floor(value + 0.5), low, high)
    table = np.zeros((high - low + 1, high - low + 1))
    np.add.at(table, ((coach - low).astype(int), (rounded - low).astype(int)), 1)
    varied = coach.std() > 0 and value.std() > 0
    pooled = float(np.sqrt((coach.var(ddof=1) + value.var(ddof=1)) / 2))
    return Agreement(
        field,
        group,
        len(pairs),
        float(coach.mean()),
        float(value.mean()),
        float(value.mean() - coach.mean()) / pooled if pooled else None,
        float(np.mean(coach == rounded)),
        float(np.mean(np.abs(coach - rounded) <= 1)),
        float(kappa.cohens_kappa(table, wt="quadratic", return_results=False)) if varied else None,
        float(stats.pearsonr(coach, value).statistic) if varied else None,
    )


_HEAD = ("Field", "Group", "n", "Coach", "Program", "SMD", "Exact", "Adjacent", "QWK", "r", "Outside the limits")


def _cells(a: Agreement) -> tuple[str, ...]:
    def number(x: float | None, places: int = 2) -> str:
        return "-" if x is None else f"{x:.{places}f}"

    return (
        a.field.capitalize(),
        a.group or "all",
        str(a.n),
        number(a.coach),
        number(a.program),
        number(a.smd),
        f"{a.exact:.0%}",
        f"{a.adjacent:.0%}",
        number(a.qwk),
        number(a.r),
        ", ".join(a.misses),
    )


def _limits() -> str:
    return (
        f"Limits (Williamson, Xi and Breyer 2012): QWK and r at least {LEAST_QWK:.2f}; |SMD| at most "
        f"{MOST_SMD:.2f}, in groups "
        f"{MOST_GROUP_SMD:.2f}. Groups of fewer than {FEWEST} marks are not shown. One coach is one opinion: "
        "let a second "
        f"mark some of the answers, and compare the two first."
    )


def _text(rows: Sequence[Agreement], notes: Sequence[str]) -> str:
    lines = [_HEAD, *map(_cells, rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(_HEAD))]
    out = [
        "  ".join(
            c.ljust(w) if i in (0, 1, 10) else c.rjust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join([*out, "", *notes, _limits()]) + "\n"


def _page(
    output: Path, rows: Sequence[Agreement], notes: Sequence[str], joined: Sequence[Any], fields: Mapping[str, str]
) -> None:
    from starcheck.assets import package_text
    from starcheck.cohort import charts

    plot = ""
    if "band" in fields:
        plot = f"<figure>{charts.agreement([(c, int(v)) for c, v in _pairs(joined, 'band', fields['band'])])}</figure>"
    head = "".join(f'<th scope="col"{_right(i)}>{escape(c)}</th>' for i, c in enumerate(_HEAD))
    body = "".join(
        "<tr>" + "".join(f"<td{_right(i)}>{escape(c)}</td>" for i, c in enumerate(_cells(a))) + "</tr>" for a in rows
    )
    said = "".join(f"<p>{escape(n)}</p>" for n in (*notes, _limits()))
    write(
        output,
        (
            '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" '
            'content="width=device-width, '
            'initial-scale=1"><title>Agreement with a '
            f"coach</title><style>{package_text('cohort', 'page.css')}</style></head><body>"
            f"<h1>Agreement with a coach</h1>{plot}<div "
            f'class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody>'
            f'</table></div>{said}<p class="notice">{escape(NOTICE)}</p></body></html>\n'
        ).encode(),
    )


def _right(i: int) -> str:
    return ' class="n"' if 2 <= i <= 9 else ""
