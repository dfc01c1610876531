"""Every answer says to a browser what it may do with it; no page elsewhere may read one."""

from __future__ import annotations

import pytest

from api.app import create_app
from api.settings import Settings

TARGETS = [
    ("GET", "/healthz", {}, 200),
    ("HEAD", "/healthz", {}, 200),
    ("GET", "/openapi.json", {}, 200),
    ("GET", "/v1/jobs?lon=117.38&lat=32.92", {}, 200),
    ("GET", "/v1/jobs?lon=x", {}, 422),
    ("GET", "/nowhere", {}, 404),
    ("POST", "/healthz", {}, 405),
    ("GET", "/healthz", {"Host": "example.org"}, 421),
    ("GET", "/healthz", {"Forwarded": "for=a"}, 400),
    ("GET", "/healthz?key=a", {}, 422),
    ("GET", "/v1/session", {"Authorization": "Bearer x"}, 401),
]


@pytest.mark.parametrize(("method", "target", "headers", "status"), TARGETS)
def test_every_answer_has_them_once(ask, method, target, headers, status):
    answer = ask(target, method=method, headers=headers)
    assert answer.status_code == status
    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
    assert answer.headers.get_list("referrer-policy") == ["no-referrer"]
    assert answer.headers.get_list("cross-origin-resource-policy") == ["same-origin"]
    (policy,) = answer.headers.get_list("content-security-policy")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    kept = "no-store" if "Authorization" in headers else "no-cache"
    assert answer.headers.get_list("cache-control") == [kept]


def test_what_nobody_foresaw_has_them_too(sites, asker):
    app = create_app(Settings(sites=sites, sites_datum="wgs84"))
    app.state.jobs = None
    answer = asker(app)("/v1/jobs?lon=117.38&lat=32.92")
    assert answer.status_code == 500
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("name", ["Authorization", "Cookie"])
@pytest.mark.parametrize("target", ["/healthz", "/nowhere", "/v1/jobs?lon=117.38&lat=32.92"])
def test_what_is_answered_to_somebody_is_kept_nowhere(ask, name, target):
    assert ask(target, headers={name: "a=b"}).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("target", ["/healthz", "/v1/jobs", "/v1/session", "/nowhere"])
def test_no_page_elsewhere_is_allowed_to_ask(ask, target):
    headers = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "DELETE",
        "Access-Control-Request-Headers": "authorization",
    }
    problem = ask.problem(target, method="OPTIONS", headers=headers)
    assert 400 <= problem["status"] < 500
    answer = ask(target, method="OPTIONS", headers=headers)
    assert not [name for name in answer.headers if name.startswith("access-control")]
