"""The store: records in their newest version, the feed of their changes, and their past."""

from geo_match.store._urls import path_of
from geo_match.store.audit import AuditError, AuditLog, PersonRead, audited
from geo_match.store.columns import record_schema
from geo_match.store.compare import Applied
from geo_match.store.errors import (
    CursorError,
    EpochError,
    HorizonError,
    SqliteVersionError,
    StoreBusyError,
    StoreClockError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
)
from geo_match.store.feed import Change, Cursor
from geo_match.store.store import Store

__all__ = [
    "Applied",
    "AuditError",
    "AuditLog",
    "Change",
    "Cursor",
    "CursorError",
    "EpochError",
    "HorizonError",
    "PersonRead",
    "SqliteVersionError",
    "Store",
    "StoreBusyError",
    "StoreClockError",
    "StoreCorruptError",
    "StoreError",
    "StoreFullError",
    "StoreReadOnlyError",
    "audited",
    "path_of",
    "record_schema",
]
