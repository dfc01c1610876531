"""Faults that real systems have, each by its name: none of them here."""

from __future__ import annotations

import pytest

AT = "/v1/jobs?lon=117.38&lat=32.92"


@pytest.mark.parametrize("zero", ["0", "-0.0", "0e9"])
def test_a_coordinate_of_0_does_not_drop_the_filter_of_distance(ask, city, zero):
    assert ask(f"/v1/jobs?lon={zero}&lat=51.4779").json()["total"] == 1  # at Greenwich
    for one in (ask, city.ask):
        assert one(f"/v1/jobs?lon={zero}&lat=32.92").json()["total"] == 0
        assert one(f"/v1/jobs?lon=117.38&lat={zero}").json()["total"] == 0


def test_radius_0_is_a_radius_and_not_none(ask, city):
    assert ask(f"{AT}&radius_m=0").json()["total"] == 3
    hits = city.ask(f"{AT}&radius_m=0&limit=100").json()["jobs"]
    assert hits
    assert {(hit["site"]["lon"], hit["site"]["lat"]) for hit in hits} == {(117.38, 32.92)}


def test_the_place_0_0_is_a_place_and_no_sign_of_nowhere(ask, city):
    for one in (ask, city.ask):
        answer = one("/v1/jobs?lon=0&lat=0").json()
        assert (answer["total"], answer["jobs"], answer["next"]) == (0, [], None)
        assert answer["origin"]["lon"] == answer["origin"]["lat"] == 0


@pytest.mark.parametrize("sort", ["distance", "wage", "date"])
def test_10_km_have_all_that_5_km_have(city, sort):
    near, far = (
        city.ask(f"{AT}&radius_m={metres}&limit=100&sort={sort}").json() for metres in (5e3, 1e4)
    )
    assert near["total"] <= far["total"]
    walked = set()
    link = f"{AT}&radius_m=10000&limit=50&sort={sort}"
    while link:
        page = city.ask(link).json()
        walked |= {hit["job"]["id"] for hit in page["jobs"]}
        link = page["next"]
    assert {hit["job"]["id"] for hit in near["jobs"]} <= walked
    assert len(walked) == far["total"]


def test_counts_depend_on_neither_order_nor_limit_nor_page(city):
    asked = f"{AT}&radius_m=3000&occupation=4"
    told = [
        city.ask(f"{asked}&sort={sort}&limit={limit}").json()
        for sort in ("distance", "wage", "date")
        for limit in (0, 1, 100)
    ]
    told.append(city.ask(told[1]["next"]).json())
    figures = ("total", "vacancies_total", "vacancies_unstated")
    assert len({tuple(one[name] for name in figures) for one in told}) == 1


def test_what_is_not_known_is_null_and_never_0(city):
    hits = city.ask(f"{AT}&radius_m=200000&limit=100").json()["jobs"]
    assert {None, 1} <= {hit["job"]["vacancies"] for hit in hits}
    assert 0 not in {hit["job"]["wage_low_cny"] for hit in hits}


def test_a_parameter_that_is_not_known_is_an_error_and_not_ignored(city):
    for name in ("radius", "q", "page", "offset", "order"):
        (fault,) = city.ask.problem(f"{AT}&{name}=1")["errors"]
        assert fault["parameter"] == name
