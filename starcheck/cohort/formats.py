"""Binary tables and documents: XLSX, Parquet, DOCX, and plain text files, one answer each."""

from __future__ import annotations

import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from starcheck.cohort.files import need
from starcheck.cohort.tables import Record, Table, decoded, unique_names
from starcheck.errors import InputError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def sheets_of(path: Path, name: str) -> list[str]:
    """Names of the sheets of a workbook that hold anything.

    Raises
    ------
    InputError
        If the file is protected by a password, of the old format, or damaged.
    """
    book = _workbook(path, name, values=True)
    try:
        return [s.title for s in book.worksheets if next(s.iter_rows(values_only=True), None) is not None]
    finally:
        book.close()


def read_sheet(path: Path, name: str, sheet: str) -> Table:
    """Open a sheet of an XLSX workbook; its first line that is not blank names the columns."""
    values, formulas = _workbook(path, name, values=True), _workbook(path, name, values=False)
    rows = zip(values[sheet].iter_rows(values_only=True), formulas[sheet].iter_rows(values_only=True), strict=False)
    numbered = enumerate(rows, 1)
    header = next((row for _, (row, _) in numbered if any(c is not None for c in row)), ())
    columns = unique_names([str(c).strip() if c is not None else "" for c in header])
    return Table(f"{name}, sheet {sheet!r}", columns, _sheet_records(numbered, columns), Counter({"xlsx": 1}))


def _workbook(path: Path, name: str, values: bool) -> Any:
    openpyxl = need("openpyxl", "Reading XLSX")
    with path.open("rb") as file:
        head = file.read(1 << 20)
    if head.startswith(_OLE):
        locked = _ENCRYPTED in head or _ENCRYPTED in path.read_bytes()
        what = "is protected by a password" if locked else "is a workbook of the old .xls format"
        raise InputError(f"{name} {what}: open it in a spreadsheet program and save it as .xlsx without a password.")
    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and validations that it will not keep; we only read values.
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(path, read_only=True, data_only=values)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        raise InputError(
            f"{name} is no readable XLSX workbook ({type(error).__name__}): save it again as .xlsx."
        ) from None


def _sheet_records(rows: Iterator[tuple[int, tuple[Any, Any]]], columns: Sequence[str]) -> Iterator[Record]:
    for number, (cells, raw) in rows:
        if all(c is None for c in cells) and all(c is None for c in raw):
            continue
        pairs = zip(columns, raw, cells, strict=False)
        # A formula that no spreadsheet program has computed yet has no value to read.
        bare = [c for c, f, v in pairs if v is None and isinstance(f, str) and f.startswith("=")]
        problem = None
        if bare:
            problem = f"The cell of {bare[0]!r} holds a formula without a value: replace formulas by their values."
        yield Record(f"row {number}", dict(zip(columns, cells, strict=False)), problem)


def read_parquet(path: Path, name: str, start: int = 0) -> Table:
    """Open a Parquet file, from a row on, reading only the row groups that are needed.

    Raises
    ------
    InputError
        If it is truncated or no Parquet.
    """
    parquet: Any = need("pyarrow.parquet", "Reading Parquet")
    arrow: Any = need("pyarrow", "Reading Parquet")
    try:
        file = parquet.ParquetFile(path)
    except (arrow.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0][:120]
        raise InputError(f"{name} is truncated or no Parquet file ({reason}): copy it again, whole.") from None
    columns = tuple(str(c) for c in file.schema_arrow.names)
    return Table(name, columns, _parquet_records(file, name, start, arrow), Counter({"parquet": 1}))


def _parquet_records(file: Any, name: str, start: int, arrow: Any) -> Iterator[Record]:
    first = 0
    groups: list[int] = []
    for group in range(file.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        if first + size > start or groups:
            groups.append(group)
        else:
            first += size
    number = first
    try:
        for batch in file.iter_batches(batch_size=256, row_groups=groups):
            for cells in batch.to_pylist():
                number += 1
                if number > start:
                    yield Record(f"row {number}", cells)
    except (arrow.ArrowException, OSError) as error:
        raise InputError(
            f"{name} is damaged after row {number} ({type(error).__name__}): copy it again, whole."
        ) from None


def read_documents(paths: Sequence[Path], names: Sequence[str]) -> Table:
    """Documents as a table: the name without its ending is the id, the content the answer."""
    encodings: Counter[str] = Counter()
    return Table("the documents", ("id", "text"), _documents(paths, names, encodings), encodings)


def _documents(paths: Sequence[Path], names: Sequence[str], encodings: Counter[str]) -> Iterator[Record]:
    for path, name in zip(paths, names, strict=True):
        try:
            if path.suffix.lower() == ".docx":
                text = _docx(path, name)
                encodings["docx"] += 1
            else:
                text = "".join(decoded(path, name, encodings))
        except InputError as error:
            yield Record(name, {"id": path.stem}, str(error))
            continue
        yield Record(name, {"id": path.stem, "text": text})


def _docx(path: Path, name: str) -> str:
    docx = need("docx", "Reading DOCX")
    try:
        document = docx.Document(str(path))
        blocks = [b.text if hasattr(b, "text") else _cells(b) for b in document.iter_inner_content()]
    except Exception as error:
        # A damaged archive fails in many layers (zip, XML, relations); each means the same here.
        raise InputError(f"{name} is no readable DOCX document ({type(error).__name__}): save it again.") from None
    return "\n".join(blocks)


def _cells(table: Any) -> str:
    return "\n".join(cell.text for row in table.rows for cell in row.cells)
