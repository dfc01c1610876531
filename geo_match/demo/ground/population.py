"""How many people each community has: drawn, but adding up to the census of its district."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.demo import facts
from geo_match.demo._random import stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIZE: Final = {"居委会": 2.2, "村委会": 1.0, "其他": 0.35}
"""Usual size of a kind against a village's; the others are parks, farms and offices with few."""
_SPREAD: Final = 0.24
_WIDEST: Final = 2.0
"""Sizes vary by a log-normal factor of this spread, no further than this many spreads."""


def draw_population(seed: int) -> NDArray[np.int64]:
    """Draw the resident population of each community.

    Parameters
    ----------
    seed
        The city's seed, at least 0.

    Returns
    -------
    numpy.ndarray
        People, int64, shape (1157,), in the order of `facts.communities`; the communities on the
        ground of a district add up to its census of 2020 exactly.

    Raises
    ------
    ArgumentError
        If the seed is no whole number of at least 0.
    """
    communities, districts = facts.communities(), facts.districts()
    size = communities["kind"].map(_SIZE).to_numpy(np.float64)
    people = np.zeros(len(communities), dtype=np.int64)
    for code, census in zip(districts["code"], districts["population_2020"], strict=True):
        here = np.flatnonzero(communities["lies_in"] == code)
        normal = stream(seed, "population", code).standard_normal(len(here))
        varied = np.exp(_SPREAD * np.clip(normal, -_WIDEST, _WIDEST))
        share = np.asarray(size[here] * varied, dtype=np.float64)
        people[here] = apportion(share, int(census))
    return people


def apportion(share: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """Split a whole number in proportion to shares, (n,), by the largest remainder."""
    exact = share * (total / share.sum())
    whole = np.floor(exact).astype(np.int64)
    left = total - int(whole.sum())
    # A stable sort: equal remainders go to the first.
    whole[np.argsort(whole - exact, kind="stable")[:left]] += 1
    return np.asarray(whole)
