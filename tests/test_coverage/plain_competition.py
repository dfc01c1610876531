"""The plain twins of competition: Karney's geodesic for each pair, `math.fsum` for each sum.

They share no code with the library.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Geod

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True)
class PlainAvailability:
    per_person: list[float]
    ratio: list[float | None]
    demand: list[float]


def distances(
    lon1: Sequence[float], lat1: Sequence[float], lon2: Sequence[float], lat2: Sequence[float]
) -> list[list[float]]:
    """Return a row for each of the first places: metres to each of the second."""
    return [
        [GEOD.inv(x1, y1, x2, y2)[2] for x2, y2 in zip(lon2, lat2, strict=True)]
        for x1, y1 in zip(lon1, lat1, strict=True)
    ]


def plain_availability(
    distance_m: Sequence[Sequence[float]],
    weight: Sequence[float],
    supply: Sequence[float],
    radius_m: float,
    decay: Callable[[float], float],
) -> PlainAvailability:
    """Apply the two steps of Luo & Wang to a matrix with a row a person, a column a site."""

    def counts(person: int, site: int) -> float:
        metres = distance_m[person][site]
        return decay(metres) if metres <= radius_m else 0.0

    people, sites = range(len(weight)), range(len(supply))
    demand = [math.fsum(weight[k] * counts(k, j) for k in people) for j in sites]
    ratio = [supply[j] / demand[j] if demand[j] else None for j in sites]
    per_person = [math.fsum((ratio[j] or 0.0) * counts(i, j) for j in sites) for i in people]
    return PlainAvailability(per_person, ratio, demand)


def stepped(bands: Sequence[tuple[float, float]]) -> Callable[[float], float]:
    """Return the weight of the first band that reaches a distance."""
    return lambda metres: next((weight for end, weight in bands if metres <= end), 0.0)


def plain_outside_share(
    lon: float,
    lat: float,
    radius_m: float,
    holds: Callable[[np.ndarray, np.ndarray], np.ndarray],
    n: int = 20_000,
) -> float:
    """Return the share of places, spread evenly over a circle by geodesics, that no area holds.

    A spiral of the golden angle: each place stands for an equal area.
    """
    at = np.arange(n)
    azimuth = np.degrees(at * math.pi * (3.0 - math.sqrt(5.0))) % 360.0
    away = radius_m * np.sqrt((at + 0.5) / n)
    x, y, _ = GEOD.fwd(np.full(n, lon), np.full(n, lat), azimuth, away)
    return 1.0 - float(np.count_nonzero(holds(x, y))) / n
