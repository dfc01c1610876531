"""Competition against Karney and `math.fsum`, a published case, and the identities."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_coverage.plain_competition import distances, plain_availability, stepped

from geo_match import PointIndex
from geo_match.coverage.measures import competition
from geo_match.coverage.measures._decayed import Counted, Reach, Served, give_out
from geo_match.coverage.measures.competition import availability
from geo_match.coverage.measures.decay import Binary, Exponential, Gaussian, Stepped
from geo_match.errors import ArgumentError, CoordinateError, RadiusError, WeightError
from geo_match.spatial import Pairs

BANDS = ((1000.0, 1.0), (2000.0, 0.68), (3000.0, 0.22))
FORMS = [
    (Binary(), lambda _: 1.0),
    (Stepped(BANDS), stepped(BANDS)),
    (Exponential(0.7), lambda metres: math.exp(-0.7 * metres / 1000.0)),
    (Gaussian(1200.0), lambda metres: math.exp(-0.5 * (metres / 1200.0) ** 2)),
]
IDS = ["binary", "stepped", "exponential", "gaussian"]
RADIUS_M = 3000.0

# Places whose geodesic distances are the published case's minutes times one kilometre, to 0.1 mm.
CASE_PEOPLE = (
    [117.295802337, 117.428756146, 116.565863297],
    [33.089409145, 33.295274314, 33.551879661],
)
CASE_SITES = (
    [117.436945937, 117.570129651, 116.423228913],
    [33.02486589, 33.230578492, 33.615421781],
)
CASE_MINUTES = [[15, 30, 100], [30, 15, 100], [100, 100, 15]]


def town(seed, n=60, m=12, *, whole=True):
    """Return people, weights, sites and supply; some at one place, some of weight 0."""
    rng = np.random.default_rng(seed)
    people = rng.normal(117.37, 0.02, n), rng.normal(32.93, 0.02, n)
    sites = rng.normal(117.37, 0.03, m), rng.normal(32.93, 0.03, m)
    for axis in (0, 1):
        people[axis][: n // 10] = people[axis][n // 10 : 2 * (n // 10)]
        sites[axis][: m // 4] = people[axis][: m // 4]
    weight = rng.integers(0, 6, n) if whole else rng.random(n) * 10.0 ** rng.integers(-3, 4, n)
    supply = rng.integers(0, 40, m) if whole else rng.random(m) * 40.0
    return people, weight, sites, supply


def ask(people, weight, sites, supply, decay, *, radius_m=RADIUS_M, **more):
    return availability(*people, weight, *sites, supply, radius_m=radius_m, decay=decay, **more)


def assert_is(found, plain):
    """Hold an answer against the plain twin's, whose own sums are rounded once."""
    limit = found.relative_error + 4e-16
    np.testing.assert_allclose(found.per_person, plain.per_person, rtol=limit, atol=0.0)
    np.testing.assert_allclose(found.demand, plain.demand, rtol=limit, atol=0.0)
    expected = [math.nan if ratio is None else ratio for ratio in plain.ratio]
    np.testing.assert_allclose(found.ratio, expected, rtol=limit, atol=0.0)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("form", FORMS, ids=IDS)
def test_availability_is_that_of_brute_force_within_the_stated_error(form, whole):
    decay, plain_decay = form
    for seed in range(6):
        people, weight, sites, supply = town(seed, whole=whole)
        found = ask(people, weight, sites, supply, decay)
        table = distances(*people, *sites)
        assert_is(found, plain_availability(table, weight, supply, RADIUS_M, plain_decay))
        assert found.relative_error < 1e-8


@pytest.mark.parametrize("radius_m", [0.0, 150.0, 9_000.0])
@pytest.mark.parametrize("form", FORMS, ids=IDS)
def test_other_radii_are_that_of_brute_force_too(form, radius_m):
    decay, plain_decay = form
    people, weight, sites, supply = town(11)
    found = ask(people, weight, sites, supply, decay, radius_m=radius_m)
    table = distances(*people, *sites)
    assert_is(found, plain_availability(table, weight, supply, radius_m, plain_decay))


