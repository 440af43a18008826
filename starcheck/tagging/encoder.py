"""A small transformer that reads the whole answer and says what it sees in each sentence.

Run by onnxruntime, one window at a time and on one thread: a sentence's numbers then cannot
depend on what else is in the batch, on the batch size, or on the number of processes. That holds for
the scales of the 8-bit products too, which are taken from the window at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from starcheck.errors import ModelError
from starcheck.records import COMPETENCIES, PARTS
from starcheck.tagging.windows import windows

OUTPUTS = (*(p.value for p in PARTS), *COMPETENCIES, "foreign")
"""What each column of the encoder's output stands for, as logits: parts (softmax), competencies (sigmoid) and
whether the sentence belongs to no answer (sigmoid)."""
PART_COLUMNS = slice(0, len(PARTS))
COMPETENCY_COLUMNS = slice(len(PARTS), len(PARTS) + len(COMPETENCIES))
FOREIGN_COLUMN = OUTPUTS.index("foreign")


class Encoder:
    """The exported network with its tokeniser.

    Parameters
    ----------
    folder : pathlib.Path
        Holds ``encoder.onnx`` (inputs ``ids`` and ``pool``, output ``logits``) and
        ``tokenizer.json``.

    Raises
    ------
    ModelError
        If a file is missing or cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        for name in ("encoder.onnx", "tokenizer.json"):
            if not (folder / name).is_file():
                raise ModelError(f"The model folder {folder} has no {name!r}: copy it again, whole.")
        try:
            self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # tokenizers raises bare Exception
            raise ModelError(
                f"The file 'tokenizer.json' in {folder} cannot be read ({error}): copy the model folder again, whole."
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._cls, self._sep = (self._special(name, folder) for name in ("[CLS]", "[SEP]"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Every answer has its own length: pooled buffers would only pile up.
        options.enable_cpu_mem_arena = False
        options.enable_mem_pattern = False
        # The graph says itself where to multiply integers; onnxruntime's own rewriting makes it twice as slow.
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime raises its own undocumented types
            raise ModelError(
                f"The file 'encoder.onnx' in {folder} cannot be loaded ({type(error).__name__}): "
                f"copy the model folder again, whole."
            ) from error

    def _special(self, name: str, folder: Path) -> int:
        found: int | None = self._tokenizer.token_to_id(name)
        if found is None:
            raise ModelError(
                f"The file 'tokenizer.json' in {folder} knows no {name}: copy the model folder again, whole."
            )
        return found

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Read one answer.

        Parameters
        ----------
        sentences : sequence of str
            Normalised sentences of one answer, in order.

        Returns
        -------
        numpy.ndarray of shape (n_sentences, len(OUTPUTS))
            Logits.
        """
        out = np.zeros((len(sentences), len(OUTPUTS)), dtype=np.float32)
        if not sentences:
            return out
        encoded = self._tokenizer.encode_batch(list(sentences), add_special_tokens=False)
        for window in windows([e.ids for e in encoded], self._cls, self._sep):
            ids = np.asarray([window.ids], dtype=np.int64)
            spans = np.asarray(window.spans, dtype=np.int64)
            logits = self._session.run(None, {"ids": ids, "pool": pooling(spans, len(window.ids))})[0]
            kept = np.asarray(window.kept)
            out[np.asarray(window.sentences)[kept]] = logits[kept]
        return out


def pooling(spans: NDArray[np.int64], length: int) -> NDArray[np.float32]:
    """The matrix that averages token vectors into sentence vectors.

    Returns
    -------
    numpy.ndarray of shape (n_sentences, length)
        Rows sum to 1.
    """
    positions = np.arange(length)
    inside = (positions >= spans[:, :1]) & (positions < spans[:, 1:])
    rows: NDArray[np.float32] = (inside / inside.sum(axis=1, keepdims=True)).astype(np.float32)
    return rows
