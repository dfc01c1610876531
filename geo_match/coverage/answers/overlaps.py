"""Who lives where areas overlap: each is counted once, in the least code's area, and told here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely

from geo_match.coverage.release import INTERNAL, RELEASE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.given.communities import Communities
    from geo_match.coverage.given.people import People


class Overlaps(NamedTuple):
    """Areas that share ground, and who lives there.

    Parameters
    ----------
    in_several
        bool, (n,): whose place lies in the area of the community and in another as well. A border
        that neighbours share, but no ground, is in one of them.
    pairs
        A row a pair of communities whose areas share ground, in the order of their codes: `code`,
        in which those who live there are counted, and `other`; `share` of the smaller area, 0 to
        1; `people`, the weights of those who are counted in the one and live in the other too;
        `release`, "internal". Who lives in three areas is in two of its rows.
    """

    in_several: NDArray[np.bool_]
    pairs: pd.DataFrame


def overlaps_of(people: People, communities: Communities, community: NDArray[np.int64]) -> Overlaps:
    """Return who lives in more than one area.

    Parameters
    ----------
    community
        int64, (n,): the position of each person's community, as `attribute` gives it.
    """
    pairs = communities.overlapping
    in_several = np.zeros(len(community), dtype=np.bool_)
    weights = []
    if pairs:
        located = np.flatnonzero(people.located)
        order = located[np.argsort(community[located], kind="stable")]
        begins = np.searchsorted(community[order], np.arange(len(communities) + 1))
    for one, other, _ in pairs:
        # Counted in the least code: who lives in both is counted in `one`, or in one before it.
        here = order[begins[one] : begins[one + 1]]
        area = communities.areas[other]
        both = here[shapely.intersects_xy(area, people.lon[here], people.lat[here])]
        in_several[both] = True
        weights.append(people.weight[both].sum())
    columns = {
        "code": communities.codes[[one for one, _, _ in pairs]],
        "other": communities.codes[[other for _, other, _ in pairs]],
        "share": np.array([share for _, _, share in pairs], dtype=np.float64),
        "people": np.array(weights, dtype=people.weight.dtype),
    }
    return Overlaps(in_several, pd.DataFrame({**columns, RELEASE: INTERNAL}))
