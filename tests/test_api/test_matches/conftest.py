"""A small town in a store, served; whose matches the library tells beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from test_api.conftest import Asker
from test_matching.pairs import SEEKER
from test_matching.stores import employer, job, put
from test_matching.walked_town import network

from api.app import create_app
from api.settings import Settings
from geo_match.matching.given.from_store import read_jobs, read_seekers
from geo_match.store import AuditLog, Store
from geo_match.store.keys import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

AREA, ELSEWHERE = "340302001", "340303001"
PHONE, NAME = "13800138000", "示例某人"
PLACE = {"lon": 117.38, "lat": 32.93}
SQUARE = "POLYGON ((117.36 32.92, 117.37 32.92, 117.37 32.94, 117.36 32.94, 117.36 32.92))"
PROFILE = {
    name: list(value) if isinstance(value, tuple) else value
    for name, value in SEEKER.items()
    if value is not None
    and name not in {"id", "lon", "lat", "location_accuracy_m", "registered_on", "closed_on"}
}
SHOPS = (
    *("day", "day", "night", "any", "evening", "day", "day", "day"),
    *("night", "day", "day", "any", "day", "day", "day", "day"),
)


@dataclass(frozen=True)
class Town:
    """An application over the town's store.

    Parameters
    ----------
    store
        To be written to.
    ask
        Asks the application.
    keys
        A key of each role.
    """

    store: Store
    path: Path
    ask: Asker
    keys: dict[str, str]

    def send(
        self, target: str, body: object = None, role: str | None = "integration", **given: Any
    ) -> httpx.Response:
        """Post a body, or get where there is none, with the key of a role."""
        headers = {"Authorization": f"Bearer {self.keys[role]}"} if role else {}
        if body is None:
            return self.ask(target, headers=headers, **given)
        return self.ask(target, method="POST", json=body, headers=headers, **given)

    def match(self, body: object, role: str | None = "integration") -> dict[str, Any]:
        """Ask for matches, which are there at this moment."""
        found = self.send(f"/v1/matches?min_cursor={self.store.cursor()}", body, role)
        assert found.status_code == 200, found.text
        return found.json()

    @property
    def jobs(self) -> Any:
        """The jobs as the library matches them."""
        return read_jobs(self.store)

    def seekers(self, *ids: str) -> list[dict[str, Any]]:
        """The seekers of some ids, as the library matches them."""
        rows = read_seekers(self.store, audited=lambda read: read()).to_pylist()
        return [row for row in rows if row["id"] in ids]

    def noted(self) -> list[dict[str, Any]]:
        """What stands in the audit."""
        with AuditLog.open(self.path) as audit:
            return audit.read().select(["who", "purpose", "scope", "count"]).to_pylist()


def fill(store: Store) -> None:
    """Write the town: shops in a row to the east, people, a station, a household, communities."""
    put(store, "employers", employer(), employer("unverified", "E2"))
    rows = []
    for number, shift in enumerate(SHOPS):
        rows.append(
            job(
                id=f"J{number:02}",
                lon=117.38 + 0.003 * number,
                shift=shift,
                employer_id="E2" if number == 5 else "E1",
                education_min="master" if number == 6 else "senior",
                vacancies=None if number == 7 else 3,
                closed_on=None if number != 9 else job()["opened_on"].replace(year=2025),
                occupation=("40101", "401", "50101", None)[number % 4],
                site_id=f"W{number}",
                site_name=f"示例路{number}号",
            )
        )
    put(store, "jobs", *rows)
    people = {"name": NAME, "phone": PHONE, "remark": f"找 {PHONE}"}
    put(
        store,
        "seekers",
        *(
            SEEKER | people | {"id": name, "community": community, **more}
            for name, community, more in (
                ("S1", f"{AREA}001", {}),
                ("S2", f"{ELSEWHERE}001", {"radius_m": 800.0}),
                ("S3", f"{AREA}001", {"shift": "evening", "radius_m": 300.0}),
                ("S4", f"{AREA}001", {"closed_on": job()["opened_on"]}),
                ("S5", None, {"lon": None, "lat": None}),
            )
        ),
    )
    put(store, "stations", {"id": "F1", "name": "网点", "lon": 117.4, "lat": 32.931})
    put(store, "stations", {"id": "F2", "name": "无处"})
    home = {"lon": 117.39, "lat": 32.929, "location_accuracy_m": 50.0}
    put(store, "households", {"id": "H1", "community": f"{AREA}001", "head_name": NAME, **home})
    put(store, "households", {"id": "H2", "community": f"{ELSEWHERE}001", **home})
    put(store, "communities", {"id": f"{AREA}001", "name": "示例社区", "area": SQUARE})
    put(store, "communities", {"id": f"{ELSEWHERE}001", "name": "他处社区"})


def serve(folder: Path, *, walks: bool = True) -> tuple[Town, Any]:
    """Serve a town of its own; give its application, too."""
    path = folder / "town.db"
    streets = folder / "town.net"
    store = Store.open(path)
    fill(store)
    keys = {
        role: store.api_keys.issue(
            role=role, label="示例", community=AREA if role == "community" else None
        )[1]
        for role in ROLES
    }
    more = {}
    if walks:
        network().save(streets)
        more = {"network": streets}
    app = create_app(Settings(store=str(path), limit_per_s=None, **more))
    app.state.matchers.warm()  # as a server does before it listens: kernels take their time
    return Town(store, path, Asker(app), keys), app


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town that nobody writes to."""
    served, app = serve(tmp_path_factory.mktemp("town"))
    with served.store, app.state.opened:
        yield served


@pytest.fixture
def own_town(tmp_path: Path) -> Iterator[Town]:
    """A town of a test's own."""
    served, app = serve(tmp_path, walks=False)
    with served.store, app.state.opened:
        yield served
