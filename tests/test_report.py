"""A report keeps its contract: JSON by the schema, there and back, the same however it was made."""

import json
import os
import pickle
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

import starcheck
from starcheck.errors import InputError
from starcheck.judging.feedback import RULES, SHOWN_FIRST
from starcheck.judging.strength import NOT_SHOWN
from starcheck.records import COMPETENCIES, PARTS, STAR, Answer
from starcheck.report import Report, schema

few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
KINDS = ("story weak junk bullets headings dictated emoji twice instructed terse short german empty").split()
WORDS = st.sampled_from(
    [
        "I ",
        "led ",
        "We ",
        "it fell by 20%. ",
        "because ",
        "\n",
        "\u2022 ",
        "would ",
        "Leeds ",
        "\U0001f600",
        "! ",
        "Task: ",
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, min_size=60, max_size=150).map("".join))


@pytest.fixture(scope="module")
def validator():
    return Draft202012Validator(schema())


@pytest.fixture(params=KINDS)
def report(request, reports):
    return reports[request.param]


def test_every_kind_of_answer_is_tried(answers):
    assert list(answers) == KINDS


def test_the_answers_cover_every_status(reports):
    assert {r.status for r in reports.values()} == {"scored", "insufficient_evidence", "not_english", "empty"}


def test_a_report_survives_the_way_to_a_dict_and_back(report):
    assert Report.from_dict(report.to_dict()) == report


def test_a_report_survives_the_way_to_json_and_back_whatever_the_order_of_keys(report):
    assert Report.from_dict(json.loads(report.to_json())) == report
    assert Report.from_dict(json.loads(json.dumps(report.to_dict(), sort_keys=True))) == report


def test_a_report_can_be_pickled(report):
    assert pickle.loads(pickle.dumps(report)) == report


def test_the_schema_is_a_valid_one():
    Draft202012Validator.check_schema(schema())


def objects(told):
    """Every object type that a schema holds."""
    if isinstance(told, dict):
        yield from ([told] if "properties" in told and "type" in told else [])
        for inner in told.values():
            yield from objects(inner)


def test_the_schema_is_strict_about_every_object():
    found = list(objects(schema()))
    assert len(found) > 8
    for told in found:
        assert told["additionalProperties"] is False
        assert told["required"] == list(told["properties"])


def test_the_json_is_valid_by_the_schema(report, validator):
    validator.validate(json.loads(report.to_json()))


def test_all_parts_and_competencies_are_there_in_order(report):
    told = report.to_dict()
    assert list(told["parts"]) == [p.value for p in STAR]
    assert list(told["competencies"]) == list(COMPETENCIES)
    assert all(list(s["probabilities"]) == [p.value for p in PARTS] for s in told["sentences"])


def test_offsets_slice_back_to_the_sentences_in_order(report):
    text = report.answer.text
    for tagged in report.sentences:
        assert text[tagged.sentence.start : tagged.sentence.end] == tagged.sentence.text
    assert all(a.sentence.end <= b.sentence.start for a, b in pairwise(report.sentences))


def test_evidence_names_sentences_that_there_are(report):
    rested = [*report.parts, *report.competencies, *report.findings]
    assert {i for r in rested for i in r.evidence} <= set(range(len(report.sentences)))


def test_a_part_that_no_sentence_shows_is_not_called_adequate(report):
    for score in report.parts:
        assert score.evidence or score.strength <= NOT_SHOWN


def test_score_and_band_are_there_exactly_where_the_status_is_scored(report):
    scored = report.status == "scored"
    assert (report.score is not None) == (report.band is not None) == (report.reason is None) == scored
    assert (report.band_words is not None) == scored


def test_an_answer_without_a_score_has_no_number_that_looks_like_one(report):
    if report.status != "scored":
        assert {(p.strength, p.score, p.moved) for p in report.parts} == {(0.0, 0.0, ())}
        assert {(c.covered, c.score, c.evidence) for c in report.competencies} == {(False, 0.0, ())}
        assert {f.gain for f in report.findings} <= {0.0}
    else:
        assert 0 <= report.score <= 100


def test_the_first_findings_are_at_most_five(report):
    assert SHOWN_FIRST == 5
    assert report.first_findings == report.findings[:5]
    assert {f.code for f in report.findings} <= set(RULES)


