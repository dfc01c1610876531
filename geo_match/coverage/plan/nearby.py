"""What is near people: how much in each one's circle, and how much near any of a row's people."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.given.people import People
    from geo_match.index import PointIndex

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]


def in_circles(people: People, index: PointIndex, amount: Integers, radius_m: float) -> Integers:
    """Return how much is in each person's circle: A_i = Σ_j S_j [d_ij ≤ radius].

    Parameters
    ----------
    people
        n of them.
    index
        Of the places, (m,).
    amount
        S, int64, (m,).
    radius_m
        Metres, inclusive.

    Returns
    -------
    numpy.ndarray
        int64, (n,), exact; 0 of who is not located, which is never shown.
    """
    found = np.zeros(len(people.ids), dtype=np.int64)
    there = people.located
    found[there] = index.sum_within(
        lon=people.lon[there], lat=people.lat[there], radius_m=radius_m, weights=amount
    )
    return found


def near_any(
    people: People,
    row: Integers,
    n_rows: int,
    index: PointIndex,
    *,
    amount: Integers,
    radius_m: float,
) -> Integers:
    """Return how much is within the radius of one or more of each row's people, each place once.

    Parameters
    ----------
    people
        n of them; those who are not located have nothing near, and a row of weight 0 is nobody.
    row
        int64, (n,): 0 … n_rows − 1; −1 counts for none.
    n_rows
        How many rows.
    index
        Of the places, (m,).
    amount
        S, int64, (m,).
    radius_m
        Metres, inclusive.

    Returns
    -------
    numpy.ndarray
        int64, (n_rows,): Σ_j S_j [min over i of the row of d_ij ≤ radius], exact.
    """
    found = np.zeros(n_rows, dtype=np.int64)
    if not len(index):
        return found
    who = np.flatnonzero(people.located & (people.weight > 0) & (row >= 0))
    # Those of one row side by side, and of the members of a household, who share a place, one.
    lon, lat = people.lon[who], people.lat[who]
    order = np.lexsort((lat, lon, row[who]))
    of, lon, lat = row[who][order], lon[order], lat[order]
    is_first = np.ones(len(of), dtype=np.bool_)
    is_first[1:] = (np.diff(of) != 0) | (np.diff(lon) != 0.0) | (np.diff(lat) != 0.0)
    of, lon, lat = of[is_first], lon[is_first], lat[is_first]
    for start, end in _runs(of):
        some = slice(start, end)
        reached = index.count_reaching(lon=lon[some], lat=lat[some], radius_m=radius_m) > 0
        found[of[start]] = amount[reached].sum()
    return found


def sum_by(cell: Integers, value: Floats, n_cells: int) -> Floats:
    """Return the sum of the values of each cell, (n_cells,), rounded once: no order changes it.

    Parameters
    ----------
    cell
        int64, (n,): 0 … n_cells − 1.
    value
        float64, (n,), finite.
    """
    found = np.zeros(n_cells)
    order = np.argsort(cell, kind="stable")
    of = cell[order]
    parts = value[order].tolist()
    for start, end in _runs(of):
        found[of[start]] = math.fsum(parts[start:end])
    return found


def _runs(of: Integers) -> list[tuple[int, int]]:
    """Return where each run of equal numbers, at least 0, begins and ends."""
    # A number that is none ends the last run, and is all there is where there are none.
    ends = (np.flatnonzero(np.diff(of, append=-1)) + 1).tolist()
    return list(pairwise([0, *ends]))
