"""What passes between the floors is plain, small and cannot be changed."""

import dataclasses
import inspect
import types
import typing
from enum import StrEnum

import pytest

from starcheck import records
from starcheck.language.read import parse
from starcheck.records import ANSWER_TYPES, COMPETENCIES, COUNTS, LETTERS, LEVELS, PARTS, STAR, Facts, Part, Sentence

RECORDS = [c for _, c in inspect.getmembers(records, dataclasses.is_dataclass)]
PLAIN = {str, int, float, bool, type(None)}


def blank(record):
    """An instance with nothing in its fields."""
    return record(**{f.name: None for f in dataclasses.fields(record)})


def leaves(hint):
    """The types that a hint is made of, tuples and unions opened."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is tuple:
        return {leaf for part in typing.get_args(hint) if part is not ... for leaf in leaves(part)}
    return {hint}


def types_inside(value):
    if dataclasses.is_dataclass(value):
        return {t for f in dataclasses.fields(value) for t in types_inside(getattr(value, f.name))}
    if isinstance(value, tuple):
        return {t for part in value for t in types_inside(part)}
    return {type(value)}


def test_the_types_of_the_design_are_there():
    names = {"Answer", "Sentence", "Facts", "Tagged", "Reading", "PartScore", "CompetencyScore", "Finding", "Signals"}
    assert names <= {record.__name__ for record in RECORDS}


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_cannot_be_changed(record):
    made = blank(record)
    for field in dataclasses.fields(record):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(made, field.name, 1)


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_has_slots_and_no_room_for_more(record):
    assert not hasattr(blank(record), "__dict__")
    assert set(record.__slots__) == {f.name for f in dataclasses.fields(record)}


@pytest.mark.parametrize("record", RECORDS)
def test_fields_hold_plain_types_tuples_and_records_only(record):
    hints = typing.get_type_hints(record)
    found = {leaf for hint in hints.values() for leaf in leaves(hint)}
    assert found <= PLAIN | {Part, *RECORDS}


def test_facts_of_a_real_answer_hold_no_numpy_types():
    ((sentences, facts),) = parse(["I cut the cost by 20%. Then Priya thanked me."])
    assert len(sentences) == 2
    assert types_inside((sentences, facts)) <= PLAIN


def test_parts_are_in_the_order_of_star_then_reflection_then_other():
    assert [p.value for p in PARTS] == ["situation", "task", "action", "result", "reflection", "other"]
    assert [p.value for p in STAR] == ["situation", "task", "action", "result"]


def test_letters_spell_star_and_are_distinct():
    assert "".join(LETTERS[p] for p in STAR) == "STAR"
    assert len(set(LETTERS.values())) == len(PARTS)


def test_a_part_is_its_own_name():
    assert issubclass(Part, StrEnum)
    assert Part("result") is Part.RESULT
    assert f"{Part.RESULT}" == "result"


def test_the_seven_competencies_are_those_of_the_guide_in_order():
    assert COMPETENCIES == (
        "technical_depth",
        "statistical_thinking",
        "problem_solving",
        "communication",
        "stakeholder_management",
        "ethical_awareness",
        "leadership_potential",
    )


@pytest.mark.parametrize("names", [COMPETENCIES, LEVELS, ANSWER_TYPES, COUNTS])
def test_lists_of_names_repeat_nothing(names):
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", COUNTS)
def test_a_count_is_found_by_its_name(name):
    facts = Facts(1, "x", (), tuple(range(len(COUNTS))))
    assert facts.count(name) == COUNTS.index(name)


def test_an_unknown_count_is_refused():
    with pytest.raises(ValueError, match="not in tuple"):
        Facts(1, "x", (), (0,) * len(COUNTS)).count("adjectives")


def test_equal_records_are_equal_and_hash_alike():
    one, other = Sentence("I won.", 0, 6, 0), Sentence("I won.", 0, 6, 0)
    assert one == other
    assert hash(one) == hash(other)
    assert one != dataclasses.replace(other, index=1)
