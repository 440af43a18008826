"""Two drafts compared, in the terminal, as Markdown and as HTML; worded once."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from starcheck.records import LETTERS, STAR, Finding
from starcheck.render import html, summary, terminal
from starcheck.render.markdown import escape as escape_markdown
from starcheck.render.notice import NOTICE
from starcheck.render.palette import COLOURS, SEVERITY_NAMES, strength_words

if TYPE_CHECKING:
    from starcheck.comparison import Comparison, PartChange

_MINUS = "\u2212"
_HEADER = ("Part", "Before", "After", "Change")


def headline(comparison: Comparison) -> str:
    """What became of the score, or why it cannot be said."""
    c = comparison
    if c.change is None:
        unscored = [name for name, s in (("earlier", c.score_before), ("later", c.score_after)) if s is None]
        return f"No comparison of scores: the {' and the '.join(unscored)} draft got none"
    bands = f"band {c.band_before}" if c.band_before == c.band_after else f"band {c.band_before} to {c.band_after}"
    change = _signed(c.score_before, c.score_after, 0)
    return f"Score {c.score_before:.0f} to {c.score_after:.0f} of 100: {change} ({bands})"


def reasons(comparison: Comparison) -> list[str]:
    """Why a draft got no score."""
    pairs = (("Earlier draft", comparison.reason_before), ("Later draft", comparison.reason_after))
    return [f"{name}: {reason}" for name, reason in pairs if reason]


def rows(comparison: Comparison) -> list[tuple[PartChange, tuple[str, str, str, str]]]:
    """One row a part of STAR."""
    return [
        (p, (f"{LETTERS[p.part]} {p.part.value.capitalize()}", _strength(p.before), _strength(p.after), _change(p)))
        for p in comparison.parts
        if p.part in STAR
    ]


def lists(comparison: Comparison) -> Iterator[tuple[str, list[str]]]:
    """Headings, and what stands below them; empty ones left out."""
    c = comparison
    found = (
        ("Sentences gained", [f"{LETTERS[p.part]}  {text}" for p in c.parts for text in p.gained]),
        ("Sentences lost", [f"{LETTERS[p.part]}  {text}" for p in c.parts for text in p.lost]),
        ("Solved", [_titled(f) for f in c.solved]),
        ("New advice", [f"{_titled(f)}. {f.message}" for f in c.new]),
        ("Now good", [f.title for f in c.earned]),
        ("No longer good", [f.title for f in c.forgone]),
    )
    yield from ((heading, items) for heading, items in found if items)


def renderable(comparison: Comparison) -> RenderableType:
    """What rich prints for a comparison."""
    blocks: list[RenderableType] = [Text(headline(comparison), style="bold")]
    blocks += [Text(summary.clean(reason)) for reason in reasons(comparison)]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for name in _HEADER:
        table.add_column(name)
    for change, cells in rows(comparison):
        table.add_row(Text(cells[0], style=f"bold {COLOURS[change.part]}"), *cells[1:])
    blocks.append(Padding(table, (1, 0, 0, 0)))
    for heading, items in lists(comparison):
        blocks.append(Text(f"\n{heading}", style="bold"))
        blocks += [Padding(Text(summary.clean(item)), (0, 0, 0, 3)) for item in items]
    return Group(*blocks, Text(f"\n{NOTICE}", style="dim"))


def plain(comparison: Comparison) -> str:
    """The same as text."""
    return terminal.printed(renderable(comparison))


def markdown(comparison: Comparison) -> str:
    """The same as Markdown."""
    lines = [f"## {escape_markdown(headline(comparison))}", ""]
    lines += [f"{escape_markdown(reason)}\n" for reason in reasons(comparison)]
    lines += [f"| {' | '.join(_HEADER)} |", "|---|---|---|---|"]
    lines += [f"| {' | '.join(map(escape_markdown, cells))} |" for _, cells in rows(comparison)]
    for heading, items in lists(comparison):
        lines += ["", f"### {heading}", "", *(f"- {escape_markdown(item)}" for item in items)]
    return "\n".join([*lines, "", f"*{escape_markdown(NOTICE)}*", ""])


def fragment(comparison: Comparison) -> str:
    """The same as one ``<article>``."""
    why = "".join(f"<p>{html.shown(reason)}</p>" for reason in reasons(comparison))
    head = " ".join(f"<th>{name}</th>" for name in _HEADER)
    body = "".join(
        f"<tr>{' '.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>\n" for _, cells in rows(comparison)
    )
    blocks = [
        f"<header><h2>{escape(headline(comparison))}</h2>\n{why}</header>",
        f"<table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>",
    ]
    for heading, items in lists(comparison):
        entries = "".join(f"<li>{html.shown(item)}</li>\n" for item in items)
        blocks.append(f"<h3>{heading}</h3>\n<ul>{entries}</ul>")
    return html.framed([*blocks, f"<footer>{escape(NOTICE)}</footer>"])


def page(comparison: Comparison) -> str:
    """A whole page around :func:`fragment`."""
    return html.paged(headline(comparison), fragment(comparison))


def _strength(strength: float | None) -> str:
    return "no score" if strength is None else f"{strength:.1f} {strength_words(strength)}"


def _change(part: PartChange) -> str:
    return "" if part.before is None or part.after is None else _signed(part.before, part.after, 1)


def _signed(before: float | None, after: float | None, digits: int) -> str:
    """The difference of two numbers as they are shown, so that what is read adds up."""
    difference = float(f"{after or 0:.{digits}f}") - float(f"{before or 0:.{digits}f}")
    shown = f"{abs(difference):.{digits}f}"
    return "no change" if float(shown) == 0 else f"{'+' if difference > 0 else _MINUS}{shown}"


def _titled(finding: Finding) -> str:
    return f"{SEVERITY_NAMES[finding.severity]}: {finding.title}"
