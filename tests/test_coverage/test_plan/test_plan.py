"""The service plan, held to brute force, to a town worked by hand, and to the small city."""

from __future__ import annotations

import datetime as dt
import math

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from test_coverage.plain_plan import OCCUPATIONS, PlainPlan, holds
from test_coverage.towns import COMMUNITIES, LAT, LON, STEP, communities_frame

from geo_match.coverage.plan.options import PlanOptions
from geo_match.coverage.plan.service_plan import service_plan
from geo_match.errors import ArgumentError
from geo_match.rules import WORKING_AGE

FEW = settings(max_examples=12)
ON = dt.date(2020, 6, 1)
TRUTH = st.sampled_from([True, False, None])
DAY = st.sampled_from([None, dt.date(2020, 5, 31), ON, dt.date(2020, 6, 2)])
GROUPS = ("graduate", "migrant_worker", "veteran", "retired_fisherman")
SUMS = (
    "entities",
    "people",
    "people_located",
    "working_age",
    "working_age_unknown",
    "seekers",
    "seekers_located",
    *(f"seekers_{name}" for name in (*GROUPS, "difficulty", "registered_unemployed")),
    "seekers_groups_not_stated",
    "jobs",
    "vacancies",
    "stations",
    "seekers_reached",
    "people_near_station",
)


@st.composite
def _rows(draw, prefix, most=7, **columns):
    found = []
    for number in range(draw(st.integers(0, most))):
        place = {"lon": None, "lat": None}
        if draw(st.integers(0, 5)):
            x, y = draw(st.tuples(st.integers(0, 7), st.integers(0, 7)))
            place = {"lon": LON + x * STEP, "lat": LAT + y * STEP}
        community = draw(st.sampled_from(["a", "b", "no area", "elsewhere", None]))
        row = {"id": f"{prefix}{number}", **place, "community": community}
        found.append(row | {name: draw(values) for name, values in columns.items()})
    return found


@st.composite
def plan_towns(draw):
    weight = st.integers(0, 4)
    born = st.sampled_from([None, 1958, 1960, 1965, 1968, 1970, 1990, 2003, 2004, 2005])
    occupation = st.sampled_from(list(OCCUPATIONS))
    jobs = {"occupation": occupation, "opened_on": DAY, "closed_on": DAY}
    jobs["vacancies"], jobs["filled"] = (st.sampled_from([None, 0, 1, 2, 5]) for _ in range(2))
    jobs["employer_licence"] = st.sampled_from(["verified", "verified", "unverified", None])
    difficulty = st.sampled_from(["none", "older", None])
    status = st.sampled_from(["registered_unemployed", "flexible", None])
    flags = dict.fromkeys(GROUPS, TRUTH)
    sex = st.sampled_from(["male", "female", None])
    return {
        "people": draw(_rows("P", birth_year=born, sex=sex, weight=weight)),
        "seekers": draw(
            _rows(
                "S",
                occupation=occupation,
                weight=weight,
                difficulty=difficulty,
                status=status,
                registered_on=DAY,
                closed_on=DAY,
                **flags,
            )
        ),
        "entities": draw(_rows("E")),
        "jobs": draw(_rows("J", **jobs)),
        "stations": draw(_rows("T", opened_on=DAY, closed_on=DAY)),
    }


def plan_of(town, communities=None, **asked):
    areas = communities_frame(COMMUNITIES if communities is None else communities)
    return service_plan(areas, PlanOptions(**({"on": ON} | asked)), **town)


def assert_cells(row, expected):
    for name, value in expected.items():
        found = row[name]
        if value is None:
            assert pd.isna(found), name
        else:
            assert math.isclose(found, value, rel_tol=1e-9, abs_tol=1e-12), (name, found, value)


@FEW
@given(plan_towns(), st.sampled_from(["major", "middle"]), st.sampled_from([1500.0, 3000.0]))
def test_every_figure_is_that_of_brute_force(town, level, radius):
    plain = PlainPlan(COMMUNITIES, ON, radius, level, **town)
    plan = plan_of(town, occupation_level=level, radius_m=radius, most_short=2)
    rows = plan.by("community")
    assert [None if pd.isna(code) else code for code in rows["code"]] == plain.codes()
    for code, (_, row) in zip(plain.codes(), rows.iterrows(), strict=True):
        assert_cells(row, plain.row(code))
        short = [row[f"short_{rank}"] for rank in (1, 2)]
        assert [one for one in short if not pd.isna(one)] == plain.short(code, 2)
    parted = plan.by("community", "occupation")
    expected = [(code, group) for code in plain.codes() for group in plain.occupations()]
    assert len(parted) == len(expected)
    for (code, group), (_, row) in zip(expected, parted.iterrows(), strict=True):
        assert (None if pd.isna(row["occupation"]) else row["occupation"]) == group
        assert_cells(row, plain.cell(code, group))


