"""A small town whose coverage is written, and readers of the files."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely import box

KEY = b"0123456789abcdef"
LON, LAT = 117.35, 32.9
COMMUNITIES = gpd.GeoDataFrame(
    {
        "code": [f"34030200{n // 2}00{n}" for n in range(4)],
        "name": ["东风社区", "=1+1", None, "无范围"],
    },
    geometry=[*(box(LON + n / 20, LAT, LON + (n + 1) / 20, LAT + 0.05) for n in range(3)), None],
    crs=4326,
)
PEOPLE = [
    {
        "id": f"SECRET-{n:04}",
        "lon": None if n % 17 == 0 else LON + 0.0041 * n,
        "lat": None if n % 17 == 0 else LAT + 0.001 * (n % 50),
        "community": "340302000000",
        "hukou": "urban" if n % 3 else "rural",
    }
    for n in range(60)
]
SUPPLY = [
    {"id": f"SITE-{n}", "lon": LON + 0.01 * n, "lat": LAT + 0.02, "vacancies": n + 1}
    for n in range(5)
]
GAPS = gpd.GeoDataFrame(
    {"code": ["g1"], "communities": [["A", "B"]], "people": [3], "release": ["internal"]},
    geometry=[box(LON, LAT, LON + 0.01, LAT + 0.01)],
    crs=4326,
)
PLAN = pd.DataFrame({"code": ["340302000000"], "area_km2": [1.5], "release": ["internal"]})


def there():
    """Return the names of all files in the folder."""
    return sorted(path.name for path in Path().iterdir())


def texts_of(path):
    """Return all bytes of a file, those of a workbook unpacked."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def read_sheet(path, title):
    """Return a sheet with the columns' own names, codes as text and marks taken away."""
    frame = pd.read_excel(path, sheet_name=title, dtype={"代码\ncode": str})
    return frame.set_axis([name.split("\n")[-1] for name in frame.columns], axis=1)


def assert_like(found, expected, *, digits=12):
    """Hold a table that was read to a frame of the report, all but outlines.

    Metres are told to the millimetre, where not all digits are asked for.
    """
    metres = {name: 3 for name in expected if name.endswith("_m")} if digits < 17 else {}
    expected = expected.round(metres)
    expected = pd.DataFrame(expected.drop(columns="geometry", errors="ignore"))
    found = pd.DataFrame(found.drop(columns="geometry", errors="ignore"))
    assert list(found.columns) == list(expected.columns)
    for name in expected.columns:
        mine, theirs = found[name].astype(object), expected[name].astype(object)
        mine, theirs = mine.where(mine.notna(), None), theirs.where(theirs.notna(), None)
        assert _told(mine, digits) == _told(theirs, digits), name


def _told(values, digits):
    """Return values as they are compared: numbers to so many digits, whole ones or not."""
    return [
        f"{one:.{digits}g}" if isinstance(one, int | float) and not isinstance(one, bool) else one
        for one in values
    ]
