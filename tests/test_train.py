import json
from pathlib import Path

import pytest

from starcheck.errors import CorpusError, ModelError
from starcheck.tagging import store
from starcheck.training.corpus import guide_answers, read
from starcheck.training.evaluate import evaluate
from starcheck.training.memory import remembered
from starcheck.training.prepare import folds
from starcheck.training.train import retrain, training_answers

ROOT = Path(__file__).parent.parent
MODEL = ROOT / "models" / "star-en"


def own_labels(tmp_path, n):
    """Test answers under new ids: nothing that the shipped model was trained on."""
    lines = []
    for path in sorted((ROOT / "data" / "answers").glob("*.jsonl")):
        records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        for record in (r for r in records if r["split"] == "test"):
            lines.append(json.dumps({"id": f"own-{len(lines)}", "sentences": record["sentences"]}))
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(lines[:n]), encoding="utf-8")
    return path


def test_retraining_on_own_labels_writes_a_model_and_shows_before_and_after(tmp_path):
    said = []
    folder = retrain([own_labels(tmp_path, 12)], "star-en", tmp_path / "mine", False, None, said.append)
    text = "\n".join(said)
    assert "before and after" in text
    assert "| figure | before | after |" in text
    again = store.load(folder)
    assert again.info.name == "mine"
    assert (folder / "README.md").read_text(encoding="utf-8").startswith("# Model card: mine")
    assert "sentence_kappa" in evaluate(str(folder), [own_labels(tmp_path, 3)])


def test_malformed_own_labels_stop_before_anything_is_written(tmp_path):
    path = tmp_path / "own.jsonl"
    path.write_text('{"sentences": [{"text": "I ran.", "part": "running"}]}', encoding="utf-8")
    with pytest.raises(CorpusError, match="line 1"):
        retrain([path], "star-en", tmp_path / "mine", False, None, print)
    assert not (tmp_path / "mine").exists()


def test_no_story_of_the_test_split_is_trained_on():
    trained = {a.story for a in training_answers()}
    tested = {a.story for a in read([ROOT / "data" / "answers"]) if a.split == "test"}
    assert trained & tested == set()


def test_folds_keep_a_story_together_and_hold_every_answer_once():
    answers = training_answers()
    parts = folds(answers)
    assert sorted(i for part in parts for i in part) == list(range(len(answers)))
    stories = [{answers[i].story for i in part} for part in parts]
    assert stories[0] & stories[1] == stories[1] & stories[2] == stories[0] & stories[2] == set()


def test_the_memory_must_fit_the_corpus(tmp_path):
    from starcheck.training.prepare import prepare

    other = prepare(guide_answers((ROOT / "data" / "model_answers.jsonl").read_text(encoding="utf-8")))
    with pytest.raises(ModelError, match="does not fit the corpus"):
        remembered(MODEL, other)
