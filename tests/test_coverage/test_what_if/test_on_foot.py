"""What-ifs on foot: edits and streets that open, held to a whole recount."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_coverage import plain
from test_coverage.plain_on_foot import person
from test_coverage.river import COMMUNITIES, SPOTS, peopled, town
from test_coverage.test_what_if.test_change import assert_same_report
from test_coverage.towns import people_frame, supply_frame
from test_walking.river_town import NORTH, SOUTH, at, between, walk_mm

import geo_match as gm
from geo_match.coverage import Binary, CoverageOptions, Exponential
from geo_match.coverage.what_if.what_if import WhatIf
from geo_match.errors import ArgumentError

FEW = settings(max_examples=8)
BRIDGES = {
    "in the middle": between((-300, -90), (-300, 190)),
    "slanting": between((-500, -90), (600, 180)),
    "to the yard": between((-1500, -690), (-1500, -110)),
    "longer than the radius": between((-1700, -120), (1900, 210)),
}
HOMES = [
    person("south", (-200, -150), weight=4, community="340302001001"),
    person("east", (900, -130), weight=2),
    person("north", (-200, 230), weight=1),
]
JOBS = [person("mill", (-200, 280), vacancies=2)]
OPTIONS = st.fixed_dictionaries(
    {
        "radius_m": st.sampled_from([700.0, 1400.0, 3000.0]),
        "at_least": st.integers(1, 3),
        "competition": st.sampled_from([None, None, Binary(), Exponential(1.0)]),
    }
)


def report_of(network, people, supply, **options):
    asked = CoverageOptions(basis="walking", network=network, **options)
    return gm.Coverage(supply_frame(supply), COMMUNITIES, asked).of(people_frame(people))


def near(people, places, radius_m):
    """Return how many of the located are within the radius of any place, straight."""
    there = [one for one in people if one["lon"] is not None]
    return sum(
        any(plain.GEOD.inv(one["lon"], one["lat"], *place)[2] <= radius_m for place in places)
        for one in there
    )


def test_a_bridge_worked_by_hand():
    what_if = WhatIf(report_of(town("Old Bridge"), HOMES, JOBS, radius_m=1000.0))
    change = what_if.open_street(**BRIDGES["in the middle"], name="Thought Bridge")
    rows = change.by("community").set_index("code")
    assert rows.index.tolist() == ["340302001001"]
    row = rows.iloc[0]
    assert (row["reached_before"], row["reached_after"], row["lost_on_foot_change"]) == (0, 4, -4)
    assert (row["below_change"], row["reason_none_on_foot_change"]) == (-4, -4)
    assert change.people["id"].tolist() == ["south"]
    assert change.people["in_reach_straight_before"].tolist() == [2]
    assert change.people["in_reach_straight_after"].tolist() == [2]
    report = change.report()
    assert report.options.network.names[-1] == "Thought Bridge"
    # To the street 50 m, along it 100, over the bridge 300, back along a street 100, and 80 more.
    assert report.people.loc[0, "distance_m"] == pytest.approx(630, abs=2)
    assert change.totals()["supply_amount_change"] == 0
    again = change.what_if().open_street(**between((850, -110), (850, 190)))
    assert again.report().people["in_reach"].tolist() == [2, 0, 2]


def test_only_who_is_near_an_end_by_what_the_street_leaves_is_recounted():
    people = [person(f"P{n}", spot, weight=1) for n, spot in enumerate(SPOTS)]
    network = town("Old Bridge")
    what_if = WhatIf(report_of(network, people, JOBS, radius_m=1000.0))
    change = what_if.open_street(**BRIDGES["in the middle"])
    street = walk_mm((-300, SOUTH), (-300, -90), (-300, 190), (-300, NORTH)) / 1000.0
    ends = [at(-300, SOUTH), at(-300, NORTH)]
    assert change.recomputed == near(people, ends, 1000.0 - street)
    assert 0 < change.recomputed < near(people, ends, 1000.0) < len(people)
    long = what_if.open_street(**BRIDGES["longer than the radius"])
    assert (long.recomputed, len(long.people)) == (0, 0)


@FEW
@given(peopled(), st.sampled_from(list(BRIDGES)), OPTIONS)
def test_a_street_that_opens_is_the_difference_to_a_report_of_the_opened_network(
    town_of, bridge, options
):
    network = town("Old Bridge")
    before = report_of(network, *town_of, **options)
    change = WhatIf(before).open_street(**BRIDGES[bridge])
    fresh = report_of(network.opened(**BRIDGES[bridge]), *town_of, **options)
    assert_same_report(change.report(), fresh)
    one, other, told = before.totals(), fresh.totals(), change.totals()
    for name in ("reached", "below", "lost_on_foot"):
        assert told[f"{name}_before"] == one[name]
        assert told[f"{name}_after"] == other[name]
    rows = change.by("community")
    assert (rows["reached_change"] >= 0).all()
    assert rows["reached_change"].sum() == other["reached"] - one["reached"]
    assert rows["lost_on_foot_change"].sum() == other["lost_on_foot"] - one["lost_on_foot"]
    if options["competition"] is not None:
        assert change.recomputed == sum(one["lon"] is not None for one in town_of[0])


@st.composite
def edited(draw, supply):
    """Draw what to add, move and close, and the supply after it."""
    spot = st.sampled_from(SPOTS)
    fates = [draw(st.sampled_from(["stay", "stay", "move", "close"])) for _ in supply]
    after, move = [], []
    for row, fate in zip(supply, fates, strict=True):
        if fate == "move":
            move.append(person(row["id"], draw(spot)))
        if fate != "close":
            after.append(row | (move[-1] if fate == "move" else {}))
    add = [
        person(f"N{n}", draw(spot), vacancies=draw(st.sampled_from([1, 3])))
        for n in range(draw(st.integers(0, 10)))
    ]
    close = [row["id"] for row, fate in zip(supply, fates, strict=True) if fate == "close"]
    return {"add": add or None, "move": move or None, "close": close}, after + add


@FEW
@given(st.data(), peopled(), OPTIONS, st.sampled_from([None, 700.0, 2e3]))
def test_an_edit_is_the_difference_to_a_fresh_report(data, town_of, options, other_m):
    network = town("Old Bridge")
    people, supply = town_of
    asked, after = data.draw(edited(supply))
    before = report_of(network, people, supply, **options)
    change = WhatIf(before).change(**asked, radius_m=other_m)
    anew = options | {"radius_m": other_m or options["radius_m"]}
    fresh = report_of(network, people, after, **anew)
    assert_same_report(change.report(), fresh)
    told, expected, base = change.totals(), fresh.totals(), before.totals()
    for name in ("reached", "below", "lost_on_foot", "reason_none_on_foot"):
        assert told[f"{name}_change"] == expected[name] - base[name]
    rows = change.by("community")
    assert rows["lost_on_foot_change"].sum() == told["lost_on_foot_change"]
    # One goes on from a change as from its report.
    street = BRIDGES["slanting"]
    onward = change.what_if().open_street(**street).report()
    opened = report_of(network.opened(**street), people, after, **anew)
    assert_same_report(onward, opened)


def test_one_station_recounts_the_straight_circles_alone():
    people = [person(f"P{n}", spot, weight=1) for n, spot in enumerate(SPOTS)]
    what_if = WhatIf(report_of(town("Old Bridge"), people, JOBS, radius_m=900.0))
    change = what_if.change(add=[person("S", (900, -120), vacancies=1)])
    assert change.recomputed == near(people, [at(900, -120)], 900.0)
    assert 0 < change.recomputed < len(people)


def test_candidates_are_ranked_by_whom_they_reach_on_foot():
    report = report_of(town("Old Bridge"), HOMES, [], radius_m=1000.0)
    sites = [person("north bank", (-200, 240)), person("south bank", (400, -140))]
    ranked = WhatIf(report).rank(sites).set_index("id")
    # Straight the first would serve "south" as well.
    assert ranked["alone"].to_dict() == {"south bank": 6, "north bank": 1}
    straight = gm.Coverage([], [], CoverageOptions(radius_m=1000.0)).of(people_frame(HOMES))
    assert WhatIf(straight).rank(sites).set_index("id")["alone"]["north bank"] == 5


def test_a_candidate_to_which_no_street_leads_says_so():
    report = report_of(town("Old Bridge"), HOMES, [], radius_m=1000.0)
    sites = [person("by the street", (-200, 240)), person("in the fields", (0, -900))]
    ranked = WhatIf(report).rank(sites).set_index("id")
    assert ranked["reason"].fillna("").to_dict() == {
        "by the street": "",
        "in the fields": "not_on_network",
    }
    assert ranked.loc["in the fields", "alone"] == 0
    straight = gm.Coverage([], [], CoverageOptions(radius_m=1000.0)).of(people_frame(HOMES))
    assert "reason" not in WhatIf(straight).rank(sites)


def test_medians_and_distances_of_a_bridge_are_those_of_the_report_after_it():
    before = report_of(town("Old Bridge"), HOMES, JOBS, radius_m=1000.0)
    change = WhatIf(before).open_street(**BRIDGES["in the middle"])
    rows = change.by("community", distance=True).set_index("code")
    for end, report in (("before", before), ("after", change.report())):
        whole = report.by("community").set_index("code").loc[rows.index]
        for name in ("in_reach_median", "distance_median_m"):
            assert rows[f"{name}_{end}"].tolist() == whole[name].tolist()
    south = rows.loc["340302001001"]
    assert (south["in_reach_median_before"], south["in_reach_median_after"]) == (0, 2)
    assert south["distance_median_m_change"] < -1000
    # The whole difference is there for who says that the streets may differ.
    told = gm.coverage.difference(before, change.report(), may_differ=["network"])
    told = told.set_index("code").loc["340302001001"]
    assert told["distance_median_m_change"] == south["distance_median_m_change"]
    assert told["lost_on_foot_change"] == -4


def test_who_is_invited_can_come_on_foot():
    what_if = WhatIf(report_of(town("Old Bridge"), HOMES, JOBS, radius_m=1000.0))
    sites = [person("near", (-250, 240)), person("across", (-200, -140)), person("none")]
    told = what_if.invite("mill", employers=sites, only="all")
    assert told.people["id"].tolist() == ["north"]
    assert told.people["distance_m"].tolist() == [
        what_if.change().report().people.set_index("id").loc["north", "distance_m"]
    ]
    assert told.employers["id"].tolist() == ["near"]
    assert told.employers_unlocated == 1


def test_a_street_that_opens_needs_a_report_on_foot():
    straight = gm.Coverage(supply_frame(JOBS), COMMUNITIES).of(people_frame(HOMES))
    with pytest.raises(ArgumentError, match=r"`report` must be on foot .* got one of straight"):
        WhatIf(straight).open_street(**BRIDGES["in the middle"])
    on_foot = WhatIf(report_of(town(), HOMES, JOBS))
    with pytest.raises(ArgumentError, match=r"`lon2, lat2` must be at most 300 m from a street"):
        on_foot.open_street(**between((-300, -90), (0, -900)))


def test_a_change_of_straight_lines_does_not_tell_of_what_is_on_foot():
    straight = gm.Coverage(supply_frame(JOBS), COMMUNITIES).of(people_frame(HOMES))
    change = WhatIf(straight).change(close=["mill"])
    named = [*change.totals(), *change.people.columns, *change.by("community").columns]
    assert not [name for name in named if "lost" in name or "straight" in name]
    assert isinstance(change.people, pd.DataFrame)


FAR = ((121.47, 31.23), (121.48, 31.24))
"""Two places of another city."""


def far(name, **more):
    return [
        {"id": f"{name} {n}", "lon": lon, "lat": lat, **more} for n, (lon, lat) in enumerate(FAR)
    ]


@pytest.mark.parametrize("competition", [None, Binary(), Exponential(1.0)], ids=str)
def test_what_a_change_leaves_may_all_be_in_another_city(competition):
    supply = [*JOBS, *far("site", vacancies=1)]
    asked = {"radius_m": 1000.0, "competition": competition}
    what_if = WhatIf(report_of(town("Old Bridge"), HOMES, supply, **asked))
    change = what_if.change(close=["mill"])
    assert change.report().people["in_reach"].tolist() == [0, 0, 0]
    assert change.by("community", distance=True)["reached_change"].sum() == -1
    smaller = what_if.change(close=["mill"], radius_m=900.0).report()
    assert smaller.people["in_reach"].tolist() == [0, 0, 0]
    with pytest.raises(ArgumentError, match="`network` must have streets within 50 km"):
        report_of(town("Old Bridge"), HOMES, far("site", vacancies=1), **asked)


def test_those_who_are_still_short_may_all_be_in_another_city():
    people = [HOMES[2], *far("home", weight=1)]
    report = report_of(town("Old Bridge"), people, JOBS, radius_m=1000.0)
    told = WhatIf(report).rank([person("south bank", (400, -140))], n=1)
    assert told["added"].tolist() == [0]
    assert WhatIf(report).change(close=["mill"]).report().people["in_reach"].tolist() == [0, 0, 0]
