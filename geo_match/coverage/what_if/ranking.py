"""Candidate places in the order in which they would serve most people, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo_match._validate import MAX_RADIUS_M
from geo_match.coverage.given.people import as_objects
from geo_match.coverage.measures.basis import index_of
from geo_match.coverage.release import INTERNAL, RELEASE
from geo_match.coverage.what_if.ground import as_text
from geo_match.index import PointIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.given.supply import SupplyRows
    from geo_match.coverage.what_if.ground import Ground, Integers, Numbers
    from geo_match.coverage.what_if.situation import Situation

NOT_ON_NETWORK: Final = "not_on_network"
"""Why a candidate serves nobody on foot: no street leads to it."""
_SLACK_M: Final = 1.0
"""What is added to the distance at which circles cannot meet: far above what distances lose."""


def ranking(ground: Ground, now: Situation, candidates: SupplyRows, *, n: int) -> pd.DataFrame:
    """Return candidates by what each adds, alone and after those chosen before.

    Parameters
    ----------
    candidates
        All with a place, and new ids.
    n
        How many are chosen, at most as many as there are.

    Returns
    -------
    pandas.DataFrame
        As `WhatIf.rank` says.
    """
    order = np.argsort(as_objects(candidates.ids).astype(str), kind="stable")
    places = _Candidates(
        lon=candidates.lon[order],
        lat=candidates.lat[order],
        amount=candidates.amount[order],
        radius_m=now.options.radius_m,
    )
    short = _Short(ground, now)
    alone = short.gains(places, np.arange(len(order)))
    chosen, added = _choose(short, places, alone, n=n, lazy=_is_lazy(ground, now, places))
    reached = now.counts(ground, "community").reached.sum().item()
    rest = np.setdiff1d(np.arange(len(order)), chosen)
    rest = rest[np.argsort(-alone[rest], kind="stable")]
    at = np.concatenate((chosen, rest))
    unranked = np.arange(len(at)) >= len(chosen)
    more = _like(np.concatenate((added, np.zeros(len(rest)))), added)
    columns: dict[str, Any] = {
        "id": as_text(as_objects(candidates.ids)[order][at]),
        "lon": places.lon[at],
        "lat": places.lat[at],
        "rank": pd.Series(np.arange(1, len(at) + 1), dtype="Int64").mask(unranked),
        "alone": alone[at],
        "added": _masked(more, unranked),
        "reached_total": _masked(_running(more, reached), unranked),
    }
    if now.options.network is not None:
        is_led = now.options.network.snap(lon=places.lon[at], lat=places.lat[at]).is_snapped
        columns["reason"] = as_text(
            np.array([NOT_ON_NETWORK, None], dtype=object)[is_led.astype(int)]
        )
    return pd.DataFrame({**columns, RELEASE: INTERNAL})


@dataclass(frozen=True, eq=False)
class _Candidates:
    """Places that may be added, in the order of their ids, (c,) each."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    amount: Integers
    radius_m: float

    def __len__(self) -> int:
        return len(self.amount)

    def meeting(self, index: PointIndex, at: int) -> NDArray[np.bool_]:
        """Return whose circles may hold somebody whom that of one holds, (c,)."""
        # Who is within r of both, straight or on foot, has them at most 2r apart: a geodesic is
        # the shortest way.
        apart_m = 2.0 * self.radius_m + _SLACK_M
        if apart_m > MAX_RADIUS_M:
            return np.ones(len(self), dtype=np.bool_)
        found = np.zeros(len(self), dtype=np.bool_)
        found[index.within(lon=self.lon[at], lat=self.lat[at], radius_m=apart_m).point] = True
        return found


