"""Bodies: what is too long is refused, however it comes and whatever was announced."""

from __future__ import annotations

import asyncio
from itertools import islice

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.guards import bodies
from api.guards.allowances import Allowance
from api.guards.bodies import MOST_BYTES, ShortBodies
from api.problems import ProblemError
from api.settings import Settings
from geo_match.store import Store

SESSION = "/v1/session"
JSON = {"Content-Type": "application/json"}
MOST = 10
IMPORT_MOST = 20


def guarded(app, patience_s=60):
    return ShortBodies(
        app, import_most_bytes=IMPORT_MOST, patience_s=patience_s, is_forwarded=False
    )


def passed(parts, *, headers=(), ends=True, path="/x"):
    """Send the parts of a body to the guard; return what came through, the status, what is left."""
    through, sent = [], []
    messages = [
        {"type": "http.request", "body": part, "more_body": not ends or n < len(parts)}
        for n, part in enumerate(parts, 1)
    ]
    messages.append({"type": "http.disconnect"})

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    async def app(_scope, receive, _send):
        through.append(await receive())
        through.append(await receive())

    headers = [(name.encode(), b.encode()) for name, b in headers]
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bodies, "allowance_of", lambda _: Allowance(most_bytes=MOST))
        asyncio.run(guarded(app)(scope, receive, send))
    status = sent[0]["status"] if sent else None
    return through, status, messages


@given(st.lists(st.binary(max_size=6), min_size=1, max_size=5), st.sampled_from(["", "0", "3"]))
def test_what_is_short_comes_through_whole_and_what_is_long_not_at_all(parts, announced):
    headers = [("content-length", announced)] if announced else []
    through, status, _ = passed(parts, headers=headers)
    body = b"".join(parts)
    if len(body) > MOST:
        assert (through, status) == ([], 413)
    else:
        whole = {"type": "http.request", "body": body, "more_body": False}
        assert (through, status) == ([whole, {"type": "http.disconnect"}], None)


@pytest.mark.parametrize("announced", ["11", "65536", "9" * 5_000])
def test_what_is_announced_too_long_is_refused_unread(announced):
    through, status, left = passed([b"x"], headers=[("content-length", announced)])
    assert (through, status, len(left)) == ([], 413, 2)


def test_a_body_that_is_announced_twice_is_refused_unread():
    headers = [("content-length", "1"), ("transfer-encoding", "chunked")]
    through, status, left = passed([b"x"], headers=headers)
    assert (through, status, len(left)) == ([], 400, 2)


@pytest.mark.parametrize("announced", ["", "-1", "1e9", "x", "²"])
def test_what_is_announced_by_no_number_is_counted(announced):
    headers = [("content-length", announced)] if announced.isascii() else []
    assert passed([b"x" * 10], headers=headers)[1] is None
    assert passed([b"x" * 11], headers=headers)[1] == 413


def test_a_body_without_end_is_read_no_further_than_it_may_be_long():
    _, status, left = passed([b"x" * 6] * 1_000, ends=False)
    assert status == 413
    assert len(left) == 1_001 - 2


def test_who_goes_away_is_answered_nothing():
    assert passed([b"x"], ends=False)[:2] == ([], None)


def test_a_long_body_is_a_problem_and_the_longest_is_not(ask):
    def body(n):
        return b'{"key": "' + b" " * (n - 11) + b'"}'

    answer = ask(SESSION, method="POST", content=body(MOST_BYTES + 1), headers=JSON)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["connection"] == "close"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json()["type"] == "urn:geo-match:problem:body-too-long"
    assert "at most 65,536 bytes" in answer.json()["detail"]
    assert ask(SESSION, method="POST", content=body(MOST_BYTES), headers=JSON).status_code == 422


def test_a_long_body_in_pieces_is_refused_on_every_resource(ask):
    async def pieces():
        for _ in range(70):
            yield b" " * 1_024

    for target in (SESSION, "/healthz", "/nowhere"):
        assert ask(target, method="POST", content=pieces(), headers=JSON).status_code == 413


