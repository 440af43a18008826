"""The judges: fitted, kept as JSON, read term by term, and monotone where they promise to be."""

import json

import numpy as np
import pytest
from handmade import STORY, reading_of
from hypothesis import given, settings
from hypothesis import strategies as st

from starcheck.assets import asset
from starcheck.judging.judges import judges_from
from starcheck.judging.linear import Judge, choice_from, fit_choice, fit_judge, judge_from
from starcheck.judging.measures import measure
from starcheck.judging.strength import (
    BAND_FALLING,
    BAND_RISING,
    STRENGTH_FALLING,
    band_of,
    judge,
    moved,
    raises,
    strength_names,
)
from starcheck.records import STAR

few = settings(max_examples=40, deadline=None)
RISING, FALLING = ("words", "deeds", "idle"), ("vague", "harmless")
VALUES = st.floats(-5, 5, allow_nan=False)
MEASURES = st.fixed_dictionaries(dict.fromkeys(RISING + FALLING, VALUES))


def rated(n=60, seed=3):
    """Measures and ratings: words and deeds help, vagueness harms, "harmless" goes with good answers."""
    random = np.random.default_rng(seed)
    rows = [{**{name: float(random.normal()) for name in RISING + FALLING}, "idle": 1.0} for _ in range(n)]
    targets = [2 + r["words"] + 0.5 * r["deeds"] - 0.7 * r["vague"] + 0.4 * r["harmless"] for r in rows]
    return rows, [t + float(random.normal(scale=0.1)) for t in targets]


@pytest.fixture(scope="module")
def fitted():
    return fit_judge(*rated(), RISING, FALLING, alpha=1.0, low=0.0, high=3.0)


@pytest.fixture(scope="module")
def judges():
    return judges_from(json.loads(asset("models", "star-en", "model.json").read_text(encoding="utf-8"))["judges"])


def test_a_judge_learns_which_measures_matter(fitted):
    weights = dict(zip(fitted.names, fitted.weights, strict=True))
    assert weights["words"] > weights["deeds"] > 0.2
    assert weights["vague"] < -0.3
    assert weights["idle"] == 0.0


def test_a_measure_that_may_only_lower_is_never_made_to_raise(fitted):
    assert dict(zip(fitted.names, fitted.weights, strict=True))["harmless"] == 0.0


@few
@given(measures=MEASURES, name=st.sampled_from(RISING), more=st.floats(0, 5))
def test_raising_a_rising_measure_never_lowers_the_value(measures, name, more, fitted):
    assert fitted.value({**measures, name: measures[name] + more}) >= fitted.value(measures)


@few
@given(measures=MEASURES, name=st.sampled_from(FALLING), more=st.floats(0, 5))
def test_raising_a_falling_measure_never_raises_the_value(measures, name, more, fitted):
    assert fitted.value({**measures, name: measures[name] + more}) <= fitted.value(measures)


@few
@given(measures=MEASURES)
def test_a_value_stays_on_its_scale_and_is_the_sum_of_its_terms(measures, fitted):
    assert 0.0 <= fitted.value(measures) <= 3.0
    assert fitted.raw(measures) == pytest.approx(fitted.centre + sum(points for _, points in fitted.terms(measures)))


def test_an_average_answer_gets_the_average_rating(fitted):
    assert fitted.value(dict(zip(fitted.names, fitted.means, strict=True))) == pytest.approx(fitted.centre)


def test_judgements_are_spread_as_widely_as_the_ratings():
    rows, targets = rated()
    judge = fit_judge(rows, targets, RISING, FALLING, 20.0, -9, 9)
    assert 1.0 < judge.stretch <= 1.5
    assert np.std([judge.value(r) for r in rows]) == pytest.approx(np.std(targets), rel=0.01)


def test_rows_of_no_weight_teach_nothing():
    rows, targets = rated()
    weights = [1.0] * len(rows) + [0.0] * len(rows)
    again = fit_judge([*rows, *rows], [*targets, *(9.0 for _ in targets)], RISING, FALLING, 1.0, -9, 9, weights)
    alone = fit_judge(rows, targets, RISING, FALLING, 1.0, -9, 9)
    assert again.weights == pytest.approx(alone.weights, abs=1e-4)
    assert again.centre == pytest.approx(alone.centre, abs=1e-4)


def test_a_judge_survives_json(fitted):
    assert judge_from(json.loads(json.dumps(fitted.to_json()))) == fitted


def test_a_measure_that_is_missing_is_an_error(fitted):
    with pytest.raises(KeyError, match="words"):
        fitted.value({"deeds": 1.0, "idle": 1.0, "vague": 0.0, "harmless": 0.0})


def kinds(classes, n=90, seed=5):
    random = np.random.default_rng(seed)
    targets = [classes[i % len(classes)] for i in range(n)]
    rows = [{c: float(c == t) + float(random.normal(scale=0.3)) for c in classes} for t in targets]
    return rows, targets


