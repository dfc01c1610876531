"""The loops themselves, each beside numpy, and what they promise to threads and to the cache."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_index.worlds import WORLDS, Question, city, geodesics, questions

from geo_match.geodesy import chord_bounds, chord_to_distance
from geo_match.index import PointIndex, _answers, _groups, _kernels, _nearest, _pairs, _runs
from geo_match.index._layout import build

DISPATCHERS = {
    f"{module.__name__}.{name}": value
    for module in (_groups, _kernels, _nearest, _pairs, _runs)
    for name, value in vars(module).items()
    if hasattr(value, "py_func")
}


@pytest.mark.parametrize("name", DISPATCHERS)
def test_every_kernel_releases_the_lock_and_keeps_floating_point_as_written(name: str) -> None:
    options = DISPATCHERS[name].targetoptions
    assert options["nogil"] is True
    assert not options.get("fastmath", False)
    assert not options.get("parallel", False)
    assert options.get("error_model") == "numpy"


def test_the_kernels_are_where_they_are_looked_for() -> None:
    assert len(DISPATCHERS) >= 15


def test_eight_threads_asking_one_index_get_what_one_gets() -> None:
    rng = np.random.default_rng(0)
    scene = city(rng, 3000, 400)
    index = PointIndex(lon=scene.lon, lat=scene.lat)
    origins = {"lon": scene.query_lon, "lat": scene.query_lat}
    weights = rng.integers(0, 9, (3000, 4))
    radii = rng.choice([0.0, 500.0, 3000.0, 9000.0], 400)

    def ask(method: int) -> object:
        circles = {**origins, "radius_m": radii if method % 2 else 3000.0}
        answers = (
            lambda: index.within(**circles),
            lambda: index.count_within(**circles).tolist(),
            lambda: index.sum_within(**circles, weights=weights).tolist(),
            lambda: index.nearest(**origins, k=7),
            lambda: index.count_reaching(**circles).tolist(),
            lambda: list(index.iter_within(**circles, max_pairs=5000)),
        )
        return answers[method // 2]()

    alone = [ask(method) for method in range(12)]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(ask, list(range(12)) * 8))
    assert together == alone * 8


def test_compiling_ahead_leaves_nothing_to_compile_whatever_arrays_are_given() -> None:
    script = """
import numpy as np, pandas as pd
from geo_match.index import PointIndex, _groups, _kernels, _nearest, _pairs, _runs
from geo_match.index.__main__ import compile_kernels

def compiled():
    return {
        (module.__name__, name): len(value.signatures)
        for module in (_groups, _kernels, _nearest, _pairs, _runs)
        for name, value in vars(module).items()
        if hasattr(value, "signatures")
    }

compile_kernels()
before = compiled()
rng = np.random.default_rng(0)
frame = pd.DataFrame({"lon": rng.normal(117, 0.01, 999), "lat": rng.normal(33, 0.01, 999), "w": 1})
index = PointIndex(lon=frame.lon, lat=frame.lat)
tables = [frame.w, frame[["w", "w"]], frame[["lon", "lat"]], np.ones((999, 4), int), np.ones(999),
          np.ones((4, 999), int).T, np.ones((999, 3), np.int8), np.ones(999, bool)]
for n in (1, 7, 999):
    columns = frame.lon[:n], frame.lat[:n]
    for lon, lat in (columns, [column.tolist() for column in columns],
                     (frame.lon.to_numpy()[::-1][:n], frame.lat.to_numpy()[:n].copy())):
        for radius in (3000, [0.0] * n, pd.Series(rng.uniform(0, 5000, n))):
            circles = {"lon": lon, "lat": lat, "radius_m": radius}
            index.count_within(**circles)
            index.within(**circles)
            list(index.iter_within(**circles, max_pairs=100))
            index.count_reaching(**circles)
            for weights in tables:
                index.sum_within(**circles, weights=weights)
        for most in (None, 0, 500.0):
            index.nearest(lon=lon, lat=lat, k=3, max_distance_m=most)
