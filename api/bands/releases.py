"""The figures of each month, in the folder of what is published: cut once, shared by all workers.

They are cut when somebody first asks after a month-end, and read from the folder ever after,
whatever is written to the store: who asks before and after a write learns nothing of it.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from api.bands.cells import SeekerCells
from api.coverage.menu import last_month_end
from geo_match.coverage.publication.key_file import new_key, read_key, write_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pyarrow as pa

    from geo_match.store import Store

_KEY: Final = "key"
_LOCK: Final = ".lock"
"""Both are those of coverage: one key is drawn, whoever is first."""
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
        self._folder = folder
        self._today = today
        self._lock = threading.Lock()
        self._last: tuple[Path, SeekerCells] | None = None

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
            If the key is none.
        """
        on = last_month_end(self._today())
        epoch = self._store.cursor().epoch  # a store that was restored is another
        path = self._folder / f"seekers.{on.isoformat()}.{epoch}.json"
        with self._lock:
            if self._last is None or self._last[0] != path:
                self._last = path, self._read_or_make(path, on, audited)
            return self._last[1]

    def _read_or_make(
        self, path: Path, on: dt.date, audited: Callable[[Callable[[], pa.Table]], pa.Table]
    ) -> SeekerCells:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(self._folder / _LOCK):  # another worker may be making them
            if path.exists():
                return SeekerCells.parse(path.read_text(encoding="utf-8"))
            seekers = audited(lambda: self._store.read("seekers", fields=_FIELDS, on=on))
            moment = dt.datetime.now(dt.UTC)
            cells = SeekerCells.of(seekers, on, key=self._key(), made_at=moment)
            made = path.with_suffix(".part")
            made.write_text(cells.text(), encoding="utf-8")
            made.replace(path)  # whole, or not there
            return cells

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
