"""`/docs`: a page and its files from this server, under a policy that allows just them."""

from __future__ import annotations

import re

import pytest

from api.docs.assets import ASSETS
from api.docs.page import PAGE, START

FILES = ("swagger-ui-bundle.js", "swagger-ui.css", "favicon.png")


def test_the_page_loads_nothing_that_is_not_served_here(ask):
    page = ask("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(loaded) == 5
    for path in loaded:
        assert ask(path).status_code == 200
    assert "://" not in PAGE + START
    assert re.search(r"<script(?! src=)|<style| on\w+=| style=", PAGE) is None


def test_the_page_may_do_what_it_has_to_and_no_more(ask):
    (policy,) = ask("/docs").headers.get_list("content-security-policy")
    allowed = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert allowed == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    for path in ("/docs/start.js", "/docs/swagger-ui.css", "/openapi.json"):
        assert ask(path).headers["content-security-policy"].startswith("default-src 'none'; frame")


@pytest.mark.parametrize("name", FILES)
def test_its_files_are_those_of_the_package_and_are_kept_for_a_day(ask, name):
    answer = ask(f"/docs/{name}")
    assert answer.content == ASSETS[name].read_bytes()
    assert answer.headers["cache-control"] == "max-age=86400"


@pytest.mark.parametrize("name", ["redoc.standalone.js", "../core.py", "..%2Fcore.py", "", "x"])
def test_nothing_else_is_served_there(ask, name):
    assert ask.problem(f"/docs/{name}")["status"] == 404


def test_pages_that_would_ask_the_internet_are_not_there(ask):
    assert set(ASSETS) == set(FILES)
    assert ask("/redoc").status_code == ask("/docs/oauth2-redirect").status_code == 404
