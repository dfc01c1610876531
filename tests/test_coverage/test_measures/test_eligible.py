"""Who is eligible for what in the circle, held to the plain twin of matching and to brute force."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_coverage import plain as plain_coverage
from test_matching import strategies
from test_matching.answers import asked, twin
from test_matching.cases import JOB, ON, SEEKER
from test_matching.pairs import equator

import geo_match as gm
from geo_match.coverage import Coverage, CoverageOptions
from geo_match.coverage.measures.eligible import BARRIERS
from geo_match.coverage.publication.publish import audit, publish
from geo_match.errors import ArgumentError
from geo_match.matching import CONDITIONS
from geo_match.matching.plain.counts import counts

CITIES = (strategies.seekers(6), strategies.jobs(6), strategies.options())
FEW = settings(max_examples=max(settings().max_examples // 2, 1))
HERE = equator(0.0)[0]


def at(metres):
    return equator(metres)[1]


def persons(seekers, jobs, options, count, at_least):
    """Return in reach, eligible, reason and condition of each, as the words say it."""
    # One radius for all, whatever a seeker's own is.
    alike = [{**one, "radius_m": None} for one in seekers]
    # All who are given count, whenever they were registered.
    told = counts(alike, jobs, twin(options | {"former_too": True}))
    radius_m = options["radius_m"]
    found = plain_coverage.persons(
        seekers, jobs, [], radius_m=radius_m, count=count, at_least=at_least, max_distance_m=2e5
    )
    for one, row in zip(found, told, strict=True):
        one["eligible"] = row["vacancies" if count == "vacancies" else "matches"]
        # What is in the circle is enough, or was looked at in the order of the reasons.
        if one["located"]:
            accuracy = one["row"].get("location_accuracy_m")
            one["measure"], one["reason"] = one["eligible"], None
            if one["eligible"] < at_least:
                if accuracy is not None and accuracy > radius_m / 2:
                    one["reason"] = "coarse_location"
                elif one["in_reach"] == 0:
                    one["reason"] = "none_in_circle"
                else:
                    one["reason"] = "too_few" if one["eligible"] else "none_eligible"
        one["condition"] = row["condition"] if one["reason"] == "none_eligible" else None
    return found


@FEW
@given(*CITIES, st.sampled_from(["vacancies", "places"]), st.integers(1, 3))
def test_each_person_is_told_as_the_plain_twins_say(seekers, jobs, options, count, at_least):
    conditions = options["conditions"]
    if count == "vacancies" and conditions is not None and "vacancies" not in conditions:
        options = options | {"conditions": (*conditions, "vacancies")}
    match_options = dataclasses.replace(asked(options), radius_m=3000.0)
    report = Coverage(
        jobs,
        [],
        CoverageOptions(
            radius_m=options["radius_m"],
            eligible=match_options,
            count=count,
            at_least=at_least,
            max_distance_m=2e5,
        ),
    ).of(seekers)
    expected = persons(seekers, jobs, options, count, at_least)
    rows = report.people.astype(object).where(report.people.notna(), None).to_dict("records")
    for row, one in zip(rows, expected, strict=True):
        for name in ("in_reach", "reason", "condition"):
            assert row[name] == one[name], name
        assert row["eligible"] == (one["eligible"] if one["located"] else None)
    totals = report.totals()
    located = [one for one in expected if one["located"]]
    assert totals["reached"] == sum(one["eligible"] >= at_least for one in located)
    told = {name: totals[name] for name in totals if name.startswith("none_eligible_")}
    assert sum(told.values()) == totals["reason_none_eligible"]
    for name, n in told.items():
        wanted = name.removeprefix("none_eligible_")
        assert n == sum(one["condition"] == wanted for one in expected)
    pairs = [(one["eligible"], 1) for one in located]
    if pairs:
        assert totals["eligible_median"] == plain_coverage.quantile(pairs, 0.5)
        assert totals["fgt_share"] == pytest.approx(
            sum(value < at_least for value, _ in pairs) / len(pairs)
        )
    assert (totals["below"] == 0) == all(one["reason"] is None for one in expected)


NIGHT = {"shift": "night"}
TOWN = [
    JOB | at(100.0) | {"id": "日", "vacancies": 5, "filled": 3},
    JOB | at(200.0) | {"id": "夜", "vacancies": 9, "filled": None} | NIGHT,
]
OPTIONS = gm.MatchOptions(on=ON)


def test_a_town_worked_by_hand():
    people = [
        SEEKER | HERE | {"id": "日班", "weight": 3},
        SEEKER | HERE | {"id": "晚班", "weight": 2, "shift": "evening"},
        SEEKER | HERE | {"id": "夜班", "weight": 4, "radius_m": 1.0} | NIGHT,
        SEEKER | at(50_000.0) | {"id": "远", "weight": 1},
        SEEKER | {"id": "无处", "weight": 6, "lon": None, "lat": None},
    ]
    report = Coverage(TOWN, [], CoverageOptions(eligible=OPTIONS, at_least=4)).of(people)
    told = report.people
    assert told["in_reach"].tolist()[:4] == [11, 11, 11, 0]
    assert told["eligible"].tolist()[:4] == [2, 0, 9, 0]
    assert told["eligible"].isna().tolist() == [False] * 4 + [True]
    assert told["reason"].fillna("").tolist() == [
        *("too_few", "none_eligible", "", "none_in_circle", "no_location"),
    ]
    assert told["condition"].fillna("").tolist() == ["", "shift", "", "", ""]
    (row,) = report.by("community").to_dict("records")
    assert (row["reached"], row["below"], row["reason_none_eligible"]) == (4, 12, 2)
    assert [name for name in row if name.startswith("none_eligible_")] == [
        f"none_eligible_{name}" for name in BARRIERS if name != "distance"
    ]
    assert (row["none_eligible_shift"], row["none_eligible_several"]) == (2, 0)
    assert (row["eligible_median"], row["eligible_p90"], row["in_reach_median"]) == (2, 9, 11)
    assert row["fgt_share"] == pytest.approx(6 / 10)


@pytest.mark.parametrize("former_too", [False, True])
def test_who_is_registered_no_more_is_asked_about_as_all_others(former_too):
    former = SEEKER | HERE | {"id": "前", "closed_on": ON, "registered_on": None}
    eligible = gm.MatchOptions(on=ON, former_too=former_too, limit=1)
    told = Coverage(TOWN, [], CoverageOptions(eligible=eligible)).of([former, SEEKER | HERE]).people
    assert told["eligible"].tolist() == [2, 2]
    assert "`former_too`" in (CoverageOptions.__doc__ or "")


def test_a_report_says_the_day_by_which_it_counts():
    today = Coverage(TOWN, [], CoverageOptions(eligible=gm.MatchOptions())).of([])
    assert isinstance(today.options.eligible.on, dt.date)
    asked = CoverageOptions(eligible=OPTIONS)
    assert Coverage(TOWN, [], asked).of([]).options == asked


def test_only_conditions_that_are_asked_have_a_column():
    options = gm.MatchOptions(on=ON, conditions=["vacancies", "shift"])
    report = Coverage(TOWN, [], CoverageOptions(eligible=options)).of(SEEKER | HERE | {"id": "P"})
    names = [name for name in report.totals() if name.startswith("none_eligible_")]
    assert names == ["none_eligible_vacancies", "none_eligible_shift", "none_eligible_several"]


def test_without_eligibility_there_is_a_reason_that_nobody_has_and_no_more():
    report = Coverage(TOWN, []).of(SEEKER | HERE | {"id": "P"})
    totals = report.totals()
    assert totals["reason_none_eligible"] == 0
    assert not [name for name in totals if name.startswith(("eligible", "none_eligible"))]
    assert not {"eligible", "condition"} & {*report.people.columns}


def test_frames_that_are_no_seekers_or_jobs_are_refused():
    options = CoverageOptions(eligible=OPTIONS)
    with pytest.raises(ArgumentError, match=r"jobs.*`shift` must be"):
        Coverage(JOB | HERE | {"id": "J", "shift": "sometimes"}, [], options)
    with pytest.raises(ArgumentError, match=r"seekers.*`shift` must be"):
        Coverage([], [], options).of(SEEKER | HERE | {"id": "P", "shift": "sometimes"})


def test_employers_may_say_which_jobs_are_verified():
    jobs = [{**job, "employer_licence": None, "employer_id": "E"} for job in TOWN]
    options, person = CoverageOptions(eligible=OPTIONS), SEEKER | HERE | {"id": "P"}
    without = Coverage(jobs, [], options).of(person).totals()
    assert (without["reached"], without["none_eligible_employer"]) == (0, 1)
    employers = [{"id": "E", "licence": "verified"}]
    town = Coverage(jobs, [], options, employers=employers)
    assert town.of(person).totals()["reached"] == 1
    with pytest.raises(ArgumentError, match="`employers` must be given where the options ask"):
        Coverage(jobs, [], employers=employers)


def test_nobody_and_nothing_are_defined():
    options = CoverageOptions(eligible=OPTIONS)
    assert Coverage([], [], options).of([]).totals()["people"] == 0
    alone = Coverage([], [], options).of(SEEKER | HERE | {"id": "P"}).totals()
    assert (alone["reason_none_in_circle"], alone["eligible_median"]) == (1, 0.0)


def test_eligibility_goes_out_with_the_other_counts():
    people = pd.DataFrame([SEEKER | HERE | {"id": f"P{n}"} for n in range(60)])
    people["shift"] = ["evening", "night", "day"] * 20
    report = Coverage(TOWN, [{"code": "a"}], CoverageOptions(eligible=OPTIONS)).of(people)
    published = publish(report, key=b"an invented key for the tests")
    assert audit(published)["safe"].all()
    assert "reason_none_eligible" in published["all"]
    plain = publish(
        Coverage(TOWN, [{"code": "a"}]).of(people), key=b"an invented key for the tests"
    )
    assert (plain["community"]["reason_none_eligible"] == 0).all()  # and all may know


def test_what_may_keep_somebody_is_a_condition_or_several():
    assert (*CONDITIONS, "several") == BARRIERS
