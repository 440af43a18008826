"""Read the guide that the forty model answers come from, by the layout of its text.

The guide ("Machine Learning interview questions and answers" by Jerry Frempong) is plain text: titled
sections, and the forty answers as a number and question followed by four lines that begin with
Situation, Task, Action and Result.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from starcheck.errors import CorpusError

_QUESTION = re.compile(r"^\s*(\d{1,2})\.\s+(\S.*?)\s*$")
_PART = re.compile(r"^\s*(Situation|Task|Action|Result)\s+(\S.*?)\s*$")
_PARTS = ("situation", "task", "action", "result")
_LEVELS = (
    ("graduate", "Graduate level roles"),
    ("associate", "Trainee and associate roles"),
    ("senior", "Mid level and management roles"),
    ("executive", "Senior management and board level roles"),
)
_FORMATS = (
    "Telephone interviews",
    "Zoom and video interviews",
    "In person interviews",
    "Panel interviews",
    "Group interviews",
)
EXPECTED = 40


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """One STAR model answer, in the guide's words."""

    number: int
    question: str
    situation: str
    task: str
    action: str
    result: str


def model_answers(text: str) -> list[ModelAnswer]:
    """The model answers of the guide, in its order.

    Raises
    ------
    CorpusError
        If a part is missing or out of order, or there are not forty answers numbered 1 to 40.
    """
    answers: list[ModelAnswer] = []
    number, question = 0, ""
    parts: dict[str, str] = {}
    for place, line in enumerate(text.splitlines(), 1):
        if head := _QUESTION.match(line):
            _complete(number, parts)
            number, question, parts = int(head[1]), head[2], {}
        elif number and (found := _PART.match(line)):
            name = found[1].lower()
            if len(parts) >= len(_PARTS) or name != _PARTS[len(parts)]:
                raise CorpusError(f"Line {place} of the guide: {found[1]} stands out of order in answer {number}.")
            parts[name] = found[2]
            if len(parts) == len(_PARTS):
                answers.append(ModelAnswer(number, question, **parts))
    _complete(number, parts)
    if [a.number for a in answers] != list(range(1, EXPECTED + 1)):
        raise CorpusError(f"The guide should hold answers 1 to {EXPECTED}; found {len(answers)}.")
    return answers


def _complete(number: int, parts: dict[str, str]) -> None:
    if number and len(parts) != len(_PARTS):
        missing = ", ".join(p for p in _PARTS if p not in parts)
        raise CorpusError(f"Answer {number} of the guide has no {missing}.")


def sections(text: str) -> dict[str, Any]:
    """Levels, core competencies and interview formats, in the guide's words.

    Raises
    ------
    CorpusError
        If a section's title is not found.
    """
    lines = [line.strip() for line in text.splitlines()]
    return {
        "levels": [{"id": level, "title": title, "text": _below(lines, title)} for level, title in _LEVELS],
        "competencies": _below(lines, "Core competencies employers look for"),
        "formats": [{"title": title, "text": _below(lines, title)} for title in _FORMATS],
    }


def _below(lines: list[str], title: str) -> str:
    """The first line of text below a title."""
    if title not in lines:
        raise CorpusError(f"The guide has no section {title!r}.")
    return next(line for line in lines[lines.index(title) + 1 :] if line)
