"""What people are eligible for, on foot and straight beside, and why it is less on foot."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from test_coverage import plain_on_foot as plain
from test_coverage.plain_on_foot import person
from test_coverage.river import peopled, town
from test_coverage.test_on_foot import FEW, RADII, null, on_foot
from test_matching.cases import JOB, ON, SEEKER

import geo_match as gm
from geo_match.coverage import CoverageOptions


def test_what_people_are_eligible_for_is_counted_on_foot_and_straight_beside():
    jobs = [
        JOB | person("day", (-200, 250), vacancies=5, filled=3),
        JOB | person("night", (900, -130), vacancies=9, filled=None, shift="night"),
    ]
    people = [
        SEEKER | person("south by day", (-200, -150), weight=3),
        SEEKER | person("south by night", (-200, -150), weight=2, shift="night"),
        SEEKER | person("north by night", (-100, 230), weight=4, shift="night"),
        SEEKER | person("north by day", (-100, 230), weight=1),
    ]
    eligible = gm.MatchOptions(on=ON)
    asked = {"radius_m": 1200.0, "eligible": eligible}
    report = gm.Coverage(jobs, [], on_foot(town("Old Bridge"), **asked)).of(people)
    told = report.people
    assert told["in_reach"].tolist() == [9, 9, 2, 2]
    assert told["in_reach_straight"].tolist() == [11] * 4
    assert told["eligible"].tolist() == [0, 9, 0, 2]
    assert told["eligible_straight"].tolist() == [2, 9, 9, 2]
    assert list(map(null, told["reason"])) == ["none_eligible", None, "none_eligible", None]
    assert list(map(null, told["cause"])) == ["river", None, "river", None]
    straight = gm.Coverage(jobs, [], CoverageOptions(**asked)).of(people)
    assert straight.people["eligible"].tolist() == told["eligible_straight"].tolist()
    totals = report.totals()
    assert (totals["reached_straight"], totals["reached"]) == (10, 3)
    assert (totals["lost_on_foot"], totals["lost_on_foot_river"]) == (7, 7)
    assert totals["eligible_straight_median"] == 9
    assert totals["none_eligible_shift"] == totals["reason_none_eligible"] == 7


LANE, ACROSS = (1000, -140), (1000, 230)
"""The end of a lane, and a place 370 m away across the river."""


def by_shift(name, place, shift, **more):
    return {"shift": shift, **person(name, place, **more)}


def test_the_cause_is_that_of_the_job_that_would_have_counted():
    jobs = [
        by_shift("next door", (1000, -90), "night", vacancies=1),  # 1.4 km along the lane
        by_shift("across", ACROSS, "day", vacancies=1),
    ]
    people = [by_shift(shift, LANE, shift, weight=1) for shift in ("day", "night", "evening")]
    # Who is reached by the night job next door alone; what fits by day lies across the river.
    people.append(by_shift("at the door", (1000, -95), "day", weight=1))
    eligible = gm.MatchOptions(on=ON, conditions=["vacancies", "shift"])
    asked = on_foot(town("Old Bridge"), radius_m=1250.0, eligible=eligible)
    told = gm.Coverage(jobs, [], asked).of(people).people.set_index("id")
    columns = ["in_reach", "eligible", "eligible_straight", "reason", "cause"]
    assert {row.Index: tuple(map(null, row[1:])) for row in told[columns].itertuples()} == {
        "day": (0, 0, 1, "none_on_foot", "river"),
        "night": (0, 0, 1, "none_on_foot", "detour"),
        # Nothing fits: it is the cause of the nearest of all.
        "evening": (0, 0, 0, "none_on_foot", "detour"),
        "at the door": (1, 0, 1, "none_eligible", "river"),
    }
    # Without the question the nearest is missed by all alike.
    plain_asked = on_foot(town("Old Bridge"), radius_m=1250.0)
    causes = gm.Coverage(jobs, [], plain_asked).of(people).people["cause"]
    assert list(map(null, causes)) == ["detour", "detour", "detour", None]


SHIFTS = st.sampled_from(["day", "night", None])


@FEW
@given(peopled(), st.data(), RADII, st.integers(1, 4), st.sampled_from(["vacancies", "places"]))
def test_each_cause_with_eligibility_is_as_brute_force_says(
    town_of, data, radius_m, at_least, count
):
    people, supply = ([row | {"shift": data.draw(SHIFTS)} for row in rows] for rows in town_of)
    network = town("Old Bridge")
    # Where rows are counted one that is filled is one, too, and fits where that is not asked.
    conditions = ["shift", *(["vacancies"] if count == "vacancies" else [])]
    asked = on_foot(
        network,
        radius_m=radius_m,
        at_least=at_least,
        count=count,
        eligible=gm.MatchOptions(on=ON, conditions=conditions),
    )
    told = gm.Coverage(supply, [], asked).of(people).people
    found = plain.causes_of_fitting(
        network, people, supply, radius_m=radius_m, at_least=at_least, count=count
    )
    rows = told.to_dict("records")
    assert [null(row["cause"]) for row in rows] == [one["cause"] for one in found]
    for row, one in zip(rows, found, strict=True):
        assert null(row["eligible"]) == one["eligible"]
        assert null(row["eligible_straight"]) == one["eligible_straight"]
