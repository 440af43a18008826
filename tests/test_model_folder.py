"""A model folder that is damaged in any way is refused by name, in one sentence, before anything is scored."""

import hashlib
import json
import pickle
import shutil

import numpy as np
import pytest
from typer.testing import CliRunner

from starcheck.assets import asset
from starcheck.cli import app
from starcheck.errors import ModelError
from starcheck.scorer import Scorer, load
from starcheck.tagging import store

JUNK = b"this is no model file, whatever its name says"


def meta_of(folder):
    return json.loads((folder / "model.json").read_text(encoding="utf-8"))


def write_meta(folder, meta):
    (folder / "model.json").write_text(json.dumps(meta), encoding="utf-8")


def change(folder, *path, to):
    """Set what stands at a path in ``model.json``; None removes it."""
    meta = inner = meta_of(folder)
    *way, last = path
    for step in way:
        inner = inner[step]
    if to is None:
        del inner[last]
    else:
        inner[last] = to
    write_meta(folder, meta)


def put(folder, name, content):
    """A file with its right checksum, as an attacker or a bad disk before the checksum would leave it."""
    (folder / name).write_bytes(content)
    change(folder, "files", name, to=hashlib.sha256(content).hexdigest())


def arrays_with(folder, **changed):
    with np.load(folder / "weights.npz") as file:
        arrays = {**file, **changed}
    store.write_arrays(folder / "weights.npz", {k: v for k, v in arrays.items() if v is not None})
    put(folder, "weights.npz", (folder / "weights.npz").read_bytes())


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def pickled(folder):
    np.savez(folder / "odd.npz", coef=np.array([{"a": 1}], dtype=object))
    put(folder, "weights.npz", (folder / "odd.npz").read_bytes())


def with_encoder(folder, broken):
    for name in ("encoder.onnx", "tokenizer.json"):
        content = (asset("models", "star-en") / name).read_bytes()
        put(folder, name, JUNK if name == broken else content)


def ask_for_charm(folder):
    change(folder, "judges", "whole", "names", 0, to="charm")
    change(folder, "judges", "whole", "weights", 0, to=1.0)


def drop_typical(folder):
    change(folder, "judges", "typical", "team", to=None)


