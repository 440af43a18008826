"""The command line. Each command is a thin door: it reads, calls, prints; heavy imports wait."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from starcheck import __version__
from starcheck.cli_io import Format, plainly, read_text, show
from starcheck.records import LEVELS, Answer

app = typer.Typer(
    name="starcheck",
    help="Reads an interview answer and shows where its evidence is, how strong, and what to edit next.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
corpus_app = typer.Typer(help="Check the labelled corpus and the agreement of its readers.", no_args_is_help=True)
app.add_typer(corpus_app, name="corpus")


Form = Annotated[Format, typer.Option("--format", "-f", help="How to show it.")]
Question = Annotated[str | None, typer.Option("--question", "-q", help="What was asked.")]
Profile = Annotated[
    str, typer.Option("--profile", help="Shares to compare with: balanced, washington, swansea, oneguide.")
]
Level = Annotated[str | None, typer.Option("--level", help=f"One of {', '.join(LEVELS)}.")]
Mute = Annotated[list[str] | None, typer.Option("--mute", help="Rule code to leave out; may be given again.")]
Model = Annotated[str, typer.Option("--model", help="'star-en' or a model folder.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write here instead of the screen.")]


def _version(value: bool) -> None:
    if value:
        typer.echo(f"starcheck {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Read an interview answer and show where its evidence is."""


@app.command()
def score(
    source: Annotated[str, typer.Argument(metavar="FILE|-", help="A text file, or - for standard input.")],
    form: Form = Format.TEXT,
    question: Question = None,
    profile: Profile = "balanced",
    level: Level = None,
    mute: Mute = None,
    model: Model = "star-en",
    output: Output = None,
) -> None:
    """Score one answer and show the report."""
    with plainly():
        text = read_text(source)
        from starcheck.scorer import load

        show(load(model).score(text, question, level, profile, tuple(mute or ())), form, output)


@app.command()
def compare(
    old: Annotated[str, typer.Argument(help="The earlier draft.")],
    new: Annotated[str, typer.Argument(help="The later draft.")],
    form: Form = Format.TEXT,
    question: Question = None,
    profile: Profile = "balanced",
    mute: Mute = None,
    model: Model = "star-en",
    output: Output = None,
) -> None:
    """Compare two drafts of an answer: what improved, what was lost."""
    with plainly():
        drafts = [Answer(read_text(source), question=question) for source in (old, new)]
        from starcheck.scorer import load

        before, after = load(model).pipe(drafts, profile=profile, mute=tuple(mute or ()))
        show(after.compare(before), form, output)


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
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT...", help="CSV, TSV, XLSX, JSONL, Parquet, folders of documents, globs, or -."),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A folder for everything, or a name ending in .csv for one table."),
    ] = None,
    text: Annotated[
        list[str] | None, typer.Option("--text", help="Column of the answers; give it again for several a person.")
    ] = None,
    id_column: Annotated[str | None, typer.Option("--id", help="Column that names the answer or the person.")] = None,
    question: Annotated[str | None, typer.Option("--question", help="Column of the questions.")] = None,
    level: Annotated[str | None, typer.Option("--level", help="Column of the levels.")] = None,
    group: Annotated[str | None, typer.Option("--group", help="Column to compare groups by (fairness audit).")] = None,
    check: Annotated[bool, typer.Option("--check", help="Say what would be read, and stop.")] = False,
    no_text: Annotated[bool, typer.Option("--no-text", help="Keep the answers' words out of every output.")] = False,
    reports: Annotated[int, typer.Option("--reports", min=0, help="Rows that get a report of their own.")] = 5000,
    processes: Annotated[
        int, typer.Option("--processes", "-j", min=0, help="Processes; 0: one a core, at most 8.")
    ] = 0,
    dask: Annotated[str | None, typer.Option("--dask", help="Scheduler of a Dask cluster, tcp://host:8786.")] = None,
    profile: Profile = "balanced",
    model: Model = "star-en",
) -> None:
    """Score every answer of a cohort; each row comes out, scored or with the reason why not.

    Run again with the same arguments after any interruption, it goes on where it stopped.
    """
    with plainly():
        from starcheck.cohort import command
        from starcheck.cohort.columns import Choice

        choice = Choice(tuple(text or ()), id_column, question, level, group)
        command.batch(inputs, output, choice, check, not no_text, reports, processes, dask, profile, model)


@app.command()
def agree(
    scores: Annotated[Path, typer.Argument(help="scores.csv of a batch.")],
    marks: Annotated[Path, typer.Argument(help="A coach's marks: an id column and 'band', 'situation', ... (CSV).")],
    id_column: Annotated[str | None, typer.Option("--id", help="Column of the marks that names the answer.")] = None,
    group: Annotated[str | None, typer.Option("--group", help="Column of either table to break down by.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a page with the plot here (.html).")
    ] = None,
) -> None:
    """Compare the scores of a batch with a coach's marks, as ETS's RSMTool does."""
    with plainly():
        from starcheck.cohort.agree import agreement

        typer.echo(agreement(scores, marks, id_column, group, output), nl=False)


@app.command()
def train(
    labels: Annotated[
        list[Path] | None, typer.Argument(help="Your own labelled answers (.jsonl), added to the shipped corpus.")
    ] = None,
    base: Annotated[str, typer.Option("--base", help="Model whose encoder is kept.")] = "star-en",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Folder of the new model.")] = None,
    encoder: Annotated[
        bool, typer.Option("--encoder", help="Fine-tune the encoder too (needs starcheck[train]; about an hour).")
    ] = False,
    weights: Annotated[
        str | None, typer.Option("--weights", help="Base weights of the encoder: a hub name or a folder.")
    ] = None,
    seeds_to: Annotated[
        Path | None, typer.Option("--seeds-to", help="Folder that gets the encoder of each seed, for comparison.")
    ] = None,
) -> None:
    """Refit the classifier and the judges on the corpus, and on your own labels if given."""
    with plainly():
        from starcheck.training.train import retrain

        retrain(labels or [], base, output, encoder, weights, typer.echo, seeds_to)


@app.command()
def evaluate(
    model: Model = "star-en",
    labels: Annotated[
        list[Path] | None, typer.Argument(help="Labelled answers; by default the corpus's test split.")
    ] = None,
) -> None:
    """Measure a model on labelled answers that it was not trained on."""
    with plainly():
        from starcheck.training.evaluate import evaluate as measure

        typer.echo(measure(model, labels or []), nl=False)


@app.command()
def trust(model: Model = "star-en") -> None:
    """Run the trust and fairness tests on the corpus's test split; exit code 1 if a limit is broken."""
    with plainly():
        from starcheck.training.trust import measured, table

        figures = measured(model)
        typer.echo(table(figures), nl=False)
        if not all(f.holds for f in figures):
            raise typer.Exit(1)


@corpus_app.command("check")
def corpus_check(folder: Annotated[Path | None, typer.Argument(help="Folder of .jsonl files.")] = None) -> None:
    """Check the corpus: format, offsets, distribution, duplicates, splits."""
    with plainly():
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
    with plainly():
        from starcheck.training.agreement import agreement_table

        typer.echo(agreement_table(folder), nl=False)


def main() -> None:
    """Entry point."""
    app()


if __name__ == "__main__":
    main()
