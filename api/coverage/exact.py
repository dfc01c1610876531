"""Exact coverage, for who may have it: made in a thread of its own, kept while nothing changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.coverage.single_flight import FEW_WAITING, SingleFlight
from api.coverage.town import NothingToTellError, read_town
from geo_match.coverage.what_if.what_if import WhatIf

if TYPE_CHECKING:
    from api.coverage.town import Point
    from geo_match.coverage import CoverageReport
    from geo_match.store import Store

_WAIT_S: Final = 25.0
_KEPT: Final = 2  # each has all people in memory


@dataclass(frozen=True)
class Found:
    """A report, and as of when.

    Parameters
    ----------
    report
        Exact.
    what_if
        To ask what would change; None where that was not asked.
    cursor
        As of when the store was read.
    invented
        True if the records are invented, else None.
    """

    report: CoverageReport
    what_if: WhatIf | None
    cursor: str
    invented: bool | None


class Exact:
    """Exact reports of a store, the last few of which are kept.

    Parameters
    ----------
    store
        Of which.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._flight: SingleFlight[Found] = SingleFlight(_KEPT)

    @property
    def makings(self) -> int:
        """How many were made in this process."""
        return self._flight.makings

    def report(
        self, point: Point, *, radius_m: float, at_least: int = 1, what_if: bool = False
    ) -> Found:
        """Return who is reached, as the store has it now.

        Parameters
        ----------
        point
            Of whom, by what and when.
        radius_m, at_least
            As `geo_match.coverage.CoverageOptions` has them.
        what_if
            Whether it is to be asked what would change.

        Raises
        ------
        NothingToTellError
            If the store has nobody to tell of.
        NotReadyError
            If it takes too long, or some wait already; once begun it is made all the same, for who
            asks again.
        GeoMatchError
            If the store cannot be read, or its records make no coverage.
        """

        def make() -> Found:
            town = read_town(self._store, point)
            if town.is_empty:
                raise NothingToTellError
            report = town.report(radius_m=radius_m, at_least=at_least)
            asked = WhatIf(report) if what_if else None
            return Found(report, asked, str(town.cursor), town.invented)

        key = (str(self._store.cursor()), point, radius_m, at_least, what_if)
        return self._flight.get(key, make, wait_s=_WAIT_S, waiting=FEW_WAITING)
