"""The order of candidate places, held to plain re-evaluation and to a town worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_coverage import plain
from test_coverage.test_what_if.test_change import AREAS, edits, report_of
from test_coverage.towns import LAT, LON, STEP, towns

import geo_match as gm
from geo_match.coverage import CoverageOptions
from geo_match.coverage.what_if import ranking
from geo_match.coverage.what_if.what_if import WhatIf
from geo_match.errors import ArgumentError
from geo_match.matching import FrameError

FEW = settings(max_examples=12)


def reached(people, supply, at_least):
    return plain.figures(plain.persons(people, supply, [], at_least=at_least), at_least=at_least)[
        "reached"
    ]


def greedy(people, supply, candidates, at_least):
    """Return the rows of a ranking by asking everything of everybody each time."""
    base = reached(people, supply, at_least)
    alone = {one["id"]: reached(people, [*supply, one], at_least) - base for one in candidates}
    left, rows, now = sorted(candidates, key=lambda one: one["id"]), [], base
    while left:
        gains = [reached(people, [*supply, one], at_least) - now for one in left]
        best = left.pop(gains.index(max(gains)))
        supply, now = [*supply, best], now + max(gains)
        rows.append((best["id"], len(rows) + 1, alone[best["id"]], max(gains), now))
    return rows


def candidates_of(data):
    asked, _ = data.draw(edits([]))
    return asked["add"] or []


def told(frame):
    return list(
        frame[["id", "rank", "alone", "added", "reached_total"]].itertuples(index=False, name=None)
    )


@FEW
@given(st.data(), towns(most=8), st.integers(1, 4), st.randoms(use_true_random=False))
def test_the_order_is_that_of_plain_re_evaluation_whatever_the_order_given(
    data, town, at_least, random
):
    people, supply = town
    candidates = candidates_of(data)
    what_if = WhatIf(report_of(people, supply, at_least=at_least))
    expected = greedy(people, supply, candidates, at_least)
    assert told(what_if.rank(candidates)) == expected
    random.shuffle(candidates)
    assert told(what_if.rank(candidates)) == expected


def test_a_lazy_choice_is_that_of_plain_re_evaluation_where_many_overlap():
    rng = np.random.default_rng(5)
    people = pd.DataFrame(
        {
            "id": [f"P{n}" for n in range(400)],
            "lon": rng.normal(LON, 0.06, 400),
            "lat": rng.normal(LAT, 0.06, 400),
            "weight": rng.integers(0, 9, 400),
        }
    )
    candidates = pd.DataFrame(
        {
            "id": [f"C{n}" for n in range(40)],
            "lon": rng.normal(LON, 0.06, 40),
            "lat": rng.normal(LAT, 0.06, 40),
        }
    )
    report = gm.Coverage({"id": "S", "lon": LON, "lat": LAT}, []).of(people)
    lazy = WhatIf(report).rank(candidates)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "_is_lazy", lambda *_: False)
        pd.testing.assert_frame_equal(lazy, WhatIf(report).rank(candidates))
    # What each adds is what a change adds, one after the other.
    what_if = WhatIf(report)
    for row in lazy.head(4).itertuples():
        change = what_if.change(add={"id": row.id, "lon": row.lon, "lat": row.lat})
        assert change.totals()["reached_change"] == row.added
        assert change.totals()["reached_after"] == row.reached_total
        what_if = change.what_if()
    # Floats are summed alike, by plain re-evaluation.
    floats = gm.Coverage({"id": "S", "lon": LON, "lat": LAT}, []).of(
        people.assign(weight=people["weight"].astype(float))
    )
    found = WhatIf(floats).rank(candidates)
    assert found["id"].tolist() == lazy["id"].tolist()
    assert found["added"].tolist() == lazy["added"].tolist()
    assert found["added"].dtype == "Float64"


def test_a_town_worked_by_hand():
    # Homes at 0, 3, 6 and 9 steps of 1.12 km: a candidate reaches two steps to each side.
    people = [
        {"id": f"P{x}", "lon": LON + x * STEP, "lat": LAT, "weight": weight}
        for x, weight in ((0, 5), (3, 4), (6, 6), (9, 1))
    ]
    candidates = [
        {"id": name, "lon": LON + x * STEP, "lat": LAT}
        for name, x in (("west", 1.5), ("mid", 4.5), ("east", 7.5), ("copy", 4.5), ("no", 40))
    ]
    ranked = WhatIf(gm.Coverage([], []).of(people)).rank(candidates)
    # "copy" and "mid" reach 4 + 6; after it "west" adds 5 and "east" 1.
    assert told(ranked) == [
        ("copy", 1, 10, 10, 10),
        ("west", 2, 9, 5, 15),
        ("east", 3, 7, 1, 16),
        ("mid", 4, 10, 0, 16),
        ("no", 5, 0, 0, 16),
    ]
    assert ranked["release"].unique().tolist() == ["internal"]
    first = WhatIf(gm.Coverage([], []).of(people)).rank(candidates, n=1)
    assert first["id"].tolist() == ["copy", "mid", "west", "east", "no"]
    assert first["rank"].tolist() == [1, *[pd.NA] * 4]
    assert first["added"].isna().tolist() == [False, True, True, True, True]
    assert first["alone"].tolist() == [10, 10, 9, 7, 0]


def test_where_two_are_needed_the_second_may_add_more_than_it_does_alone():
    person = {"id": "P", "lon": LON, "lat": LAT, "weight": 3}
    candidates = [{"id": name, "lon": LON, "lat": LAT} for name in ("a", "b", "c")]
    report = gm.Coverage([], [], CoverageOptions(at_least=2)).of(person)
    assert told(WhatIf(report).rank(candidates)) == [
        ("a", 1, 0, 0, 0),
        ("b", 2, 0, 3, 3),
        ("c", 3, 0, 0, 3),
    ]


def test_a_radius_whose_double_is_beyond_every_circle_is_ranked_too():
    people = [{"id": "P", "lon": LON, "lat": LAT}]
    report = gm.Coverage([], [], CoverageOptions(radius_m=150_000, max_distance_m=150_000)).of(
        people
    )
    candidates = [{"id": name, "lon": LON + 1.0, "lat": LAT} for name in "ba"]
    assert told(WhatIf(report).rank(candidates)) == [("a", 1, 1, 1, 1), ("b", 2, 1, 0, 1)]


def test_no_candidates_are_an_empty_frame():
    ranked = WhatIf(gm.Coverage([], AREAS).of([])).rank([])
    assert (len(ranked), ranked["rank"].dtype) == (0, "Int64")


def test_candidates_that_cannot_be_are_refused():
    what_if = WhatIf(gm.Coverage({"id": "S", "lon": LON, "lat": LAT}, []).of([]))
    with pytest.raises(FrameError, match="column `id` must differ from all ids of the supply"):
        what_if.rank({"id": "S", "lon": LON, "lat": LAT})
    with pytest.raises(FrameError, match="`candidates`, column `lon, lat` must be stated"):
        what_if.rank({"id": "C", "lon": None, "lat": None})
    with pytest.raises(ArgumentError, match="`n` must be a whole number of at least 1, got 0"):
        what_if.rank({"id": "C", "lon": LON, "lat": LAT}, n=0)
