"""What a change touches, counted anew, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo_match.coverage.given.supply import gather
from geo_match.coverage.measures.basis import index_of
from geo_match.coverage.measures.reach import in_reach as count_in_reach
from geo_match.coverage.what_if.situation import Have, keeps_demand, reasons_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.given.supply import Supply
    from geo_match.coverage.options import CoverageOptions
    from geo_match.coverage.what_if.edits import Edits
    from geo_match.coverage.what_if.ground import Floats, Ground, Integers, Numbers
    from geo_match.coverage.what_if.situation import Situation
    from geo_match.walking.network import Network

_ROUNDED_M: Final = 1e-3
"""More than a walk in whole millimetres may be below its geodesic."""


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
    straight
        On foot, what they have in the straight circle, (t,); else None.
    """

    who: Integers
    in_reach: Integers
    measure: Numbers
    reason: Integers
    demand: Integers | None
    recomputed: int
    straight: Integers | None = None


def recount(ground: Ground, before: Situation, edits: Edits, options: CoverageOptions) -> Recount:
    """Return what is found of those whom a change touches.

    Parameters
    ----------
    options
        Those of `before`, or with another radius.
    """
    if options.radius_m != before.options.radius_m:
        return _with_radius(ground, before, edits, options)
    near = ground.straight.touched(edits.lon, edits.lat, edits.amount, options.radius_m)
    who, straight = ground.located[near.at], None
    in_reach = before.in_reach[who] + near.amount
    if before.straight is not None:
        # No way is shorter than the straight line: who is touched on foot is one of these.
        straight = before.straight[who] + near.amount
        walked = ground.on(options.network).touched(
            edits.lon, edits.lat, edits.amount, options.radius_m
        )
        more = np.zeros(len(ground.located), dtype=np.int64)
        more[walked.at] = walked.amount
        in_reach = np.minimum(before.in_reach[who] + more[near.at], straight)
    measure: Numbers = in_reach
    demand, recomputed = before.demand, len(who)
    if options.competition is not None and edits.is_felt:
        supply = gather(edits.rows)
        if keeps_demand(options, ground):
            demand = _demand(ground, before, edits, supply)
            measure = _shared(ground, who, supply, demand, options)
        else:
            every, all_straight = before.in_reach.copy(), before.straight
            every[who] = in_reach
            if straight is not None and before.straight is not None:
                all_straight = before.straight.copy()
                all_straight[who] = straight
            return _shared_anew(ground, supply, options, every, all_straight)
    elif options.competition is not None:
        measure = before.measure[who]  # of nobody
    reason = reasons_of(ground, who, options, Have(in_reach, measure, straight))
    return Recount(who, in_reach, measure, reason, demand, recomputed, straight)


def recount_street(ground: Ground, before: Situation, options: CoverageOptions) -> Recount:
    """Return what is found of those who may use a street that was opened last.

    Whoever uses it, from home to a place, is within the radius less its length of one of its ends,
    and so is the place: of all others nothing changes. With competition what falls to each is
    added up anew for all, for there are more who reach these places.

    Parameters
    ----------
    options
        Those of `before`, with the opened network.
    """
    network, opened, radius_m = before.options.network, options.network, options.radius_m
    supply = before.supply
    at = near = np.empty(0, dtype=np.int64)
    if opened is not None:
        graph = opened.graph
        ends = [graph.start[-1], graph.end[-1]]
        around = {"lon": graph.lon[ends], "lat": graph.lat[ends]}
        left_m = radius_m - graph.length_mm[-1] / 1000.0 + _ROUNDED_M
        if left_m >= 0.0:
            at = np.unique(ground.straight.index.within(**around, radius_m=left_m).point)
            places = index_of(supply.lon, supply.lat)
            near = np.unique(places.within(**around, radius_m=left_m).point)
    who = ground.located[at]
    lon, lat = ground.who.lon[who], ground.who.lat[who]
    in_reach = before.in_reach[who]
    for sign, streets in ((-1, network), (1, opened)):
        walked = index_of(supply.lon[near], supply.lat[near], streets, is_part=True)
        sums = walked.sum_within(lon=lon, lat=lat, radius_m=radius_m, weights=supply.amount[near])
        in_reach = in_reach + sign * np.asarray(sums, dtype=np.int64)
    straight = None
    if before.straight is not None:
        straight = before.straight[who]
        in_reach = np.minimum(in_reach, straight)
    if options.competition is not None:
        every = before.in_reach.copy()
        every[who] = in_reach
        return _shared_anew(ground, supply, options, every, before.straight)
    have = Have(in_reach, in_reach, straight)
    return Recount(
        who, in_reach, in_reach, reasons_of(ground, who, options, have), None, len(who), straight
    )


