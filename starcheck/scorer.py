"""Wires the floors: text to sentences to parts to judgements to a report. No logic of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, overload

from starcheck.errors import InputError, ModelError
from starcheck.judging.feedback import check_codes
from starcheck.judging.instructions import instruction_starts
from starcheck.judging.integrity import Refusal, countable, refuse_reading, refuse_text
from starcheck.judging.judges import Judges, judge_reading, judges_from
from starcheck.judging.rubric import check_level, profile_named
from starcheck.language import read
from starcheck.language.read import Parsed
from starcheck.records import Answer, ModelInfo, Reading
from starcheck.report import Report
from starcheck.tagging import store
from starcheck.tagging.tag import tag


class Scorer:
    """A loaded model that scores answers.

    Parameters
    ----------
    model : starcheck.tagging.store.Model
        From :func:`starcheck.load`.
    """

    def __init__(self, model: store.Model) -> None:
        self._model = model
        try:
            self._judges: Judges = judges_from(model.judges)
        except ValueError as error:
            raise ModelError(
                f"The judges in 'model.json' of {model.folder} do not fit this version ({error}): "
                f"copy the model folder again, or train it with this version."
            ) from None

    @property
    def info(self) -> ModelInfo:
        """Name, version and checksum of the model."""
        return self._model.info

    def score(
        self,
        text: str | Answer,
        question: str | None = None,
        level: str | None = None,
        profile: str = "balanced",
        mute: Collection[str] = (),
    ) -> Report:
        """Score one answer; see :func:`starcheck.score`."""
        answer = text if isinstance(text, Answer) else Answer(text, question=question, level=level)
        return next(self.pipe([answer], profile=profile, mute=mute))

    def pipe(
        self,
        answers: Iterable[str | Answer],
        batch_size: int = 64,
        n_process: int = 1,
        profile: str = "balanced",
        mute: Collection[str] = (),
    ) -> Iterator[Report]:
        """Score many answers, lazily and in order.

        Parameters
        ----------
        answers : iterable of str or Answer
        batch_size : int, default=64
            Answers parsed together; the reports do not depend on it.
        n_process : int, default=1
            Processes; the reports do not depend on it.
        profile : str, default="balanced"
            Shares of words to compare with.
        mute : collection of str
            Rule codes to leave out of the findings.

        Yields
        ------
        Report

        Raises
        ------
        UnknownNameError
            If the profile, a level or a code does not exist.
        InputError
            If an answer is not text.
        """
        chosen, muted = profile_named(profile), check_codes(mute)
        if n_process > 1:
            yield from self._in_processes(answers, batch_size, n_process, profile, tuple(sorted(muted)))
            return
        for batch in _batches(map(_checked, answers), batch_size):
            refusals = [refuse_text(a.text) for a in batch]
            parsed = read.parse(
                (a.text for a, r in zip(batch, refusals, strict=True) if r is None), batch_size, instruction_starts
            )
            for answer, refusal in zip(batch, refusals, strict=True):
                seen: Parsed = ((), ()) if refusal else next(parsed)
                yield self._report(answer, seen, refusal, chosen, muted)

    def _in_processes(
        self, answers: Iterable[str | Answer], size: int, n: int, profile: str, mute: tuple[str, ...]
    ) -> Iterator[Report]:
        """Batches to worker processes and back in order, few of them under way at once."""
        jobs: deque[Future[list[Report]]] = deque()
        context = get_context("spawn")
        with ProcessPoolExecutor(n, mp_context=context, initializer=_start, initargs=(self._model.folder,)) as pool:
            for batch in _batches(map(_checked, answers), size):
                jobs.append(pool.submit(_score_batch, self._model.folder, batch, size, profile, mute))
                if len(jobs) > 2 * n:
                    yield from jobs.popleft().result()
            while jobs:
                yield from jobs.popleft().result()

    def report_of_doc(self, doc: Any, profile: str = "balanced") -> Report:
        """Report on a document that the caller's own spaCy pipeline has parsed."""
        answer = _checked(doc.text)
        refusal = refuse_text(answer.text)
        seen: Parsed = ((), ()) if refusal else read.describe(doc, instruction_starts)
        return self._report(answer, seen, refusal, profile_named(profile), frozenset())

    def _report(
        self, answer: Answer, seen: Parsed, refusal: Refusal | None, profile: Any, muted: Collection[str]
    ) -> Report:
        sentences, facts = seen
        counted = countable(sentences, facts)
        tagged, counted = tag(self._model, sentences, facts, counted)
        if refusal is None:
            refusal = refuse_reading(tagged, facts, counted)
        reading = Reading(answer, tagged, facts, counted)
        judged = judge_reading(reading, self._judges, profile, refusal is None, muted)
        return Report(
            answer=answer,
            model=self._model.info,
            profile=profile.name,
            status=refusal.status if refusal else "scored",
            reason=refusal.reason if refusal else None,
            score=judged.score,
            band=judged.band,
            answer_type=judged.answer_type,
            relevance=judged.relevance,
            sentences=tagged,
            parts=judged.parts,
            competencies=judged.competencies,
            signals=judged.signals,
            findings=judged.findings,
        )


