"""The table of roles and scopes is the one that was decided, and knows each role of the library."""

from __future__ import annotations

from typing import get_args

from api.access.scopes import MEANING, PUBLIC, ROLE_SCOPES, Scope
from geo_match.store.keys import ROLES

WHO_MAY = {
    "jobs:read": "integration employer community operator planner supervisor administrator",
    "stations:read": "integration employer community operator planner supervisor administrator",
    "coverage:read": "integration employer community operator planner supervisor administrator",
    "records:read": "integration community operator planner supervisor",
    "records:write": "integration operator",
    "sites:verify": "operator",
    "persons:read": "integration community operator supervisor",
    "persons:write": "integration community operator",
    "matches:read": "integration community operator",
    "feed:read": "integration",
    "feed:persons": "integration",
    "coverage:exact": "planner",
    "what-if:exact": "planner",
    "seekers:bands": "employer",
    "audit:read": "supervisor administrator",
    "keys:manage": "administrator",
    "metrics:read": "administrator",
}
"""By scope, as it was decided: a second copy, so that no change of the table goes unseen."""


def test_each_scope_is_had_by_the_roles_that_were_decided():
    held = {
        scope: {role for role, scopes in ROLE_SCOPES.items() if scope in scopes}
        for scope in get_args(Scope)
    }
    assert held == {scope: set(roles.split()) for scope, roles in WHO_MAY.items()}


def test_each_role_of_the_library_has_scopes_and_each_scope_a_meaning():
    assert set(ROLE_SCOPES) == set(ROLES)
    assert set(MEANING) == set(get_args(Scope))


def test_who_sees_figures_of_people_around_any_place_reads_nobodys_record():
    for scopes in ROLE_SCOPES.values():
        if {"coverage:exact", "what-if:exact"} & scopes:
            assert not {"persons:read", "persons:write", "matches:read", "feed:persons"} & scopes
        assert scopes >= PUBLIC


def test_who_makes_keys_or_reads_the_audit_writes_no_record():
    for scopes in ROLE_SCOPES.values():
        if {"keys:manage", "audit:read"} & scopes:
            assert not {"records:write", "persons:write"} & scopes
