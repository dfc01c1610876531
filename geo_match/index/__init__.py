"""Circles on the ellipsoid, and areas: which points lie near which places, and in which zone."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from geo_match.index.point_index import PointIndex

if TYPE_CHECKING:
    from geo_match.index._live_errors import ClosedIndexError, RebuildError, StaleIndexError
    from geo_match.index._zone_area import AreaError, AreaFault, area_faults
    from geo_match.index.area_distance import AreaOrigins
    from geo_match.index.live_index import LiveIndex
    from geo_match.index.point_change import PointChange
    from geo_match.index.snapshot import Around, Snapshot, SnapshotWeights
    from geo_match.index.zone_index import ZoneIndex

__all__ = [
    "AreaError",
    "AreaFault",
    "AreaOrigins",
    "Around",
    "ClosedIndexError",
    "LiveIndex",
    "PointChange",
    "PointIndex",
    "RebuildError",
    "Snapshot",
    "SnapshotWeights",
    "StaleIndexError",
    "ZoneIndex",
    "area_faults",
]

_HOME = {
    "AreaError": "geo_match.index._zone_area",
    "AreaFault": "geo_match.index._zone_area",
    "AreaOrigins": "geo_match.index.area_distance",
    "Around": "geo_match.index.snapshot",
    "ClosedIndexError": "geo_match.index._live_errors",
    "LiveIndex": "geo_match.index.live_index",
    "PointChange": "geo_match.index.point_change",
    "RebuildError": "geo_match.index._live_errors",
    "Snapshot": "geo_match.index.snapshot",
    "SnapshotWeights": "geo_match.index.snapshot",
    "StaleIndexError": "geo_match.index._live_errors",
    "ZoneIndex": "geo_match.index.zone_index",
    "area_faults": "geo_match.index._zone_area",
}


def __getattr__(name: str) -> object:
    """Import the rest when it is first used: circles do without shapely and rtree (PEP 562)."""
    home = _HOME.get(name)
    if home is None:
        message = f"module 'geo_match.index' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value
