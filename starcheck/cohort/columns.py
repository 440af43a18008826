"""Which columns of a table hold the answers, and what belongs to each answer."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starcheck.errors import InputError, UnknownNameError

USUAL: Mapping[str, tuple[str, ...]] = {
    "text": (
        *("answer", "text", "response", "answertext", "responsetext", "reply", "youranswer", "yourresponse"),
        *("interviewanswer", "transcript", "essay", "statement", "content", "body", "answers", "responses"),
    ),
    "id": (
        *("id", "answerid", "responseid", "candidateid", "candidate", "applicantid", "applicant", "studentid"),
        *("student", "participantid", "participant", "respondentid", "respondent", "personid", "person"),
        *("userid", "user", "reference", "ref", "username"),
    ),
    "question": ("question", "questiontext", "prompt", "asked", "interviewquestion"),
    "level": ("level", "careerlevel", "joblevel", "seniority", "grade"),
}
"""Names by which people call these columns, letters and digits only, likeliest first."""

_NUMBERED = re.compile(
    r"^(?:answer|response|reply|text|q|question|answerto|a)*?(\d{1,2})(?:answer|response|reply|text)?$"
)
_ASKS = re.compile(
    r"^\W*(tell|describe|give|explain|talk|share|walk|what|how|why|when|can|could|please)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Columns as the user named them; what is None is found by its usual names."""

    text: tuple[str, ...] = ()
    id: str | None = None
    question: str | None = None
    level: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """A column of answers and what is known of its question."""

    name: str
    question: str | None = None
    question_column: str | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that a table is read by; more than one of text is the wide form."""

    text: tuple[AnswerColumn, ...]
    id: str | None = None
    level: str | None = None
    group: str | None = None

    @property
    def wide(self) -> bool:
        """Whether a line holds several answers of one person."""
        return len(self.text) > 1


def find_columns(table: str, columns: Sequence[str], choice: Choice) -> Columns:
    """Find the columns of a table.

    Parameters
    ----------
    table : str
        Its name, for messages.
    columns : sequence of str
        Names in the header.
    choice : Choice
        What the user named; a name that the table lacks is an error.

    Returns
    -------
    Columns

    Raises
    ------
    UnknownNameError
        If a named column is missing; with the columns there are and the nearest.
    InputError
        If no column of answers is recognised.
    """
    given = {
        field: named_column(table, columns, getattr(choice, field)) for field in ("id", "question", "level", "group")
    }
    found = {field: given[field] or usual_column(columns, field) for field in ("id", "question", "level")}
    if choice.text:
        names = [str(named_column(table, columns, name)) for name in choice.text]
        text = tuple(_asked(n, columns, found["question"], len(names) > 1) for n in names)
    else:
        text = _answers(table, columns, found["question"], {n for n in given.values() if n})
    taken = {c.name for c in text}
    rest = {field: None if name in taken else name for field, name in found.items()}
    return Columns(text, rest["id"], rest["level"], given["group"])


def named_column(table: str, columns: Sequence[str], name: str | None) -> str | None:
    """The column of this name, spelled as in the header; an error if there is none."""
    if name is None or name in columns:
        return name
    same = [c for c in columns if _bare(c) == _bare(name)]
    if len(same) == 1:
        return same[0]
    raise UnknownNameError(f"column of {table}", name, columns)


def usual_column(columns: Sequence[str], field: str) -> str | None:
    """The likeliest column for a field of :data:`USUAL`."""
    bare = {_bare(c): c for c in reversed(columns)}
    return next((bare[name] for name in USUAL[field] if name in bare), None)


def _answers(table: str, columns: Sequence[str], question: str | None, taken: set[str]) -> tuple[AnswerColumn, ...]:
    free = [c for c in columns if c not in taken]
    usual = usual_column(free, "text")
    if usual:
        return (_asked(usual, columns, question, wide=False),)
    asked = {c for c in free if _bare(c).startswith("question")}
    numbered = [c for c in free if _NUMBERED.match(_bare(c))]
    # question_1 beside answer_1 is what was asked; alone it is the answer to it.
    wide = [c for c in numbered if c not in asked] or numbered
    if not wide:
        wide = [c for c in free if len(c.split()) >= 4 and (_ASKS.match(c) or c.rstrip().endswith("?"))]
    if not wide and len(columns) == 1 and len(columns[0].split()) < 12:
        wide = list(columns)
    if not wide:
        raise _unrecognised(table, columns)
    return tuple(_asked(c, columns, question, len(wide) > 1) for c in wide)


def _asked(name: str, columns: Sequence[str], question: str | None, wide: bool) -> AnswerColumn:
    """What the answers in a column answer: a question column, one with the same number, or its heading."""
    number = _NUMBERED.match(_bare(name))
    if wide and number:
        same = [
            c
            for c in columns
            if c != name and _bare(c) in (f"question{number[1]}", f"q{number[1]}", f"prompt{number[1]}")
        ]
        if same:
            return AnswerColumn(name, question_column=same[0])
    if len(name.split()) >= 4 and (_ASKS.match(name) or name.rstrip().endswith("?")):
        return AnswerColumn(name, question=name.strip())
    if question and question != name and not wide:
        return AnswerColumn(name, question_column=question)
    return AnswerColumn(name)


def _unrecognised(table: str, columns: Sequence[str]) -> InputError:
    shown = ", ".join(repr(c[:60]) for c in columns[:20]) + (", \u2026" if len(columns) > 20 else "")
    bare = {_bare(c): c for c in columns}
    near = [bare[m] for name in USUAL["text"] for m in difflib.get_close_matches(name, bare, n=1, cutoff=0.7)]
    hint = near[0] if near else "NAME"
    return InputError(
        f"{table} has no column that is usually one of answers. It has {shown}: say which holds the answers, "
        f"for example --text {hint!r}. (A table needs a first line with the names of its columns.)"
    )


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())