def test_the_published_case_comes_out_from_places_that_realise_its_matrix():
    weight, supply = [50_000, 150_000, 10_000], [100_000, 100_000, 10_000]
    table = np.array(distances(*CASE_PEOPLE, *CASE_SITES))
    np.testing.assert_allclose(table, 1000.0 * np.array(CASE_MINUTES), rtol=0, atol=1e-4)
    # e^(−0.1·t) with a minute a kilometre.
    found = ask(CASE_PEOPLE, weight, CASE_SITES, supply, Exponential(0.1), radius_m=150_000.0)
    assert found.spatial.round().tolist() == [66_833, 133_203, 9_963]
    np.testing.assert_allclose(found.per_person, found.spatial / weight)


def test_the_published_case_comes_out_of_its_matrix_itself():
    weight, supply = np.array([50_000, 150_000, 10_000]), np.array([100_000, 100_000, 10_000])
    metres = 1000.0 * np.array(CASE_MINUTES, dtype=float)
    by_site = Pairs(np.array([0, 3, 6, 9]), np.tile(np.arange(3), 3), metres.T.ravel().copy())
    found = competition.from_pairs([by_site], weight, supply, Exponential(0.1), 150_000.0)
    assert found.spatial.round().tolist() == [66_833, 133_203, 9_963]
    plain = plain_availability(metres, weight, supply, 150_000.0, lambda d: math.exp(-d / 10_000))
    np.testing.assert_allclose(found.per_person, plain.per_person, rtol=1e-14)


def test_a_town_worked_by_hand():
    # On the equator 0.01° are 1113.2 m. Sites at 0 and 0.02°; people at 0, 0.02 and 0.04°.
    people, sites = ([0.0, 0.02, 0.04], [0.0] * 3), ([0.0, 0.02, 1.0], [0.0] * 3)
    found = ask(people, [2, 1, 3], sites, [6, 12, 7], Binary())
    assert found.demand.tolist() == [3, 6, 0]
    assert found.demand.dtype == np.int64
    assert found.ratio[:2].tolist() == [2.0, 2.0]
    assert math.isnan(found.ratio[2])
    assert found.without_seekers.tolist() == [False, False, True]
    assert found.per_person.tolist() == [4.0, 4.0, 2.0]
    assert found.spatial.tolist() == [8.0, 4.0, 6.0]
    halves = ask(people, [2, 1, 3], sites, [6, 12, 7], Stepped(((2000, 1.0), (3000, 0.5))))
    assert halves.demand.tolist() == [2.5, 3.5, 0.0]
    np.testing.assert_allclose(halves.ratio[:2], [6 / 2.5, 12 / 3.5])
    np.testing.assert_allclose(
        halves.per_person, [2.4 + 0.5 * 12 / 3.5, 0.5 * 2.4 + 12 / 3.5, 0.5 * 12 / 3.5]
    )


@given(seed=st.integers(0, 2**32), form=st.sampled_from(FORMS), whole=st.booleans())
def test_what_is_available_adds_up_to_the_supply_of_the_sites_with_demand(seed, form, whole):
    people, weight, sites, supply = town(seed, n=30, m=8, whole=whole)
    found = ask(people, weight, sites, supply, form[0])
    total = math.fsum(found.spatial.tolist())
    wanted = found.demand > 0
    expected = math.fsum(supply[wanted].tolist())
    assert total == pytest.approx(expected, rel=found.relative_error + 1e-15, abs=0.0)
    assert np.array_equal(found.without_seekers, ~wanted & (supply > 0))
    assert np.array_equal(np.isnan(found.ratio), ~wanted)
    assert np.isfinite(found.per_person).all()


@given(seed=st.integers(0, 2**32), form=st.sampled_from(FORMS), times=st.integers(2, 9))
def test_more_people_everywhere_share_it(seed, form, times):
    people, weight, sites, supply = town(seed, n=30, m=8)
    once = ask(people, weight, sites, supply, form[0])
    more = ask(people, weight * times, sites, supply, form[0])
    limit = once.relative_error + more.relative_error + 1e-15
    np.testing.assert_allclose(more.per_person * times, once.per_person, rtol=limit, atol=0.0)


