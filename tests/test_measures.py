"""Measures and signals of readings made by hand: what counts, how much, and what never does."""

import math
from dataclasses import replace

import pytest
from handmade import STORY, A, L, O, R, S, T, line, probabilities_of, reading_of
from hypothesis import given, settings
from hypothesis import strategies as st

from starcheck.judging.answer_type import TYPE_MEASURES, type_measures
from starcheck.judging.competency import competency_measures
from starcheck.judging.measures import PER_PART, WHOLE, disorder, measure, sharpen, soften, tie
from starcheck.judging.signals import OUT_OF_ORDER, signals_of
from starcheck.records import COMPETENCIES, STAR, Part

few = settings(max_examples=40, deadline=None)
PROBABILITIES = st.floats(0, 1)


def in_order(*parts):
    return reading_of(*(line(part, f"Sentence {i}.") for i, part in enumerate(parts)))


def measured(*lines):
    return measure(reading_of(*lines), 1.0)


def test_the_measures_are_the_named_ones():
    names = {f"{part.value}.{name}" for part in (*STAR, Part.REFLECTION) for name in (*PER_PART, "shown")} | set(WHOLE)
    assert set(measured(*STORY)) == set(measured()) == names
    assert set(type_measures(reading_of(*STORY))) == set(type_measures(reading_of())) == set(TYPE_MEASURES)


def test_an_empty_reading_measures_nothing():
    assert set(measure(reading_of(), 0.0).values()) == {0.0}


def test_the_probability_of_a_story_is_kept():
    assert measure(reading_of(*STORY), 0.8351)["story"] == 0.8351


@pytest.mark.parametrize(
    ("count", "name"),
    [("figures", "figures"), ("measures", "measured"), ("named", "named"), ("i", "own"), ("deeds", "deeds"),
     ("reasons", "reasons"), ("contrast", "reasons"), ("time", "time"), ("speech", "speech")],
)  # fmt: skip
def test_what_is_counted_in_a_sentence_goes_to_its_part(count, name):
    without, with_it = measured(line(A, "I did it.")), measured(line(A, "I did it.", **{count: 1}))
    assert with_it[f"action.{name}"] > without[f"action.{name}"]
    assert with_it[f"action.{name}"] > 5 * with_it[f"task.{name}"]


def test_more_than_a_few_of_a_kind_in_one_sentence_count_no_more():
    few_named, many_named = (measured(line(A, "I did it.", named=n, i=n, figures=n)) for n in (3, 30))
    assert few_named == many_named


def test_words_and_sentences_of_a_part_stop_counting_when_enough_is_said():
    long = [line(S, " ".join(["word"] * 20)) for _ in range(20)]
    some, more = measured(*long[:10]), measured(*long)
    assert some["situation.words"] == more["situation.words"]
    assert some["situation.sentences"] == more["situation.sentences"]


def test_a_sentence_that_does_not_count_changes_nothing():
    rest = [replace(one, counted=False, text="We failed.", counts={"we": 5, "hedges": 2, "deeds": 3}) for one in STORY]
    assert measured(*STORY, *rest) == measured(*STORY)


def test_what_seems_foreign_makes_an_answer_longer_and_padded_and_nothing_else():
    tale = line(O, "The lake is deep.", counted=False, foreign=0.9)
    plain, padded = measured(*STORY), measured(*STORY, tale)
    assert padded.pop("length") > plain.pop("length")
    assert padded.pop("padding") > plain.pop("padding") == 0.0
    assert padded == plain


def test_softened_probabilities_keep_their_order_and_let_second_thoughts_count():
    sure = (0.0, 0.05, 0.9, 0.05, 0.0, 0.0)
    soft = soften(sure)
    assert sum(soft) == pytest.approx(1.0)
    assert sorted(range(6), key=lambda i: soft[i]) == sorted(range(6), key=lambda i: sure[i])
    assert soft[2] < 0.9
    assert soft[1] > 0.05


def test_a_doubtful_sentence_counts_less_than_a_clear_one():
    clear, doubtful = (measured(line(A, "I did it.", deeds=1, confidence=c)) for c in (0.95, 0.5))
    assert clear["action.deeds"] > doubtful["action.deeds"] > 0


def test_measures_are_rounded_so_that_another_processor_agrees():
    for value in measured(*STORY).values():
        assert value == round(value, 4)


@few
@given(PROBABILITIES, PROBABILITIES)
def test_sharpening_keeps_order_and_ends(one, other):
    low, high = sorted((one, other))
    assert sharpen(low) <= sharpen(high)
    assert 0.0 <= sharpen(one) <= 1.0
    assert sharpen(0.0) == 0.0
    assert sharpen(1.0) == pytest.approx(1.0)


def test_bare_possibilities_weigh_less_than_their_sum():
    assert 8 * sharpen(0.1) < 0.25
    assert sharpen(0.5) > 0.5


def test_the_tie_is_the_share_of_outcome_words_that_were_wanted():
    wanted = line(T, "Stop losses.", lemmas="losses pallets branch")
    assert tie(reading_of(wanted, line(R, "Fewer losses.", lemmas="losses pallets lights orders"))) == 0.5
    assert tie(reading_of(wanted, line(R, "Fewer losses.", lemmas="losses pallets"))) == 1.0
    assert tie(reading_of(wanted, line(R, "It rained.", lemmas="rained"))) == 0.0


