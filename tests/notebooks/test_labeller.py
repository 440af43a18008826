"""The labeller: what it saves, takes up again, compares, and refuses; its file is read by training."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from sklearn.metrics import cohen_kappa_score

from starcheck import Answer
from starcheck.errors import CorpusError, InputError, UnknownNameError
from starcheck.notebook import Labeller
from starcheck.notebook.agree import agreement
from starcheck.records import PARTS
from starcheck.training.corpus import read

ANSWERS = [
    "The ferry was late and the caf\u00e9 was full \U0001f600. "
    "I had to seat sixty people. I opened the terrace. All got a seat.",
    "The till broke. I fetched the old one.",
]


def label_all(labeller: Labeller, answer: int, letters: str) -> None:
    assert len(labeller.sentences(answer)) == len(letters)
    for i, letter in enumerate(letters):
        labeller.label(answer, i, letter)


def test_finished_answers_are_read_by_training(tmp_path: Path) -> None:
    labeller = Labeller(
        [Answer(ANSWERS[0], "mine", "What happened?", "senior"), ANSWERS[1]], tmp_path / "l.jsonl", "ab"
    )
    label_all(labeller, 0, "STAR")
    (answer,) = read([tmp_path / "l.jsonl"])
    assert (answer.id, answer.question, answer.level, answer.writer) == ("mine", "What happened?", "senior", "ab")
    assert "".join(p.value[0] for p in answer.labels) == "star"
    assert answer.text == ANSWERS[0]


def test_every_label_is_saved_at_once_and_taken_up_again(tmp_path: Path) -> None:
    path = tmp_path / "l.jsonl"
    first = Labeller(ANSWERS, path)
    label_all(first, 1, "SA")
    first.label(0, 2, "A")
    second = Labeller(ANSWERS, path)
    assert second.labels(finished=False) == first.labels(finished=False)
    assert len(second.labels()) == 2
    assert not path.with_name("l.jsonl.new").exists()


def test_a_label_taken_away_makes_an_answer_unfinished(tmp_path: Path) -> None:
    labeller = Labeller([ANSWERS[1]], tmp_path / "l.jsonl")
    label_all(labeller, 0, "SA")
    labeller.label(0, 0, None)
    assert not labeller.path.exists()
    assert [s["part"] for s in json.loads(labeller.unfinished_path.read_text())["sentences"]] == [None, "action"]


def test_answers_of_an_earlier_session_stay_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "l.jsonl"
    label_all(Labeller([Answer(ANSWERS[1], "old")], path), 0, "SA")
    label_all(Labeller([Answer(ANSWERS[0], "new")], path), 0, "STAR")
    assert [a.id for a in read([path])] == ["old", "new"]


def test_the_model_and_the_second_labeller_are_hidden_until_an_answer_is_finished(tmp_path: Path) -> None:
    label_all(Labeller(ANSWERS, tmp_path / "b.jsonl"), 0, "SSAR")
    mine = Labeller(ANSWERS, tmp_path / "a.jsonl", second=tmp_path / "b.jsonl")
    assert all(s["model"] is None and s["second"] is None for s in mine._view()["sentences"])
    for i, letter in enumerate("STAR"):
        mine.label(0, i, letter)
    mine._on_message({"do": "go", "answer": 0})
    assert [s["second"] for s in mine._view()["sentences"]] == ["situation", "situation", "action", "result"]
    model, second = mine.agreements()
    assert model.with_whom == "the model"
    assert (second.sentences, second.same) == (4, 3)
    assert "3 of 4" in str(second)


def test_kappa_is_scikit_learns() -> None:
    rng = random.Random(5)
    for _ in range(20):
        a = {("x", i, i + 1): rng.choice(PARTS) for i in range(30)}
        b = {place: part if rng.random() < 0.6 else rng.choice(PARTS) for place, part in a.items()}
        expected = cohen_kappa_score([a[p].value for p in a], [b[p].value for p in a])
        assert agreement(a, b, "b").kappa == pytest.approx(expected)


def test_agreement_without_common_sentences_says_so() -> None:
    assert agreement({("x", 0, 1): PARTS[0]}, {}, "the model").kappa is None
    assert "no sentence in common" in str(agreement({}, {}, "the model"))


def test_keys_from_the_browser_label_and_move(tmp_path: Path) -> None:
    labeller = Labeller(ANSWERS, tmp_path / "l.jsonl")
    labeller._on_message({"do": "label", "answer": 0, "sentence": 0, "part": "S"})
    labeller._on_message({"do": "go", "answer": 7})
    view = json.loads(json.dumps(labeller._view()))
    assert (view["answer"], view["status"]) == (1, "Saved in l.jsonl.")
    labeller._on_message({"do": "label", "answer": 0, "sentence": 0, "part": "X"})
    assert "Unknown part" in labeller._view()["status"]


@pytest.mark.parametrize("answers", [[], [""], [7], [Answer("One.", "a"), Answer("Two.", "a")]])
def test_what_cannot_be_labelled_is_refused(answers: list[object], tmp_path: Path) -> None:
    with pytest.raises(InputError):
        Labeller(answers, tmp_path / "l.jsonl")  # type: ignore[arg-type]


def test_wrong_places_parts_and_files_are_refused(tmp_path: Path) -> None:
    labeller = Labeller(ANSWERS, tmp_path / "l.jsonl")
    with pytest.raises(InputError, match="no sentence 9"):
        labeller.label(0, 9, "S")
    with pytest.raises(UnknownNameError, match="situation"):
        labeller.label(0, 0, "sitution")
    (tmp_path / "bad.jsonl").write_text('{"id": "a", "sentences": [{"text": "One."}]}\n')
    with pytest.raises(CorpusError, match=r"bad\.jsonl, line 1"):
        Labeller(ANSWERS, tmp_path / "l.jsonl", second=tmp_path / "bad.jsonl")
    with pytest.raises(InputError, match="choose another path"):
        Labeller(ANSWERS, tmp_path / "missing" / "l.jsonl").label(0, 0, "S")


def test_the_static_face_escapes(tmp_path: Path) -> None:
    html = Labeller(["<script>alert(1)</script> I ran."], tmp_path / "l.jsonl")._repr_mimebundle_()["text/html"]
    assert "<script" not in html
    assert "&lt;script&gt;" in html