@FEW
@given(plan_towns())
def test_communities_add_up_to_all_and_nothing_is_lost(town):
    plan = plan_of(town)
    rows, totals = plan.by("community"), plan.totals()
    for name in SUMS:
        assert rows[name].sum() == (totals[name] or 0), name
    assert totals["people"] == sum(row["weight"] for row in town["people"])
    there = [row for row in town["seekers"] if holds(row, ON, "registered_on")]
    assert totals["seekers"] == sum(row["weight"] for row in there)
    assert totals["seekers_not_registered"] == len(town["seekers"]) - len(there)
    assert totals["entities"] == len(town["entities"])
    assert (
        totals["jobs_given"]
        == len(town["jobs"])
        == totals["jobs"]
        + sum(totals[f"jobs_{why}"] for why in ("not_open", "not_verified", "filled"))
    )
    assert totals["stations"] + totals["stations_not_open"] == len(town["stations"])
    cells = plan.by("community", "occupation")
    for name in ("seekers", "seekers_located", "vacancies"):
        assert cells[name].sum() == totals[name], name


@FEW
@given(plan_towns())
def test_all_vacancies_near_a_seeker_fall_to_seekers_and_shortfall_and_surplus_tell_how(town):
    plan = plan_of(town)
    cells = plan.by("community", "occupation")
    kept = cells["seekers_located"] - cells["shortfall"] + cells["surplus"]
    known = cells["occupation"].notna()
    pd.testing.assert_series_equal(
        kept[known].astype(float), cells["available"][known], check_names=False, atol=1e-9
    )
    everywhere = plan_of(town, [{"code": "340302001001", "area": shapely.box(117, 32, 119, 34)}])
    groups = everywhere.by("city", "occupation").groupby("occupation")
    for group, rows in groups:
        near = rows["vacancies_in_reach"].astype(float).tolist()
        assert rows["available"].iloc[0] == pytest.approx(near[0], rel=1e-9), group
        assert near[1] == 0


