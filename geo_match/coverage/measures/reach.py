"""What each person has in reach: how much in the circle, and how far until there is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.coverage.measures.basis import index_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.given.supply import Supply
    from geo_match.coverage.measures.basis import Index
    from geo_match.spatial import Pairs
    from geo_match.walking.network import Network

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

_PAIRS_AT_ONCE: Final = 2_000_000
_MORE: Final = 4
"""So many times as many places are looked at for those who have not enough among the nearest."""


def in_reach(
    lon: Floats,
    lat: Floats,
    supply: Supply,
    radius_m: float,
    *,
    network: Network | None = None,
    people_index: Index | None = None,
) -> Integers:
    """Return how much is in each person's circle: A_i = Σ_j S_j [d_ij ≤ radius].

    d is the geodesic, or the way along the streets of a network, and the sum is exact. With an
    index of the people the question is turned round, and each place asked whom it reaches: that
    takes half the time, but to build such an index takes more than it saves.

    Parameters
    ----------
    lon, lat
        Of people, degrees WGS-84, (n,), all located.
    radius_m
        Metres, inclusive.
    network
        The streets, on foot; None for the geodesic.
    people_index
        Of these very people, in this order, and on the same basis, if there is one.

    Returns
    -------
    numpy.ndarray
        int64, (n,).
    """
    if people_index is None:
        places = index_of(supply.lon, supply.lat, network, is_part=True)
        found = places.sum_within(lon=lon, lat=lat, radius_m=radius_m, weights=supply.amount)
    else:
        found = people_index.sum_reaching(
            lon=supply.lon, lat=supply.lat, radius_m=radius_m, weights=supply.amount
        )
    return np.asarray(found, dtype=np.int64)


def distance_to_enough(
    lon: Floats,
    lat: Floats,
    supply: Supply,
    *,
    enough: int,
    max_distance_m: float,
    network: Network | None = None,
) -> Floats:
    """Return how far each person must go until what was passed adds up to enough.

    Parameters
    ----------
    lon, lat
        Of people, degrees WGS-84, (n,), all located.
    enough
        How much, at least 1: the k of the k-th nearest.
    max_distance_m
        Metres, inclusive: how far is looked.
    network
        As in `in_reach`.

    Returns
    -------
    numpy.ndarray
        float64 metres, (n,), within 1 µm of the geodesic to 4 km and 1e-6 of it beyond, and on
        foot in whole millimetres; NaN where there is not enough within `max_distance_m`.
    """
    found = np.full(len(lon), np.nan)
    if int(supply.amount.sum()) < enough:
        return found
    index = index_of(supply.lon, supply.lat, network, is_part=True)
    left = np.arange(len(lon))
    k = 1
    while len(left):
        more = []
        for who in np.array_split(left, -(-len(left) * k // _PAIRS_AT_ONCE)):
            pairs = index.nearest(lon=lon[who], lat=lat[who], k=k, max_distance_m=max_distance_m)
            at = _where_enough(pairs, supply.amount, enough)
            is_there = at < pairs.offsets[1:]
            found[who[is_there]] = pairs.distance_m[at[is_there]]
            # Whoever has fewer than k has them all, within so many metres.
            more.append(who[~is_there & (np.diff(pairs.offsets) == k)])
        left = np.concatenate(more)
        if k == min(enough, len(index)):  # each place counts for 1 or more
            break
        k = min(k * _MORE, enough, len(index))
    return found


def on_its_side(
    distance_m: Floats, is_reached: NDArray[np.bool_], *, radius_m: float, max_distance_m: float
) -> Floats:
    """Return distances that lie on the side of the circle on which there is enough.

    A distance is told to a micrometre, but whether there is enough in the circle is exact.

    Parameters
    ----------
    distance_m
        As `distance_to_enough` gives them, (n,).
    is_reached
        Who has enough in the circle, (n,).
    radius_m, max_distance_m
        Metres; the second at least the first.

    Returns
    -------
    numpy.ndarray
        float64 metres, (n,): at most the radius of the reached, above it of the others; NaN where
        there was none, or none is left within `max_distance_m`.
    """
    beyond = np.nextafter(radius_m, np.inf)
    found = np.where(is_reached, np.minimum(distance_m, radius_m), np.maximum(distance_m, beyond))
    found[found > max_distance_m] = np.nan
    return found


def _where_enough(pairs: Pairs, amount: Integers, enough: int) -> Integers:
    """Return the pair at which each query's sum is enough, (n,); behind its last if it never is."""
    passed = np.cumsum(amount[pairs.point])
    before = np.concatenate((np.zeros(1, dtype=np.int64), passed))[pairs.offsets[:-1]]
    return np.asarray(np.searchsorted(passed, before + enough, side="left"), dtype=np.int64)