@pytest.mark.parametrize("classes", [("no", "yes"), ("yes", "no"), ("story", "opinion", "other")])
def test_a_choice_learns_gives_probabilities_and_survives_json(classes):
    rows, targets = kinds(classes)
    choice = fit_choice(rows, targets, classes, classes, C=1.0)
    found = [choice.probabilities(row) for row in rows]
    assert all(list(f) == list(classes) for f in found)
    assert all(sum(f.values()) == pytest.approx(1.0, abs=0.003) for f in found)
    assert sum(max(f, key=f.get) == t for f, t in zip(found, targets, strict=True)) > 0.9 * len(rows)
    assert choice_from(json.loads(json.dumps(choice.to_json()))) == choice


def test_a_choice_of_two_gives_what_scikit_learn_gives():
    from sklearn.linear_model import LogisticRegression

    rows, targets = kinds(("no", "yes"))
    x = np.array([[row["no"], row["yes"]] for row in rows])
    model = LogisticRegression(C=1.0, max_iter=5000).fit((x - x.mean(axis=0)) / x.std(axis=0), targets)
    expected = model.predict_proba((x - x.mean(axis=0)) / x.std(axis=0))[:, 1]
    choice = fit_choice(rows, targets, ("no", "yes"), ("no", "yes"), C=1.0)
    np.testing.assert_allclose([choice.probabilities(r)["yes"] for r in rows], expected, atol=0.002)


def test_far_away_measures_neither_overflow_nor_vanish():
    rows, targets = kinds(("no", "yes"))
    choice = fit_choice(rows, targets, ("no", "yes"), ("no", "yes"), C=1.0)
    assert choice.probabilities({"no": -1e6, "yes": 1e6}) == {"no": 0.0, "yes": 1.0}


def test_the_shipped_judges_survive_json(judges):
    assert judges_from(json.loads(json.dumps(judges.to_json()))) == judges


def test_the_shipped_judges_rise_and_fall_only_where_they_may(judges):
    for part in STAR:
        rises_or_falls(judges.parts[part], strength_names(part), STRENGTH_FALLING)
    rises_or_falls(judges.whole, BAND_RISING, BAND_FALLING)


def rises_or_falls(one, rising, falling):
    weights = dict(zip(one.names, one.weights, strict=True))
    assert set(weights) == {*rising, *falling}
    assert all(weights[name] >= 0 for name in rising)
    assert all(weights[name] <= 0 for name in falling)
    assert one.stretch > 0


GOOD = sorted({n for p in STAR for n in strength_names(p)} | {n for n in BAND_RISING if not n.startswith("strength")})
ALL = sorted(measure(reading_of(*STORY), 1.0))


@few
@given(
    values=st.lists(st.floats(0, 5), min_size=len(ALL), max_size=len(ALL)),
    name=st.sampled_from(GOOD),
    more=st.floats(0, 3),
)
def test_raising_a_good_measure_never_lowers_a_strength_or_the_score(values, name, more, judges):
    measures = dict(zip(ALL, values, strict=True))
    low = judge(measures, judges.parts, judges.whole)
    high = judge({**measures, name: measures[name] + more}, judges.parts, judges.whole)
    assert (high.score, high.band) >= (low.score, low.band)
    assert all(high.strengths[p] >= low.strengths[p] for p in STAR)
    assert 0 <= low.score <= 100
    assert all(0 <= s <= 3 for s in low.strengths.values())


def test_the_reasons_named_are_the_largest_terms_in_order(fitted):
    measures = {"words": 3.0, "deeds": -2.0, "idle": 1.0, "vague": 1.0, "harmless": 4.0}
    reasons = moved(measures, fitted)
    assert [abs(points) for _, points in reasons] == sorted((abs(points) for _, points in reasons), reverse=True)
    assert reasons[0][0] == "how much is said"
    assert reasons[0][1] == pytest.approx(dict(fitted.terms(measures))["words"], abs=0.005)
    assert len(reasons) <= 4


@pytest.mark.parametrize(
    ("score", "band"),
    [(0, 1), (8.3, 1), (8.4, 2), (16.7, 2), (25.1, 3), (50, 4), (66.7, 5), (91.6, 6), (91.7, 7), (100, 7)],
)
def test_a_band_is_the_one_whose_middle_is_nearest(score, band):
    assert band_of(score) == band


def test_what_would_raise_a_strength_is_what_good_answers_have_more_of():
    names = ("task.words", "task.reasons", "hypothetical")
    judge = Judge(names, (0.0, 0.0, 0.0), (1.0, 0.5, -1.0), 1.0, 1.0, 0.0, 3.0)
    poor = {"task.words": 0.2, "task.reasons": 0.0, "hypothetical": 0.5}
    good = {"task.words": 1.0, "task.reasons": 1.0, "hypothetical": 0.0}
    assert raises(poor, judge, good) == ("more words on it", "did for would and could")
    assert raises({**good, "task.words": 0.5}, judge, good) == ("more words on it",)
    assert raises(good, judge, good) == ()
    assert raises({**good, "task.words": 9.0}, judge, poor) == ()
