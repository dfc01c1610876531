"""What service points (服务网点) can do a month, and how many people they served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.errors import ArgumentError
from geo_match.policy.households.frames import (
    check_day,
    check_unique,
    take,
    to_days,
)
from geo_match.rules.outcome import FAIL, OUTCOMES, PASS, UNKNOWN

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo_match.policy.households.frames import Kind

_STATIONS: Final[Mapping[str, Kind]] = {
    "id": "text",
    "staff": "number",
    "capacity_per_month": "number",
    "opened_on": "day",
    "closed_on": "day",
}
_SERVICES: Final[Mapping[str, Kind]] = {"person": "text", "on": "day", "station_id": "text"}


@dataclass(frozen=True, slots=True, eq=False)
class Capacity:
    """What stations did, by month.

    Parameters
    ----------
    months
        A row a station and month, by station: `station_id`, `month` (its first day), `open_days`
        (0 in a month in which it was closed throughout), `staff`, `capacity` (people a month, as
        recorded, whole even where the station was open for a part of it; null where not known),
        `people` (different ones) whom it served, `services`, `load` (people by capacity, null where
        there is none), `within` (pass, fail or unknown: whether they are at most the capacity),
        `per_staff` (people), `while_closed` (services on days on which it was not open).
    unplaced
        A row a month: `month`, `services` in all, `no_station` (of which none is recorded) and
        `unknown_station` (of which the station is none of these). They are in no row of `months`.
    """

    months: pd.DataFrame
    unplaced: pd.DataFrame


def station_capacity(
    stations: object, services: object, *, first: dt.date, last: dt.date
) -> Capacity:
    """Compare what stations can do with what they did.

    Parameters
    ----------
    stations
        `id`, and where known `staff`, `capacity_per_month`, `opened_on`, `closed_on` (the first day
        on which it is closed).
    services
        `person`, `on`, `station_id` (null where not known).
    first, last
        The months from that of the one day to that of the other.

    Returns
    -------
    Capacity
        Every station and month has a row.

    Raises
    ------
    ArgumentError
        If the span ends before it begins, a frame lacks a column or has values of another kind, or
        a station stands twice.
    """
    check_day(first, "first")
    if check_day(last, "last") < first:
        raise ArgumentError("last", f"not lie before {first}, the first day", str(last))
    points = take(stations, "stations", _STATIONS, required=("id",), filled=("id",))
    check_unique(points, "id", "stations")
    points = points.sort_values("id", ignore_index=True)
    needed = ("person", "on", "station_id")
    given = take(services, "services", _SERVICES, required=needed, filled=needed[:2])
    months = np.arange(np.datetime64(first, "M"), np.datetime64(last, "M") + 1)
    month = to_days(given["on"]).astype("M8[M]")
    inside = (month >= months[0]) & (month <= months[-1])
    given = given[inside].assign(_month=(month[inside] - months[0]).astype(np.int64))
    at = pd.Index(points["id"]).get_indexer(given["station_id"])
    told = _by_month(points, months, given[at >= 0], at[at >= 0])
    return Capacity(told, _unplaced(given, at, months))


def _by_month(
    points: pd.DataFrame,
    months: NDArray[np.datetime64],
    services: pd.DataFrame,
    station: NDArray[np.int64],
) -> pd.DataFrame:
    n, m = len(points), len(months)
    cell = station * m + services["_month"].to_numpy(dtype=np.int64)
    people = pd.DataFrame({"cell": cell, "person": services["person"].to_numpy()})
    different = np.bincount(people.drop_duplicates()["cell"], minlength=n * m)
    opened, closed = to_days(points["opened_on"]), to_days(points["closed_on"])
    on = to_days(services["on"])
    is_shut = (on < opened[station]) | (closed[station] <= on)  # NaT is no bound
    capacity = np.repeat(points["capacity_per_month"].to_numpy(), m)
    staff = np.repeat(points["staff"].to_numpy(), m)
    within = np.where(different <= capacity, PASS, FAIL)
    within[np.isnan(capacity)] = UNKNOWN
    return pd.DataFrame(
        {
            "station_id": np.repeat(points["id"].to_numpy(), m),
            "month": np.tile(months.astype("M8[s]"), n),
            "open_days": _open_days(opened, closed, months).ravel(),
            "staff": pd.array(staff, dtype="Int64"),
            "capacity": pd.array(capacity, dtype="Int64"),
            "people": different,
            "services": np.bincount(cell, minlength=n * m),
            "load": _ratio(different, capacity),
            "within": pd.Categorical.from_codes(within, categories=pd.Index(OUTCOMES)),
            "per_staff": _ratio(different, staff),
            "while_closed": np.bincount(cell[is_shut], minlength=n * m),
        }
    )


def _open_days(
    opened: NDArray[np.datetime64],
    closed: NDArray[np.datetime64],
    months: NDArray[np.datetime64],
) -> NDArray[np.int64]:
    """Return on how many days of each month each station was open, int64, (n, m)."""
    first, after = months.astype("M8[D]"), (months + 1).astype("M8[D]")
    since = np.where(np.isnat(opened), first[0], opened)[:, None]
    until = np.where(np.isnat(closed), after[-1], closed)[:, None]
    days = np.minimum(until, after) - np.maximum(since, first)
    whole: NDArray[np.int64] = np.maximum(days.astype(np.int64), 0)
    return whole


def _ratio(people: NDArray[np.int64], by: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return people by something, NaN where that is 0 or not known, (n,)."""
    told = np.full(len(people), np.nan)
    np.divide(people, by, out=told, where=by > 0)
    return told


def _unplaced(
    services: pd.DataFrame, at: NDArray[np.int64], months: NDArray[np.datetime64]
) -> pd.DataFrame:
    month = services["_month"].to_numpy(dtype=np.int64)
    is_null = services["station_id"].isna().to_numpy()
    counts = {
        "services": month,
        "no_station": month[is_null],
        "unknown_station": month[(at < 0) & ~is_null],
    }
    return pd.DataFrame(
        {"month": months.astype("M8[s]")}
        | {name: np.bincount(some, minlength=len(months)) for name, some in counts.items()}
    )
