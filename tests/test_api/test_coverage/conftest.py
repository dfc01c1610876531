"""A small invented town of two streets in a store, served with a key of each role."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
import shapely
from sqlalchemy import text

from api.app import create_app
from api.coverage.served import Coverages
from api.settings import Settings
from geo_match.coverage.publication.key_file import write_key
from geo_match.coverage.publication.noise import KEY_BYTES
from geo_match.store import Store
from geo_match.store.keys import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from test_api.conftest import Asker

TODAY = dt.date(2026, 2, 10)
MONTH_END = dt.date(2026, 1, 31)
LON, LAT, STEP = 117.30, 32.90, 0.02
CODES = ("340302001001", "340302001002", "340302002001", "340302002002")
FIRST = {"of": "households", "supply": "jobs"}
KEY = bytes(range(KEY_BYTES))
"""A key of noise that is the same in each run."""


def area(number: int) -> shapely.Polygon:
    """A cell of the town's lattice of two by two, about 1.9 km by 2.2 km."""
    x, y = LON + number % 2 * STEP, LAT + number // 2 * STEP
    return shapely.box(x, y, x + STEP, y + STEP)


def homes(seed: int = 1) -> pa.Table:
    """Two hundred households, the most in the first community, five in none and nowhere."""
    draw = random.Random(seed)  # noqa: S311 - a drawn town, no secret
    rows = []
    for number, many in enumerate((90, 60, 40, 10)):
        west, south, east, north = area(number).bounds
        rows += [(draw.uniform(west, east), draw.uniform(south, north)) for _ in range(many)]
    rows += [(None, None)] * 5
    lon, lat = zip(*rows, strict=True)
    ids = [f"H{at}" for at in range(len(rows))]
    marked = [at % 3 == 0 for at in range(len(rows))]
    columns = {"id": ids, "lon": lon, "lat": lat, "zero_employment": marked}
    return pa.table(columns, schema=None)


def fill(path: Path, households: pa.Table) -> dict[str, str]:
    """Write the town; issue a key of each role."""
    with Store.open(path) as store:
        names = [f"示例社区{at}" for at in range(len(CODES))]
        outlines = [shapely.to_wkt(area(at)) for at in range(len(CODES))]
        store.put("communities", pa.table({"id": CODES, "name": names, "area": outlines}))
        store.put("households", households)
        store.put(
            "employers",
            pa.table(
                {
                    "id": ["E1", "E2"],
                    "name": ["示例超市", "示例店"],
                    "licence": ["verified", "unverified"],
                }
            ),
        )
        store.put(
            "jobs",
            pa.table(
                {
                    "id": ["J1", "J2", "J3"],
                    "title": ["收银员"] * 3,
                    "employer_id": ["E1", "E1", "E2"],
                    "lon": [LON + 0.004, LON + 0.010, LON + 0.033],
                    "lat": [LAT + 0.004, LAT + 0.010, LAT + 0.033],
                    "vacancies": [2, 1, 9],
                }
            ),
        )
        places = {"id": ["S1", "S2"], "lon": [LON + 0.007, LON + 0.03], "lat": [LAT + 0.007] * 2}
        store.put("stations", pa.table({**places, "name": ["示例站"] * 2}))
        return {
            role: store.api_keys.issue(
                role=role, label="示例", community="340302001" if role == "community" else None
            )[1]
            for role in ROLES
        }


@dataclass(frozen=True)
class Town:
    """The application over the town.

    Parameters
    ----------
    path
        Of the store.
    ask
        Asks the application.
    keys
        A key of each role.
    """

    path: Path
    ask: Asker
    keys: dict[str, str]

    @property
    def coverages(self) -> Coverages:
        """What it answers from."""
        return self.ask.app.state.coverages

    def get(self, target: str, role: str = "operator", **given: object):
        """Ask with the key of a role."""
        headers = {"Authorization": f"Bearer {self.keys[role]}"} | given.pop("headers", {})
        return self.ask(target, headers=headers, **given)

    def what_if(self, role: str = "operator", **body: object):
        """Ask what would change."""
        return self.get("/v1/what-if", role, method="POST", json=body)

    def write(self, kind: str, table: pa.Table) -> None:
        """Write records as another process does."""
        with Store.open(self.path) as store:
            store.put(kind, table)

    def take_release(self, text: str) -> None:
        """Have it that this was published, of the store as it is, so that it need not be made."""
        with Store.open(self.path) as store:
            name = f"{MONTH_END.isoformat()}.{store.cursor().epoch}.json"
        folder = self.path.with_name("a.db.published")
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")

    def audited(self) -> list[tuple[str, str, int]]:
        """The entries of the audit: scope, purpose, how many."""
        from geo_match.store import AuditLog  # noqa: PLC0415 - here alone

        with AuditLog.open(self.path) as audit:
            rows = audit.read().to_pylist()
        return [(one["scope"], one["purpose"], one["count"]) for one in rows]

    def break_audit(self) -> None:
        """Let no entry be written any more."""
        log = self.ask.app.state.audit._opened()
        with log._database.writing() as connection:
            connection.execute(text("DROP TABLE audit"))


@pytest.fixture(scope="session")
def serve_town(
    tmp_path_factory: pytest.TempPathFactory, asker: type[Asker]
) -> Iterator[Callable[..., Town]]:
    """Return what serves a new town of some households on `TODAY`."""
    apps = []

    def served(households: pa.Table | None = None, *, published: Path | None = None) -> Town:
        path = tmp_path_factory.mktemp("town") / "a.db"
        keys = fill(path, homes() if households is None else households)
        app = create_app(Settings(store=str(path), published=published))
        folder = published or path.with_name("a.db.published")
        folder.mkdir(mode=0o700, exist_ok=True)
        if not (folder / "key").exists():
            write_key(folder / "key", KEY)
        app.state.coverages = Coverages(app.state.store, folder, today=lambda: TODAY, wait_s=200)
        apps.append(app)
        return Town(path, asker(app), keys)

    yield served
    for app in apps:
        app.state.opened.close()


@pytest.fixture(scope="session")
def released(town: Town) -> str:
    """What is published of the town, as it is written down."""
    return town.coverages.release(None).text()


@pytest.fixture(scope="session")
def town(serve_town: Callable[..., Town]) -> Town:
    """A town that no test writes to."""
    return serve_town()