def change(told, path, value):
    *way, last = path
    for step in way:
        told = told[step]
    told[last] = value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), "starcheck.report/2"),
        (("score",), 101),
        (("score",), None),
        (("band",), 0),
        (("band",), 3.5),
        (("reason",), "none"),
        (("status",), "failed"),
        (("answer_type",), "novel"),
        (("answer", "level"), "pope"),
        (("model", "sha256"), "abc"),
        (("sentences", 0, "part"), "S"),
        (("sentences", 0, "confidence"), 1.2),
        (("sentences", 0, "probabilities", "task"), -0.1),
        (("sentences", 0, "competencies"), [0.5]),
        (("parts", "action", "strength"), 3.1),
        (("parts", "action", "evidence"), [-1]),
        (("parts", "reflection"), {}),
        (("competencies", "communication"), {"covered": True, "score": 0.9, "evidence": []}),
        (("signals", "order"), "STAX"),
        (("signals", "mood"), "good"),
        (("findings", 0, "severity"), "bad"),
        (("findings", 0, "gain"), -1),
        (("extra",), 1),
    ],
)
def test_the_schema_refuses_what_is_out_of_range_or_unknown(path, value, reports, validator):
    told = json.loads(reports["story"].to_json())
    change(told, path, value)
    with pytest.raises(ValidationError):
        validator.validate(told)


def test_the_schema_asks_for_every_field(reports, validator):
    told = reports["story"].to_dict()
    for name in told:
        with pytest.raises(ValidationError, match="required"):
            validator.validate({k: v for k, v in told.items() if k != name})


@pytest.mark.parametrize("data", [{}, {"schema": "starcheck.report/2"}, None, [], "report"])
def test_what_is_no_report_is_refused(data):
    with pytest.raises(InputError, match="no starcheck report"):
        Report.from_dict(data)


@pytest.mark.parametrize("name", ["answer", "model", "sentences", "parts", "competencies", "signals", "score"])
def test_a_report_that_lacks_something_is_refused(name, reports):
    told = reports["story"].to_dict()
    del told[name]
    with pytest.raises(InputError, match="damaged"):
        Report.from_dict(told)


def test_nothing_depends_on_the_batch_size(scorer, answers, reports):
    for size in (1, 2, 5):
        assert list(scorer.pipe(answers.values(), batch_size=size)) == list(reports.values())


def test_nothing_depends_on_the_order(scorer, answers, reports):
    backwards = list(scorer.pipe(reversed(answers.values())))
    assert backwards[::-1] == list(reports.values())


def test_nothing_depends_on_the_number_of_processes(scorer, answers, reports):
    assert list(scorer.pipe(answers.values(), batch_size=3, n_process=2)) == list(reports.values())


def test_one_at_a_time_gives_the_same_as_a_pipe(answers, reports):
    for name in ("story", "junk", "german"):
        assert starcheck.score(answers[name]) == reports[name]


def test_the_pipe_is_lazy(scorer, story):
    taken = []

    def endless():
        while True:
            taken.append(1)
            yield story

    next(scorer.pipe(endless(), batch_size=2))
    assert len(taken) <= 2


@pytest.mark.parametrize("seed", ["0", "1"])
def test_another_process_writes_the_same_bytes(seed, tmp_path, answers, reports):
    path = tmp_path / "answer.txt"
    path.write_bytes(answers["emoji"].encode())
    command = [sys.executable, "-m", "starcheck.cli", "score", str(path), "--format", "json"]
    done = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
    assert done.stdout == reports["emoji"].to_json().encode()


def test_what_is_known_of_an_answer_stays_with_it(scorer, story):
    answer = Answer(story, id="7", question="Tell me about missing Christmas stock in a shop.", level="senior")
    report = scorer.score(answer)
    assert report.answer == answer
    assert report.relevance in ("clear", "partly", "no")
    assert Report.from_dict(report.to_dict()).answer == answer


def test_a_profile_is_named_in_the_report(scorer, story):
    assert scorer.score(story, profile="swansea").profile == "swansea"


@few
@given(text=TEXTS)
def test_any_text_gets_a_report_that_keeps_the_contract(text, scorer):
    report = scorer.score(text)
    told = json.loads(report.to_json())
    Draft202012Validator(schema()).validate(told)
    assert Report.from_dict(told) == report
    assert all(report.answer.text[t.sentence.start : t.sentence.end] == t.sentence.text for t in report.sentences)
    assert (report.score is None) == (report.status != "scored")
