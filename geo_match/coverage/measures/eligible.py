"""What each person could take up: the eligible jobs in the circle, and what keeps who has none.

Who is eligible for what is for `geo_match.matching` to say; here it is counted in the circles that
coverage is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np
import pyarrow as pa

from geo_match.matching import CONDITIONS, Matcher, Prepared
from geo_match.matching.answers.counts import SEVERAL
from geo_match.matching.engine.side import Side
from geo_match.matching.given.columns import SEEKERS
from geo_match.matching.given.frames import seekers_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.matching import MatchOptions

BARRIERS: Final = (*CONDITIONS, SEVERAL)
"""What may keep somebody from every job in the circle: one condition, or several at each."""
_RADIUS: Final = SEEKERS.get_field_index("radius_m")


class EligibleFound(NamedTuple):
    """What is eligible in the circle of each of n people.

    Parameters
    ----------
    amount
        int64, (n,): vacancies left at eligible jobs, or these jobs; 0 of who is not located.
    barrier
        int64, (n,): place in `BARRIERS` of the condition that alone keeps the most jobs in the
        circle from who is eligible for none there; -1 for anybody else.
    """

    amount: NDArray[np.int64]
    barrier: NDArray[np.int64]


class Eligible:
    """A supply of jobs, made ready to be asked who is eligible for which.

    Parameters
    ----------
    supply
        As `geo_match.Matcher` takes jobs.
    options
        What makes eligible; their radius is that of the circles.
    count
        "vacancies" or "places", as in `CoverageOptions`.
    employers
        As `geo_match.Matcher` takes them.

    Raises
    ------
    FrameError, DatumError, ArgumentError
        If the jobs are not as they must be.
    """

    def __init__(
        self,
        supply: object,
        options: MatchOptions,
        count: Literal["vacancies", "places"],
        *,
        employers: object = None,
    ) -> None:
        self._matcher = Matcher(supply, options, employers=employers)
        self._column = {"vacancies": "vacancies", "places": "matches"}[count]

    def of(self, people: object) -> EligibleFound:
        """Return what is eligible in the circle of each person, in their order.

        Parameters
        ----------
        people
            As `geo_match.Matcher` takes seekers; a column `radius_m` does not count, as all
            circles are of one radius.

        Raises
        ------
        FrameError, DatumError, ArgumentError
            If they are not as they must be.
        """
        table = seekers_table(people)
        field = SEEKERS.field(_RADIUS)
        table = table.set_column(_RADIUS, field, pa.nulls(len(table), field.type))
        ready = Prepared(Side(table, "seeker", self._matcher.options))
        found = self._matcher.count(ready)
        return EligibleFound(
            amount=found[self._column].to_numpy(dtype=np.int64),
            barrier=np.asarray(found["condition"].cat.codes, dtype=np.int64),
        )


__all__ = ["BARRIERS", "Eligible", "EligibleFound"]
