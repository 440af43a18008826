"""Answers and tables that the cohort's tests read: real answers of the corpus, in every format."""

from __future__ import annotations

import csv
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from starcheck.assets import asset


@lru_cache(maxsize=1)
def answers() -> tuple[dict[str, Any], ...]:
    """Short answers of the corpus, in a fixed order: enough words to score, quick to read."""
    rows = [
        json.loads(line)
        for path in sorted(asset("data", "answers").glob("*.jsonl"))
        for line in path.read_text().splitlines()
    ]
    return tuple(sorted((r for r in rows if 400 < len(r["text"]) < 800), key=lambda r: r["id"]))


def texts(n: int, start: int = 0) -> list[str]:
    """The first ``n`` of them."""
    found = [r["text"] for r in answers()[start : start + n]]
    assert len(found) == n
    return found


def write_csv(path: Path, rows: list[list[Any]], encoding: str = "utf-8", **options: Any) -> Path:
    """A CSV file of rows, the first being the header."""
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, **options).writerows(rows)
    return path


def read_csv(path: Path) -> list[dict[str, str]]:
    """A CSV file as a spreadsheet program would read it."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def mixed_folder(folder: Path) -> Path:
    """A folder with every format there is, good rows and bad ones: 44 rows."""
    import docx
    import openpyxl
    import pyarrow
    import pyarrow.parquet

    folder.mkdir()
    t = texts(36)
    write_csv(folder / "a.csv", [["id", "question", "answer"], *([f"a{i}", "Why?", x] for i, x in enumerate(t[:6]))])
    with (folder / "a.csv").open("a", encoding="utf-8") as file:
        file.write("a6,only two cells\na7,Why?,\n")
    write_csv(
        folder / "b.tsv",
        [
            ["Candidate", "Response"],
            *(["b\u2019s" + str(i), x + " Caf\u00e9 \u2019ere."] for i, x in enumerate(t[6:11])),
        ],
        "cp1252",
        delimiter="\t",
    )
    book = openpyxl.Workbook()
    book.active.append(["id", "answer"])
    for i, x in enumerate(t[11:16]):
        book.active.append([f"c{i}", x])
    book.active.append(["c5", "=A2&A3"])
    book.save(folder / "c.xlsx")
    lines = [json.dumps({"id": f"d{i}", "text": x}) for i, x in enumerate(t[16:21])]
    (folder / "d.jsonl").write_text(
        "\n".join([*lines, "{not json", '{"id": "d7", "text": NaN}']) + "\n", encoding="utf-16"
    )
    table = pyarrow.table({"person": [f"e{i}" for i in range(5)], "answer_1": t[21:26], "answer_2": [*t[26:30], None]})
    pyarrow.parquet.write_table(table, folder / "e.parquet", row_group_size=2)
    (folder / "f.txt").write_text(t[30], encoding="utf-8")
    (folder / "g.md").write_text(t[31], encoding="utf-8")
    document = docx.Document()
    for line in t[32].split(". "):
        document.add_paragraph(line + ".")
    document.save(str(folder / "h.docx"))
    (folder / "i.docx").write_bytes((folder / "h.docx").read_bytes()[:900])
    sub = folder / "later"
    sub.mkdir()
    (sub / "j.txt").write_text(t[33], encoding="utf-8")
    (sub / "empty.txt").write_text("")
    (sub / "photo.png").write_bytes(b"\x89PNG")
    return folder


MIXED_ROWS = 8 + 5 + 6 + 7 + 10 + 6