def test_the_description_says_so_where_a_body_is_taken(ask):
    paths = ask("/openapi.json").json()["paths"]
    answers = {
        (path, method): "413" in about["responses"]
        for path, methods in paths.items()
        for method, about in methods.items()
    }
    taken = {
        (path, method): "requestBody" in about
        for path, methods in paths.items()
        for method, about in methods.items()
    }
    assert answers == taken
    assert taken[SESSION, "post"]
    for status in ("408", "413", "415"):
        told = paths[SESSION]["post"]["responses"][status]["content"]
        assert list(told) == ["application/problem+json"]


def streamed(parts, *, headers=(), patience_s=60, asks=10):
    """Let an import read what the guard gives it; return that, and what was raised or sent."""
    read, sent = [], []

    async def receive():
        part = parts.pop(0) if parts else None
        if part is None:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": part, "more_body": part != b""}

    async def send(message):
        sent.append(message)

    async def app(_scope, receive, send):
        for _ in range(asks):
            message = await receive()
            read.append(message["body"])
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})

    scope = {"type": "http", "method": "POST", "path": "/v1/jobs:import", "headers": headers}
    asyncio.run(guarded(app, patience_s)(scope, receive, send))
    return read, sent


def test_the_body_of_an_import_is_not_held_but_given_on_as_it_comes():
    parts = [b"x" * 9, b"y" * 11, b""]
    read, (sent,) = streamed(parts)
    assert read == [b"x" * 9, b"y" * 11, b""]
    assert sent["headers"] == []


def test_an_import_that_is_not_read_to_its_end_ends_its_connection():
    read, (sent,) = streamed([b"x", b"y"], asks=1)
    assert read == [b"x"]
    assert sent["headers"] == [(b"connection", b"close")]


def test_an_import_that_is_too_long_hears_of_it_while_it_reads():
    with pytest.raises(ProblemError, match="Body too long"):
        streamed([b"x" * 11, b"x" * 10])


def test_an_import_that_is_announced_too_long_is_refused_unread():
    read, sent = streamed([b"x"], headers=[(b"content-length", b"21")])
    assert (read, sent[0]["status"]) == ([], 413)


def test_an_import_whose_body_stays_out_hears_of_it():
    with pytest.raises(ProblemError, match="Body too slow"):
        streamed([b"x", None], patience_s=0.01)


def test_what_is_waited_for_too_long_is_a_problem():
    sent = []

    async def receive():
        await asyncio.sleep(0.01)  # each part comes soon, and the whole never
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/x", "headers": []}
    asyncio.run(guarded(None, patience_s=0.05)(scope, receive, send))
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]
    assert b"16,384 bytes a second" in sent[1]["body"]


async def dribble(app, peers, *, target="/x"):
    """Begin to send a body from each of some peers; return the requests, and what ends them."""
    ends, statuses = asyncio.Event(), []

    async def receive():
        await ends.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        if message["type"] == "http.response.start":
            statuses.append((message["status"], dict(message["headers"]).get(b"retry-after")))

    headers = [(b"host", b"localhost"), (b"content-length", b"9")]
    scope = {"type": "http", "method": "POST", "path": target, "headers": headers}
    scope |= {"query_string": b"", "http_version": "1.1", "scheme": "http", "root_path": ""}
    sending = [
        asyncio.create_task(app({**scope, "client": (peer, 1), "state": {}}, receive, send))
        for peer in peers
    ]
    await asyncio.sleep(0.05)
    return sending, ends, statuses


def test_from_one_address_only_so_many_bodies_may_be_on_their_way(monkeypatch):
    monkeypatch.setattr(bodies, "MOST_AT_ONCE", 3)

    async def send_some():
        guard = guarded(None)
        sending, ends, statuses = await dribble(guard, ["192.0.2.1"] * 5 + ["192.0.2.2"] * 3)
        assert statuses == [(429, b"1")] * 2
        ends.set()
        await asyncio.gather(*sending)
        assert not guard._senders
        again, ends, statuses = await dribble(guard, ["192.0.2.1"] * 3)
        assert statuses == []
        ends.set()
        await asyncio.gather(*again)

    asyncio.run(send_some())


def test_only_so_many_lists_may_be_on_their_way_whoever_sends_them(monkeypatch):
    monkeypatch.setattr(bodies, "MOST_LISTS_AT_ONCE", 2)
    peers = [f"192.0.2.{n}" for n in range(4)]

    async def read_all(_scope, receive, _send):
        await receive()

    async def send_some():
        guard = guarded(read_all)
        sending, ends, statuses = await dribble(guard, peers, target="/v1/jobs:import")
        assert statuses == [(429, b"1")] * 2
        others, _, statuses = await dribble(guard, peers)  # a body of another kind
        assert statuses == []
        ends.set()
        await asyncio.gather(*sending)
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        assert not guard._senders

    asyncio.run(send_some())


