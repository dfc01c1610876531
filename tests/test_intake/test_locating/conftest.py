"""The demonstration city's ground, once for all tests of locating: drawing it takes 4 seconds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pytest

import geo_match as gm
from geo_match.demo.city import SEED
from geo_match.demo.ground import draw_areas, draw_homes, draw_land


class Homes(NamedTuple):
    """Homes spread over the city as its people are, and the areas of its communities."""

    lon: np.ndarray
    lat: np.ndarray
    community: np.ndarray
    codes: np.ndarray
    zones: gm.ZoneIndex

    def records(self, rows, *, true="wgs84", declared="wgs84"):
        """Give homes as a file's records: written in one datum, declared as another."""
        lon, lat = gm.from_wgs84(lon=self.lon[rows], lat=self.lat[rows], datum=true)
        lon, lat = gm.to_wgs84(lon=lon, lat=lat, datum=declared)
        return pa.table(
            {
                "lon": lon,
                "lat": lat,
                "community": pa.array(self.community[rows], pa.string()),
                "datum": pa.array([declared] * len(lon), pa.string()),
            }
        )


@pytest.fixture(scope="session")
def homes():
    land = draw_land(SEED)
    areas = draw_areas(land)
    codes = areas["code"].to_numpy(dtype=object)
    generator = np.random.default_rng(SEED)
    share = land.population / land.population.sum()
    at = generator.choice(len(areas), 20_000, p=share)
    lon, lat = draw_homes(land, areas).place(at, generator)
    return Homes(lon, lat, codes[at], codes, gm.ZoneIndex(codes, areas.geometry))
