"""What people can reach: jobs, sites or stations as places that each count for something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.coverage.given.people import read_ids
from geo_match.matching.given import values
from geo_match.matching.given.faults import Faults, raise_any
from geo_match.matching.given.frame import Given
from geo_match.matching.given.places import places

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from geo_match.walking.network import Network

_HALF_TURN: Final = 180.0
_MOST_VACANCIES: Final = 1_000_000
"""Of one row, as in the record of a job."""


@dataclass(frozen=True, eq=False)
class SupplyRows:
    """The rows that a supply is made of, in the order of their frame.

    Parameters
    ----------
    ids
        Text in Arrow, (r,), all different.
    lon, lat
        Degrees WGS-84, (r,); NaN where a row has no place.
    amount
        int64, (r,): what each counts for, 0 included.
    is_stated
        Which rows state what they count for, (r,): all of them where rows are counted.
    """

    ids: pa.StringArray
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    amount: NDArray[np.int64]
    is_stated: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.amount)

    @property
    def located(self) -> NDArray[np.bool_]:
        """Which rows have a place, (r,)."""
        return ~np.isnan(self.lon)


@dataclass(frozen=True, eq=False)
class Supply:
    """What can be reached, those at one place added up.

    Parameters
    ----------
    lon, lat
        Of the different places, degrees WGS-84, (m,), sorted by latitude, then longitude.
    amount
        int64, (m,): the vacancies, or the rows, of each place; at least 1.
    rows
        How many rows the frame has.
    unlocated
        How many of them have no place, and so are in nobody's reach.
    unlocated_amount
        How much they count for.
    not_stated
        How many rows do not state their vacancies, and count for 1.
    each
        The rows; None where only places were given.
    place
        int64, (r,): the position of each row's place; −1 of a row without one, or that counts for
        nothing. None without rows.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    amount: NDArray[np.int64]
    rows: int
    unlocated: int
    unlocated_amount: int
    not_stated: int
    each: SupplyRows | None = None
    place: NDArray[np.int64] | None = None

    def not_on(self, network: Network) -> int:
        """Return how many rows have a place and are led to no street of a network.

        Of places alone, where only these were given.
        """
        lon, lat = self.lon, self.lat
        if self.each is not None:
            lon, lat = (one[self.each.located] for one in (self.each.lon, self.each.lat))
        return int((~network.snap(lon=lon, lat=lat).is_snapped).sum())


def read_supply(frame: object, *, count: str) -> Supply:
    """Return what can be reached, by place.

    Parameters
    ----------
    frame
        What `geo_match.matching` takes as jobs: `id` and a place, which may be null; optional
        `vacancies`, whole numbers, 1 where there is no such column or the value is null; and
        `filled`, how many of them are taken, which leaves the rest to be reached.
    count
        "vacancies" or "places", as in `CoverageOptions`.

    Raises
    ------
    FrameError
        If ids are missing, repeated or ID-card numbers, a place is half there or not on earth, or
        vacancies or how many are filled are no whole numbers from 0 to 1,000,000.
    DatumError
        If the geometry's CRS is not known, or not on WGS 84 or CGCS2000.
    ArgumentError
        If the frame is nothing of the kind.
    """
    faults = Faults("supply")
    rows = read_rows(Given(frame, faults), faults, count=count)
    raise_any(faults)
    return gather(rows)


def read_rows(given: Given, faults: Faults, *, count: str) -> SupplyRows:
    """Return the rows of a supply, and take the faults of their columns.

    Parameters
    ----------
    count
        As in `read_supply`.
    """
    ids = read_ids(given, "id", faults)
    lon, lat = places(given, faults)
    amount, is_stated = np.ones(len(given), dtype=np.int64), np.zeros(len(given), dtype=np.bool_)
    stated, filled = (_whole(given, name, faults) for name in ("vacancies", "filled"))
    if stated is not None:
        is_stated = ~np.isnan(stated)
        left = stated if filled is None else np.maximum(stated - np.nan_to_num(filled), 0.0)
        amount[is_stated] = left[is_stated]
    if count == "places":
        amount, is_stated = np.ones_like(amount), np.ones_like(is_stated)
    # One place has one name: −180 is 180, and −0 is 0.
    x = np.where(lon == -_HALF_TURN, _HALF_TURN, lon) + 0.0
    return SupplyRows(ids, x, lat + 0.0, amount, is_stated)


def _whole(given: Given, name: str, faults: Faults) -> NDArray[np.float64] | None:
    """Return a column of whole numbers, NaN where it says nothing; None where there is none."""
    column = given.column(name) if given.has(name) else None
    if column is None:
        return None
    return values.numbers(column, name, faults, least=0, most=_MOST_VACANCIES, whole=True)


def gather(rows: SupplyRows) -> Supply:
    """Return a supply of rows, those at one place added up; nothing depends on their order."""
    located = rows.located
    counts = np.flatnonzero(located & (rows.amount > 0))
    order = counts[np.lexsort((rows.lon[counts], rows.lat[counts]))]
    lon, lat = rows.lon[order], rows.lat[order]
    is_new = np.ones(len(order), dtype=np.bool_)
    is_new[1:] = (lon[1:] != lon[:-1]) | (lat[1:] != lat[:-1])
    place = np.full(len(rows), -1, dtype=np.int64)
    place[order] = np.cumsum(is_new) - 1
    total = np.zeros(int(is_new.sum()), dtype=np.int64)
    np.add.at(total, place[order], rows.amount[order])
    return Supply(
        lon=lon[is_new],
        lat=lat[is_new],
        amount=total,
        rows=len(rows),
        unlocated=int((~located).sum()),
        unlocated_amount=int(rows.amount[~located].sum()),
        not_stated=int((~rows.is_stated).sum()),
        each=rows,
        place=place,
    )
