"""What a change touches, counted anew, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match.coverage.given.supply import gather
from geo_match.coverage.measures.reach import in_reach as count_in_reach
from geo_match.coverage.what_if.situation import keeps_demand, reasons_of
from geo_match.index import PointIndex

if TYPE_CHECKING:
    from geo_match.coverage.given.supply import Supply
    from geo_match.coverage.measures.decay import Decay
    from geo_match.coverage.options import CoverageOptions
    from geo_match.coverage.what_if.edits import Edits
    from geo_match.coverage.what_if.ground import Floats, Ground, Integers, Numbers
    from geo_match.coverage.what_if.situation import Situation


class Recount(NamedTuple):
    """What some people have after a change; of all others it is what it was.

    Parameters
    ----------
    who
        int64, (t,): their positions among the people, ascending.
    in_reach, measure, reason
        What they have, (t,) each; without competition the first two are one array.
    demand
        As in `Situation`, of the supply after the change.
    recomputed
        Of how many people what is in the circle, or what falls to them of it, was added up anew.
    """

    who: Integers
    in_reach: Integers
    measure: Numbers
    reason: Integers
    demand: Integers | None
    recomputed: int


def recount(ground: Ground, before: Situation, edits: Edits, options: CoverageOptions) -> Recount:
    """Return what is found of those whom a change touches.

    Parameters
    ----------
    options
        Those of `before`, or with another radius.
    """
    if options.radius_m != before.options.radius_m:
        return _with_radius(ground, before, edits, options)
    near = ground.touched(edits.lon, edits.lat, edits.amount, options.radius_m)
    who = ground.located[near.at]
    in_reach = before.in_reach[who] + near.amount
    measure: Numbers = in_reach
    demand, recomputed = before.demand, len(who)
    if options.competition is not None and edits.is_felt:
        supply = gather(edits.rows)
        if keeps_demand(options, ground):
            demand = _demand(ground, before, edits, supply)
            measure = _shared(ground, who, supply, demand, options.radius_m)
        else:
            every = before.in_reach[ground.located]
            every[near.at] = in_reach
            who, in_reach, recomputed = ground.located, every, len(ground.located)
            measure, demand = _available(ground, supply, options, options.competition)
    elif options.competition is not None:
        measure = before.measure[who]  # of nobody
    reason = reasons_of(ground, who, in_reach, measure, options)
    return Recount(who, in_reach, measure, reason, demand, recomputed)


def _with_radius(
    ground: Ground, before: Situation, edits: Edits, options: CoverageOptions
) -> Recount:
    """Return what all located people have within another radius."""
    who, supply = ground.located, gather(edits.rows)
    lon, lat = ground.who.lon[who], ground.who.lat[who]
    decay = options.competition
    # Who has nothing in a circle has nothing in a smaller one, if no place is added or moved.
    is_less = options.radius_m < before.options.radius_m and not edits.is_felt and decay is None
    if is_less:
        some = before.in_reach[who] > 0
        in_reach = np.zeros(len(who), dtype=np.int64)
        in_reach[some] = count_in_reach(lon[some], lat[some], supply, options.radius_m)
        recomputed = int(some.sum())
    else:
        recomputed = len(who)
        in_reach = count_in_reach(lon, lat, supply, options.radius_m, people_index=ground.index)
    measure: Numbers = in_reach
    demand = None
    if decay is not None:
        measure, demand = _available(ground, supply, options, decay)
    # The bound of a coarse place may follow the radius: everybody's reason is asked again.
    reason = reasons_of(ground, who, in_reach, measure, options)
    return Recount(who, in_reach, measure, reason, demand, recomputed)


def _demand(ground: Ground, before: Situation, edits: Edits, supply: Supply) -> Integers:
    """Return the demand of each place of a changed supply: counted where there was no place."""
    found = np.full(len(supply.amount), -1, dtype=np.int64)
    if before.demand is not None and before.supply.place is not None and supply.place is not None:
        # A row that stands where it stood counts for what it did, and has a place on both sides.
        stood = (edits.stood >= 0) & (supply.place >= 0)
        found[supply.place[stood]] = before.demand[before.supply.place[edits.stood[stood]]]
    new = found < 0
    radius_m = before.options.radius_m
    found[new] = ground.demand(supply.lon[new], supply.lat[new], radius_m)
    return found


def _shared(
    ground: Ground, who: Integers, supply: Supply, demand: Integers, radius_m: float
) -> Floats:
    """Return what falls to each of some people: Σ_j S_j/D_j over the places in their circle.

    The sum that `geo_match.coverage.measures.competition` defines, over the same places.
    """
    ratio = np.zeros(len(demand))
    np.divide(supply.amount, demand, out=ratio, where=demand > 0)
    index = PointIndex(lon=supply.lon, lat=supply.lat)
    lon, lat = ground.who.lon[who], ground.who.lat[who]
    found = index.sum_within(lon=lon, lat=lat, radius_m=radius_m, weights=ratio)
    return np.asarray(found, dtype=np.float64)


def _available(
    ground: Ground, supply: Supply, options: CoverageOptions, decay: Decay
) -> tuple[Floats, Integers | None]:
    """Return what falls to each located person, all added up anew, and the demand if it is kept."""
    found = ground.availability(supply, decay, options.radius_m)
    kept = np.asarray(found.demand, np.int64) if keeps_demand(options, ground) else None
    return found.per_person, kept
