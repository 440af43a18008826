"""The report as Markdown, for pull requests, notes and learning platforms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starcheck.records import LETTERS
from starcheck.render import summary
from starcheck.render.notice import NOTICE
from starcheck.render.palette import SEVERITY_NAMES, strength_words

if TYPE_CHECKING:
    from starcheck.report import Report

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&$]|:(?=//))")


def markdown(report: Report) -> str:
    """The whole report."""
    lines = [f"## {escape(summary.verdict(report))}", "", escape(report.reason or summary.reads_as(report)), ""]
    if report.answer.question:
        lines += [f"*{escape(report.answer.question)}*", ""]
    unsure = set(report.signals.unsure)
    for tagged in report.sentences:
        s = tagged.sentence
        mark = f"**{LETTERS[tagged.part]}{'?' if s.index in unsure else ''}** " if report.band is not None else ""
        lines.append(f"{s.index + 1}. {mark}{escape(s.text)}")
    if report.band is not None:
        lines += ["", "| Part | Strength | Share of words |", "|---|---|---|"]
        lines += [
            f"| {LETTERS[p.part]} {p.part.value.capitalize()} "
            f"| {p.strength:.1f} {strength_words(p.strength)} | {p.share:.0%} |"
            for p in report.parts
        ]
        lines += ["", *(f"To raise {escape(line)}  " for line in summary.to_raise(report))]
    if report.findings:
        lines += ["", "### What to edit next", ""]
    for finding in report.first_findings:
        gain = f" (about +{finding.gain:.0f} points)" if finding.gain >= 0.5 else ""
        lines.append(
            f"- **{SEVERITY_NAMES[finding.severity]}: {escape(finding.title)}**{gain}: {escape(finding.message)}"
        )
    if report.band is not None:
        found = summary.competencies(report)
        names = "; ".join(f"{escape(n)} ({summary.sentence_numbers(e)})" for n, e in found) or "none clearly"
        lines += ["", f"Shown by deeds: {names}.", "", f"Observed: {escape('; '.join(summary.signals(report)))}."]
    if asked := summary.expectations(report):
        lines += ["", f"At {report.answer.level} level the guide expects:", ""]
        lines += [f"- {escape(n)}{' (shown)' if shown else ''}: {escape(words)}" for n, shown, words in asked]
    return "\n".join([*lines, "", f"*{escape(NOTICE)}*", ""])


def escape(text: str) -> str:
    """Text that Markdown, and the HTML inside it, shows as it stands, on one line."""
    return _SPECIAL.sub(r"\\\1", summary.clean(text))
