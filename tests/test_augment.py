"""What the encoder is shown in training: targets stay with their sentences whatever is varied."""

import random
from dataclasses import replace

import numpy as np
import pytest

from starcheck.records import COMPETENCIES, PARTS
from starcheck.training.augment import Example, _told, _varied, plain
from starcheck.training.recipe import Recipe

LABELS = [0, 0, 1, 2, 2, 2, 3, 4]
NEVER = Recipe(plain_share=0, foreign_share=0, cut_share=0, missing_share=0, shuffled_share=0)
FOREIGN = ("Herons nest early.", "The bus is green.")


@pytest.fixture
def example():
    parts = np.eye(len(PARTS), dtype=np.float32)[LABELS]
    competencies = np.zeros((len(LABELS), len(COMPETENCIES)), dtype=np.float32)
    competencies[3, 1] = 1
    return Example(tuple(f"Sentence {i}." for i in range(len(LABELS))), parts, competencies)


def varied(example, seed=0, **shares):
    return _varied(example, FOREIGN, replace(NEVER, **shares), random.Random(seed))


def test_an_answer_left_as_it_is_keeps_its_targets(example):
    sentences, (parts, competencies, alien) = _told(example, varied(example))
    assert sentences == list(example.sentences)
    assert (parts == example.parts).all()
    assert (competencies == example.competencies).all()
    assert alien.sum() == 0


@pytest.mark.parametrize("seed", range(5))
def test_a_shuffled_sentence_keeps_its_part(example, seed):
    told = varied(example, seed, shuffled_share=1)
    assert sorted(told) == list(range(len(LABELS)))
    _, (parts, _, _) = _told(example, told)
    assert [LABELS[i] for i in told] == parts.argmax(axis=1).tolist()


@pytest.mark.parametrize("seed", range(5))
def test_a_part_left_out_is_gone_and_the_rest_keeps_its_order(example, seed):
    told = varied(example, seed, missing_share=1)
    left = {LABELS[i] for i in told}
    assert len(left) == len(set(LABELS)) - 1
    assert told == sorted(told)


@pytest.mark.parametrize("seed", range(5))
def test_what_does_not_belong_is_other_and_evidences_nothing(example, seed):
    told = varied(example, seed, foreign_share=1)
    sentences, (parts, competencies, alien) = _told(example, told)
    for row, sentence in enumerate(sentences):
        assert alien[row, 0] == (sentence in FOREIGN)
        if sentence in FOREIGN:
            assert PARTS[parts[row].argmax()] == "other"
            assert competencies[row].sum() == 0


def test_dictated_text_has_no_case_and_never_nothing():
    assert plain("I said: 'No!' (Twice, for £5.)") == "i said 'no' twice for £5."
    assert plain("?!") == "?!"
