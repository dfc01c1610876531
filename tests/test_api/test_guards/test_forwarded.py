"""Forwarded headers: refused, unless a proxy is expected; then they decide nothing."""

from __future__ import annotations

import pytest

from api.app import create_app
from api.settings import Settings

NAMES = [
    *("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "x-forwarded-port"),
    *("X-Forwarded-Prefix", "X-FORWARDED-anything"),
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", ["", "127.0.0.1", "for=127.0.0.1;host=localhost;proto=https"])
def test_a_forwarded_header_is_refused_by_its_name(ask, name, value):
    problem = ask.problem("/healthz", headers={name: value})
    assert problem["status"] == 400
    assert problem["type"] == "urn:geo-match:problem:forwarded"
    assert f"takes no {name.lower()}." in problem["detail"]
    assert "GEO_MATCH_FORWARDED=true" in problem["detail"]


@pytest.mark.parametrize("name", ["Via", "X-Forward", "X-Real", "Forwarded-For"])
def test_other_headers_pass(ask, name):
    assert ask("/healthz", headers={name: "x"}).status_code == 200


def test_behind_a_proxy_they_pass_and_do_not_change_who_is_asked(sites, asker):
    behind = asker(create_app(Settings(sites=sites, sites_datum="wgs84", forwarded=True)))
    for name in NAMES:
        assert behind("/healthz", headers={name: "example.org"}).status_code == 200
    headers = {"X-Forwarded-Host": "localhost"}
    assert behind("/healthz", host="example.org", headers=headers).status_code == 421
