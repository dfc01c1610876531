"""Limits: each key has its own, who has none shares that of an address, and nobody another's."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace

import httpx
import pytest

from api.app import create_app
from api.guards.buckets import Buckets
from api.guards.limits import Limits
from api.settings import Settings
from api.shared_place import SharedPlace
from geo_match.store import Store

HERE, THERE = "192.0.2.1", "192.0.2.66"
SLOW = {"limit_per_s": 0.001, "limit_burst": 5}


@dataclass
class Desk:
    """An application that lets in whose secret it knows, and anybody without one."""

    keys: dict[str, str] = field(default_factory=lambda: {"one": "k1", "two": "k2", "page": "k1"})

    async def __call__(self, scope, _receive, send):
        given = dict(scope["headers"])
        parts = given.get(b"cookie", b"").decode().split("; ")
        session = next((part[2:] for part in parts if part.startswith("s=")), "")
        secret = given.get(b"authorization", session.encode()).decode()
        key = self.keys.get(secret)
        scope["state"]["caller"] = SimpleNamespace(key=key)
        status = 401 if secret and key is None else 200
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


class Door:
    """Asks a desk behind limits."""

    def __init__(self, path, *, burst=5, is_forwarded=False):
        self.desk = Desk()
        buckets = Buckets(path / "limits", per_s=0.001, burst=burst)
        self._limits = Limits(self.desk, buckets=buckets, is_forwarded=is_forwarded, cookie="s")

    def answer(self, *, peer=HERE, path="/x", method="GET", **headers):
        named = [(name.replace("_", "-").encode(), v.encode()) for name, v in headers.items()]
        scope = {"type": "http", "method": method, "path": path, "headers": named, "state": {}}
        sent = []

        async def send(message):
            sent.append(message)

        asyncio.run(self._limits({**scope, "client": (peer, 1)}, None, send))
        told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], told, sent[1]["body"].decode()

    def statuses(self, many, **asked):
        return [self.answer(**asked)[0] for _ in range(many)]


@pytest.fixture
def door(tmp_path):
    return Door(tmp_path)


def test_who_asks_too_much_is_told_when_to_ask_again(door):
    answers = [door.answer() for _ in range(6)]
    assert [status for status, _, _ in answers] == [200] * 5 + [429]
    assert {told["ratelimit-policy"] for _, told, _ in answers} == {'"address";q=5;w=5000'}
    left = [told["ratelimit"].split(";")[1] for _, told, _ in answers]
    assert left == ["r=4", "r=3", "r=2", "r=1", "r=0", "r=0"]
    _, told, body = answers[-1]
    assert 990 <= int(told["retry-after"]) <= 1_000
    assert "urn:geo-match:problem:too-many-requests" in body
    assert "An address may make 0.001 requests a second here, and 5 at once" in body
    assert door.statuses(1, peer=THERE) == [200]


def test_a_key_is_limited_wherever_it_asks_from_and_not_by_its_neighbours(door):
    answers = [door.answer(peer=f"192.0.2.{n}", authorization="one")[0] for n in range(8)]
    assert answers == [200] * 5 + [429] * 3
    assert door.statuses(1, authorization="two") == [200]
    assert "A key may make" in door.answer(authorization="one")[2]


def test_who_sends_keys_that_open_nothing_empties_no_bucket_but_their_own(door):
    assert door.statuses(1, authorization="one") == [200]
    answers = [door.answer(peer=THERE, authorization=f"guess {n}")[0] for n in range(8)]
    assert answers == [401] * 5 + [429] * 3
    assert door.statuses(4, peer=THERE, authorization="one") == [200] * 4


def test_a_key_that_was_revoked_counts_as_none(door):
    assert door.statuses(3, authorization="one") == [200] * 3
    door.desk.keys.clear()
    # The first of these still counts as the key's.
    assert door.statuses(8, peer=THERE, authorization="one") == [401] * 6 + [429] * 2


def test_a_session_counts_as_its_key(door):
    assert door.statuses(2, cookie="s=page") == [200] * 2
    assert door.statuses(4, peer=THERE, authorization="one") == [200] * 3 + [429]
    assert door.statuses(1, cookie="s=page") == [429]


@pytest.mark.parametrize(
    "given",
    [
        lambda n: {"authorization": "one", "cookie": f"x={n}"},
        lambda n: {"authorization": "one", "cookie": f"s={n}"},
        lambda n: {"cookie": f"x={n}; s=page; y={n}"},
    ],
)
def test_nothing_beside_a_key_or_a_session_makes_somebody_new(door, given):
    answers = [door.answer(peer=f"192.0.2.{n}", **given(n))[0] for n in range(8)]
    assert answers == [200] * 5 + [429] * 3


def test_however_bearer_is_written_the_key_is_the_same(door):
    given = ["Bearer a", "bearer a", "BEARER a", "bEARER a", "BeArEr a", "BeareR a", "bEaReR a"]
    door.desk.keys = dict.fromkeys(given, "k1")
    answers = [
        door.answer(peer=f"192.0.2.{n}", authorization=one)[0] for n, one in enumerate(given)
    ]
    assert answers == [200] * 5 + [429] * 2


def test_a_session_that_is_none_is_an_address(door):
    assert door.statuses(6, cookie="x=page") == [200] * 5 + [429]


def test_a_batch_counts_as_many_and_at_most_as_a_full_bucket(tmp_path):
    door = Door(tmp_path, burst=15)
    batch = {"path": "/v1/matches:batch", "method": "POST"}
    assert '"address";r=5;' in door.answer(**batch)[1]["ratelimit"]
    assert door.statuses(1, **batch) == [429]
    assert door.statuses(6) == [200] * 5 + [429]
    small = Door(tmp_path, burst=5)
    assert small.statuses(2, peer=THERE, **batch) == [200, 429]


def test_behind_a_proxy_the_address_that_it_wrote_counts(tmp_path):
    door = Door(tmp_path, is_forwarded=True)
    for n in range(5):
        assert door.statuses(1, x_forwarded_for=f"10.0.0.{n}, 192.0.2.7") == [200]
    assert door.statuses(1, peer=THERE, x_forwarded_for="192.0.2.7") == [429]
    assert door.statuses(1, x_forwarded_for="192.0.2.8") == [200]
    assert door.statuses(6, x_forwarded_for="192.0.2.7, x") == [200] * 5 + [429]


def test_without_a_proxy_what_is_said_of_addresses_counts_for_nothing(door):
    answers = [door.answer(x_forwarded_for=f"192.0.2.{n}")[0] for n in range(6)]
    assert answers == [200] * 5 + [429]


def test_who_has_no_address_is_limited_too(door):
    assert door.statuses(6, peer="") == [200] * 5 + [429]


def test_who_was_let_in_is_remembered_within_bounds(door, monkeypatch):
    monkeypatch.setattr("api.guards.limits._MOST_KNOWN", 2)
    door.desk.keys = {str(n): str(n) for n in range(9)}
    for n in range(9):
        assert door.statuses(1, peer=f"192.0.2.{n}", authorization=str(n)) == [200]
        assert len(door._limits._known) <= 2


def test_workers_of_a_server_count_together_and_by_the_stores_keys(monkeypatch, tmp_path):
    with Store.open(tmp_path / "a.db") as store:
        _key, secret = store.api_keys.issue(role="operator", label="示例")
    headers = {"Authorization": f"Bearer {secret}"}

    async def ask(app, n):
        transport = httpx.ASGITransport(app, client=(f"192.0.2.{n}", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get("/v1/session", headers=headers)

    with SharedPlace.make() as place:
        for name, value in place.told(1).items():
            monkeypatch.setenv(name, value)
        settings = Settings(store=str(tmp_path / "a.db"), **SLOW)
        apps = [create_app(settings), create_app(settings)]
        answers = [asyncio.run(ask(apps[n % 2], n)) for n in range(8)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 3
    assert answers[-1].headers["content-type"] == "application/problem+json"
    assert answers[-1].headers["x-content-type-options"] == "nosniff"


def test_limits_can_be_switched_off(sites, asker):
    off = Settings(sites=sites, sites_datum="wgs84", limit_per_s=None, limit_burst=1)
    ask = asker(create_app(off))
    answers = [ask("/healthz") for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert "ratelimit" not in answers[0].headers


def test_the_description_has_the_429_of_every_operation(ask):
    for path in ask("/openapi.json").json()["paths"].values():
        for about in path.values():
            assert "Retry-After" in about["responses"]["429"]["headers"]
