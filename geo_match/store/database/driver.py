"""The one place that says which SQLite is used.

SQLite 3.7.0 to 3.51.2 can damage a file that several connections write to while its log is reset
(the WAL-reset defect, mended in 3.51.3). Python's own SQLite is used if it is new enough, else that
of the package `pysqlite3`, which brings its own.
"""

from __future__ import annotations

import sqlite3
from importlib import import_module
from typing import TYPE_CHECKING, Final

from geo_match.store.errors import SqliteVersionError

if TYPE_CHECKING:
    from types import ModuleType

LEAST_VERSION: Final = (3, 51, 3)
"""The first version without the WAL-reset defect."""


def sqlite_module() -> ModuleType:
    """Return the module that speaks to SQLite, in the shape of the standard library's `sqlite3`.

    Raises
    ------
    SqliteVersionError
        If neither Python's SQLite nor that of `pysqlite3` is at least `LEAST_VERSION`.
    """
    if sqlite3.sqlite_version_info >= LEAST_VERSION:
        return sqlite3
    found = f"Python's {sqlite3.sqlite_version}"
    try:
        other = import_module("pysqlite3")
    except ImportError:
        found += " and no pysqlite3"
    else:
        if other.sqlite_version_info >= LEAST_VERSION:
            return other
        found += f" and pysqlite3's {other.sqlite_version}"
    raise SqliteVersionError(
        "SQLite",
        f"be {'.'.join(map(str, LEAST_VERSION))} or newer, older ones can damage a store",
        found,
        "Install the package pysqlite3, or a newer Python.",
    )
