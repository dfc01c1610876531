"""The one place that says which SQLite is used."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType


def sqlite_module() -> ModuleType:
    """Return the module that speaks to SQLite, in the shape of the standard library's `sqlite3`.

    Everything that opens a store asks here, so a rule on SQLite's version has one place.
    """
    return sqlite3
