"""Every sentence reaches the encoder once, in a window that fits, with context on both sides."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from starcheck.tagging.windows import LONGEST_SENTENCE, WINDOW, windows

CLS, SEP = -1, -2
PIECES = st.lists(st.lists(st.integers(0, 9), max_size=LONGEST_SENTENCE + 20), max_size=40)
SIZES = st.integers(3, WINDOW)
few = settings(max_examples=50, deadline=None)


def lay_out(pieces, size=WINDOW):
    return windows(pieces, CLS, SEP, size)


def equal_sentences(count, tokens=9):
    return [[i] * tokens for i in range(count)]


@few
@given(PIECES, SIZES)
def test_every_sentence_is_kept_exactly_once(pieces, size):
    kept = [s for w in lay_out(pieces, size) for s, k in zip(w.sentences, w.kept, strict=True) if k]
    assert sorted(kept) == list(range(len(pieces)))


@few
@given(PIECES, SIZES)
def test_no_window_is_over_the_size(pieces, size):
    assert all(len(w.ids) <= size for w in lay_out(pieces, size))


@few
@given(PIECES, SIZES)
def test_a_span_holds_its_sentence_and_the_separator_after_it(pieces, size):
    longest = min(LONGEST_SENTENCE, size - 2)
    for window in lay_out(pieces, size):
        assert window.ids[0] == CLS
        for (start, end), s in zip(window.spans, window.sentences, strict=True):
            assert window.ids[start:end] == (*pieces[s][:longest], SEP)


@few
@given(PIECES, SIZES)
def test_spans_of_a_window_follow_each_other_without_a_gap(pieces, size):
    for window in lay_out(pieces, size):
        edges = [1, *(end for _, end in window.spans)]
        assert [start for start, _ in window.spans] == edges[:-1]
        assert edges[-1] == len(window.ids)
        assert list(window.sentences) == list(range(window.sentences[0], window.sentences[-1] + 1))


def test_no_sentences_need_no_window():
    assert lay_out([]) == []


def test_an_answer_of_usual_length_is_read_in_one_window():
    (window,) = lay_out(equal_sentences(20))
    assert window.sentences == tuple(range(20))
    assert all(window.kept)


def test_the_layout_is_cls_then_each_sentence_with_its_separator():
    (window,) = lay_out([[5, 6], [7]])
    assert window.ids == (CLS, 5, 6, SEP, 7, SEP)
    assert window.spans == ((1, 4), (4, 6))


def test_windows_of_a_long_answer_overlap_by_about_half():
    found = lay_out(equal_sentences(200))
    assert len(found) > 3
    for before, after in pairwise(found):
        shared = set(before.sentences) & set(after.sentences)
        assert len(shared) >= len(before.sentences) // 2


def test_sentences_inside_a_long_answer_are_kept_away_from_the_edges():
    for window in lay_out(equal_sentences(200))[1:-1]:
        last = len(window.sentences) - 1
        kept = [place for place, k in enumerate(window.kept) if k]
        assert kept
        assert min(kept) >= last // 4
        assert last - max(kept) >= last // 4


def test_the_first_and_last_sentence_come_from_the_first_and_last_window():
    found = lay_out(equal_sentences(200))
    assert found[0].kept[0]
    assert found[-1].kept[-1]


def test_a_run_on_is_read_up_to_its_limit_only():
    (window,) = lay_out([[1] * (LONGEST_SENTENCE + 50)])
    assert window.ids.count(1) == LONGEST_SENTENCE


@pytest.mark.parametrize("size", [3, 10, LONGEST_SENTENCE])
def test_a_sentence_longer_than_a_small_window_is_cut_not_lost(size):
    found = lay_out([[1] * LONGEST_SENTENCE, [2]], size)
    assert {s for w in found for s in w.sentences} == {0, 1}
    assert max(len(w.ids) for w in found) == size
