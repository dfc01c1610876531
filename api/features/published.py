"""Features of what was published: coverage of communities and cells, and the ground left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import shapely.geometry

from api.coverage.gaps import published_gaps
from api.coverage.menu import FIRST_M, RADII_M
from api.coverage.release import area_of
from api.coverage.rows import published_row
from api.features.places import as_multi_polygon
from api.features.query import Property
from api.features.table import Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from api.coverage.release import Release

_KEPT: Final = "; null where it is kept back"
COVERAGE: Final = {
    "name": Property(str, "Name of the community.", "示例社区"),
    "on": Property(str, "The month-end that it is about.", "2025-12-31"),
    "people": Property(int, f"Households{_KEPT}.", 420),
    "located": Property(int, f"Of these who has a place{_KEPT}.", 415),
    "below": Property(int, f"Of them who has nothing within 3000 m, or no place{_KEPT}.", 20),
    **{
        f"{what}_{radius_m:.0f}m": Property(kind, text.format(f"{radius_m:.0f} m"), example)
        for radius_m in RADII_M
        for what, kind, text, example in (
            ("reached", int, f"Of the located who has a vacancy within {{}}{_KEPT}.", 400),
            ("reached_share", float, f"The same as a share of the located{_KEPT}.", 0.96),
        )
    },
}
GAP: Final = {
    "name": Property(str, "Name of the community whose ground it is.", "示例社区"),
    "on": Property(str, "The month-end that it is about.", "2025-12-31"),
    "purpose": Property(str, "What it is good for.", "drawing aid, not for counting"),
    "radius_m": Property(float, "Beyond which all vacancies are, metres.", 3000.0),
    "tolerance_m": Property(float, "How far its edge may be off, metres.", 10.0),
    "area_km2": Property(float, "How large it is.", 1.25),
    "share_of_area": Property(float, "Of the community's area.", 0.5),
    "people": Property(int, f"Households of the community{_KEPT}.", 420),
    "located": Property(int, f"Of these who has a place{_KEPT}.", 415),
    "reached": Property(int, f"Of the located who has a vacancy within the radius{_KEPT}.", 400),
}
CELL: Final = {
    "on": Property(str, "The month-end that it is about.", "2025-12-31"),
    "located": Property(int, f"Households that have their place in it{_KEPT}.", 40),
    "reached": Property(int, f"Of these who has a vacancy within 3000 m{_KEPT}.", 25),
    "reached_share": Property(float, f"The same as a share{_KEPT}.", 0.62),
}


def coverage_of(release: Release) -> Table:
    """Return the communities with what was published of them, for all radii."""
    return Table(_covered(release), invented=release.invented)


def cells_of(release: Release) -> Table:
    """Return the H3 cells with what was published of them; none of a release without cells."""
    told = {"on": release.on.isoformat()}
    rows = [
        Row(
            record["code"],
            as_multi_polygon(area_of(record)),
            told | {name: record[name] for name in ("located", "reached", "reached_share")},
        )
        for record in release.rows.get("h3", ())
        if record.get("code") is not None  # who is in no cell has none
    ]
    return Table(rows, invented=release.invented)


def gaps_of(release: Release) -> Table:
    """Return of each community the ground beyond 3000 m from all vacancies."""
    rows = []
    for one in published_gaps(release, FIRST_M):
        told: dict[str, Any] = {**one.properties, "on": release.on.isoformat()}
        if one.id is not None and one.geometry is not None:
            area = as_multi_polygon(shapely.geometry.shape(one.geometry))
            rows.append(Row(one.id, area, {name: told[name] for name in GAP}))
    return Table(rows, invented=release.invented)


def _covered(release: Release) -> Iterator[Row]:
    for record in release.rows["community"]:
        if record.get("code") is not None:  # who lives in no community has none
            area = as_multi_polygon(area_of(record))
            yield Row(record["code"], area, _figures(release, record))


def _figures(release: Release, record: Mapping[str, Any]) -> Mapping[str, Any]:
    rows = {radius_m: published_row(record, radius_m) for radius_m in RADII_M}
    first = rows[FIRST_M]
    figures: dict[str, Any] = {
        "name": first.name,
        "on": release.on.isoformat(),
        "people": first.people,
        "located": first.located,
        "below": first.below,
    }
    for radius_m, row in rows.items():
        figures[f"reached_{radius_m:.0f}m"] = row.reached
        figures[f"reached_share_{radius_m:.0f}m"] = row.reached_share
    return figures
