"""The streets that a server knows: which of some places are within a walk of another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self, cast

import numpy as np

from api.jobs.schemas import OnFoot, PlaceOnFoot, StreetsState
from geo_match.errors import ArgumentError
from geo_match.geodesy import geodesic_distance
from geo_match.walking import Network

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from api.jobs.schemas import WhyNot


class Centre(NamedTuple):
    """A place, degrees, WGS-84."""

    lon: float
    lat: float


class Walks(NamedTuple):
    """The places within a walk of a centre, nearest first.

    Parameters
    ----------
    place
        How the centre meets the streets.
    at
        int64, (n,): their positions among those given; in this order where they are as far.
    distance_m
        float64, (n,).
    on_foot
        What is said of each beside its distance.
    """

    place: PlaceOnFoot
    at: NDArray[np.int64]
    distance_m: NDArray[np.float64]
    on_foot: list[OnFoot]


class Streets:
    """A network that was opened; immutable, for concurrent readers.

    Parameters
    ----------
    network
        The streets.
    name
        Of its file.
    """

    def __init__(self, network: Network, name: str) -> None:
        self._network = network
        self.state = StreetsState(
            file=name,
            edges=network.info.edges,
            length_km=network.info.length_km,
            max_snap_m=network.max_snap_m,
            attribution=network.info.attribution or None,
        )

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file that `geo-match network build` made, and walk once: it compiles kernels.

        Raises
        ------
        FileError
            If it is not there, no network, or damaged.
        """
        network = Network.open(path)
        lon, lat = float(network.graph.lon[0]), float(network.graph.lat[0])
        network.distance(lon1=lon, lat1=lat, lon2=lon + 1e-4, lat2=lat)
        return cls(network, path.name)

    @property
    def network(self) -> Network:
        """The streets themselves, for what asks the library of them."""
        return self._network

    def walk(
        self, here: Centre, radius_m: float, lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> Walks:
        """Return which of some places are at most the radius from the centre on foot.

        Parameters
        ----------
        here
            The centre.
        radius_m
            Metres, inclusive.
        lon, lat
            Of the places in the straight circle, which holds all that are: degrees, (m,).
        """
        snapped = self._network.snap(lon=here.lon, lat=here.lat)
        place = PlaceOnFoot(
            snap_m=float(snapped.snap_m[0]) if snapped.is_snapped[0] else None,
            not_on_network=cast("WhyNot | None", str(snapped.reasons[0]) or None),
            jobs_in_straight_circle=len(lon),
        )
        # Jobs of one site are walked to once.
        different, of = np.unique(lon + 1j * lat, return_inverse=True)
        told = self._network.distance(
            lon1=here.lon,
            lat1=here.lat,
            lon2=different.real,
            lat2=different.imag,
            max_distance_m=radius_m,
        )
        distance_m, snap_m = told.distance_m[of], told.snap2_m[of]
        at = np.flatnonzero(told.is_reached[of])
        at = at[np.argsort(distance_m[at], kind="stable")]
        straight_m = geodesic_distance(lon1=here.lon, lat1=here.lat, lon2=lon[at], lat2=lat[at])
        snaps = np.broadcast_to(snapped.snap_m, len(at))
        on_foot = [
            OnFoot(straight_m=straight, place_snap_m=mine, site_snap_m=theirs)
            for straight, mine, theirs in zip(
                straight_m.tolist(), snaps.tolist(), snap_m[at].tolist(), strict=True
            )
        ]
        return Walks(place, at, distance_m[at], on_foot)


def no_streets() -> ArgumentError:
    """Return what to raise where walks are asked for and there are no streets."""
    return ArgumentError(
        "basis",
        "be geodesic: this server has no network of streets",
        "walking",
        "Its operator can set GEO_MATCH_NETWORK.",
    )


__all__ = ["Centre", "Streets", "Walks", "no_streets"]
