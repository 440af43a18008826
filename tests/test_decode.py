"""Viterbi and forward-backward against the definition: every path, scored one by one."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from starcheck.tagging.decode import learn_transitions, marginals, viterbi

few = settings(max_examples=50, deadline=None)


@st.composite
def problems(draw):
    sentences, parts = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    scores = st.floats(-20, 20, allow_nan=False)
    shapes = ((sentences, parts), (parts,), (parts, parts))
    return tuple(draw(arrays(np.float64, shape, elements=scores)) for shape in shapes)


def score_of(path, emissions, start, transitions):
    steps = sum(transitions[a, b] for a, b in pairwise(path))
    return start[path[0]] + steps + sum(emissions[i, part] for i, part in enumerate(path))


def every_path(emissions):
    return list(product(range(emissions.shape[1]), repeat=len(emissions)))


def marginals_by_definition(emissions, start, transitions):
    paths = every_path(emissions)
    scores = np.array([score_of(p, emissions, start, transitions) for p in paths])
    weights = np.exp(scores - scores.max())
    out = np.zeros_like(emissions)
    for path, weight in zip(paths, weights, strict=True):
        out[np.arange(len(path)), list(path)] += weight
    return out / weights.sum()


@few
@given(problems())
def test_no_path_scores_higher_than_the_decoded_one(problem):
    found = viterbi(*problem)
    best = max(score_of(p, *problem) for p in every_path(problem[0]))
    assert score_of(tuple(found), *problem) == pytest.approx(best, abs=1e-9)


@few
@given(problems())
def test_marginals_are_the_share_of_all_paths_through_a_part(problem):
    np.testing.assert_allclose(marginals(*problem), marginals_by_definition(*problem), atol=1e-9)


@few
@given(problems())
def test_marginals_of_a_sentence_sum_to_one(problem):
    found = marginals(*problem)
    assert found.shape == problem[0].shape
    assert (found >= 0).all()
    np.testing.assert_allclose(found.sum(axis=1), 1.0)


@few
@given(problems(), st.floats(-50, 50))
def test_adding_a_constant_to_a_sentence_changes_nothing(problem, constant):
    emissions, start, transitions = problem
    shifted = emissions.copy()
    shifted[0] += constant
    np.testing.assert_allclose(marginals(shifted, start, transitions), marginals(*problem), atol=1e-9)


@few
@given(problems())
def test_without_transitions_each_sentence_is_decided_alone(problem):
    emissions, start, transitions = problem
    nothing = np.zeros_like(start), np.zeros_like(transitions)
    chosen = emissions[np.arange(len(emissions)), viterbi(emissions, *nothing)]
    np.testing.assert_allclose(chosen, emissions.max(axis=1), atol=1e-9)


def test_transitions_outvote_a_weak_sentence():
    emissions = np.log([[0.9, 0.1], [0.45, 0.55], [0.9, 0.1]])
    sticky = np.log([[0.9, 0.1], [0.1, 0.9]])
    even = np.log([0.5, 0.5])
    assert viterbi(emissions, even, np.zeros((2, 2))).tolist() == [0, 1, 0]
    assert viterbi(emissions, even, sticky).tolist() == [0, 0, 0]


def test_large_scores_neither_overflow_nor_vanish():
    emissions = np.array([[-5000.0, -5001.0], [4000.0, 4001.0]])
    found = marginals(emissions, np.zeros(2), np.zeros((2, 2)))
    low, high = 1 / (1 + np.e), np.e / (1 + np.e)
    np.testing.assert_allclose(found, [[high, low], [low, high]])


def test_an_empty_answer_has_an_empty_path_and_no_marginals():
    empty, start, transitions = np.zeros((0, 6)), np.zeros(6), np.zeros((6, 6))
    path = viterbi(empty, start, transitions)
    assert path.shape == (0,)
    assert path.dtype == np.int64
    assert marginals(empty, start, transitions).shape == (0, 6)


def test_transitions_are_counted_from_the_sequences_with_smoothing():
    start, moves, prior = learn_transitions([np.array([0, 1, 1]), np.array([0])], 2, smoothing=1.0)
    np.testing.assert_allclose(np.exp(start), [3 / 4, 1 / 4])
    np.testing.assert_allclose(np.exp(moves), [[1 / 3, 2 / 3], [1 / 3, 2 / 3]])
    np.testing.assert_allclose(np.exp(prior), [1 / 2, 1 / 2])


def test_an_empty_sequence_teaches_nothing():
    with_empty = learn_transitions([np.array([0, 1]), np.array([], dtype=np.int64)], 2, smoothing=0.5)
    without = learn_transitions([np.array([0, 1])], 2, smoothing=0.5)
    for found, expected in zip(with_empty, without, strict=True):
        np.testing.assert_array_equal(found, expected)
