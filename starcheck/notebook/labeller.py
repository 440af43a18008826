"""Label answers sentence by sentence, by keys, saved as one goes, in the format of the corpus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from starcheck.errors import InputError, StarcheckError, UnknownNameError
from starcheck.language import read
from starcheck.notebook.agree import Agreement, Labels, agreement, labels_in
from starcheck.notebook.label_file import line_of, lines_of_others, write
from starcheck.notebook.show import faces
from starcheck.records import LETTERS, PARTS, Answer, Part, Sentence
from starcheck.render.palette import COLOURS
from starcheck.scorer import Scorer, load

_MEANINGS: dict[Part, str] = {
    Part.SITUATION: "background of the event",
    Part.TASK: "what had to be done",
    Part.ACTION: "what was done, how and why",
    Part.RESULT: "what came of it",
    Part.REFLECTION: "what was learnt",
    Part.OTHER: "none of these",
}

NO_WIDGETS = (
    "The interactive labeller does not run here. Open the notebook in JupyterLab 4, Notebook 7 or VS Code with "
    "starcheck[notebook] installed, and run the cell. Or label in Python: labeller.label(0, 0, 'S')"
)


class Labeller:
    """Say for each sentence of some answers what it does there (see ``data/CODEBOOK.md``).

    Click a sentence, then press S, T, A, R, L or O. Every label is saved at once. Finished answers are
    in ``path``, ready for ``starcheck train``; unfinished ones wait beside it in ``path.unfinished``,
    and both are taken up again when the same labeller is opened next time. What the model or another
    labeller said of an answer is not shown before you have finished it, so as not to lead you.

    Parameters
    ----------
    answers : iterable of str or Answer
        What to label. An answer without an id gets ``own-001`` and so on.
    path : str or pathlib.Path, default="labels.jsonl"
        Where the labels go.
    reader : str, default=""
        Your name or initials, kept with your labels if given.
    second : str or pathlib.Path, optional
        Another labeller's file of the same answers, to compare with.
    model : str, pathlib.Path or Scorer, default="star-en"
        The model to compare with.

    Raises
    ------
    InputError
        If there is nothing to label, or two answers have one id.

    Examples
    --------
    >>> Labeller(["Last spring our till ...", "When I ran the kitchen ..."], "mine.jsonl")  # doctest: +SKIP
    """

    def __init__(
        self,
        answers: Iterable[str | Answer],
        path: str | Path = "labels.jsonl",
        reader: str = "",
        second: str | Path | None = None,
        model: str | Path | Scorer = "star-en",
    ) -> None:
        self.answers = _with_ids(answers)
        self.path = Path(path)
        self._reader = reader
        parsed = read.parse(a.text for a in self.answers)
        self._sentences = {a.id: seen[0] for a, seen in zip(self.answers, parsed, strict=True)}
        self._second = None if second is None else labels_in(Path(second))
        self._scorer = model if isinstance(model, Scorer) else load(model)
        self._model_labels: dict[tuple[str, int, int], Part] = {}
        self._labels: dict[tuple[str, int], Part] = {}
        self._status = ""
        self._resume()
        self._current = next((i for i, a in enumerate(self.answers) if not self._finished(a)), 0)
        self._front = self._open_front()

    @property
    def unfinished_path(self) -> Path:
        """Where answers wait that are not labelled to the end."""
        return self.path.with_name(self.path.name + ".unfinished")

    def sentences(self, answer: int) -> tuple[Sentence, ...]:
        """The sentences of an answer, by its position from 0."""
        return self._sentences[self.answers[answer].id]

    def label(self, answer: int, sentence: int, part: Part | str | None) -> None:
        """Label a sentence, or take its label away, and save.

        Parameters
        ----------
        answer, sentence : int
            Positions, from 0.
        part : Part, str or None
            A part, its letter, or None.

        Raises
        ------
        InputError, UnknownNameError
            If there is no such sentence or part, or the file cannot be written.
        """
        if not 0 <= answer < len(self.answers) or not 0 <= sentence < len(self.sentences(answer)):
            raise InputError(f"There is no sentence {sentence} in an answer {answer}: both are counted from 0.")
        place = (self._id(answer), sentence)
        if part is None:
            self._labels.pop(place, None)
        else:
            self._labels[place] = _part(part)
        self._save()

    def labels(self, finished: bool = True) -> dict[tuple[str, int, int], Part]:
        """Your labels, by answer and bounds of the sentence.

        Parameters
        ----------
        finished : bool, default=True
            Only those of answers that are labelled to the end.
        """
        return {
            (str(a.id), s.start, s.end): self._labels[str(a.id), s.index]
            for a in self.answers
            if not finished or self._finished(a)
            for s in self._sentences[a.id]
            if (str(a.id), s.index) in self._labels
        }

    def agreements(self) -> tuple[Agreement, ...]:
        """Agreement with the model and, where given, the second labeller, on finished answers."""
        mine = self.labels()
        out = [agreement(mine, self._model_says(), "the model")]
        if self._second is not None:
            out.append(agreement(mine, self._second, "the second labeller"))
        return tuple(out)

    def _model_says(self) -> Labels:
        """The model's labels of finished answers, each answer read once."""
        known = {place[0] for place in self._model_labels}
        for answer in self.answers:
            if self._finished(answer) and answer.id not in known:
                report = self._scorer.score(answer)
                self._model_labels |= {
                    (str(answer.id), t.sentence.start, t.sentence.end): t.part for t in report.sentences
                }
        return self._model_labels

    def _id(self, answer: int) -> str:
        return str(self.answers[answer].id)

    def _finished(self, answer: Answer) -> bool:
        return all(self._parts(answer))

    def _parts(self, answer: Answer) -> list[Part | None]:
        return [self._labels.get((str(answer.id), s.index)) for s in self._sentences[answer.id]]

    def _line(self, answer: Answer) -> str:
        return line_of(answer, self._sentences[answer.id], self._parts(answer), self._reader)

    def _save(self) -> None:
        begun = [a for a in self.answers if any(self._parts(a))]
        write(self.path, [*self._others, *(self._line(a) for a in begun if self._finished(a))])
        write(
            self.unfinished_path, [*self._others_unfinished, *(self._line(a) for a in begun if not self._finished(a))]
        )
        self._status = f"Saved in {self.path.name}."
        self._show()

    def _resume(self) -> None:
        """Take up what an earlier session left; lines about other answers stay in the file as they are."""
        ids = {str(a.id) for a in self.answers}
        found: dict[tuple[str, int, int], Part] = {}
        for path in (self.path, self.unfinished_path):
            if path.is_file():
                found |= labels_in(path)
        self._others = lines_of_others(self.path, ids)
        self._others_unfinished = lines_of_others(self.unfinished_path, ids)
        for answer in self.answers:
            for s in self._sentences[answer.id]:
                if (place := (str(answer.id), s.start, s.end)) in found:
                    self._labels[str(answer.id), s.index] = found[place]

    def _open_front(self) -> Any:
        try:
            from starcheck.notebook.front import LabellerFront
        except ImportError:
            return None
        return LabellerFront(self._on_message, self._view())

    def _show(self) -> None:
        if self._front is not None:
            self._front.view = self._view()

    def _on_message(self, message: Mapping[str, Any]) -> None:
        """One message from the browser; a refusal becomes a line of status."""
        try:
            if message.get("do") == "label":
                self.label(int(message["answer"]), int(message["sentence"]), message["part"])
            elif message.get("do") == "go":
                self._current = max(0, min(len(self.answers) - 1, int(message["answer"])))
                self._show()
        except StarcheckError as error:
            self._status = str(error)
            self._show()

    def _view(self) -> dict[str, Any]:
        answer = self.answers[self._current]
        finished = self._finished(answer)
        model = self._model_says() if finished else {}
        second = (self._second or {}) if finished else {}
        rows = [
            {
                "text": s.text,
                "part": self._labels.get((str(answer.id), s.index)),
                "model": model.get((str(answer.id), s.start, s.end)),
                "second": second.get((str(answer.id), s.start, s.end)),
            }
            for s in self._sentences[answer.id]
        ]
        return {
            "answer": self._current,
            "answers": len(self.answers),
            "finished": sum(map(self._finished, self.answers)),
            "id": str(answer.id),
            "question": answer.question or "",
            "sentences": rows,
            "parts": [{"part": p, "letter": LETTERS[p], "colour": COLOURS[p], "means": _MEANINGS[p]} for p in PARTS],
            "agreements": [str(a) for a in self.agreements()] if any(map(self._finished, self.answers)) else [],
            "status": self._status,
        }

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return faces(repr(self), self._static(), self._front)

    def _static(self) -> str:
        answer = self.answers[self._current]
        rows = zip(self._parts(answer), self._sentences[answer.id], strict=True)
        items = "".join(f"<li><b>{LETTERS[p] if p else '(none)'}</b> {escape(s.text)}</li>" for p, s in rows)
        return (
            f"<p><em>{escape(NO_WIDGETS)}</em></p>"
            f"<p>Answer {self._current + 1} of {len(self.answers)}</p><ol>{items}</ol>"
        )

    def __repr__(self) -> str:
        done = sum(map(self._finished, self.answers))
        return f"Labeller({done} of {len(self.answers)} answers finished, {self.path.name})"


def _with_ids(answers: Iterable[str | Answer]) -> tuple[Answer, ...]:
    if isinstance(answers, (str, Answer)):
        answers = [answers]
    out = []
    for number, given in enumerate(answers, 1):
        answer = Answer(given) if isinstance(given, str) else given
        if not isinstance(answer, Answer) or not answer.text.strip():
            raise InputError(f"Answer {number} is not text, or is blank: give strings or starcheck.Answer objects.")
        out.append(Answer(answer.text, answer.id or f"own-{number:03}", answer.question, answer.level))
    if not out:
        raise InputError("There is nothing to label: give at least one answer.")
    ids = [a.id for a in out]
    if twice := sorted({str(i) for i in ids if ids.count(i) > 1}):
        raise InputError(f"The id {twice[0]!r} is used twice: give every answer its own.")
    return tuple(out)


def _part(part: Part | str) -> Part:
    letters = {letter: p for p, letter in LETTERS.items()}
    if str(part).upper() in letters:
        return letters[str(part).upper()]
    if part not in tuple(PARTS):
        raise UnknownNameError("part", part, [*PARTS, *letters])
    return Part(part)
