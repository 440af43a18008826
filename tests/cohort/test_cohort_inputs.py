from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from material import write_csv

from starcheck.cohort.columns import Choice
from starcheck.cohort.inputs import find_inputs
from starcheck.cohort.rows import Row, columns_of, rows_of
from starcheck.cohort.run import check
from starcheck.errors import InputError, UnknownNameError

TEXT = "I said \u201cwe\u2019ll caf\u00e9\u201d \u2013 and did."


def rows(*paths: Path, **choice: Any) -> list[Row]:
    out: list[Row] = []
    for source in find_inputs([str(p) for p in paths]).sources:
        columns = columns_of(source, source.open(), Choice(**choice))
        out += rows_of(source, columns, len(out) + 1)
    return out


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_a_table_is_read_in_whatever_encoding_it_comes(tmp_path: Path, encoding: str) -> None:
    path = write_csv(tmp_path / "t.csv", [["id", "Answer"], ["1", TEXT], ["2", "two\r\nlines"]], encoding)
    found = rows(path)
    assert [(r.id, r.text, r.place, r.problem) for r in found] == [
        ("1", TEXT, "row 2", None),
        ("2", "two\r\nlines", "row 3", None),
    ]


def test_lines_of_two_encodings_in_one_file_are_both_read_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(
        b"id,answer\n1," + "caf\u00e9 \u2014".encode() + b"\n2," + "caf\u00e9 \u2014".encode("cp1252") + b"\n"
    )
    assert [r.text for r in rows(path)] == ["caf\u00e9 \u2014"] * 2
    _, surveys, warnings = check([str(path)], Choice())
    assert surveys[0].encodings == {"ascii": 1, "cp1252": 1, "utf-8": 1}
    assert "1 of its lines are not UTF-8 and were read as cp1252" in " ".join(warnings)


