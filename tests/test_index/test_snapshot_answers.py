"""What a snapshot answers where a base and a delta meet: ties, doubt, rims, blocks.

The oracle sorts PROJ's geodesics to the points that the snapshot names by position.
"""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_index.oracle import assert_distances_as_promised
from test_index.worlds import WORLDS, geodesics, questions

from geo_match.index import (
    LiveIndex,
    PointChange,
    Snapshot,
    _groups,
    _kernels,
    _kernels_of_both,
    _nearest,
    _pairs,
    _runs,
    _snapshot_answers,
)

KERNELS = [name for name, value in vars(_kernels_of_both).items() if hasattr(value, "py_func")]


def snapshot_of(base: np.ndarray, gone: np.ndarray, added: np.ndarray) -> Snapshot:
    """Return a snapshot of a base, (m, 2), without some of its rows and with others, (n, 2)."""
    names = [f"b{row}" for row in range(len(base))]
    with LiveIndex(ids=names, lon=base[:, 0], lat=base[:, 1], rebuild_after=10**6) as live:
        leaving = [PointChange(1, f"b{row}", None, None) for row in gone]
        coming = [PointChange(1, f"a{row}", *at) for row, at in enumerate(added.tolist())]
        live.apply([*leaving, *coming])
        return live.snapshot()


