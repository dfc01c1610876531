"""A store with communities of two areas, served, with a key of every role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from test_api.test_access.conftest import AREA, EMPLOYERS, JOBS, Served, bearer

from api.app import create_app
from api.settings import Settings
from geo_match.intake.importing import import_file
from geo_match.store import AuditLog, Store
from geo_match.store.keys import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import httpx
    from test_api.conftest import Asker

HERE = f"{AREA}001"
"""A community of the area of the key of role community."""
ELSEWHERE = "340303001001"
"""One of another's."""


class Records:
    """Asks an application for its records.

    Parameters
    ----------
    served
        The application, its store and its keys.
    """

    def __init__(self, served: Served) -> None:
        self.served = served
        self.path = served.path

    def __call__(self, method: str, target: str, role: str | None, **given: Any) -> httpx.Response:
        """Ask with the key of a role, or without."""
        headers = bearer(self.served.keys[role]) if role else {}
        return self.served.ask(
            target, method=method, headers=headers | given.pop("headers", {}), **given
        )

    def get(self, target: str, role: str | None = "operator", **given: Any) -> httpx.Response:
        return self("GET", target, role, **given)

    def put(
        self,
        kind: str,
        record: dict[str, Any],
        role: str = "operator",
        query: str = "",
        **given: Any,
    ) -> httpx.Response:
        return self("PUT", f"/v1/{kind}/{record['id']}{query}", role, json=record, **given)

    def delete(self, target: str, role: str = "operator", **given: Any) -> httpx.Response:
        return self("DELETE", target, role, **given)

    def load(
        self, kind: str, text: str, role: str = "operator", *, query: str = "", **headers: str
    ) -> httpx.Response:
        """Import a list of CSV, or of NDJSON where it begins so."""
        media = "application/x-ndjson" if text.startswith("{") else "text/csv"
        given = {"Content-Type": media} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return self("POST", f"/v1/{kind}:import{query}", role, content=text.encode(), headers=given)

    def store(self) -> Store:
        """Open the store once more."""
        return Store.open(self.path)

    def audited(self) -> list[dict[str, Any]]:
        """Return the entries of the audit."""
        with AuditLog.open(self.path) as audit:
            return audit.read().to_pylist()


def fill(path: Path, *, invented: bool) -> dict[str, str]:
    """Write what lists bring; issue a key of each role."""
    with Store.open(path) as store:
        communities = {"id": [HERE, ELSEWHERE], "name": ["示例社区", "别处社区"]}
        store.apply("communities", pa.table(communities), source="communities.csv")
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


@pytest.fixture(scope="module")
def make(
    tmp_path_factory: pytest.TempPathFactory, asker: type[Asker]
) -> Iterator[Callable[..., Records]]:
    """Return what serves a new store."""
    apps = []

    def made(*, invented: bool = False) -> Records:
        path = tmp_path_factory.mktemp("records") / "a.db"
        keys = fill(path, invented=invented)
        apps.append(create_app(Settings(store=str(path))))
        return Records(Served(path, asker(apps[-1]), keys))

    yield made
    for app in apps:
        app.state.opened.close()


@pytest.fixture(scope="module")
def records(make: Callable[..., Records]) -> Records:
    """A store for the tests of a module, each of which has ids of its own."""
    return make()
