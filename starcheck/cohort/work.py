"""What a worker does with a range of rows: the same code in a process here and on a cluster."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from starcheck.assets import asset
from starcheck.cohort import duplicates
from starcheck.cohort.columns import Columns
from starcheck.cohort.files import need
from starcheck.cohort.inputs import Source
from starcheck.cohort.rows import Row, take
from starcheck.cohort.table import SENTENCES, arrow_schema, failed, scored, sentences
from starcheck.errors import LanguageModelError, ModelError, StarcheckError
from starcheck.records import Answer
from starcheck.report import Report

DIED = "The process that read this row ended twice without a word: it may need more memory than there is."

_one_at_a_time = threading.Lock()
"""A Dask worker may have threads; the pipeline is used by one of them at a time."""


@dataclass(frozen=True, slots=True)
class How:
    """How to score: what every worker must agree on."""

    model: str
    model_file: str
    """SHA-256 of the model's ``model.json``, which lists those of its other files."""
    profile: str
    full: bool
    """Whether sentences, sketches and reports are wanted, not the scores alone."""
    text: bool
    """Whether the answers' words may stand in the outputs."""
    reports: int
    """Rows, from the first, that get a report of their own."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows that the worker reads itself, from a file that it can reach."""

    source: Source
    columns: Columns
    first: int
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class Job:
    """One range of rows."""

    number: int
    rows: tuple[Row, ...] | Slice
    how: How
    lost: frozenset[int] = frozenset()
    """Numbers of rows that brought a worker down; they are listed, not tried again."""


@dataclass(frozen=True, slots=True)
class Done:
    """What comes back: everything the range adds to the outputs."""

    number: int
    counts: Mapping[str, int]
    pack: bytes
    reports: Mapping[str, str] = field(default_factory=dict)


def do(job: Job) -> Done:
    """Score a range of rows.

    Returns
    -------
    Done
        Every row once: scored, unscored, or failed with the reason.

    Raises
    ------
    ModelError
        If this machine's model is another one than the run began with.
    """
    rows = take_slice(job.rows) if isinstance(job.rows, Slice) else job.rows
    lines: dict[int, dict[str, Any]] = {}
    extra = Extra()
    with _one_at_a_time:
        for row, outcome in _outcomes(rows, job):
            lines[row.number] = (
                failed(row, outcome) if isinstance(outcome, str) else _line(row, outcome, job.how, extra)
            )
    ordered = [lines[row.number] for row in rows]
    return Done(job.number, _counts(ordered), _pack(ordered, extra if job.how.full else None), extra.pages)


@dataclass(slots=True)
class Extra:
    """What a range brings beside its score lines."""

    sentences: list[dict[str, Any]] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)
    sketches: dict[int, Any] = field(default_factory=dict)
    messages: dict[int, dict[str, str]] = field(default_factory=dict)


def _line(row: Row, report: Report, how: How, extra: Extra) -> dict[str, Any]:
    """The score line of a report; what belongs to it goes into ``extra``, all of it or nothing."""
    wanted = how.full and how.text and row.number <= how.reports
    link = report_path(row.number) if wanted else None
    try:
        line = scored(row, report, link)
        told = list(sentences(row, report, how.text))
        sketch = duplicates.sketch(row.text) if how.full else None
        page = report.to_page() if link else ""
    except Exception as error:
        return failed(row, _broke(error))
    if how.full:
        extra.sentences += told
        extra.sketches[row.number] = sketch
    if how.full and how.text:
        extra.messages[row.number] = {f.code: f.message for f in report.findings if f.severity != "good"}
    if link:
        extra.pages[link] = page
    return line


def take_slice(part: Slice) -> tuple[Row, ...]:
    """The rows of a slice."""
    return take(part.source, part.columns, part.first, part.start, part.count)


def report_path(number: int) -> str:
    """Where a row's own report lies, from the output folder."""
    return f"reports/{number:07d}.html"


def _outcomes(rows: Sequence[Row], job: Job) -> Iterator[tuple[Row, Report | str]]:
    """Each row with its report, or with why there is none."""
    good = []
    for row in rows:
        if row.problem is not None:
            yield row, row.problem
        elif row.number in job.lost:
            yield row, DIED
        else:
            good.append(row)
    if not good:
        return
    scorer = _scorer(job.how)
    answers = [Answer(r.text, r.id, r.question, r.level) for r in good]
    try:
        reports = list(scorer.pipe(answers, profile=job.how.profile))
    except (ModelError, LanguageModelError):
        raise
    except Exception:
        # One bad row must not take its neighbours down: each again, alone.
        for row, answer in zip(good, answers, strict=True):
            yield row, _alone(scorer, answer, job.how.profile)
        return
    yield from zip(good, reports, strict=True)


def _alone(scorer: Any, answer: Answer, profile: str) -> Report | str:
    try:
        return next(scorer.pipe([answer], profile=profile))  # type: ignore[no-any-return]
    except StarcheckError as error:
        return str(error)
    except Exception as error:
        return _broke(error)


def _broke(error: Exception) -> str:
    """Only the kind of error: its message may quote the answer, which is never written down."""
    return f"Scoring broke off with {type(error).__name__}: please report this, with the answer if you may."


def model_file(model: str) -> str:
    """Checksum of a model's ``model.json``, without loading the model.

    Raises
    ------
    ModelError
        If there is no such model.
    """
    folder = Path(model) if Path(model).is_dir() else asset("models", model)
    try:
        return hashlib.sha256((folder / "model.json").read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(
            f"The folder {folder} is no starcheck model: 'model.json' cannot be read ({error.strerror})."
        ) from None


def _scorer(how: How) -> Any:
    from starcheck.scorer import load

    found = model_file(how.model)
    if found != how.model_file:
        raise ModelError(
            f"The model {how.model!r} here ({found[:12]}...) is not the one that this run began with "
            f"({how.model_file[:12]}...): install the same version everywhere, or begin in a new folder."
        )
    return load(how.model)


def _counts(lines: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    found = Counter({"scored": "scored", "failed": "failed"}.get(line["status"], "unscored") for line in lines)
    return {name: found[name] for name in ("scored", "unscored", "failed")}


def _pack(lines: Sequence[Mapping[str, Any]], extra: Extra | None) -> bytes:
    """All results of a range in one archive, whose checksums tell a damaged one."""
    told = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    files: dict[str, bytes] = {"rows.jsonl": told.encode()}
    if extra is not None:
        known = {n: s for n, s in extra.sketches.items() if s is not None}
        sketches = np.array(list(known.values()), dtype=np.uint32).reshape(-1, duplicates.PERMUTATIONS)
        files["sentences.parquet"] = _parquet(extra.sentences)
        files["messages.json"] = json.dumps(extra.messages, ensure_ascii=False).encode()
        files["numbers.npy"] = _array(np.array(list(known), dtype=np.int64))
        files["sketches.npy"] = _array(sketches)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _array(values: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, values, allow_pickle=False)
    return buffer.getvalue()


def _parquet(lines: Sequence[Mapping[str, Any]]) -> bytes:
    arrow = need("pyarrow", "Writing Parquet")
    parquet = need("pyarrow.parquet", "Writing Parquet")
    buffer = io.BytesIO()
    parquet.write_table(arrow.Table.from_pylist(list(lines), schema=arrow_schema(SENTENCES)), buffer)
    return buffer.getvalue()
