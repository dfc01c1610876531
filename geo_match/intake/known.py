"""What a store has of the records that a list speaks of: few are looked up, else all are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

    import pyarrow as pa

    from geo_match.store import Store

FEW: Final = 500
"""Ids up to which each is looked up: to read a whole table for one record would take as long as
the table is."""


def known(kind: str, ids: pa.ChunkedArray, store: Store, *, fields: Collection[str]) -> pa.Table:
    """Return the store's records of some ids, and of others, too, where there are many of these.

    Parameters
    ----------
    ids
        Of the records that are meant; null for none.
    fields
        Those wanted, `id` among them.
    """
    wanted = ids.drop_null()
    if len(wanted) > FEW:
        return store.read(kind, fields=fields)
    return store.find(kind, wanted.to_pylist(), fields=fields).records
