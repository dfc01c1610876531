"""The releases of a store, in a folder: cut once a month, shared by all workers.

A release is cut when somebody first asks after its month-end, from what the store has at that
moment, and is written down. It is read from there ever after, whatever is written to the store:
were figures issued anew after each write, whoever asks before and after would learn of a single
change. Beside it lies the key of the noise, the same for all of them.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from api.coverage.menu import OF, SUPPLY, last_month_end
from api.coverage.release import Release
from api.coverage.single_flight import SingleFlight
from api.coverage.town import NothingToTellError, Point, read_town
from geo_match.coverage.publication.key_file import new_key, read_key, write_key
from geo_match.records.clock import CHINA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from geo_match.store import Store

WAIT_S: Final = 10.0
_KEPT: Final = 4
_KEY: Final = "key"
_NAME: Final = re.compile(r"(\d{4}-\d{2}-\d{2})\.([0-9a-f]+)\.json", re.ASCII)


class NotReleasedError(Exception):
    """Nothing was published of a month-end.

    Parameters
    ----------
    dates
        Of which something was.
    """

    def __init__(self, dates: list[dt.date]) -> None:
        self.dates = dates
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
        self._folder = folder
        self._flight: SingleFlight[Release] = SingleFlight(_KEPT)

    @property
    def makings(self) -> int:
        """How many were read or made in this process."""
        return self._flight.makings

    def dates(self) -> list[dt.date]:
        """Return the month-ends of which something was published, and the last one."""
        epoch = self._store.cursor().epoch
        found = {last_month_end(self.today())}
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                named = _NAME.fullmatch(path.name)
                if named and named[2] == epoch:
                    found.add(dt.date.fromisoformat(named[1]))
        return sorted(found)

    def at(self, on: dt.date | None) -> Release:
        """Return what was published of a month-end; the last one is published now if it was not.

        Parameters
        ----------
        on
            A month-end before today; the last one if None.

        Raises
        ------
        NotReleasedError
            If it is an earlier one of which nothing was published in its time.
        NothingToTellError
            If the store has nobody to tell of.
        NotReadyError
            If it is still being made.
        GeoMatchError
            If the store cannot be read, or its records make no coverage.
        """
        last = last_month_end(self.today())
        day = last if on is None else on
        epoch = self._store.cursor().epoch  # a store that was restored is another
        path = self._folder / f"{day.isoformat()}.{epoch}.json"
        if day != last and not path.exists():
            raise NotReleasedError(self.dates())
        return self._flight.get(path, lambda: self._read_or_make(path, day), wait_s=self._wait_s)

    def _read_or_make(self, path: Path, day: dt.date) -> Release:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(self._folder / ".lock"):  # another worker may be making it
            if path.exists():
                return Release.parse(path.read_text(encoding="utf-8"))
            town = read_town(self._store, Point(OF, SUPPLY, day))
            if town.is_empty:
                raise NothingToTellError
            release = Release.of(town, key=self._key(), made_at=dt.datetime.now(dt.UTC))
            made = path.with_suffix(".part")
            made.write_text(release.text(), encoding="utf-8")
            made.replace(path)  # whole, or not there
            return release

    def _key(self) -> bytes:
        path = self._folder / _KEY
        key = read_key(path)
        if key is None:
            key = new_key()
            write_key(path, key)
        return key


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one process at a time do what is inside."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
