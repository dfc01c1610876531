"""Each operation of the description, for each role and for none: let in or not, by the table."""

from __future__ import annotations

import pytest

from api.access.scopes import ROLE_SCOPES
from geo_match.store.keys import ROLES

PUBLIC = {"jobs:read", "stations:read", "coverage:read"}
OPEN = {"/healthz", "/readyz"}
"""What asks nobody who they are."""
ELSEWHERE = {("post", "/v1/session"), ("delete", "/v1/session")}
"""What goes by rules of its own, which `test_session` holds."""
UNKNOWN = "gmk_aaaaaaaaaaaaaaaa_" + "a" * 32


def operations(served):
    """Yield each operation: method, path, and the scopes that it asks for; None for open."""
    for path, methods in served.ask("/openapi.json").json()["paths"].items():
        for method, about in methods.items():
            if (method, path) not in ELSEWHERE:
                ways = about.get("security")
                scopes = None
                if ways is not None:
                    scopes = {scope for way in ways for asked in way.values() for scope in asked}
                yield method, path, scopes


def status_of(served, method, path, headers):
    """Ask it for something that is nothing: who is let in hears of another fault."""
    target = path.replace("{", "").replace("}", "")
    return served.ask(target, method=method.upper(), headers=headers).status_code


def answers(served, headers):
    return {
        (method, path): status if (status := status_of(served, method, path, headers)) in {401, 403}
        else "in"
        for method, path, _ in operations(served)
    }  # fmt: skip


@pytest.mark.parametrize("store", ["own", "invented"])
@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_let_in_where_it_has_the_scopes_and_nowhere_else(request, store, role):
    served = request.getfixturevalue(store)
    expected = {
        (method, path): "in" if scopes is None or scopes <= ROLE_SCOPES[role] else 403
        for method, path, scopes in operations(served)
    }
    assert answers(served, {"Authorization": f"Bearer {served.keys[role]}"}) == expected


def test_nobody_without_a_key_is_let_in_to_a_store_of_ones_own(own):
    expected = {
        (method, path): "in" if scopes is None else 401 for method, path, scopes in operations(own)
    }
    assert answers(own, {}) == expected


def test_who_has_no_key_may_what_is_public_of_inventions(invented):
    expected = {
        (method, path): "in" if scopes is None or scopes <= PUBLIC else 401
        for method, path, scopes in operations(invented)
    }
    assert answers(invented, {}) == expected


@pytest.mark.parametrize("store", ["own", "invented"])
def test_a_key_that_is_nobodys_is_refused_also_where_none_is_needed(request, store):
    served = request.getfixturevalue(store)
    expected = {
        (method, path): "in" if scopes is None else 401
        for method, path, scopes in operations(served)
    }
    assert answers(served, {"Authorization": f"Bearer {UNKNOWN}"}) == expected


def test_what_asks_nobody_who_they_are_is_what_those_ask_who_run_the_server(own):
    assert {path for _, path, scopes in operations(own) if scopes is None} == OPEN


def test_the_description_says_how_to_authenticate_and_when_nobody_has_to(own):
    schema = own.ask("/openapi.json").json()
    schemes = schema["components"]["securitySchemes"]
    assert schemes["key"]["scheme"] == "bearer"
    assert (schemes["session"]["in"], schemes["session"]["name"]) == ("cookie", "geo_match_session")
    for path, methods in schema["paths"].items():
        for about in methods.values():
            if path in OPEN:
                assert "security" not in about
                continue
            ways = about["security"]
            scopes = {scope for way in ways for asked in way.values() for scope in asked}
            if any("key" in way for way in ways):
                assert ({} in ways) == (scopes <= PUBLIC)
            for status in ("401", "403"):
                assert list(about["responses"][status]["content"]) == ["application/problem+json"]
            assert "WWW-Authenticate" in about["responses"]["401"]["headers"]