DAMAGE = {
    "no model.json": (lambda f: (f / "model.json").unlink(), "no starcheck model: it has no 'model.json'"),
    "no weights.npz": (lambda f: (f / "weights.npz").unlink(), "has no 'weights.npz'"),
    "a changed byte": (lambda f: flip(f / "weights.npz"), "'weights.npz' .* damaged or was changed"),
    "a cut file": (lambda f: (f / "weights.npz").write_bytes(b""), "'weights.npz' .* damaged or was changed"),
    "broken JSON": (lambda f: (f / "model.json").write_bytes(b'{"format": '), "'model.json' .* is damaged"),
    "no UTF-8": (lambda f: (f / "model.json").write_bytes(b"\xff\xfe{}"), "'model.json' .* is damaged"),
    "empty JSON": (lambda f: (f / "model.json").write_bytes(b""), "'model.json' .* is damaged"),
    "deep JSON": (lambda f: (f / "model.json").write_bytes(b"[" * 100_000), "'model.json' .* is damaged"),
    "a list": (lambda f: (f / "model.json").write_bytes(b"[]"), "is of format None"),
    "a folder for a file": (lambda f: ((f / "model.json").unlink(), (f / "model.json").mkdir()), "is damaged"),
    "another format": (lambda f: change(f, "format", to="starcheck.model/9"), "is of format 'starcheck.model/9'"),
    "no format": (lambda f: change(f, "format", to=None), "is of format None"),
    "other labels": (lambda f: change(f, "labels", to=["S", "T", "A", "R"]), "has labels"),
    "no judges": (lambda f: change(f, "judges", to=None), "no usable judges"),
    "files as a list": (lambda f: change(f, "files", to=["weights.npz"]), "no usable files"),
    "a file not listed": (lambda f: change(f, "files", to={}), "lists no 'weights.npz'"),
    "a file outside": (lambda f: change(f, "files", "../secret", to="0"), "has no '../secret'"),
    "a missing encoder": (lambda f: change(f, "files", "encoder.onnx", to="0" * 64), "has no 'encoder.onnx'"),
    "a broken encoder": (lambda f: with_encoder(f, "encoder.onnx"), "'encoder.onnx' .* cannot be loaded"),
    "a broken tokeniser": (lambda f: with_encoder(f, "tokenizer.json"), "'tokenizer.json' .* cannot be read"),
    "an unknown parameter": (lambda f: change(f, "parameters", "colour", to=1), "does not fit together"),
    "a parameter of text": (lambda f: change(f, "parameters", "order_weight", to="much"), "does not fit together"),
    "no names": (lambda f: change(f, "names", to=None), "no usable names"),
    "names of one expert": (lambda f: change(f, "names", "wording", to=None), "does not fit together: 'wording'"),
    "fewer names": (lambda f: change(f, "names", "syntax", to=["a", "b"]), r"'syntax.coef' has shape .* is wanted"),
    "fewer words": (lambda f: change(f, "names", "wording", to=["a", "b"]), r"'wording.idf' has shape .* is wanted"),
    "names that are lists": (
        lambda f: change(f, "names", "syntax", to=[[]] * len(meta_of(f)["names"]["syntax"])),
        "a name in the vocabulary of 'syntax' is no text",
    ),
    "a word twice": (
        lambda f: change(f, "names", "wording", to=["so"] * len(meta_of(f)["names"]["wording"])),
        "does not fit together",
    ),
    "nobody to ask": (
        lambda f: [change(f, "parameters", f"{name}_weight", to=0.0) for name in ("syntax", "wording")],
        "no expert has a weight",
    ),
    "a wrong shape": (lambda f: arrays_with(f, start=np.zeros(5)), r"'start' has shape \(5,\), \(6,\) is wanted"),
    "a missing array": (lambda f: arrays_with(f, start=None), "does not fit together: 'start'"),
    "no numbers": (
        lambda f: arrays_with(f, **{"syntax.intercept": np.full(6, np.nan)}),
        "'syntax.intercept' holds what is no number",
    ),
    "text for numbers": (lambda f: arrays_with(f, start=np.array(["a"] * 6)), "holds no plain arrays"),
    "no archive": (lambda f: put(f, "weights.npz", JUNK), "holds no plain arrays"),
    "a pickle": (lambda f: put(f, "weights.npz", pickle.dumps({"coef": 1})), "holds no plain arrays"),
    "pickled objects": (pickled, "holds no plain arrays"),
    "a missing judge": (lambda f: change(f, "judges", "parts", "task", to=None), "judges .* do not fit .*'task'"),
    "a judge of one weight": (lambda f: change(f, "judges", "whole", "weights", to=[1.0]), "judges .* do not fit"),
    "an unknown measure": (ask_for_charm, "judges .* do not fit .*charm"),
    "judges of text": (lambda f: change(f, "judges", "unsure", to="often"), "judges .* do not fit"),
    "judges without parts": (lambda f: change(f, "judges", "parts", to=[]), "judges .* do not fit"),
    "no typical values": (lambda f: change(f, "judges", "typical", to=None), "judges .* do not fit .*typical"),
    "a typical value less": (drop_typical, "no typical value of team"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_folder_is_refused(kind, model_folder):
    damage, says = DAMAGE[kind]
    damage(model_folder)
    with pytest.raises(ModelError, match=says) as refusal:
        Scorer(store.load(model_folder))
    assert str(model_folder) in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "kind", ["no weights.npz", "a changed byte", "broken JSON", "another format", "a missing judge"]
)
def test_a_damaged_folder_is_one_sentence_on_the_command_line(kind, model_folder, tmp_path, story):
    damage, _ = DAMAGE[kind]
    damage(model_folder)
    answer = tmp_path / "answer.txt"
    answer.write_text(story, encoding="utf-8")
    result = CliRunner().invoke(app, ["score", str(answer), "--model", str(model_folder)])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("starcheck: The ")


@pytest.mark.parametrize("name", ["weights.npz", "tokenizer.json", "encoder.onnx"])
def test_a_changed_byte_in_the_shipped_model_is_refused(name, tmp_path):
    shutil.copytree(asset("models", "star-en"), tmp_path / "star-en")
    flip(tmp_path / "star-en" / name)
    with pytest.raises(ModelError, match=f"'{name}' .* damaged or was changed"):
        store.load(tmp_path / "star-en")


def test_a_whole_folder_scores_and_is_named_in_the_report(model_folder, story):
    report = load(model_folder).score(story)
    assert (report.model.name, report.model.version) == ("small", "1")
    assert report.status == "scored"
    assert not any(c.covered for c in report.competencies)


def test_the_checksum_of_a_model_is_over_all_its_files(model_folder):
    before = store.load(model_folder).info.sha256
    assert store.load(model_folder).info.sha256 == before
    change(model_folder, "about", "note", to="other")
    assert store.load(model_folder).info.sha256 != before


def test_an_encoder_beside_the_weights_is_not_used_unless_listed(model_folder):
    (model_folder / "encoder.onnx").write_bytes(JUNK)
    assert store.load(model_folder).encoder is None
