"""How far each person must go until there is enough, on the side of the radius where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo_match.coverage.measures.reach import distance_to_enough, on_its_side

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.given.people import People
    from geo_match.coverage.given.supply import Supply
    from geo_match.coverage.options import CoverageOptions
    from geo_match.walking.network import Network


def distance_of(
    people: People,
    supply: Supply,
    in_reach: NDArray[np.int64],
    options: CoverageOptions,
    network: Network | None,
) -> NDArray[np.float64]:
    """Return how far people must go until there is enough.

    Parameters
    ----------
    in_reach
        How much is within the radius, (n,), on the same basis.
    network
        The streets, on foot; None for the geodesic, whatever the options say.

    Returns
    -------
    numpy.ndarray
        float64 metres, (n,); NaN of who is not located, or where it is farther than
        `max_distance_m`.
    """
    located = people.located
    far = distance_to_enough(
        people.lon[located],
        people.lat[located],
        supply,
        enough=options.at_least,
        max_distance_m=options.max_distance_m,
        network=network,
    )
    found = np.full(len(located), np.nan)
    found[located] = on_its_side(
        far,
        in_reach[located] >= options.at_least,
        radius_m=options.radius_m,
        max_distance_m=options.max_distance_m,
    )
    return found
