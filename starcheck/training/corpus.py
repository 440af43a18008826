"""The labelled answers: their types, their file format, and reading them without surprises.

One JSON object a line (``data/README.md`` is the datasheet). The labels that count stand at the top
level; what the writer and the blind second reader each said is kept under ``first`` and ``second``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starcheck.errors import CorpusError
from starcheck.records import ANSWER_TYPES, COMPETENCIES, LEVELS, PARTS, STAR, Part

OWNERSHIP = ("I", "we", "mixed", "none")
SPLITS = ("train", "test")


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence with its part and the competencies that it evidences."""

    text: str
    start: int
    end: int
    part: Part
    competencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader said of one answer."""

    labels: tuple[Part, ...]
    strengths: tuple[int, ...]
    """0-3 for each of ``STAR``."""
    overall: int
    type: str
    competencies: tuple[str, ...]
    quantified: bool
    ownership: str
    rated: bool = True
    """False where only sentences were labelled."""


@dataclass(frozen=True, slots=True)
class LabelledAnswer:
    """One answer of the corpus."""

    id: str
    text: str
    sentences: tuple[LabelledSentence, ...]
    question: str
    model_answer: int | None
    level: str
    sector: str
    voice: str
    writer: str
    flaw: str | None
    split: str
    gold: Reading
    first: Reading | None = None
    second: Reading | None = None

    @property
    def story(self) -> str:
        """Answers of one story stay on one side of every split."""
        return f"model-{self.model_answer}" if self.model_answer else self.id

    @property
    def labels(self) -> tuple[Part, ...]:
        """The part of each sentence."""
        return tuple(s.part for s in self.sentences)


def read(paths: Iterable[Path]) -> list[LabelledAnswer]:
    """Read labelled answers.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        JSON Lines files, or folders of them (read in the order of their names).

    Returns
    -------
    list of LabelledAnswer

    Raises
    ------
    CorpusError
        On the first malformed line, naming file, line, and what is allowed; or if an id comes
        twice.
    """
    answers: list[LabelledAnswer] = []
    seen: dict[str, str] = {}
    for path in _files(paths):
        for place, record in _records(path):
            answer = parse(record, place)
            if answer.id in seen:
                raise CorpusError(f"{place}: the id {answer.id!r} was used before at {seen[answer.id]}.")
            seen[answer.id] = place
            answers.append(answer)
    return answers


def guide_answers(text: str, leave_out: frozenset[int] = frozenset()) -> list[LabelledAnswer]:
    """The guide's model answers as labelled answers of four sentences, without ratings.

    Parameters
    ----------
    text : str
        ``data/model_answers.jsonl``.
    leave_out : frozenset of int
        Numbers whose renderings are in the test split.
    """
    out = []
    for line in text.splitlines():
        record = json.loads(line)
        if record["number"] not in leave_out:
            sentences = [{"text": record[p.value], "part": p.value} for p in STAR]
            about = {
                "id": f"guide-{record['number']:02d}",
                "model_answer": record["number"],
                "question": record["question"],
            }
            out.append(parse({**about, "sentences": sentences}))
    return out


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.glob("*.jsonl"))
        elif path.is_file():
            yield path
        else:
            raise CorpusError(f"There is no file or folder {str(path)!r}: give a .jsonl file of answers.")


def _records(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path} is not UTF-8 text (byte {error.start}): save it as UTF-8.") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{path.name}, line {number}"
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise CorpusError(f"{place}: not a JSON object ({error.msg}, column {error.colno}).") from error
        if not isinstance(record, dict):
            raise CorpusError(f"{place}: a JSON object is wanted, found {type(record).__name__}.")
        yield place, record


def parse(record: Mapping[str, Any], place: str = "record") -> LabelledAnswer:
    """One record as a checked :class:`LabelledAnswer`.

    Only ``sentences`` (each with ``text`` and ``part``) is required, so that a user can bring a few
    labelled answers; what is missing gets a neutral value.

    Raises
    ------
    CorpusError
        If a field is missing, of another kind, or outside what is allowed.
    """
    raw = record.get("sentences")
    if not isinstance(raw, list) or not raw:
        raise CorpusError(f"{place}: 'sentences' must be a list of at least one sentence.")
    text, sentences = _sentences(record, raw, place)
    labels = tuple(s.part for s in sentences)
    return LabelledAnswer(
        id=str(record.get("id") or place),
        text=text,
        sentences=sentences,
        question=str(record.get("question") or ""),
        model_answer=_model_answer(record, place),
        level=_one_of(record, "level", LEVELS, "associate", place),
        sector=str(record.get("sector") or ""),
        voice=str(record.get("voice") or ""),
        writer=str(record.get("writer") or ""),
        flaw=record.get("flaw"),
        split=_one_of(record, "split", SPLITS, "train", place),
        gold=_reading(record, labels, place),
        first=_optional_reading(record, "first", len(labels), place),
        second=_optional_reading(record, "second", len(labels), place),
    )


def _sentences(record: Mapping[str, Any], raw: list[Any], place: str) -> tuple[str, tuple[LabelledSentence, ...]]:
    for number, item in enumerate(raw, 1):
        if not isinstance(item, dict) or not isinstance(item.get("text"), str) or not item["text"].strip():
            raise CorpusError(f"{place}, sentence {number}: 'text' must be a string that is not blank.")
    text = record.get("text")
    spans = join_spans([item["text"] for item in raw])
    if text is None:
        text = join([item["text"] for item in raw])
    out = []
    for number, (item, (start, end)) in enumerate(zip(raw, spans, strict=True), 1):
        where = f"{place}, sentence {number}"
        start, end = item.get("start", start), item.get("end", end)
        if text[start:end] != item["text"]:
            raise CorpusError(f"{where}: offsets {start}-{end} give {text[start:end]!r}, not its text.")
        part = _one_of(item, "part", [p.value for p in PARTS], None, where)
        competencies = tuple(item.get("competencies") or ())
        for name in competencies:
            if name not in COMPETENCIES:
                raise CorpusError(f"{where}: unknown competency {name!r}; allowed: {', '.join(COMPETENCIES)}.")
        out.append(LabelledSentence(item["text"], start, end, Part(part), competencies))
    return text, tuple(out)


def join(sentences: list[str]) -> str:
    """One text of an answer's sentences: a blank after a stop, a line break elsewhere."""
    text = ""
    for sentence in sentences:
        if text:
            text += " " if text.rstrip("\"')]\u201d\u2019")[-1:] in {".", "!", "?"} else "\n"
        text += sentence
    return text


