"""A log shared by many snapshots, and the bases that are built from it."""

from __future__ import annotations

import numpy as np

from geo_match import LiveIndex
from geo_match.index import PointChange


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
        assert live._base.position_of.get("a") is None
