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
    lon: NDArray[np.float64], lat: NDArray[np.float64], network: Network | None = None
) -> Index:
    """Return an index of places, degrees WGS-84, (m,), on foot where there is a network."""
    if network is None:
        return PointIndex(lon=lon, lat=lat)
    return network.index(lon=lon, lat=lat)


__all__ = ["Index", "index_of"]
