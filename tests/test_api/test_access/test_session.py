"""Sessions of pages: a cookie that no script reads, and no page elsewhere can use."""

from __future__ import annotations

import datetime as dt

import pytest

from geo_match.errors import ArgumentError
from geo_match.store import Store
from geo_match.store.keys import Keys

JOBS = "/v1/jobs?lon=117.38&lat=32.92"
SESSION = "/v1/session"
HERE = {"Sec-Fetch-Site": "same-origin"}


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


def cookie_of(answer):
    """Return the cookie as a browser sends it, and its attributes."""
    first, *attributes = answer.headers["set-cookie"].split("; ")
    return {"Cookie": first}, set(attributes)


def opened(served, role="planner"):
    answer = served.ask(SESSION, method="POST", json={"key": served.keys[role]})
    assert answer.status_code == 204
    return cookie_of(answer)[0]


def test_a_key_is_exchanged_for_a_cookie_in_the_body_or_the_header(own):
    for given in ({"json": {"key": own.keys["planner"]}}, {"headers": bearer(own.keys["planner"])}):
        answer = own.ask(SESSION, method="POST", **given)
        assert (answer.status_code, answer.content) == (204, b"")
        cookie, _ = cookie_of(answer)
        assert own.ask(JOBS, headers=cookie).status_code == 200


def test_the_cookie_is_read_by_no_script_and_sent_to_no_other_site(own, serve):
    answer = own.ask(SESSION, method="POST", json={"key": own.keys["planner"]})
    cookie, attributes = cookie_of(answer)
    assert attributes == {"Max-Age=28800", "Path=/", "HttpOnly", "SameSite=Strict"}
    name, _, secret = cookie["Cookie"].partition("=")
    assert name == "geo_match_session"
    assert secret.startswith("gms_")
    assert own.keys["planner"] not in answer.headers["set-cookie"]
    assert "domain" not in answer.headers["set-cookie"].lower()
    safe = serve(https=True)
    answer = safe.ask(SESSION, method="POST", json={"key": safe.keys["planner"]})
    cookie, attributes = cookie_of(answer)
    assert {"Secure", "Path=/"} <= attributes
    assert "domain" not in answer.headers["set-cookie"].lower()
    name, _, secret = cookie["Cookie"].partition("=")
    assert name == "__Host-geo_match_session"  # which a browser takes from this host alone
    assert safe.ask(JOBS, headers=cookie).status_code == 200
    tossed = {"Cookie": f"geo_match_session={secret}"}  # as a neighbour could set it
    assert safe.ask(JOBS, headers=tossed).json()["type"].endswith("key-needed")
    schemes = safe.ask("/openapi.json").json()["components"]["securitySchemes"]
    assert schemes["session"]["name"] == name


def test_what_opens_or_ends_a_session_is_kept_nowhere(own):
    answer = own.ask(SESSION, method="POST", json={"key": own.keys["planner"]})
    assert answer.headers.get_list("cache-control") == ["no-store"]
    answer = own.ask(SESSION, method="DELETE", headers=cookie_of(answer)[0] | HERE)
    assert answer.headers.get_list("cache-control") == ["no-store"]


def test_a_session_says_who_asks_and_until_when(own):
    state = own.ask(SESSION, headers=opened(own, "community")).json()
    assert (state["role"], state["by"], state["area"]) == ("community", "session", "340302001")
    assert state["scopes"] == sorted(state["scopes"])
    assert "persons:read" in state["scopes"]
    left = dt.datetime.fromisoformat(state["expires_at"]) - dt.datetime.now(dt.UTC)
    assert dt.timedelta(hours=7.9) < left <= dt.timedelta(hours=8)
    state = own.get(SESSION, "planner").json()
    assert (state["role"], state["by"], state["expires_at"]) == ("planner", "key", None)


def test_who_has_nothing_is_told_so_where_somebody_such_may_ask(own, invented):
    assert own.ask(SESSION).status_code == 401
    state = invented.ask(SESSION).json()
    assert (state["role"], state["by"]) == ("keyless", "nothing")
    assert state["scopes"] == ["coverage:read", "jobs:read", "stations:read"]


