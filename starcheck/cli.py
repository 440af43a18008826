"""The command line. Each command is a thin door: it reads, calls, prints; heavy imports wait."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from starcheck import __version__
from starcheck.errors import InputError, StarcheckError
from starcheck.records import LEVELS

app = typer.Typer(
    name="starcheck",
    help="Reads an interview answer and shows where its evidence is, how strong, and what to edit next.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
corpus_app = typer.Typer(help="Check the labelled corpus and the agreement of its readers.", no_args_is_help=True)
app.add_typer(corpus_app, name="corpus")

LevelName = StrEnum("LevelName", [(n, n) for n in LEVELS])  # type: ignore[misc]


class Format(StrEnum):
    """Faces of a report."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"
    JSON = "json"


Question = Annotated[str | None, typer.Option("--question", "-q", help="What was asked.")]
Profile = Annotated[str, typer.Option("--profile", help="Shares to compare with: balanced, washington, swansea, oneguide.")]
Level = Annotated[str | None, typer.Option("--level", help=f"One of {', '.join(LEVELS)}.")]
Mute = Annotated[list[str] | None, typer.Option("--mute", help="Rule code to leave out; may be given again.")]
Model = Annotated[str, typer.Option("--model", help="'star-en' or a model folder.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write here instead of the screen.")]


@contextmanager
def _plainly() -> Iterator[None]:
    """Errors of ours become one sentence and exit code 2."""
    try:
        yield
    except StarcheckError as error:
        typer.echo(f"starcheck: {error}", err=True)
        raise typer.Exit(2) from None
    except BrokenPipeError:
        raise typer.Exit(0) from None


def _version(value: bool) -> None:
    if value:
        typer.echo(f"starcheck {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Read an interview answer and show where its evidence is."""


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
        raise InputError(f"There is no file {source!r}: give the path of a text file, or - to read standard input.") from None
    except IsADirectoryError:
        raise InputError(f"{source!r} is a folder: give one text file, or use 'starcheck batch' for many.") from None
    except OSError as error:
        raise InputError(f"{source!r} cannot be read ({error.strerror}).") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{source!r} is not UTF-8 text (byte {error.start} is {raw[error.start]:#04x}): save it as plain text, UTF-8."
        ) from None


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.flush()
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"Cannot write {str(output)!r} ({error.strerror}): choose another place.") from None


@app.command()
def score(
    source: Annotated[str, typer.Argument(metavar="FILE|-", help="A text file, or - for standard input.")],
    form: Annotated[Format, typer.Option("--format", "-f", help="How to show the report.")] = Format.TEXT,
    question: Question = None,
    profile: Profile = "balanced",
    level: Level = None,
    mute: Mute = None,
    model: Model = "star-en",
    output: Output = None,
) -> None:
    """Score one answer and show the report."""
    with _plainly():
        text = read_text(source)
        from starcheck.scorer import load

        report = load(model).score(text, question, level, profile, tuple(mute or ()))
        if form is Format.TEXT and output is None and sys.stdout.isatty():
            from rich.console import Console

            Console().print(report)
            return
        faces = {
            Format.TEXT: report.to_text,
            Format.HTML: report.to_page,
            Format.MARKDOWN: report.to_markdown,
            Format.JSON: report.to_json,
        }
        _write(faces[form](), output)


@app.command()
def compare(
    old: Annotated[str, typer.Argument(help="The earlier draft.")],
    new: Annotated[str, typer.Argument(help="The later draft.")],
    profile: Profile = "balanced",
    model: Model = "star-en",
) -> None:
    """Compare two drafts of an answer: what improved, what was lost."""
    with _plainly():
        texts = [read_text(old), read_text(new)]
        from starcheck.scorer import load

        before, after = load(model).pipe(texts, profile=profile)
        typer.echo(after.compare(before).to_text(), nl=False)


@app.command()
def rules() -> None:
    """List every rule that findings come from, with its code."""
    from rich.console import Console
    from rich.table import Table

    from starcheck.judging.feedback import RULES

    table = Table("Code", "Severity", "Finding", "Why", box=None, pad_edge=False)
    for rule in RULES.values():
        table.add_row(rule.code, rule.severity, rule.title, rule.why)
    Console().print(table)


@app.command()
def batch(
    source: Annotated[Path, typer.Argument(help="A CSV file with one answer a row.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The CSV file to write.")],
    text_column: Annotated[str | None, typer.Option("--text", help="Column of the answers; found by its usual names.")] = None,
    processes: Annotated[int, typer.Option("--processes", min=1, help="Processes to score with.")] = 1,
    profile: Profile = "balanced",
    model: Model = "star-en",
) -> None:
    """Score every row of a table; each row comes out, scored or with the reason why not."""
    with _plainly():
        from starcheck.cohort.run import run

        counts = run(source, output, text_column, processes, profile, model)
        typer.echo(f"{counts.rows} rows in = {counts.scored} scored + {counts.unscored} unscored + {counts.failed} failed", err=True)


@app.command()
def train(
    labels: Annotated[list[Path] | None, typer.Argument(help="Your own labelled answers (.jsonl), added to the shipped corpus.")] = None,
    base: Annotated[str, typer.Option("--base", help="Model whose encoder is kept.")] = "star-en",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Folder of the new model.")] = None,
    encoder: Annotated[bool, typer.Option("--encoder", help="Fine-tune the encoder too (needs starcheck[train]; about an hour).")] = False,
    weights: Annotated[str | None, typer.Option("--weights", help="Base weights of the encoder: a hub name or a folder.")] = None,
) -> None:
    """Refit the classifier and the judges on the corpus, and on your own labels if given."""
    with _plainly():
        from starcheck.training.train import retrain

        retrain(labels or [], base, output, encoder, weights, typer.echo)


@app.command()
def evaluate(
    model: Model = "star-en",
    labels: Annotated[list[Path] | None, typer.Argument(help="Labelled answers; by default the corpus's test split.")] = None,
) -> None:
    """Measure a model on labelled answers that it was not trained on."""
    with _plainly():
        from starcheck.training.evaluate import evaluate as measure

        typer.echo(measure(model, labels or []), nl=False)


@corpus_app.command("check")
def corpus_check(folder: Annotated[Path | None, typer.Argument(help="Folder of .jsonl files.")] = None) -> None:
    """Check the corpus: format, offsets, distribution, duplicates, splits."""
    with _plainly():
        from starcheck.training.checks import check

        problems, table = check(folder)
        typer.echo(table, nl=False)
        for problem in problems:
            typer.echo(f"problem: {problem}", err=True)
        if problems:
            raise typer.Exit(1)


@corpus_app.command("agreement")
def corpus_agreement(folder: Annotated[Path | None, typer.Argument(help="Folder of .jsonl files.")] = None) -> None:
    """Print how far the writer and the blind second reader agree."""
    with _plainly():
        from starcheck.training.agreement import agreement_table

        typer.echo(agreement_table(folder), nl=False)


def main() -> None:
    """Entry point."""
    app()


if __name__ == "__main__":
    main()
