"""The small city as a whole: its facts, its rates, who is left out, and that all of it fits."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from eligibility import CONDITIONS, count_eligible, count_without
from on_foot import Feet

from geo_match import PointIndex
from geo_match.demo import facts
from geo_match.demo.facts import URBAN_DISTRICTS
from geo_match.demo.people import draw_people
from geo_match.demo.tables import tables_of

RADIUS_M = 3_000.0


def places(frame):
    return {"lon": frame.geometry.x.to_numpy(), "lat": frame.geometry.y.to_numpy()}


def reaches(origins, goals):
    """Say which origins have one of the goals within 3 km."""
    return PointIndex(**places(goals)).count_within(**places(origins), radius_m=RADIUS_M) > 0


def by_community(households, flag):
    return pd.Series(flag).groupby(households["community"].astype(str).to_numpy()).mean()


@pytest.fixture(scope="module")
def tables(small):
    return tables_of(small)


@pytest.fixture(scope="module")
def homes_of(small):
    return small.people.households


# What is known


def test_districts_communities_and_the_river_are_the_known_ones(tables):
    districts, known = tables["districts"], facts.districts()
    pd.testing.assert_frame_equal(districts.drop(columns="included"), known)
    assert set(districts["code"][districts["included"]]) == set(URBAN_DISTRICTS)
    communities = tables["communities"]
    assert len(communities) == 1_157
    pd.testing.assert_frame_equal(communities[facts.communities().columns], facts.communities())
    river = tables["river"].geometry.iloc[0]
    assert shapely.covers(river, facts.huai().buffer(1e-5).intersection(river))
    assert shapely.length(shapely.intersection(facts.huai(), river)) > 0.999 * facts.huai().length


def test_people_add_up_to_the_census_of_each_urban_district(small, homes_of):
    lies_in = small.areas.set_index("code")["lies_in"]
    district = lies_in.loc[homes_of["community"].astype(str)].to_numpy()
    people = homes_of["members"].groupby(district).sum() / small.scale.households
    census = facts.districts().set_index("code")["population_2020"].loc[[*URBAN_DISTRICTS]]
    assert people.to_numpy() == pytest.approx(census.to_numpy(), rel=0.01)
    population = small.areas.groupby("lies_in")["population"].sum()
    everywhere = facts.districts().set_index("code")["population_2020"]
    assert population.to_numpy() == pytest.approx(everywhere.loc[population.index].to_numpy())


def test_households_and_areas_are_where_they_should(small, homes_of):
    assert 2.55 < homes_of["members"].mean() < 2.74
    assert not shapely.intersects_xy(small.land.river, *places(homes_of).values()).any()
    areas = small.areas.geometry.to_numpy()
    assert shapely.coverage_is_valid(areas)
    ground = shapely.difference(facts.districts().union_all(), small.land.river)
    assert shapely.area(shapely.union_all(areas)) == pytest.approx(shapely.area(ground), rel=1e-6)


# Who is left out


def test_between_a_twentieth_and_a_quarter_of_seekers_have_no_eligible_job(small):
    reached, eligible = count_eligible(small.people.seekers, small.work.jobs)
    assert 0.05 < (eligible == 0).mean() < 0.25
    assert 0.01 < (reached == 0).mean() < 0.08
    assert np.median(eligible[eligible > 0]) > 10


def test_every_kind_of_condition_stands_in_the_way_of_somebody(small):
    left_out = [(), *((name,) for name in CONDITIONS)]
    _, (eligible, *others) = count_without(small.people.seekers, small.work.jobs, left_out)
    alone = []
    for name, without in zip(CONDITIONS, others, strict=True):
        assert (without > eligible).mean() > 0.02, name
        if ((without > 0) & (eligible == 0)).any():
            alone.append(name)
    assert len(alone) >= len(CONDITIONS) - 1


def test_whole_communities_are_left_out(small, homes_of):
    reached = by_community(homes_of, reaches(homes_of, small.work.jobs))
    assert (reached <= 0.1).sum() >= 3
    assert (reached <= 0.5).sum() >= 8
    assert (reached >= 0.99).mean() > 0.8


def test_some_are_left_out_only_because_the_river_lies_between(small, homes_of):
    jobs = small.work.jobs
    huai = shapely.get_coordinates(facts.huai())
    north = [
        frame.geometry.y.to_numpy() > np.interp(frame.geometry.x.to_numpy(), *huai.T)
        for frame in (homes_of, jobs)
    ]
    own_bank = np.zeros(len(homes_of), dtype=bool)
    for bank in (True, False):
        own_bank[north[0] == bank] = reaches(homes_of[north[0] == bank], jobs[north[1] == bank])
    feet = Feet(small.streets.lines)
    start, goals = (feet.nearest(**places(frame)) for frame in (homes_of, jobs))
    shares = pd.DataFrame(
        {
            "straight": by_community(homes_of, reaches(homes_of, jobs)),
            "own_bank": by_community(homes_of, own_bank),
            "on_foot": by_community(homes_of, feet.reached(start, goals, within_m=RADIUS_M)),
        }
    )
    assert (shares["on_foot"] <= shares["straight"] + 1e-9).all()
    # In sight of most, on their own bank for few, and for as few within 3 km on foot.
    river = shares[(shares["straight"] > 0.7) & (shares["own_bank"] < 0.3)]
    assert len(river) >= 1
    assert (river["on_foot"] < 0.3).all()


@pytest.fixture(scope="module")
def everybody(land, areas, homes):
    return draw_people(land, areas, homes)


def test_shares_per_community_agree_with_the_whole_city(small, homes_of, work, everybody):
    whole = everybody.households
    whole = whole[whole["community"].isin(homes_of["community"].unique())]
    homes_here = homes_of["community"].astype(str).value_counts()
    for kept, all_of_them in ((small.work.jobs, work.jobs), (small.work.stations, work.stations)):
        here = by_community(homes_of, reaches(homes_of, kept))
        there = by_community(whole, reaches(whole, all_of_them))
        assert here.index.equals(there.index)
        off = (here - there).abs()
        n = homes_here.loc[off.index]
        # Of few households one weighs 2 points and more, and one or two lie just at the rim.
        assert (off - np.where(n < 60, 2.0, 1.0) / n).max() < 0.03
        assert (off > 0.03).mean() < 0.05


def test_statuses_per_district_agree_with_the_whole_city(small, areas, everybody):
    lies_in = areas.set_index("code")["lies_in"]
    shares = []
    for people in (small.people, everybody):
        home = people.households["community"].astype(str).map(lies_in).to_numpy()
        members = people.members.assign(district=home[people.members["household"]])
        members = members[members["district"].isin(URBAN_DISTRICTS) & members["working_age"]]
        shares.append(pd.crosstab(members["district"], members["status"], normalize="index"))
    assert (shares[0] - shares[1]).abs().max(axis=None) < 0.03


# That it is one city


def test_nothing_names_what_is_not_there(tables):
    ids = {
        "household": tables["households"]["id"],
        "community": tables["communities"]["code"],
        "from_community": tables["communities"]["code"],
        "employer_id": tables["employers"]["id"],
        "site_id": tables["sites"]["id"],
        "station_id": tables["stations"]["id"],
        "operator_id": tables["operators"]["id"],
        "claimed_by": tables["operators"]["id"],
        "led_by": tables["operators"]["id"],
        "spell": tables["history/spells"]["id"],
        "employment": tables["history/employments"]["id"],
        "job_id": pd.concat([tables["jobs"]["id"], tables["history/closed_jobs"]["id"]]),
    }
    persons = pd.concat([tables["seekers"]["id"], tables["history/former_seekers"]["id"]])
    assert persons.is_unique
    ids |= {"person": persons, "holder": persons, "cleared_by": persons}
    checked = 0
    for name, table in tables.items():
        for column, known in ids.items():
            if column in table:
                named = table[column].dropna().astype(str)
                assert named.isin(set(known)).all(), (name, column)
                checked += 1
    assert checked > 30


def test_every_site_of_the_districts_is_there_and_a_fifth_of_their_jobs(small, work, areas):
    inside = areas["code"][areas["lies_in"].isin(URBAN_DISTRICTS)]
    for name in ("sites", "stations"):
        whole = getattr(work, name)
        expected = whole["id"][whole["community"].isin(inside)]
        assert expected.isin(getattr(small.work, name)["id"]).all()
    jobs = [frame[frame["community"].isin(inside)] for frame in (small.work.jobs, work.jobs)]
    assert len(jobs[0]) / len(jobs[1]) == pytest.approx(0.2, abs=0.04)
    assert jobs[0]["id"].isin(jobs[1]["id"]).all()


def test_every_file_says_that_what_is_in_it_is_invented_or_drawn(tables):
    for name, table in tables.items():
        marks = [column for column in ("invented", "drawn", "width_drawn") if column in table]
        marks += [column for column in ("area_drawn", "population_drawn") if column in table]
        if name == "districts":
            assert not marks
        else:
            assert marks, name
            assert table[marks].all(axis=None)


def test_geometry_is_on_wgs_84_and_sound(tables):
    geographic = {k: v for k, v in tables.items() if isinstance(v, gpd.GeoDataFrame)}
    assert len(geographic) >= 8
    for name, table in geographic.items():
        assert table.crs.to_epsg() == 4326, name
        assert table.geometry.is_valid.all(), name
        west, south, east, north = table.total_bounds
        assert 116.6 < west < east < 118.2
        assert 32.6 < south < north < 33.6