def test_a_session_that_is_ended_opens_nothing_and_is_forgotten(own):
    cookie = opened(own)
    answer = own.ask(SESSION, method="DELETE", headers=cookie | HERE)
    assert answer.status_code == 204
    forgotten, attributes = cookie_of(answer)
    assert forgotten == {"Cookie": "geo_match_session="}
    assert "Max-Age=0" in attributes
    answer = own.ask(JOBS, headers=cookie)
    assert answer.status_code == 401
    assert answer.json()["title"] == "Session not valid"
    assert "Max-Age=0" in cookie_of(answer)[1]
    assert own.ask(SESSION, method="DELETE", headers=cookie | HERE).status_code == 204


def test_a_session_ends_with_its_key(serve):
    served = serve()
    cookie = opened(served)
    with Store.open(served.path) as store:
        (key,) = (key for key in store.api_keys.list() if key.role == "planner")
        store.api_keys.revoke(key.id)
    assert served.ask(JOBS, headers=cookie).status_code == 401
    assert (
        served.ask(SESSION, method="POST", json={"key": served.keys["planner"]}).status_code == 401
    )


def test_a_cookie_that_opens_nothing_is_refused_also_where_none_is_needed(invented):
    assert invented.ask(JOBS).status_code == 200
    for secret in ("", "x", "gms_" + "a" * 32):
        cookie = {"Cookie": f"geo_match_session={secret}"}
        assert invented.ask(JOBS, headers=cookie).status_code == 401
    assert invented.ask(JOBS, headers={"Cookie": "other=1"}).status_code == 200


def test_a_key_counts_before_a_cookie(own):
    cookie = opened(own, "planner")
    state = own.ask(SESSION, headers=cookie | bearer(own.keys["operator"])).json()
    assert (state["role"], state["by"]) == ("operator", "key")
    assert own.ask(JOBS, headers=cookie | bearer("x")).status_code == 401


@pytest.mark.parametrize(
    ("headers", "is_taken"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "http://localhost"}, True),
        ({"Origin": "http://LOCALHOST"}, True),
        ({"Origin": "https://example.org", "Sec-Fetch-Site": "same-origin"}, True),
        ({}, False),
        *(({"Sec-Fetch-Site": site}, False) for site in ("cross-site", "same-site", "none", "")),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, False),
        *(
            ({"Origin": origin}, False)
            for origin in (
                *("null", "", "https://localhost", "http://localhost:8001", "http://example.org"),
                *("http://localhost.example.org", "localhost", "http://127.0.0.1"),
            )
        ),
    ],
)
def test_with_a_cookie_what_changes_something_comes_from_a_page_of_this_server(
    own, headers, is_taken
):
    cookie = opened(own)
    answer = own.ask(SESSION, method="DELETE", headers=cookie | headers)
    assert answer.status_code == (204 if is_taken else 403)
    assert (own.ask(JOBS, headers=cookie).status_code == 401) is is_taken
    if not is_taken:
        assert answer.json()["type"] == "urn:geo-match:problem:cross-origin"


