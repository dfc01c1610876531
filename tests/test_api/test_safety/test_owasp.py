"""The ten risks of OWASP's API list of 2023, each tried."""

from __future__ import annotations

import logging
import re
import socket
import threading

import pytest
from fastapi.routing import iter_route_contexts
from test_api.test_access.conftest import bearer
from test_api.test_access.test_matrix import ELSEWHERE as SESSIONS
from test_api.test_access.test_matrix import OPEN
from test_api.test_records.conftest import ELSEWHERE, HERE

from api.app import create_app
from api.settings import Settings
from geo_match.store.keys import ROLES

POINT = "lon=117.38&lat=32.92"
PHONE = "13800138000"


@pytest.fixture(scope="module", autouse=True)
def people(records):
    """A seeker here, and one in another community's area."""
    for name, community in (("S-here", HERE), ("S-elsewhere", ELSEWHERE)):
        seeker = {"id": name, "community": community, "phone": PHONE, "version": 1}
        assert records.put("seekers", seeker).status_code == 201


def every(records):
    """Yield method and path of each operation, with something for what stands in braces."""
    for path, methods in records.served.ask("/openapi.json").json()["paths"].items():
        for method in methods:
            yield method.upper(), re.sub(r"\{\w+\}", "x", path)


def test_1_broken_object_level_authorization(records):
    """A community's key reaches nobody of another community, by no way."""
    there = "/v1/seekers/S-elsewhere"
    assert records.get(there, "operator").status_code == 200
    assert records.get("/v1/seekers/S-here", "community").status_code == 200
    assert records.get(there, "community").status_code == 404
    assert records.delete(f"{there}?reason=duplicate", "community").status_code == 404
    listed = records.get("/v1/seekers?limit=100", "community").json()["records"]
    assert [one["id"] for one in listed] == ["S-here"]
    stolen = {"id": "S-elsewhere", "community": HERE, "version": 2}
    assert records.put("seekers", stolen, "community").status_code == 403
    asked = records("POST", "/v1/matches", "community", json={"seeker": {"id": "S-elsewhere"}})
    assert asked.status_code == 404
    rows = f"id,community,version\nS-elsewhere,{HERE},3\n"
    report = records.load("seekers", rows, "community").json()
    assert (report["accepted"], report["rejected"]) == (0, 1)
    assert records.get(there, "operator").json()["version"] == 1


def test_2_broken_authentication(records):
    """What is no key, or is one no more, opens nothing that asks who somebody is."""
    with records.store() as store:
        key, gone = store.api_keys.issue(role="administrator", label="示例")
        store.api_keys.revoke(key.id)
    known = records.served.keys["operator"]
    for secret in (gone, known[:-1], known + "a", known.upper(), "", "null", "gmk__"):
        for method, path in every(records):
            if path in OPEN or (method.lower(), path) in SESSIONS:
                continue
            answer = records.served.ask(path, method=method, headers=bearer(secret))
            assert answer.status_code == 401, (method, path)


def test_3_broken_object_property_level_authorization(records):
    """Nobody writes what is the store's own, or reads what their scope does not open."""
    for field in ("key", "seq", "located_by_store", "role"):
        seeker = {"id": "S-new", "community": HERE, field: "x"}
        answer = records.put("seekers", seeker)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["parameter"] == f"/{field}"
    for role in ROLES:
        answer = records.get(f"/v1/jobs?{POINT}", role)
        assert answer.status_code == 200
        assert "phone" not in answer.text
    # That a site was seen where it is opens bands to employers: an operator's word alone.
    site = {"lon": 117.38123, "lat": 32.92345, "verified": True}
    for role in ROLES:
        answer = records.put("sites", site | {"id": f"W-{role}"}, role)
        assert answer.status_code == (201 if role == "operator" else 403), role
    told = records.put("sites", site | {"id": "W-1"}, "integration").json()
    assert [one["parameter"] for one in told["errors"]] == ["/verified"]
    assert records.put("sites", site | {"id": "W-1", "verified": False}, "integration").is_success


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (f"/v1/jobs?{POINT}&radius_m=1e7", "radius_m"),
        (f"/v1/jobs?{POINT}&limit=100000", "limit"),
        ("/v1/employers?limit=100000", "limit"),
        ("/v1/changes?after=0-0&limit=10000000", "limit"),
    ],
)
def test_4_unrestricted_resource_consumption(records, target, name):
    """What costs is bounded: radius, page, batch, body, requests a second."""
    answer = records.get(target, "integration")
    assert answer.status_code == 422
    assert name in [fault["parameter"] for fault in answer.json()["errors"]]
    items = [{"profile": {}, "origin": {"lon": 117.38, "lat": 32.92}}] * 1_001
    batch = records("POST", "/v1/matches:batch", "integration", json={"items": items})
    assert batch.status_code == 422
    long = records("PUT", "/v1/employers/E-long", "operator", json={"name": "x" * 70_000})
    assert long.status_code == 413
    limited = records.get(f"/v1/jobs?{POINT}", "planner").headers
    assert {"ratelimit", "ratelimit-policy"} <= limited.keys()


