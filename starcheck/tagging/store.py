"""A model is a folder one can read: JSON, arrays without pickle, ONNX, and a card.

Loading trusts nothing: the format, the list of files, each file's SHA-256 and every array's shape
are checked, and a folder that does not match is refused by name.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from starcheck.assets import asset
from starcheck.errors import ModelError
from starcheck.records import PARTS, ModelInfo
from starcheck.tagging.classifier import StarTagger
from starcheck.tagging.encoder import Encoder
from starcheck.tagging.experts import Expert, Wording

FORMAT = "starcheck.model/2"
_FILES = ("weights.npz", "encoder.onnx", "tokenizer.json", "memory.npz")
_FIELDS: Mapping[str, type] = {
    "name": str,
    "version": str,
    "labels": list,
    "parameters": dict,
    "files": dict,
    "judges": dict,
    "names": dict,
}


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that scoring needs."""

    info: ModelInfo
    tagger: StarTagger
    encoder: Encoder | None
    judges: Mapping[str, Any]
    """Parameters of the floor above, as ``judging`` reads them: plain JSON."""
    folder: Path


def load(name_or_path: str | Path = "star-en") -> Model:
    """Load a model by the name of a shipped one, or from a folder.

    Raises
    ------
    ModelError
        If there is no such folder, or it is damaged or of another format.
    """
    folder = _find(name_or_path)
    meta = _meta(folder)
    digest = _verify(folder, meta)
    arrays = _arrays(folder / "weights.npz")
    info = ModelInfo(str(meta["name"]), str(meta["version"]), digest)
    encoder = Encoder(folder) if "encoder.onnx" in meta["files"] else None
    return Model(info, _tagger(meta, arrays, folder), encoder, meta["judges"], folder)


def save(
    folder: Path, name: str, version: str, tagger: StarTagger, judges: Mapping[str, Any], about: Mapping[str, Any]
) -> None:
    """Write the classifier and the judges beside an encoder that may already lie there.

    Parameters
    ----------
    folder : pathlib.Path
        Made if missing.
    name, version : str
    tagger : StarTagger
        Fitted.
    judges : mapping
        JSON types only.
    about : mapping
        Training facts (data, seed, versions) that the card prints; JSON types only.
    """
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {"start": tagger.start_, "transitions": tagger.transitions_}
    for expert, fitted in tagger.experts_.items():
        arrays |= {f"{expert}.coef": fitted.coef, f"{expert}.intercept": fitted.intercept}
        if isinstance(fitted.view, Wording):
            arrays[f"{expert}.idf"] = fitted.view.idf
    write_arrays(folder / "weights.npz", {name: values.astype(np.float32) for name, values in arrays.items()})
    meta = {
        "format": FORMAT,
        "name": name,
        "version": version,
        "labels": [p.value for p in PARTS],
        "parameters": tagger.get_params(),
        "files": {f: _sha256(folder / f) for f in _FILES if (folder / f).is_file()},
        "about": dict(about),
        "judges": dict(judges),
        "names": {expert: list(fitted.view.names) for expert, fitted in tagger.experts_.items()},
    }
    text = json.dumps(meta, indent=1, ensure_ascii=False, sort_keys=True)
    (folder / "model.json").write_text(text + "\n", encoding="utf-8")


def _find(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    # An overlong name is an OSError, a NUL byte in it a ValueError.
    with contextlib.suppress(ModelError, OSError, ValueError):
        if path.is_dir():
            return path
        if len(path.parts) == 1 and path.suffix == "":
            return asset("models", str(name_or_path))
    raise ModelError(
        f"There is no model {str(name_or_path)!r}: give 'star-en' or the path of a model folder "
        f"(made by: starcheck train)."
    )


def _meta(folder: Path) -> dict[str, Any]:
    path = folder / "model.json"
    try:
        meta: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"The folder {folder} is no starcheck model: it has no 'model.json'.") from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ModelError(f"The file 'model.json' in {folder} is damaged ({error}): copy it again.") from None
    found = meta.get("format") if isinstance(meta, dict) else None
    if not isinstance(meta, dict) or found != FORMAT:
        raise ModelError(f"The model in {folder} is of format {found!r}; this version reads {FORMAT!r}.")
    wrong = [name for name, kind in _FIELDS.items() if not isinstance(meta.get(name), kind)]
    if wrong:
        raise ModelError(f"The file 'model.json' in {folder} has no usable {', '.join(wrong)}: copy it again.")
    if meta["labels"] != [p.value for p in PARTS]:
        raise ModelError(f"The model in {folder} has labels {meta['labels']}; {[p.value for p in PARTS]} are wanted.")
    return meta


def _verify(folder: Path, meta: Mapping[str, Any]) -> str:
    if "weights.npz" not in meta["files"]:
        raise ModelError(f"The file 'model.json' in {folder} lists no 'weights.npz': copy the folder again.")
    total = hashlib.sha256((folder / "model.json").read_bytes())
    for name, expected in sorted(meta["files"].items()):
        path = folder / name
        if name not in _FILES or not path.is_file():
            raise ModelError(f"The model folder {folder} has no {name!r}: copy it again, whole.")
        found = _sha256(path)
        if found != expected:
            raise ModelError(
                f"The file {name!r} in {folder} is damaged or was changed (SHA-256 {found[:12]}..., "
                f"expected {str(expected)[:12]}...): copy the model folder again."
            )
        total.update(found.encode())
    return total.hexdigest()


def _arrays(path: Path) -> dict[str, NDArray[np.float64]]:
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name].astype(np.float64) for name in file.files}
    except (ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelError(f"The file {path} holds no plain arrays ({error}).") from None


def _tagger(meta: Mapping[str, Any], arrays: Mapping[str, NDArray[np.float64]], folder: Path) -> StarTagger:
    n = len(PARTS)
    try:
        tagger = StarTagger(**meta["parameters"])
        if not all(isinstance(v, int | float) for v in tagger.get_params().values()):
            raise ValueError("a parameter is no number")
        if not tagger.shares():
            raise ValueError("no expert has a weight")
        tagger.experts_ = {name: _expert(tagger, name, meta["names"][name], arrays) for name in tagger.shares()}
        tagger.start_, tagger.transitions_ = _array(arrays, "start", (n,)), _array(arrays, "transitions", (n, n))
    except (TypeError, KeyError, ValueError) as error:
        raise ModelError(f"The model in {folder} does not fit together: {error}.") from None
    tagger.classes_ = np.array([p.value for p in PARTS])
    return tagger


def _expert(tagger: StarTagger, name: str, names: Any, arrays: Mapping[str, NDArray[np.float64]]) -> Expert:
    if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
        raise ValueError(f"a name in the vocabulary of {name!r} is no text")
    idf = _array(arrays, f"{name}.idf", (len(names),)) if name == "wording" else None
    view = tagger.view(name, names, idf)
    coef = _array(arrays, f"{name}.coef", (len(PARTS), view.width))
    return Expert(view, coef, _array(arrays, f"{name}.intercept", (len(PARTS),)))


def _array(arrays: Mapping[str, NDArray[np.float64]], name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
    if arrays[name].shape != shape:
        raise ValueError(f"array {name!r} has shape {arrays[name].shape}, {shape} is wanted")
    if not np.isfinite(arrays[name]).all():
        raise ValueError(f"array {name!r} holds what is no number")
    return arrays[name]


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """An .npz whose bytes depend on the numbers only (numpy's own writer stamps the time)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(arrays):
            buffer = io.BytesIO()
            np.save(buffer, np.ascontiguousarray(arrays[name]), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), buffer.getvalue())


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
