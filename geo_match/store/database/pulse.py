"""Whether anything was written to a store's file, told in microseconds: `Pulse`."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from geo_match.store.database.driver import sqlite_module

if TYPE_CHECKING:
    from pathlib import Path


class Pulse:
    """A number that is another one after each commit to a file, whoever made it.

    SQLite keeps one for each connection, of the commits of all others, in this process or another.
    So this has a connection that writes nothing; it reads what the others read at that moment.
    (<https://sqlite.org/pragma.html#pragma_data_version>)

    Parameters
    ----------
    path
        Of the file; it is opened at the first question.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: Any = None  # of one of two modules

    def beat(self) -> int | None:
        """Return the number; None where SQLite cannot tell at once."""
        module = sqlite_module()
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = module.connect(
                        f"{self._path.absolute().as_uri()}?mode=rw",  # no file is made
                        uri=True,
                        timeout=0.0,
                        check_same_thread=False,
                    )
                (number,) = self._connection.execute("PRAGMA data_version").fetchone()
            except module.Error:  # whoever reads the store itself is told what is wrong with it
                return None
        return int(number)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
