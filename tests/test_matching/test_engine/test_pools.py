"""Pools: each row is in those of the centres that it could match, and nowhere else."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_matching import strategies
from test_matching.answers import asked, rows_of
from test_matching.cases import JOB, ON, SEEKER
from test_matching.pairs import equator

import geo_match as gm
from geo_match.matching import plain
from geo_match.matching.engine import pools as pools_of
from geo_match.matching.engine.engine import Engine
from geo_match.matching.engine.pools import Pools, chooser
from geo_match.matching.engine.side import KEYED, Side
from geo_match.matching.given.frames import jobs_table, seekers_table


def sides(seekers, jobs, options):
    options = asked(options)
    return (
        Side(seekers_table(seekers), "seeker", options),
        Side(jobs_table(jobs), "job", options),
    )


def able(centres, by):
    """Return the centres that have a place and fail nothing alone."""
    rows = centres.rows
    barred = (rows.failed | (rows.unknown & by.strict)) & by.asked
    return np.flatnonzero(centres.is_located & (barred == 0))


@given(strategies.seekers(), strategies.jobs(), strategies.options())
def test_a_pool_holds_whatever_its_centres_could_match(seekers, jobs, options):
    whole = options | {"radius_m": 20_000.0}
    people = [one | {"radius_m": None} for one in seekers]
    for mine, other in (sides(people, jobs, whole), sides(people, jobs, whole)[::-1]):
        if not len(mine) or not len(other):
            continue
        engine = Engine(other)
        tables, by = engine.by(mine)
        centres = able(mine, by)
        shares = list(engine.pools.shares(mine, centres, tables, by))
        held = {
            (centre, row)
            for share in shares
            for centre in share.centres.tolist()
            for row in share.pool.row.tolist()
        }
        assert len(held) == sum(len(one.centres) * len(one.pool.row) for one in shares)
        for i in range(len(mine)):
            for j in range(len(other)):
                pair = (i, j) if mine.of == "seeker" else (j, i)
                judged = plain.judge(
                    people[pair[0]], jobs[pair[1]], plain.PlainOptions(**({"on": ON} | whole))
                )
                if judged["matches"]:
                    assert (i, j) in held


@given(strategies.seekers(), strategies.jobs(), strategies.options())
def test_the_rows_of_a_pool_lie_at_its_places(seekers, jobs, options):
    for side in sides(seekers, jobs, options):
        pool = Pools(side).everything
        assert sorted(pool.row.tolist()) == np.flatnonzero(side.is_there).tolist()
        assert pool.start[0] == 0
        assert pool.start[-1] == len(pool.row)
        assert (np.diff(pool.start) > 0).all()
        place = np.repeat(np.arange(len(pool.lon)), np.diff(pool.start))
        assert (side.lon[pool.row] == pool.lon[place]).all()
        assert (side.lat[pool.row] == pool.lat[place]).all()
        assert len(set(zip(pool.lon, pool.lat, strict=True))) == len(pool.lon)
        assert (pool.rows.order == side.rows.order[pool.row]).all()
        assert (pool.rows.key == side.rows.key[:, pool.row]).all()


def test_seekers_are_in_pools_by_their_own_radius():
    radii = (None, 0.0, 500.0, 3000.0)
    seekers = [SEEKER | {"id": f"{i}", "radius_m": radius} for i, radius in enumerate(radii)]
    people, jobs = sides(seekers, [JOB], {})
    pools = Pools(people)
    assert pools.radii == (0.0, 500.0, 3000.0)
    tables, by = Engine(people).by(jobs)
    shares = list(pools.shares(jobs, np.array([0]), tables, by))
    assert {one.pool.radius_m: one.pool.row.tolist() for one in shares} == {
        0.0: [1],
        500.0: [2],
        3000.0: [0, 3],
    }
    assert Pools(jobs).radii == (None,)


@given(st.lists(st.floats(0.0, 200_000.0), min_size=1, max_size=60), st.integers(1, 8))
def test_radii_of_a_class_differ_little_and_are_asked_for_the_widest(radii, most):
    seekers = [SEEKER | {"id": f"{i}", "radius_m": radius} for i, radius in enumerate(radii)]
    people, _ = sides(seekers, [], {})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pools_of, "_MOST_RADII", most)
        pools = Pools(people)
        assert len(pools.radii) <= most
        assert pools.radii[-1] == max(radii)
        parts = [[radii[row] for row in part.row] for part in pools.by_radius]
    assert sorted(radius for part in parts for radius in part) == sorted(radii)
    assert [max(part) for part in parts] == list(pools.radii)
    assert pools.is_mixed == any(len(set(part)) > 1 for part in parts)
    if len(set(radii)) <= most:
        assert not pools.is_mixed
    for part in parts[1:] if len(parts) == most else parts:  # the least holds all that are left
        assert max(part) <= min(part) * pools_of._BETWEEN_RADII * (1.0 + 1e-15)
    for one, wider in pairwise(parts):
        assert max(one) < min(wider)


def test_a_pool_is_made_once_for_all_centres_of_its_kind():
    codes = ["40101", "4010103", "40102", "60501"]
    seekers = [SEEKER | {"id": f"{i}", "occupation": code} for i, code in enumerate(codes)]
    jobs = [JOB | {"id": f"{i}", "occupation": code} for i, code in enumerate(codes * 5)]
    people, offers = sides(seekers, jobs, {})
    engine = Engine(offers)
    tables, by = engine.by(people)
    assert list(KEYED)[chooser(by)] == "occupation"
    first = list(engine.pools.shares(people, np.arange(4), tables, by))
    assert sorted(one.centres.tolist() for one in first) == [[0, 1, 2], [3]]
    again = list(engine.pools.shares(people, np.array([1, 3]), tables, by))
    assert {id(one.pool) for one in again} == {id(one.pool) for one in first}


def test_without_a_condition_on_kinds_there_is_one_pool():
    people, offers = sides([SEEKER], [JOB], {"conditions": ("wage",)})
    engine = Engine(offers)
    tables, by = engine.by(people)
    assert chooser(by) == -1
    (share,) = engine.pools.shares(people, np.array([0]), tables, by)
    assert share.pool.row.tolist() == [0]


def test_places_at_the_ends_of_the_earth_are_places():
    ends = [(-180.0, 0.0), (180.0, 0.0), (0.0, 90.0), (77.0, 90.0), (0.0, -90.0), (-0.0, 0.0)]
    jobs = [JOB | {"id": f"{i}", "lon": lon, "lat": lat} for i, (lon, lat) in enumerate(ends)]
    options = gm.MatchOptions(on=ON, radius_m=1.0)
    for i, (lon, lat) in enumerate(ends):
        seeker = SEEKER | {"lon": lon, "lat": lat}
        expected = plain.match([seeker], jobs, plain.PlainOptions(on=ON, radius_m=1.0))
        found = rows_of(gm.match(seeker, jobs, options))
        assert {row["job_id"] for row in found} == {row["job_id"] for row in expected}
        assert f"{i}" in {row["job_id"] for row in found}


@pytest.mark.parametrize("n", [1, 3])
def test_all_at_one_place_are_one_place(n):
    here = dict(zip(("lon", "lat"), equator(0.0)[0].values(), strict=True))
    jobs = [JOB | here | {"id": f"{i}"} for i in range(n)]
    _, offers = sides([], jobs, {})
    pool = Pools(offers).everything
    assert len(pool.lon) == 1
    assert pool.start.tolist() == [0, n]


def test_two_pools_of_one_centre_are_ranked_together():
    # Seekers with different radii stand in different pools.
    seekers = [
        SEEKER | {"id": id_, "lon": JOB["lon"] - away, "radius_m": radius}
        for id_, away, radius in (("a", 0.01, 2000.0), ("b", 0.004, 3000.0), ("c", 0.001, 2000.0))
    ]
    found = gm.match_jobs(JOB, seekers, gm.MatchOptions(on=ON))
    assert found.seeker_id.tolist() == ["c", "b", "a"]
    assert gm.match_jobs(JOB, seekers, gm.MatchOptions(on=ON, limit=1)).seeker_id.tolist() == ["c"]
