"""What-ifs of towns worked by hand, and what cannot be asked."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, box
from test_coverage.towns import LAT, LON, STEP

import geo_match as gm
from geo_match.coverage import Binary, CoverageOptions
from geo_match.coverage.what_if.what_if import WhatIf
from geo_match.errors import ArgumentError, RadiusError
from geo_match.matching import FrameError

REASONS = [f"reason_{name}" for name in gm.coverage.REASONS]

# A degree of longitude is 93.56 km here: homes are 936 m, 4.68 km and 14.97 km east of the shop.
HOMES = [
    {"id": "near", "lon": 117.37, "lat": 32.93, "weight": 4, "group": "a"},
    {"id": "middle", "lon": 117.41, "lat": 32.93, "weight": 2, "group": "b"},
    {"id": "far", "lon": 117.52, "lat": 32.93, "weight": 1, "group": "b"},
    {"id": "vague", "lon": 117.52, "lat": 32.93, "weight": 3, "location_accuracy_m": 2000.0},
    {"id": "unknown", "lon": None, "lat": None, "weight": 5, "community": "1"},
]
SHOPS = [
    {"id": "shop", "lon": 117.36, "lat": 32.93, "vacancies": 2},
    {"id": "nowhere", "lon": None, "lat": None, "vacancies": 9},
]
TOWN = [
    {"code": "1", "name": "一", "area": box(117.3, 32.9, 117.45, 33.0).wkt},
    {"code": "2", "name": "二", "area": box(117.5, 32.9, 117.6, 33.0).wkt},
]


def town_report(**options):
    return gm.Coverage(SHOPS, TOWN, CoverageOptions(**options)).of(pd.DataFrame(HOMES))


def test_a_town_worked_by_hand():
    what_if = WhatIf(town_report(at_least=3))
    change = what_if.change(add=[{"id": "mill", "lon": 117.39, "lat": 32.93, "vacancies": 1}])
    # The mill is 1,871 m from "near" and from "middle": 2 + 1 is enough for the first.
    rows = change.by("community")
    assert rows.drop(columns="geometry").to_dict("records") == [
        {
            "kind": "community",
            "code": "1",
            "name": "一",
            "people": 11,
            "located": 6,
            "reached_before": 0,
            "reached_after": 4,
            "reached_change": 4,
            "below_before": 11,
            "below_after": 7,
            "below_change": -4,
            **dict.fromkeys([f"{name}_change" for name in REASONS], 0),
            "reason_none_in_circle_change": -2,
            "reason_too_few_change": -2,
            "in_reach_median_before": 2.0,
            "in_reach_median_after": 3.0,
            "in_reach_median_change": 1.0,
            "release": "internal",
        }
    ]
    people = change.people
    assert people["id"].tolist() == ["near", "middle"]
    assert people[["in_reach_before", "in_reach_after"]].to_numpy().tolist() == [[2, 3], [0, 1]]
    assert people["reason_before"].tolist() == ["too_few", "none_in_circle"]
    assert people["reason_after"].fillna("").tolist() == ["", "too_few"]
    assert change.recomputed == 2
    assert change.by("group")["code"].tolist() == ["a", "b"]
    totals = change.totals()
    assert (totals["reached_before"], totals["reached_after"]) == (0, 4)
    assert (totals["supply_rows_change"], totals["supply_amount_after"]) == (1, 3)
    assert (totals["recomputed"], totals["release"]) == (2, "internal")
    assert change.release == "internal"
    assert repr(change) == "Change(2 rows of people recomputed)"
    assert repr(what_if) == "WhatIf(5 rows of people, 2 of supply)"


def test_how_far_it_is_is_told_where_it_is_asked_for():
    what_if = WhatIf(town_report(at_least=3))
    mill = [{"id": "mill", "lon": 117.39, "lat": 32.93, "vacancies": 1}]
    row = what_if.change(add=mill).by("community", distance=True).iloc[0]
    # "near" had nobody to make up for the third, and now goes to the mill; so does "middle" to the
    # shop, 4.68 km: the median of 6 is that of "near".
    assert pd.isna(row["distance_median_m_before"])
    assert row["distance_median_m_after"] == pytest.approx(1871, abs=1)
    assert pd.isna(row["distance_median_m_change"])
    # What is farther than the circle is felt in the distance alone.
    yard = [{"id": "yard", "lon": 117.45, "lat": 32.93, "vacancies": 9}]
    change = WhatIf(town_report()).change(add=yard)
    assert change.by("community")["code"].tolist() == []
    far = change.by("community", distance=True)
    assert far["code"].tolist() == ["1", "2"]
    assert (far["distance_median_m_change"].iloc[0], far["reached_change"].tolist()) == (0, [0, 0])
    assert far["distance_median_m_change"].iloc[1] < -1000


def test_a_report_without_the_median_tells_none_of_a_change():
    change = WhatIf(town_report(quantiles=(0.1,))).change(close=["shop"])
    assert not [name for name in change.by("community", distance=True) if "median" in name]


def test_moving_touches_both_places_and_closing_what_lies_nowhere_touches_nobody():
    what_if = WhatIf(town_report())
    moved = what_if.change(move=[{"id": "shop", "lon": 117.52, "lat": 32.93}])
    assert moved.people["id"].tolist() == ["near", "far", "vague"]
    assert moved.recomputed == 3
    assert moved.by("community")["reached_change"].tolist() == [-4, 4]
    assert moved.totals()["supply_amount_change"] == 0
    closed = what_if.change(close=["nowhere"])
    assert (closed.recomputed, len(closed.people), len(closed.by("community"))) == (0, 0, 0)
    # What had no place may get one: then its 9 are there.
    placed = what_if.change(move=[{"id": "nowhere", "lon": 117.41, "lat": 32.93}])
    assert placed.people["in_reach_after"].tolist() == [9]
    assert placed.totals()["supply_amount_change"] == 9


def test_where_as_many_gain_as_lose_the_row_stands_with_no_change():
    homes = [{"id": "w", "lon": 117.3, "lat": 32.93}, {"id": "e", "lon": 117.5, "lat": 32.93}]
    report = gm.Coverage({"id": "S", "lon": 117.3, "lat": 32.93}, []).of(homes)
    rows = WhatIf(report).change(move={"id": "S", "lon": 117.5, "lat": 32.93}).by("community")
    assert rows[["kind", "reached_change"]].to_numpy().tolist() == [["outside", 0]]


def test_a_frame_of_points_serves_as_rows_and_levels_are_told():
    report = gm.Coverage(SHOPS, [{**row, "code": f"34030200100{row['code']}"} for row in TOWN]).of(
        HOMES
    )
    points = gpd.GeoDataFrame({"id": ["new"]}, geometry=[Point(117.52, 32.93)], crs=4490)
    change = WhatIf(report).change(add=points)
    assert change.by("street")[["kind", "reached_change"]].to_numpy().tolist() == [["street", 4]]
    assert change.by("h3")["reached_change"].tolist() == [4]


def test_with_an_edge_effect_the_report_has_it_for_the_new_radius():
    options = {"edge_effect": True, "radius_m": 1000.0}
    change = WhatIf(town_report(edge_effect=True)).change(radius_m=1000.0)
    pd.testing.assert_frame_equal(change.report().people, town_report(**options).people)


def test_float_weights_compete_as_in_a_fresh_report():
    people = [{"id": str(n), "lon": LON + n * STEP, "lat": LAT, "weight": n / 3} for n in range(6)]
    supply = [{"id": "J", "lon": LON, "lat": LAT, "vacancies": 2}]
    more = {"id": "K", "lon": LON + 4 * STEP, "lat": LAT, "vacancies": 3}
    options = CoverageOptions(competition=Binary())
    change = WhatIf(gm.Coverage(supply, [], options).of(people)).change(add=more)
    fresh = gm.Coverage([*supply, more], [], options).of(people)
    pd.testing.assert_frame_equal(change.report().people, fresh.people, rtol=1e-12)
    assert change.recomputed == 6


def test_without_people_or_supply_everything_is_defined():
    nothing = WhatIf(gm.Coverage([], []).of([]))
    change = nothing.change(add=SHOPS[:1])
    assert (change.recomputed, len(change.by("community")), len(change.people)) == (0, 0, 0)
    assert change.report().totals()["supply_rows"] == 1
    assert nothing.change().totals()["people"] == 0


HERE = {"lon": 117.4, "lat": 32.93}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"add": {"id": "shop", **HERE}}, "`add`, column `id` must differ from all ids of the s"),
        ({"add": {"id": "x", "lon": None, "lat": None}}, "`add`, column `lon, lat` must be stated"),
        ({"add": [{"id": "x", **HERE}] * 2}, "`add`, column `id` must be different in each row"),
        ({"add": {"id": "x", "lon": 200.0, "lat": 32.0}}, "`add`, column `lon` must lie between"),
        ({"add": {"id": "x", **HERE, "vacancies": -1}}, "`add`, column `vacancies` must be"),
        ({"move": {"id": "x", **HERE}}, "`move`, column `id` must name a row of the supply"),
        ({"move": {"id": "shop", "lon": None, "lat": None}}, "`move`, column `lon, lat` must be"),
        (
            {"move": {"id": "shop", **HERE}, "close": ["shop"]},
            "`move`, column `id` must name a row that is not closed as well",
        ),
    ],
)
def test_rows_that_cannot_be_are_refused(asked, told):
    with pytest.raises(FrameError, match=told):
        WhatIf(town_report()).change(**asked)


@pytest.mark.parametrize(
    ("close", "told"),
    [
        ("shop", "`close` must be a collection of ids, got 'shop'"),
        (7, "`close` must be a collection of ids, got 7"),
        ([7], "`close` must hold ids as text, got 7"),
        # An ID-card number in an id's place, invented, is never told in full.
        ("110105194912310021", r"`close` must be a collection of ids, got '\*{14}0021'"),
        ([110105194912310021], r"`close` must hold ids as text, got \*{14}0021"),
        (["x"], r"`close` must hold ids of the supply, got 1 that are not \('x'\)"),
        (["shop", "shop"], "`close` must hold each id once"),
    ],
)
def test_ids_to_close_that_cannot_be_are_refused(close, told):
    with pytest.raises(ArgumentError, match=told):
        WhatIf(town_report()).change(close=close)


def test_a_radius_that_cannot_be_is_refused():
    what_if = WhatIf(town_report())
    with pytest.raises(RadiusError, match="`radius_m` must be between 0 and 200,000 metres"):
        what_if.change(radius_m=-1.0)
    with pytest.raises(ArgumentError, match="`max_distance_m` must be at least `radius_m`"):
        what_if.change(radius_m=30_000.0)


def test_what_is_no_report_is_refused():
    with pytest.raises(ArgumentError, match="`report` must be a CoverageReport"):
        WhatIf(pd.DataFrame())


def test_a_report_of_what_people_are_eligible_for_is_refused():
    jobs = [{"id": "J", "lon": LON, "lat": LAT}]
    options = CoverageOptions(eligible=gm.MatchOptions())
    report = gm.Coverage(jobs, [], options).of([{"id": "P", "lon": LON, "lat": LAT}])
    with pytest.raises(ArgumentError, match="`report` must count what is in reach"):
        WhatIf(report)


def test_a_supply_without_rows_is_refused():
    report = town_report()
    bare = replace(report, supply=replace(report.supply, each=None, place=None))
    with pytest.raises(ArgumentError, match="`report` must have the rows of its supply"):
        WhatIf(bare)
