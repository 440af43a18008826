import json
from pathlib import Path

import pytest

from starcheck.errors import CorpusError
from starcheck.records import Part
from starcheck.training.agreement import agreement_table, agreements
from starcheck.training.checks import check
from starcheck.training.corpus import join, join_spans, parse, read

ROOT = Path(__file__).parent.parent


def record(**changes):
    base = {
        "id": "one",
        "sentences": [{"text": "It rained.", "part": "situation"}, {"text": "I ran", "part": "action"}],
    }
    return {**base, **changes}


def written(tmp_path, *lines):
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_the_shipped_corpus_passes_every_check():
    problems, table = check()
    assert problems == []
    assert "answers" in table


def test_readers_of_the_shipped_corpus_agree_on_every_field():
    found = agreements(read([ROOT / "data" / "answers"]))
    assert {a.field for a in found} >= {"sentence part", "overall", "type", "leadership_potential"}
    assert min(a.kappa for a in found) > 0.4


def test_a_few_labelled_sentences_are_enough():
    answer = parse(record())
    assert answer.text == "It rained. I ran"
    assert answer.labels == (Part.SITUATION, Part.ACTION)
    assert not answer.gold.rated


def test_join_breaks_lines_where_no_stop_is():
    sentences = ["No stop", "A stop.", "\u201cQuoted.\u201d", "End"]
    text = join(sentences)
    assert text == "No stop\nA stop. \u201cQuoted.\u201d End"
    assert [text[a:b] for a, b in join_spans(sentences)] == sentences


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2: not a JSON object"),
        ("[1]", "line 2: a JSON object is wanted, found list"),
        (json.dumps({"sentences": []}), "line 2: 'sentences' must be a list"),
        (json.dumps(record(sentences=[{"text": " ", "part": "task"}])), "line 2, sentence 1: 'text' must be a string"),
        (json.dumps(record(sentences=[{"text": "Hm.", "part": "deed"}])), "'part' is 'deed'; allowed: situation, task"),
        (
            json.dumps(record(sentences=[{"text": "Hm.", "part": "task", "competencies": ["luck"]}])),
            "unknown competency 'luck'",
        ),
        (json.dumps(record(text="Something else.")), "offsets 0-10 give"),
        (json.dumps(record(overall=9)), "'overall' is 9; 1 to 7 is allowed"),
        (json.dumps(record(strengths={"task": 7})), "0 to 3 for each part is allowed"),
        (json.dumps(record(level="boss")), "'level' is 'boss'; allowed: graduate"),
        (json.dumps(record(model_answer=41)), "'model_answer' is 41; 1 to 40 or null"),
        (json.dumps(record(second={"labels": ["task"]})), "'second': an object with 2 labels is wanted"),
        (json.dumps(record(id="first")), "the id 'first' was used before at mine.jsonl, line 1"),
    ],
)
def test_malformed_labels_are_refused_by_file_and_line(tmp_path, line, said):
    path = written(tmp_path, json.dumps(record(id="first")), line)
    with pytest.raises(CorpusError) as caught:
        read([path])
    assert said in str(caught.value)
    assert "mine.jsonl, line 2" in str(caught.value)


def test_a_missing_or_undecodable_file_is_named(tmp_path):
    with pytest.raises(CorpusError, match=r"nothing\.jsonl"):
        read([tmp_path / "nothing.jsonl"])
    path = tmp_path / "latin.jsonl"
    path.write_bytes(b'{"id": "caf\xe9"}')
    with pytest.raises(CorpusError, match="not UTF-8"):
        read([path])


def test_the_checks_see_what_is_wrong(tmp_path):
    lines = (ROOT / "data" / "answers" / "software.jsonl").read_text(encoding="utf-8").splitlines()
    trained = next(r for r in map(json.loads, lines) if r["split"] == "train")
    copied = {**trained, "id": "copy", "split": "test", "second": None}
    written(tmp_path, *lines, json.dumps(copied))
    problems, _ = check(tmp_path)
    text = "\n".join(problems)
    assert "copy is nearly the same as" in text
    assert "copy has no second reading" in text
    assert "is on both sides of the split" in text
    assert "answers with" in text


def test_the_datasheet_shows_the_tables_of_today():
    datasheet = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert check()[1].strip() in datasheet
    assert agreement_table().strip() in datasheet