def test_a_list_that_is_here_is_not_on_its_way_any_more(monkeypatch):
    monkeypatch.setattr(bodies, "MOST_LISTS_AT_ONCE", 1)

    async def send_two():
        read, judged = [], asyncio.Event()

        async def app(_scope, receive, _send):
            read.append(await receive())
            await judged.wait()

        async def receive():
            return {"type": "http.request", "body": b"x", "more_body": False}

        async def send(message):
            pytest.fail(f"{message} was sent")

        guard = guarded(app)
        headers = [(b"content-length", b"1")]
        scope = {"type": "http", "method": "POST", "path": "/v1/jobs:import", "headers": headers}
        scope["client"] = ("192.0.2.1", 1)
        both = [asyncio.create_task(guard(scope, receive, send)) for _ in range(2)]
        await asyncio.sleep(0.05)
        assert len(read) == 2
        judged.set()
        await asyncio.gather(*both)
        assert not guard._senders

    asyncio.run(send_two())


def test_lists_that_come_slowly_leave_turns_for_others(tmp_path, monkeypatch):
    with Store.open(tmp_path / "a.db") as store:
        _, secret = store.api_keys.issue(role="operator", label="示例")
    monkeypatch.setattr(bodies, "MOST_LISTS_AT_ONCE", 2)
    app = create_app(Settings(store=str(tmp_path / "a.db"), most_requests=3))
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "text/csv"}

    async def slowly(ends):
        yield b"id,name\n"
        await ends.wait()
        yield "E1,示例厂\n".encode()

    async def ask_beside():
        ends = asyncio.Event()
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            lists = [
                asyncio.create_task(
                    client.post("/v1/employers:import", content=slowly(ends), headers=headers)
                )
                for _ in range(5)
            ]
            refused = [await one for one in islice(asyncio.as_completed(lists, timeout=30), 3)]
            answer = await client.get("/healthz")
            ends.set()
            return answer, refused, await asyncio.gather(*lists)

    answer, refused, lists = asyncio.run(ask_beside())
    assert answer.status_code == 200
    assert [one.status_code for one in refused] == [429] * 3
    assert "lists are on their way" in refused[0].json()["detail"]
    assert sorted(one.status_code for one in lists) == [200] * 2 + [429] * 3
    app.state.opened.close()


def test_who_sends_a_body_slowly_takes_nobodys_turn(sites):
    app = create_app(Settings(sites=sites, sites_datum="wgs84", most_requests=2))

    async def ask_beside():
        sending, ends, _ = await dribble(app, ["192.0.2.1"] * 5, target=SESSION)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            answer = await client.get("/healthz")
        ends.set()
        await asyncio.gather(*sending)
        return answer

    assert asyncio.run(ask_beside()).status_code == 200
    app.state.opened.close()


def test_a_batch_may_be_longer_and_other_methods_of_its_path_may_not():
    scope = {"type": "http", "method": "POST", "path": "/v1/matches:batch"}
    assert bodies.allowance_of(scope).most_bytes == 2_097_152
    assert bodies.allowance_of({**scope, "method": "PUT"}).most_bytes == MOST_BYTES
    assert bodies.allowance_of({**scope, "path": "/v1/what-if"}).most_bytes == 2_097_152


def test_a_long_import_is_a_problem_also_where_its_length_is_not_announced(tmp_path, asker):
    with Store.open(tmp_path / "a.db") as store:
        _, secret = store.api_keys.issue(role="operator", label="示例")
    ask = asker(create_app(Settings(store=str(tmp_path / "a.db"), import_most_bytes=50)))
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "text/csv"}

    async def pieces():
        for _ in range(9):
            yield b"id,name,licence\n"

    for content in (pieces(), b"id,name,licence\n" * 9):
        problem = ask.problem(
            "/v1/employers:import?datum=wgs84", method="POST", content=content, headers=headers
        )
        assert (problem["status"], problem["type"].rpartition(":")[2]) == (413, "body-too-long")
        assert "at most 50 bytes" in problem["detail"]
