"""A small invented file served by the application, and a way to ask it without a network."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from api.app import create_app
from api.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

ROWS = """\
id,lon,lat,site_id,site_name,title,employer,vacancies
J1,117.3800,32.9200,S1,示例路1号,收银员,示例超市,2
J2,117.3800,32.9200,S1,示例路1号,理货员,示例超市,
J3,117.3900,32.9200,S2,示例路2号,保安员,示例物业,0
J4,117.3800,32.9400,S3,示例路3号,厨师,示例餐饮店,5
J5,117.3800,32.9200,S1,示例路1号,防损员,示例超市,1
J6,0,51.4779,S4,子午线,观测员,示例气象站,3
J7,117.6000,33.0900,,,,,
"""


@dataclass(frozen=True)
class Asker:
    """Sends requests to an application in this process, each with some headers, as a client."""

    app: FastAPI
    headers: dict[str, str] = field(default_factory=dict)
    client: tuple[str, int] = ("127.0.0.1", 123)

    def __call__(
        self, target: str, *, method: str = "GET", host: str = "localhost", **given: Any
    ) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(
                self.app, raise_app_exceptions=False, client=self.client
            )
            async with httpx.AsyncClient(
                transport=transport, base_url=f"http://{host}", headers=self.headers
            ) as client:
                return await client.request(method, target, **given)

        return asyncio.run(send())

    def problem(self, target: str, **given: Any) -> dict[str, Any]:
        """Send a request that must be answered with a problem; give it."""
        answer = self(target, **given)
        assert answer.headers["content-type"] == "application/problem+json"
        problem: dict[str, Any] = answer.json()
        assert problem["status"] == answer.status_code
        assert {"type", "title", "status", "detail"} <= problem.keys()
        return problem


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sites") / "jobs.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def asker() -> type[Asker]:
    """Makes an asker of an application."""
    return Asker


@pytest.fixture(scope="session")
def ask(sites: Path) -> Asker:
    """The application over `ROWS`."""
    return Asker(create_app(Settings(sites=sites, sites_datum="wgs84")))


@pytest.fixture(scope="session")
def ask_city() -> Asker:
    """The application over the shipped file."""
    return Asker(create_app(Settings()))
