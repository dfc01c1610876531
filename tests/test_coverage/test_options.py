"""What coverage is asked, and what it refuses to be asked."""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction

import pytest
from test_coverage.river import town

from geo_match import MatchOptions
from geo_match.coverage import Binary, Coverage, CoverageOptions
from geo_match.errors import ArgumentError


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"radius_m": -1}, "`radius_m` must be between 0 and 200,000 metres"),
        ({"radius_m": "3 km"}, "`radius_m` must be a number of metres, got '3 km'"),
        ({"radius_m": True}, "`radius_m` must be a number of metres, got True"),
        ({"radius_m": math.nan}, "`radius_m` must be between"),
        ({"at_least": 0}, "`at_least` must be a whole number of at least 1, got 0"),
        ({"at_least": 1.5}, "`at_least` must be a whole number"),
        ({"at_least": 2**53 + 1}, "`at_least` must be at most 9,007,199,254,740,992, got 9,007"),
        ({"standard": True}, "`standard` must be a number of at least 0, or None, got True"),
        ({"standard": 10**400}, "`standard` must be a number of at least 0, or None, got 1000"),
        ({"count": "jobs"}, "`count` must be one of vacancies, places, got 'jobs'"),
        ({"standard": -0.5}, "`standard` must be a number of at least 0, or None, got -0.5"),
        ({"standard": math.inf}, "`standard` must be a number of at least 0"),
        ({"coarse_m": "far"}, "`coarse_m` must be a number of at least 0"),
        ({"quantiles": "0.5"}, "`quantiles` must be a collection of numbers"),
        ({"quantiles": 0.5}, "`quantiles` must be a collection of numbers"),
        ({"quantiles": [0.0]}, "`quantiles` must be above 0 and at most 1 each, got 0.0"),
        ({"quantiles": [0.5, 1.5]}, "`quantiles` must be above 0 and at most 1 each, got 1.5"),
        ({"max_distance_m": None}, "`max_distance_m` must be a number of metres, got None"),
        ({"max_distance_m": math.nan}, "`max_distance_m` must be one number of at least 0"),
        (
            {"radius_m": 30_000},
            r"`max_distance_m` must be at least `radius_m` \(30000\), got 20000. Look",
        ),
        ({"edge_effect": 1}, "`edge_effect` must be True or False, got 1"),
        ({"eligible": True}, "`eligible` must be MatchOptions, or None, got True"),
        (
            {"eligible": MatchOptions(radius_m=2000)},
            r"`eligible` must have the radius of the circles \(3000\), got 2000. Leave its",
        ),
        (
            {"eligible": MatchOptions(), "competition": Binary()},
            "`eligible` must be None with `competition`, got both. Ask for one of the two",
        ),
        (
            {"eligible": MatchOptions(conditions=["wage"])},
            "`eligible` must ask the condition vacancies .* got conditions distance, wage. Name it",
        ),
        ({"basis": "driving"}, "`basis` must be one of geodesic, walking, got 'driving'"),
        ({"basis": "walking"}, "`network` must be a `geo_match.walking.Network` with .* got none"),
        (
            {"network": town()},
            '`network` must be given with the basis "walking" alone, got one .* leave it out',
        ),
        (
            {"eligible": MatchOptions(basis="walking", network=town())},
            r"`eligible` must have the basis and the network of .* got basis 'walking'\. Leave",
        ),
        (
            {
                "eligible": MatchOptions(basis="walking", network=town()),
                "basis": "walking",
                "network": town("Old Bridge"),
            },
            "`eligible` must have the basis and the network of the circles",
        ),
        ({"competition": "binary"}, "`competition` must be Binary, Stepped, .* got 'binary'"),
    ],
)
def test_an_option_that_breaks_its_rule_is_named(options, told):
    with pytest.raises(ArgumentError, match=told):
        CoverageOptions(**options)


def test_what_is_left_out_follows_from_the_others():
    assert CoverageOptions(at_least=3).standard_or_default == 3
    assert CoverageOptions(at_least=3, standard=0).standard_or_default == 0
    assert CoverageOptions(radius_m=1000).coarse_or_default_m == 500
    assert CoverageOptions(coarse_m=0).coarse_or_default_m == 0


def test_numbers_of_any_make_are_taken():
    options = CoverageOptions(standard=Fraction(1, 2), coarse_m=Fraction(1, 4))
    assert (options.standard, options.coarse_m) == (0.5, 0.25)
    people = [{"id": "P", "lon": 117.0, "lat": 32.9, "location_accuracy_m": 0.25}, {"id": "Q"}]
    job = {"id": "J", "lon": 117.0, "lat": 32.9}
    for more, below in (
        ({"standard": Fraction(1, 2)}, 1),
        ({"standard": 10**300}, 2),
        ({"at_least": 2**53}, 2),
    ):
        totals = Coverage(job, [], dataclasses.replace(options, **{"standard": None} | more))
        assert totals.of(people).totals()["below"] == below


def test_options_do_not_change_and_may_be_keys():
    quantiles = [0.9, 0.5, 0.5]
    options = CoverageOptions(quantiles=quantiles, competition=Binary())
    quantiles.append(0.1)
    assert options.quantiles == (0.5, 0.9)
    assert {options: 1}[CoverageOptions(quantiles=(0.5, 0.9), competition=Binary())] == 1
    with pytest.raises(dataclasses.FrozenInstanceError, match="radius_m"):
        options.radius_m = 1.0


def test_eligibility_has_the_radius_of_the_circles():
    for given in (MatchOptions(), MatchOptions(radius_m=1000)):
        options = CoverageOptions(radius_m=1000, eligible=given)
        assert options.eligible == MatchOptions(radius_m=1000)
    by_place = CoverageOptions(count="places", eligible=MatchOptions(conditions=["wage"]))
    assert by_place.eligible == MatchOptions(conditions=["wage"])


def test_eligibility_has_the_basis_and_the_network_of_the_circles():
    network = town("Old Bridge")
    on_foot = {"basis": "walking", "network": network}
    for given in (MatchOptions(), MatchOptions(**on_foot)):
        options = CoverageOptions(eligible=given, **on_foot)
        assert options.eligible == MatchOptions(**on_foot)
    assert options.on_foot
    assert not CoverageOptions().on_foot
    assert {options: 1}[CoverageOptions(eligible=MatchOptions(), **on_foot)] == 1
