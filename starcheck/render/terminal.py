"""The report in a terminal, by rich; plain where there is no colour."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from starcheck.judging.rubric import profile_named
from starcheck.records import LETTERS, Finding, Tagged
from starcheck.render import summary
from starcheck.render.notice import NOTICE
from starcheck.render.palette import COLOURS, SEVERITY_NAMES, strength_words

if TYPE_CHECKING:
    from starcheck.report import Report

_SEVERITY_STYLE = {"fix": "bold red", "tip": "bold yellow", "good": "bold green"}


def renderable(report: Report) -> RenderableType:
    """What rich prints for a report."""
    blocks: list[RenderableType] = [
        Text(summary.verdict(report), style="bold"),
        Text(summary.clean(report.reason or summary.reads_as(report))),
    ]
    if report.answer.question:
        blocks.append(Text(summary.clean(report.answer.question), style="italic"))
    if report.sentences:
        blocks.append(Padding(_answer(report), (1, 0)))
    if report.band is not None:
        blocks.append(_parts(report))
        blocks += [Text(f"To raise {line}", style="dim") for line in summary.to_raise(report)]
    if report.findings:
        blocks.append(Text("\nWhat to edit next", style="bold"))
        blocks += [_finding(n, f) for n, f in enumerate(report.first_findings, 1)]
    if report.band is not None:
        blocks.append(_rest(report))
    model = report.model
    blocks.append(Text(f"\n{NOTICE} Model {model.name} {model.version}.", style="dim"))
    return Group(*blocks)


def plain(report: Report, width: int = 88) -> str:
    """The same without colour, at a fixed width, so that it is the same everywhere."""
    return printed(renderable(report), width)


def printed(content: RenderableType, width: int = 88) -> str:
    """What rich prints, as text: no colour, no trailing blanks, in a notebook too."""
    file = io.StringIO()
    # Without the last two, rich would ask where it runs, and print into the cell of a notebook.
    Console(file=file, width=width, color_system=None, force_terminal=False, force_jupyter=False).print(content)
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def _answer(report: Report) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", style="dim")
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    unsure = set(report.signals.unsure)
    for tagged in report.sentences:
        number, letter, text = _row(tagged, tagged.sentence.index in unsure)
        # Where nothing is scored nothing is called evidence.
        table.add_row(number, letter if report.band is not None else Text(), text)
    return table


def _row(tagged: Tagged, unsure: bool) -> tuple[Text, Text, Text]:
    colour = COLOURS[tagged.part]
    letter = Text(f" {LETTERS[tagged.part]}{'?' if unsure else ' '}", style=f"bold white on {colour}")
    return Text(str(tagged.sentence.index + 1)), letter, Text(summary.clean(tagged.sentence.text))


def _parts(report: Report) -> RenderableType:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for name in ("Part", "Strength", "", "Share of words", f"{report.profile} asks"):
        table.add_column(name)
    shares = profile_named(report.profile).shares
    for p in report.parts:
        filled = round(p.strength / 3 * 12)
        bar = Text("\u2588" * filled, style=COLOURS[p.part]) + Text("\u2591" * (12 - filled), style="dim")
        least, most = shares[p.part]
        table.add_row(
            f"{LETTERS[p.part]} {p.part.value.capitalize()}",
            bar,
            f"{p.strength:.1f} {strength_words(p.strength)}",
            f"{p.share:.0%}",
            f"{least:.0%}\u2013{most:.0%}",
        )
    return table


def _finding(number: int, finding: Finding) -> RenderableType:
    head = Text(f"{number}. ") + Text(SEVERITY_NAMES[finding.severity], style=_SEVERITY_STYLE[finding.severity])
    head += Text(f": {finding.title}", style="bold")
    if finding.gain >= 0.5:
        head += Text(f"  about +{finding.gain:.0f} points", style="green")
    where = summary.sentence_numbers(finding.evidence)
    message = Text(summary.clean(finding.message)) + Text(f" ({where})" if where else "", style="dim")
    return Group(head, Padding(message, (0, 0, 0, 3)))


def _rest(report: Report) -> RenderableType:
    found = summary.competencies(report)
    names = "; ".join(f"{n} ({summary.sentence_numbers(e)})" for n, e in found) or "none clearly"
    lines = [f"\nShown by deeds: {names}.", f"Observed: {'; '.join(summary.signals(report))}."]
    if asked := summary.expectations(report):
        lines.append(f"\nAt {report.answer.level} level the guide expects:")
        lines += [f"{'+' if shown else '-'} {n}{' (shown)' if shown else ''}: {words}" for n, shown, words in asked]
    return Text("\n".join(lines))