def test_a_page_elsewhere_reads_nothing_by_a_cookie_that_its_answer_would_show(own):
    answer = own.ask(JOBS, headers=opened(own) | {"Origin": "https://example.org"})
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://example.org"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_page_elsewhere_cannot_open_a_session(own, headers):
    body = {"key": own.keys["planner"]}
    answer = own.ask(SESSION, method="POST", json=body, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_behind_https_a_page_of_http_is_another(serve):
    served = serve(https=True)
    cookie = opened(served)
    for origin, status in (("http://localhost", 403), ("https://localhost", 204)):
        headers = cookie | {"Origin": origin}
        assert served.ask(SESSION, method="DELETE", headers=headers).status_code == status


@pytest.mark.parametrize(
    "given",
    [
        {"json": {"key": 5}},
        {"json": {"key": ["{}"]}},
        {"json": {"key": ""}},
        {"json": {"key": "x" * 201}},
        {"json": {}},
        {"json": {"kye": "{}"}},
        {"json": {"key": "{}", "role": "planner"}},
        {"json": "{}"},
        {"json": ["{}"]},
        {"content": '{"key": "{}"', "headers": {"Content-Type": "application/json"}},
        {"content": '{"key": NaN}', "headers": {"Content-Type": "application/json"}},
        {"content": "{}", "headers": {"Content-Type": "text/plain"}},
        {"data": {"key": "{}"}},
    ],
    ids=str,
)
def test_a_body_that_is_none_is_refused_without_repeating_it(own, given):
    filled = _filled(given, own.keys["planner"])
    answer = own.ask(SESSION, method="POST", **filled)
    assert answer.status_code in {401, 415, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    assert own.keys["planner"][4:] not in answer.text
    assert "set-cookie" not in answer.headers


def _filled(value, key):
    if isinstance(value, str):
        return value.replace("{}", key)
    if isinstance(value, list):
        return [_filled(one, key) for one in value]
    if isinstance(value, dict):
        return {name: _filled(one, key) for name, one in value.items()}
    return value


def test_a_key_that_opens_nothing_opens_no_session(own, ask):
    for asked in (own.ask, ask):  # a store, and a file, which has no keys
        problem = asked.problem(SESSION, method="POST", json={"key": "gmk_nothing"})
        assert problem["status"] == 401
    assert own.ask(SESSION, method="POST").status_code == 401


def test_where_there_is_no_session_there_is_nothing_to_end(own, ask):
    for headers in (HERE, {}, bearer(own.keys["planner"])):
        answer = own.ask(SESSION, method="DELETE", headers=headers)
        assert (answer.status_code, answer.content) == (204, b"")
        assert "set-cookie" not in answer.headers
    assert own.get(JOBS, "planner").status_code == 200  # the key goes on
    assert ask(SESSION, method="DELETE").status_code == 204


@pytest.mark.parametrize(
    ("content", "name", "detail"),
    [
        ('{"key": "KEY"', "body", "must be JSON, which it is not from character 64 on"),
        ("{", "body", "must be JSON, which it is not from character 2 on"),
        ('{"key": 5}', "/key", "should be a valid string"),
        ("{}", "/key", "is required"),
        ('{"kye": "x", "key": "x"}', "/kye", "is not a field of this body"),
        ('{"a/b~c": "x", "key": "x"}', "/a~1b~0c", "is not a field of this body"),
        ('{"": "x", "key": "x"}', "/", "is not a field of this body"),
        ("[]", "body", "valid dictionary"),
    ],
)
def test_a_fault_of_a_body_is_told_by_where_it_stands(own, content, name, detail):
    content = content.replace("KEY", own.keys["planner"])
    problem = own.ask.problem(
        SESSION, method="POST", content=content, headers={"Content-Type": "application/json"}
    )
    (fault,) = problem["errors"]
    assert (fault["parameter"], fault["value"]) == (name, None)
    assert detail in fault["detail"]
    assert problem["detail"].endswith(f": {name}.")


def test_only_that_a_key_was_revoked_meanwhile_is_no_session(own):
    gate = own.ask.app.state.gate
    with pytest.raises(ArgumentError, match="`lasting_s` must be a number of seconds above 0"):
        gate.open_session(own.keys["planner"], -1)


def test_a_key_that_is_revoked_while_a_session_is_opened_opens_none(serve, monkeypatch):
    served = serve()
    really = Keys.find

    def found_and_revoked(keys, secret):
        key = really(keys, secret)
        keys.revoke(key.id)
        return key

    monkeypatch.setattr(Keys, "find", found_and_revoked)
    answer = served.ask(SESSION, method="POST", json={"key": served.keys["planner"]})
    assert answer.status_code == 401


def test_a_method_that_is_not_taken_is_told_which_are(own):
    answer = own.ask(SESSION, method="PUT")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "DELETE, GET, HEAD, POST"
