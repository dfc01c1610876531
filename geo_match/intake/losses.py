"""Households from which somebody was erased, and the lists that may bring that one back.

A member has no id, and whom a household has lost is not kept. What is kept is that an erasure
changed it, and when. So a list is held to this: it gives such a household no member and no head's
name that the store does not have, unless its row says a moment after the erasure. A version says
nothing of when it was made: it is not enough. What is older than the store's record is stale
anyway, and a household that has come in anew, or whose changes were forgotten, is as any other.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
from sqlalchemy import func, select

from geo_match.intake.unsaid import spoken_of
from geo_match.records.clock import CHINA
from geo_match.store.schema.tables import CHANGES, ERASED_IDS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.store import Store

_OF_PERSONS: Final = ("members", "head_name")
"""What a household loses when somebody of it is erased."""
_BY_ERASURE: Final = "erasure: "
"""How the cause of such a change begins."""
_AT_ONCE: Final = 20_000
"""Keys that are looked up at once; below SQLite's bound of 32,766 parameters."""


def give_back(file: RecordsFile, store: Store) -> NDArray[np.bool_]:
    """Return which records of a list may bring back who was erased from a household.

    Parameters
    ----------
    file
        The list.
    store
        Where it goes.

    Returns
    -------
    numpy.ndarray
        Bool, (n,).
    """
    nobody = np.zeros(len(file.records), dtype=np.bool_)
    fields = spoken_of(file)
    if file.kind != "households" or fields.isdisjoint(_OF_PERSONS) or not _has_erased(store):
        return nobody
    more = _with_more(file.records, store, fields.intersection(_OF_PERSONS))
    lost = _lost_at(store, list(more))
    moments = file.records.column("updated_at").take(pa.array(more.values(), pa.int64()))
    at = [
        position
        for (id_, position), moment in zip(more.items(), moments.to_pylist(), strict=True)
        if id_ in lost and not _is_after(moment, lost[id_])
    ]
    if not at:
        return nobody
    older = store.compare(file.kind, file.records.take(pa.array(at)), fields=fields).stale
    nobody[np.array(at)[~older]] = True
    return nobody


def _has_erased(store: Store) -> bool:
    """Return whether anybody was erased from a store."""
    with store.database.reading() as connection:
        return connection.execute(select(ERASED_IDS.c.salt).limit(1)).first() is not None


def _with_more(records: pa.Table, store: Store, fields: Iterable[str]) -> dict[str, int]:
    """Return the households that a list gives somebody whom the store does not have there.

    Returns
    -------
    dict
        The position of the record, by id.
    """
    names = sorted(fields)
    stored = store.read("households", fields=["id", *names])
    known = dict(zip(stored.column("id").to_pylist(), _rows(stored, names), strict=True))
    arriving = enumerate(zip(records.column("id").to_pylist(), _rows(records, names), strict=True))
    return {
        id_: position
        for position, (id_, row) in arriving
        if id_ in known and _is_more(row, known[id_])
    }


def _rows(records: pa.Table, names: list[str]) -> Iterator[dict[str, Any]]:
    columns = [records.column(name).to_pylist() for name in names]
    return (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))


def _is_more(arriving: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    """Return whether a household arrives with a head or a year of birth that is not known."""
    head = arriving.get("head_name")
    if head is not None and head != known["head_name"]:
        return True
    mine, theirs = (
        Counter(one["birth_year"] for one in row.get("members") or ()) for row in (arriving, known)
    )
    return not mine <= theirs


def _lost_at(store: Store, ids: list[str]) -> dict[str, dt.datetime]:
    """Return when somebody was erased last from households, UTC, by id; without all others."""
    found: dict[str, dt.datetime] = {}
    query = (
        select(CHANGES.c.key, func.max(CHANGES.c.committed_at))
        .where(CHANGES.c.op == "put")
        .where(CHANGES.c.cause.startswith(_BY_ERASURE))
        .group_by(CHANGES.c.key)
    )
    for start in range(0, len(ids), _AT_ONCE):
        id_of = {key: id_ for id_, key in store.keys("households", ids[start:][:_AT_ONCE]).items()}
        with store.database.reading() as connection:
            rows = connection.execute(query.where(CHANGES.c.key.in_(list(id_of))))
            found.update((id_of[key], moment) for key, moment in rows)
    return found


def _is_after(moment: dt.datetime | None, erasure: dt.datetime) -> bool:
    """Return whether a moment by China's clock is after one in UTC."""
    return moment is not None and moment - CHINA.utcoffset(None) > erasure
