"""`python -m geo_match.walking`: compile the kernels once, so that no first walk waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geo_match.index.__main__ import ask_all
from geo_match.walking.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable

_MANY: Final = 2_000
"""So many places are searched for eight at a time."""


def compile_kernels() -> None:
    """Ask of two streets and a river every question; the machine code stays beside the package."""
    crs = "EPSG:4326"
    here = shapely.LineString([(117.36, 32.93), (117.37, 32.935), (117.39, 32.93)])
    across = shapely.LineString([(117.37, 32.95), (117.38, 32.95)])
    water = shapely.LineString([(117.36, 32.945), (117.39, 32.945)])
    network = Network.from_lines(
        gpd.GeoDataFrame(geometry=[here, across], crs=crs),
        gpd.GeoDataFrame(geometry=[water], crs=crs),
    )
    index = network.index(lon=[117.365, 117.38, 117.375], lat=[32.932, 32.933, 32.949])
    walk: dict[str, Any] = {"lon": 117.37, "lat": 32.934, "radius_m": 3000.0}
    lon = np.linspace(117.361, 117.389, _MANY)
    many: dict[str, Any] = {"lon": lon, "lat": np.full(_MANY, 32.932), "radius_m": 3000.0}
    ends = {"lon1": 117.362, "lat1": 32.93, "lon2": 117.38, "lat2": 32.933}
    questions: dict[str, Callable[[], object]] = {
        "count_within": lambda: index.count_within(**walk),
        "count_within for many": lambda: index.count_within(**many),
        "sum_within": lambda: index.sum_within(**walk, weights=[1, 2, 3]),
        "within": lambda: index.within(**walk),
        "within for many": lambda: index.within(**many),
        "nearest": lambda: index.nearest(lon=117.37, lat=32.934),
        "distance": lambda: network.distance(**ends),
        "path": lambda: network.path(**ends),
        "isochrone": lambda: network.isochrone(lon=117.37, lat=32.934, radius_m=500.0),
        "an edge opened": lambda: network.opened(
            lon1=117.37, lat1=32.935, lon2=117.375, lat2=32.95
        ).path(lon1=117.362, lat1=32.93, lon2=117.38, lat2=32.95),
    }
    ask_all(questions)


if __name__ == "__main__":
    compile_kernels()
