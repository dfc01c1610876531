"""Who may be matched by whom: scopes, areas, the audit; and what of a person no answer has."""

from __future__ import annotations

import pytest
from test_api.test_matches.conftest import AREA, NAME, PHONE, PLACE, PROFILE

from api.audit import Audit
from geo_match.store import AuditError

SEEKER = {"seeker": {"id": "S1"}}
REFUSED = {"employer", "planner", "supervisor", "administrator"}


def test_a_registered_seeker_needs_the_scopes_of_persons(town):
    for role, key in town.keys.items():
        headers = {"Authorization": f"Bearer {key}"}
        status = town.ask("/v1/matches", method="POST", json=SEEKER, headers=headers).status_code
        assert status == (403 if role in REFUSED else 200), role


def test_a_profile_is_anybodys_who_sees_jobs(town):
    for role in town.keys:
        assert town.match({"profile": PROFILE, "origin": PLACE}, role)["matches"]


def test_a_community_has_the_seekers_of_its_area_alone(town):
    keys = town.store.keys("seekers", ["S1", "S2", "S5"])
    for name in ("S1", "S2", "S5"):
        for asked in ({"id": name}, {"key": keys[name]}):
            answer = town.send("/v1/matches", {"seeker": asked}, "community")
            assert answer.status_code == (200 if name == "S1" else 404)
    unknown = town.send("/v1/matches", {"seeker": {"id": "S9"}}, "community").json()
    outside = town.send("/v1/matches", {"seeker": {"id": "S2"}}, "community").json()
    assert unknown | {"instance": None} == outside | {"instance": None}
    for home, status in (("H1", 200), ("H2", 422), ("H9", 422)):
        body = SEEKER | {"origin": {"household": home}}
        assert town.send("/v1/matches", body, "community").status_code == status


def test_each_read_of_persons_is_noted_with_their_number(own_town):
    own_town.match({"profile": PROFILE, "origin": PLACE})
    assert own_town.noted() == []
    own_town.match(SEEKER, "community")
    own_town.match(SEEKER | {"origin": {"household": "H1"}})
    own_town.send("/v1/matches", {"seeker": {"id": "S2"}}, "community")
    keys = own_town.store.keys("seekers", ["S1", "S2"])
    items = [{"seeker": {"id": name}} for name in ("S1", "S2", "S1", "S9")]
    own_town.send("/v1/matches:batch", {"items": [*items, {"seeker": {"key": keys["S1"]}}]})
    noted = own_town.noted()
    assert [one["count"] for one in noted] == [1, 2, 0, 2]
    assert {(one["purpose"], one["scope"]) for one in noted} == {("岗位匹配", "persons:read")}
    names = [one["who"] for one in noted]
    assert names[0].startswith("community ")
    assert names[1].startswith("integration ")
    assert not any(key in name for name in names for key in own_town.keys.values())


def test_a_read_that_cannot_be_noted_has_no_answer(own_town, monkeypatch):
    def noted(*_, **__):
        def read(_):
            rule = "take an entry"
            raise AuditError("audit", rule, "a full disk")

        return read

    monkeypatch.setattr(Audit, "noted", noted)
    answer = own_town.send("/v1/matches", SEEKER)
    assert answer.status_code == 503
    assert "seeker_key" not in answer.text


@pytest.mark.parametrize("target", ["/v1/matches", "/v1/matches:batch"])
def test_no_answer_has_a_name_or_a_phone_number(town, target, caplog):
    for change in ({}, {"origin": {"household": "H1"}}, {"origin": {"community": f"{AREA}001"}}):
        for name in ("S1", "S2", "S3", "S4", "S5"):
            item = {"seeker": {"id": name}} | change
            body = item if target == "/v1/matches" else {"items": [item], "explain": True}
            text = town.send(target, body).text + caplog.text
            for secret in (PHONE, NAME, f"{PLACE['lon']}, "):
                assert secret not in text