def test_short_words_and_other_parts_tie_nothing():
    assert tie(reading_of(line(T, "It.", lemmas="of the box"), line(R, "It.", lemmas="of the box"))) == 0.0
    assert tie(reading_of(line(A, "I cut.", lemmas="losses"), line(R, "Losses.", lemmas="losses"))) == 0.0
    assert tie(reading_of(line(T, "Losses.", lemmas="losses"))) == 0.0
    assert (
        tie(reading_of(line(T, "Losses.", lemmas="losses", counted=False), line(R, "Losses.", lemmas="losses"))) == 0.0
    )


@pytest.mark.parametrize(
    ("parts", "share"),
    [
        ([], 0.0),
        ([S], 0.0),
        ([S, T, A, A, R, L], 0.0),
        ([T, S, A, R], 0.0),
        ([R, S, T, A, R], 0.0),
        ([A, S], 1.0),
        ([L, R, A, S], 1.0),
        ([S, A, T, R], 0.2),
        ([O, A, O, S, O], 1.0),
    ],
)
def test_disorder_is_the_share_of_pairs_told_backwards(parts, share):
    assert disorder(in_order(*parts)) == pytest.approx(share)


@few
@given(st.lists(st.sampled_from([S, T, A, R, L, O]), max_size=12))
def test_disorder_is_a_share_and_none_in_sorted_answers(parts):
    assert 0.0 <= disorder(in_order(*parts)) <= 1.0
    assert disorder(in_order(*sorted(parts, key=[S, T, A, R, L, O].index))) == 0.0


def test_measures_of_the_whole_answer():
    found = measured(
        line(A, "I did it.", i=1, hypothetical=1, competencies=(0.9, *(0.0,) * 6)),
        line(A, "We did it then and there.", we=3, competencies=(0.4, 0.5, *(0.0,) * 5)),
    )
    assert found["hypothetical"] == 0.5
    assert found["team"] == 0.75
    assert measured(line(A, "Maybe.", hedges=1))["vague"] == 1.0


def test_a_competency_shown_twice_is_evidenced_once():
    one, same, other = ((0.9, *(0.0,) * 6), (0.4, *(0.0,) * 6), (0.0, 0.4, *(0.0,) * 5))
    first = line(A, "I did it.", competencies=one)
    alone = measured(first)["deeds_evidenced"]
    assert measured(first, line(A, "I did.", competencies=same))["deeds_evidenced"] == alone > 0
    assert measured(first, line(A, "I did.", competencies=other))["deeds_evidenced"] > alone


def test_a_few_words_of_we_are_no_team():
    assert measured(line(A, "We did it.", we=1))["team"] == 0.25


def test_what_does_not_count_is_no_evidence_of_a_competency():
    low, high = (0.2, *(0.0,) * 6), (0.8, *(0.0,) * 6)
    lines = (line(S, "One.", competencies=high), line(A, "Two.", competencies=low))
    name = COMPETENCIES[0]
    found = competency_measures(reading_of(*lines), name)
    assert [found[n] for n in ("first", "second", "any")] == [odds(0.8), odds(0.2), odds(1 - 0.2 * 0.8)]
    assert found["deed"] == pytest.approx(0.2 * soften(probabilities_of(A, 0.9))[2], abs=1e-3)
    uncounted = reading_of(*(replace(one, counted=False) for one in lines))
    assert competency_measures(uncounted, name)["deed"] == 0.0


def odds(probability):
    return round(math.log(probability / (1 - probability)), 4)


def test_signals_of_a_story():
    signals = signals_of(reading_of(*STORY), 0.5)
    assert signals.words == sum(len(one.text.split()) for one in STORY)
    assert signals.seconds_to_say == pytest.approx(signals.words / 140 * 60, abs=0.05)
    assert (signals.ownership_i, signals.ownership_we) == (4, 0)
    assert signals.quantified_result
    assert (signals.order, signals.in_order, signals.reflection) == ("STARL", True, True)
    assert signals.unsure == ()


def test_runs_of_a_part_are_one_letter_and_other_is_none():
    assert signals_of(in_order(S, S, O, A, O, A, R, A), 0.5).order == "SARA"


def test_disorder_from_the_limit_on_is_no_order():
    backwards = in_order(A, S, T, R)
    assert disorder(backwards) >= OUT_OF_ORDER
    assert not signals_of(backwards, 0.5).in_order


def test_a_bare_number_or_a_figure_outside_the_result_is_no_quantified_result():
    assert not signals_of(reading_of(line(R, "Seven people came.", figures=1)), 0.5).quantified_result
    assert not signals_of(reading_of(line(S, "Sales fell by 7%.", figures=1, measures=1)), 0.5).quantified_result


def test_shares_of_tense_and_hypotheticals():
    lines = (line(A, "I did.", past=1, verbs=1), line(A, "I would do.", hypothetical=1, verbs=3, past=1))
    signals = signals_of(reading_of(*lines), 0.5)
    assert (signals.past_share, signals.hypothetical_share) == (0.5, 0.5)


def test_sentences_below_the_limit_are_unsure():
    lines = (line(A, "One.", confidence=0.49), line(A, "Two.", confidence=0.5), line(A, "Three.", confidence=0.2))
    assert signals_of(reading_of(*lines), 0.5).unsure == (0, 2)


def test_what_does_not_count_is_said_but_not_observed():
    lines = (line(A, "I did it."), line(L, "We learned.", we=1, counted=False))
    signals = signals_of(reading_of(*lines), 0.5)
    assert (signals.words, signals.ownership_we, signals.order, signals.reflection) == (5, 0, "A", False)
