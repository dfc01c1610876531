"""On what a distance is measured: straight, or along the streets of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from geo_match.index import PointIndex
from geo_match.spatial import SpatialIndex

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from geo_match.walking.network import Network


class Index(SpatialIndex, Protocol):
    """What both `PointIndex` and `WalkingIndex` can: a `SpatialIndex` that sums both ways."""

    def prepare(self, weights: ArrayLike) -> Any:  # noqa: ANN401 - each index has its own
        """Return weights made ready for many calls of `sum_within`."""

    def sum_reaching(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike, weights: ArrayLike
    ) -> NDArray[np.int64] | NDArray[np.float64]:
        """Return for each indexed point the sum of the weights, (n,), of queries that reach it."""


def index_of(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    network: Network | None = None,
    *,
    is_part: bool = False,
) -> Index:
    """Return an index of places, on foot where there is a network.

    Parameters
    ----------
    lon, lat
        Degrees WGS-84, (m,).
    is_part
        Whether they are some of many, or what a change leaves of them: these may all be elsewhere,
        and are not refused for it. All that was given is asked about once.

    Raises
    ------
    ArgumentError
        If they are not a part, and show that the network is another city's; see `Network.index`.
    """
    if network is None:
        return PointIndex(lon=lon, lat=lat)
    return network.index(lon=lon, lat=lat, is_part=is_part)


__all__ = ["Index", "index_of"]
