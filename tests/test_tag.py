"""Which sentences are taken not to belong to an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starcheck.tagging.tag import FOREIGN, FOREIGN_BESIDE, passages

SHARES = st.lists(st.floats(0, 1), max_size=12)


@pytest.mark.parametrize(
    ("shares", "found"),
    [
        ([], []),
        ([0.0, 0.49, 0.2], []),
        ([0.2, 0.51, 0.2, 0.0, 0.2], [0, 1, 2]),
        ([0.2, 0.0, 0.9, 0.07, 0.07], [2, 3, 4]),
    ],
)
def test_a_passage_is_a_sure_sentence_with_the_doubtful_ones_beside_it(shares, found):
    assert passages(shares) == found


@given(SHARES)
def test_sure_ones_are_always_found_and_unlikely_ones_never(shares):
    found = set(passages(shares))
    assert {i for i, p in enumerate(shares) if p >= FOREIGN} <= found
    assert all(shares[i] >= FOREIGN_BESIDE for i in found)
    assert passages(shares[::-1]) == sorted(len(shares) - 1 - i for i in found)
