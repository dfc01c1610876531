"""The invented service stations (服务网点) and the operators that run some of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo_match.demo import facts
from geo_match.demo._random import stream
from geo_match.demo.vocabulary import REFERENCE_DATE, START

if TYPE_CHECKING:
    from geo_match.demo.ground import Homes

STATIONS: Final = 300
KINDS: Final = ("district", "street", "community")
_OPERATORS: Final = (
    ("OP1", "示例人力资源运营一部", "operator", ("340302",)),
    ("OP2", "示例人力资源运营二部", "operator", ("340303", "340321")),
    ("OP3", "示例人力资源运营三部", "operator", ("340304",)),
    ("OP4", "示例人力资源运营四部", "operator", ("340311",)),
    ("OP5", "示例项目监理公司", "supervisor", ()),
)
"""Two counties have no operator."""
_STREET_STATION: Final = 0.84
"""Share of streets and towns with a station of their own."""
_VILLAGE_WEIGHT: Final = 0.16
_FROM: Final = np.datetime64(START, "s")
_DAY: Final = np.timedelta64(1, "D")
_CLOSED: Final = 0.03
_STAFF: Final = {"district": (6, 15), "street": (2, 6), "community": (1, 3)}
_OPERATED: Final = 0.7


def draw_operators() -> pd.DataFrame:
    """Return the operators (运营机构) and the supervisor (监理机构)."""
    columns = ("id", "name", "role")
    frame = pd.DataFrame([row[:3] for row in _OPERATORS], columns=columns, dtype="str")
    frame["districts"] = pd.array([";".join(row[3]) for row in _OPERATORS], dtype="str")
    return frame


def operator_of_district() -> dict[str, str]:
    """Return the operator that serves each district that has one, by codes."""
    return {district: id_ for id_, _, _, districts in _OPERATORS for district in districts}


def draw_stations(areas: gpd.GeoDataFrame, homes: Homes, *, seed: int) -> gpd.GeoDataFrame:
    """Draw the stations: one a district, one in most streets and towns, others in communities.

    Parameters
    ----------
    areas, homes
        What was drawn before.
    seed
        What they are drawn from.

    Returns
    -------
    geopandas.GeoDataFrame
        As `geo_match.demo.work.Work` has them, open and closed.
    """
    generator = stream(seed, "stations")
    resident = (areas["kind"] == "居委会").to_numpy()
    biggest = areas["population"].where(areas["kind"] != "其他", 0)
    centre = biggest.groupby(areas["lies_in"]).idxmax().to_numpy()
    street = biggest.groupby(areas["street_code"]).idxmax().to_numpy()
    street = street[generator.random(len(street)) < _STREET_STATION]
    street = np.setdiff1d(street, centre)
    weight = areas["population"].to_numpy(np.float64) * np.where(resident, 1.0, _VILLAGE_WEIGHT)
    weight[np.concatenate([centre, street])] = 0.0
    further = STATIONS - len(centre) - len(street)
    community = generator.choice(len(areas), further, replace=False, p=weight / weight.sum())
    rows = np.concatenate([centre, street, np.sort(community)])
    kind = np.repeat(np.arange(3), (len(centre), len(street), further))
    lon, lat = homes.place(rows, generator)
    area = areas.iloc[rows]
    days = (np.datetime64(REFERENCE_DATE, "s") - _FROM) // _DAY
    # Districts open first, then streets, then communities, year by year.
    share = np.clip((kind + generator.random(len(rows))) / 3.0, 0.0, 1.0) ** 1.2
    opened = _FROM + (days * 0.97 * share * (kind > 0)).astype(np.int64) * _DAY
    gone = (kind == KINDS.index("community")) & (generator.random(len(rows)) < _CLOSED)
    later = opened + ((np.datetime64(REFERENCE_DATE, "s") - opened) * 0.8).astype("m8[D]")
    closed = np.where(gone, later, np.datetime64("NaT"))
    low, high = np.array([_STAFF[name] for name in KINDS])[kind].T
    staff = generator.integers(low, high, endpoint=True)
    operator = area["lies_in"].map(operator_of_district()).to_numpy(dtype=object)
    run = pd.notna(operator) & (kind > 0) & (generator.random(len(rows)) < _OPERATED)
    suffix = ("就业服务中心", "就业服务所", "就业服务站")
    district = facts.districts().set_index("code")["name"]
    place = np.select(
        [kind == 0, kind == 1],
        [area["lies_in"].map(district), area["street_name"]],
        area["name"],
    )
    number = range(1, len(rows) + 1)
    frame = pd.DataFrame(
        {
            "id": pd.array([f"ST{k:03d}" for k in number], dtype="str"),
            "name": pd.array(
                [f"示例{p}{suffix[w]}{k}" for p, w, k in zip(place, kind, number, strict=True)],
                dtype="str",
            ),
            "kind": pd.Categorical.from_codes(kind, pd.Index(list(KINDS))),
            "community": pd.Categorical(area["code"].to_numpy()),
            "opened_on": opened,
            "closed_on": closed.astype("M8[s]"),
            "staff": staff.astype(np.int16),
            "capacity_per_month": (staff * generator.integers(60, 121, len(rows))).astype(np.int16),
            "operator_id": pd.Series(operator, dtype="str").where(run),
        }
    )
    return gpd.GeoDataFrame(frame, geometry=shapely.points(lon, lat), crs=facts.WGS84)
