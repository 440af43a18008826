"""What encoders that had not seen them said of the corpus's answers, kept in the model folder.

With it the classifier and the judges are refitted in seconds and without torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from starcheck.errors import ModelError
from starcheck.records import Part
from starcheck.training.prepare import Prepared, left_without

Logits = NDArray[np.float32]


def memory_key(prepared: Prepared, part: Part) -> str:
    """Under what an answer without one of its parts is remembered."""
    return f"{prepared.answer.id}|{part.value}"


def remembered(folder: Path, prepared: Sequence[Prepared]) -> list[Logits | None]:
    """Out-of-fold logits of each answer; None where the model has no encoder.

    Raises
    ------
    ModelError
        If the memory does not fit the corpus.
    """
    memory = _read(folder)
    return [None if memory is None else _found(memory, p.answer.id, len(p.facts), folder) for p in prepared]


def remembered_without(folder: Path, prepared: Sequence[Prepared]) -> list[dict[Part, Logits | None]]:
    """The same of each answer without each of its parts.

    Raises
    ------
    ModelError
        If the memory does not fit the corpus.
    """
    memory = _read(folder)
    return [
        {
            part: None if memory is None else _found(memory, memory_key(p, part), len(rows), folder)
            for part, rows in left_without(p).items()
        }
        for p in prepared
    ]


def _read(folder: Path) -> dict[str, NDArray[np.float16]] | None:
    path = folder / "memory.npz"
    if path.is_file():
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    if (folder / "encoder.onnx").is_file():
        raise ModelError(f"The model folder {folder} has no 'memory.npz', which refitting needs: copy it again.")
    return None


def _found(memory: dict[str, NDArray[np.float16]], key: str, n: int, folder: Path) -> Logits:
    logits = memory.get(key)
    if logits is None or len(logits) != n:
        raise ModelError(f"'memory.npz' in {folder} does not fit the corpus at {key!r}: train the encoder again.")
    return logits.astype(np.float32)
