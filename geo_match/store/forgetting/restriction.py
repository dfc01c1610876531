"""Evidence of paid claims: kept until a day, and out of sight once the person was erased.

A hold names a record that must be kept. As long as nobody asks for its erasure it changes nothing.
An erasure then moves the record as it was last into the table `restricted`, where only
`read_restricted` finds it; when its day has passed, `release` deletes it for good.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlalchemy import bindparam, delete, insert, select, update

from geo_match.errors import ArgumentError
from geo_match.store.forgetting._public_text import check_reason
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.columns import from_kept, from_rows, record_schema
from geo_match.store.schema.images import PERSONS, image_of
from geo_match.store.schema.tables import FEED, RESTRICTED

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from geo_match.store.reading.pasts import Past
    from geo_match.store.schema.images import Forms


@dataclass(frozen=True, slots=True)
class Released:
    """What was released.

    Parameters
    ----------
    count
        How many records of erased persons were deleted for good. Records that are still there only
        lose their mark, and do not count.
    scrubbed
        Whether the database's files are rid of them, too, as far as `Store.scrub` says; True if
        there were none. If not, it is to be called.
    """

    count: int
    scrubbed: bool


def check_hold(kind: str, until: dt.date, reason: str, *, today: dt.date) -> None:
    """Raise ArgumentError if records of the kind cannot be held so."""
    if kind not in PERSONS:
        raise ArgumentError("kind", f"be one of {', '.join(sorted(PERSONS))}", repr(kind))
    if until < today:
        raise ArgumentError("until", f"not lie before today, {today}", str(until))
    check_reason(reason)


def hold(
    connection: Connection, kind: str, ids: Sequence[str], *, until: dt.date, reason: str
) -> list[str]:
    """Mark records as evidence; return their keys in order.

    Parameters
    ----------
    until
        The last day on which they must be kept. A later one that stands already stays, with its
        reason.

    Raises
    ------
    ArgumentError
        If one of them is not there.
    """
    rows = _statements.fetch_by_ids(connection, kind, ["id", "key"], ids, lock=True)
    if absent := set(ids).difference(one for one, _ in rows):
        raise ArgumentError(
            "ids",
            f"be those of {kind} that are there",
            f"{len(absent)} that are not",  # which ones is not told: they name persons
            "Import them first; of an erased person only what was held before is kept.",
        )
    _take_counter(connection)
    keys = sorted(key for _, key in rows)
    known = select(RESTRICTED.c.key, RESTRICTED.c.until).where(RESTRICTED.c.key.in_(keys))
    standing = {row.key: row.until for row in connection.execute(known)}
    new = [key for key in keys if key not in standing]
    longer = [key for key, day in standing.items() if day < until]
    if new:
        connection.execute(
            insert(RESTRICTED),
            [{"key": key, "kind": kind, "until": until, "reason": reason} for key in new],
        )
    if longer:
        connection.execute(
            update(RESTRICTED)
            .where(RESTRICTED.c.key.in_(longer))
            .values(until=until, reason=reason)
        )
    return keys


def keep_evidence(connection: Connection, records: Sequence[Past], *, today: dt.date) -> set[str]:
    """Keep the held ones among records as they are, before they are erased or changed.

    What an earlier erasure kept of one stays: it is the fuller.

    Returns
    -------
    set
        The keys of those that are held.
    """
    last = {past.key: past.images[-1] for past in records if past.images}
    query = (
        select(RESTRICTED.c.key, RESTRICTED.c.after)
        .where(RESTRICTED.c.key.in_(list(last)))
        .where(RESTRICTED.c.until >= today)
    )
    held = {row.key: row.after for row in connection.execute(query)}
    bare = [
        {
            "of": key,
            "its_form": last[key].form,
            "image": image_of(list(last[key].values.values())),
        }
        for key, after in held.items()
        if after is None
    ]
    if bare:
        connection.execute(
            update(RESTRICTED)
            .where(RESTRICTED.c.key == bindparam("of"))
            .values(form=bindparam("its_form"), after=bindparam("image")),
            bare,
        )
    return set(held)


def read_restricted(connection: Connection, forms: Forms, kind: str) -> pa.Table:
    """Return the records of a kind that are kept out of sight, by key.

    Returns
    -------
    pyarrow.Table
        The kind's columns, and `key`, `restricted_until` and `restricted_for`, the reason.
    """
    forms.renew(connection)
    schema = record_schema(kind)
    query = (
        select(RESTRICTED)
        .where(RESTRICTED.c.kind == kind)
        .where(RESTRICTED.c.after.is_not(None))
        .order_by(RESTRICTED.c.key)
    )
    rows = connection.execute(query).all()
    kept = [forms.row(row.form, row.after, schema.names) for row in rows]
    return (
        from_kept(from_rows(kept, schema), schema)
        .append_column("key", pa.array([row.key for row in rows], pa.string()))
        .append_column("restricted_until", pa.array([row.until for row in rows], pa.date32()))
        .append_column("restricted_for", pa.array([row.reason for row in rows], pa.string()))
    )


def release(connection: Connection, *, on: dt.date) -> int:
    """Delete what had to be kept until a day before; return how many erased records it was."""
    _take_counter(connection)
    past = RESTRICTED.c.until < on
    kept = select(RESTRICTED.c.key).where(past).where(RESTRICTED.c.after.is_not(None))
    count = len(connection.execute(kept).all())
    connection.execute(delete(RESTRICTED).where(past))
    return count


def _take_counter(connection: Connection) -> None:
    """Wait until no erasure is under way, and let none begin before this transaction has ended.

    An erasure looks for holds and then deletes: one that came in between would be lost. Whoever
    locks records, too, has done so before, as all writers do: else two would wait for each other.
    """
    connection.execute(select(FEED.c.seq).with_for_update())
