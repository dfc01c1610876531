"""A small invented town in a store with what was published of it, served in this process."""

from __future__ import annotations

import datetime as dt
import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import h3
import pyarrow as pa
import pytest
import shapely

from api.app import create_app
from api.coverage.menu import last_month_end
from api.coverage.release import Release
from api.coverage.releases import day_in_china
from api.settings import Settings
from geo_match.store import Store, record_schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from test_api.conftest import Asker

NAMES = ("stations", "sites", "communities", "coverage", "gaps", "cells")
LON, LAT, STEP, ACROSS = 117.30, 32.90, 0.05, 3
LOT = random.Random(20)  # noqa: S311 - inventions


def table(kind: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Return rows as a table of the kind; what they do not say is null."""
    return pa.table(
        {
            field.name: pa.array([row.get(field.name) for row in rows], field.type)
            for field in record_schema(kind)
            if any(field.name in row for row in rows)
        }
    )


def area(number: int) -> shapely.Geometry:
    """A cell of a lattice; one in three is parted in two."""
    x, y = LON + number % ACROSS * STEP, LAT + number // ACROSS * STEP
    whole = shapely.box(x, y, x + STEP, y + STEP)
    if number % 3:
        return whole
    halves = shapely.box(x, y, x + STEP / 3, y + STEP), shapely.box(x + STEP / 2, y, x + STEP, y)
    return shapely.MultiPolygon([halves[0], halves[1].buffer(STEP / 9, quad_segs=1)])


def station(number: int) -> dict[str, Any]:
    """A station; some have no place, some are closed, some lie about the antimeridian."""
    west = 179.99 if number % 5 == 0 else LON
    lon = (west + LOT.choice((0, 0.01, 0.013, 0.08)) + 180) % 360 - 180
    place = (None, None) if number % 9 == 4 else (lon, LAT + LOT.choice((0, 0.01, 0.07)))
    return {
        "id": f"站 {number}/{number % 3}",
        "name": LOT.choice(("示例服务站", "示例“分”站", None)),
        "kind": LOT.choice(("street", "community", None)),
        "staff": LOT.choice((0, 3, None)),
        "community": LOT.choice(("340302001000", None)),
        "lon": place[0],
        "lat": place[1],
        "closed_on": dt.date(2020, 1, 1) if number % 11 == 7 else None,
    }


def job(number: int) -> dict[str, Any]:
    """A job; several are at one site, of which one is nobody's that may be served."""
    at = LOT.choice((None, "W1", "W2", "W3", "W4"))
    spot = number if at is None else int(at[1])
    return {
        "id": f"J{number:03}",
        "title": "收银员",
        "employer_id": "E3" if at == "W4" else LOT.choice(("E1", "E1", "E2", "E3")),
        "site_id": at,
        "site_name": None if at is None else f"示例路{spot}号",
        "address": LOT.choice((None, "示例路")),
        "lon": LON + spot * 0.002,
        "lat": LAT + spot * 0.001,
        "vacancies": LOT.choice((None, 1, 4)),
    }


COMMUNITIES = [
    {"id": f"34030200100{at}", "name": f"示例社区{at % 4}", "kind": LOT.choice(("居委会", None)),
     "street_name": LOT.choice(("示例街道", None)), "area": area(at).wkt}
    for at in range(ACROSS * 2)
] + [{"id": "340302001009", "name": "无界社区"}]  # fmt: skip
STATIONS = [station(at) for at in range(40)]
JOBS = [job(at) for at in range(60)]
EMPLOYERS = [
    {"id": "E1", "name": "示例超市", "licence": "verified"},
    {"id": "E2", "name": "示例物业", "licence": "verified"},
    {"id": "E3", "name": "示例新店", "licence": "unverified"},
]


def cell(number: int) -> dict[str, Any]:
    """The H3 cell at the south-western corner of an area, which lies beyond it as well."""
    west, south, *_ = shapely.bounds(area(number))
    name = h3.latlng_to_cell(south, west, 8)
    rim = [(lon, lat) for lat, lon in h3.cell_to_boundary(name)]
    kept = number == 1
    return {
        "kind": "h3",
        "code": name,
        "located": None if kept else 20 + 5 * number,
        "reached": None if kept else 15,
        "reached_share": None if kept else 0.5,
        "geometry": shapely.to_wkb(shapely.Polygon(rim), hex=True),
    }


def release(cursor: str) -> Release:
    """What is told to be published; made up, as making it takes seconds."""
    rows = []
    for at in range(ACROSS * 2):
        people = 100 + 5 * at
        figures = {"people": people, "located": people, "below": None if at == 1 else 10 * at}
        for radius in ("", "_1000", "_2000", "_5000"):
            reached = None if at == 2 else people - 5 * len(radius) - at
            figures[f"reached{radius}"] = reached
            figures[f"reached{radius}_share"] = None if reached is None else 0.5 + at / 100
        one = COMMUNITIES[at]
        rows.append(
            {"kind": "community", "code": one["id"], "name": one["name"], **figures,
             "geometry": shapely.to_wkb(area(at), hex=True)}
        )  # fmt: skip
    outside = dict.fromkeys(rows[0]) | {"kind": "outside"}
    cells = [cell(at) for at in range(ACROSS * 2)]
    nowhere = dict.fromkeys(cells[0]) | {"kind": "outside"}
    everybody = dict.fromkeys(rows[0])
    day = last_month_end(day_in_china())
    return Release(
        day, cursor, "2026-01-01T00:00:00+00:00", None, 10, 5, 5,
        {"community": [*rows, outside], "h3": [*cells, nowhere], "all": [everybody]},
        [(LON + 0.02, LAT + 0.02)],
    )  # fmt: skip


def fill(path: Path) -> str:
    """Write the town and what is published of it; return a key."""
    kinds = {
        "communities": COMMUNITIES, "stations": STATIONS, "employers": EMPLOYERS, "jobs": JOBS,
    }  # fmt: skip
    with Store.open(path) as store:
        for kind, rows in kinds.items():
            store.put(kind, table(kind, rows))
        cursor = store.cursor()
        published = release(str(cursor))
        folder = path.with_name(f"{path.name}.published")
        folder.mkdir()
        name = f"{published.on.isoformat()}.{cursor.epoch}.json"
        (folder / name).write_text(published.text(), encoding="utf-8")
        return store.api_keys.issue(role="employer", label="示例")[1]


@dataclass(frozen=True)
class Land:
    """The store and who asks it.

    Parameters
    ----------
    path
        Of the store.
    key
        Of a role that may read what is public.
    ask
        Asks the application with it.
    """

    path: Path
    key: str
    ask: Asker

    def get(self, target: str, /, **parameters: Any) -> dict[str, Any]:
        """Ask for something below `/ogc` that is there."""
        answer = self.ask(f"/ogc/{target}", params=parameters)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def items(self, name: str, /, **parameters: Any) -> dict[str, Any]:
        """Ask for features of a collection."""
        return self.get(f"collections/{name}/items", **{"limit": 10_000, **parameters})

    def ids(self, name: str, /, **parameters: Any) -> list[str]:
        """Ask for the ids of features of a collection."""
        return [one["id"] for one in self.items(name, **parameters)["features"]]

    def walk(self, name: str, /, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Yield one page after another, as their links lead."""
        page = self.get(f"collections/{name}/items", **parameters)
        yield page
        while following := link(page, "next"):
            page = self.ask(following).json()
            yield page


def link(answer: dict[str, Any], rel: str) -> str | None:
    """Return where a link of an answer leads; None if it has none such."""
    found = [one["href"] for one in answer["links"] if one["rel"] == rel]
    assert len(found) <= 1
    return found[0] if found else None


def shape(feature: dict[str, Any]) -> shapely.Geometry | None:
    """Return where a feature is."""
    if feature["geometry"] is None:
        return None
    return shapely.from_geojson(json.dumps(feature["geometry"]))


@pytest.fixture(scope="session")
def land(tmp_path_factory: pytest.TempPathFactory, asker: type[Asker]) -> Iterator[Land]:
    """A town that no test writes to."""
    path = tmp_path_factory.mktemp("land") / "a.db"
    key = fill(path)
    app = create_app(Settings(store=str(path)))
    yield Land(path, key, asker(app, {"Authorization": f"Bearer {key}"}))
    app.state.opened.close()


@pytest.fixture(scope="session")
def own_land(tmp_path_factory: pytest.TempPathFactory, asker: type[Asker]) -> Iterator[Land]:
    """A town to write to: one test to its stations, one to its communities."""
    path = tmp_path_factory.mktemp("own_land") / "a.db"
    key = fill(path)
    app = create_app(Settings(store=str(path)))
    yield Land(path, key, asker(app, {"Authorization": f"Bearer {key}"}))
    app.state.opened.close()
