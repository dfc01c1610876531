"""Shares of figures have the digits that these bear out, and none beyond."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.coverage.publication.digits import share_of, shares

_COUNTS = st.integers(1, 10**7)


def share(part, whole, most_error=5):
    return float(share_of(np.array([part]), np.array([whole]), most_error)[0])


def digits(value):
    """Return how many digits are behind the point."""
    return max(0, -Decimal(repr(value)).normalize().as_tuple().exponent)


@given(_COUNTS, _COUNTS, st.integers(1, 20))
def test_the_last_digit_is_the_first_that_the_error_makes_uncertain(one, other, most_error):
    part, whole = sorted((one, other))
    found = share(float(part), float(whole), most_error)
    # What is off by e / w is told to a tenth of that at the finest, but for whole per cents.
    assert 10.0 ** -digits(found) >= min(0.01, most_error / whole / 10) * (1 - 1e-9)
    unit = max(10.0**-6, min(0.01, most_error / whole))
    assert abs(found - part / whole) <= unit


@given(_COUNTS, _COUNTS)
def test_only_none_and_all_are_told_as_such(one, other):
    part, whole = sorted((one, other))
    found = share(float(part), float(whole))
    assert 0 < found <= 1
    assert (found == 1) == (part == whole)
    assert share(0.0, float(whole)) == 0


def test_some_shares():
    assert share(70.0, 75.0) == 0.93
    assert share(1_800.0, 1_805.0) == 0.997
    assert share(17_820.0, 25_490.0) == 0.6991
    assert share(80.0, 75.0) == 1.0  # rounded apart


def test_of_what_is_kept_back_and_of_nobody_there_is_no_share():
    part = pd.Series(pd.array([1, None, 3, 0], dtype="Int64"), index=[4, 5, 6, 7])
    whole = pd.Series(pd.array([None, 2, 4, 0], dtype="Int64"), index=[4, 5, 6, 7])
    found = shares(part, whole, 5)
    assert found.dtype == "Float64"
    assert found.index.tolist() == [4, 5, 6, 7]
    assert found.isna().tolist() == [True, True, False, True]
    assert found[6] == pytest.approx(0.75)
