"""From finished ranges to the files a user opens: in order, whole, and each row once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from starcheck.cohort import duplicates
from starcheck.cohort.files import csv_line, need, whole, write
from starcheck.cohort.plan import SUMMARY, Work
from starcheck.cohort.table import FAILURES, PLAIN, SCORES, SENTENCES, arrow_schema
from starcheck.errors import InputError

if TYPE_CHECKING:
    from starcheck.cohort.run import Counts, Options

SCHEMA = "starcheck.cohort/1"
FILES = ("scores.parquet", "scores.csv", "sentences.parquet", "failures.csv", "index.html")
_ROW_GROUP = 8_192
_SENTENCE_GROUP = 65_536
"""Rows of a Parquet row group; fixed, so that the bytes do not depend on how a run was cut."""


def finished(folder: Path, mine: Mapping[str, Any]) -> dict[str, int] | None:
    """The counts of a finished run in a folder; None if there is none.

    Raises
    ------
    InputError
        If the folder holds the outputs of another run.
    """
    from starcheck.cohort.plan import differences

    try:
        summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        theirs, counts = summary["run"], summary["counts"]
    except (OSError, json.JSONDecodeError, KeyError, TypeError):
        return None
    if theirs != mine:
        raise InputError(
            f"{str(folder)!r} holds the outputs of a run with {differences(dict(mine), theirs)}: give another "
            "output folder, "
            f"or delete this one first."
        )
    return counts if all((folder / name).is_file() for name in FILES) else None


def finish(
    work: Work,
    numbers: Sequence[int],
    options: Options,
    mine: dict[str, Any],
    counts: Counts,
    say: Callable[[str], None],
) -> None:
    """Write the outputs of a run whose ranges are all finished.

    Parameters
    ----------
    work : Work
    numbers : sequence of int
        Of the ranges, in order.
    options : Options
    mine : dict
        The run's identity.
    counts : Counts
    say : callable
        Gets a line for the user.
    """
    if not options.full:
        with whole(options.output) as file:
            file.write(csv_line(PLAIN).encode())
            for line in _lines(work, numbers, {}):
                file.write(csv_line(line[c] for c in PLAIN).encode())
        return
    folder = options.output
    groups = _duplicates(work, numbers)
    _write_scores(folder, _lines(work, numbers, {row: n for n, g in enumerate(groups, 1) for row in g.rows}))
    _write_sentences(folder, work, numbers)
    from starcheck.cohort.page import page
    from starcheck.cohort.summary import summarise

    summary = {
        "schema": SCHEMA,
        "counts": asdict(counts),
        **summarise(folder, groups, work, numbers, options),
        "run": mine,
    }
    write(folder / "index.html", page(folder, summary, options).encode())
    write(folder / SUMMARY, (json.dumps(summary, ensure_ascii=False, indent=1) + "\n").encode())
    if options.text and counts.rows > options.reports:
        say(
            f"The first {options.reports:,} rows have a report of their own (--reports changes that); all rows "
            "are in scores.csv."
        )


def _lines(work: Work, numbers: Sequence[int], group_of: Mapping[int, int]) -> Iterator[dict[str, Any]]:
    """All score lines in order, each row exactly once, with what only the whole cohort shows."""
    expected = 1
    for number in numbers:
        for line in work.lines(number):
            if line["row"] != expected:
                raise InputError(
                    f"Row {expected} is missing or doubled: the inputs changed during the run; begin again in a "
                    "new folder."
                )
            expected += 1
            group = group_of.get(line["row"])
            if group is not None:
                line["duplicate_group"] = group
                line["flags"] = f"{line['flags']} near_duplicate".strip()
            yield line


def _write_scores(folder: Path, lines: Iterator[dict[str, Any]]) -> None:
    arrow, parquet = need("pyarrow", "Writing Parquet"), need("pyarrow.parquet", "Writing Parquet")
    schema = arrow_schema(SCORES)
    buffer: list[dict[str, Any]] = []
    with (
        whole(folder / "scores.csv") as table,
        whole(folder / "failures.csv") as bad,
        whole(folder / "scores.parquet") as columns,
    ):
        table.write(csv_line(SCORES).encode())
        bad.write(csv_line(FAILURES).encode())
        with parquet.ParquetWriter(columns, schema) as writer:
            for line in lines:
                table.write(csv_line(line.values()).encode())
                if line["status"] != "scored":
                    bad.write(csv_line(line[c] for c in FAILURES).encode())
                buffer.append(line)
                if len(buffer) == _ROW_GROUP:
                    writer.write_table(arrow.Table.from_pylist(buffer, schema=schema))
                    buffer = []
            if buffer:
                writer.write_table(arrow.Table.from_pylist(buffer, schema=schema))


def _write_sentences(folder: Path, work: Work, numbers: Sequence[int]) -> None:
    arrow, parquet = need("pyarrow", "Writing Parquet"), need("pyarrow.parquet", "Writing Parquet")
    schema = arrow_schema(SENTENCES)
    held: Any = schema.empty_table()
    with whole(folder / "sentences.parquet") as file, parquet.ParquetWriter(file, schema) as writer:
        for number in numbers:
            held = arrow.concat_tables([held, parquet.read_table(work.member(number, "sentences.parquet"))])
            while held.num_rows >= _SENTENCE_GROUP:
                writer.write_table(held.slice(0, _SENTENCE_GROUP).combine_chunks())
                held = held.slice(_SENTENCE_GROUP)
        if held.num_rows:
            writer.write_table(held.combine_chunks())


def _duplicates(work: Work, numbers: Sequence[int]) -> list[duplicates.Group]:
    rows, sketches, people = [], [], []
    for number in numbers:
        known = work.array(number, "numbers.npy")
        rows.append(known)
        sketches.append(work.array(number, "sketches.npy"))
        # The same id in another file may be another person.
        ids = {line["row"]: f"{line['source']}\n{line['id']}" for line in work.lines(number)}
        people += [ids[int(n)] for n in known]
    return duplicates.groups(np.concatenate(rows), np.concatenate(sketches), people)
