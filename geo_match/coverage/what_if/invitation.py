"""Whom to invite to a place: the people around it, and the employers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from geo_match.coverage.answers.reasons import REASONS
from geo_match.coverage.answers.rows import with_last
from geo_match.coverage.given.people import as_objects, read_ids
from geo_match.coverage.measures.basis import index_of
from geo_match.coverage.release import INTERNAL, RELEASE
from geo_match.coverage.what_if.ground import as_text
from geo_match.matching.given.faults import Faults, raise_any
from geo_match.matching.given.frame import Given
from geo_match.matching.given.places import places

if TYPE_CHECKING:
    from datetime import date

    from geo_match.coverage.measures.basis import Index
    from geo_match.coverage.what_if.ground import Floats, Ground, Integers
    from geo_match.coverage.what_if.situation import Situation
    from geo_match.walking.network import Network

ONLY: Final = ("below", "unreached", "all")
"""Whom to invite: those below the standard, those with less than `at_least` in reach, or all."""


@dataclass(frozen=True, eq=False, repr=False)
class Invitation:
    """People and employers around a place: a list of names for those alone who may see it.

    Parameters
    ----------
    id, lon, lat
        The place, degrees WGS-84.
    radius_m
        Metres, inclusive, on foot where the report is.
    only
        Who of the people, one of `ONLY`.
    on
        The day of the fair, which names it and decides nothing; None for none.
    people
        By distance, then in their order: `id`, `distance_m`, `community` (null outside),
        `in_reach`, `reason` (null at the standard or above), `on`, `release`, "internal".
    employers
        The same: `id`, `distance_m`, `on`, `release`; None where none were given.
    employers_unlocated
        How many of them have no place, and cannot be said to be near.
    """

    id: str
    lon: float
    lat: float
    radius_m: float
    only: str
    on: date | None
    people: pd.DataFrame
    employers: pd.DataFrame | None
    employers_unlocated: int

    @property
    def release(self) -> str:
        """What it is: "internal"."""
        return INTERNAL

    def __repr__(self) -> str:
        """Name the invitation by its size: whom it names is for those who may see it."""
        return f"Invitation({len(self.people):,} rows of people within {self.radius_m:g} m)"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where to, and how far around: as in `Invitation`."""

    id: str
    lon: float
    lat: float
    radius_m: float
    on: date | None


def invite(
    ground: Ground, now: Situation, spot: Spot, *, employers: object, only: str
) -> Invitation:
    """Return whom to invite; see `WhatIf.invite`."""
    near, away = _near(ground.on(now.options.network).index, spot)
    who = ground.located[near]
    if only == "all":
        asked = np.ones(len(who), dtype=np.bool_)
    elif only == "below":
        asked = now.reason[who] >= 0
    else:
        asked = now.in_reach[who] < now.options.at_least
    who, away = who[asked], away[asked]
    codes = with_last(ground.communities.codes, None)  # of −1, outside
    words = np.array([*REASONS, None], dtype=object)
    people = pd.DataFrame(
        {
            "id": as_text(as_objects(ground.who.ids.take(pa.array(who)))),
            "distance_m": away,
            "community": as_text(codes[ground.community[who]]),
            "in_reach": now.in_reach[who],
            "reason": as_text(words[now.reason[who]]),
            "on": spot.on,
            RELEASE: INTERNAL,
        }
    )
    sites, unlocated = None, 0
    if employers is not None:
        sites, unlocated = _employers(employers, spot, now.options.network)
    return Invitation(
        id=spot.id,
        lon=spot.lon,
        lat=spot.lat,
        radius_m=spot.radius_m,
        only=only,
        on=spot.on,
        people=people,
        employers=sites,
        employers_unlocated=unlocated,
    )


def _near(index: Index, spot: Spot) -> tuple[Integers, Floats]:
    """Return the points around a place by distance, then position, and how far each is."""
    pairs = index.within(lon=spot.lon, lat=spot.lat, radius_m=spot.radius_m)
    order = np.argsort(pairs.distance_m, kind="stable")
    return pairs.point[order], pairs.distance_m[order]


def _employers(frame: object, spot: Spot, network: Network | None) -> tuple[pd.DataFrame, int]:
    """Return the employers around a place, and how many have none of their own."""
    faults = Faults("employers")
    given = Given(frame, faults)
    ids = read_ids(given, "id", faults)
    lon, lat = places(given, faults)
    raise_any(faults)
    located = np.flatnonzero(~np.isnan(lon))
    near, away = _near(index_of(lon[located], lat[located], network), spot)
    found = pd.DataFrame(
        {
            "id": as_text(as_objects(ids.take(pa.array(located[near])))),
            "distance_m": away,
            "on": spot.on,
            RELEASE: INTERNAL,
        }
    )
    return found, len(lon) - len(located)
