"""Help: who comes first, the jobs of all members, the last resort, and whom nothing can help."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString

import geo_match as gm
from geo_match.errors import ArgumentError
from geo_match.policy.households.help import rank_help
from geo_match.policy.households.help_options import HelpOptions

ON = dt.date(2025, 12, 31)
OPTIONS = HelpOptions(match=gm.MatchOptions(on=ON, radius_m=1_000))
NORTH = 0.001
"""Degrees of latitude: 111 metres."""


def seeker(name, household, lat=32.93, **more):
    usual = {
        "birth_year": 1980,
        "sex": "male",
        "education": "senior",
        "status": "registered_unemployed",
        "difficulty": "zero_employment",
        "occupation": "401",
        "wage_floor_cny": 3_000,
        "shift": "day",
        "accepts": ["ordinary", "flexible", "public_welfare", "traineeship"],
    }
    return {"id": name, "household": household, "lon": 117.38, "lat": lat} | usual | more


def job(name, lat=32.93, **more):
    usual = {
        "employer_licence": "verified",
        "occupation": "401",
        "job_type": "ordinary",
        "wage_low_cny": 4_000,
        "wage_high_cny": 5_000,
        "wage_unit": "month",
        "shift": "day",
        "vacancies": 2,
        "filled": 0,
    }
    return {"id": name, "lon": 117.38, "lat": lat} | usual | more


def far(n):
    """Return a latitude so many times 10 km to the north: nobody else is in reach there."""
    return 32.93 + n * 90 * NORTH


SEEKERS = [
    seeker("A1", "A"),
    seeker("A2", "A", occupation="402"),
    seeker("B1", "B", far(1)),
    seeker("C1", "C", far(2)),
    seeker("E1", "E", None, lon=None),
    seeker("F1", "F", far(3)),
    seeker("X1", "X"),
]
JOBS = [
    job("J-A1", 32.93 + NORTH),
    job("J-A2", 32.93 + 2 * NORTH, occupation="402"),
    job("J-A3", 32.93 + 3 * NORTH, job_type=None),
    job("J-B-trainee", far(1), job_type="traineeship"),
    job(
        "P-B",
        far(1),
        job_type="public_welfare",
        occupation="405",
        wage_low_cny=2_000,
        wage_high_cny=2_000,
    ),
    job("P-B-filled", far(1), job_type="public_welfare", filled=2),
    job("P-A", 32.93, job_type="public_welfare"),
    job("J-C-shut", far(2), employer_licence="expired"),
    job("J-C-far", far(2) + 10 * NORTH),
]
CASES = pd.DataFrame(
    {
        "household": ["A", "B", "C", "D", "E", "F"],
        "case": ["A#1", "B#1", "C#1", "D#1", "E#1", "F#1"],
        "stage": ["verified", "helped", "verified", "suspected", "applied", "suspected"],
        "days_left": [5, 5, -3, None, None, None],
        "days_open": [10, 10, 99, 50, 1, 70],
    }
)


@pytest.fixture(scope="module")
def found():
    return rank_help(CASES, pd.DataFrame(SEEKERS), pd.DataFrame(JOBS), OPTIONS)


def test_the_longest_overdue_come_first_then_by_limit_help_stage_and_time_open(found):
    # C is overdue; of A and B, due alike, A was not helped yet; E applied; F is open longer than D.
    assert found.households["household"].tolist() == ["C", "A", "B", "E", "F", "D"]
    assert found.households["rank"].tolist() == [1, 2, 3, 4, 5, 6]


def test_what_can_help_each_household_and_why_nothing_can(found):
    columns = ["household", "seekers", "jobs_geodesic", "help", "reason"]
    told = found.households[columns].astype(object).where(found.households[columns].notna(), None)
    assert sorted(told.to_numpy().tolist()) == [
        ["A", 2, 3, "market", None],
        ["B", 1, 0, "public_welfare", None],
        ["C", 1, 0, "none", "none_eligible"],
        ["D", 0, 0, "none", "no_seeker"],
        ["E", 1, 0, "none", "no_location"],
        ["F", 1, 0, "none", "none_in_circle"],
    ]
    assert found.summary == {
        "households": 6,
        "market": 1,
        "public_welfare": 1,
        "none": 4,
        "none_eligible": 1,
        "none_on_foot": 0,
        "none_in_circle": 1,
        "not_on_network": 0,
        "no_location": 1,
        "not_registered": 0,
        "no_seeker": 1,
    }


def test_jobs_of_all_members_are_listed_and_no_traineeship(found):
    of_a = found.jobs[found.jobs["household"] == "A"]
    assert of_a[["seeker_id", "job_id", "kind"]].to_numpy().tolist() == [
        ["A1", "J-A1", "market"],
        ["A1", "J-A3", "market"],
        ["A2", "J-A2", "market"],
    ]
    assert "J-B-trainee" not in set(found.jobs["job_id"])


def test_a_public_welfare_post_is_the_last_resort_and_tells_the_wishes_that_it_does_not_meet(found):
    posts = found.jobs[found.jobs["kind"] == "public_welfare"]
    assert posts[["household", "job_id", "unmet"]].to_numpy().tolist() == [
        ["B", "P-B", "occupation,wage"]
    ]
    by_home = found.households.set_index("household")
    assert by_home["posts_geodesic"].isna()["A"]
    assert by_home["posts_geodesic"]["B"] == 1
    strict = HelpOptions(match=OPTIONS.match, resort_waives=[])
    told = rank_help(CASES, pd.DataFrame(SEEKERS), pd.DataFrame(JOBS), strict)
    assert told.households.set_index("household")["help"]["B"] == "none"


def test_whom_nothing_helps_is_told_which_condition_and_the_nearest_job_that_fits(found):
    row = found.households.set_index("household").loc["C"]
    assert (row["condition"], row["nearest_job_id"]) == ("employer", "J-C-far")
    assert row["nearest_m"] == pytest.approx(1_109, abs=1)
    assert "1,109 m away" in row["en"]
    assert "资质核验" in row["zh"]
    assert found.households["en"].str.endswith(".").all()
    assert found.households["zh"].str.endswith("。").all()
    assert sorted(found.seekers["seeker_id"]) == ["C1", "E1", "F1"]


def test_it_is_what_matching_each_member_alone_gives(found):
    jobs = pd.DataFrame(JOBS)
    market = jobs[~jobs["job_type"].isin(["public_welfare", "traineeship"])]
    for household, told in found.households.set_index("household")["jobs_geodesic"].items():
        mine = [one for one in SEEKERS if one["household"] == household]
        every = {
            match.job_id
            for one in mine
            for match in gm.Matcher(market, OPTIONS.match).match_one(one).matches
        }
        assert told == len(every)


def test_a_household_with_two_open_cases_has_one_row_by_the_more_urgent():
    twice = pd.concat([CASES, CASES[CASES["household"] == "A"].assign(days_left=-9, case="A#2")])
    told = rank_help(twice, pd.DataFrame(SEEKERS), pd.DataFrame(JOBS), OPTIONS).households
    assert told.iloc[0][["household", "case", "cases"]].tolist() == ["A", "A#2", 2]
    assert len(told) == 6


def test_suspected_households_will_do_and_a_market_without_jobs():
    posts = pd.DataFrame(JOBS)[lambda jobs: jobs["job_type"] == "public_welfare"]
    told = rank_help(pd.DataFrame({"household": ["A", "D"]}), pd.DataFrame(SEEKERS), posts, OPTIONS)
    assert told.households[["household", "help"]].to_numpy().tolist() == [
        ["A", "public_welfare"],
        ["D", "none"],
    ]


def test_on_foot_another_basis_may_decide():
    # One street to the north of the home, and the job beyond its end on an island of its own.
    lines = gpd.GeoDataFrame(
        geometry=[
            LineString([(117.38, 32.93), (117.38, 32.931)]),
            LineString([(117.38, 32.9355), (117.38, 32.936)]),
        ],
        crs=4326,
    )
    network = gm.walking.Network.from_lines(lines)
    homes = pd.DataFrame({"household": ["A"]})
    people, jobs = pd.DataFrame(SEEKERS[:1]), pd.DataFrame([job("J", 32.9358)])
    straight = HelpOptions(match=OPTIONS.match, network=network)
    walked = HelpOptions(match=OPTIONS.match, network=network, decided_by="walking")
    for options, help_, reason in ((straight, "market", None), (walked, "none", "none_on_foot")):
        row = rank_help(homes, people, jobs, options).households.iloc[0]
        assert (row["jobs_geodesic"], row["jobs_walking"]) == (1, 0)
        assert row["help"] == help_
        assert row["reason"] == reason if reason else pd.isna(row["reason"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"decided_by": "flying"}, "`decided_by` must be one of geodesic, walking"),
        ({"decided_by": "walking"}, "`decided_by` must be geodesic without a network"),
        ({"jobs_each": 101}, "`jobs_each` must be at most 100"),
        ({"jobs_each": 0}, "`jobs_each` must be"),
        ({"resort_waives": "wage"}, "`resort_waives` must be a collection of names"),
        ({"resort_waives": ["age"]}, "`resort_waives` must name wishes"),
        ({"match": 3}, "`match` must be `MatchOptions`, got int"),
    ],
)
def test_options_are_checked(options, message):
    with pytest.raises(ArgumentError, match=message):
        HelpOptions(**options)


def test_arguments_of_another_kind_are_refused():
    with pytest.raises(ArgumentError, match="`seekers` must be a DataFrame, got list"):
        rank_help(CASES, SEEKERS, pd.DataFrame(JOBS), OPTIONS)
    with pytest.raises(ArgumentError, match="`options` must be `HelpOptions` or None, got dict"):
        rank_help(CASES, pd.DataFrame(SEEKERS), pd.DataFrame(JOBS), {})