@given(seed=st.integers(0, 2**32), form=st.sampled_from(FORMS))
def test_one_more_site_lowers_nobody(seed, form):
    people, weight, sites, supply = town(seed, n=30, m=8)
    fewer = ask(people, weight, (sites[0][1:], sites[1][1:]), supply[1:], form[0])
    more = ask(people, weight, sites, supply, form[0])
    limit = fewer.relative_error + more.relative_error
    assert (more.per_person >= fewer.per_person * (1.0 - limit)).all()
    np.testing.assert_array_equal(more.ratio[1:], fewer.ratio)


def test_one_more_competitor_and_a_larger_radius_may_lower_it():
    people, sites = ([0.0, 0.02], [0.0, 0.0]), ([0.0], [0.0])
    near = ask(people, [1, 1], sites, [4], Binary(), radius_m=2000.0)
    far = ask(people, [1, 1], sites, [4], Binary(), radius_m=3000.0)
    assert near.per_person.tolist() == [4.0, 0.0]
    assert far.per_person.tolist() == [2.0, 2.0]


@given(seed=st.integers(0, 2**32), form=st.sampled_from(FORMS), whole=st.booleans())
def test_the_order_of_the_rows_changes_nothing(seed, form, whole):
    people, weight, sites, supply = town(seed, n=30, m=8, whole=whole)
    rng = np.random.default_rng(seed)
    of_people, of_sites = rng.permutation(30), rng.permutation(8)
    once = ask(people, weight, sites, supply, form[0])
    again = ask(
        tuple(axis[of_people] for axis in people),
        weight[of_people],
        tuple(axis[of_sites] for axis in sites),
        supply[of_sites],
        form[0],
    )
    limit = 0.0 if isinstance(form[0], Binary | Stepped) else once.relative_error
    expected = once.per_person[of_people]
    np.testing.assert_allclose(again.per_person, expected, rtol=limit, atol=0.0)


def test_people_of_weight_0_have_an_availability_and_make_no_demand():
    people, sites = ([0.0, 0.01, 1.0], [0.0] * 3), ([0.0, 1.0], [0.0, 0.0])
    for decay, _ in FORMS:
        found = ask(people, [5, 0, 0], sites, [10, 4], decay)
        assert found.per_person[1] > 0.0
        assert found.per_person[2] == 0.0
        assert found.spatial.tolist()[1:] == [0.0, 0.0]
        assert found.demand.tolist() == [5, 0]
        assert found.without_seekers.tolist() == [False, True]


@pytest.mark.parametrize("form", FORMS, ids=IDS)
def test_nobody_and_no_site_are_defined(form):
    none, one = ([], []), ([117.0], [33.0])
    empty = ask(none, [], one, [3], form[0])
    assert empty.per_person.shape == (0,)
    assert empty.without_seekers.tolist() == [True]
    unserved = ask(one, [2], none, [], form[0])
    assert unserved.per_person.tolist() == [0.0]
    assert unserved.demand.shape == (0,)
    assert ask(none, [], none, [], form[0]).spatial.shape == (0,)


def test_bands_of_weight_0_reach_nobody():
    people, weight, sites, supply = town(1)
    found = ask(people, weight, sites, supply, Stepped(((3000, 0.0),)))
    assert not found.per_person.any()
    assert np.array_equal(found.without_seekers, supply > 0)


def test_an_index_of_the_people_may_be_given():
    people, weight, sites, supply = town(3)
    index = PointIndex(lon=people[0], lat=people[1])
    for decay, _ in FORMS:
        alone = ask(people, weight, sites, supply, decay)
        given_it = ask(people, weight, sites, supply, decay, people_index=index)
        np.testing.assert_array_equal(alone.per_person, given_it.per_person)
    with pytest.raises(ArgumentError, match="`people_index` must hold the 60 people"):
        ask(people, weight, sites, supply, Binary(), people_index=PointIndex(lon=[1], lat=[1]))


