"""The invented people: rates like a city's, the same households in every share, nobody astray."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
import shapely

from geo_match.demo.people import draw_people
from geo_match.demo.people.households import (
    PARTS,
    count_households,
    draw_kinds,
    list_part,
    sizes_of,
)
from geo_match.demo.people.working_age import MEN, WOMEN_50, WOMEN_55, is_working_age
from geo_match.errors import ArgumentError

TWENTIETH = 0.05


@pytest.fixture(scope="module")
def people(twentieth):
    return twentieth


@pytest.fixture(scope="module")
def adults(people):
    """Members of working age with the 户口 of their household."""
    hukou = people.households["hukou"].to_numpy()[people.members["household"]]
    members = people.members.assign(hukou=hukou, age=2025 - people.members["birth_year"])
    return members[members["working_age"]]


@pytest.fixture(scope="module")
def counts(areas):
    population = areas["population"].to_numpy(np.int64)
    return count_households(population, (areas["kind"] == "村委会").to_numpy())


def test_members_add_up_to_the_census_of_each_district(land, areas, counts):
    village = (areas["kind"] == "村委会").to_numpy()
    district, _ = pd.factorize(areas["lies_in"])
    people = np.zeros(len(areas))
    for part in range(PARTS):
        community, _ = list_part(counts, part)
        generator = np.random.default_rng(part)
        kinds = draw_kinds(village[community], generator, group=district[community])
        size = sizes_of(kinds)
        people += np.bincount(community, weights=size, minlength=len(areas))
    assert people.sum() == pytest.approx(3_296_408, rel=0.003)
    census = land.ground.set_index("code")["population_2020"]
    drawn = pd.Series(people).groupby(areas["lies_in"].to_numpy()).sum()
    assert drawn.to_numpy() == pytest.approx(census.loc[drawn.index].to_numpy(), rel=0.01)
    assert 1_230_000 < counts.sum() < 1_270_000


def test_every_household_is_in_exactly_one_part():
    counts = np.array([1, 99, 100, 101, 2_345])
    parts = [list_part(counts, part) for part in range(PARTS)]
    community, number = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    order = np.lexsort((number, community))
    assert np.array_equal(community[order], np.repeat(np.arange(5), counts))
    assert np.array_equal(number[order], np.concatenate([np.arange(n) for n in counts]))


def test_each_community_has_its_share_of_households(people, areas, counts):
    here = people.households["community"].value_counts().reindex(areas["code"]).to_numpy()
    assert np.abs(here - TWENTIETH * counts).max() < 2.0
    assert here.min() >= 1


def test_households_and_ages_are_like_the_districts_around(people):
    size = people.households["members"]
    assert 2.55 < size.mean() < 2.74
    assert size.sum() == len(people.members)
    assert np.array_equal(np.bincount(people.members["household"]), size)
    age = 2025 - people.members["birth_year"]
    shares = [(age < 15).mean(), age.between(15, 59).mean(), (age >= 60).mean()]
    assert shares == pytest.approx([0.17, 0.61, 0.22], abs=0.015)


def test_homes_stand_in_their_community_and_not_in_the_river(people, land, areas):
    points = people.households.geometry
    row = people.households["community"].cat.codes.to_numpy()
    area = areas.geometry.to_numpy()[row]
    assert shapely.contains_xy(area, points.x, points.y).all()
    assert not shapely.intersects_xy(land.river, points.x, points.y).any()


def test_a_smaller_share_is_some_of_the_same_people(people, land, areas, homes):
    fewer = draw_people(land, areas, homes, share=0.02)
    same = people.households[people.households["id"].isin(fewer.households["id"])]
    pd.testing.assert_frame_equal(same.reset_index(drop=True), fewer.households)
    named = [
        whole.members.assign(
            household=whole.households["id"].to_numpy()[whole.members["household"]]
        )
        for whole in (people, fewer)
    ]
    same = named[0][named[0]["household"].isin(fewer.households["id"])]
    pd.testing.assert_frame_equal(same.reset_index(drop=True), named[1])
    same = people.seekers[people.seekers["household"].isin(fewer.households["id"])]
    pd.testing.assert_frame_equal(same.reset_index(drop=True), fewer.seekers)


def test_homes_of_a_share_spread_like_those_of_a_larger_one(people, land, areas, homes):
    more = draw_people(land, areas, homes, share=0.5)
    middle_of = [
        whole.households.assign(lat=whole.households.geometry.y)
        .groupby("community", observed=True)["lat"]
        .mean()
        for whole in (people, more)
    ]
    height = areas.geometry.bounds.set_index(areas["code"]).eval("maxy - miny")
    off = (middle_of[0] - middle_of[1]).abs() / height
    # Independent draws of some fifty homes would be off by a few hundredths.
    assert off.median() < 0.01


def test_people_come_from_the_seed_alone(land, areas, homes):
    first, again = (draw_people(land, areas, homes, share=0.01) for _ in range(2))
    other = draw_people(land, areas, homes, share=0.01, seed=land.seed + 1)
    for name in ("households", "members", "seekers"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(again, name))
    assert not first.households.geometry.equals(other.households.geometry)
    assert not first.members["birth_year"].equals(other.members["birth_year"])


def test_status_is_known_and_in_keeping_with_age(people, adults):
    members = people.members
    age = 2025 - members["birth_year"]
    assert not members.isna().any(axis=None)
    assert (members["status"] == "under_age").equals(age < 16)
    assert adults["status"].isin(["retired", "under_age"]).sum() == 0
    retired = members["status"] == "retired"
    assert age[retired].min() >= 50
    studying = adults[adults["status"] == "studying"]
    assert studying["age"].max() <= 26


def test_statuses_have_plausible_rates(adults):
    rate = adults["status"].value_counts(normalize=True)
    jobless = rate["registered_unemployed"] + rate["unemployed"]
    working = rate["employed"] + rate["flexible"]
    assert 0.03 < jobless / (jobless + working) < 0.08
    assert rate["registered_unemployed"] > rate["unemployed"] > 0.01
    assert 0.2 < rate["flexible"] / working < 0.4
    assert 0.02 < rate["studying"] < 0.08
    assert 0.005 < rate["incapable"] < 0.04


def test_education_follows_age_and_hukou(adults):
    higher = adults["education"].isin(["college", "bachelor", "master"])
    of = higher.groupby([adults["hukou"], adults["age"].between(25, 39)], observed=True).mean()
    assert of["urban", True] > of["urban", False] + 0.1
    assert of["rural", True] > of["rural", False] + 0.05
    assert of["urban", True] > of["rural", True] + 0.1


def test_the_less_learnt_are_more_often_flexible_or_jobless(adults):
    status = adults.groupby("education", observed=True)["status"].value_counts(normalize=True)
    assert status["primary", "flexible"] > status["bachelor", "flexible"] + 0.1


def test_groups_are_there_and_hang_together(people, adults):
    members = people.members
    assert 0.1 < adults["migrant_worker"].mean() < 0.45
    assert 0.005 < members["veteran"].mean() < 0.03
    assert 0 < members["retired_fisherman"].sum() < 0.002 * len(members)
    assert (adults[adults["migrant_worker"]]["hukou"] == "rural").all()
    graduates = members[members["graduate"]]
    assert graduates["education"].isin(["college", "bachelor", "master"]).all()
    assert graduates["birth_year"].min() >= 2025 - 31
    difficult = members[members["difficulty"] != "none"]
    assert difficult["status"].isin(["registered_unemployed", "unemployed"]).all()
    assert set(difficult["difficulty"]) == set(members["difficulty"].cat.categories) - {"none"}


def test_zero_employment_households_are_those_of_the_definition(people):
    able = people.members[people.members["working_age"]]
    jobless = able["status"].isin(["registered_unemployed", "unemployed"])
    working = able["status"].isin(["employed", "flexible"])
    found = [
        flag.groupby(able["household"]).any().reindex(people.households.index, fill_value=False)
        for flag in (jobless, working)
    ]
    expected = (people.households["hukou"] == "urban") & found[0] & ~found[1]
    assert people.households["zero_employment"].equals(expected)
    marked = people.members[people.members["difficulty"] == "zero_employment"]
    assert set(marked["household"]) == set(np.flatnonzero(expected))


def test_zero_employment_is_rare_and_in_reach_of_every_urban_community(people, areas):
    urban = people.households["hukou"] == "urban"
    zero = people.households[people.households["zero_employment"]]
    assert 0.005 < len(zero) / urban.sum() < 0.03
    metres = areas.to_crs("EPSG:32650")
    town = metres[(metres["kind"] == "居委会") & (metres["lies_in"] < "340320")]
    close = shapely.STRtree(zero.to_crs("EPSG:32650").geometry.to_numpy())
    community, _ = close.query(town.geometry.to_numpy(), predicate="dwithin", distance=3_000)
    per_community = np.bincount(community, minlength=len(town))
    assert (per_community >= 3).mean() > 0.9
    assert per_community.min() >= 1


def test_seekers_are_members_of_working_age_and_live_at_home(people):
    seekers, households = people.seekers, people.households
    assert 140_000 < len(seekers) / TWENTIETH < 160_000
    assert seekers["id"].is_unique
    home = households.set_index("id").loc[seekers["household"]]
    assert shapely.equals(home.geometry.to_numpy(), seekers.geometry.to_numpy()).all()
    member = people.members.assign(
        id="S"
        + households["id"].str[1:].to_numpy()[people.members["household"]]
        + "-"
        + people.members["number"].astype(str)
    ).set_index("id")
    who = member.loc[seekers["id"]]
    assert who["working_age"].all()
    for name in ("birth_year", "sex", "status", "veteran"):
        assert np.array_equal(who[name], seekers[name])


def test_what_seekers_want_hangs_together(people):
    seekers = people.seekers
    floor = seekers.groupby("education", observed=True)["wage_floor_cny"].median()
    assert floor["junior"] < floor["vocational"] < floor["college"] < floor["bachelor"]
    wage = seekers["wage_floor_cny"].dropna()
    assert wage.between(1_500, 30_000).all()
    assert (wage % 100 == 0).all()
    learnt = seekers["education"].isin(["college", "bachelor", "master"])
    professional = seekers["occupation"].str[0] == "2"
    assert professional[learnt].mean() > professional[~learnt].mean() + 0.2
    welfare = seekers[seekers["accepts_public_welfare"].fillna(value=False).astype(bool)]
    assert (welfare["difficulty"].dropna() != "none").all()
    builders = seekers["occupation"] == "623"
    assert (seekers["sex"][builders] == "male").mean() > 0.8


def test_what_is_not_known_is_null(people):
    seekers = people.seekers
    missing = seekers.isna().mean()
    for name in ("education", "occupation", "wage_floor_cny", "shift", "difficulty"):
        assert 0.01 < missing[name] < 0.12
    accepts = [name for name in seekers if name.startswith("accepts_")]
    known = seekers[accepts].dropna()
    assert 0.02 < 1 - len(known) / len(seekers) < 0.04
    assert known.any(axis=1).all()
    assert missing[["id", "household", "community", "status"]].sum() == 0


def test_occupations_are_middle_groups_of_the_standard(people, reference):
    taxonomy = pd.read_csv(reference / "taxonomy" / "gbt6565_2009_occupations.csv", dtype=str)
    middle = taxonomy[taxonomy["level"] == "2"]["code"]
    assert set(people.seekers["occupation"].cat.categories) <= set(middle)


@pytest.mark.parametrize("share", [0.0, -0.05, 0.005, 0.055, 10.01, float("nan")])
def test_a_share_that_is_not_in_hundredths_is_refused(land, areas, homes, share):
    with pytest.raises(ArgumentError, match="`share` must be a whole number of hundredths"):
        draw_people(land, areas, homes, share=share)


@pytest.mark.parametrize(
    ("line", "birth_year", "last", "first_not"),
    [
        # Born in July; the steps of the decision of 13 September 2024, worked by hand.
        (MEN, 1964, dt.date(2024, 6, 30), dt.date(2024, 7, 1)),
        (MEN, 1965, dt.date(2025, 8, 31), dt.date(2025, 9, 1)),
        (MEN, 1976, dt.date(2039, 5, 31), dt.date(2039, 6, 1)),
        (MEN, 1980, dt.date(2043, 6, 30), dt.date(2043, 7, 1)),
        (WOMEN_55, 1970, dt.date(2025, 8, 31), dt.date(2025, 9, 1)),
        (WOMEN_50, 1975, dt.date(2025, 10, 31), dt.date(2025, 11, 1)),
        (WOMEN_50, 1990, dt.date(2045, 6, 30), dt.date(2045, 7, 1)),
    ],
)
def test_working_age_ends_by_the_steps_of_the_reform(line, birth_year, last, first_not):
    born, lines = np.array([birth_year]), np.array([line])
    assert is_working_age(born, lines, last)[0]
    assert not is_working_age(born, lines, first_not)[0]


def test_working_age_starts_at_sixteen():
    born, men = np.array([2009]), np.array([MEN])
    assert not is_working_age(born, men, dt.date(2025, 6, 30))[0]
    assert is_working_age(born, men, dt.date(2025, 7, 1))[0]
