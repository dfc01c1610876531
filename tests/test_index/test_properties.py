"""What must hold of any points and circles, on coordinates that Hypothesis makes awkward.

Longitudes and latitudes are drawn from few values, so that they are shared; the ends of their
ranges, zeros of both signs and neighbours one unit in the last place apart are common.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import given, note
from hypothesis import strategies as st
from test_index.oracle import assert_nearest, assert_within, rows
from test_index.worlds import MAX_RADIUS_M, Question, geodesics

from geo_match.index import PointIndex
from geo_match.index.plain import PlainIndex


class Case(NamedTuple):
    """Points, origins and a radius an origin."""

    lon: np.ndarray
    lat: np.ndarray
    query_lon: np.ndarray
    query_lat: np.ndarray
    radius_m: np.ndarray

    @property
    def index(self) -> PointIndex:
        """The index to be tried."""
        return PointIndex(lon=self.lon, lat=self.lat)

    @property
    def origins(self) -> dict[str, np.ndarray]:
        """Where the questions are asked."""
        return {"lon": self.query_lon, "lat": self.query_lat}

    @property
    def circles(self) -> dict[str, np.ndarray]:
        """The questions with their radii."""
        return {**self.origins, "radius_m": self.radius_m}

    @property
    def question(self) -> Question:
        """The same with the true distances."""
        table = geodesics(self.query_lon, self.query_lat, self.lon, self.lat)
        return Question(self.query_lon, self.query_lat, self.radius_m, table)


def _axis(most: float) -> st.SearchStrategy[float]:
    """Draw a coordinate: an end, a zero, a common place, anything."""
    ends = [0.0, -0.0, most, -most, np.nextafter(most, 0.0), -np.nextafter(most, 0.0)]
    return st.one_of(st.sampled_from(ends), st.floats(-most, most), st.integers(-80, 80).map(float))


@st.composite
def _places(draw: st.DrawFn, lons: list[float], lats: list[float], most: int) -> np.ndarray:
    """Draw places whose coordinates come from a few values, moved by nothing, ulps or metres."""
    places = []
    for _ in range(draw(st.integers(0, most))):
        place = []
        for values, bound in ((lons, 180.0), (lats, 90.0)):
            value = draw(st.sampled_from(values))
            ulps = draw(st.sampled_from([0, 0, 0, 1, -1, 3]))
            off = draw(st.sampled_from([0.0, 0.0, 1e-9, -1e-5, 0.01, 0.027, -0.5]))
            value = value + off + ulps * float(np.spacing(value + off))
            place.append(min(max(value, -bound), bound))
        places.append(place)
    return np.array(places, dtype=np.float64).reshape(-1, 2)


radii = st.one_of(
    st.sampled_from([0.0, 1e-9, 1e-6, 0.5, 1113.0, 3000.0, 20_000.0, MAX_RADIUS_M]),
    st.floats(0.0, MAX_RADIUS_M),
)


@st.composite
def cases(draw: st.DrawFn, most_points: int = 24, most_queries: int = 8) -> Case:
    """Draw a case; some radii are exactly a distance in it, or one ulp beside."""
    lons = draw(st.lists(_axis(180.0), min_size=1, max_size=3))
    lats = draw(st.lists(_axis(90.0), min_size=1, max_size=3))
    points = draw(_places(lons, lats, most_points))
    queries = draw(_places(lons, lats, most_queries))
    table = geodesics(queries[:, 0], queries[:, 1], points[:, 0], points[:, 1])
    radius = []
    for distances in table:
        reachable = [float(d) for d in np.unique(distances[distances < MAX_RADIUS_M])]
        if reachable and draw(st.booleans()):
            rim = draw(st.sampled_from(reachable))
            towards = draw(st.sampled_from([rim, 0.0, MAX_RADIUS_M]))
            radius.append(float(np.nextafter(rim, towards)))
        else:
            radius.append(draw(radii))
    return Case(*points.T.copy(), *queries.T.copy(), np.array(radius, dtype=np.float64))


@given(cases())
def test_all_answers_are_those_of_brute_force(case: Case) -> None:
    assert_within(case.index, case.question)


@given(cases(), st.integers(1, 30), st.one_of(st.none(), radii, st.floats(0.0, 3e7)))
def test_the_nearest_are_those_of_brute_force(case: Case, k: int, most: float | None) -> None:
    assert_nearest(case.index, case.question, k, max_distance_m=most)


@given(cases(), st.data())
def test_the_nearest_up_to_a_points_own_distance_are_those_of_brute_force(
    case: Case, data: st.DataObject
) -> None:
    question = case.question
    if question.distance_m.size == 0:
        return
    exact = data.draw(st.sampled_from(np.unique(question.distance_m).tolist()))
    for most in {exact, float(np.nextafter(exact, 0.0)), float(np.nextafter(exact, np.inf))}:
        assert_nearest(case.index, question, 3, max_distance_m=most)


@given(cases())
def test_who_reaches_whom_is_mutual(case: Case) -> None:
    radius = case.radius_m[0] if len(case.radius_m) else 1.0
    there = case.index.within(**case.origins, radius_m=radius)
    back = PointIndex(**case.origins).within(lon=case.lon, lat=case.lat, radius_m=radius)
    # Karney's algorithm is symmetric but for the last bits: the rim itself is left out.
    table = case.question.distance_m
    other_way = geodesics(case.lon, case.lat, *case.origins.values()).T
    same = (table <= radius) == (other_way <= radius)
    one = {(q, p) for q, p in zip(there.query, there.point, strict=True) if same[q, p]}
    two = {(q, p) for p, q in zip(back.query, back.point, strict=True) if same[q, p]}
    assert one == two


@given(cases(), st.lists(radii, min_size=2, max_size=6))
def test_counts_never_fall_with_the_radius(case: Case, several: list[float]) -> None:
    index = case.index
    counts = np.stack(
        [index.count_within(**case.origins, radius_m=radius) for radius in sorted(several)]
    )
    assert np.all(np.diff(counts, axis=0) >= 0)
    again = np.stack(
        [
            np.diff(index.within(**case.origins, radius_m=radius).offsets)
            for radius in sorted(several)
        ]
    )
    np.testing.assert_array_equal(counts, again)


@given(cases(), st.randoms(use_true_random=False))
def test_another_order_of_the_points_gives_the_same_points(case: Case, random: object) -> None:
    order = list(range(len(case.lon)))
    random.shuffle(order)
    shuffled = PointIndex(lon=case.lon[order], lat=case.lat[order])
    back = np.array(order, dtype=np.int64)
    pairs, other = case.index.within(**case.circles), shuffled.within(**case.circles)
    assert [sorted(back[row].tolist()) for row in rows(other)] == rows(pairs)
    np.testing.assert_array_equal(
        shuffled.count_reaching(**case.circles), case.index.count_reaching(**case.circles)[order]
    )
    near, other = case.index.nearest(**case.origins, k=5), shuffled.nearest(**case.origins, k=5)
    assert near.distance_m.tolist() == other.distance_m.tolist()


@given(cases(), st.randoms(use_true_random=False))
def test_another_order_of_the_queries_gives_the_same_rows(case: Case, random: object) -> None:
    order = list(range(len(case.query_lon)))
    random.shuffle(order)
    shuffled = {name: values[order] for name, values in case.circles.items()}
    index = case.index
    counts = index.count_within(**case.circles)
    np.testing.assert_array_equal(index.count_within(**shuffled), counts[order])
    if order:
        expected = rows(index.within(**case.circles))
        assert rows(index.within(**shuffled)) == [expected[i] for i in order]
    reaching = index.count_reaching(**case.circles)
    np.testing.assert_array_equal(index.count_reaching(**shuffled), reaching)


@given(cases())
def test_counts_sums_and_pairs_tell_one_story(case: Case) -> None:
    index, circles = case.index, case.circles
    pairs = index.within(**circles)
    counts = index.count_within(**circles)
    m, n = len(case.lon), len(case.query_lon)
    np.testing.assert_array_equal(np.diff(pairs.offsets), counts)
    np.testing.assert_array_equal(index.sum_within(**circles, weights=np.ones(m, int)), counts)
    np.testing.assert_array_equal(index.sum_within(**circles, weights=np.ones(m)), counts)
    reaching = np.bincount(pairs.point, minlength=m)
    np.testing.assert_array_equal(index.count_reaching(**circles), reaching)
    each_its_column = index.sum_within(**circles, weights=np.eye(m, dtype=np.int64))
    members = np.zeros((n, m), dtype=np.int64)
    members[pairs.query, pairs.point] = 1
    np.testing.assert_array_equal(each_its_column, members)


@given(cases())
def test_the_meridian_of_180_may_be_written_either_way(case: Case) -> None:
    def turned(lon: np.ndarray) -> np.ndarray:
        return np.where(np.abs(lon) == 180.0, -lon, lon)

    other = PointIndex(lon=turned(case.lon), lat=case.lat)
    circles = {**case.circles, "lon": turned(case.query_lon)}
    assert other.within(**circles) == case.index.within(**case.circles)
    np.testing.assert_array_equal(
        other.count_reaching(**circles), case.index.count_reaching(**case.circles)
    )
    assert other.nearest(lon=circles["lon"], lat=circles["lat"], k=4).point.tolist() == (
        case.index.nearest(**case.origins, k=4).point.tolist()
    )


@given(cases())
def test_the_nearest_within_a_radius_are_those_within_it(case: Case) -> None:
    index = case.index
    for lon, lat, radius in zip(*case.circles.values(), strict=True):
        near = index.nearest(lon=lon, lat=lat, k=len(index) + 1, max_distance_m=float(radius))
        inside = index.within(lon=lon, lat=lat, radius_m=radius)
        assert sorted(near.point.tolist()) == inside.point.tolist()
        assert np.all(np.diff(near.distance_m) >= 0.0)


@given(cases())
def test_the_plain_twin_says_the_same(case: Case) -> None:
    note(repr(case))
    fast, plain = case.index, PlainIndex(lon=case.lon, lat=case.lat)
    one, two = fast.within(**case.circles), plain.within(**case.circles)
    assert one.offsets.tolist() == two.offsets.tolist()
    assert one.point.tolist() == two.point.tolist()
    one, two = fast.nearest(**case.origins, k=6), plain.nearest(**case.origins, k=6)
    assert one.offsets.tolist() == two.offsets.tolist()
    assert one.point.tolist() == two.point.tolist()


@given(cases(most_points=6, most_queries=3), st.integers(1, 200))
def test_repeating_points_and_queries_repeats_their_answers(case: Case, times: int) -> None:
    index = PointIndex(lon=np.tile(case.lon, times), lat=np.tile(case.lat, times))
    many = {name: np.repeat(values, times) for name, values in case.circles.items()}
    once = case.index.count_within(**case.circles)
    np.testing.assert_array_equal(index.count_within(**many), np.repeat(once * times, times))
    reaching = case.index.count_reaching(**case.circles)
    np.testing.assert_array_equal(index.count_reaching(**many), np.tile(reaching * times, times))
