"""What is asked of a matcher that follows a store, and what its answers must be."""

from __future__ import annotations

import itertools

import pandas as pd
from test_matching.areas import AREAS, EAST, area_frame
from test_matching.pairs import ON
from test_matching.stores import seeker

import geo_match as gm
from geo_match.matching import Around
from geo_match.matching.given.from_store import read_jobs

OPTIONS = gm.MatchOptions(on=ON)
AROUND = Around(
    area_frame(
        [{"id": f"O{i}", "area": area} for i, area in enumerate((AREAS[0], AREAS[4], EAST))]
    ),
    by="home",
)
SEEKER = seeker(id="S1")


def matched(matcher):
    """Return the jobs that the seeker is matched with, the best first."""
    return matcher.match(SEEKER)["job_id"].dropna().to_list()


def assert_same(one, other):
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def assert_same_shortfall(one, other):
    assert one.counts == other.counts
    for name in ("seekers", "near_misses", "conditions"):
        assert_same(getattr(one, name), getattr(other, name))


def assert_as_made_anew(live, store, seekers, options):
    """Hold each answer to that of a matcher that is made of the store as it is."""
    fresh = gm.Matcher(read_jobs(store), options)
    assert len(live) == len(fresh)
    assert_same(live.match(seekers), fresh.match(seekers))
    among = live.prepare(seekers)
    again = fresh.prepare(seekers)
    for each in seekers:
        assert live.match_one(each["id"], among=among) == fresh.match_one(each["id"], among=again)
    assert_same_shortfall(live.shortfall(seekers), fresh.shortfall(seekers))
    # In turns around nothing, an area, one farther away, and one that nobody knows.
    names = (None, "O0", "O1", "O2", "unknown")
    homes = [each | {"home": names[i % len(names)]} for i, each in enumerate(seekers)]
    assert_same_shortfall(
        live.shortfall(homes, around=AROUND), fresh.shortfall(homes, around=AROUND)
    )
    first = read_jobs(store).column("id").to_pylist()[:1]
    for each, job_id in itertools.product(homes, first):
        assert live.explain(each, job_id) == fresh.explain(each, job_id)
        told = live.explain(each, job_id, around=AROUND)
        assert told == fresh.explain(each, job_id, around=AROUND)
        assert told.origin_id == each["home"]
    origins = [{name: each[name] for name in ("id", "lon", "lat")} for each in seekers]
    if origins and options.weights.closeness + options.weights.freshness > 0.0:
        assert_same(live.match_around(origins), fresh.match_around(origins))
