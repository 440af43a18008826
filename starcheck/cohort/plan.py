"""What a run is, and what is finished of it: its identity, its ranges, its checkpoints."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from starcheck import __version__
from starcheck.cohort.columns import Choice, Columns
from starcheck.cohort.files import make_folder, sha256, write
from starcheck.cohort.inputs import Source
from starcheck.cohort.work import Done, How
from starcheck.errors import InputError

FORMAT = "starcheck.run/1"
SUMMARY = "summary.json"
WORK = ".work"


@dataclass(frozen=True, slots=True)
class Range:
    """Rows of one source that are scored, and stored, together."""

    number: int
    source: Source
    columns: Columns
    first: int
    """Number of the source's first row."""
    start: int
    count: int


def identity(sources: Sequence[Source], choice: Choice, how: How, form: str) -> dict[str, Any]:
    """What makes two runs the same run: inputs by content, columns, model, options.

    Returns
    -------
    dict
        JSON types only; no path, no date.
    """
    return {
        "format": FORMAT,
        "starcheck": __version__,
        "inputs": [
            {"name": s.name, "kind": s.kind, "sheet": s.sheet, "documents": list(s.names), "sha256": sha256(s.paths)}
            for s in sources
        ],
        "columns": {**asdict(choice), "text": list(choice.text)},
        "scoring": asdict(how),
        "form": form,
    }


def differences(mine: dict[str, Any], theirs: dict[str, Any]) -> str:
    """In what two runs differ, for a message."""
    names = {
        "inputs": "other inputs",
        "columns": "other columns",
        "form": "another form",
        "starcheck": "another version of starcheck",
    }
    out = [words for key, words in names.items() if mine.get(key) != theirs.get(key)]
    scoring = {**theirs.get("scoring", {})}
    out += [f"another {k.replace('_', ' ')}" for k, v in mine["scoring"].items() if scoring.get(k) != v]
    return " and ".join(out) or "another format"


class Work:
    """The folder of a run's checkpoints; finished ranges are found again in it.

    Parameters
    ----------
    folder : pathlib.Path
        Made by :meth:`begin`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def _plan(self) -> Path:
        return self.folder / "plan.json"

    def begin(self, mine: dict[str, Any], rows: dict[str, int], size: int) -> None:
        """Write down what the run is and how many rows each source has."""
        make_folder(self.folder)
        plan = {"identity": mine, "rows": rows, "size": size}
        write(self._plan, (json.dumps(plan, ensure_ascii=False, indent=1) + "\n").encode())

    def resume(self, mine: dict[str, Any]) -> tuple[dict[str, int], int] | None:
        """Rows by source, and rows a range, of the run that began here; None if none did.

        Raises
        ------
        InputError
            If it was another run.
        """
        try:
            plan = json.loads(self._plan.read_text(encoding="utf-8"))
            rows, size, theirs = plan["rows"], plan["size"], plan["identity"]
        except (FileNotFoundError, json.JSONDecodeError, KeyError):
            return None
        if theirs != mine:
            raise InputError(
                f"{str(self.folder.parent)!r} holds an unfinished run with {differences(mine, theirs)}: give "
                "another output, "
                f"or delete {str(self.folder)!r} to begin anew."
            )
        return rows, size

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:08d}.zip"

    def save(self, done: Done) -> None:
        """Store a finished range; from now on it is never scored again."""
        write(self._path(done.number), done.pack)

    def counts(self, number: int) -> dict[str, int] | None:
        """What a finished range holds; None if it is not finished, or damaged."""
        path = self._path(number)
        if not path.exists():
            return None
        try:
            counts = {"scored": 0, "unscored": 0, "failed": 0}
            for line in self.lines(number):
                counts[line["status"] if line["status"] in counts else "unscored"] += 1
            with zipfile.ZipFile(path) as archive:
                return None if archive.testzip() else counts
        except (zipfile.BadZipFile, json.JSONDecodeError, KeyError, OSError):
            return None

    def lines(self, number: int) -> Iterator[dict[str, Any]]:
        """The score lines of a finished range."""
        with zipfile.ZipFile(self._path(number)) as archive:
            for line in archive.read("rows.jsonl").splitlines():
                yield json.loads(line)

    def member(self, number: int, name: str) -> io.BytesIO:
        """Another file of a finished range."""
        with zipfile.ZipFile(self._path(number)) as archive:
            return io.BytesIO(archive.read(name))

    def array(self, number: int, name: str) -> Any:
        """An array of a finished range."""
        return np.load(self.member(number, name), allow_pickle=False)

    def remove(self) -> None:
        """Delete the checkpoints, which hold personal data, once the outputs stand."""
        shutil.rmtree(self.folder, ignore_errors=True)


def ranges(sources: Sequence[Source], columns: Sequence[Columns], rows: dict[str, int], size: int) -> Iterator[Range]:
    """Cut the rows of every source into ranges; none spans two sources."""
    number, first = 0, 1
    for source, read_as in zip(sources, columns, strict=True):
        total = rows[source.name]
        for start in range(0, total, size):
            yield Range(number, source, read_as, first, start, min(size, total - start))
            number += 1
        first += total
