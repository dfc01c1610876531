import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from geo_match import LiveIndex, geodesic_distance
from geo_match.index import PointChange
from geo_match.index._layout import build
from geo_match.index._snapshot_pairs import _may_reach, without
from geo_match.spatial import Pairs

lons = st.floats(-180.0, 180.0)
lats = st.floats(-90.0, 90.0)


@example(lon=0.0, lat=0.0, to_lon=1e-7, to_lat=0.0, scale=1.0)
@example(lon=180.0, lat=89.9999, to_lon=-1e-3, to_lat=89.9999, scale=1.0)
@example(lon=-179.9999, lat=-45.0, to_lon=179.9999, to_lat=-45.0, scale=1.0)
@example(lon=10.0, lat=90.0, to_lon=-170.0, to_lat=89.0, scale=1.0)
@example(lon=0.0, lat=45.0, to_lon=90.0, to_lat=0.0, scale=1.0)
@example(lon=0.0, lat=0.0, to_lon=0.0, to_lat=1e-6, scale=1.0)
@given(lon=lons, lat=lats, to_lon=lons, to_lat=lats, scale=st.floats(1.0, 1.001))
def test_a_point_as_near_as_the_reach_is_never_ruled_out(lon, lat, to_lon, to_lat, scale):
    reach = float(geodesic_distance(lon1=lon, lat1=lat, lon2=to_lon, lat2=to_lat))
    layout = build(np.array([to_lon]), np.array([to_lat]))
    assert _may_reach(layout, lon, lat, reach * scale * (1.0 + 3e-6) + 1e-5)


def test_points_far_away_are_ruled_out():
    layout = build(np.array([117.5, 117.37]), np.array([32.93, 33.1]))
    assert not _may_reach(layout, 117.37, 32.93, 10_000.0)
    assert _may_reach(layout, 117.37, 32.93, 20_000.0)


@given(points=st.sets(st.integers(0, 50)), gone=st.data())
def test_without_leaves_out_what_is_gone(points, gone):
    there = sorted(points)
    left_out = gone.draw(st.lists(st.sampled_from(there), unique=True)) if there else []
    found = Pairs(np.array([0, len(there)]), np.array(there, dtype=np.int64), np.array(there) / 2.0)
    kept = without(found, np.array(left_out, dtype=np.int64))
    expected = [one for one in there if one not in left_out]
    assert kept.point.tolist() == expected
    assert kept.distance_m.tolist() == [one / 2.0 for one in expected]
    assert kept.offsets.tolist() == [0, len(expected)]


def test_snapshots_of_a_log_that_outgrows_its_room_are_each_what_they_were():
    rng = np.random.default_rng(3)
    with LiveIndex(
        ids=[f"p{n}" for n in range(700)],
        lon=np.full(700, 117.0),
        lat=np.full(700, 32.0),
        weights=np.zeros((700, 2), dtype=np.int64),
        rebuild_after=10**6,
    ) as live:
        state, held = {f"p{n}": (117.0, 32.0, 0, 0) for n in range(700)}, []
        for seq in range(1, 1_500):
            name = f"p{rng.integers(700)}"
            place = (117.0 + rng.random(), 32.0 + rng.random(), seq, int(rng.integers(9)))
            if seq % 7 == 0:
                live.apply([PointChange(seq, name, None, None)])
                state.pop(name, None)
            else:
                live.apply([PointChange(seq, name, *place[:2], place[2:])])
                state[name] = place
            if seq % 100 == 0:
                held.append((live.snapshot(), dict(state)))
        for snapshot, then in held:
            ids, lon, lat, weights = snapshot._view.points()
            now = zip(lon.tolist(), lat.tolist(), *weights.T.tolist(), strict=True)
            assert dict(zip(ids.tolist(), now, strict=True)) == then


def test_a_rebuild_begun_aside_is_done_when_its_number_is_reached():
    with LiveIndex(ids=["a", "b"], lon=[117.0, 117.1], lat=[32.0, 32.0]) as live:
        live.apply([PointChange(1, "a", None, None)])
        number = live.start_rebuild()
        live.rebuild()
        assert live.n_rebuilds >= number == 1
        assert "a" not in live._base.position_of
