"""Tables as text: CSV, TSV and JSON Lines, in whatever encoding they come, line by line."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from starcheck.errors import InputError

LONGEST_CELL = 400_000
"""Characters; more is no answer (see ``judging.integrity``) and is not carried around."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LONE_RETURN = re.compile(r"(?<=\r)(?!\n)")


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a table, or why it cannot be read."""

    place: str
    cells: Mapping[str, Any]
    problem: str | None = None


@dataclass(slots=True)
class Table:
    """A table being read: its columns now, its records as they are asked for."""

    name: str
    columns: tuple[str, ...]
    records: Iterator[Record]
    encodings: Counter[str] = field(default_factory=Counter)
    """Lines by the encoding that fitted them; complete once the records are read."""


def read_delimited(path: Path, name: str, tabs: bool) -> Table:
    """Open a CSV or TSV file.

    Parameters
    ----------
    path : pathlib.Path
    name : str
        For messages.
    tabs : bool
        Whether the name says that tabs part the cells; otherwise the header line decides.

    Returns
    -------
    Table

    Raises
    ------
    InputError
        If the file is empty or no text.
    """
    encodings: Counter[str] = Counter()
    lines = decoded(path, name, encodings)
    first = next((line for line in lines if line.strip()), None)
    if first is None:
        raise InputError(f"{name} is empty: a table needs a line of column names and a line for each answer.")
    csv.field_size_limit(2**31 - 1)
    delimiter = "\t" if tabs else _delimiter(first)
    reader = csv.reader(_chain(first, lines), delimiter=delimiter)
    columns = unique_names([c.strip() for c in next(reader)])
    return Table(name, columns, _records(reader, columns), encodings)


def read_json_lines(path: Path, name: str) -> Table:
    """Open a JSON Lines file: an object a line, or plain strings.

    Raises
    ------
    InputError
        If the file is empty or no text.
    """
    encodings: Counter[str] = Counter()
    names: dict[str, None] = {}
    for record, _ in zip(_objects(decoded(path, name, Counter())), range(200), strict=False):
        names |= dict.fromkeys(record.cells)
    if not names:
        raise InputError(
            f'{name} holds no JSON objects: give one object a line, such as {{"id": "1", "answer": "..."}}.'
        )
    return Table(name, tuple(names), _objects(decoded(path, name, encodings)), encodings)


def decoded(path: Path, name: str, encodings: Counter[str]) -> Iterator[str]:
    """The lines of a text file, each decoded by what fits it; what fitted is counted.

    A byte-order mark decides for the whole file. Without one a line that is not UTF-8 is read as
    cp1252, the encoding of older Windows programs: files glued together hold both.
    """
    with _opened(path, name) as file:
        head = file.read(4096)
        file.seek(0)
        encoding = next((e for mark, e in _BOMS if head.startswith(mark)), None) or _wide_without_mark(head)
        if encoding is None and b"\0" in head:
            raise InputError(
                f"{name} is no text file (it holds NUL bytes): give CSV, TSV, JSON Lines, XLSX or Parquet."
            )
        if encoding:
            with io.TextIOWrapper(file, encoding, errors="replace", newline="") as text:
                for line in text:
                    encodings[encoding.removesuffix("-sig")] += 1
                    yield line.removeprefix("\ufeff")
            return
        for raw in file:
            yield from _LONE_RETURN.split(_line(raw, encodings))


def _opened(path: Path, name: str) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{name} cannot be read ({error.strerror}).") from None


def _wide_without_mark(head: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of mostly Latin text is NUL."""
    if len(head) < 4 or b"\0" not in head:
        return None
    even, odd = head[0::2].count(0) / (len(head) / 2), head[1::2].count(0) / (len(head) / 2)
    if odd > 0.6 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 and odd < 0.1 else None


def _line(raw: bytes, encodings: Counter[str]) -> str:
    try:
        line = raw.decode("utf-8")
        encodings["ascii" if raw.isascii() else "utf-8"] += 1
    except UnicodeDecodeError:
        line = raw.decode("cp1252", "replace")
        encodings["cp1252"] += 1
    return line


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _delimiter(header: str) -> str:
    bare = re.sub(r'"[^"]*"', "", header)
    return max(",;\t|", key=lambda d: (bare.count(d), d == ","))


def unique_names(names: list[str]) -> tuple[str, ...]:
    """Column names without blanks and without two the same."""
    out: list[str] = []
    for i, name in enumerate(names, 1):
        base = name or f"column {i}"
        wanted, n = base, 2
        while wanted in out:
            wanted, n = f"{base} ({n})", n + 1
        out.append(wanted)
    return tuple(out)


def _records(reader: Any, columns: tuple[str, ...]) -> Iterator[Record]:
    number = 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Record(f"row {number}", {}, f"The row is not CSV ({error}).")
            continue
        if not cells:
            continue
        extra = [c for c in cells[len(columns) :] if c.strip()]
        problem = None
        if len(cells) < len(columns) or extra:
            problem = (
                f"The row has {len(cells)} cells, the header has {len(columns)}: a separator or a quotation mark "
                f"is missing or too many."
            )
        yield Record(f"row {number}", dict(zip(columns, cells, strict=False)), problem)


def _objects(lines: Iterator[str]) -> Iterator[Record]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"line {number}"
        try:
            value = json.loads(line)
        except (json.JSONDecodeError, RecursionError):
            yield Record(place, {}, "The line is not JSON.")
            continue
        if isinstance(value, str):
            value = {"text": value}
        if isinstance(value, dict):
            yield Record(place, value)
        else:
            yield Record(place, {}, f"The line holds a JSON {type(value).__name__}, not an object.")