def test_5_broken_function_level_authorization(records):
    """An employer's key reads and writes no record, imports nothing, and hears of no change."""
    allowed = {"/v1/session", "/healthz", "/readyz", "/v1/coverage", "/v1/gaps", "/v1/what-if"}
    for method, path in every(records):
        if path.split("?")[0] in allowed or path.startswith(("/docs", "/ogc", "/v1/coverage/")):
            continue
        if path in {"/v1/jobs", "/v1/jobs/x/seekers", "/v1/matches"}:
            continue  # jobs are public, and bands are what employers are for
        answer = records(method, path, "employer", json={} if method in {"PUT", "POST"} else None)
        assert answer.status_code == 403, (method, path)


def test_6_unrestricted_access_to_sensitive_business_flows(records, asker):
    """Who is near a job is told in bands of seen sites; a batch counts as many requests."""
    assert records.get("/v1/jobs/J1/seekers", "employer").status_code in {403, 404, 409}
    body = {"items": [{"profile": {}, "origin": {"lon": 117.38, "lat": 32.92}}]}
    app = create_app(Settings(store=str(records.path), limit_per_s=0.001))  # so none come back
    ask = asker(app, bearer(records.served.keys["integration"]))
    ask(f"/v1/jobs?{POINT}")  # by which the key is known
    before = _left(ask(f"/v1/jobs?{POINT}"))
    batch = ask("/v1/matches:batch", method="POST", json=body)
    assert batch.status_code == 200
    assert _left(batch) == before - 10
    app.state.opened.close()
    assert records("POST", "/v1/matches:batch", "employer", json=body).status_code == 403


def _left(answer):
    return int(re.fullmatch(r'"key";r=(\d+);t=\d+', answer.headers["ratelimit"])[1])


def test_7_server_side_request_forgery(records):
    """An address in what is sent is a text: nothing is fetched from it."""
    called = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)

        def wait():
            try:
                listener.accept()
                called.set()
            except TimeoutError:
                return

        waiting = threading.Thread(target=wait)
        waiting.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        records.put("employers", {"id": "E-url", "name": url, "remark": url})
        records.load("employers", f"id,name\nE-url2,{url}\n")
        records.get(f"/v1/jobs?{POINT}&f={url}", "operator")
        records.get(f"/v1/employers/{url}", "operator")
        waiting.join()
    assert not called.is_set()
    schemas = records.served.ask("/openapi.json").json()
    assert "requestBody" in str(schemas)
    assert "'format': 'uri'" not in str(schemas["paths"])


def test_8_security_misconfiguration(records, caplog):
    """No page elsewhere may read an answer, no fault tells of the code, no other host is served."""
    for method, path in every(records):
        answer = records.served.ask(path, method=method, headers={"Origin": "https://a.example"})
        assert "access-control-allow-origin" not in answer.headers
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "content-security-policy" in answer.headers
    assert records.served.ask("/healthz", host="a.example").status_code == 421
    assert records.served.ask("/healthz", method="TRACE").status_code == 405
    with caplog.at_level(logging.CRITICAL):
        records.served.ask.app.state.jobs, jobs = None, records.served.ask.app.state.jobs
        answer = records.get(f"/v1/jobs?{POINT}", "operator")
        records.served.ask.app.state.jobs = jobs
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "NoneType" not in answer.text


def test_9_improper_inventory_management(records):
    """There is no route that the description does not have, and one version of each."""
    described = set(records.served.ask("/openapi.json").json()["paths"])
    routed = {
        one.path.replace(":path}", "}")
        for one in iter_route_contexts(records.served.ask.app.routes)
    }
    hidden = {path for path in routed - described if not path.startswith("/docs")}
    of_the_page = {"/", "/assets/{name}", "/ground.geojson", "/licenses.txt", "/page.json"}
    assert hidden == {"/openapi.json"} | of_the_page
    versions = {path.split("/")[1] for path in described if path.startswith("/v")}
    assert versions == {"v1"}


def test_10_unsafe_consumption_of_apis(records):
    """What another system sends is judged like any list, and given back as the text that it is."""
    hostile = "<script>alert(1)</script>=cmd()"
    assert records.put("employers", {"id": "E-10", "name": hostile}).status_code == 201
    answer = records.get("/v1/employers/E-10")
    assert answer.json()["name"] == hostile
    assert answer.headers["content-type"] == "application/json"
    card = "11010519491231002X"  # the standard's own example
    refused = records.put("employers", {"id": "E-11", "name": card})
    assert refused.status_code == 422
    assert card not in refused.text
    assert records.get("/v1/employers/E-11").status_code == 404