@lru_cache(maxsize=4)
def load(name_or_path: str | Path = "star-en") -> Scorer:
    """Load a model.

    Parameters
    ----------
    name_or_path : str or pathlib.Path, default="star-en"
        A shipped model's name, or a folder made by ``starcheck train``.

    Returns
    -------
    Scorer
        The same object for the same argument.

    Raises
    ------
    ModelError
        If there is no such model, or it is damaged.
    """
    return Scorer(store.load(name_or_path))


def score(
    text: str,
    question: str | None = None,
    level: str | None = None,
    profile: str = "balanced",
    mute: Collection[str] = (),
) -> Report:
    """Score one answer with the shipped model.

    Parameters
    ----------
    text : str
        The answer, as spoken or typed.
    question : str, optional
        What was asked; the report then says whether the answer speaks of it.
    level : {"graduate", "associate", "senior", "executive"}, optional
        Shown with what the guide expects at that level.
    profile : {"balanced", "washington", "swansea", "oneguide"}, default="balanced"
        Shares of words to compare with.
    mute : collection of str, optional
        Rule codes to leave out.

    Returns
    -------
    Report
        ``report.score`` (0-100) and ``report.band`` (1-7) are None where ``report.status`` is not
        ``"scored"``; ``report.reason`` then says why.

    Raises
    ------
    UnknownNameError
        If level, profile or a code does not exist.
    InputError
        If ``text`` is not a string.
    """
    return load().score(text, question, level, profile, mute)


def _checked(answer: Any) -> Answer:
    if isinstance(answer, str):
        answer = Answer(answer)
    if not isinstance(answer, Answer) or not isinstance(answer.text, str):
        found = type(getattr(answer, "text", answer)).__name__
        raise InputError(f"An answer must be text, found {found}: pass a str or starcheck.Answer(text).")
    for name in ("id", "question"):
        given = getattr(answer, name)
        if not isinstance(given, str | None):
            raise InputError(f"The {name} of an answer must be text or None, found {type(given).__name__}.")
    check_level(answer.level)
    return replace(answer, text=_clean(answer.text), id=_clean(answer.id), question=_clean(answer.question))


@overload
def _clean(text: str) -> str: ...
@overload
def _clean(text: str | None) -> str | None: ...
def _clean(text: str | None) -> str | None:
    """Without lone surrogates: they come from broken decoding and cannot be written as UTF-8."""
    return None if text is None else text.encode("utf-8", "replace").decode("utf-8")


def _batches(answers: Iterable[Answer], size: int) -> Iterator[list[Answer]]:
    iterator = iter(answers)
    while batch := list(islice(iterator, max(1, size))):
        yield batch


def _start(folder: Path) -> None:
    """Load everything once a process, before its first batch."""
    load(folder).score("warm up")


def _score_batch(folder: Path, batch: list[Answer], size: int, profile: str, mute: tuple[str, ...]) -> list[Report]:
    return list(load(folder).pipe(batch, batch_size=size, profile=profile, mute=mute))
