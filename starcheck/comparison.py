"""Two drafts of one answer side by side: what improved, what was lost, part by part, with the sentences."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from starcheck.errors import InputError
from starcheck.records import STAR, Finding, Part, Tagged
from starcheck.render.notice import NOTICE
from starcheck.render.shown import Shown

if TYPE_CHECKING:
    from starcheck.report import Report

SCHEMA = "starcheck.comparison/1"


@dataclass(frozen=True, slots=True)
class PartChange:
    """How one part changed; strengths are None for reflection, and for a draft without a score."""

    part: Part
    before: float | None
    after: float | None
    gained: tuple[str, ...] = ()
    """Sentences that read as this part in the later draft only."""
    lost: tuple[str, ...] = ()
    """Sentences that read as this part in the earlier draft only."""

    @property
    def change(self) -> float | None:
        """Points of strength gained, or lost where negative."""
        return _difference(self.before, self.after, 2)


@dataclass(frozen=True, slots=True)
class Comparison(Shown):
    """What changed between two drafts; made by :meth:`starcheck.Report.compare`.

    In a notebook it shows itself; ``print`` and rich give the terminal view.
    """

    score_before: float | None
    score_after: float | None
    band_before: int | None
    band_after: int | None
    reason_before: str | None
    """Why the earlier draft got no score."""
    reason_after: str | None
    parts: tuple[PartChange, ...]
    """The four parts of STAR, then reflection."""
    solved: tuple[Finding, ...]
    """Advice on the earlier draft that the later one no longer gets."""
    new: tuple[Finding, ...]
    """Advice on the later draft only."""
    earned: tuple[Finding, ...]
    """Praise for the later draft only."""
    forgone: tuple[Finding, ...]
    """Praise that the later draft no longer gets."""

    @property
    def change(self) -> float | None:
        """Points of the 0-100 score gained; None where a draft got no score."""
        return _difference(self.score_before, self.score_after, 1)

    def to_dict(self) -> dict[str, Any]:
        """JSON types only."""
        return {
            "schema": SCHEMA,
            "score": {"before": self.score_before, "after": self.score_after, "change": self.change},
            "band": {"before": self.band_before, "after": self.band_after},
            "reason": {"before": self.reason_before, "after": self.reason_after},
            "parts": {
                p.part.value: {
                    "before": p.before,
                    "after": p.after,
                    "change": p.change,
                    "gained": list(p.gained),
                    "lost": list(p.lost),
                }
                for p in self.parts
            },
            "findings": {
                name: [{**asdict(f), "evidence": list(f.evidence)} for f in getattr(self, name)]
                for name in ("solved", "new", "earned", "forgone")
            },
            "notice": NOTICE,
        }

    def to_json(self) -> str:
        """The same as text: UTF-8, keys in a fixed order, a line break at the end."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1) + "\n"

    def to_html(self) -> str:
        """One self-contained fragment, like :meth:`starcheck.Report.to_html`."""
        from starcheck.render.comparison import fragment

        return fragment(self)

    def to_page(self) -> str:
        """A whole HTML page around :meth:`to_html`."""
        from starcheck.render.comparison import page

        return page(self)

    def to_markdown(self) -> str:
        """Markdown, escaped."""
        from starcheck.render.comparison import markdown

        return markdown(self)

    def to_text(self) -> str:
        """Plain text, as ``print`` shows it."""
        from starcheck.render.comparison import plain

        return plain(self)

    def __rich__(self) -> Any:
        from starcheck.render.comparison import renderable

        return renderable(self)


def compare(before: Report, after: Report) -> Comparison:
    """Compare two reports on drafts of one answer.

    Raises
    ------
    InputError
        If the reports come from different models or profiles, whose judgements do not compare.
    """
    for what, old, new in (
        ("model", f"{before.model.name} {before.model.version}", f"{after.model.name} {after.model.version}"),
        ("model", before.model.sha256, after.model.sha256),
        ("profile", before.profile, after.profile),
    ):
        if old != new:
            raise InputError(f"The two reports are of another {what} each ({old}, {new}): score both drafts with one.")
    advice_before, praise_before = _by_code(before)
    advice_after, praise_after = _by_code(after)
    judged = after.score is not None  # where nothing is judged, nothing is solved
    return Comparison(
        before.score,
        after.score,
        before.band,
        after.band,
        before.reason,
        after.reason,
        tuple(_part(part, before, after) for part in (*STAR, Part.REFLECTION)),
        _missing_from(advice_after, advice_before) if judged else (),
        _missing_from(advice_before, advice_after),
        _missing_from(praise_before, praise_after),
        _missing_from(praise_after, praise_before) if judged else (),
    )


def _part(part: Part, before: Report, after: Report) -> PartChange:
    return PartChange(
        part,
        _strength(before, part),
        _strength(after, part),
        _only_in(_told(after, part), _told(before, part)),
        _only_in(_told(before, part), _told(after, part)),
    )


def _strength(report: Report, part: Part) -> float | None:
    return report.part(part).strength if report.score is not None and part in STAR else None


def _told(report: Report, part: Part) -> tuple[Tagged, ...]:
    return tuple(t for t in report.sentences if t.part == part)


def _only_in(these: Iterable[Tagged], those: Iterable[Tagged]) -> tuple[str, ...]:
    """Texts of these that are not among those; case and white space do not matter."""
    there = Counter(_same(t) for t in those)
    out = []
    for tagged in these:
        if there[_same(tagged)]:
            there[_same(tagged)] -= 1
        else:
            out.append(tagged.sentence.text)
    return tuple(out)


def _same(tagged: Tagged) -> str:
    return " ".join(tagged.sentence.text.casefold().split())


def _by_code(report: Report) -> tuple[dict[str, Finding], dict[str, Finding]]:
    """Advice and praise."""
    advice = {f.code: f for f in report.findings if f.severity != "good"}
    return advice, {f.code: f for f in report.findings if f.severity == "good"}


def _missing_from(these: dict[str, Finding], those: dict[str, Finding]) -> tuple[Finding, ...]:
    return tuple(finding for code, finding in those.items() if code not in these)


def _difference(before: float | None, after: float | None, digits: int) -> float | None:
    return None if before is None or after is None else round(after - before, digits)
