"""What is asked of a matcher that follows a store, and what its answers must be."""

from __future__ import annotations

import pandas as pd
from test_matching.pairs import ON
from test_matching.stores import seeker

import geo_match as gm
from geo_match.matching.given.from_store import read_jobs

OPTIONS = gm.MatchOptions(on=ON)
SEEKER = seeker(id="S1")


def matched(matcher):
    """Return the jobs that the seeker is matched with, the best first."""
    return matcher.match(SEEKER)["job_id"].dropna().to_list()


def assert_same(one, other):
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def assert_as_made_anew(live, store, seekers, options):
    """Hold each answer to that of a matcher that is made of the store as it is."""
    fresh = gm.Matcher(read_jobs(store), options)
    assert len(live) == len(fresh)
    assert_same(live.match(seekers), fresh.match(seekers))
    among = live.prepare(seekers)
    again = fresh.prepare(seekers)
    for each in seekers:
        assert live.match_one(each["id"], among=among) == fresh.match_one(each["id"], among=again)
    one, other = live.shortfall(seekers), fresh.shortfall(seekers)
    assert one.counts == other.counts
    for name in ("seekers", "near_misses", "conditions"):
        assert_same(getattr(one, name), getattr(other, name))
    origins = [{name: each[name] for name in ("id", "lon", "lat")} for each in seekers]
    if origins and options.weights.closeness + options.weights.freshness > 0.0:
        assert_same(live.match_around(origins), fresh.match_around(origins))
