"""How much of the city is drawn, by name or factor."""

from __future__ import annotations

import pytest

from geo_match.demo.scale import CITY, SMALL, parse_scale
from geo_match.errors import ArgumentError


def test_names_and_factors_are_scales():
    assert parse_scale("small") is SMALL
    assert parse_scale("city") is CITY
    factor = parse_scale("0.3")
    assert (factor.households, factor.jobs, factor.districts) == (0.3, 0.3, None)


@pytest.mark.parametrize("text", ["", "big", "0", "-1", "0.005", "10.01", "nan", "inf", "1e999"])
def test_what_is_no_scale_is_refused(text):
    with pytest.raises(ArgumentError, match="`scale` must be small, city, or a factor"):
        parse_scale(text)
