"""The releases of a store, in a folder: cut once a month, shared by all workers.

A release is cut when a server starts, or when somebody first asks after its month-end, from what
the store has at that moment, and is written down. It is read from there ever after, whatever is
written to the store: were figures issued anew after each write, whoever asks before and after would
learn of a single change. Only the last one is served, for the same reason: between two of them are
few changes.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING, Final

from api.coverage.folder import ReleaseFolder
from api.coverage.menu import OF, SUPPLY, last_month_end
from api.coverage.release import Release
from api.coverage.single_flight import FEW_WAITING, WAITING, SingleFlight
from api.coverage.totals import unemployed_table
from api.coverage.town import NothingToTellError, Point, read_town
from api.priority import give_way
from api.problems import logged
from geo_match.errors import GeoMatchError
from geo_match.records.clock import CHINA

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geo_match.store import Store

WAIT_S: Final = 10.0
_LOG: Final = logging.getLogger(__name__)
_KEPT: Final = 1


class NotReleasedError(Exception):
    """Nothing is published of a month-end.

    Parameters
    ----------
    last
        The one of which something is.
    """

    def __init__(self, last: dt.date) -> None:
        self.last = last
        super().__init__()


def day_in_china() -> dt.date:
    """Return the day that it is in China."""
    return dt.datetime.now(CHINA).date()


class Releases:
    """What was published of a store, and what is to be.

    Parameters
    ----------
    store
        Of which.
    folder
        Where it is written down; made if it is not there.
    today
        Returns the day in China.
    wait_s
        Seconds that somebody waits for what is being made.
    """

    def __init__(
        self,
        store: Store,
        folder: Path,
        *,
        today: Callable[[], dt.date] = day_in_china,
        wait_s: float = WAIT_S,
    ) -> None:
        self.today = today
        self._wait_s = wait_s
        self._store = store
        self._folder = ReleaseFolder(folder)
        self._flight: SingleFlight[Release] = SingleFlight(_KEPT)

    @property
    def makings(self) -> int:
        """How many were read or made in this process."""
        return self._flight.makings

    def at(self, on: dt.date | None) -> Release:
        """Return what is published of the last month-end; it is published now if it was not.

        Parameters
        ----------
        on
            The last month-end, or None.

        Raises
        ------
        NotReleasedError
            If it is another.
        NothingToTellError
            If the store has nobody to tell of.
        NotReadyError
            If it is still being made.
        FileError
            If what was published cannot be read, or what is to be, not written down.
        GeoMatchError
            If the store cannot be read, or its records make no coverage.
        """
        last = last_month_end(self.today())
        if on is not None and on != last:
            raise NotReleasedError(last)
        name = self._name(last)
        return self._flight.get(
            name,
            lambda: self._read_or_make(name, last),
            wait_s=self._wait_s,
            waiting=WAITING if self._folder.has(name) else FEW_WAITING,
        )

    def begin(self) -> None:
        """Publish the last month-end before anybody asks, as `at` does, and wait for nothing.

        It is made in a thread of its own, which gives way to those that answer, and which an end of
        the process ends: what is not whole by then is not written down. A failure is logged.

        Raises
        ------
        GeoMatchError
            If the store cannot be read.
        """
        last = last_month_end(self.today())
        name = self._name(last)

        def make() -> Release:
            give_way()  # the thread then ends
            try:
                return self._read_or_make(name, last)
            except NothingToTellError:
                raise  # not yet: the store may be filled later
            except (GeoMatchError, OSError) as error:
                _LOG.error("The coverage of %s is not published: %s", last, logged(error))
                raise

        self._flight.begin(name, make)

    def _name(self, day: dt.date) -> str:
        epoch = self._store.cursor().epoch  # a store that was restored is another
        return f"{day.isoformat()}.{epoch}.json"

    def _read_or_make(self, name: str, day: dt.date) -> Release:
        return self._folder.read_or_make(name, Release.parse, lambda key: self._make(day, key))

    def _make(self, day: dt.date, key: bytes) -> Release:
        town = read_town(self._store, Point(OF, SUPPLY, day))
        if town.is_empty:
            raise NothingToTellError
        _LOG.info("Publishing the coverage of %s; of many communities that takes minutes.", day)
        made_at = dt.datetime.now(dt.UTC)
        unemployed = unemployed_table(self._store, town)
        made = Release.of(town, key=key, made_at=made_at, unemployed=unemployed)
        _LOG.info("The coverage of %s is published.", day)
        return made
