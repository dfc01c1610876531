"""What a report can be told by: levels of communities, H3 cells, or a column of the people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.coverage.answers.hexagons import hexagon_rows
from geo_match.coverage.answers.rows import level_rows, people_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geo_match.coverage.answers.rows import Rows
    from geo_match.coverage.given.communities import Communities
    from geo_match.coverage.given.people import People

LEVELS: Final = ("community", "street", "district", "city", "h3")
"""What a report can be told by, beside columns of the people."""


def rows_by(
    first: str, who: People, communities: Communities, community: NDArray[np.int64]
) -> Rows:
    """Return the rows of a level or of a column of the people.

    Parameters
    ----------
    first
        One of `LEVELS`, or a column of the people.
    community
        int64, (n,): the position of each person's community, as `attribute` gives it.

    Raises
    ------
    ArgumentError
        If there is no such column, or a community has no such level.
    """
    if first == "h3":
        return hexagon_rows(who)
    if first in LEVELS:
        return level_rows(first, communities, community)
    return people_rows(*who.groups(first))
