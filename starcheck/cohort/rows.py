"""Every row of every source as one stream, numbered; and what a dry run says of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from starcheck.cohort.columns import AnswerColumn, Choice, Columns, find_columns
from starcheck.cohort.inputs import Source
from starcheck.cohort.tables import LONGEST_CELL, Record, Table
from starcheck.errors import InputError
from starcheck.records import LEVELS


@dataclass(frozen=True, slots=True)
class Row:
    """One answer to score, or the reason why it cannot be read."""

    number: int
    """From 1, over all sources."""
    source: str
    place: str
    id: str
    text: str
    question: str | None = None
    level: str | None = None
    group: str | None = None
    problem: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Survey:
    """What a source holds."""

    source: Source
    columns: tuple[str, ...]
    read_as: Columns
    rows: int = 0
    empty: int = 0
    unreadable: int = 0
    encodings: dict[str, int] = field(default_factory=dict)
    own_ids: bool = False


def columns_of(source: Source, table: Table, choice: Choice) -> Columns:
    """The columns to read a source by; documents have theirs fixed."""
    if source.kind == "document":
        return Columns((AnswerColumn("text"),), "id")
    return find_columns(table.name, table.columns, choice)


def rows_of(source: Source, columns: Columns, first: int, start: int = 0, table: Table | None = None) -> Iterator[Row]:
    """The rows of a source.

    Parameters
    ----------
    source : Source
    columns : Columns
    first : int
        Number of the source's first row.
    start : int, default=0
        Rows of the source to pass over; cheap for Parquet.
    table : Table, optional
        The opened source, where the caller wants its encodings.

    Yields
    ------
    Row
    """
    width = len(columns.text)
    skipped = start // width if source.kind == "parquet" else 0
    table = table or source.open(skipped)
    number = first + skipped * width
    for record in table.records:
        for column in columns.text:
            if number >= first + start:
                yield _row(record, column, columns, source, number)
            number += 1


def take(source: Source, columns: Columns, first: int, start: int, count: int) -> tuple[Row, ...]:
    """A range of a source's rows."""
    return tuple(islice(rows_of(source, columns, first, start), count))


def _row(record: Record, column: AnswerColumn, columns: Columns, source: Source, number: int) -> Row:
    cells = record.cells
    text = cell_text(cells.get(column.name))
    problem = record.problem
    if len(text) > LONGEST_CELL and problem is None:
        problem = f"The cell holds {len(text):,} characters, far more than an answer: put one answer in a cell."
    name = "documents" if source.kind == "document" else source.name
    place = f"{record.place}, column {column.name!r}" if columns.wide else record.place
    known = cell_text(cells.get(columns.id)).strip() if columns.id else ""
    if problem:
        # In a line that is out of step any cell may hold the answer; only its place is passed on.
        return Row(number, name, place, known[:80] or str(number), "", problem=problem)
    question = column.question or (cell_text(cells.get(column.question_column)) if column.question_column else "")
    level = cell_text(cells.get(columns.level)).strip().lower() if columns.level else ""
    return Row(
        number,
        name,
        place,
        known or str(number),
        text,
        question.strip() or None,
        level if level in LEVELS else None,
        (cell_text(cells.get(columns.group)).strip() or None) if columns.group else None,
        notes=("unknown_level",) if level and level not in LEVELS else (),
    )


def cell_text(value: Any) -> str:
    """A cell as text: nothing, NaN and a written-out nan are empty."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, Mapping | list):
        return ""
    # Lone surrogates, which JSON can hold, cannot be written as UTF-8.
    text = str(value).encode("utf-8", "replace").decode("utf-8")
    return "" if text.strip().lower() in ("nan", "<na>", "nat") else text


def survey(sources: Sequence[Source], choice: Choice) -> tuple[list[Survey], list[str]]:
    """Read all sources once without scoring.

    Returns
    -------
    list of Survey
        One a source.
    list of str
        Warnings: ids that occur more than once, cells in an unexpected encoding, unknown levels.

    Raises
    ------
    InputError
        If a source cannot be read, or there is not one row.
    """
    seen: set[int] = set()
    repeated: dict[str, int] = {}
    out: list[Survey] = []
    notes: Counter[str] = Counter()
    sheets = Counter(s.paths[0] for s in sources if s.kind == "xlsx")
    warnings = []
    for source in sources:
        table = source.open()
        try:
            columns = columns_of(source, table, choice)
        except InputError:
            if sheets[source.paths[0]] < 2 or choice.text:
                raise
            # A workbook may hold other things beside the answers; what is left out is said.
            warnings.append(f"{source.name} has no column of answers and is left out.")
            continue
        found = Survey(source, table.columns, columns, own_ids=columns.id is not None)
        first = sum(s.rows for s in out) + 1
        for row in rows_of(source, columns, first, table=table):
            _count(found, row, notes, seen, repeated)
        found.encodings = dict(sorted(table.encodings.items()))
        out.append(found)
    if not sum(s.rows for s in out):
        raise InputError("There is not one answer to read: the tables have column names but no lines below them.")
    return out, warnings + _warnings(out, repeated, notes)


def _count(found: Survey, row: Row, notes: Counter[str], seen: set[int], repeated: dict[str, int]) -> None:
    found.rows += 1
    found.unreadable += row.problem is not None
    found.empty += row.problem is None and not row.text.strip()
    notes.update(row.notes)
    if not found.own_ids or found.read_as.wide:
        return
    key = hash(row.id)
    if key in seen:
        repeated.setdefault(row.id, row.number)
    seen.add(key)


def _warnings(surveys: Sequence[Survey], repeated: Mapping[str, int], notes: Mapping[str, int]) -> list[str]:
    out = []
    old = [(s, s.encodings.get("cp1252", 0)) for s in surveys]
    if repeated:
        name, number = next(iter(repeated.items()))
        out.append(
            f"{len(repeated)} id{'s occur' if len(repeated) > 1 else ' occurs'} more than once (for example "
            f"{name[:40]!r}, "
            f"again in row {number}): every row is scored; the column 'row' tells them apart."
        )
    out += [f"{s.source.name}: {n:,} of its lines are not UTF-8 and were read as cp1252." for s, n in old if n]
    if n := notes.get("unknown_level", 0):
        out.append(f"{n:,} of the rows have a level other than {', '.join(LEVELS)}: they are scored without one.")
    return out
