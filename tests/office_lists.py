"""Lists as offices write them, for the tests of importing; and what became of their rows."""

from __future__ import annotations

import csv

import geopandas as gpd
import numpy as np

from geo_match.datums import from_wgs84

CODES = ["340302001001", "340302001002", "340302001003"]
"""Communities of 2 km by 2 km, side by side from 117.3, 32.9."""
BECAME = ("accepted", "unchanged", "stale", "duplicate", "rejected")


def write(path, header, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header.split(","), *rows])
    return path


def kept(store, kind="seekers", fields=("id", "version", "name")):
    return store.read(kind, fields=fields).to_pylist()


def became(report):
    return tuple(getattr(report, name) for name in BECAME)


def drawn_in(code, n, seed):
    """Return n places within a community's area, at least 100 m from its border."""
    rng = np.random.default_rng(seed)
    west = 117.3 + 0.02 * CODES.index(code)
    return rng.uniform(west + 0.001, west + 0.019, n), rng.uniform(32.901, 32.919, n)


def listed(path, datum="wgs84", *, swapped=False, moved=0.0):
    """Write a list of 300 households, their coordinates in a datum, and return its path."""
    listed_rows = []
    for code in CODES:
        lon, lat = from_wgs84(
            **dict(zip(("lon", "lat"), drawn_in(code, 100, 7), strict=True)), datum=datum
        )
        lon = lon + moved
        for at, pair in enumerate(zip(lon, lat, strict=True)):
            x, y = pair[::-1] if swapped else pair
            listed_rows.append([f"{code}-{at}", code, f"{x:.6f}", f"{y:.6f}"])
    return write(path, "家庭编号,社区代码,经度,纬度", listed_rows)


def communities(path, areas, codes=CODES):
    """Write a list of communities with shapes, and return its path."""
    frame = gpd.GeoDataFrame({"社区代码": codes[: len(areas)], "社区名称": "甲"}, geometry=areas)
    if path.suffix == ".geojson":
        path.write_text(frame.to_json(), encoding="utf-8")
    elif path.suffix == ".gpkg":
        frame.set_crs(4326).to_file(path)
    else:
        frame.set_crs(4326).to_parquet(path)
    return path
