"""What one record was at each of its changes: when, why, by whom, and which fields differed.

It is found by its id, in the past, too: the feed is read through for it. An id that was given again
after a removal has several lives, each under a key of its own; of what is public the removals tell
of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from geo_match.store.reading import feed
from geo_match.store.reading.pasts import Finder
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.columns import record_schema
from geo_match.store.schema.tables import AMENDED, CHANGES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from geo_match.store.database import Database
    from geo_match.store.reading.removals import Removals
    from geo_match.store.schema.images import Forms


class Version(NamedTuple):
    """A record after one of its changes.

    Parameters
    ----------
    seq
        Number of the change.
    committed_at
        When, UTC, without a zone; `read(as_of=…)` takes it with one:
        `committed_at.replace(tzinfo=datetime.UTC)`.
    key
        Of the record: another one is another life of the id.
    op
        "put" or "remove".
    cause, actor
        Why, and who did it.
    record
        The fields as they were then, in kept form; None where it was removed, or erased since.
    changed
        Fields that differ from the version before, with their former and their new value; of the
        first version, and of one after an erased one, all that are not null.
    is_amended
        Whether some fields were erased since: they are null, and were not.
    """

    seq: int
    committed_at: dt.datetime
    key: str
    op: str
    cause: str
    actor: str
    record: Mapping[str, Any] | None
    changed: Mapping[str, tuple[Any, Any]]
    is_amended: bool


class Life(NamedTuple):
    """What an id named, through all removals.

    Parameters
    ----------
    versions
        In the order of the changes.
    horizon
        Changes up to this number may be gone, but for the last of each record.
    """

    versions: list[Version]
    horizon: int


def history(database: Database, forms: Forms, kind: str, id_: str) -> list[Version]:
    """Return what a record was, in the order of its changes.

    Persons' records are to be read in an audited read (`geo_match.store.audited`).

    Parameters
    ----------
    forms
        Of the store's images.
    id_
        Of the record, whether or not it is still there.

    Returns
    -------
    list
        Empty for an id that is not known, or that was erased. Of changes before the horizon only
        the last may be there.

    Raises
    ------
    ArgumentError
        If the kind is unknown.
    StoreCorruptError
        If an image cannot be read; it names the change.
    """
    record_schema(kind)
    with database.reading() as connection:
        keys = Finder(forms).keys(connection, {kind: "id"}, [id_])
        return _versions(connection, forms, kind, keys)


def life(database: Database, forms: Forms, kind: str, id_: str, *, removals: Removals) -> Life:
    """Return what an id named, of something public: now, and before it was removed.

    It is `history`, but reads no more of the feed than the changes of this id: those of removed
    records are found by their keys. Of persons a removal tells no id: there it is the record that
    is there, alone.

    Parameters
    ----------
    removals
        Of this store.

    Raises
    ------
    ArgumentError
        If the kind is unknown.
    StoreCorruptError
        If an image cannot be read; it names the change.
    """
    record_schema(kind)
    with database.reading() as connection:
        rows = _statements.fetch_by_ids(connection, kind, ["key"], [id_], lock=False)
        keys = removals.keys(connection, kind, id_).union(key for (key,) in rows)
        versions = _versions(connection, forms, kind, keys)
        return Life(versions, feed.head(connection).horizon)


def _versions(
    connection: Connection, forms: Forms, kind: str, keys: Iterable[str]
) -> list[Version]:
    """Return the versions of the records of some keys, in the order of their changes."""
    query = (
        select(CHANGES, AMENDED.c.seq.label("amended"))
        .join(AMENDED, AMENDED.c.seq == CHANGES.c.seq, isouter=True)
        .where(CHANGES.c.key.in_(sorted(keys)))
        .order_by(CHANGES.c.seq)
    )
    rows = connection.execute(query).all()
    known: dict[str, Mapping[str, Any]] = {}
    versions = []
    for row in rows:
        record = None
        if row.after is not None and row.op == "put":
            change = (row.seq, kind)
            names = forms.names(row.form, change=change)
            values = forms.row(row.form, row.after, names, change=change)
            record = dict(zip(names, values, strict=True))
        versions.append(
            Version(
                row.seq,
                row.committed_at,
                row.key,
                row.op,
                row.cause,
                row.actor,
                record,
                {} if record is None else _differing(known.get(row.key, {}), record),
                row.amended is not None,
            )
        )
        known[row.key] = record or {}
    return versions


def _differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the fields whose values differ, with both; one that a form has not is null."""
    names = dict.fromkeys((*now, *before))
    pairs = {name: (before.get(name), now.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
