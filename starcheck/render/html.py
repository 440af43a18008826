"""The report as HTML: semantic, self-contained, no script, no id, no address; everything escaped."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from starcheck.assets import package_text
from starcheck.judging.rubric import profile_named
from starcheck.records import LETTERS, PARTS, Finding, PartScore, Tagged
from starcheck.render import summary
from starcheck.render.notice import NOTICE
from starcheck.render.palette import COLOURS, SEVERITY_NAMES, strength_words

if TYPE_CHECKING:
    from starcheck.report import Report


def fragment(report: Report) -> str:
    """One ``<article>``, ready for a notebook cell or a page."""
    body = [
        f"<header><h2>{escape(summary.verdict(report))}</h2>\n"
        f"<p>{shown(report.reason or summary.reads_as(report))}</p></header>",
    ]
    if report.answer.question:
        body.append(f'<p class="q">{shown(report.answer.question)}</p>')
    if report.sentences:
        body.append(_answer(report))
    if report.band is not None:
        body.append(_parts(report))
    body.append(_findings(report))
    if report.band is not None:
        body.append(_rest(report))
    body.append(f"<footer>{escape(_foot(report))}</footer>")
    return framed(body)


def framed(blocks: Iterable[str]) -> str:
    """Blocks with the style sheet around them; a line each, so that the text without tags is readable."""
    lines = "\n".join(block for block in blocks if block)
    # A style sheet may stand in a comment, which whatever strips tags strips too.
    return f'<article class="starcheck"><style><!--{style()}--></style>\n{lines}\n</article>'


def page(report: Report) -> str:
    """A whole page around :func:`fragment`."""
    return paged(summary.verdict(report), fragment(report))


def paged(title: str, content: str) -> str:
    """A whole page around a fragment."""
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title></head>\n"
        f'<body style="margin:0 auto;padding:1rem;max-width:48rem">{content}</body></html>\n'
    )


def shown(text: str) -> str:
    """The user's words, escaped."""
    return escape(summary.clean(text))


@lru_cache(maxsize=1)
def style() -> str:
    """The style sheet with the parts' colours, on one line; it must not hold ``>`` (see :func:`framed`)."""
    rules = "".join(f".starcheck .{p.value}{{--c:{COLOURS[p]}}}" for p in PARTS)
    lines = package_text("render", "report.css").splitlines()
    return "".join(line.strip() for line in lines if not line.startswith("/*")) + rules


def _answer(report: Report) -> str:
    """The answer as written, each sentence with number, letter and underline."""
    text, out, at = report.answer.text, [], 0
    unsure = set(report.signals.unsure)
    for tagged in report.sentences:
        s = tagged.sentence
        gap = text[at : s.start]
        out.append("<br>\n" if "\n" in gap or "\r" in gap else " ")
        # Where nothing is scored nothing is called evidence: catchwords would look like praise.
        out.append(_sentence(tagged, s.index in unsure) if report.band is not None else _unmarked(tagged))
        at = s.end
    body = "".join(out).removeprefix("<br>").strip()
    return f'<div class="answer">{body}</div>'


def _sentence(tagged: Tagged, unsure: bool) -> str:
    s, letter = tagged.sentence, LETTERS[tagged.part]
    mark = "?" if unsure else ""
    title = f"{tagged.part.value}{', unsure' if unsure else ''} ({tagged.confidence:.0%})"
    return (
        f'<span class="s {tagged.part.value}" title="{title}"><b>{s.index + 1}{letter}{mark}</b> '
        f"<u>{shown(s.text)}</u></span>"
    )


def _unmarked(tagged: Tagged) -> str:
    s = tagged.sentence
    return f'<span class="s other"><b>{s.index + 1}</b> {shown(s.text)}</span>'


def _parts(report: Report) -> str:
    rows = "".join(_part_row(p, report) for p in report.parts)
    return (
        "<table><thead><tr><th>Part</th> <th>Strength</th> <th>Share of words</th> "
        "<th>What moved it, and what would raise it</th></tr>"
        f"</thead>\n<tbody>{rows}</tbody></table>"
    )


def _part_row(part: PartScore, report: Report) -> str:
    least, most = profile_named(report.profile).shares[part.part]
    width = round(part.strength / 3 * 100)
    moved = ", ".join(("+ " if points > 0 else "\u2212 ") + name for name, points in part.moved[:2])
    more = f"<br>\nto raise it: {escape(', '.join(part.raises[:3]))}" if part.raises else ""
    strength = f"{part.strength:.1f} {strength_words(part.strength)}"
    return (
        f'<tr class="{part.part.value}"><th><b>{LETTERS[part.part]}</b> {part.part.value.capitalize()}</th> '
        f'<td><span class="bar"><i style="width:{width}%"></i></span> {strength}</td> '
        f"<td>{part.share:.0%} <small>({least:.0%}\u2013{most:.0%})</small></td> "
        f"<td><small>{escape(moved)}{more}</small></td></tr>\n"
    )


def _findings(report: Report) -> str:
    shown = report.first_findings
    if not shown:
        return ""
    items = "".join(_finding(f) for f in shown)
    rest = len(report.findings) - len(shown)
    more = f"<p><small>{rest} more in the JSON report.</small></p>" if rest else ""
    return f'<h3>What to edit next</h3>\n<ol class="findings">{items}</ol>{more}'


def _finding(finding: Finding) -> str:
    gain = f" <em>about +{finding.gain:.0f} points</em>" if finding.gain >= 0.5 else ""
    where = summary.sentence_numbers(finding.evidence)
    look = f" <small>({where})</small>" if where else ""
    return (
        f'<li class="{finding.severity}"><strong>{SEVERITY_NAMES[finding.severity]}: {escape(finding.title)}</strong>'
        f"{gain}<br>\n{shown(finding.message)}{look}</li>\n"
    )


def _rest(report: Report) -> str:
    found = summary.competencies(report)
    items = "".join(f"<li>{escape(n)} <small>({summary.sentence_numbers(e)})</small></li>\n" for n, e in found)
    deeds = f"<ul>{items}</ul>" if items else "<p>None clearly: name the deeds that show them.</p>"
    seen = "".join(f"<li>{escape(line)}</li>\n" for line in summary.signals(report))
    return (
        f'<div class="two"><section><h3>Shown by deeds</h3>\n{deeds}</section>\n'
        f"<section><h3>Observed</h3>\n<ul>{seen}</ul></section></div>{_expected(report)}"
    )


def _expected(report: Report) -> str:
    """What the guide asks at the level given, beside what is shown."""
    rows = "".join(
        f"<tr><th>{escape(name)}</th> <td>{'shown' if shown else 'not shown'}</td> <td>{escape(words)}</td></tr>\n"
        for name, shown, words in summary.expectations(report)
    )
    if not rows:
        return ""
    head = "<tr><th>Competency</th> <th>Here</th> <th>What the guide expects</th></tr>"
    return f"<h3>At {report.answer.level} level</h3>\n<table><thead>{head}</thead>\n<tbody>{rows}</tbody></table>"


def _foot(report: Report) -> str:
    model = report.model
    return f"{NOTICE} Profile {report.profile}; model {model.name} {model.version}, {model.sha256[:8]}."
