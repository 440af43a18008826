"""The labeller's file: one JSON object a line, as ``starcheck train`` reads it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from starcheck.errors import InputError
from starcheck.records import Answer, Part, Sentence


def line_of(answer: Answer, sentences: Iterable[Sentence], parts: Iterable[Part | None], reader: str) -> str:
    """One answer with its labels."""
    known = {"question": answer.question, "level": answer.level, "writer": reader}
    rows = [
        {"start": s.start, "end": s.end, "text": s.text, "part": part} for s, part in zip(sentences, parts, strict=True)
    ]
    record = {"id": answer.id, **{k: v for k, v in known.items() if v}, "text": answer.text, "sentences": rows}
    return json.dumps(record, ensure_ascii=False)


def lines_of_others(path: Path, ids: Collection[str]) -> list[str]:
    """Lines about other answers than these, as they stand, so that writing keeps them."""
    if not path.is_file():
        return []
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [line for line in lines if str(json.loads(line)["id"]) not in ids]


def write(path: Path, lines: Sequence[str]) -> None:
    """Replace a file at once, so that a crash leaves the old or the new one; no lines, no file.

    Raises
    ------
    InputError
        If the place cannot be written.
    """
    try:
        if not lines:
            path.unlink(missing_ok=True)
            return
        beside = path.with_name(path.name + ".new")
        beside.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise InputError(
            f"The labels cannot be written to {str(path)!r} ({error.strerror}): choose another path."
        ) from None
