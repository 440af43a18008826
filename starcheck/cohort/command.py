"""What the ``batch`` command prints, and how it stops."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from starcheck.cohort.columns import Choice, Columns
from starcheck.cohort.inputs import Inputs
from starcheck.cohort.rows import Survey
from starcheck.cohort.run import Options, check, run
from starcheck.errors import InputError

MOST_PROCESSES = 8
"""By default; each holds the model and a parser, several hundred megabytes."""


def batch(
    inputs: Sequence[str],
    output: Path | None,
    choice: Choice,
    dry: bool,
    text: bool,
    reports: int,
    processes: int,
    dask: str | None,
    profile: str,
    model: str,
) -> None:
    """Run the command; the arguments are the options of ``starcheck batch``.

    Raises
    ------
    StarcheckError
        If something cannot be read or written.
    """
    if dry:
        sys.stdout.write(described(*check(inputs, choice)))
        return
    if output is None:
        raise InputError(
            "Where to? Give --output FOLDER, or --output scores.csv for one table (or --check to look first)."
        )
    options = Options(output, choice, processes or cores(), profile, model, text, reports, dask)

    def say(line: str) -> None:
        typer.echo(line, err=True)

    try:
        counts = run(inputs, options, say, quiet=not sys.stderr.isatty())
    except KeyboardInterrupt:
        say("Stopped. What was scored is kept: run the same command again and it goes on.")
        raise typer.Exit(130) from None
    say(str(counts))
    say(f"Written to {options.output}" + (f": open {options.output / 'index.html'}" if options.full else ""))
    if counts.rows and counts.failed == counts.rows:
        say("starcheck: not one answer could be scored; the reasons are in the table of failures.")
        raise typer.Exit(1)


def cores() -> int:
    """Processors that this process may use, within reason."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, MOST_PROCESSES)


def described(inputs: Inputs, surveys: Sequence[Survey], warnings: Sequence[str]) -> str:
    """A dry run in words."""
    lines = []
    for s in surveys:
        lines.append(f"{s.source.name}")
        lines.append(f"  answers    {s.rows:,} ({s.empty:,} empty, {s.unreadable:,} cannot be read)")
        lines.append(f"  read as    {_read_as(s.read_as)}")
        if s.source.kind != "document":
            lines.append(f"  columns    {', '.join(s.columns)}")
        units = ", ".join(f"{name} {n:,}" for name, n in s.encodings.items())
        lines.append(f"  encodings  {units or 'none'}")
    lines += [f"left out: {name} (of no known kind)" for name in inputs.ignored]
    lines += [f"note: {warning}" for warning in warnings]
    total = sum(s.rows for s in surveys)
    lines.append(
        f"{total:,} answers in {len(surveys)} source{'s' if len(surveys) != 1 else ''} would be scored; nothing "
        "was written."
    )
    return "\n".join(lines) + "\n"


def _read_as(columns: Columns) -> str:
    form = "wide form" if columns.wide else "long form"
    parts = [f"answers in {', '.join(repr(c.name) for c in columns.text)} ({form})"]
    questions = [c.question_column or c.question for c in columns.text if c.question_column or c.question]
    named = {"ids": columns.id, "levels": columns.level, "groups": columns.group}
    if questions:
        parts.append(f"questions in {', '.join(repr(q) for q in dict.fromkeys(questions))}")
    return "; ".join([*parts, *(f"{what} in {name!r}" for what, name in named.items() if name)])