class _Short:
    """The located people who have not enough in reach, and how much each is short of."""

    def __init__(self, ground: Ground, now: Situation) -> None:
        need = now.options.at_least - now.in_reach[ground.located]
        who = ground.located[need > 0]
        network = now.options.network
        self._index = index_of(ground.who.lon[who], ground.who.lat[who], network, is_part=True)
        self._weight = ground.who.weight[who]
        self._need = need[need > 0]

    def gains(self, places: _Candidates, which: Integers) -> Numbers:
        """Return how many people would come to be reached by each of some places alone, (w,).

        In the type of the weights, exact for whole ones. The pairs are looked at in blocks.
        """
        found = np.zeros(len(which))
        blocks = self._index.iter_within(
            lon=places.lon[which], lat=places.lat[which], radius_m=places.radius_m
        )
        for pairs in blocks:
            need, of = self._need[pairs.point], pairs.query
            helped = (need > 0) & (need <= places.amount[which][of])
            # One by one in their order: a sum of floats does not depend on the other places.
            found += np.bincount(
                of[helped], weights=self._weight[pairs.point[helped]], minlength=len(which)
            )
        return _like(found, self._weight)

    def add(self, places: _Candidates, at: int) -> None:
        """Take a place as added."""
        near = self._index.within(
            lon=places.lon[at], lat=places.lat[at], radius_m=places.radius_m
        ).point
        self._need[near] -= places.amount[at]


def _is_lazy(ground: Ground, now: Situation, places: _Candidates) -> bool:
    """Return whether what a place adds can only fall as others are added before it.

    Where each candidate alone gives enough to whoever is in its circle, those whom some of them
    reach are those in the union of their circles: of people still short, what one more adds is the
    part of its circle outside the union, which only shrinks as the union grows (the gain is
    submodular). Where two are needed to reach somebody it may rise: the first adds nobody. Float
    weights are left out too, as a sum of fewer of them need not be less to the last bit.
    """
    counts = places.amount[places.amount > 0]
    is_whole = ground.who.weight.dtype.kind == "i"
    return is_whole and bool((counts >= now.options.at_least).all())


def _choose(
    short: _Short, places: _Candidates, alone: Numbers, *, n: int, lazy: bool
) -> tuple[Integers, Numbers]:
    """Return the places in the order of choice, and what each adds, (n,) each.

    Each time it is the one that adds most; of several, the one whose id comes first.
    """
    gain = alone.copy()
    index = PointIndex(lon=places.lon, lat=places.lat)
    is_open, is_stale = np.ones(len(places), dtype=np.bool_), np.zeros(len(places), dtype=np.bool_)
    chosen: list[int] = []
    added = []
    while len(chosen) < n:
        if not lazy and (stale := np.flatnonzero(is_stale & is_open)).size:
            gain[stale] = short.gains(places, stale)
            is_stale[:] = False
        at = int(np.argmax(np.where(is_open, gain, -1)))  # the first of the greatest
        # If lazy, what is stale is a bound from above: the greatest bound, once it is counted
        # anew and still the greatest, is no less than what any other adds; and a bound as great
        # whose id comes first is looked at first. A bound of 0 is the gain.
        if is_stale[at] and gain[at] > 0:
            gain[[at]] = short.gains(places, np.array([at]))
            is_stale[at] = False
            continue
        chosen.append(at)
        added.append(gain[at])
        is_open[at] = False
        short.add(places, at)
        is_stale |= places.meeting(index, at)
    return np.array(chosen, dtype=np.int64), _like(np.array(added), alone)


def _like(values: NDArray[Any], weights: Numbers) -> Numbers:
    """Return sums in the type of the weights; exact for integers, whose sum is below 2⁵³."""
    if weights.dtype.kind == "i":
        return values.astype(np.int64)
    return values.astype(np.float64)


def _running(added: Numbers, reached: float) -> Numbers:
    """Return who is reached after each addition."""
    return _like(reached + np.cumsum(added), added)


def _masked(values: Numbers, missing: NDArray[np.bool_]) -> pd.Series:
    """Return values as a column that may have gaps: null where missing."""
    kind = "Int64" if values.dtype.kind == "i" else "Float64"
    return pd.Series(values, dtype=kind).mask(missing)
