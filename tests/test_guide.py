"""The guide is read by its layout, and a guide of another layout is refused."""

import json

import pytest

from starcheck.assets import text_of
from starcheck.errors import CorpusError
from starcheck.records import COMPETENCIES, LEVELS
from starcheck.training.guide import EXPECTED, ModelAnswer, model_answers, sections

LINES = ("Situation A tight deadline", "Task Deliver it", "Action I planned it", "Result It was on time")
TITLES = [
    "Graduate level roles",
    "Trainee and associate roles",
    "Mid level and management roles",
    "Senior management and board level roles",
    "Core competencies employers look for",
    "Telephone interviews",
    "Zoom and video interviews",
    "In person interviews",
    "Panel interviews",
    "Group interviews",
]


def entry(number, lines=LINES):
    return "\n".join([f"  {number}. Question {number}", *(f"    {line}" for line in lines), ""])


def guide(count=EXPECTED, **odd):
    """A guide whose answer ``n`` may be replaced by passing ``n<number>=text``."""
    answers = [odd.get(f"n{number}", entry(number)) for number in range(1, count + 1)]
    return "\n".join(["A guide", "", *(f"{title}\nText of {title}.\n" for title in TITLES), *answers, "The end."])


def test_forty_answers_are_read_in_order():
    answers = model_answers(guide())
    assert [a.number for a in answers] == list(range(1, 41))
    assert answers[6] == ModelAnswer(
        7, "Question 7", "A tight deadline", "Deliver it", "I planned it", "It was on time"
    )


def test_line_endings_of_another_system_are_read_alike():
    assert model_answers(guide().replace("\n", "\r\n")) == model_answers(guide())


@pytest.mark.parametrize("part", ["Situation", "Task", "Action", "Result"])
def test_a_missing_part_is_refused(part):
    lines = [line for line in LINES if not line.startswith(part)]
    with pytest.raises(CorpusError, match=r"[aA]nswer 5"):
        model_answers(guide(n5=entry(5, lines)))


def test_a_missing_last_part_is_named():
    with pytest.raises(CorpusError, match="Answer 40 of the guide has no result"):
        model_answers(guide(n40=entry(40, LINES[:3])))


def test_a_part_without_words_is_a_missing_part():
    with pytest.raises(CorpusError, match="Answer 3 of the guide has no result"):
        model_answers(guide(n3=entry(3, (*LINES[:3], "Result"))))


def test_parts_in_the_wrong_order_are_refused_with_their_line():
    text = guide(n2=entry(2, (LINES[0], LINES[2], LINES[1], LINES[3])))
    place = text.splitlines().index("  2. Question 2") + 3
    with pytest.raises(CorpusError, match=f"Line {place} of the guide: Action stands out of order in answer 2"):
        model_answers(text)


def test_a_part_given_twice_is_refused():
    with pytest.raises(CorpusError, match="Result stands out of order in answer 2"):
        model_answers(guide(n2=entry(2, (*LINES, "Result Again"))))


@pytest.mark.parametrize("count", [0, 1, 39, 41])
def test_another_number_of_answers_is_refused(count):
    with pytest.raises(CorpusError, match=f"answers 1 to 40; found {count}"):
        model_answers(guide(count))


def test_answers_out_of_order_are_refused():
    with pytest.raises(CorpusError, match="answers 1 to 40"):
        model_answers(guide(n1=entry(2), n2=entry(1)))


def test_sections_are_the_line_below_each_title():
    found = sections(guide())
    assert [level["id"] for level in found["levels"]] == list(LEVELS)
    assert found["levels"][0]["text"] == "Text of Graduate level roles."
    assert found["competencies"] == "Text of Core competencies employers look for."
    assert [f["title"] for f in found["formats"]] == TITLES[5:]


@pytest.mark.parametrize("title", TITLES)
def test_a_missing_section_is_named(title):
    with pytest.raises(CorpusError, match=f"no section '{title}'"):
        sections(guide().replace(f"{title}\n", "", 1))


@pytest.fixture(scope="module")
def shipped_answers():
    return [json.loads(line) for line in text_of("data", "model_answers.jsonl").splitlines()]


def test_the_shipped_answers_are_numbered_one_to_forty(shipped_answers):
    assert [a["number"] for a in shipped_answers] == list(range(1, 41))


def test_the_shipped_answers_have_every_part(shipped_answers):
    for answer in shipped_answers:
        assert all(answer[name].strip() for name in ("question", "situation", "task", "action", "result"))


def test_the_shipped_answers_name_known_competencies_and_all_of_them(shipped_answers):
    for answer in shipped_answers:
        assert answer["competencies"]
        assert len(set(answer["competencies"])) == len(answer["competencies"])
    assert {c for a in shipped_answers for c in a["competencies"]} == set(COMPETENCIES)


def test_the_shipped_guide_has_the_four_levels_and_what_each_expects():
    levels = json.loads(text_of("data", "guide.json"))["levels"]
    assert [level["id"] for level in levels] == list(LEVELS)
    assert len(LEVELS) == 4
    for level in levels:
        assert level["text"]
        assert list(level["expects"]) == list(COMPETENCIES)


def test_the_shipped_guide_names_the_competencies_in_order():
    assert json.loads(text_of("data", "guide.json"))["competencies"]["ids"] == list(COMPETENCIES)
