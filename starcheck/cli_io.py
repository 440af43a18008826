"""How commands take text in, give reports out, and fail: in one plain sentence."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from starcheck.errors import InputError, StarcheckError

if TYPE_CHECKING:
    from starcheck.comparison import Comparison
    from starcheck.report import Report


class Format(StrEnum):
    """Faces of a report."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"
    JSON = "json"


@contextmanager
def plainly() -> Iterator[None]:
    """Errors of ours become one sentence and exit code 2."""
    try:
        yield
    except StarcheckError as error:
        typer.echo(f"starcheck: {error}", err=True)
        raise typer.Exit(2) from None
    except BrokenPipeError:
        raise typer.Exit(0) from None


def read_text(source: str) -> str:
    """The text of a file, or of standard input for ``-``.

    Raises
    ------
    InputError
        If there is no such file, or it is not UTF-8 text.
    """
    try:
        raw = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except FileNotFoundError:
        raise InputError(
            f"There is no file {source!r}: give the path of a text file, or - to read standard input."
        ) from None
    except IsADirectoryError:
        raise InputError(f"{source!r} is a folder: give one text file, or use 'starcheck batch' for many.") from None
    except OSError as error:
        raise InputError(f"{source!r} cannot be read ({error.strerror}).") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{source!r} is not UTF-8 text (byte {error.start} is {raw[error.start]:#04x}): "
            f"save it as plain text, UTF-8."
        ) from None


def write(text: str, output: Path | None) -> None:
    """To a file, or to standard output as UTF-8 whatever the terminal's encoding."""
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.flush()
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"Cannot write {str(output)!r} ({error.strerror}): choose another place.") from None


def show(result: Report | Comparison, form: Format, output: Path | None) -> None:
    """One of the faces of a report or a comparison, in colour where there is a terminal."""
    if form is Format.TEXT and output is None and sys.stdout.isatty():
        from rich.console import Console

        Console().print(result)
        return
    faces = {
        Format.TEXT: result.to_text,
        Format.HTML: result.to_page,
        Format.MARKDOWN: result.to_markdown,
        Format.JSON: result.to_json,
    }
    write(faces[form](), output)
