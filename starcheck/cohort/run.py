"""A batch from beginning to end: read, score in processes, keep what is done, write the outputs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from starcheck.cohort.columns import Choice
from starcheck.cohort.drive import Progress, drive, local_pool
from starcheck.cohort.files import make_folder, require, write
from starcheck.cohort.inputs import Inputs, Source, find_inputs
from starcheck.cohort.plan import SUMMARY, WORK, Range, Work, identity, ranges
from starcheck.cohort.rows import Survey, columns_of, rows_of, survey
from starcheck.cohort.work import Done, How, Job, Slice, model_file
from starcheck.errors import InputError
from starcheck.judging.rubric import profile_named

REPORTS = 5_000
"""Answers that get a report of their own by default; more files than that no folder view can show."""
RANGE_ROWS = 64
"""Rows scored and stored together: about a second's work, lost at most by a power cut."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for."""

    output: Path
    choice: Choice = field(default_factory=Choice)
    processes: int = 1
    profile: str = "balanced"
    model: str = "star-en"
    text: bool = True
    reports: int = REPORTS
    dask: str | None = None
    range_rows: int = RANGE_ROWS

    @property
    def full(self) -> bool:
        """Whether a folder of outputs is wanted, not one CSV file."""
        return self.output.suffix.lower() != ".csv"


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows in and what became of them; always a sum."""

    rows: int
    scored: int
    unscored: int
    failed: int

    def __str__(self) -> str:
        return f"{self.rows:,} rows in = {self.scored:,} scored + {self.unscored:,} unscored + {self.failed:,} failed"


def check(given: Sequence[str], choice: Choice) -> tuple[Inputs, list[Survey], list[str]]:
    """A dry run: read everything, score nothing.

    Parameters
    ----------
    given : sequence of str
        Files, folders, globs, ``-``.
    choice : Choice
        Columns as named by the user.

    Returns
    -------
    tuple of (Inputs, list of Survey, list of str)
        The last are warnings.
    """
    with tempfile.TemporaryDirectory(prefix="starcheck-") as scratch:
        inputs = find_inputs(given, Path(scratch))
        return inputs, *survey(inputs.sources, choice)


def run(
    given: Sequence[str], options: Options, say: Callable[[str], None] = lambda _: None, quiet: bool = True
) -> Counts:
    """Score all rows of all inputs and write the outputs.

    Run again with the same arguments after any interruption, it goes on where it stopped.

    Parameters
    ----------
    given : sequence of str
        Files, folders, globs, ``-``.
    options : Options
    say : callable
        Gets warnings and notes for the user, a line each; never a word of an answer.
    quiet : bool, default=True
        Show no progress bar.

    Returns
    -------
    Counts
        ``rows`` is the sum of the other three.

    Raises
    ------
    StarcheckError
        If something cannot be read or written, or the output belongs to another run.
    """
    profile_named(options.profile)
    how = _how(options)
    _refuse_output(options)
    with tempfile.TemporaryDirectory(prefix="starcheck-") as scratch:
        inputs = find_inputs(given, Path(scratch))
        if any(options.output.resolve() == p.resolve() for s in inputs.sources for p in s.paths):
            raise InputError(
                f"The output {str(options.output)!r} is one of the inputs: choose another name with --output."
            )
        mine = identity(inputs.sources, options.choice, how, "folder" if options.full else "table")
        from starcheck.cohort.outputs import finish, finished

        before = finished(options.output, mine) if options.full else None
        if before:
            say("This run is finished already; nothing was scored again.")
            return Counts(**before)
        work = Work(_work_folder(options))
        cut = _ranges(work, mine, inputs, options, say)
        done = {r.number: c for r in cut if (c := work.counts(r.number)) is not None}
        if done:
            say(f"Going on with an unfinished run: {sum(sum(c.values()) for c in done.values()):,} rows are done.")
        total = sum(r.count for r in cut)
        with Progress(total, sum(sum(c.values()) for c in done.values()), quiet) as bar:
            _score(cut, done, work, options, how, bar)
        counts = _sum(total, done.values())
        finish(work, [r.number for r in cut], options, mine, counts, say)
        work.remove()
        return counts


def _how(options: Options) -> How:
    if options.full:
        for module in ("pyarrow", "datasketch", "matplotlib", "jinja2"):
            require(module, "A folder of outputs (a CSV file needs nothing more: -o scores.csv)")
        if options.choice.group:
            require("statsmodels", "The fairness audit")
    return How(options.model, model_file(options.model), options.profile, options.full, options.text, options.reports)


def _refuse_output(options: Options) -> None:
    """Before any work: a place that cannot be written, or that holds something else."""
    output = options.output
    if not options.full:
        if output.is_dir():
            raise InputError(
                f"{str(output)!r} is a folder: give the name of a CSV file, or a folder whose name does not end "
                "in .csv."
            )
        make_folder(output.parent)
        write(output.parent / f".{output.name}.try", b"")
        (output.parent / f".{output.name}.try").unlink()
        return
    if output.is_file():
        raise InputError(f"{str(output)!r} is a file: give a folder, or a name that ends in .csv for one table.")
    others = output.is_dir() and any(output.iterdir())
    if others and not (output / WORK).exists() and not (output / SUMMARY).exists():
        raise InputError(f"The folder {str(output)!r} holds files of something else: choose a new or an empty folder.")
    make_folder(output)
    write(output / ".try", b"")
    (output / ".try").unlink()


def _work_folder(options: Options) -> Path:
    return options.output / WORK if options.full else options.output.parent / f".{options.output.name}{WORK}"


def _ranges(
    work: Work, mine: dict[str, Any], inputs: Inputs, options: Options, say: Callable[[str], None]
) -> list[Range]:
    """The ranges of this run, as they were cut when it began."""
    for name in inputs.ignored[:5]:
        say(f"{name} is of no known kind and is left out.")
    if len(inputs.ignored) > 5:
        say(f"{len(inputs.ignored) - 5} more files of no known kind are left out.")
    begun = work.resume(mine)
    if begun is None:
        surveys, warnings = survey(inputs.sources, options.choice)
        for warning in warnings:
            say(warning)
        begun = {s.source.name: s.rows for s in surveys}, options.range_rows
        work.begin(mine, *begun)
    rows, size = begun
    sources = [s for s in inputs.sources if s.name in rows]
    columns = [columns_of(s, s.open(), options.choice) for s in sources]
    return list(ranges(sources, columns, rows, size))


def _score(
    cut: Sequence[Range], done: dict[int, dict[str, int]], work: Work, options: Options, how: How, bar: Progress
) -> None:
    """Have all ranges scored that are not done."""

    def keep(result: Done) -> None:
        if result.reports:
            make_folder(options.output / "reports")
        for name, page in result.reports.items():
            write(options.output / name, page.encode(), sync=False)
        work.save(result)
        done[result.number] = dict(result.counts)
        bar.advance(sum(result.counts.values()))

    todo = [r for r in cut if r.number not in done]
    if not todo:
        return
    remote = options.dask is not None
    jobs = _jobs(cut, {r.number for r in todo}, how, remote)
    if options.dask is not None:
        from starcheck.cohort.cluster import cluster_pool

        drive(jobs, cluster_pool(options.dask), keep)
    else:
        drive(jobs, local_pool(min(options.processes, len(todo))), keep)


def _jobs(cut: Sequence[Range], todo: set[int], how: How, remote: bool) -> Iterator[Job]:
    """Jobs in order; the sources are read as the jobs are asked for, each once."""
    source: Source | None = None
    rows: Iterator[Any] = iter(())
    for part in cut:
        if remote and part.source.kind == "parquet":
            # A cluster's workers read their own part: five million answers do not pass through here.
            if part.number in todo:
                yield Job(part.number, Slice(part.source, part.columns, part.first, part.start, part.count), how)
            continue
        if part.source is not source:
            source, rows = part.source, rows_of(part.source, part.columns, part.first)
        taken = tuple(islice(rows, part.count))
        if part.number in todo:
            yield Job(part.number, taken, how)


def _sum(rows: int, counts: Any) -> Counts:
    """Add up, and refuse to end with a row lost or doubled."""
    total = {name: sum(c[name] for c in counts) for name in ("scored", "unscored", "failed")}
    out = Counts(rows, **total)
    if out.rows != out.scored + out.unscored + out.failed:
        raise InputError(
            f"The rows do not add up ({out}): the inputs changed during the run; begin again in a new folder."
        )
    return out
