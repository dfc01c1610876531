"""Who is let in, and what the others are told: never more than they sent."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from test_store.faults import seekers

import geo_match
from api.access.caller import Caller
from geo_match.intake.importing import import_file
from geo_match.store import Store

JOBS = "/v1/jobs?lon=117.38&lat=32.92"


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


def test_a_key_gets_an_answer_that_nobody_keeps(own):
    answer = own.get(JOBS, "employer")
    assert answer.status_code == 200
    assert answer.json()["total"] == 1
    assert answer.headers["cache-control"] == "no-store"


def test_who_has_no_key_is_told_what_is_needed(own):
    answer = own.ask(JOBS)
    problem = own.ask.problem(JOBS)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="geo_match"'
    assert problem["type"] == "urn:geo-match:problem:key-needed"
    assert "a key with jobs:read" in problem["detail"]


@pytest.mark.parametrize(
    "written",
    [
        *("Bearer {}x", "Bearer  {}", "Bearer\t{}", "Basic {}", "{}", "Bearer", "Bearer ", ""),
        *("Token {}", "Bearer {},", "Bearer {} {}", 'Bearer "{}"'),
    ],
)
def test_what_is_not_the_key_to_the_letter_is_refused(own, written):
    answer = own.ask(JOBS, headers={"Authorization": written.replace("{}", own.keys["planner"])})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].endswith('error="invalid_token"')
    assert answer.json()["type"] == "urn:geo-match:problem:key-not-valid"
    assert "gmk_…" in answer.text
    assert own.keys["planner"] not in answer.text


def test_a_key_in_capitals_is_another(own):
    assert own.ask(JOBS, headers=bearer(own.keys["planner"].upper())).status_code == 401


def test_the_word_bearer_may_be_written_in_any_case(own):
    for word in ("bearer", "BEARER"):
        headers = {"Authorization": f"{word} {own.keys['planner']}"}
        assert own.ask(JOBS, headers=headers).status_code == 200


def test_two_keys_in_one_request_are_none(own):
    key = own.keys["planner"]
    headers = [("Authorization", f"Bearer {key}")] * 2
    assert own.ask(JOBS, headers=headers).status_code == 401


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=80))
def test_no_text_lets_in_or_comes_back(invented, secret):
    problem = invented.ask.problem(JOBS, headers=bearer(secret))
    assert problem["status"] == 401
    other = invented.ask.problem(JOBS, headers=bearer("gmk_x"))
    assert problem | {"instance": ""} == other | {"instance": ""}  # which names the request


def test_a_key_opens_until_it_expires_and_is_revoked_at_once(own):
    with Store.open(own.path) as store:
        soon = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
        key, secret = store.api_keys.issue(role="planner", label="示例", expires_at=soon)
        long_ago = dt.datetime(2020, 1, 1)  # noqa: DTZ001 - as a store's clock gives it
        with Store.open(own.path, clock=lambda: long_ago) as then:
            expired = then.api_keys.issue(
                role="planner", label="示例", expires_at=dt.datetime(2020, 1, 2, tzinfo=dt.UTC)
            )[1]
        assert own.ask(JOBS, headers=bearer(secret)).status_code == 200
        assert own.ask(JOBS, headers=bearer(expired)).status_code == 401
        store.api_keys.revoke(key.id)
        assert own.ask(JOBS, headers=bearer(secret)).status_code == 401


def test_a_file_has_no_keys_and_lets_in_whoever_asks_whether_or_not_it_is_invented(ask, ask_city):
    for asked in (ask, ask_city):
        assert asked(JOBS).status_code == 200
        assert asked("/v1/session").json()["role"] == "keyless"
        assert asked(JOBS, headers=bearer("gmk_" + "a" * 16 + "_" + "a" * 32)).status_code == 401


def test_a_cookie_that_comes_to_a_file_is_another_servers_and_stays_there(ask, own):
    """Browsers send cookies to all ports of a host."""
    secret = own.ask.app.state.gate.open_session(own.keys["planner"], 60)[1]
    for cookie in ("x", secret):
        for method, target in (("GET", JOBS), ("GET", "/v1/session"), ("DELETE", "/v1/session")):
            headers = {"Cookie": f"geo_match_session={cookie}"}
            answer = ask(target, method=method, headers=headers)
            assert answer.status_code in {200, 204}
            assert "set-cookie" not in answer.headers


def test_whoever_asks_is_let_in_only_while_all_lists_are_invented(serve):
    served = serve(invented=True)
    assert served.ask(JOBS).status_code == 200
    with Store.open(served.path) as store:
        store.apply("seekers", seekers(("P1", 1, "x")), source="people.csv")
    assert served.ask(JOBS).status_code == 401
    assert served.get(JOBS, "planner").status_code == 200


def test_one_invented_row_among_others_lets_nobody_in(serve, tmp_path):
    served = serve(invented=True)
    rows = "".join(f"E{n},示例{n},{'是' if n == 500 else '否'}\n" for n in range(2, 502))
    (tmp_path / "more.csv").write_text(f"id,name,虚构\n{rows}", encoding="utf-8")
    assert served.ask(JOBS).status_code == 200
    with Store.open(served.path) as store:
        assert import_file(tmp_path / "more.csv", "employers", store).accepted == 500
    assert served.ask(JOBS).status_code == 401
    assert served.get(JOBS, "planner").json()["invented"] is True  # the label stays


def test_what_is_written_without_a_list_lets_nobody_in_until_it_is_gone(serve):
    served = serve(invented=True)
    with Store.open(served.path) as store:
        store.put("communities", pa.table({"id": ["340302001002"], "name": ["示范社区"]}))
        assert served.ask(JOBS).status_code == 200  # the ground is real anyway
        store.put("seekers", seekers(("P1", 1, "x")))
        assert served.ask(JOBS).status_code == 401
        store.remove("seekers", ["P1"])
        assert served.ask(JOBS).status_code == 200
        store.put("employers", pa.table({"id": ["E9"], "name": ["示例"]}))
        assert served.ask(JOBS).status_code == 401


def test_a_store_is_read_through_once_a_change_and_not_for_each_who_asks(serve, monkeypatch):
    served = serve(invented=True)
    looked = []
    really = Store.has_unlisted
    monkeypatch.setattr(
        Store, "has_unlisted", lambda store, *kinds: looked.append(kinds) or really(store, *kinds)
    )
    for _ in range(3):
        assert served.ask(JOBS).status_code == 200
    assert len(looked) == 1
    assert {"seekers", "employers", "jobs", "households"} <= set(looked[0])
    assert "communities" not in looked[0]
    with Store.open(served.path) as store:
        store.put("seekers", seekers(("P1", 1, "x")))
    for _ in range(3):
        assert served.ask(JOBS).status_code == 401
    assert len(looked) == 2


def test_a_store_without_any_list_is_nobodys_to_read(serve):
    served = serve()
    with Store.open(served.path) as store:
        store.database.write(lambda one: one.execute(text("DELETE FROM imports")))
    assert served.ask(JOBS).status_code == 401


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "203.0.113.9"])
def test_where_somebody_asks_from_opens_nothing(own, invented, peer):
    """The transport says the peer; no rule looks at it."""
    import asyncio  # noqa: PLC0415 - this test's own way of asking

    import httpx  # noqa: PLC0415 - as above

    async def status(app):
        transport = httpx.ASGITransport(app, client=(peer, 5000))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return (await client.get(JOBS)).status_code

    assert asyncio.run(status(own.ask.app)) == 401
    assert asyncio.run(status(invented.ask.app)) == 200


def test_a_role_without_the_scope_is_told_which(own):
    app = own.ask.app
    from fastapi import APIRouter  # noqa: PLC0415 - a route of this test's own

    from api.access.admission import requires  # noqa: PLC0415 - as above

    router = APIRouter()

    def exact():
        return {}

    router.add_api_route("/test/exact", exact, dependencies=[requires("coverage:exact")])
    app.include_router(router, include_in_schema=False)
    assert own.get("/test/exact", "planner").status_code == 200
    answer = own.get("/test/exact", "supervisor")
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:geo-match:problem:scope-missing"
    assert "coverage:exact (exact figures" in answer.json()["detail"]
    assert "role supervisor has not" in answer.json()["detail"]
    assert "www-authenticate" not in answer.headers


def test_health_tells_who_may_not_ask_that_the_server_answers_and_no_more(own, invented):
    lean = {
        "status": "ok",
        "version": geo_match.__version__,
        "sites": None,
        "store": None,
        "network": None,
    }
    unknown = bearer("gmk_" + "a" * 16 + "_" + "a" * 32)
    for headers in ({}, unknown, bearer("x"), {"Cookie": "geo_match_session=x"}):
        answer = own.ask("/healthz", headers=headers)
        assert answer.status_code == 200
        assert answer.json() == lean
        assert own.ask("/readyz", headers=headers).json() == {"status": "ready", "cursor": None}
    for served in (own.get("/healthz", "employer"), invented.ask("/healthz")):
        assert served.json()["store"]["jobs_served"] == 1
    secret = own.ask.app.state.gate.open_session(own.keys["planner"], 60)[1]
    cookie = {"Cookie": f"geo_match_session={secret}"}
    assert own.ask("/healthz", headers=cookie).json()["store"]["store"] == "a.db"
    for ready in (own.get("/readyz", "employer"), invented.ask("/readyz")):
        assert ready.json()["cursor"].count("-") == 1


def test_health_goes_on_while_the_store_cannot_say_who_asks(serve, caplog):
    served = serve(invented=True)
    with Store.open(served.path) as store:
        for table in ("api_keys", "imports"):
            gone = text(f"ALTER TABLE {table} RENAME TO {table}_gone")
            store.database.write(lambda one, gone=gone: one.execute(gone))
    for answer in (served.ask("/healthz"), served.get("/healthz", "planner")):
        assert (answer.status_code, answer.json()["store"]) == (200, None)
    assert "no such table" in caplog.text


def test_a_store_that_cannot_be_read_lets_nobody_in(serve, caplog):
    served = serve(invented=True)
    with Store.open(served.path) as store:
        store.database.write(lambda one: one.execute(text("ALTER TABLE api_keys RENAME TO gone")))
        store.database.write(lambda one: one.execute(text("ALTER TABLE imports RENAME TO gone2")))
    assert served.get(JOBS, "planner").status_code == 503
    assert served.ask(JOBS).status_code == 503
    assert "no such table" in caplog.text
    assert served.keys["planner"] not in caplog.text


@pytest.mark.parametrize(
    ("area", "community", "is_covered"),
    [
        (None, "340302001001", True),
        (None, None, True),
        ("340302001001", "340302001001", True),
        ("340302001", "340302001001", True),
        ("340302001001", "340302001002", False),
        ("340302", "340303001001", False),
        ("340302", None, False),
    ],
)
def test_an_area_covers_its_communities_and_nothing_without_one(area, community, is_covered):
    caller = Caller(role="community", scopes=frozenset(), by="key", key="x", area=area)
    assert caller.covers(community) is is_covered
