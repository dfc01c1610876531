"""A store that an integrator's key follows, and what asks it."""

from __future__ import annotations

import uuid
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import orjson
import pyarrow as pa
import pytest
from sqlalchemy import delete, update

from api.app import create_app
from api.settings import Settings
from geo_match.store import AuditLog, Store
from geo_match.store.schema.tables import AMENDED, BEREFT, CHANGES, ERASED_IDS, FEED, TABLES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import AsyncIterator, Iterator

    from fastapi import FastAPI
    from sqlalchemy import Connection
    from test_api.conftest import Asker

PHONE = "13900001234"
JOB = {
    "id": ["J1"],
    "title": ["收银员"],
    "employer_id": ["E1"],
    "site_id": ["S1"],
    "occupation": ["4010201"],
    "occupation_version": ["2022"],
    "lon": [117.38],
    "lat": [32.92],
    "located_by": ["site"],
}


def stations(*ids: str, staff: int = 1) -> pa.Table:
    return pa.table(
        {"id": list(ids), "staff": [staff] * len(ids), "located_by": ["none"] * len(ids)}
    )


def people(*ids: str) -> pa.Table:
    return pa.table({"id": list(ids), "name": ["王建国"] * len(ids), "phone": [PHONE] * len(ids)})


def lines_of(answer: httpx.Response) -> list[dict[str, Any]]:
    """Return the lines of an answer, which has to be one of lines."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [orjson.loads(line) for line in answer.content.splitlines()]


@asynccontextmanager
async def client_of(fed: Fed) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client for many requests, with the integrator's key."""
    transport = httpx.ASGITransport(fed.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://localhost", headers=fed.ask.headers
    ) as client:
        yield client


@dataclass(frozen=True)
class Fed:
    """A store that is served, from the side of who writes and of who follows.

    Parameters
    ----------
    store
        Opened beside the application.
    app
        The application.
    ask
        Asks it with the integrator's key.
    """

    store: Store
    app: FastAPI
    ask: Asker

    def changes(self, **query: object) -> tuple[list[dict[str, Any]], str]:
        """Return the lines of an answer, and the cursor to go on from."""
        answer = self.ask("/v1/changes", params=query)
        return lines_of(answer), answer.headers["geo-match-cursor"]

    def snapshot(self, **query: object) -> list[dict[str, Any]]:
        return lines_of(self.ask("/v1/snapshot", params=query))

    def reads(self, since: dt.datetime) -> list[dict[str, Any]]:
        """Return the entries of the audit since a moment."""
        with AuditLog.open(self.store.name) as log:
            entries = log.read(since=since)
        told: list[dict[str, Any]] = entries.select(
            ["who", "purpose", "scope", "count"]
        ).to_pylist()
        return told


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, asker: type[Asker]) -> Iterator[Fed]:
    """Give one store that is served: to make an application takes seconds."""
    path = tmp_path_factory.mktemp("fed") / "a.db"
    with Store.open(path) as store:
        _, key = store.api_keys.issue(role="integration", label="示例")
        app = create_app(Settings(store=str(path)))
        with app.state.opened:
            yield Fed(store, app, asker(app, {"Authorization": f"Bearer {key}"}))


@pytest.fixture
def fed(served: Fed) -> Fed:
    """That store, empty as a new one and of another epoch."""

    def empty(connection: Connection) -> None:
        for table in (*TABLES.values(), CHANGES, AMENDED, ERASED_IDS, BEREFT):
            connection.execute(delete(table))
        new = {"epoch": uuid.uuid4().hex, "seq": 0, "horizon": 0, "horizon_at": None}
        connection.execute(update(FEED).values(**new))

    served.store.database.write(empty)
    return served
