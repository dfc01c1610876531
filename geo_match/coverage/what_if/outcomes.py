"""The outcome of a situation, as a report of coverage has it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geo_match.coverage.measures.edge_effect import Extent
from geo_match.coverage.measures.reach import distance_to_enough, on_its_side

if TYPE_CHECKING:
    from geo_match.coverage.answers.report import Outcome
    from geo_match.coverage.what_if.ground import Floats, Ground
    from geo_match.coverage.what_if.situation import Situation


def outcome_of(ground: Ground, after: Situation) -> Outcome:
    """Return what a report is made of: the situation's own, and what it leaves to be asked for.

    These are the distances of all people, the supply without seekers, and the edge effect.
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
        distance_m=_each(ground, _distance(ground, after)),
        reason=after.reason,
        without_seekers=_without_seekers(ground, after),
        outside_data=outside,
    )


def _each(ground: Ground, values: Floats) -> Floats:
    """Return values of the located for all people, NaN for the others."""
    found = np.full(len(ground.who.ids), np.nan)
    found[ground.located] = values
    return found


def _distance(ground: Ground, after: Situation) -> Floats:
    """Return how far the located must go until there is enough, on the circle's right side."""
    options = after.options
    found = distance_to_enough(
        ground.who.lon[ground.located],
        ground.who.lat[ground.located],
        after.supply,
        enough=options.at_least,
        max_distance_m=options.max_distance_m,
    )
    return on_its_side(
        found,
        after.in_reach[ground.located] >= options.at_least,
        radius_m=options.radius_m,
        max_distance_m=options.max_distance_m,
    )


def _without_seekers(ground: Ground, after: Situation) -> int:
    """Return how much of the supply nobody competes for; 0 without competition."""
    options, supply = after.options, after.supply
    if options.competition is None:
        return 0
    if after.demand is not None:
        return int(supply.amount[after.demand == 0].sum())
    found = ground.availability(supply, options.competition, options.radius_m)
    return int(supply.amount[found.without_seekers].sum())
