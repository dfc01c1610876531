"""The store: records in their newest version, the feed of their changes, and their past."""

from geo_match.store.audit import AuditError, AuditLog, PersonRead, audited
from geo_match.store.database.urls import path_of
from geo_match.store.errors import (
    CursorError,
    EpochError,
    ErasedIdError,
    HorizonError,
    OvertakenError,
    SqliteVersionError,
    StoreBusyError,
    StoreClockError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
)
from geo_match.store.forgetting._public_text import check_reason
from geo_match.store.forgetting.erasure import Erased
from geo_match.store.forgetting.restriction import Released
from geo_match.store.forgetting.retention import Forgotten
from geo_match.store.keeping.backup import BackedUp
from geo_match.store.keeping.restore import Restored
from geo_match.store.keeping.status import Status
from geo_match.store.keeping.verify import Verified
from geo_match.store.reading.feed import Change, Cursor
from geo_match.store.reading.history import Version
from geo_match.store.reading.one import One
from geo_match.store.reading.paging import Page
from geo_match.store.schema.columns import record_schema
from geo_match.store.store import Store
from geo_match.store.writing.compare import Applied

__all__ = [
    "Applied",
    "AuditError",
    "AuditLog",
    "BackedUp",
    "Change",
    "Cursor",
    "CursorError",
    "EpochError",
    "Erased",
    "ErasedIdError",
    "Forgotten",
    "HorizonError",
    "One",
    "OvertakenError",
    "Page",
    "PersonRead",
    "Released",
    "Restored",
    "SqliteVersionError",
    "Status",
    "Store",
    "StoreBusyError",
    "StoreClockError",
    "StoreCorruptError",
    "StoreError",
    "StoreFullError",
    "StoreReadOnlyError",
    "Verified",
    "Version",
    "audited",
    "check_reason",
    "path_of",
    "record_schema",
]
