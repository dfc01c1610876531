"""The peers of the benchmark of coverage: the vacancies in reach of each household, in two ways.

Both get the jobs added up to their sites and all places in metres of UTM, made ready untimed:
geopandas joins by `dwithin` over its tree of sites and groups the pairs; DuckDB's spatial join
does the same in one statement, on one thread.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import duckdb_extension_spatial
import geopandas as gpd
import numpy as np
import pandas as pd

UTM = 32650
QUERY = """
SELECT h.n, sum(s.vacancies) AS vacancies FROM asked h
JOIN sites s ON ST_DWithin(h.spot, s.spot, {radius_m}) GROUP BY h.n
"""
MADE = """
CREATE OR REPLACE TABLE {table} AS
SELECT * EXCLUDE (x, y), ST_Point(x, y) AS spot FROM frame
"""


def planar(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return a frame's places in metres of UTM zone 50N."""
    places = gpd.points_from_xy(frame["lon"], frame["lat"], crs=4326).to_crs(UTM)
    return gpd.GeoDataFrame(frame.drop(columns=["lon", "lat"]), geometry=places)


class Peers:
    """Both peers, with the sites made ready.

    Parameters
    ----------
    sites
        A row a site: `lon`, `lat`, `vacancies`.
    radius_m
        Metres.
    """

    def __init__(self, sites: pd.DataFrame, radius_m: float) -> None:
        self._radius_m = radius_m
        self._sites = planar(sites)
        self._sites.sindex  # noqa: B018 - the tree is built when it is first asked for
        folder = Path(duckdb_extension_spatial.__file__).parent / "extensions"
        self._connection = duckdb.connect(config={"threads": 1})
        self._connection.execute(f"LOAD '{next(folder.glob('*/spatial.duckdb_extension'))}'")
        self._load("sites", self._sites)

    def take(self, homes: pd.DataFrame) -> None:
        """Set whom the next questions are about: `lon`, `lat`."""
        self._homes = planar(homes[["lon", "lat"]].reset_index(drop=True))
        self._load("asked", self._homes)

    def by_geopandas(self) -> np.ndarray:
        """Return the vacancies in reach of each household taken, by `sjoin` and `groupby`."""
        joined = gpd.sjoin(self._homes, self._sites, predicate="dwithin", distance=self._radius_m)
        sums = joined.groupby(level=0)["vacancies"].sum()
        return sums.reindex(range(len(self._homes)), fill_value=0).to_numpy()

    def by_duckdb(self) -> np.ndarray:
        """Return the same by a spatial join."""
        query = QUERY.format(radius_m=self._radius_m)
        found = self._connection.execute(query).to_arrow_table()
        sums = np.zeros(len(self._homes), dtype=np.int64)
        sums[found["n"].to_numpy()] = found["vacancies"].to_numpy()
        return sums

    def _load(self, table: str, places: gpd.GeoDataFrame) -> None:
        frame = pd.DataFrame(places.drop(columns="geometry"))
        frame = frame.assign(n=np.arange(len(frame)), x=places.geometry.x, y=places.geometry.y)
        self._connection.register("frame", frame)
        self._connection.execute(MADE.format(table=table))
        self._connection.unregister("frame")
