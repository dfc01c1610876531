"""`/`: the page and its files as they were built, packed for who takes that, under one policy."""

from __future__ import annotations

import gzip
import re

import pytest

from api.app import create_app
from api.pages.built import BuiltFile, BuiltPage
from api.pages.page import UNBUILT
from api.settings import Settings

INDEX = b'<!DOCTYPE html><script type="module" src="/assets/main-a1.js"></script>'
SCRIPT = b"start();" * 100
PAGE = BuiltPage(
    index=BuiltFile("text/html", INDEX, gzip.compress(INDEX)),
    licences=BuiltFile("text/plain", b"# Licenses", None),
    assets={
        "main-a1.js": BuiltFile("text/javascript", SCRIPT, gzip.compress(SCRIPT)),
        "icon-b2.png": BuiltFile("image/png", b"\x89PNG", None),
    },
)
WHOLE = {"Accept-Encoding": "identity"}


@pytest.fixture(scope="module")
def ask_page(sites, asker):
    """The application with a page."""
    app = create_app(Settings(sites=sites, sites_datum="wgs84"))
    app.state.page = PAGE
    return asker(app)


@pytest.fixture(scope="module")
def ask_unbuilt(sites, asker):
    """The application as it is before the page is built."""
    app = create_app(Settings(sites=sites, sites_datum="wgs84"))
    app.state.page = None
    return asker(app)


def test_the_page_is_asked_for_anew_each_time_and_what_it_loads_never_again(ask_page):
    page = ask_page("/", headers=WHOLE)
    assert (page.status_code, page.content) == (200, INDEX)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"
    (loaded,) = re.findall(r'src="([^"]+)"', page.text)
    script = ask_page(loaded, headers=WHOLE)
    assert (script.status_code, script.content) == (200, SCRIPT)
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert ask_page("/assets/icon-b2.png").headers["content-type"] == "image/png"
    assert ask_page("/licenses.txt").text == "# Licenses"


@pytest.mark.parametrize("path", ["/", "/assets/main-a1.js"])
def test_the_page_and_its_worker_may_do_what_they_have_to_and_no_more(ask_page, path):
    (policy,) = ask_page(path).headers.get_list("content-security-policy")
    assert dict(rule.split(" ", 1) for rule in policy.split("; ")) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "worker-src": "'self' blob:",
        "style-src": "'self'",
        "img-src": "'self' data: blob:",
        "connect-src": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


@pytest.mark.parametrize(
    ("taken", "is_packed"),
    [
        ("gzip, deflate, br, zstd", True),
        ("br;q=1.0, GZip;q=0.8", True),
        ("gzip;q=0.001", True),
        ("gzip; q=0", False),
        ("gzip;q=0.000", False),
        ("br", False),
        ("*", False),
        ("x-gzip-like", False),
        ("", False),
    ],
)
def test_a_file_is_packed_for_who_takes_gzip(ask_page, taken, is_packed):
    answer = ask_page("/assets/main-a1.js", headers={"Accept-Encoding": taken})
    assert answer.content == SCRIPT  # unpacked by the client
    assert answer.headers.get("content-encoding") == ("gzip" if is_packed else None)
    assert answer.headers["vary"] == "Accept-Encoding"
    sent = gzip.compress(SCRIPT) if is_packed else SCRIPT
    assert answer.headers["content-length"] == str(len(sent))


def test_what_is_not_packed_is_sent_whole(ask_page):
    answer = ask_page("/assets/icon-b2.png", headers={"Accept-Encoding": "gzip"})
    assert (answer.content, answer.headers.get("content-encoding")) == (b"\x89PNG", None)


def test_a_watcher_may_ask_for_the_headers_alone(ask_page):
    answer = ask_page("/", method="HEAD", headers=WHOLE)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(INDEX))


@pytest.mark.parametrize(
    "name",
    ["main-a0.js", "main-a1.js.gz", "..%2Findex.html", "../index.html", "%2e%2e%2fbuilt.py", ""],
)
def test_nothing_else_is_served_there(ask_page, name):
    problem = ask_page.problem(f"/assets/{name}")
    assert problem["status"] == 404


@pytest.mark.parametrize("path", ["/", "/assets/main-a1.js", "/licenses.txt", "/ground.geojson"])
def test_none_takes_a_parameter(ask_page, path):
    problem = ask_page.problem(f"{path}?community=1")
    assert problem["status"] == 422
    assert problem["errors"][0]["parameter"] == "community"


def test_until_it_is_built_a_plain_page_says_how(ask_unbuilt):
    answer = ask_unbuilt("/")
    assert (answer.status_code, answer.text) == (503, UNBUILT)
    assert "make serve" in answer.text
    assert "npm run build" in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; frame")
    assert ask_unbuilt("/docs").status_code == 200  # where it leads to
    for path in ("/assets/main-a1.js", "/licenses.txt"):
        assert ask_unbuilt.problem(path)["status"] == 404


TILES = "https://t0.tiles.example.org/img_w/wmts?x={x}&y={y}&z={z}&tk=0123456789abcdef"


@pytest.fixture(scope="module")
def ask_set(sites, asker):
    """The application with a basemap and an approval."""
    settings = Settings(
        sites=sites,
        sites_datum="wgs84",
        map_approval="皖S(2026)1号",
        basemap_url=TILES,
        basemap_attribution="© 示例地图",
    )
    app = create_app(settings)
    app.state.page = PAGE
    return asker(app)


def test_what_is_set_for_the_page_is_told_to_it(ask_set):
    told = ask_set("/page.json")
    assert told.headers["content-type"] == "application/json"
    assert told.json() == {
        "map_approval": "皖S(2026)1号",
        "basemap": {"kind": "xyz", "url": TILES, "attribution": "© 示例地图"},
    }


def test_nothing_is_set_by_default(ask_page):
    assert ask_page("/page.json").json() == {"map_approval": None, "basemap": None}


@pytest.mark.parametrize("path", ["/", "/assets/main-a1.js"])
def test_tiles_may_come_from_the_server_that_is_set_and_from_no_other(ask_set, ask_page, path):
    def rules(ask):
        policy = ask(path).headers["content-security-policy"]
        return dict(rule.split(" ", 1) for rule in policy.split("; "))

    default, widened = rules(ask_page), rules(ask_set)
    changed = {name: one for name, one in widened.items() if default[name] != one}
    assert changed == {
        "img-src": "'self' data: blob: https://t0.tiles.example.org",
        "connect-src": "'self' https://t0.tiles.example.org",
    }
