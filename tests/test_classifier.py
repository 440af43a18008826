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
from starcheck.tagging.experts import NEIGHBOURS, Wording
from starcheck.tagging.features import Evidence, encoder_view, places, words_of

SMALL = {"encoder_weight": 0.0, "min_count": 1, "syntax_C": 1.0}
few = settings(max_examples=40, deadline=None)


@pytest.fixture(scope="module")
def data():
    return labelled_evidence()


@pytest.fixture(scope="module")
def groups(data):
    return [i // 2 for i in range(len(data[0]))]


def syntax(tagger):
    return tagger.experts_["syntax"].coef


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_parameters_are_kept_as_given_and_judged_in_fit_only():
    given_ones = {
        "encoder_weight": 0.0, "syntax_weight": 2.0, "wording_weight": 1.0,
        "encoder_C": 1.0, "syntax_C": 3.0, "wording_C": 5.0, "min_count": 2, "syntax_scale": 0.1,
        "order_weight": 0.0, "prior_weight": 0.2, "temperature": 2.0,
    }  # fmt: skip
    assert StarTagger(**given_ones).get_params() == given_ones
    assert StarTagger().set_params(syntax_C=7.0).get_params()["syntax_C"] == 7.0
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
    for name, expert in tagger.experts_.items():
        assert list(again.experts_[name].view.names) == list(expert.view.names)
        np.testing.assert_array_equal(again.experts_[name].coef, expert.coef)
    assert same(again.predict(data[0]), tagger.predict(data[0]))


def test_what_is_learnt_has_the_shapes_that_are_promised(tagger):
    assert list(tagger.classes_) == [p.value for p in PARTS]
    assert list(tagger.experts_) == ["syntax", "wording"]
    for expert in tagger.experts_.values():
        assert expert.coef.shape == (6, expert.view.width)
        assert expert.intercept.shape == (6,)
        assert list(expert.view.names) == sorted(set(expert.view.names))
    assert tagger.start_.shape == (6,)
    assert tagger.transitions_.shape == (6, 6)


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
    odd = Evidence((Facts(8, "So result it was", ("lemma=result", "root=VBD"), (0,) * len(COUNTS)),) * 6)
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


def test_only_experts_with_a_weight_are_asked(data):
    X, y = labelled_evidence(with_logits=True)
    three = StarTagger(min_count=1).fit(X, y)
    assert list(three.experts_) == ["encoder", "syntax", "wording"]
    assert sum(three.shares().values()) == pytest.approx(1.0)
    assert three.score(*labelled_evidence(with_logits=True, seed=5)) > 0.8
    alone = StarTagger(encoder_weight=0.0, syntax_weight=0.0).fit(X, y)
    assert alone.shares() == {"wording": 1.0}
    opinion = alone.experts_["wording"].log_probabilities(X[0])
    np.testing.assert_array_equal(alone.emissions(X[0]), opinion)
    with pytest.raises(ValueError, match="All experts have the weight 0: give encoder_weight, syntax"):
        StarTagger(encoder_weight=0.0, syntax_weight=0.0, wording_weight=0.0).fit(X, y)
    with pytest.raises(ValueError, match="needs the encoder's logits: give them, or encoder_weight=0"):
        StarTagger().fit(*data)


def test_emissions_are_the_average_of_the_experts(data, tagger):
    evidence = data[0][0]
    opinions = {name: expert.log_probabilities(evidence) for name, expert in tagger.experts_.items()}
    for opinion in opinions.values():
        np.testing.assert_allclose(np.exp(opinion).sum(axis=1), 1.0, atol=2e-3)
    np.testing.assert_allclose(tagger.emissions(evidence), (opinions["syntax"] + opinions["wording"]) / 2)


def test_words_of_neighbours_count_within_their_answer_only():
    one, two = (Evidence(tuple(Facts(1, word, (), ()) for word in words)) for words in (("alpha", "beta"), ("gamma",)))
    view = Wording(["alpha", "beta", "gamma"], np.ones(3))
    rows = view.matrix([one, two]).toarray()
    own, before, after = rows[:, :3], rows[:, 3:6], rows[:, 6:9]
    np.testing.assert_array_equal(own, np.eye(3))
    np.testing.assert_allclose(before, [[0, 0, 0], [NEIGHBOURS, 0, 0], [0, 0, 0]])
    np.testing.assert_allclose(after, [[0, NEIGHBOURS, 0], [0, 0, 0], [0, 0, 0]])
    assert rows.shape[1] == view.width
    np.testing.assert_array_equal(rows[2:], view.matrix([two]).toarray())


def test_an_answer_without_a_known_word_is_read_by_its_places():
    wordless = [Evidence((Facts(1, "", (), ()),) * 3)] * 4
    assert Wording().learn(wordless).matrix(wordless).shape == (12, 7)


def test_cross_validation_splits_answers_of_any_length(data, groups):
    scores = cross_val_score(StarTagger(**SMALL), *data, groups=groups, cv=GroupKFold(3), error_score="raise")
    assert scores.shape == (3,)
    assert (scores > 0.5).all()


def test_a_grid_search_chooses_and_refits(data, groups):
    grid = {"syntax_C": [1e-6, 1.0], "wording_weight": [0.0], "order_weight": [0.0, 0.5]}
    search = GridSearchCV(StarTagger(**SMALL), grid, cv=GroupKFold(3), error_score="raise")
    search.fit(*data, groups=groups)
    assert search.best_params_["syntax_C"] == 1.0
    assert same(search.predict(data[0]), search.best_estimator_.predict(data[0]))


def test_weights_of_answers_change_what_is_learnt_and_how_it_is_scored(data, tagger):
    X, y = data
    ones = StarTagger(**SMALL).fit(X, y, sample_weight=[1.0] * len(X))
    np.testing.assert_allclose(syntax(ones), syntax(tagger), atol=1e-4)
    first = [1.0] + [1e-6] * (len(X) - 1)
    weighted = StarTagger(**SMALL).fit(X, y, sample_weight=first)
    assert not np.allclose(syntax(weighted), syntax(tagger), atol=0.05)
    assert not np.allclose(weighted.transitions_, tagger.transitions_, atol=0.05)
    wrong = [["other"] * len(labels) for labels in y[1:]]
    assert tagger.score(X, [y[0], *wrong], sample_weight=first) > tagger.score(X, [y[0], *wrong])


def test_a_part_that_no_answer_has_is_never_predicted(data):
    X, y = data
    other = [["action" if label == "other" else label for label in labels] for labels in y]
    tagger = StarTagger(**SMALL).fit(X, other)
    assert syntax(tagger).shape[0] == 6
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
    view = encoder_view(logits)
    np.testing.assert_allclose(view[:, 6:12].sum(axis=1), 1.0)
    np.testing.assert_allclose(view[1, 12:18], view[0, 6:12])
    np.testing.assert_allclose(view[0, 18:24], view[1, 6:12])
    assert (view[0, 12:18] == 0).all()
