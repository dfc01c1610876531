"""The figures of each month, in the folder of what is published: cut once, shared by all workers.

They are cut when somebody first asks after a month-end, and read from the folder ever after,
whatever is written to the store: who asks before and after a write learns nothing of it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from api.bands.cells import SeekerCells
from api.coverage.folder import ReleaseFolder
from api.coverage.menu import last_month_end
from api.coverage.releases import WAIT_S
from api.coverage.single_flight import FEW_WAITING, WAITING, SingleFlight

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyarrow as pa

    from geo_match.store import Store

_FIELDS: Final = ("id", "lon", "lat")


class SeekerReleases:
    """What was published of a store's seekers.

    Parameters
    ----------
    store
        Of which.
    folder
        Where it is written down; made if it is not there.
    today
        Returns the day in China.
    """

    def __init__(self, store: Store, folder: Path, *, today: Callable[[], dt.date]) -> None:
        self._store = store
        self._folder = ReleaseFolder(folder)
        self._today = today
        self._flight: SingleFlight[SeekerCells] = SingleFlight(1)

    def last(self, audited: Callable[[Callable[[], pa.Table]], pa.Table]) -> SeekerCells:
        """Return the figures of the last month-end.

        Parameters
        ----------
        audited
            Runs a read of persons and notes it: called where they are not cut yet.

        Raises
        ------
        StoreError
            If the store or its audit cannot be read or written to.
        FileError
            If what was published, or the key, cannot be read, or what is to be, not written down.
        NotReadyError
            If they are still being cut.
        """
        on = last_month_end(self._today())
        epoch = self._store.cursor().epoch  # a store that was restored is another
        name = f"seekers.{on.isoformat()}.{epoch}.json"

        def cut(key: bytes) -> SeekerCells:
            seekers = audited(lambda: self._store.read("seekers", fields=_FIELDS, on=on))
            return SeekerCells.of(seekers, on, key=key, made_at=dt.datetime.now(dt.UTC))

        return self._flight.get(
            name,
            lambda: self._folder.read_or_make(name, SeekerCells.parse, cut),
            wait_s=WAIT_S,
            waiting=WAITING if self._folder.has(name) else FEW_WAITING,
        )
