"""Forms of decay: 1 at the place, never rising, 0 beyond the radius."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.coverage.measures.decay import Binary, Exponential, Gaussian, Stepped
from geo_match.errors import ArgumentError, RadiusError

BANDS = ((1000, 1.0), (2000, 0.68), (3000, 0.22))
FORMS = [Binary(), Stepped(BANDS), Exponential(0.7), Exponential.halving(800), Gaussian(1200)]


@pytest.mark.parametrize("form", FORMS, ids=str)
@given(distances=st.lists(st.floats(0, 1e7), max_size=20), radius_m=st.floats(0, 200_000))
def test_a_weight_is_a_share_that_never_rises_and_ends_at_the_radius(form, distances, radius_m):
    distance = np.sort(np.array([0.0, *distances, radius_m, math.inf]))
    weight = form.weight(distance, radius_m=radius_m)
    assert weight[0] == 1.0
    assert (weight[distance > radius_m] == 0.0).all()
    assert ((weight >= 0.0) & (weight <= 1.0)).all()
    assert (np.diff(weight) <= 0.0).all()


def test_the_radius_and_the_end_of_a_band_count():
    beyond = math.nextafter(3000.0, 4000.0)
    assert Binary().weight([3000.0, beyond], radius_m=3000).tolist() == [1.0, 0.0]
    weight = Stepped(BANDS).weight([1000, 1000.001, 2000, 3000, beyond], radius_m=5000)
    assert weight.tolist() == [1.0, 0.68, 0.68, 0.22, 0.0]
    assert Stepped(BANDS).weight([1500, 1500.1], radius_m=1500).tolist() == [0.68, 0.0]


def test_known_weights():
    assert Exponential(0.1).weight(15_000, radius_m=100_000) == pytest.approx(math.exp(-1.5))
    assert Exponential.halving(500).weight(1500, radius_m=3000) == pytest.approx(0.125)
    assert Gaussian(1500).weight(3000, radius_m=3000) == pytest.approx(math.exp(-2.0))


@pytest.mark.parametrize("radius_m", [0.0, 500.0, 1000.0, 2500.0, 3000.0, 9000.0])
@pytest.mark.parametrize("form", FORMS[:2], ids=str)
def test_the_circles_of_a_stepped_form_add_up_to_its_weights(form, radius_m):
    distance = np.array([0.0, 400, 500, 501, 1000, 1001, 2000, 2400, 2500, 2501, 3000, 3001])
    total = sum(share * (distance <= radius) for radius, share in form.circles(radius_m))
    np.testing.assert_allclose(total, form.weight(distance, radius_m=radius_m), rtol=1e-15)


def test_a_form_keeps_the_shape_it_is_asked_in():
    for form in FORMS:
        assert form.weight(5.0, radius_m=10).shape == ()
        assert form.weight(np.zeros((2, 3)), radius_m=10).shape == (2, 3)
        assert form.weight([], radius_m=10).shape == (0,)


@pytest.mark.parametrize(
    ("bands", "match"),
    [
        ((), "`bands` must have at least one band"),
        (5, "`bands` must be pairs"),
        ((1000, 1.0), "`bands` must be pairs"),
        (((1000, 1.0, 2.0),), "`bands` must be pairs"),
        (((0, 1.0),), r"`bands\[0\] end_m` must be above 0 metres"),
        (((2000, 1.0), (1000, 0.5)), r"`bands\[1\] end_m` must be above 2000 metres"),
        (((1000, 0.5), (2000, 0.6)), r"`bands\[1\] weight` must be between 0 and 0.5, got 0.6"),
        (((1000, 1.5),), r"`bands\[0\] weight` must be between 0 and 1"),
        (((1000, math.nan),), r"`bands\[0\] weight` must be between 0 and 1"),
        (((math.inf, 1.0),), r"`bands\[0\] end_m` must be above 0 metres and at most 200,000"),
        ((("1000", 1.0),), r"`bands\[0\] end_m` must be a number"),
        (((1000, True),), r"`bands\[0\] weight` must be a number"),
    ],
)
def test_bands_that_break_their_rules_are_named(bands, match):
    with pytest.raises(ArgumentError, match=match):
        Stepped(bands)


BEYOND_FLOATS = pytest.param(10**400, id="beyond floats")


@pytest.mark.parametrize("bad", [0, -1.0, math.nan, math.inf, BEYOND_FLOATS, True, "1", None])
@pytest.mark.parametrize(
    ("make", "name"),
    [(Exponential, "per_km"), (Exponential.halving, "half_m"), (Gaussian, "sigma_m")],
)
def test_a_number_that_is_not_above_0_is_named(make, name, bad):
    with pytest.raises(ArgumentError, match=f"`{name}` must be"):
        make(bad)


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_bad_distances_and_radii_are_named(form):
    for bad in (-1.0, math.nan):
        with pytest.raises(ArgumentError, match="`distance_m` must be at least 0 metres"):
            form.weight([1.0, bad], radius_m=3000)
    with pytest.raises(RadiusError, match="`radius_m` must be between"):
        form.weight([1.0], radius_m=-1)
