"""Exact coverage: the library's figures, for one scope, each answer noted before it leaves."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pyarrow as pa
import pytest
from test_api.test_coverage.conftest import LAT, LON, TODAY

import geo_match as gm
from api.coverage.town import Point, read_town
from geo_match.coverage import CoverageOptions
from geo_match.store import Store


def of_the_library(town, *, supply="jobs", on=TODAY, **options):
    """Return the report that the library makes of the same store."""
    with Store.open(town.path) as store:
        read = read_town(store, Point("households", supply, on))
    count = "vacancies" if supply == "jobs" else "places"
    asked = CoverageOptions(count=count, **options)
    return gm.Coverage(read.supply, read.communities, asked).of(read.people)


@pytest.mark.parametrize(
    ("query", "by", "options"),
    [
        ("radius_m=2345.6", ("community",), {"radius_m": 2345.6}),
        ("by=street&at_least=3", ("street",), {"at_least": 3}),
        ("supply=stations&radius_m=1500", ("community",), {"supply": "stations", "radius_m": 1500}),
        ("group=zero_employment", ("community", "zero_employment"), {}),
        (
            "by=h3&on=2024-02-29&radius_m=700",
            ("h3",),
            {"on": dt.date(2024, 2, 29), "radius_m": 700},
        ),
    ],
)
def test_exact_figures_are_those_of_the_library(town, query, by, options):
    answer = town.get(f"/v1/coverage?figures=exact&{query}", "planner").json()
    frame = of_the_library(town, **options).by(*by)
    assert (answer["release"], answer["menu"], answer["made_at"]) == ("internal", None, None)
    assert answer["total"] == len(answer["rows"]) == len(frame)
    for row, (_, known) in zip(answer["rows"], frame.iterrows(), strict=True):
        for name in ("kind", "code", "people", "located", "reached", "reached_share", "below"):
            expected = known[name]
            assert row[name] == (None if pd.isna(expected) else expected)
        assert sum(row["reasons"].values()) == row["below"]
        if len(by) > 1:
            assert row["group"] is known[by[1]] or row["group"] == known[by[1]]
    assert answer["city"]["people"] == frame["people"].sum()


def test_the_frame_that_everybody_knows_says_the_same(town):
    with Store.open(town.path) as store:
        read = read_town(store, Point("households", "jobs", TODAY))
    frame = gm.coverage(read.people, read.supply, read.communities)
    rows = town.get("/v1/coverage?figures=exact", "planner").json()["rows"]
    assert [row["reached"] for row in rows] == frame["reached"].tolist()


@pytest.mark.parametrize("role", ["operator", "community", "employer", "integration", "supervisor"])
def test_who_has_not_the_scope_gets_no_exact_figure(town, role):
    for target in ("/v1/coverage", "/v1/coverage/340302001001", "/v1/gaps"):
        answer = town.get(f"{target}?figures=exact", role)
        assert answer.status_code == 403
        assert "coverage:exact" in answer.json()["detail"]
    answer = town.what_if(role, figures="exact", close=["S1"])
    assert answer.status_code == 403
    assert "what-if:exact" in answer.json()["detail"]


def test_each_exact_answer_is_noted_with_its_scope_and_how_many(serve_town):
    town = serve_town()
    for target in (
        *("/v1/coverage?figures=exact", "/v1/coverage?figures=exact"),
        *("/v1/coverage/340302?figures=exact", "/v1/gaps?figures=exact"),
    ):
        assert town.get(target, "planner").status_code == 200
    # That nobody lives in a cell is told of people, too.
    assert town.get("/v1/coverage/8831aa0001fffff?figures=exact", "planner").status_code == 404
    assert town.what_if("planner", figures="exact", close=["S1"]).status_code == 200
    assert town.audited() == [
        *[("coverage:exact", "coverage", 205)] * 3,
        ("coverage:exact", "gaps", 205),
        ("coverage:exact", "coverage", 205),
        ("what-if:exact", "what-if", 205),
    ]


def test_what_cannot_be_noted_is_not_answered(serve_town):
    town = serve_town()
    assert town.get("/v1/coverage?figures=exact", "planner").status_code == 200
    town.break_audit()
    areas = ("/v1/coverage/340302", "/v1/coverage/8831aa0001fffff")
    for target in ("/v1/coverage", *areas, "/v1/gaps"):
        answer = town.get(f"{target}?figures=exact", "planner")
        assert answer.status_code == 503
        assert "people" not in answer.text
    assert town.what_if("planner", figures="exact", close=["S1"]).status_code == 503


def test_a_report_is_made_once_until_something_is_written(serve_town):
    town = serve_town()
    first = town.get("/v1/coverage?figures=exact", "planner")
    tag = {"If-None-Match": first.headers["etag"]}
    town.get("/v1/coverage?figures=exact&by=street", "planner")
    assert town.get("/v1/coverage?figures=exact", "planner", headers=tag).status_code == 304
    assert town.coverages.exact.makings == 1
    town.write("households", pa.table({"id": ["NEW"], "lon": [LON + 0.001], "lat": [LAT + 0.001]}))
    again = town.get("/v1/coverage?figures=exact", "planner", headers=tag).json()
    assert again["city"]["people"] == first.json()["city"]["people"] + 1
    assert again["cursor"] != first.json()["cursor"]
    assert town.coverages.exact.makings == 2


def test_a_group_or_an_area_that_is_none_is_refused(town):
    answer = town.get("/v1/coverage?figures=exact&group=phone", "planner")
    assert answer.status_code == 422
    assert [fault["parameter"] for fault in answer.json()["errors"]] == ["group"]
    assert town.get("/v1/coverage/1?figures=exact", "planner").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        *("radius_m=NaN", "radius_m=1e999", "radius_m=true", "at_least=0", "at_least=1.0"),
        *("on=2026-02-30", "on=yesterday", "by=ward", "figures=all", "k=1", "of=persons"),
    ],
)
def test_a_parameter_that_breaks_its_rule_is_named(town, query):
    answer = town.get(f"/v1/coverage?{query}", "planner")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == query.partition("=")[0]
