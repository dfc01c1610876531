"""Moves of the ledger's households since 2022: whence they came to where they live now.

Old homes are drawn hundredth by hundredth of the city, as households are, each from a stream of
its own: they too are the same in any share of the city.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.demo._random import marks, stream
from geo_match.demo.history._days import FIRST_DAY, LAST_DAY, midnights
from geo_match.demo.people.draw import household_key
from geo_match.demo.people.households import count_households, count_parts, list_part

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo_match.demo.ground.homes import Homes
    from geo_match.demo.history.ledger import Ledger
    from geo_match.demo.people import People

_MOVED: Final = 0.06
_IN_DISTRICT: Final = 0.68


def draw_moves(
    people: People, ledger: Ledger, homes: Homes, areas: gpd.GeoDataFrame, *, seed: int
) -> pd.DataFrame:
    """Draw the table `moves`, by household.

    The more people live in a community, the more have come from there; none moved within theirs.

    Parameters
    ----------
    people
        Everybody.
    ledger
        Whose households may have moved.
    homes, areas
        What `draw_homes` and `draw_areas` drew.
    seed
        At least 0.
    """
    home = np.unique(people.members["household"].to_numpy()[ledger.member])
    home = home[marks(people.key[home], seed, "history", "move") < _MOVED]
    key = people.key[home]

    def mark(name: str) -> NDArray[np.float64]:
        return marks(key, seed, "history", "move", name)

    now = people.households["community"].cat.codes.to_numpy()[home].astype(np.int64)
    origin = _choose_origin(areas, now, mark("near"), mark("from"))
    span = (LAST_DAY - FIRST_DAY).astype(int) + 1
    among = mark("among")
    lon, lat = np.empty(len(home)), np.empty(len(home))
    for part, rows in _by_part(people, areas, key):
        generator = stream(seed, "history", "move", str(part))
        lon[rows], lat[rows] = homes.place(origin[rows], generator, among=among[rows])
    return pd.DataFrame(
        {
            "household": people.households["id"].array[home],
            "moved_on": midnights(FIRST_DAY + (mark("day") * span).astype(np.int64)),
            "from_community": pd.Categorical.from_codes(origin, areas["code"].to_numpy(object)),
            "from_lon": lon,
            "from_lat": lat,
        }
    )


def _by_part(
    people: People, areas: gpd.GeoDataFrame, key: NDArray[np.uint64]
) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Yield each part of the city that is here, and which of the keys are of its households.

    Parameters
    ----------
    people
        Of whose share the parts are.
    areas
        What `draw_areas` drew.
    key
        Of households, ascending, shape (n,).
    """
    villages = (areas["kind"] == "村委会").to_numpy()
    counts = count_households(areas["population"].to_numpy(np.int64), villages)
    for part in range(count_parts(people.share)):
        theirs = household_key(*list_part(counts, part))
        at = np.searchsorted(key, theirs)
        yield part, at[np.append(key, np.uint64(0))[at] == theirs]


def _choose_origin(
    areas: gpd.GeoDataFrame,
    now: NDArray[np.int64],
    near: NDArray[np.float64],
    mark: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Return the row of the community that each household came from."""
    # By district, so that each has a run of the running sum.
    order = np.argsort(areas["lies_in"].to_numpy(), kind="stable")
    place = np.argsort(order)
    running = np.concatenate([[0], np.cumsum(areas["population"].to_numpy(np.float64)[order])])
    district = areas["lies_in"].to_numpy()[order]
    here = district[place[now]]
    local = near < _IN_DISTRICT
    first = np.where(local, np.searchsorted(district, here), 0)
    beyond = np.where(local, np.searchsorted(district, here, side="right"), len(areas))
    # The present community is cut out of the run, for nobody moved within it.
    own, after = running[place[now]], running[place[now] + 1]
    total = running[beyond] - running[first] - (after - own)
    drawn = running[first] + mark * total
    drawn += np.where(drawn >= own, after - own, 0.0)
    at = np.searchsorted(running, drawn, side="right") - 1
    return np.asarray(order[np.clip(at, first, beyond - 1)])
