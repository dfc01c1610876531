"""Whose person each is: the community that holds the place, else the one on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.given.communities import Communities
    from geo_match.coverage.given.people import People

OUTSIDE: Final = -1
"""In place of a community's position: no area holds the place, or the record names none."""


def attribute(people: People, communities: Communities) -> NDArray[np.int64]:
    """Return the community of each person.

    A located person belongs to the area that holds the place, by the rule of the border of
    `ZoneIndex`, whatever the record says; one who is not located to the recorded code.

    Returns
    -------
    numpy.ndarray
        int64, (n,): position among the communities; `OUTSIDE` for a place in no area, or a record
        that names none of the communities.
    """
    found = np.full(len(people.ids), OUTSIDE, dtype=np.int64)
    located = people.located
    if located.any() and communities.has_area.any():
        # Both stand in the order of the codes; the index has those with an area alone.
        drawn = np.append(np.flatnonzero(communities.has_area), OUTSIDE)
        lon, lat = people.lon[located], people.lat[located]
        found[located] = drawn[communities.zones.positions(lon=lon, lat=lat)]
    recorded = people.community.filter(pa.array(~located))
    at = pc.index_in(recorded, value_set=pa.array(communities.codes, pa.string()), skip_nulls=True)
    found[~located] = pc.fill_null(at, OUTSIDE).to_numpy(zero_copy_only=False)
    return found
