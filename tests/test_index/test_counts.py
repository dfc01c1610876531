"""Counts in a row, held to plain Python."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo_match.index.counts import slices, starts

COUNTS = st.lists(st.integers(0, 9), max_size=30)


@given(COUNTS)
def test_starts_are_the_sums_of_what_stands_before(counts):
    found = starts(np.array(counts, dtype=np.int64))
    assert found.tolist() == [sum(counts[:at]) for at in range(len(counts) + 1)]
    assert starts(np.array(counts, dtype=np.int64) > 0).dtype == np.int64


@given(COUNTS, st.integers(1, 12))
def test_slices_are_whole_in_order_and_as_long_as_their_sum_allows(counts, most):
    found = list(slices(np.array(counts, dtype=np.int64), most))
    assert [at for cut in found for at in range(cut.start, cut.stop)] == list(range(len(counts)))
    for cut in found:
        assert sum(counts[cut]) <= most or cut.stop - cut.start == 1
        if cut.stop < len(counts):
            assert sum(counts[cut.start : cut.stop + 1]) > most
