"""Figures about the server: what they say, and that nobody's words are in them."""

from __future__ import annotations

import dataclasses

import pyarrow as pa
import pytest
from prometheus_client.parser import text_string_to_metric_families
from test_api.test_access.conftest import bearer, fill

from api.app import create_app
from api.operation.metrics import NO_ROUTE
from api.settings import Settings
from geo_match.store import Store

PLACE = "/v1/jobs?lon=117.38&lat=32.92"


def figures(answer):
    """Return each figure of an answer by its name and labels."""
    assert answer.status_code == 200
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def requests(answer):
    """Return how many requests are counted, by route, method and status."""
    return {
        tuple(dict(labels)[name] for name in ("route", "method", "status")): value
        for (name, *labels), value in figures(answer).items()
        if name == "geo_match_requests_total"
    }


@pytest.fixture
def ask(sites, asker):
    """An application of one's own over the small file, of which nobody has asked anything."""
    return asker(create_app(Settings(sites=sites, sites_datum="wgs84")))


@pytest.fixture(scope="module")
def stored(tmp_path_factory, asker):
    """An application over a small store, and the key of an administrator."""
    path = tmp_path_factory.mktemp("figures") / "a.db"
    keys = fill(path, invented=False)
    app = create_app(Settings(store=str(path)))
    yield path, asker(app, bearer(keys["administrator"]))
    app.state.opened.close()


def test_requests_are_counted_by_the_template_of_their_route(ask):
    ask(PLACE)
    ask("/v1/jobs?lon=x")
    ask(PLACE, method="HEAD")
    ask("/healthz", method="POST")
    assert requests(ask("/metrics")) == {
        ("/v1/jobs", "GET", "200"): 1,
        ("/v1/jobs", "GET", "422"): 1,
        ("/v1/jobs", "HEAD", "200"): 1,
        ("/healthz", "POST", "405"): 1,
    }


def test_what_somebody_sent_is_in_no_label(ask):
    canary = "13800138000"
    for target in (f"/{canary}", f"/v1/{canary}/x?{canary}={canary}", f"{PLACE}&{canary}=1"):
        ask(target, headers={"X-Request-ID": canary, "User-Agent": canary})
    ask("/healthz", method=f"A{canary}")
    ask(PLACE, host=f"a{canary}.example.org")
    answer = ask("/metrics")
    assert canary not in answer.text
    assert requests(answer) == {
        (NO_ROUTE, "GET", "404"): 2,
        ("/v1/jobs", "GET", "422"): 1,
        ("/healthz", "other", "405"): 1,
        (NO_ROUTE, "GET", "421"): 1,
    }


def test_the_time_of_requests_and_of_the_engine_is_told(ask):
    told = ask(PLACE).headers["server-timing"]
    ask("/nowhere")
    found = figures(ask("/metrics"))
    took_s = found["geo_match_request_seconds_sum", ("method", "GET"), ("route", "/v1/jobs")]
    engine_s = found["geo_match_engine_seconds_sum", ("route", "/v1/jobs")]
    assert 0 < engine_s < took_s
    assert told == f"engine;dur={engine_s * 1000:.2f}"
    assert ("geo_match_engine_seconds_count", ("route", NO_ROUTE)) not in found
    assert found["geo_match_workers",] == 1
    assert ("geo_match_store_head",) not in found


def test_a_file_tells_its_figures_on_its_own_machine_alone(ask, sites, asker):
    assert ask("/metrics").headers["content-type"].startswith("text/plain; version=")
    for client in ("192.0.2.1", "2001:db8::1", "a-socket"):
        far = dataclasses.replace(ask, client=(client, 1))
        assert far("/metrics").status_code == 401
        assert far(PLACE).status_code == 200
    settings = Settings(sites=sites, sites_datum="wgs84", forwarded=True)
    assert asker(create_app(settings))("/metrics").status_code == 401  # all come from a proxy


def test_an_index_that_is_behind_is_told_by_how_much(stored):
    path, ask = stored
    ask("/readyz")
    before = figures(ask("/metrics"))
    assert before["geo_match_index_behind_changes", ("worker", "1")] == 0
    assert before["geo_match_index_behind_seconds", ("worker", "1")] == 0
    with Store.open(path) as store:
        store.api_keys.issue(role="planner", label="示例")  # no change of the feed
        store.put("communities", pa.table({"id": ["340302001002"], "name": ["另一社区"]}))
        head = store.cursor().seq
        size = store.size_bytes()
    after = figures(ask("/metrics"))
    assert after["geo_match_store_head",] == head
    assert after["geo_match_store_bytes",] == size == store_size(path)
    assert after["geo_match_index_behind_changes", ("worker", "1")] == 1
    assert after["geo_match_index_behind_seconds", ("worker", "1")] > 0
    ask("/readyz")
    assert figures(ask("/metrics"))["geo_match_index_behind_changes", ("worker", "1")] == 0


def store_size(path):
    return sum(one.stat().st_size for one in (path, path.with_name(f"{path.name}-wal")))