new = {name: n - before[name] for name, n in compiled().items() if n != before[name]}
assert not new, new
"""
    done = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@given(st.floats(0.0, 200_001.0))
def test_the_distance_of_a_chord_is_that_of_geodesy(chord: float) -> None:
    expected = float(chord_to_distance(np.array([chord]))[0])
    assert abs(_pairs.squared_chord_to_distance(chord * chord) - expected) <= 2e-9 + 1e-15 * chord


@pytest.mark.parametrize("n", [0, 1, 2, 23, 24, 25, 26, 1000])
@pytest.mark.parametrize("bits", [5, 11, 12, 22, 23, 31])
def test_pairs_are_sorted_by_position_with_their_distances(n: int, bits: int) -> None:
    rng = np.random.default_rng(n + bits)
    n = min(n, 2**bits)
    key = rng.choice(2 ** min(bits, 20), n, replace=False) << max(0, bits - 20)
    if n:
        key[0] = 2**bits - 1
        key = rng.permutation(np.unique(key))
        n = len(key)
    value = rng.random(n)
    padded_key, padded_value = np.full(n + 4, -7), np.full(n + 4, -7.0)
    padded_key[2 : n + 2], padded_value[2 : n + 2] = key, value
    _pairs._sort_by_key(
        padded_key, padded_value, np.empty(n, np.int64), np.empty(n), 2, n + 2, bits
    )
    order = np.argsort(key)
    assert padded_key.tolist() == [-7, -7, *key[order].tolist(), -7, -7]
    assert padded_value.tolist() == [-7, -7, *value[order].tolist(), -7, -7]


@given(
    st.lists(st.tuples(st.sampled_from([0.0, 1.0, 1.0 + 2**-52, 2.0, 7.0]), st.integers(0, 30))),
)
def test_a_heap_is_sorted_by_chord_then_by_position(entries: list[tuple[float, int]]) -> None:
    rows = np.array(sorted({row for _, row in entries}), dtype=np.int32)[::-1]
    chord_of = {row: chord for chord, row in entries}
    pairs = sorted(
        ((chord_of[int(row)], int(row), slot) for slot, row in enumerate(rows)), reverse=True
    )
    squared = np.array([pair[0] for pair in pairs])  # descending is a heap with its last on top
    slots = np.array([pair[2] for pair in pairs], dtype=np.int64)
    if len(pairs) == 0:
        squared, slots = np.empty(0), np.empty(0, np.int64)
    _nearest._sort_heap(squared, slots, np.ascontiguousarray(rows))
    assert [int(rows[slot]) for slot in slots] == [pair[1] for pair in reversed(pairs)]
    assert squared.tolist() == [pair[0] for pair in reversed(pairs)]


@pytest.mark.parametrize("world", WORLDS)
def test_doubtful_points_are_listed_as_often_as_they_are_counted(world: object) -> None:
    rng = np.random.default_rng(1)
    scene = world(rng)
    layout = build(scene.lon, scene.lat)
    for question in questions(rng, scene):
        # A ring a tenth of the radius wide, so that there is something in it.
        inside = np.where(question.radius_m > 0.0, 0.9 * question.radius_m, -1.0)
        circles = _answers._circles(question.lon, question.lat, inside, question.radius_m)
        n = len(inside)
        count, doubtful = np.empty((2, n), dtype=np.int64)
        _kernels.count_within(layout, circles, _answers._scratch(layout), 0.0, count, doubtful)
        slots = np.empty(doubtful.sum(), dtype=np.int64)
        _pairs.list_doubtful(layout, circles, _answers._scratch(layout), np.arange(n), slots)
        squared = sum(
            (slot[None] - at[:, None]) ** 2
            for slot, at in zip(layout[:3], (circles.x, circles.y, circles.z), strict=True)
        )
        sure = squared <= (inside * np.abs(inside))[:, None]
        ring = ~sure & (squared <= (question.radius_m**2)[:, None])
        np.testing.assert_array_equal(count, sure.sum(axis=1))
        np.testing.assert_array_equal(doubtful, ring.sum(axis=1))
        listed = np.split(slots, np.cumsum(doubtful)[:-1]) if n else []
        for row, found in zip(ring, listed, strict=True):
            assert sorted(found.tolist()) == np.flatnonzero(row).tolist()


def test_the_ring_of_doubt_is_as_narrow_as_the_bound_allows() -> None:
    rng = np.random.default_rng(0)
    scene = city(rng, 20_000, 200)
    layout = build(scene.lon, scene.lat)
    inside, outside = chord_bounds(np.full(200, 3000.0))
    circles = _answers._circles(scene.query_lon, scene.query_lat, inside, outside)
    count, doubtful = np.empty((2, 200), dtype=np.int64)
    _kernels.count_within(layout, circles, _answers._scratch(layout), 0.0, count, doubtful)
    assert count.sum() > 100_000
    assert doubtful.sum() < 20


def test_kernels_are_right_before_they_are_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (_runs, _groups, _pairs, _kernels, _nearest):
        for name, value in list(vars(module).items()):
            if hasattr(value, "py_func"):
                monkeypatch.setattr(module, name, value.py_func)
    monkeypatch.setattr(_answers, "nearest_kernel", _nearest.nearest)
    rng = np.random.default_rng(0)
    for world in WORLDS:
        scene = world(rng)
        some = slice(0, 60)
        scene = type(scene)(
            scene.lon[some], scene.lat[some], scene.query_lon[:6], scene.query_lat[:6]
        )
        table = geodesics(scene.query_lon, scene.query_lat, scene.lon, scene.lat)
        radius = np.full(len(table), 3000.0)
        question = Question(scene.query_lon, scene.query_lat, radius, table)
        index = PointIndex(lon=scene.lon, lat=scene.lat)
        circles = {"lon": question.lon, "lat": question.lat, "radius_m": 3000.0}
        assert index.count_within(**circles).tolist() == question.inside.sum(axis=1).tolist()
        assert index.within(**circles).point.tolist() == np.nonzero(question.inside)[1].tolist()
        assert index.count_reaching(**circles).tolist() == question.inside.sum(axis=0).tolist()
        weights = np.arange(len(scene.lon))
        sums = index.sum_within(**circles, weights=weights)
        assert sums.tolist() == (question.inside @ weights).tolist()
        nearest = index.nearest(lon=question.lon, lat=question.lat, k=3)
        order = np.argsort(table, axis=1, kind="stable")[:, :3]
        assert nearest.point.tolist() == order.ravel().tolist()
