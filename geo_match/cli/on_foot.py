"""What the commands share that measure on foot: their options, and the streets that are walked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from geo_match.cli.circles import Figures
    from geo_match.intake import Places
    from geo_match.walking import Network

_ASKED: Final = "What is asked"
_STRAIGHT, _SNAP, _UNREACHABLE = "_straight", "snap_m", "unreachable"
"""Of the columns of a count on foot: the end of what is straight, and those about the origin."""


def parse_basis(text: object) -> str:
    """Return what a distance is to be."""
    from geo_match.matching.options import BASES  # noqa: PLC0415 - help must not wait for it

    if text not in BASES:
        message = f"must be one of {', '.join(BASES)}, got {str(text)!r}."
        raise typer.BadParameter(message)
    return str(text)


Basis = Annotated[
    str,
    typer.Option(
        "--basis",
        parser=parse_basis,
        metavar="BASIS",
        help="What a distance is: geodesic, the straight line; or walking, the shortest way along "
        "the streets of --network.",
        rich_help_panel=_ASKED,
    ),
]
Streets = Annotated[
    Path | None,
    typer.Option(
        "--network",
        metavar="NET",
        show_default=False,
        help="With --basis walking: the file of the streets, as `geo-match network build` makes "
        "it.",
        rich_help_panel=_ASKED,
    ),
]


def network_of(basis: str, path: Path | None) -> Network | None:
    """Open the streets if they are walked; None in straight lines.

    Raises
    ------
    typer.BadParameter
        If there is one of the two options without the other.
    FileError
        If the file is not there, or no network.
    """
    if basis != "walking":
        if path is not None:
            message = "must not be given without --basis walking."
            raise typer.BadParameter(message, param_hint="--network")
        return None
    if path is None:
        message = "must be given with --basis walking; `geo-match network build` makes one."
        raise typer.BadParameter(message, param_hint="--network")
    from geo_match.walking import Network  # noqa: PLC0415 - help must not wait for it

    return Network.open(path)


def check_weights(names: Sequence[str], basis: str) -> None:
    """Check that no column to be added up has the name of one that is written on foot.

    Raises
    ------
    typer.BadParameter
        If one has.
    """
    made = {*(f"{name}{_STRAIGHT}" for name in names), _SNAP, _UNREACHABLE}
    for name in names if basis == "walking" else ():
        if name in made:
            message = f"must name another column with --basis walking, which makes {name!r} itself."
            raise typer.BadParameter(message, param_hint="--weight")


class Walked:
    """Two lists of places that are led to streets.

    Parameters
    ----------
    network
        The streets.
    origins, sites
        The places.
    """

    def __init__(self, network: Network, origins: Places, sites: Places) -> None:
        self._origins, self._sites = origins, sites
        self._of_origins = network.snap(lon=origins.lon, lat=origins.lat)
        self._of_sites = network.snap(lon=sites.lon, lat=sites.lat)

    def beside(
        self, query: NDArray[np.int64], point: NDArray[np.int64]
    ) -> dict[str, NDArray[np.float64]]:
        """Return what is written of pairs beside their distance on foot."""
        from geo_match.geodesy import geodesic_distance  # noqa: PLC0415 - help must not wait for it

        origins, sites = self._origins, self._sites
        return {
            "straight_m": geodesic_distance(
                lon1=origins.lon[query],
                lat1=origins.lat[query],
                lon2=sites.lon[point],
                lat2=sites.lat[point],
            ),
            "origin_snap_m": self._of_origins.snap_m[query],
            "site_snap_m": self._of_sites.snap_m[point],
        }

    def counted(self, on_foot: Figures, straight: Figures) -> Figures:
        """Return what is written of each origin: its figures, and beside them what tells of them.

        Parameters
        ----------
        on_foot, straight
            Figures of the origins by the name of their column.

        Returns
        -------
        dict
            Those on foot, no value where no street leads to the origin; each as it is straight
            under its name with `_straight`; `snap_m`, how far the origin is from its street,
            metres; `unreachable`, why no street leads to it, no value where one does.
        """
        import numpy as np  # noqa: PLC0415 - as above

        snaps = self._of_origins
        is_lost = ~snaps.is_snapped
        return {
            **{name: np.ma.masked_array(values, is_lost) for name, values in on_foot.items()},
            **{f"{name}{_STRAIGHT}": values for name, values in straight.items()},
            _SNAP: np.ma.masked_array(snaps.snap_m, is_lost),
            _UNREACHABLE: np.ma.masked_array(snaps.reasons, ~is_lost),
        }

    def lines(self) -> Iterator[str]:
        """Yield what is told of places that no street leads to, if there are any."""
        from geo_match.intake.faults import counted  # noqa: PLC0415 - help must not wait for it

        for what, snaps in (("origin", self._of_origins), ("site", self._of_sites)):
            reasons = snaps.reasons[~snaps.is_snapped].tolist()
            why = ", ".join(
                f"{reasons.count(one):,} {one.replace('_', ' ')}" for one in sorted({*reasons})
            )
            if reasons:
                n = counted(len(reasons), what)
                yield f"  led to no street, so not reached on foot: {n} of {len(snaps):,} ({why})"


__all__ = ["Basis", "Streets", "Walked", "check_weights", "network_of"]
