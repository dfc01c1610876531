"""Numbers are rounded so that some never looks like none or all."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.exchange.report_page import numbers


@given(st.floats(0, 1))
def test_only_none_and_all_are_shown_as_such(value):
    shown = numbers.share(value)
    assert (shown == "0%") == (value == 0.0)
    assert (shown == "100%") == (value == 1.0)
    assert shown not in {"0.0%", "100.0%"}


@given(st.floats(0.001, 0.999))
def test_a_share_is_right_to_a_twentieth_of_a_per_cent(value):
    assert abs(float(numbers.share(value).rstrip("%")) / 100 - value) <= 0.0005 + 1e-12


@given(st.integers(-(2**53), 2**53))
def test_a_whole_number_is_shown_exactly(value):
    assert int(numbers.amount(value).replace(",", "")) == value


def test_other_amounts_keep_what_counts():
    assert numbers.amount(1234.56) == "1,234.6"
    assert numbers.amount(0.012345) == "0.0123"
    assert numbers.metres(1234.5678) == "1,235"


@pytest.mark.parametrize("value", [None, pd.NA, float("nan"), np.float64("nan")])
def test_what_is_missing_is_known_in_every_form(value):
    assert numbers.is_missing(value)


@pytest.mark.parametrize("value", [0, 0.0, "", False, np.int64(0)])
def test_nothing_else_is_missing(value):
    assert not numbers.is_missing(value)