@FEW
@given(plan_towns(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(town, random):
    before = plan_of(town)
    areas = list(COMMUNITIES)
    random.shuffle(areas)
    shuffled = {name: random.sample(rows, len(rows)) for name, rows in town.items()}
    after = plan_of(shuffled, areas)
    for asked in (("community",), ("community", "occupation")):
        pd.testing.assert_frame_equal(
            before.by(*asked).drop(columns="geometry"),
            after.by(*asked).drop(columns="geometry"),
            rtol=0.0,
            atol=0.0,
        )


CODES = ["340302001001", "340302001002", "340303001001"]
HAND_COMMUNITIES = gpd.GeoDataFrame(
    {"code": CODES, "name": ["一", "二", "三"]},
    geometry=[
        shapely.box(117.3, 32.9, 117.45, 32.95),
        shapely.box(117.5, 32.9, 117.6, 32.95),
        None,
    ],
    crs=4490,
)
# As in the town of coverage a degree of longitude is 93.56 km: from west to the shop 936 m, to the
# mill 4.68 km; from the middle 1.87 km to either.
HAND = {
    "households": [
        {"id": "west", "lon": 117.35, "lat": 32.93},
        {"id": "middle", "lon": 117.38, "lat": 32.93},
        {"id": "far", "lon": 117.55, "lat": 32.93},
        {"id": "nowhere", "lon": None, "lat": None, "community": CODES[2]},
    ],
    # On the last day of 2025 every birthday has been.
    "people": [
        {"household": "west", "birth_year": 1990, "sex": "male"},
        {"household": "west", "birth_year": 2012, "sex": "male"},
        {"household": "west", "birth_year": 1974, "sex": "female"},  # 51, cadre or worker
        {"household": "middle", "birth_year": 1950, "sex": None},
        {"household": "far", "birth_year": None, "sex": None},
        {"household": "nowhere", "birth_year": 2000, "sex": None},
    ],
    "seekers": [
        {"id": "S1", "lon": 117.35, "lat": 32.93, "occupation": "401", "groups": ["veteran"]},
        {"id": "S2", "lon": 117.38, "lat": 32.93, "occupation": "4-02-01", "groups": []},
        {"id": "S3", "lon": 117.38, "lat": 32.93, "occupation": "601", "groups": None},
        {"id": "S4", "lon": 117.55, "lat": 32.93, "occupation": "401", "groups": ["veteran"]},
        {"id": "S5", "lon": 117.55, "lat": 32.93, "occupation": "201", "groups": ["graduate"]},
        {"id": "S6", "lon": 117.55, "lat": 32.93, "occupation": "普工", "groups": []},
    ],
    "entities": [
        {"id": "shop", "lon": 117.36, "lat": 32.93},
        {"id": "mill", "lon": 117.40, "lat": 32.93},
        {"id": "stall", "lon": None, "lat": None, "community": CODES[0]},
    ],
    "jobs": [
        {"id": "J1", "lon": 117.36, "lat": 32.93, "occupation": "401", "vacancies": 3, "filled": 2},
        {"id": "J2", "lon": 117.40, "lat": 32.93, "occupation": "402", "vacancies": 2},
        {"id": "J3", "lon": 117.40, "lat": 32.93, "occupation": "601", "vacancies": None},
        {"id": "J4", "lon": 117.40, "lat": 32.93, "occupation": "601", "vacancies": 1, "filled": 1},
        {"id": "J5", "lon": None, "lat": None, "occupation": "601", "community": CODES[1]},
    ],
    "stations": [
        {"id": "T1", "lon": 117.34, "lat": 32.93, "closed_on": None},
        {"id": "T2", "lon": 117.55, "lat": 32.93, "closed_on": dt.date(2025, 12, 31)},
    ],
}


def test_a_town_worked_by_hand():
    plan = service_plan(HAND_COMMUNITIES, PlanOptions(on=dt.date(2025, 12, 31)), **HAND)
    rows = plan.by("community")
    assert rows["kind"].tolist() == ["community"] * 3 + ["outside"]
    assert rows["release"].unique().tolist() == ["internal"]
    first, second, third, outside = (row for _, row in rows.iterrows())
    assert_cells(
        first,
        {
            "communities": 1,
            "without_area": 0,
            "entities": 3,
            "people": 4,
            "people_located": 4,
            "working_age": 1,
            "working_age_unknown": 1,
            "seekers": 3,
            "seekers_located": 3,
            "seekers_veteran": 1,
            "seekers_graduate": 0,
            "seekers_groups_not_stated": 1,
            "seekers_difficulty": None,
            "jobs": 3,
            "vacancies": 4,  # 1, 2, and 1 that is not stated
            "stations": 1,
            "seekers_reached": 3,
            "seekers_reached_share": 1.0,
            "vacancies_in_reach": 4,
            "vacancies_in_reach_median": 4,  # 1, 4 and 4
            # From the middle home to the station it is 3.74 km.
            "people_near_station": 3,
            "people_near_station_share": 0.75,
            "stations_in_reach": 1,
            "entities_in_reach": 2,
        },
    )
    # 15 hundredths of a degree by 5, about 14.03 km by 5.545 km.
    assert first["area_km2"] == pytest.approx(14.03 * 5.545, rel=1e-3)
    assert first["entities_per_km2"] == pytest.approx(2 / first["area_km2"])
    # Of major group 4 the shop's vacancy is shared by west and middle, the mill's two are middle's
    # alone: west has half a vacancy, middle two and a half.
    assert (first["short_1"], first["short_1_name"]) == ("4", "商业、服务业人员")
    assert first["short_1_shortfall"] == pytest.approx(0.5)
    assert pd.isna(first["short_2"])
    assert_cells(
        second,
        {
            "people": 1,
            "working_age": None,  # nobody's year of birth is stated
            "working_age_unknown": 1,
            "seekers": 3,
            "seekers_reached": 0,
            "vacancies_in_reach_median": 0,
            "jobs": 1,
            "vacancies": 1,
            "stations": 0,  # the only one closed on that day
            "people_near_station": 0,
            "entities": 0,
            "entities_per_km2": 0,
        },
    )
    # Nobody wants what is there: of 2 and of 4 one is short each, in order of the codes.
    assert [second["short_1"], second["short_2"]] == ["2", "4"]
    assert [second["short_1_shortfall"], second["short_2_shortfall"]] == [1.0, 1.0]
    assert pd.isna(second["short_3"])
    nothing = {"area_km2": None, "entities_per_km2": None, "people_near_station_share": None}
    assert_cells(third, {"people": 1, "people_located": 0, "working_age": 1, "without_area": 1})
    assert_cells(third, nothing)
    assert first["not_given"] == "seekers.difficulty, seekers.registered_unemployed"
    assert_cells(outside, {"communities": 0, "people": 0, "seekers": 0, "area_km2": None})

    cells = plan.occupations("city").set_index(["kind", "occupation"])
    assert_cells(
        cells.loc[("city", "4")],
        {
            "seekers": 3,
            "seekers_located": 3,
            "vacancies": 3,
            "in_reach_mean": 4 / 3,  # 1, 3 and 0
            "in_reach_median": 1,
            "vacancies_in_reach": 3,
            "available": 3,
            "shortfall": 1.5,
            "surplus": 1.5,
        },
    )
    assert cells.loc[("city", "4"), "occupation_name"] == "商业、服务业人员"
    assert_cells(cells.loc[("city", "6")], {"vacancies": 2, "vacancies_in_reach": 1})
    totals = plan.totals()
    assert (totals["jobs_filled"], totals["jobs_unlocated"], totals["vacancies_unlocated"]) == (
        1,
        1,
        1,
    )
    assert totals["jobs_vacancies_not_stated"] == 2
    assert totals["area_km2"] == pytest.approx(rows["area_km2"].sum())
    assert totals["working_age_rule"] == str(WORKING_AGE.on(dt.date(2025, 12, 31)))


def test_what_was_not_given_is_null_and_named_never_zero():
    plan = service_plan(HAND_COMMUNITIES, PlanOptions(on=ON), stations=HAND["stations"])
    row = plan.by("community").iloc[0]
    for name in ("people", "working_age", "entities", "vacancies", "seekers_veteran", "short_1"):
        assert pd.isna(row[name]), name
    assert (row["stations"], row["communities"]) == (1, 1)
    assert row["not_given"] == "entities, people, seekers, jobs"
    assert plan.not_given["people_near_station"] == "people"
    assert plan.not_given["seekers_reached"] == "seekers, jobs"
    assert plan.not_given["short_1"] == "seekers, jobs"
    assert "stations" not in plan.not_given
    assert pd.isna(row["working_age_rule"])
    assert plan.totals()["vacancies"] is None
    assert len(plan.occupations()) == 0
    bare = [{"id": "S", "lon": 117.35, "lat": 32.93}]
    plan = service_plan(HAND_COMMUNITIES, PlanOptions(on=ON), seekers=bare)
    assert plan.totals()["seekers_groups_not_stated"] is None
    assert plan.not_given["seekers_groups_not_stated"] == ", ".join(
        f"seekers.{name}" for name in (*GROUPS, "difficulty", "registered_unemployed")
    )
    jobs = service_plan(HAND_COMMUNITIES, PlanOptions(on=ON), jobs=HAND["jobs"]).occupations()
    assert jobs["vacancies"].sum() == 5
    assert jobs[["seekers", "in_reach_median", "shortfall"]].isna().all(axis=None)
    assert jobs["not_given"].unique().tolist() == ["seekers"]


def test_nobody_is_told_of_working_age_where_no_year_of_birth_is_stated():
    home = {"lon": 117.35, "lat": 32.93, "birth_year": None}
    people = [{"id": "P", **home, "weight": 1}, {"id": "Q", **home, "weight": 0.5}]
    for some in (people, people[:1]):
        plan = service_plan(HAND_COMMUNITIES, PlanOptions(on=ON), people=some)
        row = plan.by("community").iloc[0]
        assert pd.isna(row["working_age"])
        assert row["working_age_unknown"] == row["people"] > 0
        assert row["not_given"] == "entities, people.birth_year, seekers, jobs, stations"
        assert plan.totals()["working_age"] is None
    known = [*people[:1], {"id": "Q", **home, "birth_year": 2015, "weight": 1}]
    row = service_plan(HAND_COMMUNITIES, PlanOptions(on=ON), people=known).by("city").iloc[0]
    assert (row["working_age"], row["working_age_unknown"]) == (0, 1)


def test_former_seekers_are_nobody_who_looks_for_work():
    seeker = {"lon": 117.35, "lat": 32.93, "occupation": "401"}
    seekers = [{"id": "S1", **seeker}, {"id": "S2", **seeker, "closed_on": ON}]
    plan = service_plan(HAND_COMMUNITIES, PlanOptions(on=ON), seekers=seekers)
    told = plan.totals()
    assert (told["seekers"], told["seekers_not_registered"]) == (1, 1)
    assert plan.occupations("city")["seekers"].sum() == 1


def test_what_was_given_without_a_row_is_zero():
    empty = {name: [] for name in ("people", "entities", "seekers", "jobs", "stations")}
    row = service_plan([], PlanOptions(on=ON), **empty).by("community").iloc[0]
    assert row["kind"] == "outside"
    for name in ("people", "entities", "seekers", "jobs", "stations", "vacancies_in_reach"):
        assert row[name] == 0, name
    assert pd.isna(row["seekers_reached_share"])


def test_the_rule_of_working_age_is_that_of_the_day():
    born = {"id": "P", "lon": 117.35, "lat": 32.93, "birth_year": 1965, "sex": "male"}
    told = [
        service_plan(HAND_COMMUNITIES, PlanOptions(on=day), people=[born]).totals()
        for day in (dt.date(2024, 12, 31), dt.date(2025, 1, 1), dt.date(2028, 1, 1))
    ]
    assert [one["working_age"] for one in told] == [1, 1, 0]
    assert [one["working_age_rule"][:27] for one in told] == [
        "working_age as from 1978-06",
        "working_age as from 2025-01",
        "working_age as from 2025-01",
    ]


@pytest.mark.parametrize(
    ("by", "told"),
    [
        (("h3",), "`by` must name one of community, street, district, city, got 'h3'"),
        (("community", "sex"), "`more` must name nothing, or 'occupation' once, got 'sex'"),
    ],
)
def test_what_cannot_be_asked_is_named(by, told):
    plan = service_plan(HAND_COMMUNITIES, PlanOptions(on=ON))
    assert repr(plan) == "ServicePlan(on 2020-06-01, 3 communities)"
    assert plan.release == "internal"
    with pytest.raises(ArgumentError, match=told):
        plan.by(*by)


def test_options_and_households_are_checked():
    with pytest.raises(ArgumentError, match="`options` must be PlanOptions, got dict"):
        service_plan(HAND_COMMUNITIES, {})
    with pytest.raises(ArgumentError, match="`households` must be given with `people`"):
        service_plan(HAND_COMMUNITIES, PlanOptions(on=ON), households=HAND["households"])


def test_the_plan_of_the_small_city_adds_up(shipped_city):
    day = dt.date(2025, 12, 31)
    read = {
        name: gpd.read_parquet(shipped_city / f"{name}.parquet")
        for name in ("communities", "households", "seekers", "sites", "jobs", "stations")
    }
    members = pd.read_parquet(shipped_city / "members.parquet")
    plan = service_plan(
        read["communities"],
        PlanOptions(on=day),
        people=members,
        households=read["households"],
        entities=read["sites"],
        seekers=read["seekers"],
        jobs=read["jobs"],
        stations=read["stations"],
    )
    assert plan.not_given == {}
    rows, totals = plan.by("community"), plan.totals()
    for name in SUMS:
        assert rows[name].sum() == (totals[name] or 0), name
    assert totals["people"] == len(members)
    # The city's own column takes everybody as born in July, and each woman by one category.
    surely, may = totals["working_age"], totals["working_age_unknown"]
    assert surely <= members["working_age"].sum() <= surely + may
    assert totals["seekers_veteran"] == read["seekers"]["veteran"].sum()
    jobs = read["jobs"][read["jobs"]["employer_licence"] == "verified"]
    left = (jobs["vacancies"] - jobs["filled"]).fillna(1).clip(lower=0)
    assert (totals["jobs"], totals["vacancies"]) == ((left > 0).sum(), left.sum())
    assert totals["area_km2"] == pytest.approx(rows["area_km2"].sum(), rel=1e-6)
    own = read["sites"].groupby("community", observed=True).size()
    found = rows.set_index("code")["entities"].reindex(own.index)
    assert (found == own).all()
    street = plan.by("street")
    assert street["seekers_reached"].sum() == totals["seekers_reached"]
    cells, city = plan.by("community", "occupation"), plan.by("city", "occupation")
    for name in ("seekers", "vacancies", "available", "shortfall", "surplus"):
        assert cells[name].sum() == pytest.approx(city[name].sum(), rel=1e-9), name
    assert city["available"].sum() == pytest.approx(float(city["vacancies_in_reach"].sum()))
