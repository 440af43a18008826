"""Which sentences are taken not to belong to an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starcheck.tagging.tag import LIKELY, SURE_ALONE, passages

SHARES = st.lists(st.floats(0, 1), max_size=12)


@pytest.mark.parametrize(
    ("shares", "found"),
    [
        ([], []),
        ([0.0, 0.89, 0.0], []),
        ([0.0, 0.91, 0.0], [1]),
        ([0.3, 0.4, 0.0, 0.2, 0.5, 0.2], [3, 4, 5]),
        ([0.0, 0.9, 0.11, 0.03], [1, 2]),
    ],
)
def test_a_passage_is_a_sure_sentence_or_several_likely_ones(shares, found):
    assert passages(shares) == found


@given(SHARES)
def test_sure_ones_are_always_found_and_unlikely_ones_never(shares):
    found = set(passages(shares))
    assert {i for i, p in enumerate(shares) if p >= SURE_ALONE} <= found
    assert all(shares[i] >= LIKELY for i in found)
    assert passages(shares[::-1]) == sorted(len(shares) - 1 - i for i in found)
