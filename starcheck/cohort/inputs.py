"""What the user typed becomes a list of sources, in a fixed order: tables, sheets, sets of documents."""

from __future__ import annotations

import glob
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from starcheck.cohort.formats import read_documents, read_parquet, read_sheet, sheets_of
from starcheck.cohort.tables import Table, read_delimited, read_json_lines
from starcheck.errors import InputError

KINDS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".txt": "document",
    ".md": "document",
    ".docx": "document",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A table, one sheet of a workbook, or a run of documents."""

    kind: str
    name: str
    paths: tuple[Path, ...]
    names: tuple[str, ...] = ()
    """Of the documents."""
    sheet: str | None = None

    def open(self, start: int = 0) -> Table:
        """Begin to read; ``start`` skips rows of a Parquet file without reading them."""
        path = self.paths[0]
        if self.kind == "document":
            return read_documents(self.paths, self.names)
        if self.kind == "parquet":
            return read_parquet(path, self.name, start)
        if self.kind == "xlsx":
            return read_sheet(path, self.name, self.sheet or "")
        if self.kind == "jsonl":
            return read_json_lines(path, self.name)
        return read_delimited(path, self.name, tabs=self.kind == "tsv")


@dataclass(frozen=True, slots=True)
class Inputs:
    """All sources of a run, and the files in its folders that no reader knows."""

    sources: tuple[Source, ...]
    ignored: tuple[str, ...]


def find_inputs(given: Sequence[str], scratch: Path | None = None) -> Inputs:
    """Expand files, folders, globs and ``-``.

    Parameters
    ----------
    given : sequence of str
        As typed. A folder means all files below it whose ending is known, by name.
    scratch : pathlib.Path, optional
        Folder for a copy of standard input, which the caller deletes; without one ``-`` is refused.

    Returns
    -------
    Inputs

    Raises
    ------
    InputError
        If something does not exist, is of no known kind, or there is nothing to read.
    """
    found: list[tuple[Path, str]] = []
    ignored: list[str] = []
    for item in given:
        if item == "-" and scratch is not None:
            found.append((_spooled(scratch), "standard input"))
        elif Path(item).is_dir():
            for path in sorted(p for p in Path(item).rglob("*") if p.is_file() and not _hidden(p, Path(item))):
                name = path.relative_to(item).as_posix()
                (found.append((path, name)) if path.suffix.lower() in KINDS else ignored.append(name))
        else:
            found += [(path, path.name) for path in _files(item)]
    names = [n for _, n in found]
    # Two files of one name in different folders are told apart by the whole path.
    named = [(p, n if names.count(n) == 1 else p.as_posix()) for p, n in found]
    if not named:
        raise InputError(
            f"There is no file to read in {', '.join(map(repr, given))}: known are {', '.join(sorted(KINDS))}."
        )
    return Inputs(tuple(_sources(named)), tuple(ignored))


def _files(item: str) -> list[Path]:
    path = Path(item)
    if path.exists():
        return [path]
    matches = sorted(Path(m) for m in glob.glob(item, recursive=True) if Path(m).is_file())  # noqa: PTH207 - absolute patterns
    if not matches:
        what = "No file matches" if glob.has_magic(item) else "There is no file or folder"
        raise InputError(
            f"{what} {item!r}: give CSV, TSV, XLSX, JSONL or Parquet files, a folder of them, or - for standard input."
        )
    return matches


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)


def _sources(named: Sequence[tuple[Path, str]]) -> Iterator[Source]:
    documents: list[tuple[Path, str]] = []
    for path, name in named:
        kind = _kind(path, name)
        if kind == "document":
            documents.append((path, name))
        elif kind == "xlsx":
            sheets = sheets_of(path, name)
            if not sheets:
                raise InputError(
                    f"{name} has no sheet with anything in it: a table needs column names and a line for each answer."
                )
            yield from (Source(kind, name if len(sheets) == 1 else f"{name}[{s}]", (path,), sheet=s) for s in sheets)
        else:
            yield Source(kind, name, (path,))
    if documents:
        # Documents come last, together: each is one answer, and thousands of sources of one row are slow.
        yield Source("document", "documents", tuple(p for p, _ in documents), tuple(n for _, n in documents))


def _kind(path: Path, name: str) -> str:
    """By content where it speaks for itself, else by the ending."""
    kind = KINDS.get(path.suffix.lower())
    with path.open("rb") as file:
        head = file.read(4096)
    if kind == "document":
        return kind
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04") and kind in (None, "csv", "tsv", "xlsx"):
        return "xlsx"
    if kind is None and name == "standard input":
        kind = "jsonl" if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") else "csv"
    if kind is None:
        raise InputError(f"{name} has an ending that is not known: known are {', '.join(sorted(KINDS))}.")
    return kind


def _spooled(scratch: Path) -> Path:
    """Standard input as a file, since it is read more than once; only the owner may read it."""
    path = scratch / "standard-input"
    with path.open("wb") as file:
        path.chmod(0o600)
        shutil.copyfileobj(sys.stdin.buffer, file)
    return path
