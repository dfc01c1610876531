"""What else is told of people, where their frame says it: zero employment, another community."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types as kinds

from geo_match.coverage.answers.attribution import OUTSIDE
from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.given.communities import Communities
    from geo_match.coverage.given.people import People

ZERO_EMPLOYMENT: Final = "zero_employment"
"""The column that marks households of zero employment (零就业家庭)."""


def zero_employment(people: People) -> NDArray[np.bool_] | None:
    """Return who is marked as of zero employment, (n,); None where there is no such column.

    Null, which means that it is not known, marks nobody.

    Raises
    ------
    ArgumentError
        If the column holds something else than true, false and null.
    """
    if not people.given.has(ZERO_EMPLOYMENT):
        return None
    column = people.given.column(ZERO_EMPLOYMENT)
    if column is None or not (kinds.is_boolean(column.type) or kinds.is_null(column.type)):
        rule = f"hold true and false in `{ZERO_EMPLOYMENT}`"
        found = "a mixture" if column is None else str(column.type)
        remedy = "Make it true and false, or rename the column if it says something else."
        raise ArgumentError("people", rule, found, remedy)
    filled = pc.fill_null(column.cast(pa.bool_()), False)  # noqa: FBT003 - Arrow's
    return np.asarray(filled.to_numpy(zero_copy_only=False), dtype=np.bool_)


def recorded_elsewhere(
    people: People, communities: Communities, community: NDArray[np.int64]
) -> NDArray[np.bool_] | None:
    """Return who lives in another community than the record says, (n,).

    These are located, and their record names a community that is not the one that holds the place;
    a code that is none of the communities counts as outside all. A community without an area may
    hold it as well as not: who is recorded there is not among them. None where the people have no
    column `community`.

    Parameters
    ----------
    community
        int64, (n,): the position of each person's community, as `attribute` gives it.
    """
    if not people.given.has("community"):
        return None
    codes = pa.array(communities.codes, pa.string())
    recorded = pc.fill_null(pc.index_in(people.community, value_set=codes), OUTSIDE)
    named = people.community.is_valid().to_numpy(zero_copy_only=False)
    at = recorded.to_numpy(zero_copy_only=False)
    has_area = np.append(communities.has_area, True)
    return np.asarray(people.located & named & (at != community) & has_area[at], dtype=np.bool_)
