"""Jobs within a walk of a place, beside an oracle of the town's walks."""

from __future__ import annotations

import pyarrow as pa
import pytest
from test_matching.walked_town import SLACK_M, Town, lonlat, network

from api.app import create_app
from api.settings import Settings
from geo_match.errors import FileError
from geo_match.store import Store

PLACES = {
    "J1": (117.38, 32.92),
    "J2": (117.38, 32.92),
    "J3": (117.39, 32.92),
    "J4": (117.38, 32.94),
    "J5": (117.38, 32.92),
}
"""The jobs of the small file that lie in the town; J4 over the river."""
VACANCIES = {"J1": 2, "J3": 0, "J4": 5, "J5": 1}
WASTE = lonlat(-2_900.0, -2_900.0)
"""A place between streets that are all too far."""


@pytest.fixture(scope="module")
def net(tmp_path_factory):
    """Save the town's network; give its file."""
    path = tmp_path_factory.mktemp("net") / "town.net"
    network().save(path)
    return path


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Put the same jobs into a store; give its path, and the header with a key of it."""
    path = tmp_path_factory.mktemp("store") / "geo-match.db"
    with Store.open(path) as opened:
        employer = {"id": "E", "name": "示例", "licence": "verified"}
        opened.put("employers", pa.Table.from_pylist([employer]))
        rows = [
            {"id": name, "title": "普工", "employer_id": "E", "lon": lon, "lat": lat}
            | {"vacancies": VACANCIES.get(name)}
            for name, (lon, lat) in PLACES.items()
        ]
        opened.put("jobs", pa.Table.from_pylist(rows))
        _, key = opened.api_keys.issue(role="operator", label="示例")
    return str(path), {"Authorization": f"Bearer {key}"}


@pytest.fixture(scope="module", params=["file", "store"])
def ask_walks(request, sites, net, asker):
    """The application over the small file, or a store of the same jobs, with the town's streets."""
    if request.param == "file":
        return asker(create_app(Settings(sites=sites, sites_datum="wgs84", network=net)))
    path, key = request.getfixturevalue("store")
    return asker(create_app(Settings(store=path, network=net)), key)


def walks_from(lon, lat):
    """Return how far the jobs are on foot, by the oracle; those that there is a way to."""
    told = {name: Town().distance_m(lon, lat, *place) for name, place in PLACES.items()}
    return {name: metres for name, metres in told.items() if metres is not None}


@pytest.mark.parametrize("radius_m", [0, 500, 1_500, 3_000, 5_000])
@pytest.mark.parametrize("place", [(117.381, 32.921), (117.38, 32.92), (117.392, 32.939), WASTE])
def test_the_jobs_in_reach_are_those_that_the_oracle_walks_to(ask_walks, place, radius_m):
    lon, lat = place
    answer = ask_walks(f"/v1/jobs?lon={lon!r}&lat={lat!r}&radius_m={radius_m}&basis=walking").json()
    wanted = {one: far for one, far in walks_from(lon, lat).items() if far <= radius_m}
    assert answer["query"]["basis"] == "walking"
    assert answer["total"] == len(wanted) == len(answer["jobs"])
    assert answer["vacancies_total"] == sum(VACANCIES.get(name, 0) for name in wanted)
    assert answer["vacancies_unstated"] == sum(name not in VACANCIES for name in wanted)
    found = {hit["job"]["id"]: hit["distance_m"] for hit in answer["jobs"]}
    assert found == pytest.approx(wanted, abs=SLACK_M)
    order = [(hit["distance_m"], hit["job"]["id"]) for hit in answer["jobs"]]
    assert order == sorted(order)
    for hit in answer["jobs"]:
        assert hit["basis"] == "walking"
        on_foot = hit["on_foot"]
        assert on_foot["straight_m"] <= hit["distance_m"] + 1e-6
        assert on_foot["place_snap_m"] == answer["on_foot"]["snap_m"]
        snap_m = Town().snap_m(hit["site"]["lon"], hit["site"]["lat"])
        assert on_foot["site_snap_m"] == pytest.approx(snap_m, abs=SLACK_M)
    straight = ask_walks(f"/v1/jobs?lon={lon!r}&lat={lat!r}&radius_m={radius_m}").json()
    assert answer["on_foot"]["jobs_in_straight_circle"] == straight["total"]
    assert straight["on_foot"] is None
    assert all(hit["on_foot"] is None for hit in straight["jobs"])


def test_a_place_that_no_street_leads_to_is_told_so_and_not_only_that_nothing_is_there(ask_walks):
    lon, lat = WASTE
    answer = ask_walks(f"/v1/jobs?lon={lon!r}&lat={lat!r}&radius_m=5000&basis=walking").json()
    assert answer["total"] == 0
    assert answer["on_foot"] == {
        "snap_m": None,
        "not_on_network": "too_far",
        "jobs_in_straight_circle": 5,
    }


def test_the_nearest_are_listed_and_all_are_counted(ask_walks):
    answer = ask_walks("/v1/jobs?lon=117.381&lat=32.921&radius_m=9000&limit=2&basis=walking").json()
    assert answer["total"] == len(PLACES)
    walks = walks_from(117.381, 32.921)
    nearest = sorted(walks, key=lambda one: (walks[one], one))[:2]
    assert [hit["job"]["id"] for hit in answer["jobs"]] == nearest


def test_health_names_the_streets_and_says_if_there_are_none(ask_walks, ask):
    told = ask_walks("/healthz").json()["network"]
    assert told["file"] == "town.net"
    assert told["edges"] == len(network().graph.start)
    assert (told["max_snap_m"], told["attribution"]) == (300.0, None)
    assert ask("/healthz").json()["network"] is None


def test_without_streets_a_walk_is_refused_with_what_to_do(ask):
    problem = ask.problem("/v1/jobs?lon=117.38&lat=32.92&basis=walking")
    assert problem["status"] == 422
    assert problem["errors"] == [
        {
            "parameter": "basis",
            "detail": "must be geodesic: this server has no network of streets. "
            "Its operator can set GEO_MATCH_NETWORK.",
            "value": "walking",
        }
    ]


@pytest.mark.parametrize("basis", ["foot", "", "WALKING", "geodesic "])
def test_another_basis_is_refused_by_name(ask_walks, basis):
    problem = ask_walks.problem(f"/v1/jobs?lon=117.38&lat=32.92&basis={basis}")
    assert problem["status"] == 422
    (fault,) = problem["errors"]
    assert fault["parameter"] == "basis"
    assert fault["detail"].startswith("must be geodesic (the straight line) or walking")


def test_a_network_that_is_none_is_refused_before_anything_is_served(sites, tmp_path):
    for name, content in (("nothing.net", None), ("text.net", "streets")):
        path = tmp_path / name
        if content is not None:
            path.write_text(content, encoding="utf-8")
        with pytest.raises(FileError, match=name):
            create_app(Settings(sites=sites, sites_datum="wgs84", network=path))
