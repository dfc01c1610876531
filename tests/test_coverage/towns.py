"""Small towns: drawn ones for properties, and how a report's row is held to plain figures."""

from __future__ import annotations

import math

import pandas as pd
from hypothesis import strategies as st
from shapely import box

LON, LAT, STEP = 117.37, 32.93, 0.012
"""A lattice of about 1.1 km by 1.3 km: some of its points are just inside 3 km, some outside."""


def _place(draw, *, always=False):
    if not always and draw(st.integers(0, 5)) == 0:
        return {"lon": None, "lat": None}
    x, y = draw(st.tuples(st.integers(0, 7), st.integers(0, 7)))
    return {"lon": LON + x * STEP, "lat": LAT + y * STEP}


COMMUNITIES = [
    {"code": "b", "name": "乙", "area": box(LON, LAT, LON + 2.5 * STEP, LAT + 9 * STEP)},
    # Shares the border of "b", and a corner of it.
    {"code": "a", "name": None, "area": box(LON + 2 * STEP, LAT, LON + 5 * STEP, LAT + 4 * STEP)},
    {"code": "empty", "name": "空", "area": box(118.5, 33.5, 118.6, 33.6)},
    {"code": "no area", "name": "无", "area": None},
]


@st.composite
def towns(draw, most=12):
    """Draw people and a supply."""
    people = [
        {
            "id": f"P{number}",
            **_place(draw),
            "community": draw(st.sampled_from(["a", "b", "no area", "elsewhere", None])),
            "weight": draw(st.integers(0, 5)),
            "location_accuracy_m": draw(st.sampled_from([None, 10.0, 1500.0, 1501.0, 9000.0])),
        }
        for number in range(draw(st.integers(0, most)))
    ]
    supply = [
        {"id": f"J{number}", **_place(draw), "vacancies": draw(st.sampled_from([0, 1, 2, 5, None]))}
        for number in range(draw(st.integers(0, most)))
    ]
    return people, supply


def frame(rows, columns):
    """Return rows as a frame that has its columns also where there is no row."""
    return pd.DataFrame(rows, columns=columns)


def people_frame(rows):
    columns = ["id", "lon", "lat", "community", "weight", "location_accuracy_m"]
    made = frame(rows, columns).astype({"lon": float, "lat": float, "location_accuracy_m": float})
    return made.astype({"weight": "int64", "community": "object", "id": "object"})


def supply_frame(rows):
    made = frame(rows, ["id", "lon", "lat", "vacancies"])
    return made.astype({"lon": float, "lat": float, "vacancies": "Int64", "id": "object"})


def communities_frame(rows):
    return [{**row, "area": None if row["area"] is None else row["area"].wkt} for row in rows]


def assert_row(row, expected):
    """Counts exactly, distances to what `PointIndex` states, the rest to rounding."""
    for name, value in expected.items():
        found = row[name]
        if value is None:
            assert pd.isna(found), name
        elif name.startswith("distance"):
            assert math.isclose(found, value, rel_tol=1e-6, abs_tol=1e-6), name
        elif isinstance(value, int):
            assert found == value, name
        else:
            assert math.isclose(found, value, rel_tol=1e-9, abs_tol=1e-12), name
