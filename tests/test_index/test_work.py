"""How much is done for an answer, counted and not timed: the work grows with the rim."""

from __future__ import annotations

import numpy as np
import pytest
from test_index.worlds import big_city, geodesics

from geo_match.index import PointIndex, _answers

M = 100_000


@pytest.fixture(scope="module")
def city() -> tuple[np.ndarray, np.ndarray]:
    return big_city(np.random.default_rng(1), M)


@pytest.fixture(scope="module")
def index(city: tuple[np.ndarray, np.ndarray]) -> PointIndex:
    return PointIndex(lon=city[0], lat=city[1])


def origins(city: tuple[np.ndarray, np.ndarray], n: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(2)
    chosen = rng.integers(0, M, n)
    return {"lon": city[0][chosen] + rng.normal(0.0, 1e-3, n), "lat": city[1][chosen]}


def counted(index: PointIndex, **circles: object) -> tuple[np.ndarray, int]:
    """Ask `count_within`; return the counts, and how often a point was measured singly."""
    measured = []
    count = _answers.count

    def spied(*arguments: object) -> tuple[np.ndarray, int]:
        result = count(*arguments)
        measured.append(result[1])
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_answers, "count", spied)
        counts = index.count_within(**circles)
    return counts, sum(measured)


@pytest.mark.parametrize("n", [200, 20_000])
def test_under_a_fifth_of_the_hits_is_measured_at_five_thousand_hits(
    city: tuple[np.ndarray, np.ndarray], index: PointIndex, n: int
) -> None:
    counts, measured = counted(index, **origins(city, n), radius_m=3000.0)
    assert 4000 < counts.mean() < 6000
    assert measured < counts.sum() / 5


def test_alone_an_origin_is_measured_under_a_fifth_of_its_hits(
    city: tuple[np.ndarray, np.ndarray], index: PointIndex
) -> None:
    one = {name: values[:100] for name, values in origins(city, 200).items()}
    total = 0
    for lon, lat in zip(*one.values(), strict=True):
        total += counted(index, lon=lon, lat=lat, radius_m=3000.0)[1]
    assert total < index.count_within(**one, radius_m=3000.0).sum() / 5


def test_what_is_measured_grows_with_the_rim_and_not_with_the_area() -> None:
    rng = np.random.default_rng(0)
    index = PointIndex(lon=rng.uniform(117.2, 117.6, M), lat=rng.uniform(32.7, 33.1, M))
    asked = {"lon": rng.uniform(117.36, 117.44, 300), "lat": rng.uniform(32.86, 32.94, 300)}
    hits, measured = [], []
    for radius in (1500.0, 3000.0, 6000.0):
        counts, singly = counted(index, **asked, radius_m=radius)
        hits.append(counts.sum())
        measured.append(singly)
    for i in range(2):
        assert 3.8 < hits[i + 1] / hits[i] < 4.2
        assert measured[i + 1] / measured[i] < 2.5


def test_a_share_of_small_circles_among_large_ones_measures_little_more(
    city: tuple[np.ndarray, np.ndarray], index: PointIndex
) -> None:
    asked = origins(city, 4000)
    radius = np.where(np.arange(4000) % 2, 300.0, 100_000.0)
    small = np.flatnonzero(radius == 300.0)
    alone = {name: values[small] for name, values in asked.items()}
    large = {name: values[radius > 300.0] for name, values in asked.items()}
    apart = (
        counted(index, **alone, radius_m=300.0)[1] + counted(index, **large, radius_m=100_000.0)[1]
    )
    together = counted(index, **asked, radius_m=radius)[1]
    assert together < 2 * apart + M


def test_radii_of_all_sizes_measure_no_more_than_the_points_there_are(
    city: tuple[np.ndarray, np.ndarray], index: PointIndex
) -> None:
    asked = origins(city, 2000)
    radius = np.random.default_rng(0).uniform(0.0, 6000.0, 2000)
    counts, measured = counted(index, **asked, radius_m=radius)
    assert measured < counts.sum() / 3
    some = slice(0, 20)
    table = geodesics(asked["lon"][some], asked["lat"][some], *city)
    assert counts[some].tolist() == (table <= radius[some, None]).sum(axis=1).tolist()


def test_a_point_far_away_costs_a_city_nothing(city: tuple[np.ndarray, np.ndarray]) -> None:
    lon, lat = city[0].copy(), city[1].copy()
    alone = counted(PointIndex(lon=lon, lat=lat), **origins(city, 300), radius_m=3000.0)
    lon[0], lat[0] = -30.0, 0.5
    beside = counted(PointIndex(lon=lon, lat=lat), **origins(city, 300), radius_m=3000.0)
    assert beside[1] < 1.1 * alone[1]


def test_points_all_in_one_place_are_added_up_and_not_measured() -> None:
    index = PointIndex(lon=np.full(M, 117.4), lat=np.full(M, 32.9))
    counts, measured = counted(index, lon=[117.4], lat=[32.905], radius_m=3000.0)
    assert counts.tolist() == [M]
    assert measured == 0


def test_circles_that_hold_nothing_measure_nothing(index: PointIndex) -> None:
    counts, measured = counted(index, lon=[-60.0], lat=[10.0], radius_m=200_000.0)
    assert counts.tolist() == [0]
    assert measured == 0


def test_bands_wholly_within_a_circle_around_a_pole_are_added_up() -> None:
    rng = np.random.default_rng(0)
    lat = 90.0 - 0.3 * np.sqrt(rng.random(M))
    index = PointIndex(lon=rng.uniform(-180.0, 180.0, M), lat=lat)
    counts, measured = counted(index, lon=[33.0], lat=[89.99], radius_m=20_000.0)
    assert counts[0] > M / 4
    assert measured < counts[0] / 5