def _shared_anew(
    ground: Ground,
    supply: Supply,
    options: CoverageOptions,
    in_reach: Integers,
    straight: Integers | None,
) -> Recount:
    """Return what falls to each located person, all added up anew.

    Parameters
    ----------
    in_reach, straight
        What all people have after the change, (n,).
    """
    who = ground.located
    measure, demand = _available(ground, supply, options)
    have = Have(in_reach[who], measure, None if straight is None else straight[who])
    reason = reasons_of(ground, who, options, have)
    return Recount(who, have.in_reach, measure, reason, demand, len(who), have.straight)


def _with_radius(
    ground: Ground, before: Situation, edits: Edits, options: CoverageOptions
) -> Recount:
    """Return what all located people have within another radius."""
    who, supply, network = ground.located, gather(edits.rows), options.network
    was = before.in_reach if before.straight is None else before.straight
    # Who has nothing in a circle has nothing in a smaller one, if no place is added or moved.
    is_less = options.radius_m < before.options.radius_m and not edits.is_felt
    some = None
    recomputed = len(who)
    if is_less and options.competition is None:
        some = was[who] > 0
        recomputed = int(some.sum())
    in_reach = _counted(ground, supply, options.radius_m, network, some)
    straight = None
    if network is not None:
        straight = _counted(ground, supply, options.radius_m, None, some)
        in_reach = np.minimum(in_reach, straight)
    measure: Numbers = in_reach
    demand = None
    if options.competition is not None:
        measure, demand = _available(ground, supply, options)
    # The bound of a coarse place may follow the radius: everybody's reason is asked again.
    reason = reasons_of(ground, who, options, Have(in_reach, measure, straight))
    return Recount(who, in_reach, measure, reason, demand, recomputed, straight)


def _counted(
    ground: Ground,
    supply: Supply,
    radius_m: float,
    network: Network | None,
    some: NDArray[np.bool_] | None,
) -> Integers:
    """Return what the located have in reach, (l,): of all, or of some, and 0 of the others."""
    people = ground.on(network)
    if some is None:
        return count_in_reach(
            people.lon, people.lat, supply, radius_m, network=network, people_index=people.index
        )
    found = np.zeros(len(some), dtype=np.int64)
    found[some] = count_in_reach(
        people.lon[some], people.lat[some], supply, radius_m, network=network
    )
    return found


def _demand(ground: Ground, before: Situation, edits: Edits, supply: Supply) -> Integers:
    """Return the demand of each place of a changed supply: counted where there was no place."""
    found = np.full(len(supply.amount), -1, dtype=np.int64)
    if before.demand is not None and before.supply.place is not None and supply.place is not None:
        # A row that stands where it stood counts for what it did, and has a place on both sides.
        stood = (edits.stood >= 0) & (supply.place >= 0)
        found[supply.place[stood]] = before.demand[before.supply.place[edits.stood[stood]]]
    new = found < 0
    radius_m, people = before.options.radius_m, ground.on(before.options.network)
    found[new] = people.demand(supply.lon[new], supply.lat[new], radius_m)
    return found


def _shared(
    ground: Ground, who: Integers, supply: Supply, demand: Integers, options: CoverageOptions
) -> Floats:
    """Return what falls to each of some people: Σ_j S_j/D_j over the places in their circle.

    The sum that `geo_match.coverage.measures.competition` defines, over the same places.
    """
    ratio = np.zeros(len(demand))
    np.divide(supply.amount, demand, out=ratio, where=demand > 0)
    index = index_of(supply.lon, supply.lat, options.network, is_part=True)
    lon, lat = ground.who.lon[who], ground.who.lat[who]
    found = index.sum_within(lon=lon, lat=lat, radius_m=options.radius_m, weights=ratio)
    return np.asarray(found, dtype=np.float64)


def _available(
    ground: Ground, supply: Supply, options: CoverageOptions
) -> tuple[Floats, Integers | None]:
    """Return what falls to each located person, all added up anew, and the demand if it is kept."""
    decay = options.competition
    if decay is None:
        return np.zeros(len(ground.located)), None
    found = ground.on(options.network).availability(supply, decay, options.radius_m)
    kept = np.asarray(found.demand, np.int64) if keeps_demand(options, ground) else None
    return found.per_person, kept
