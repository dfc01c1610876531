"""The features of one collection as of one moment, in the order of their ids: `Table`."""

from __future__ import annotations

import json
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry


class Row(NamedTuple):
    """A feature.

    Parameters
    ----------
    id
        Of which no other in its collection has.
    geometry
        Longitudes and latitudes, degrees, WGS-84; None where it lies nowhere.
    properties
        Texts, numbers, truth values and None.
    """

    id: str
    geometry: BaseGeometry | None
    properties: Mapping[str, Any]


class Table:
    """Features that do not change, for concurrent readers.

    Parameters
    ----------
    rows
        In any order.
    invented
        True if they are invented; None where nothing says.
    """

    def __init__(self, rows: Iterable[Row], *, invented: bool | None = None) -> None:
        self.invented = invented
        self._rows = sorted(rows, key=lambda row: row.id)
        self._ids = [row.id for row in self._rows]
        held = np.array([None, *(row.geometry for row in self._rows)], dtype=object)[1:]
        self._geometry = shapely.orient_polygons(held)  # RFC 7946: counter-clockwise outside
        self._tree = shapely.STRtree(self._geometry)

    @property
    def bounds(self) -> list[float] | None:
        """West, south, east and north of all of them, degrees; None if none lies anywhere."""
        if not self._ids:  # of nothing Shapely has no bounds
            return None
        west, south, east, north = shapely.total_bounds(self._geometry).tolist()
        return None if np.isnan(west) else [west, south, east, north]

    def position_of(self, name: str) -> int | None:
        """Return where the feature of an id stands; None if it is not there."""
        at = bisect_right(self._ids, name) - 1
        return at if at >= 0 and self._ids[at] == name else None

    def matching(
        self, boxes: Sequence[BaseGeometry] | None, wanted: Mapping[str, object]
    ) -> list[int]:
        """Return the positions of features, ascending.

        Parameters
        ----------
        boxes
            Of which each is to touch one; None for no matter where, also nowhere.
        wanted
            By property the value that each is to have.
        """
        found: Iterable[int] = range(len(self._rows))
        if boxes is not None:
            hits = [self._tree.query(box, predicate="intersects") for box in boxes]
            found = np.unique(np.concatenate(hits)).tolist()
        asked = wanted.items()
        return [
            at
            for at in found
            if all(self._rows[at].properties[name] == value for name, value in asked)
        ]

    def after(self, positions: Sequence[int], name: str | None) -> Sequence[int]:
        """Return those positions whose ids come after one, whether that is still there or not."""
        if name is None:
            return positions
        beyond = bisect_right(self._ids, name)
        return positions[bisect_right(positions, beyond - 1) :]

    def id_at(self, at: int) -> str:
        """Return the id of the feature at a position."""
        return self._ids[at]

    def texts(self, positions: Sequence[int]) -> list[str]:
        """Return features as GeoJSON, each without the brace at its end."""
        drawn = shapely.to_geojson(self._geometry[np.asarray(positions, dtype=np.intp)])
        return [
            f'{{"type":"Feature","id":{_json(self._ids[at])},"geometry":{geometry or "null"},'
            f'"properties":{_json(self._rows[at].properties)}'
            for at, geometry in zip(positions, drawn, strict=True)
        ]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