@pytest.mark.parametrize(
    ("delimiter", "name"), [(",", "t.csv"), (";", "t.csv"), ("\t", "t.csv"), ("|", "t.csv"), ("\t", "t.tsv")]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found(tmp_path: Path, delimiter: str, name: str, newline: str) -> None:
    path = write_csv(
        tmp_path / name, [["id", "answer"], ["1", "a, b; c"], ["2", "d"]], delimiter=delimiter, lineterminator=newline
    )
    assert [(r.id, r.text) for r in rows(path)] == [("1", "a, b; c"), ("2", "d")]


def test_ragged_rows_are_listed_with_their_place_and_no_cell_of_theirs_is_passed_on(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,question,answer\n1,my private answer\n\n2,Q,good,extra\n3,Q,fine,,\n")
    found = rows(path)
    assert [(r.id, r.place) for r in found] == [("1", "row 2"), ("2", "row 4"), ("3", "row 5")]
    assert [r.text for r in found] == ["", "", "fine"]
    assert "has 2 cells, the header has 3" in str(found[0].problem)
    assert "private" not in repr(found[0])


def test_ten_megabytes_in_a_cell_are_refused_not_carried(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [["answer"], ["word " * 2_000_000], ["next"]])
    found = rows(path)
    assert found[0].text == ""
    assert "10,000,000 characters" in str(found[0].problem)
    assert found[1].text == "next"


@pytest.mark.parametrize("value", ["nan", "NaN", "", None])
def test_nothing_in_its_many_spellings_is_empty(tmp_path: Path, value: str | None) -> None:
    assert rows(write_csv(tmp_path / "t.csv", [["id", "answer"], ["1", value]]))[0].text == ""


def test_json_lines_with_bad_lines_and_plain_strings(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"id": 7.0, "text": "a"}\n{oops\n\n[1]\n{"id": "\\ud800", "text": null}\n"bare"\n')
    found = rows(path)
    assert [(r.place, r.id, r.text, r.problem is None) for r in found] == [
        ("line 1", "7", "a", True),
        ("line 2", "2", "", False),
        ("line 4", "3", "", False),
        ("line 5", "?", "", True),
        ("line 6", "5", "bare", True),
    ]


def test_a_workbook_with_formulas_dates_and_a_second_sheet(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for line in ([], ["id", "answer"], [1, "one"], [None, None], [2, "=B3"], [3.0, 12]):
        book.active.append(line)
    other = book.create_sheet("Notes")
    other.append(["who", "when"])
    other.append(["me", "now"])
    book.save(tmp_path / "t.xlsx")
    _, surveys, warnings = check([str(tmp_path / "t.xlsx")], Choice())
    assert [s.source.sheet for s in surveys] == ["Sheet"]
    assert "t.xlsx[Notes] has no column of answers and is left out" in " ".join(warnings)
    source = surveys[0].source
    found = list(rows_of(source, surveys[0].read_as, 1))
    assert [(r.place, r.id, r.text) for r in found] == [("row 3", "1", "one"), ("row 5", "2", ""), ("row 6", "3", "12")]
    assert "formula without a value" in str(found[1].problem)


def test_a_protected_workbook_says_so(tmp_path: Path) -> None:
    import msoffcrypto.format.ooxml
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["answer"])
    book.save(tmp_path / "open.xlsx")
    with (tmp_path / "open.xlsx").open("rb") as plain, (tmp_path / "t.xlsx").open("wb") as locked:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("secret", locked)
    with pytest.raises(InputError, match=r"protected by a password.*without a password"):
        rows(tmp_path / "t.xlsx")


@pytest.mark.parametrize("keep", [10, 300])
def test_truncated_binary_tables_say_so(tmp_path: Path, keep: int) -> None:
    import openpyxl
    import pyarrow
    import pyarrow.parquet

    pyarrow.parquet.write_table(pyarrow.table({"answer": ["a"] * 500}), tmp_path / "t.parquet")
    (tmp_path / "t.parquet").write_bytes((tmp_path / "t.parquet").read_bytes()[:keep])
    with pytest.raises(InputError, match=r"t\.parquet is truncated"):
        rows(tmp_path / "t.parquet")
    openpyxl.Workbook().save(tmp_path / "t.xlsx")
    (tmp_path / "t.xlsx").write_bytes((tmp_path / "t.xlsx").read_bytes()[:keep])
    with pytest.raises(InputError, match=r"t\.xlsx is no readable XLSX"):
        rows(tmp_path / "t.xlsx")


def test_parquet_is_read_from_any_row_and_across_row_groups(tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.table({"id": list(range(10)), "answer": [f"t{i}" for i in range(10)]})
    pyarrow.parquet.write_table(table, tmp_path / "t.parquet", row_group_size=3)
    source = find_inputs([str(tmp_path / "t.parquet")]).sources[0]
    columns = columns_of(source, source.open(), Choice())
    whole = list(rows_of(source, columns, 101))
    assert [r.number for r in whole] == list(range(101, 111))
    for start in range(10):
        assert list(rows_of(source, columns, 101, start)) == whole[start:]


def test_wide_form_gives_a_row_for_each_answer_of_a_person(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "t.csv",
        [["Student", "question_1", "answer_1", "answer_2"], ["s1", "Why?", "a", "b"], ["s2", "How?", "c", ""]],
    )
    assert [(r.number, r.id, r.question, r.text, r.place) for r in rows(path)] == [
        (1, "s1", "Why?", "a", "row 2, column 'answer_1'"),
        (2, "s1", None, "b", "row 2, column 'answer_2'"),
        (3, "s2", "How?", "c", "row 3, column 'answer_1'"),
        (4, "s2", None, "", "row 3, column 'answer_2'"),
    ]
    form = write_csv(
        tmp_path / "f.csv",
        [["Timestamp", "Tell me about a time you led a team", "What did you learn from it?"], ["1", "a", "b"]],
    )
    assert [(r.question, r.text) for r in rows(form)] == [
        ("Tell me about a time you led a team", "a"),
        ("What did you learn from it?", "b"),
    ]
    named = write_csv(tmp_path / "n.csv", [["x", "y", "z"], ["1", "a", "b"]])
    assert [(r.id, r.text) for r in rows(named, text=("z", "Y"), id="x")] == [("1", "b"), ("1", "a")]


@pytest.mark.parametrize("header", ["answer", "TEXT", "Answer Text", "your_response", "Transcript", "reply"])
def test_usual_names_are_found(tmp_path: Path, header: str) -> None:
    assert rows(write_csv(tmp_path / "t.csv", [["ref", header, "x"], ["r1", "hello", "y"]]))[0].text == "hello"


def test_missing_columns_name_what_there_is_and_what_is_near(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [["who", "anwser", "extra"], ["1", "a", "b"]])
    with pytest.raises(InputError, match=r"'who', 'anwser', 'extra'.*--text 'anwser'"):
        rows(path)
    with pytest.raises(UnknownNameError, match=r"'anser'.*who, anwser, extra.*Did you mean 'anwser'"):
        rows(path, text=("anser",))
    with pytest.raises(UnknownNameError, match="centre"):
        rows(path, text=("anwser",), group="centre")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_table_says_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(InputError, match="is empty"):
        rows(tmp_path / "t.csv")


def test_a_header_alone_and_a_picture_are_no_tables(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not one answer"):
        check([str(write_csv(tmp_path / "t.csv", [["id", "answer"]]))], Choice())
    (tmp_path / "p.csv").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    with pytest.raises(InputError, match="no text file"):
        rows(tmp_path / "p.csv")
    with pytest.raises(InputError, match="no file"):
        rows(tmp_path / "missing.csv")
    with pytest.raises(InputError, match="ending that is not known"):
        rows(write_csv(tmp_path / "t.xyz", [["answer"]]))


def test_folders_and_globs_are_read_in_a_fixed_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", ".hidden.txt", "sub/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "photo.jpg").write_bytes(b"x")
    assert [(r.id, r.place, r.text) for r in rows(tmp_path)] == [
        ("a", "a.md", "a.md"),
        ("b", "b.txt", "b.txt"),
        ("c", "sub/c.txt", "sub/c.txt"),
    ]
    assert find_inputs([str(tmp_path)]).ignored == ("photo.jpg",)
    assert [r.id for r in rows(tmp_path / "*.txt")] == ["b"]
    with pytest.raises(InputError, match="No file matches"):
        rows(tmp_path / "*.csv")


def test_a_broken_document_is_a_row_and_its_neighbours_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04 broken")
    (tmp_path / "b.txt").write_bytes(b"\x89PNG\0\0")
    (tmp_path / "c.txt").write_text("fine")
    found = rows(tmp_path)
    assert ["no readable DOCX" in str(found[0].problem), "NUL bytes" in str(found[1].problem), found[2].problem] == [
        True,
        True,
        None,
    ]


def test_duplicate_ids_and_unknown_levels_are_told_and_every_row_stays(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "t.csv", [["id", "level", "answer"], ["x", "Senior", "a"], ["x", "wizard", "b"], ["y", "", "c"]]
    )
    _, surveys, warnings = check([str(path)], Choice())
    assert surveys[0].rows == 3
    assert "1 id occurs more than once (for example 'x', again in row 2)" in " ".join(warnings)
    assert [(r.level, r.notes) for r in rows(path)] == [("senior", ()), (None, ("unknown_level",)), (None, ())]


def test_check_on_the_command_line_reads_standard_input_and_writes_nothing(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"candidate": i, "answer": "x"}) + "\n" for i in range(3))
    command = [sys.executable, "-m", "starcheck.cli", "batch", "-", "--check"]
    scratch = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(command, input=lines, capture_output=True, text=True, cwd=tmp_path, env=scratch, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 (0 empty, 0 cannot be read)" in done.stdout
    assert "answers in 'answer' (long form); ids in 'candidate'" in done.stdout
    assert list(tmp_path.iterdir()) == []
