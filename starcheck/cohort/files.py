"""Files that hold personal data: whole or not at all, for the owner only, safe in a spreadsheet."""

from __future__ import annotations

import contextlib
import csv
import errno
import hashlib
import io
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from starcheck.errors import InputError, StarcheckError

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class WriteError(StarcheckError, OSError):
    """An output could not be written; what was finished before stays."""


def defuse(value: object) -> object:
    """Make a cell that a spreadsheet would run as a formula plain text, by an apostrophe in front.

    Numbers are left alone: only text can hide a formula.
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def fused(value: str) -> str:
    """The inverse of :func:`defuse`, for reading our own tables back."""
    return value[1:] if value.startswith("'") and value[1:].startswith(_FORMULA) else value


def csv_line(cells: Iterable[object]) -> str:
    """One line of CSV, formulas defused."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow([_cell(c) for c in cells])
    return buffer.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    # A NUL or a lone carriage return in a reason or an id breaks readers that are less patient.
    return defuse(value.replace("\0", " ")) if isinstance(value, str) else value


@contextmanager
def whole(path: Path, sync: bool = True) -> Iterator[IO[bytes]]:
    """Open a file that appears under its name only once it is complete, with mode 0600.

    Parameters
    ----------
    path : pathlib.Path
    sync : bool, default=True
        Wait until it is on the disk, so that it outlives a power cut.

    Raises
    ------
    WriteError
        If it cannot be written; nothing is left behind.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise _plain(path, error) from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            if sync:
                os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError as error:
        raise _plain(path, error) from None
    finally:
        with contextlib.suppress(OSError):
            Path(name).unlink()


def write(path: Path, data: bytes, sync: bool = True) -> None:
    """Write a file whole; see :func:`whole`."""
    with whole(path, sync) as file:
        file.write(data)


def make_folder(path: Path) -> None:
    """Make a folder that only the owner can enter.

    Raises
    ------
    WriteError
        If that is not possible.
    """
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise _plain(path, error) from None


def _plain(path: Path, error: OSError) -> StarcheckError:
    if isinstance(error, StarcheckError):
        return error
    if error.errno in _FULL:
        return WriteError(
            f"No room left to write {path.name!r} ({error.strerror}): free some space and run the same command "
            f"again; it goes on where it stopped."
        )
    return WriteError(f"Cannot write {str(path)!r} ({error.strerror}): choose another place with --output.")


def sha256(paths: Sequence[Path]) -> str:
    """Checksum over the bytes of files, one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        try:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise InputError(f"{path.name!r} cannot be read ({error.strerror}).") from None
    return digest.hexdigest()


def require(module: str, what: str, extra: str = "cohort") -> None:
    """Say how to install a package that will be needed, without the cost of importing it now.

    Raises
    ------
    InputError
        If it is not installed.
    """
    name = module.split(".")[0]
    # A module that is None in sys.modules is one that the caller's environment forbids.
    if (name in sys.modules and sys.modules[name] is None) or (name not in sys.modules and find_spec(name) is None):
        raise InputError(f"{what} needs the package {name!r}: install it with  pip install 'starcheck[{extra}]'")


def need(module: str, what: str, extra: str = "cohort") -> Any:
    """Import a package of an extra, or say how to install it.

    Raises
    ------
    InputError
        If it is not installed.
    """
    try:
        return import_module(module)
    except ImportError:
        require(module, what, extra)
        raise
