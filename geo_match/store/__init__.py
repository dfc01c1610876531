"""The store: the newest version of every record, durable in one file."""

from geo_match.store.columns import record_schema
from geo_match.store.compare import Applied
from geo_match.store.errors import (
    StoreBusyError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
)
from geo_match.store.store import Store

__all__ = [
    "Applied",
    "Store",
    "StoreBusyError",
    "StoreCorruptError",
    "StoreError",
    "StoreFullError",
    "StoreReadOnlyError",
    "record_schema",
]
