"""The tagger keeps scikit-learn's contract: one sample is an answer, and nothing is learnt outside fit."""

import json
from itertools import pairwise

import numpy as np
import pytest
from handmade import labelled_evidence
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone, is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_score

from starcheck.records import COUNTS, PARTS, Facts
from starcheck.tagging import store
from starcheck.tagging.classifier import StarTagger
from starcheck.tagging.encoder import OUTPUTS
from starcheck.tagging.features import Evidence, dense, places, words_of

SMALL = {"use_encoder": False, "min_count": 1, "C": 1.0}
few = settings(max_examples=40, deadline=None)


@pytest.fixture(scope="module")
def data():
    return labelled_evidence()


@pytest.fixture(scope="module")
def groups(data):
    return [i // 2 for i in range(len(data[0]))]


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_parameters_are_kept_as_given_and_judged_in_fit_only():
    given_ones = {
        "C": 3.0, "min_count": 2, "syntax_weight": 0.1, "use_encoder": False,
        "order_weight": 0.0, "prior_weight": 0.2, "temperature": 2.0,
    }  # fmt: skip
    assert StarTagger(**given_ones).get_params() == given_ones
    assert StarTagger().set_params(C=7.0, use_encoder=False).get_params()["C"] == 7.0
    with pytest.raises(ValueError, match="Invalid parameter 'colour'"):
        StarTagger().set_params(colour="red")
    assert is_classifier(StarTagger())


def test_a_clone_has_the_parameters_and_none_of_the_learning(tagger):
    copy = clone(tagger)
    assert copy.get_params() == tagger.get_params()
    assert not [name for name in vars(copy) if name.endswith("_")]


def test_fitting_returns_itself_changes_no_parameter_and_no_data(data):
    X, y = data
    before = json.dumps(y)
    tagger = StarTagger(**SMALL)
    params = tagger.get_params()
    assert tagger.fit(X, y) is tagger
    assert tagger.get_params() == params
    assert json.dumps(y) == before


def test_fitting_twice_gives_the_same(data, tagger):
    again = StarTagger(**SMALL).fit(*data)
    assert again.vocabulary_ == tagger.vocabulary_
    np.testing.assert_array_equal(again.coef_, tagger.coef_)
    assert same(again.predict(data[0]), tagger.predict(data[0]))


def test_what_is_learnt_has_the_shapes_that_are_promised(tagger):
    assert list(tagger.classes_) == [p.value for p in PARTS]
    assert tagger.coef_.shape == (6, len(tagger.vocabulary_) + 7)
    assert tagger.intercept_.shape == tagger.start_.shape == (6,)
    assert tagger.transitions_.shape == (6, 6)
    assert sorted(tagger.vocabulary_.values()) == list(range(len(tagger.vocabulary_)))


def test_it_learns(data):
    held_out = labelled_evidence(answers=20, seed=99)
    assert StarTagger(**SMALL).fit(*data).score(*held_out) > 0.8


def test_probabilities_sum_to_one_and_fit_the_predictions(data, tagger):
    X, _ = data
    for evidence, shares, labels in zip(X, tagger.predict_proba(X), tagger.predict(X), strict=True):
        assert shares.shape == (len(evidence), 6)
        assert (shares >= 0).all()
        np.testing.assert_allclose(shares.sum(axis=1), 1.0)
        assert set(labels) <= set(tagger.classes_)
        assert len(labels) == len(evidence)


def test_reading_is_predicting_and_its_probabilities_in_one(data, tagger):
    X, _ = data
    path, shares = tagger.read(X[0])
    assert list(tagger.classes_[path]) == list(tagger.predict(X[:1])[0])
    np.testing.assert_array_equal(shares, tagger.predict_proba(X[:1])[0])


def test_an_answer_is_read_alike_alone_and_among_others(data, tagger):
    X, _ = data
    assert same(tagger.predict_proba(X), [tagger.predict_proba([x])[0] for x in X])


def test_transitions_matter_only_with_a_weight(data):
    X, y = data
    alone, ordered = (StarTagger(**SMALL, order_weight=w).fit(X, y) for w in (0.0, 1.0))
    odd = Evidence(tuple(Facts(8, "", ("lemma=result", "root=VBD"), (0,) * len(COUNTS)) for _ in range(6)))
    best = np.asarray(alone.classes_)[alone.emissions(odd).argmax(axis=1)]
    assert list(alone.predict([odd])[0]) == list(best)
    order = [list(alone.classes_).index(p) for p in ordered.predict([odd])[0]]
    assert all(a <= b for a, b in pairwise(order))


def test_a_higher_temperature_makes_less_certain_and_predicts_the_same(data):
    X, y = data
    cold, hot = (StarTagger(**SMALL, temperature=t).fit(X, y) for t in (1.0, 5.0))
    for sure, unsure in zip(cold.predict_proba(X), hot.predict_proba(X), strict=True):
        assert unsure.max(axis=1).mean() < sure.max(axis=1).mean()
    assert same(hot.predict(X), cold.predict(X))


def test_the_encoder_is_used_where_wanted_only():
    X, y = labelled_evidence(with_logits=True)
    with_it, without = StarTagger(min_count=1).fit(X, y), StarTagger(**SMALL).fit(X, y)
    assert with_it.coef_.shape[1] - without.coef_.shape[1] == 24
    assert with_it.score(*labelled_evidence(with_logits=True, seed=5)) > 0.8


def test_cross_validation_splits_answers_of_any_length(data, groups):
    scores = cross_val_score(StarTagger(**SMALL), *data, groups=groups, cv=GroupKFold(3), error_score="raise")
    assert scores.shape == (3,)
    assert (scores > 0.5).all()


def test_a_grid_search_chooses_and_refits(data, groups):
    grid = {"C": [1e-6, 1.0], "order_weight": [0.0, 0.5]}
    search = GridSearchCV(StarTagger(**SMALL), grid, cv=GroupKFold(3), error_score="raise")
    search.fit(*data, groups=groups)
    assert search.best_params_["C"] == 1.0
    assert same(search.predict(data[0]), search.best_estimator_.predict(data[0]))


def test_weights_of_answers_change_what_is_learnt_and_how_it_is_scored(data, tagger):
    X, y = data
    ones = StarTagger(**SMALL).fit(X, y, sample_weight=[1.0] * len(X))
    np.testing.assert_allclose(ones.coef_, tagger.coef_, atol=1e-4)
    first = [1.0] + [1e-6] * (len(X) - 1)
    assert not np.allclose(StarTagger(**SMALL).fit(X, y, sample_weight=first).coef_, tagger.coef_, atol=0.05)
    wrong = [["other"] * len(labels) for labels in y[1:]]
    assert tagger.score(X, [y[0], *wrong], sample_weight=first) > tagger.score(X, [y[0], *wrong])


def test_a_part_that_no_answer_has_is_never_predicted(data):
    X, y = data
    other = [["action" if label == "other" else label for label in labels] for labels in y]
    tagger = StarTagger(**SMALL).fit(X, other)
    assert tagger.coef_.shape[0] == 6
    assert "other" not in {label for labels in tagger.predict(X) for label in labels}


def test_unequal_numbers_of_answers_or_sentences_are_refused(data):
    X, y = data
    for wrong in (y[:-1], [*y[:-1], y[-1][:-1]]):
        with pytest.raises(ValueError, match="as many answers, and as many sentences"):
            StarTagger(**SMALL).fit(X, wrong)


def test_an_unknown_label_is_named(data):
    X, y = data
    with pytest.raises(ValueError, match=r"Unknown labels \['Action'\]: use situation, task"):
        StarTagger(**SMALL).fit(X, [["Action"] * len(labels) for labels in y])


@pytest.mark.parametrize("method", ["predict", "predict_proba"])
def test_predicting_before_fitting_is_an_error(method, data):
    with pytest.raises(NotFittedError, match="not fitted yet"):
        getattr(StarTagger(), method)(data[0])


def test_a_saved_tagger_predicts_the_same(tmp_path, tagger, data):
    X, _ = data
    store.save(tmp_path, "small", "1", tagger, {}, {})
    loaded = store.load(tmp_path).tagger
    assert loaded.get_params() == tagger.get_params()
    assert same(loaded.predict(X), tagger.predict(X))
    for a, b in zip(loaded.predict_proba(X), tagger.predict_proba(X), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-3)


def test_saving_again_writes_the_same_bytes(tmp_path, tagger):
    for name in ("one", "two"):
        store.save(tmp_path / name, "small", "1", tagger, {}, {"seed": 1})
    store.save(tmp_path / "three", "small", "1", store.load(tmp_path / "one").tagger, {}, {"seed": 1})
    for file in ("model.json", "weights.npz"):
        written = {(tmp_path / name / file).read_bytes() for name in ("one", "two", "three")}
        assert len(written) == 1


def test_an_empty_answer_and_a_single_sentence_can_be_read(tagger, data):
    one = Evidence(data[0][0].facts[:1])
    assert [len(labels) for labels in tagger.predict([Evidence(()), one])] == [0, 1]


@few
@given(st.integers(1, 60))
def test_places_are_bounded_and_differ_at_the_ends(n):
    found = places(n)
    assert found.shape == (n, 7)
    assert ((found >= 0) & (found <= 1)).all()
    assert (found[0, 4], found[-1, 5]) == (1.0, 1.0)


def test_neighbours_hand_over_what_is_carried_only():
    facts = [Facts(3, "", (f"root=V{i}", f"lemma=w{i}"), (0,) * len(COUNTS)) for i in range(3)]
    first, middle, last = words_of(Evidence(tuple(facts)))
    assert middle == ["root=V1", "lemma=w1", "before:root=V0", "after:root=V2"]
    assert first[-2:] == ["before:none", "after:root=V1"]
    assert last[-1] == "after:none"


def test_the_encoder_sees_the_sentences_around_too():
    logits = np.zeros((2, len(OUTPUTS)), dtype=np.float32)
    logits[0, 2] = 9.0
    view = dense(Evidence((Facts(1, "", (), (0,) * 18),) * 2, logits), use_encoder=True)[:, 7:]
    np.testing.assert_allclose(view[:, 6:12].sum(axis=1), 1.0)
    np.testing.assert_allclose(view[1, 12:18], view[0, 6:12])
    np.testing.assert_allclose(view[0, 18:24], view[1, 6:12])
    assert (view[0, 12:18] == 0).all()