def join_spans(sentences: list[str]) -> list[tuple[int, int]]:
    """Offsets of each sentence in :func:`join` of them."""
    spans, at = [], 0
    for sentence in sentences:
        spans.append((at, at + len(sentence)))
        at += len(sentence) + 1
    return spans


def _model_answer(record: Mapping[str, Any], place: str) -> int | None:
    number = record.get("model_answer")
    if number is not None and not (isinstance(number, int) and 1 <= number <= 40):
        raise CorpusError(f"{place}: 'model_answer' is {number!r}; 1 to 40 or null is allowed.")
    return number


def _one_of(record: Mapping[str, Any], field: str, allowed: Iterable[str], default: str | None, place: str) -> str:
    value = record.get(field, default)
    if value not in (names := tuple(allowed)):
        raise CorpusError(f"{place}: {field!r} is {value!r}; allowed: {', '.join(names)}.")
    return str(value)


def _optional_reading(record: Mapping[str, Any], field: str, n: int, place: str) -> Reading | None:
    inner = record.get(field)
    if inner is None:
        return None
    place = f"{place}, {field!r}"
    if not isinstance(inner, dict) or len(inner.get("labels", ())) != n:
        raise CorpusError(f"{place}: an object with {n} labels is wanted, one a sentence.")
    names = [p.value for p in PARTS]
    labels = tuple(Part(_one_of({"label": x}, "label", names, None, place)) for x in inner["labels"])
    return _reading(inner, labels, place)


def _reading(record: Mapping[str, Any], labels: tuple[Part, ...], place: str) -> Reading:
    strengths = record.get("strengths") or {}
    values = tuple(strengths.get(p.value, 0) for p in STAR)
    overall = record.get("overall", 1)
    if any(v not in (0, 1, 2, 3) for v in values):
        raise CorpusError(f"{place}: 'strengths' are {strengths}; 0 to 3 for each part is allowed.")
    if overall not in range(1, 8):
        raise CorpusError(f"{place}: 'overall' is {overall!r}; 1 to 7 is allowed.")
    competencies = tuple(record.get("competencies") or ())
    if not set(competencies) <= set(COMPETENCIES):
        raise CorpusError(f"{place}: 'competencies' are {competencies}; allowed: {', '.join(COMPETENCIES)}.")
    return Reading(
        labels=labels,
        strengths=values,
        overall=overall,
        type=_one_of(record, "type", ANSWER_TYPES, "story", place),
        competencies=competencies,
        quantified=bool(record.get("quantified", False)),
        ownership=_one_of(record, "ownership", OWNERSHIP, "none", place),
        rated="overall" in record,
    )
