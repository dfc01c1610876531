"""Stores of one's own and of inventions, each with a key of every role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from api.app import create_app
from api.settings import Settings
from geo_match.intake.importing import import_file
from geo_match.store import Store
from geo_match.store.keys import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from test_api.conftest import Asker

AREA = "340302001"
EMPLOYERS = "id,name,licence,invented\nE1,示例超市,verified,是\n"
JOBS = "id,title,employer_id,lon,lat,datum,invented\nJ1,收银员,E1,117.38,32.92,wgs84,是\n"


@dataclass(frozen=True)
class Served:
    """An application over a store.

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

    def get(self, target: str, role: str | None, **given: object) -> object:
        """Ask with the key of a role, or without."""
        headers = bearer(self.keys[role]) if role else {}
        return self.ask(target, headers=headers | given.pop("headers", {}), **given)


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def fill(path: Path, *, invented: bool) -> dict[str, str]:
    """Write an employer, a job and a community; issue a key of each role."""
    with Store.open(path) as store:
        community = {"id": [f"{AREA}001"], "name": ["示例社区"]}
        store.apply("communities", pa.table(community), source="communities.csv")
        for kind, rows in (("employers", EMPLOYERS), ("jobs", JOBS)):
            file = path.with_name(f"{kind}.csv")
            file.write_text(rows if invented else rows.replace("是", ""), encoding="utf-8")
            assert import_file(file, kind, store).accepted == 1
        return {
            role: store.api_keys.issue(
                role=role, label="示例", community=AREA if role == "community" else None
            )[1]
            for role in ROLES
        }


@pytest.fixture(scope="session")
def serve(
    tmp_path_factory: pytest.TempPathFactory, asker: type[Asker]
) -> Iterator[Callable[..., Served]]:
    """Return what serves a new store, by settings beside."""
    apps = []

    def served(*, invented: bool = False, **settings: object) -> Served:
        path = tmp_path_factory.mktemp("served") / "a.db"
        keys = fill(path, invented=invented)
        apps.append(create_app(Settings(store=str(path), **settings)))
        return Served(path, asker(apps[-1]), keys)

    yield served
    for app in apps:
        app.state.jobs.close()
        app.state.gate.close()


@pytest.fixture(scope="session")
def own(serve: Callable[..., Served]) -> Served:
    """A store of one's own: nothing says that it is invented."""
    return serve()


@pytest.fixture(scope="session")
def invented(serve: Callable[..., Served]) -> Served:
    """A store of inventions."""
    return serve(invented=True)
