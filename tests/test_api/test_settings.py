"""Settings from the environment, and messages instead of tracebacks where they are bad."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from api import settings as module
from api.app import create_app
from api.settings import SHIPPED_SITES, Settings, unknown_variables


@pytest.fixture(autouse=True)
def _without_settings(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(f"GEO_MATCH_{name.upper()}", raising=False)


def test_defaults_serve_the_shipped_file_to_this_machine():
    assert Settings() == Settings(
        sites=SHIPPED_SITES,
        sites_datum=None,
        service_area=None,
        network=None,
        ground=(),
        rejected=None,
        allowed_hosts=("127.0.0.1", "localhost", "[::1]"),
        forwarded=False,
        https=False,
    )
    assert SHIPPED_SITES.is_file()


def test_the_environment_is_read_with_commas_between_values(monkeypatch, sites):
    monkeypatch.setenv("GEO_MATCH_SITES", str(sites))
    monkeypatch.setenv("GEO_MATCH_SITES_DATUM", "cgcs2000")
    monkeypatch.setenv("GEO_MATCH_SERVICE_AREA", "116.0, 32, 118.5,34")
    monkeypatch.setenv("GEO_MATCH_NETWORK", "city.net")
    monkeypatch.setenv("GEO_MATCH_GROUND", "river.parquet, districts.gpkg")
    monkeypatch.setenv("GEO_MATCH_REJECTED", "rejected.csv")
    monkeypatch.setenv("GEO_MATCH_ALLOWED_HOSTS", "jobs.example.org, localhost")
    monkeypatch.setenv("GEO_MATCH_FORWARDED", "true")
    monkeypatch.setenv("GEO_MATCH_HTTPS", "false")
    assert Settings() == Settings(
        sites=sites,
        sites_datum="cgcs2000",
        service_area=(116.0, 32.0, 118.5, 34.0),
        network=Path("city.net"),
        ground=(Path("river.parquet"), Path("districts.gpkg")),
        rejected=Path("rejected.csv"),
        allowed_hosts=("jobs.example.org", "localhost"),
        forwarded=True,
        https=False,
    )


def test_an_application_without_settings_reads_the_environment(monkeypatch, sites, asker):
    monkeypatch.setenv("GEO_MATCH_SITES", str(sites))
    monkeypatch.setenv("GEO_MATCH_SITES_DATUM", "wgs84")
    health = asker(create_app())("/healthz").json()
    assert health["sites"]["file"] == sites.name


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SITES", "nowhere/jobs.csv", "nowhere/jobs.csv"),
        ("SITES", "/", "/"),
        ("SITES_DATUM", "beijing54", "GEO_MATCH_SITES_DATUM=beijing54"),
        ("FORWARDED", "yes", "GEO_MATCH_FORWARDED: must be true or false, got 'yes'."),
        ("HTTPS", "1", "GEO_MATCH_HTTPS: must be true or false, got '1'."),
        ("WORKERS", "0", "GEO_MATCH_WORKERS: must be a whole number from 1 to 64, got '0'."),
        ("WORKERS", "２", "must be a whole number from 1 to 64"),
        ("STOP_S", "601", "GEO_MATCH_STOP_S: must be a whole number from 1 to 600, got '601'."),
        ("STOP_S", "1" * 30, "must be a whole number from 1 to 600"),
        ("SERVICE_AREA", "1,2,3", "west,south,east,north, as in 116,32,118,34, got '1,2,3'."),
        ("SERVICE_AREA", "1,2,3,4,5", "west,south,east,north"),
        ("SERVICE_AREA", "west,32,118,34", "west,south,east,north"),
        ("SERVICE_AREA", "nan,32,118,34", "west, south, east, north"),
        ("SERVICE_AREA", "116,34,118,32", "service_area"),
    ],
)
def test_a_bad_setting_ends_the_start_with_one_message(monkeypatch, name, value, said):
    monkeypatch.setenv(f"GEO_MATCH_{name}", value)
    with pytest.raises(SystemExit, match=rf"^geo_match: .*{re.escape(said)}"):
        create_app()


@pytest.mark.parametrize("name", list(Settings.model_fields))
@pytest.mark.parametrize("blank", ["", " "])
def test_a_setting_that_is_set_to_nothing_is_said_to_be_empty(monkeypatch, name, blank):
    monkeypatch.setenv(f"GEO_MATCH_{name.upper()}", blank)
    said = rf"^geo_match: GEO_MATCH_{name.upper()}: must not be empty; unset it for its default"
    with pytest.raises(SystemExit, match=said):
        create_app()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITES", "jobs.csv"),
        ("SITES_DATUM", "gcj02"),
        ("SERVICE_AREA", "116,32,118,34"),
        ("REJECTED", "rejected.csv"),
    ],
)
def test_a_store_beside_what_is_said_of_a_file_is_refused(monkeypatch, tmp_path, name, value):
    monkeypatch.setenv("GEO_MATCH_STORE", str(tmp_path / "jobs.db"))
    monkeypatch.setenv(f"GEO_MATCH_{name}", value)
    said = rf"^geo_match: GEO_MATCH_{name} must not be set beside GEO_MATCH_STORE"
    with pytest.raises(SystemExit, match=said):
        create_app()


def test_a_store_that_is_not_there_ends_the_start_with_one_message(monkeypatch, tmp_path):
    monkeypatch.setenv("GEO_MATCH_STORE", str(tmp_path / "jobs.db"))
    said = (
        r"^geo_match: .*jobs\.db` must exist, got nothing there\. .*\(GEO_MATCH_STORE=.*jobs\.db\)"
    )
    with pytest.raises(SystemExit, match=said):
        create_app()


def test_a_misspelt_setting_is_refused_rather_than_ignored(monkeypatch):
    monkeypatch.setenv("GEO_MATCH_SITE", "jobs.csv")
    assert unknown_variables() == ["GEO_MATCH_SITE"]
    with pytest.raises(SystemExit, match=r"GEO_MATCH_SITE is no setting.*GEO_MATCH_SITES"):
        create_app()


def test_a_setting_that_is_none_is_refused_in_python_too():
    with pytest.raises(ValidationError, match="site"):
        Settings(site="jobs.csv")


def test_the_table_of_variables_lists_every_setting():
    listed = re.findall(r"^\| `GEO_MATCH_(\w+)`", str(module.__doc__), re.MULTILINE)
    assert [name.lower() for name in listed] == list(Settings.model_fields)


@pytest.mark.parametrize(
    "url",
    [
        "http://tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}.png",
        "https://tiles.example.org/{z}/{x}/{y}/{y}.png",
        "https://tiles.example.org/{z}/{x}/{y}.png?q={other}",
        "https://{x}.example.org/{z}/{y}.png",
        "https://user@tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org; script-src */{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}/{y}.png?k=" + 500 * "a",
    ],
)
def test_tiles_that_are_none_are_refused_with_an_example(monkeypatch, url):
    monkeypatch.setenv("GEO_MATCH_BASEMAP_URL", url)
    monkeypatch.setenv("GEO_MATCH_BASEMAP_ATTRIBUTION", "示例地图")
    with pytest.raises(SystemExit, match=r"BASEMAP_URL: must be https://, a server and a path"):
        create_app()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", "https://tiles.example.org:8443/{z}/{x}/{y}.png"),
        ("ATTRIBUTION", "示例地图"),
    ],
)
def test_tiles_and_whose_they_are_are_set_together(monkeypatch, name, value):
    monkeypatch.setenv(f"GEO_MATCH_BASEMAP_{name}", value)
    with pytest.raises(SystemExit, match=r"BASEMAP_ATTRIBUTION must be set together"):
        create_app()


@pytest.mark.parametrize("value", ["皖S(2026)1号\n", "号" * 61])
def test_an_approval_is_one_short_line(monkeypatch, value):
    monkeypatch.setenv("GEO_MATCH_MAP_APPROVAL", value)
    with pytest.raises(SystemExit, match=r"MAP_APPROVAL: must be one line of at most 60"):
        create_app()
