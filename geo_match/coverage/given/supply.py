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
    from numpy.typing import NDArray

_HALF_TURN: Final = 180.0
_MOST_VACANCIES: Final = 1_000_000
"""Of one row, as in the record of a job."""


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
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    amount: NDArray[np.int64]
    rows: int
    unlocated: int
    unlocated_amount: int
    not_stated: int


def read_supply(frame: object, *, count: str) -> Supply:
    """Return what can be reached, by place.

    Parameters
    ----------
    frame
        What `geo_match.matching` takes as jobs: `id` and a place, which may be null; optional
        `vacancies`, whole numbers, 1 where there is no such column or the value is null.
    count
        "vacancies" or "places", as in `CoverageOptions`.

    Raises
    ------
    FrameError
        If ids are missing, repeated or ID-card numbers, a place is half there or not on earth, or
        vacancies are no whole numbers from 0 to 1,000,000.
    DatumError
        If the geometry's CRS is not known, or not on WGS 84 or CGCS2000.
    ArgumentError
        If the frame is nothing of the kind.
    """
    faults = Faults("supply")
    given = Given(frame, faults)
    read_ids(given, "id", faults)
    lon, lat = places(given, faults)
    amount, not_stated = np.ones(len(given), dtype=np.int64), len(given)
    column = given.column("vacancies") if given.has("vacancies") else None
    if column is not None:
        stated = values.numbers(
            column, "vacancies", faults, least=0, most=_MOST_VACANCIES, whole=True
        )
        is_stated = ~np.isnan(stated)
        amount[is_stated] = stated[is_stated]
        not_stated = int((~is_stated).sum())
    raise_any(faults)
    if count == "places":
        amount, not_stated = np.ones(len(given), dtype=np.int64), 0
    located = ~np.isnan(lon)
    counts = located & (amount > 0)
    # One place has one name: −180 is 180, and −0 is 0.
    x = np.where(lon[counts] == -_HALF_TURN, _HALF_TURN, lon[counts]) + 0.0
    both, of = np.unique(np.column_stack((lat[counts] + 0.0, x)), axis=0, return_inverse=True)
    total = np.zeros(len(both), dtype=np.int64)
    np.add.at(total, of.ravel(), amount[counts])
    return Supply(
        lon=np.ascontiguousarray(both[:, 1]),
        lat=np.ascontiguousarray(both[:, 0]),
        amount=total,
        rows=len(given),
        unlocated=int((~located).sum()),
        unlocated_amount=int(amount[~located].sum()),
        not_stated=not_stated,
    )