def there(snapshot: Snapshot, base: np.ndarray, added: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the positions that hold a point, and where those are."""
    ids = snapshot.ids
    position = np.array([row for row, name in enumerate(ids) if name is not None], dtype=np.int64)
    places = [
        (base if name[0] == "b" else added)[int(name[1:])] for name in ids if name is not None
    ]
    return position, np.array(places).reshape(-1, 2)


def assert_nearest(
    snapshot: Snapshot,
    parts: tuple[np.ndarray, np.ndarray],
    origins: np.ndarray,
    k: int,
    most: float,
) -> None:
    position, places = there(snapshot, *parts)
    found = snapshot.nearest(
        lon=origins[:, 0], lat=origins[:, 1], k=k, max_distance_m=None if most == np.inf else most
    )
    table = geodesics(*origins.T, *places.T)
    for row, distance in enumerate(table):
        order = np.lexsort((position, distance))
        order = order[distance[order] <= most][:k]
        part = slice(found.offsets[row], found.offsets[row + 1])
        assert found.point[part].tolist() == position[order].tolist()
        assert_distances_as_promised(found.distance_m[part], distance[order])


# A ring of places nearly as far from the middle as one another, in a lattice of ulps, and far ones.
lons = st.one_of(
    st.sampled_from([117.36, 117.38, float(np.nextafter(117.36, 0.0)), 117.37, 180.0, -180.0]),
    st.floats(-180.0, 180.0),
)
lats = st.one_of(
    st.sampled_from([32.92, 32.94, float(np.nextafter(32.94, 90.0)), 32.93, 0.0]),
    st.floats(-90.0, 90.0),
)
places = st.lists(st.tuples(lons, lats), max_size=12).map(lambda at: np.array(at).reshape(-1, 2))


@given(
    base=places,
    added=places,
    origins=places,
    share=st.floats(0.0, 1.0),
    asked=st.tuples(st.integers(1, 9), st.sampled_from([np.inf, 2e7, 3000.0, 1.0])),
)
def test_the_nearest_of_both_are_those_of_sorting_all(base, added, origins, share, asked) -> None:
    gone = np.arange(int(share * len(base)))
    assert_nearest(snapshot_of(base, gone, added), (base, added), origins, *asked)


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_points_equally_far_in_base_and_delta_are_chosen_by_position(k) -> None:
    east, west = (117.38, 32.93), (117.36, 32.93)
    base = np.array([west, east, west, east])
    added = np.array([east, west])
    snapshot = snapshot_of(base, np.array([0]), added)
    assert_nearest(snapshot, (base, added), np.array([[117.37, 32.93]]), k, np.inf)


def test_no_doubt_arises_at_one_place_however_many_live_there(monkeypatch) -> None:
    def refused(*_: object) -> None:
        pytest.fail("these are not in doubt")

    monkeypatch.setattr(_snapshot_answers, "nearest_by_both", refused)
    house = np.full((20, 2), (117.36, 32.93))
    snapshot = snapshot_of(house, np.arange(5), house[:7])
    assert_nearest(snapshot, (house, house[:7]), np.array([[117.37, 32.93]]), 18, np.inf)


@pytest.mark.parametrize("at_once", [1, 7])
def test_blocks_of_origins_give_what_all_at_once_give(at_once, monkeypatch) -> None:
    rng = np.random.default_rng(4)
    base, added, origins = (rng.normal((117.37, 32.93), 0.02, (n, 2)) for n in (300, 40, 30))
    snapshot = snapshot_of(base, np.arange(0, 300, 7), added)
    asked = {"lon": origins[:, 0], "lat": origins[:, 1], "k": 4, "max_distance_m": 900.0}
    whole = snapshot.nearest(**asked)
    monkeypatch.setattr(_snapshot_answers, "_QUERIES_AT_ONCE", at_once)
    assert snapshot.nearest(**asked) == whole
    assert len(snapshot.nearest(lon=[], lat=[])) == 0


def test_many_origins_in_no_order_have_their_own_counts() -> None:
    """So many that neighbours are put side by side and share work."""
    rng = np.random.default_rng(5)
    base, added, origins = (rng.normal((117.37, 32.93), 0.02, (n, 2)) for n in (3000, 200, 400))
    gone = rng.choice(3000, 200, replace=False)
    snapshot = snapshot_of(base, gone, added)
    _, at = there(snapshot, base, added)
    inside = geodesics(*origins.T, *at.T) <= 1000.0
    circles = {"lon": origins[:, 0], "lat": origins[:, 1], "radius_m": 1000.0}
    assert snapshot.count_within(**circles).tolist() == inside.sum(axis=1).tolist()
    assert np.diff(snapshot.within(**circles).offsets).tolist() == inside.sum(axis=1).tolist()
    assert_nearest(snapshot, (base, added), origins, 5, np.inf)


def test_a_point_added_on_the_rim_or_at_the_other_name_of_180_degrees_is_decided() -> None:
    """Radius 0 leaves all to the geodesic, in the base and in the delta."""
    base = np.array([(180.0, 10.0), (180.0, 10.0), (-180.0, 10.0), (179.0, 10.0)])
    added = np.array([(-180.0, 10.0), (180.0, 10.0), (float(np.nextafter(180.0, 0.0)), 10.0)])
    snapshot = snapshot_of(base, np.array([1]), added)
    for lon in (180.0, -180.0):
        circle = {"lon": lon, "lat": 10.0, "radius_m": 0.0}
        found = snapshot.within(**circle)
        assert found.point.tolist() == [0, 2, 4, 5]
        assert found.distance_m.tolist() == [0.0] * 4
        assert snapshot.count_within(**circle).tolist() == [4]


@pytest.mark.parametrize("name", KERNELS)
def test_each_loop_releases_the_lock_and_keeps_floating_point_as_written(name) -> None:
    options = vars(_kernels_of_both)[name].targetoptions
    assert options["nogil"] is True
    assert not options.get("fastmath", False)
    assert options.get("error_model") == "numpy"


def test_the_loops_are_right_before_they_are_compiled(monkeypatch) -> None:
    for module in (_runs, _groups, _pairs, _kernels, _nearest, _kernels_of_both):
        for name, value in list(vars(module).items()):
            if hasattr(value, "py_func"):
                monkeypatch.setattr(module, name, value.py_func)
    rng = np.random.default_rng(0)
    for world in WORLDS:
        scene = world(rng)
        points = np.stack((scene.lon, scene.lat), axis=1)
        base, added = points[:40], points[40:60]
        gone = np.arange(0, len(base), 3)
        snapshot = snapshot_of(base, gone, added)
        position, at = there(snapshot, base, added)
        for question in questions(rng, scene)[:2]:
            some = slice(0, 4)
            origins = np.stack((question.lon[some], question.lat[some]), axis=1)
            radius = question.radius_m[some]
            inside = geodesics(*origins.T, *at.T) <= radius[:, None]
            circles = {"lon": origins[:, 0], "lat": origins[:, 1], "radius_m": radius}
            assert snapshot.count_within(**circles).tolist() == inside.sum(axis=1).tolist()
            expected = position[np.nonzero(inside)[1]].tolist()
            assert snapshot.within(**circles).point.tolist() == expected
            assert_nearest(snapshot, (base, added), origins, 3, np.inf)


def test_compiling_ahead_leaves_nothing_to_compile_for_snapshots() -> None:
    script = """
import numpy as np
from geo_match.index import LiveIndex, PointChange, _kernels_of_both, _nearest
from geo_match.index.__main__ import compile_kernels

def compiled():
    return {
        (module.__name__, name): len(value.signatures)
        for module in (_kernels_of_both, _nearest)
        for name, value in vars(module).items()
        if hasattr(value, "signatures")
    }

compile_kernels()
before = compiled()
at = np.random.default_rng(0).normal((117.0, 33.0), 0.01, (999, 2))
ids = [str(n) for n in range(999)]
with LiveIndex(ids=ids, lon=at[:, 0], lat=at[:, 1], weights=np.ones(999)) as live:
    for seq in range(1, 5):
        live.apply([PointChange(seq, str(seq), 117.0, 33.0, (1.0,))])
        for n in (1, 7, 999):
            for lon, lat in (at[:n].T, at[:n].T.copy(), at[:n].T.tolist()):
                live.snapshot().count_within(lon=lon, lat=lat, radius_m=3000)
                live.snapshot().within(lon=lon, lat=lat, radius_m=np.full(n, 500.0))
                list(live.snapshot().iter_within(lon=lon, lat=lat, radius_m=900, max_pairs=100))
                for most in (None, 0, 500.0):
                    live.snapshot().nearest(lon=lon, lat=lat, k=3, max_distance_m=most)
        live.rebuild()
new = {name: n - before[name] for name, n in compiled().items() if n != before[name]}
assert not new, new
"""
    done = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_points_in_doubt_are_measured_where_some_are_gone_and_none_has_come():
    base = np.array([[117.38, 32.92]] * 3)
    snapshot = snapshot_of(base, np.array([1]), np.empty((0, 2)))
    pairs = snapshot.within(lon=117.38, lat=32.92, radius_m=0.0)
    assert pairs.point.tolist() == [0, 2]
    assert pairs.distance_m.tolist() == [0.0, 0.0]
