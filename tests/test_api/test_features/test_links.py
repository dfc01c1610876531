"""Where everything is: links lead on, in whole addresses, to what they say."""

from __future__ import annotations

from urllib.parse import quote

import pytest
import shapely
from test_api.test_features.conftest import NAMES, link, shape

CORE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
RELS = {"self", "service-desc", "service-doc", "conformance", "data", "items", "collection", "next"}


def test_every_link_leads_to_what_it_says(land):
    left, seen = ["http://localhost/ogc"], {}
    while left:
        address = left.pop()
        if address in seen:
            continue
        answer = land.ask(address)
        assert answer.status_code == 200, address
        seen[address] = answer.headers["content-type"].partition(";")[0]
        told = answer.json() if "/ogc" in address else {}
        for each in (told, *told.get("collections", ())):
            for one in each.get("links", ()):
                assert one["rel"] in RELS
                assert one["href"].startswith("http://localhost/")
                left.append(one["href"])
                if one["rel"] == "self" and each is told:
                    assert one["type"] == seen[address]
    for name in NAMES:
        assert f"http://localhost/ogc/collections/{name}" in seen
        assert seen[f"http://localhost/ogc/collections/{name}/items"] == "application/geo+json"


def test_no_more_of_the_standard_is_claimed_than_is_kept(land):
    classes = land.get("conformance")["conformsTo"]
    assert classes == [CORE, CORE.replace("core", "geojson")]


@pytest.mark.parametrize("name", NAMES)
def test_a_collection_says_where_its_features_lie(land, name):
    told = land.get(f"collections/{name}")
    west, south, east, north = told["extent"]["spatial"]["bbox"][0]
    features = [one for one in land.items(name)["features"] if one["geometry"]]
    bounds = shapely.total_bounds([shape(one) for one in features])
    told_of = shapely.box(west, south, east, north).buffer(2e-6)  # of gaps 6 digits are told
    assert told_of.covers(shapely.box(*bounds))
    assert told in land.get("collections")["collections"]


@pytest.mark.parametrize("name", NAMES)
def test_each_feature_is_at_its_own_address(land, name):
    for one in land.items(name, limit=3)["features"]:
        path = f"collections/{name}/items/{quote(one['id'], safe='')}"
        answer = land.ask(f"/ogc/{path}")
        assert answer.headers["content-type"] == "application/geo+json"
        told = answer.json()
        assert {part: told[part] for part in one} == one
        assert link(told, "collection") == f"http://localhost/ogc/collections/{name}"
        assert land.ask(link(told, "self")).json() == told


def test_behind_https_every_address_is_one_of_https(land, monkeypatch):
    state = land.ask.app.state
    by_https = state.settings.model_copy(update={"https": True})
    monkeypatch.setitem(state._state, "settings", by_https)  # as an attribute it would be deleted
    for path in ("", "collections", "collections/stations/items?limit=1"):
        answer = land.ask(f"/ogc/{path}" if path else "/ogc", host="localhost:8443").json()
        assert {one["href"].partition("/ogc")[0] for one in answer["links"]} <= {
            "https://localhost:8443",
            "https://localhost:8443/openapi.json",
            "https://localhost:8443/docs",
        }


def test_a_server_of_a_file_has_its_job_sites(ask):
    assert [one["id"] for one in ask("/ogc/collections").json()["collections"]] == ["sites"]
    told = ask("/ogc/collections/sites/items").json()
    assert [one["id"] for one in told["features"]] == ["J7", "S1", "S2", "S3", "S4"]
    first = told["features"][1]["properties"]
    assert (first["jobs"], first["vacancies"], first["vacancies_unstated"]) == (3, 3, 1)
    assert (first["name"], first["employer"]) == ("示例路1号", "示例超市")
    for name in ("stations", "coverage"):
        assert ask.problem(f"/ogc/collections/{name}/items")["status"] == 404
