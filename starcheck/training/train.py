"""Rebuild the model: the encoder where asked for (torch), the classifier and judges always.

``retrain`` without ``encoder`` takes about two minutes and no torch: the model folder remembers what encoders
that had not seen them said of the corpus's sentences (``memory.npz``), and the classifier is refitted
on that and on the user's own labels.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sklearn.base import clone

from starcheck import __version__
from starcheck.assets import asset, text_of
from starcheck.errors import CorpusError, InputError
from starcheck.tagging import store
from starcheck.tagging.classifier import StarTagger
from starcheck.training.corpus import LabelledAnswer, guide_answers, read
from starcheck.training.measure import Figures, answer_figures, reliability, sentence_figures, table
from starcheck.training.memory import Logits, remembered, remembered_without
from starcheck.training.prepare import Prepared, folds, left_without, prepare
from starcheck.training.stack import Fitted, fit_stack, reading_of

TAGGER = StarTagger()
"""Chosen by cross-validation on the corpus; see the model card."""

OWN_WEIGHT = 3.0
"""Weight of a user's own answer against one of the shipped corpus."""
FEWEST_TO_HOLD = 8
"""Own answers from which a quarter of them is held out to measure before and after."""


def retrain(
    labels: Sequence[Path],
    base: str,
    output: Path | None,
    encoder: bool,
    weights: str | None,
    say: Callable[[str], Any],
    seeds_to: Path | None = None,
) -> Path:
    """Refit a model.

    Parameters
    ----------
    labels : sequence of pathlib.Path
        JSON Lines files of the user's labelled answers; may be empty.
    base : str
        Model whose encoder is kept.
    output : pathlib.Path or None
        Folder to write; ``./star-own`` if left out.
    encoder : bool
        Fine-tune the encoder too.
    weights : str or None
        Base weights for that.
    say : callable
        Takes lines of progress.
    seeds_to : pathlib.Path, optional
        Folder that gets the encoder of each seed; see ``training.experiments``.

    Returns
    -------
    pathlib.Path
        The folder written.

    Raises
    ------
    CorpusError, ModelError, InputError
        If labels are malformed, the base model is damaged, or torch is needed and missing.
    """
    own = read(labels)
    folder = output or Path("star-own")
    corpus = training_answers()
    prepared = prepare(corpus)
    if encoder:
        _train_encoder(prepared, folder, weights, say, seeds_to)
    else:
        _copy_encoder(base, folder)
    held: list[LabelledAnswer] = []
    if own:
        clash = {a.id for a in own} & {a.id for a in corpus}
        if clash:
            raise CorpusError(f"The ids {', '.join(sorted(clash)[:3])} are used in the shipped corpus: rename yours.")
        if len(own) >= FEWEST_TO_HOLD:
            held, own = own[::4], [a for i, a in enumerate(own) if i % 4]
    mine = prepare(own)
    network = _encoder_of(folder)
    everyone = [*prepared, *mine]
    logits = remembered(folder, prepared) + [_listened(network, p) for p in mine]
    without = remembered_without(folder, prepared) + [
        {part: _listened(network, p, rows) for part, rows in left_without(p).items()} for p in mine
    ]
    answer_weights = [1.0] * len(prepared) + [OWN_WEIGHT] * len(mine)
    tagger = clone(TAGGER) if network else clone(TAGGER).set_params(encoder_weight=0.0)
    fitted = fit_stack(everyone, logits, tagger, answer_weights, without)
    about = {"corpus": _digest(corpus), "answers": len(corpus), "own_answers": len(mine), "versions": _versions()}
    store.save(folder, folder.name, __version__, fitted.tagger, fitted.judges.to_json(), about)
    figures = _figures(everyone, fitted)
    _write_metrics(folder, figures, reliability([p.labels for p in everyone], fitted.readings))
    say(f"Wrote {folder}. Cross-validation on {len(everyone)} answers, grouped by story:")
    say(table({"value": figures}))
    if held:
        say(f"On {len(held)} of your answers that were held out, before and after:")
        say(table({"before": _on(held, base), "after": _on(held, str(folder))}))
    elif own:
        say(f"Fewer than {FEWEST_TO_HOLD} answers of your own: none held out, so no before and after.")
    return folder


def _write_metrics(folder: Path, figures: Figures, bins: list[dict[str, float]]) -> None:
    """Figures of this fit, and the card; figures measured on an older fit are dropped."""
    from starcheck.training.card import card

    kept = {"cross_validation": figures, "reliability": bins}
    (folder / "metrics.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(card(folder), encoding="utf-8")


def _figures(prepared: Sequence[Prepared], fitted: Fitted) -> Figures:
    """Cross-validated figures; ratings only where there are any."""
    figures = sentence_figures([p.labels for p in prepared], fitted.readings)
    rated = [(p.answer, r) for p, r in zip(prepared, fitted.readings, strict=True) if p.answer.gold.rated]
    return figures | answer_figures([a for a, _ in rated], [r for _, r in rated], fitted.unseen_judges)


def training_answers() -> list[LabelledAnswer]:
    """The corpus's training split and the guide's model answers, none whose story is tested on."""
    corpus = read([asset("data", "answers")])
    tested = frozenset(a.model_answer for a in corpus if a.split == "test" and a.model_answer)
    return [a for a in corpus if a.split == "train"] + guide_answers(text_of("data", "model_answers.jsonl"), tested)


def _train_encoder(
    prepared: Sequence[Prepared], folder: Path, weights: str | None, say: Callable[[str], Any], seeds_to: Path | None
) -> None:
    try:
        from starcheck.training.encode import train_encoder
    except ImportError as error:
        raise InputError(f"Training the encoder needs {error.name}: pip install 'starcheck[train]'.") from None
    train_encoder(prepared, folds([p.answer for p in prepared]), folder, weights, say, seeds_to)


def _copy_encoder(base: str, folder: Path) -> None:
    source = store.load(base).folder
    folder.mkdir(parents=True, exist_ok=True)
    if source.resolve() == folder.resolve():
        return
    for name in ("encoder.onnx", "tokenizer.json", "memory.npz"):
        if (source / name).is_file():
            shutil.copyfile(source / name, folder / name)


def _encoder_of(folder: Path) -> Any:
    from starcheck.tagging.encoder import Encoder

    return Encoder(folder) if (folder / "encoder.onnx").is_file() else None


def _listened(network: Any, prepared: Prepared, rows: Sequence[int] | None = None) -> Logits | None:
    """What the encoder says of an answer, or of some of its sentences."""
    kept = range(len(prepared.facts)) if rows is None else rows
    return network.encode([prepared.facts[i].normal for i in kept]) if network else None


def _on(answers: Sequence[LabelledAnswer], model: str) -> Figures:
    loaded = store.load(model)
    prepared = prepare(answers)
    readings = [reading_of(p, loaded.tagger, _listened(loaded.encoder, p)) for p in prepared]
    return sentence_figures([p.labels for p in prepared], readings)


def _digest(answers: Sequence[LabelledAnswer]) -> str:
    total = hashlib.sha256()
    for a in answers:
        total.update(json.dumps([a.id, a.text, [s.part.value for s in a.sentences]]).encode())
    return total.hexdigest()


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("scikit-learn", "spacy", "numpy")}
