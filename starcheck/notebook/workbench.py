"""A bench for one answer: type, see it marked up, edit, compare drafts, export."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from starcheck.assets import text_of
from starcheck.errors import InputError, StarcheckError
from starcheck.judging.rubric import PROFILES, check_level, profile_named
from starcheck.notebook.show import faces
from starcheck.records import LEVELS, Answer
from starcheck.render.notice import NOTICE
from starcheck.render.summary import verdict
from starcheck.report import Report
from starcheck.scorer import Scorer, load

NO_WIDGETS = (
    "The interactive bench does not run here, so its last report is shown. For the bench, open the notebook in "
    "JupyterLab 4, Notebook 7 or VS Code with starcheck[notebook] installed, and run the cell. Or type in Python: "
    'bench.text = "..."; bench'
)
KEPT_WORDS = 12
"""Words of a draft that the history shows."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft that was kept, with its report."""

    number: int
    report: Report

    @property
    def label(self) -> str:
        """First words of the draft."""
        words = self.report.answer.text.split()
        return " ".join(words[:KEPT_WORDS]) + ("\u2026" if len(words) > KEPT_WORDS else "")


class Workbench:
    """Type an answer and see it marked up as you type.

    Shows itself as the value of a notebook cell. Where no widget can run (GitHub, a notebook that
    was not run, anywidget not installed) it shows the last report as it stands. Nothing typed leaves
    the kernel, and nothing is written before you export.

    Parameters
    ----------
    text : str, default=""
        The answer to start from.
    question : str, optional
        What was asked: one of :func:`questions`, or your own.
    level : {"graduate", "associate", "senior", "executive"}, optional
    profile : {"balanced", "washington", "swansea", "oneguide"}, default="balanced"
    model : str, pathlib.Path or Scorer, default="star-en"
        A name or folder as :func:`starcheck.load` takes it, or a loaded scorer.

    Attributes
    ----------
    report : Report
        Of the text as it stands.
    drafts : tuple of Draft
        Kept with :meth:`keep`, oldest first.

    Examples
    --------
    >>> bench = Workbench("Last spring our till ...")  # doctest: +SKIP
    >>> bench.text = "Last spring our till ..."  # doctest: +SKIP
    >>> bench.report.score  # doctest: +SKIP
    """

    def __init__(
        self,
        text: str = "",
        question: str | None = None,
        level: str | None = None,
        profile: str = "balanced",
        model: str | Path | Scorer = "star-en",
    ) -> None:
        check_level(level)
        profile_named(profile)
        self._scorer = model if isinstance(model, Scorer) else load(model)
        self._answer = Answer(text, question=question, level=level)
        self._profile = profile
        self._status = ""
        self._serial = 0
        self.drafts: tuple[Draft, ...] = ()
        self.report = self._scorer.score(self._answer, profile=profile)
        self._front = self._open_front()

    text = property(lambda self: self._answer.text, lambda self, value: self.update(text=value), doc="The answer.")

    def update(self, **changes: Any) -> Report:
        """Change text, question, level or profile, and score again.

        Parameters
        ----------
        **changes
            ``text``, ``question``, ``level``, ``profile``; what is left out stays.

        Returns
        -------
        Report

        Raises
        ------
        InputError, UnknownNameError
            If a value is not allowed; nothing is changed then.
        """
        unknown = set(changes) - {"text", "question", "level", "profile"}
        if unknown:
            raise InputError(f"Cannot set {', '.join(sorted(unknown))}: give text, question, level or profile.")
        now = {"text": self.text, "question": self._answer.question, "level": self._answer.level, **changes}
        profile = now.pop("profile", self._profile)
        answer = Answer(now["text"], question=now["question"] or None, level=now["level"] or None)
        self.report = self._scorer.score(answer, profile=profile)
        self._answer, self._profile, self._status = answer, profile, ""
        self._show()
        return self.report

    def keep(self) -> Draft | None:
        """Keep the text as a draft, unless it is empty or the newest draft already.

        Returns
        -------
        Draft or None
            None where nothing was kept.
        """
        if not self.text.strip() or (self.drafts and self.drafts[-1].report == self.report):
            return None
        draft = Draft(len(self.drafts) + 1, self.report)
        self.drafts += (draft,)
        self._status = f"Kept as draft {draft.number}."
        self._show()
        return draft

    def export(self, path: str | Path | None = None) -> Path:
        """Write the report as an HTML page.

        Parameters
        ----------
        path : str or pathlib.Path, optional
            Where; ``starcheck-report-1.html`` beside the notebook (or the next number) if left out.

        Returns
        -------
        pathlib.Path

        Raises
        ------
        InputError
            If there is nothing to export, or the place cannot be written.
        """
        if not self.text.strip():
            raise InputError("There is nothing to export yet: type an answer first.")
        target = Path(path) if path is not None else _free_name()
        try:
            target.write_text(self.report.to_page(), encoding="utf-8")
        except OSError as error:
            raise InputError(f"Cannot write {str(target)!r} ({error.strerror}): choose another place.") from None
        self._status = f"Written: {target}" + (", in the folder of this notebook." if path is None else ".")
        self._show()
        return target

    def _open_front(self) -> Any:
        try:
            from starcheck.notebook.front import WorkbenchFront
        except ImportError:
            return None
        return WorkbenchFront(self._on_message, self._view())

    def _show(self) -> None:
        if self._front is not None:
            self._front.view = self._view()

    def _on_message(self, message: Mapping[str, Any]) -> None:
        """One message from the browser; a refusal becomes a line of status, never a traceback."""
        try:
            self._serial = int(message.get("serial", self._serial))
            action = message.get("do")
            if "changes" in message:
                self.update(**message["changes"])
            if action == "keep":
                self.keep()
            elif action == "export":
                self.export()
            elif action == "recall":
                self.update(text=self.drafts[int(message["draft"]) - 1].report.answer.text)
        except StarcheckError as error:
            self._status = str(error)
            self._show()

    def _view(self) -> dict[str, Any]:
        """All that the front shows, as JSON types."""
        report = self.report
        return {
            "serial": self._serial,
            "text": self.text,
            "question": self._answer.question or "",
            "level": self._answer.level or "",
            "profile": self._profile,
            "questions": list(questions()),
            "levels": list(LEVELS),
            "profiles": list(PROFILES),
            "html": report.to_html() if self.text.strip() else "",
            "evidence": [list(f.evidence) for f in report.first_findings],
            "verdict": verdict(report) if self.text.strip() else "Type or paste an answer.",
            "drafts": [
                {"number": d.number, "score": d.report.score, "words": d.report.signals.words, "label": d.label}
                for d in self.drafts
            ],
            "status": self._status,
            "notice": NOTICE,
        }

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return faces(repr(self), self._static(), self._front)

    def _static(self) -> str:
        body = self.report.to_html() if self.text.strip() else "<p>No answer has been typed yet.</p>"
        return f"<p><em>{escape(NO_WIDGETS)}</em></p>{body}"

    def __repr__(self) -> str:
        return f"Workbench({verdict(self.report) if self.text.strip() else 'empty'}, {len(self.drafts)} drafts)"


@lru_cache(maxsize=1)
def questions() -> tuple[str, ...]:
    """The forty questions of the career guide, in its order."""
    records = map(json.loads, text_of("data", "model_answers.jsonl").splitlines())
    return tuple(record["question"] for record in records)


def _free_name() -> Path:
    number = 1
    while (path := Path(f"starcheck-report-{number}.html")).exists():
        number += 1
    return path
