"""What people who are asked about on foot have in the straight circle, and why it is more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from geo_match.coverage.answers.distance import distance_of
from geo_match.coverage.answers.reasons import REASONS
from geo_match.coverage.measures.missed import CAUSES, causes
from geo_match.coverage.measures.reach import in_reach

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo_match.coverage.answers.figures import Groups, Numbers
    from geo_match.coverage.given.people import People
    from geo_match.coverage.given.supply import Supply
    from geo_match.coverage.measures.near import Near
    from geo_match.coverage.options import CoverageOptions
    from geo_match.walking.network import Network

    Integers = NDArray[np.int64]

NONE_ON_FOOT: Final = REASONS.index("none_on_foot")
NOT_ON_NETWORK: Final = "people_not_on_network"
"""How many of the located are led to no street."""


class OnFoot(NamedTuple):
    """What was found of each person on foot, (n,) each.

    Parameters
    ----------
    in_reach
        int64: how much.
    counted
        int64: what must be at least `at_least` for a person to be reached.
    reason
        int64: as in `Outcome`.
    near
        Gives of some of these people, by their positions, the places in their straight circles
        with something that they are eligible for; None where that is not asked.
    """

    in_reach: Integers
    counted: Integers
    reason: Integers
    near: Callable[[Integers], Near] | None = None


@dataclass(frozen=True, eq=False)
class Straight:
    """What was found of each person beside what is on foot, (n,) each.

    Parameters
    ----------
    in_reach
        int64: how much is in the straight circle, at least what is on foot; 0 of who is not
        located.
    distance_m
        Metres, straight, to the place at which there is enough; NaN where none was found.
    cause
        int64: place in `CAUSES` of why there is less on foot, of who has enough straight and not
        on foot, and of who is below the standard for `none_on_foot`; −1 of others.
    not_on_network
        bool: who is located, and led to no street.
    eligible
        int64: how much in the straight circle the person is eligible for; None where it was not
        asked for.
    """

    in_reach: Integers
    distance_m: NDArray[np.float64]
    cause: Integers
    not_on_network: NDArray[np.bool_]
    eligible: Integers | None = None

    @property
    def counted(self) -> Integers:
        """What must be at least `at_least` for a person to be reached, straight."""
        return self.in_reach if self.eligible is None else self.eligible

    @property
    def measured(self) -> dict[str, Numbers]:
        """What has quantiles, by its name."""
        found: dict[str, Numbers] = {"in_reach_straight": self.in_reach}
        if self.eligible is not None:
            found["eligible_straight"] = self.eligible
        return {**found, "distance_straight": self.distance_m}

    def columns(self, located: NDArray[np.bool_]) -> dict[str, Any]:
        """Return the columns of a frame of the people, (n,) each."""
        found: dict[str, Any] = {
            "in_reach_straight": pd.arrays.IntegerArray(self.in_reach.copy(), ~located),
            "distance_straight_m": self.distance_m.copy(),
        }
        if self.eligible is not None:
            found["eligible_straight"] = pd.arrays.IntegerArray(self.eligible.copy(), ~located)
        words = np.array([*CAUSES, None], dtype=object)
        return {**found, "cause": words[self.cause]}

    def figures(
        self, groups: Groups, counted: Integers, reason: Integers, at_least: int
    ) -> dict[str, Numbers]:
        """Return who has no street near, who is reached straight, who not on foot, and why, (g,).

        Parameters
        ----------
        counted, reason
            As in `Outcome`.
        """
        lost = (self.counted >= at_least) & (counted < at_least)
        found = {
            NOT_ON_NETWORK: groups.total(self.not_on_network),
            "reached_straight": groups.total(self.counted >= at_least),
            "lost_on_foot": groups.total(lost),
        }
        for name, of_whom in (("lost_on_foot", lost), ("none_on_foot", reason == NONE_ON_FOOT)):
            by_cause = groups.totals(np.where(of_whom, self.cause, -1), len(CAUSES))
            found |= {f"{name}_{cause}": by_cause[:, at] for at, cause in enumerate(CAUSES)}
        return found


def straight_of(
    people: People, supply: Supply, options: CoverageOptions, network: Network
) -> Straight:
    """Return what people have in the straight circle; causes are for `with_causes` to find.

    Parameters
    ----------
    network
        The streets on foot.
    """
    located = people.located
    lon, lat = people.lon[located], people.lat[located]
    amount = np.zeros(len(located), dtype=np.int64)
    amount[located] = in_reach(lon, lat, supply, options.radius_m)
    nowhere = np.zeros(len(located), dtype=np.bool_)
    nowhere[located] = ~network.snap(lon=lon, lat=lat).is_snapped
    return Straight(
        in_reach=amount,
        distance_m=distance_of(people, supply, amount, options, None),
        cause=np.full(len(amount), -1, dtype=np.int64),
        not_on_network=nowhere,
    )


def with_causes(
    straight: Straight, people: People, supply: Supply, options: CoverageOptions, found: OnFoot
) -> Straight:
    """Return the same with the cause of each of whom it is told."""
    network, near = options.network, found.near
    if network is None:
        return straight
    lost = (straight.counted >= options.at_least) & (found.counted < options.at_least)
    who = np.flatnonzero(lost | (found.reason == NONE_ON_FOOT))
    cause = straight.cause.copy()
    cause[who] = causes(
        people.lon[who],
        people.lat[who],
        found.in_reach[who],
        supply=supply,
        radius_m=options.radius_m,
        network=network,
        fitting=None if near is None else lambda some: near(who[some]),
    )
    return replace(straight, cause=cause)
