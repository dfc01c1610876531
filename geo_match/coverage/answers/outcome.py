"""What coverage finds of each person, before it is told by rows: `Outcome`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geo_match.coverage.answers.figures import Numbers
    from geo_match.coverage.answers.straight import Straight


@dataclass(frozen=True, eq=False)
class Outcome:
    """What was found: of each person, (n,) each, and of the supply.

    Parameters
    ----------
    community
        int64: position among the communities; −1 outside.
    in_reach
        int64: how much is in the circle, or on foot within its radius, A; 0 of who is not located,
        which is never shown.
    measure
        What is compared with the standard: `in_reach`, or what of it falls to the person, or what
        of it the person is eligible for.
    distance_m
        Metres to the place at which there is enough; NaN where none was found.
    reason
        int64: place in `REASONS`; −1 at the standard or above.
    without_seekers
        How much of the supply nobody competes for; 0 without competition.
    outside_data
        float64: the share of the circle outside the communities' areas, NaN of who is not located;
        None where it was not asked for.
    eligible
        int64: how much in the circle the person is eligible for; None where it was not asked for.
    barrier
        int64: place in `geo_match.coverage.measures.eligible.BARRIERS` of what keeps who is below
        for `none_eligible` from the most of it; -1 of others. None where it was not asked for.
    zero_employment
        bool: who is marked so; None where the people have no such column.
    elsewhere
        bool: who lives in another community than the record says; None where there is no record.
    straight
        On foot: what there is straight; else None.
    """

    community: NDArray[np.int64]
    in_reach: NDArray[np.int64]
    measure: Numbers
    distance_m: NDArray[np.float64]
    reason: NDArray[np.int64]
    without_seekers: int
    outside_data: NDArray[np.float64] | None = None
    eligible: NDArray[np.int64] | None = None
    barrier: NDArray[np.int64] | None = None
    zero_employment: NDArray[np.bool_] | None = None
    elsewhere: NDArray[np.bool_] | None = None
    straight: Straight | None = None

    @property
    def counted(self) -> NDArray[np.int64]:
        """What must be at least `at_least` for a person to be reached."""
        return self.in_reach if self.eligible is None else self.eligible
