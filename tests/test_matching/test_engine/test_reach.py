"""The reach of areas: each query its own circle, and each area asked once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
from test_matching.areas import AREAS, EAST, LAT, LON, area_frame
from test_matching.cases import ON

import geo_match as gm
from geo_match.index import AreaOrigins
from geo_match.matching import Around
from geo_match.matching.engine import engine
from geo_match.matching.engine.reach import FromAreas
from geo_match.spatial import Pairs


def crowd():
    """Make seekers of five areas in no order, with radii of their own, and jobs in between."""
    rng = np.random.default_rng(7)
    n, m = 200, 60
    seekers = pd.DataFrame(
        {
            "id": [f"s{i}" for i in range(n)],
            "community": rng.choice(["0", "1", "2", "3", "4", "5", None], n),
            "radius_m": rng.choice([np.nan, 500.0, 5000.0], n),
            "occupation": rng.choice(["40101", "60501"], n),
        }
    )
    jobs = pd.DataFrame(
        {
            "id": [f"j{i}" for i in range(m)],
            "lon": LON + rng.uniform(-0.06, 0.06, m),
            "lat": LAT + rng.uniform(-0.06, 0.06, m),
            "employer_licence": "verified",
            "occupation": rng.choice(["40101", "60501"], m),
        }
    )
    areas = area_frame([{"id": str(i), "area": area} for i, area in enumerate(AREAS)])
    return seekers, jobs, Around(areas, by="community")


def test_blocks_and_threads_change_nothing_of_the_answer(monkeypatch):
    seekers, jobs, around = crowd()
    options = {"on": ON, "limit": 5}
    whole = gm.Matcher(jobs, gm.MatchOptions(**options)).match(seekers, around=around)
    assert whole.basis.notna().sum() > 100
    own = whole.seeker_id.map(seekers.set_index("id").radius_m).fillna(3000.0)
    assert (whole.distance_m.dropna() <= own[whole.distance_m.notna()]).all()
    monkeypatch.setattr(engine, "_MAX_PAIRS", 7)
    monkeypatch.setattr(engine, "_AT_ONCE", 3)
    matcher = gm.Matcher(jobs, gm.MatchOptions(**options, threads=3))
    pd.testing.assert_frame_equal(matcher.match(seekers, around=around), whole)
    tables = list(matcher.iter_match(seekers, around=around, at_once=11))
    assert pa.concat_tables(tables).to_pylist() == pa.Table.from_pandas(whole).to_pylist()


def test_an_area_is_asked_once_for_all_who_live_in_it(monkeypatch):
    seekers, jobs, around = crowd()
    asked_for = []
    within = AreaOrigins.iter_within

    def counting(self, *, origin, **arguments):
        asked_for.extend(np.asarray(origin).tolist())
        return within(self, origin=origin, **arguments)

    monkeypatch.setattr(AreaOrigins, "iter_within", counting)
    matcher = gm.Matcher(jobs, gm.MatchOptions(on=ON))
    found = matcher.match(seekers, around=around)
    # One for each pool of jobs, of which there are two; and for who has no match, by radius.
    assert len(asked_for) <= len(AREAS) * (2 + 3)
    assert found.job_id.notna().sum() > len(asked_for)


def test_a_reach_gives_each_query_its_own_circle():
    class Places:
        lon, lat = np.array([117.01, 117.02, 117.03]), np.zeros(3)

    reach = FromAreas([EAST], np.array([0, -1]))
    radius_m = np.array([1500.0, 5000.0, 500.0])
    (pairs,) = reach.iter_within(
        Places, origin=np.zeros(3, np.int64), radius_m=radius_m, max_pairs=100
    )
    assert pairs.offsets.tolist() == [0, 1, 4, 4]
    assert pairs.point.tolist() == [0, 0, 1, 2]
    blocks = list(
        reach.iter_within(Places, origin=np.zeros(3, np.int64), radius_m=radius_m, max_pairs=1)
    )
    assert [block.first_query for block in blocks] == [0, 1, 2]
    assert isinstance(blocks[1], Pairs)
    weights = np.array([1, 10, 100])
    total = reach.sum_within(
        Places, origin=np.zeros(3, np.int64), radius_m=radius_m, weights=weights
    )
    assert total.tolist() == [1, 111, 0]