def test_threads_side_by_side_get_what_one_alone_gets():
    people, weight, sites, supply = town(5, whole=False)
    for decay, _ in FORMS:
        alone = ask(people, weight, sites, supply, decay)
        with ThreadPoolExecutor(4) as pool:
            found = list(
                pool.map(lambda _, decay=decay: ask(people, weight, sites, supply, decay), range(8))
            )
        for one in found:
            np.testing.assert_array_equal(one.per_person, alone.per_person)


def test_blocks_of_pairs_of_any_size_give_the_same():
    people, weight, sites, supply = town(4)
    index = PointIndex(lon=people[0], lat=people[1])
    answers = [
        competition.from_pairs(
            index.iter_within(lon=sites[0], lat=sites[1], radius_m=RADIUS_M, max_pairs=most),
            weight,
            supply,
            Gaussian(900),
            RADIUS_M,
        ).per_person
        for most in (1, 37, 2_000_000)
    ]
    np.testing.assert_array_equal(answers[0], answers[1])
    np.testing.assert_array_equal(answers[0], answers[2])


def test_the_sums_of_the_kernel_lose_as_little_as_neumaier_says():
    # One large term and many that each vanish beside it.
    n = 10_000
    weight = np.full(n, 0.9 * 2.0**-53)
    weight[0] = 1.0
    reach = Reach(np.array([0, n, 2 * n]), np.tile(np.arange(n), 2), np.ones(2 * n))
    people = Counted(weight, np.zeros(n), np.zeros(n))
    sites = Served(np.ones(2), np.zeros(2), np.full(2, np.nan))
    give_out(reach, people, sites)
    demand, ratio = sites.demand, sites.ratio
    exact = math.fsum(weight.tolist())
    assert abs(demand[0] - exact) <= 2.0**-52 * exact
    assert demand[0] > 1.0
    np.testing.assert_array_equal(ratio, 1.0 / demand)
    np.testing.assert_array_equal(people.total + people.lost, 2.0 * ratio[0])


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        ({"people_lon": [200.0]}, CoordinateError, "`people_lon` must be finite and between"),
        ({"site_lat": [math.nan]}, CoordinateError, "`site_lat` must be finite and between"),
        ({"people_weight": [-1]}, WeightError, "`people_weight` must be at least 0, got -1 at pos"),
        ({"people_weight": [math.inf]}, WeightError, "`people_weight` must be finite"),
        ({"people_weight": [[1]]}, ArgumentError, "`people_weight` must be one-dimensional"),
        ({"people_weight": [1, 2]}, ArgumentError, "`people_weight` must have the shape"),
        ({"supply": [-0.5]}, WeightError, "`supply` must be at least 0"),
        ({"supply": ["3"]}, ArgumentError, "`supply` must be real numbers"),
        ({"radius_m": -1}, RadiusError, "`radius_m` must be between 0"),
        ({"radius_m": [3000]}, ArgumentError, "`radius_m` must be one number"),
        ({"decay": "binary"}, ArgumentError, "`decay` must be a Binary, Stepped"),
        ({"decay": Gaussian(100)}, RadiusError, "`radius_m` must leave a decay a weight"),
        ({"decay": Exponential(76.0), "radius_m": 20_000}, RadiusError, "leave a decay a weight"),
        ({"people_weight": [1e-300]}, WeightError, "`people_weight` must leave a site no more"),
    ],
)
def test_bad_arguments_are_named(change, error, match):
    good = {
        "people_lon": [117.0],
        "people_lat": [33.0],
        "people_weight": [1],
        "site_lon": [117.0],
        "site_lat": [33.0],
        "supply": [1],
        "radius_m": 3000,
        "decay": Binary(),
    }
    with pytest.raises(error, match=match):
        availability(**{**good, **change})


def test_weights_too_uneven_for_floats_are_refused():
    people = [117.0, 117.0], [33.0, 33.0]
    with pytest.raises(WeightError, match="`people_weight` must with `supply` let sums"):
        ask(people, [1e-40, 1.0], ([117.0], [33.0]), [1], Binary())
