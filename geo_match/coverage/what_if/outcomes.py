"""The outcome of a situation, as a report of coverage has it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geo_match.coverage.answers.distance import distance_of
from geo_match.coverage.answers.straight import OnFoot, with_causes
from geo_match.coverage.measures.edge_effect import Extent

if TYPE_CHECKING:
    from geo_match.coverage.answers.outcome import Outcome
    from geo_match.coverage.answers.straight import Straight
    from geo_match.coverage.what_if.ground import Floats, Ground
    from geo_match.coverage.what_if.situation import Situation


def outcome_of(ground: Ground, after: Situation) -> Outcome:
    """Return what a report is made of: the situation's own, and what it leaves to be asked for.

    These are the distances of all people, on foot the causes, the supply without seekers, and the
    edge effect.
    """
    told, located = ground.report.outcome, ground.located
    outside = told.outside_data
    if outside is not None and after.options.radius_m != ground.report.options.radius_m:
        extent = Extent(ground.communities.areas)
        lon, lat = ground.who.lon[located], ground.who.lat[located]
        outside = _each(
            ground, extent.outside_share(lon=lon, lat=lat, radius_m=after.options.radius_m)
        )
    return replace(
        told,
        in_reach=after.in_reach,
        measure=after.measure,
        distance_m=distance_of(
            ground.who, after.supply, after.in_reach, after.options, after.options.network
        ),
        reason=after.reason,
        without_seekers=_without_seekers(ground, after),
        outside_data=outside,
        straight=_straight(ground, after),
    )


def _straight(ground: Ground, after: Situation) -> Straight | None:
    """Return, on foot, what there is straight, with its distances and causes looked for anew."""
    told, amount = ground.report.outcome.straight, after.straight
    if told is None or amount is None:
        return None
    # No change leads anybody to another street.
    straight = replace(
        told,
        in_reach=amount,
        distance_m=distance_of(ground.who, after.supply, amount, after.options, None),
        cause=np.full(len(amount), -1, dtype=np.int64),
    )
    on_foot = OnFoot(after.in_reach, after.in_reach, after.reason)
    return with_causes(straight, ground.who, after.supply, after.options, on_foot)


def _each(ground: Ground, values: Floats) -> Floats:
    """Return values of the located for all people, NaN for the others."""
    found = np.full(len(ground.who.ids), np.nan)
    found[ground.located] = values
    return found


def _without_seekers(ground: Ground, after: Situation) -> int:
    """Return how much of the supply nobody competes for; 0 without competition."""
    options, supply = after.options, after.supply
    if options.competition is None:
        return 0
    if after.demand is not None:
        return int(supply.amount[after.demand == 0].sum())
    people = ground.on(options.network)
    found = people.availability(supply, options.competition, options.radius_m)
    return int(supply.amount[found.without_seekers].sum())
