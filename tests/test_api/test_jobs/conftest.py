"""A store of invented jobs of every kind, and the application over it."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from api.app import create_app
from api.settings import Settings
from geo_match.store import Store, record_schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from test_api.conftest import Asker

    from api.jobs.view import StoreView

LON, LAT = 117.38, 32.92
AREA = "POLYGON ((117.36 32.91, 117.39 32.91, 117.39 32.93, 117.36 32.93, 117.36 32.91))"
CODE, FORMER, BARE = "340302001001", "340302001099", "340302001002"
EMPLOYERS = [
    {"id": "E1", "name": "示例超市", "licence": "verified"},
    {"id": "E2", "name": "示例物业", "licence": "verified"},
    {"id": "E3", "name": "示例新店", "licence": "unverified"},
]
STATIONS = [
    {"id": "ST1", "name": "示例服务站", "lon": LON, "lat": LAT},
    {"id": "ST2", "name": "无处服务站"},
]
COMMUNITIES = [
    {"id": CODE, "name": "示例社区", "previous_code": FORMER, "area": AREA},
    {"id": BARE, "name": "无界社区"},
]


def table(kind: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Return rows as a table of the kind; what they do not say is null."""
    schema = record_schema(kind)
    return pa.table(
        {
            field.name: pa.array([row.get(field.name) for row in rows], field.type)
            for field in schema
            if any(field.name in row for row in rows)
        }
    )


def made(n: int, lot: random.Random) -> dict[str, Any]:
    """Return a job; several share a place, and each field is left out at times."""
    ring = lot.choice((0.0, 0.002, 0.01, 0.03, 0.1))
    place = (
        (LON, LAT)
        if lot.random() < 0.2
        else (LON + lot.uniform(-ring, ring), LAT + lot.uniform(-ring, ring))
    )
    low = lot.choice((None, 15, 20, 120, 2_000, 3_000))
    high = None if lot.random() < 0.3 else (low or 2_500) + lot.choice((0, 500, 5_000))
    paid = low is not None or high is not None
    row = {
        "id": f"J{n:03}",
        "title": lot.choice(("收银员", "厨师", "保安员")),
        "employer_id": lot.choice(("E1", "E1", "E2", "E3")),
        "site_id": lot.choice((None, "W1", "W2")),
        "address": lot.choice((None, "示例路1号")),
        "occupation": lot.choice((None, "4", "40101", "4010201", "401", "6", "普工")),
        "job_type": lot.choice((None, "ordinary", "flexible", "traineeship")),
        "education_min": lot.choice((None, "junior", "senior", "vocational", "bachelor")),
        "wage_low_cny": low,
        "wage_high_cny": high,
        "wage_unit": lot.choice(("month", "day", "hour")) if paid else None,
        "vacancies": lot.choice((None, 1, 2, 5)),
        "opened_on": lot.choice((None, dt.date(2026, 1, 5), dt.date(2026, 3, 1))),
    }
    return row | {"lon": place[0], "lat": place[1]}


LOT = random.Random(9)  # noqa: S311 - inventions
JOBS = [made(n, LOT) for n in range(150)]
SERVED = [job for job in JOBS if job["employer_id"] != "E3"]


@dataclass(frozen=True)
class City:
    """The store and who asks it."""

    path: Path
    ask: Asker

    def now(self) -> StoreView:
        """Return the jobs as they are shown."""
        view: StoreView = self.ask.app.state.jobs.now()
        return view


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory, asker: type[Asker]) -> Iterator[City]:
    path = tmp_path_factory.mktemp("jobs") / "city.db"
    with Store.open(path) as store:
        for kind, rows in (
            ("employers", EMPLOYERS),
            ("stations", STATIONS),
            ("communities", COMMUNITIES),
            ("jobs", JOBS),
        ):
            store.put(kind, table(kind, rows))
        _, key = store.api_keys.issue(role="operator", label="示例")
    app = create_app(Settings(store=str(path)))
    yield City(path, asker(app, {"Authorization": f"Bearer {key}"}))
    app.state.opened.close()
