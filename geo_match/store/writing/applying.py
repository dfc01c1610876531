"""Taking arriving records in: judged beside what is kept, written in small transactions.

Blocks of arriving records are compared in a reading transaction. A writing one then takes at most
`AT_MOST` of them: if nobody has written in between, the comparison holds; else these records are
compared once more, with the lock held. Between two transactions those go first who wait to write.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import bindparam, func, insert, select, update

from geo_match.store.schema import statements as _statements
from geo_match.store.schema.columns import from_rows, to_kept, to_rows
from geo_match.store.schema.tables import FEED, IMPORTS, TABLES
from geo_match.store.writing.compare import VERSIONING, Applied, compare
from geo_match.store.writing.writer import Writer

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from geo_match.store.database import Database
    from geo_match.store.schema.images import Forms

AT_MOST: Final = 500
"""Records that one transaction writes."""
BLOCK: Final = 20_000
"""Records in memory as objects; below SQLite's default bound of 32,766 parameters."""
_LAST_SEQ: Final = select(FEED.c.seq)
_EPOCH: Final = select(FEED.c.epoch)
_COUNT: Final = (
    update(IMPORTS)
    .where(IMPORTS.c.id == bindparam("of"))
    .values(accepted=IMPORTS.c.accepted + bindparam("n", type_=IMPORTS.c.accepted.type))
)


@dataclass(frozen=True, slots=True)
class Arriving:
    """Records of one kind that arrive.

    Parameters
    ----------
    kind
        Of the records.
    schema
        Their columns.
    spoken
        The fields that the source speaks of, the id left out.
    correct
        Whether they correct what is kept: `geo_match.store.writing.compare` says how.
    """

    kind: str
    schema: pa.Schema
    spoken: Sequence[str]
    correct: bool = False

    def blocks(self, records: pa.Table) -> Iterator[pa.Table]:
        """Yield records in kept form, block by block; at least one block."""
        for start in range(0, max(1, len(records)), BLOCK):
            yield to_kept(records.slice(start, BLOCK), self.schema)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to become of a block of records, as of one moment.

    Parameters
    ----------
    seq
        Number of the last change that the plan knows of.
    applied
        What becomes of each.
    row
        Each accepted record as it will be, as `Writer.put` takes it, object, shape (n,).
    key
        Key of the record that each replaces, None for a new one, object, shape (n,).
    import_id
        Which import wrote the kept record last, −1 where there is none, int64, shape (n,).
    """

    seq: int
    applied: Applied
    row: NDArray[np.object_]
    key: NDArray[np.object_]
    import_id: NDArray[np.int64]


def plan(connection: Connection, what: Arriving, arriving: pa.Table, *, lock: bool = False) -> Plan:
    """Compare a block of records with those that are kept.

    Parameters
    ----------
    lock
        Whether other writers must wait until this transaction has ended.
    """
    n = len(arriving)
    names = [*what.schema.names, "import_id", "key"]
    rows = []
    if n and _has_any(connection, what.kind):
        ids = arriving.column("id").to_pylist()
        rows = _statements.fetch_by_ids(connection, what.kind, names, ids, lock=lock)
    # After the rows: a change that is committed in between makes the plan look older than it is.
    seq = last_seq(connection)
    if not rows:
        nothing = np.full(n, None, dtype=object)
        applied = Applied.new(n)
        row = _written(connection, arriving, applied.accepted)
        return Plan(seq, applied, row, nothing, np.full(n, -1, dtype=np.int64))
    kept = from_rows([row[:-2] for row in rows], what.schema)
    applied = compare(arriving, kept, what.spoken, correct=what.correct)
    at = pc.index_in(arriving.column("id"), value_set=kept.column("id").combine_chunks())
    place = np.asarray(pc.fill_null(at, -1), dtype=np.int64)
    key = np.array([None, *(row[-1] for row in rows)], dtype=object)[place + 1]
    import_id = np.array([-1, *(row[-2] for row in rows)], dtype=np.int64)[place + 1]
    merged = _merged(arriving, kept.take(at), what)
    row = _written(connection, merged, applied.accepted)
    return Plan(seq, applied, row, key, import_id)


def last_seq(connection: Connection) -> int:
    """Return the number of the last change that this transaction sees."""
    return int(connection.execute(_LAST_SEQ).scalar_one())


@dataclass(frozen=True, slots=True)
class Applying:
    """How records are written.

    Parameters
    ----------
    database, forms, clock
        Of the store.
    cause, actor
        Why, and who: kept with each change.
    import_id
        Which import it is, 0 for none.
    """

    database: Database
    forms: Forms
    clock: Callable[[], dt.datetime]
    cause: str
    actor: str
    import_id: int = 0

    def take(
        self,
        what: Arriving,
        records: pa.Table,
        *,
        watch: Callable[[int], None] | None = None,
    ) -> Applied:
        """Take records in by id, at most `AT_MOST` in a transaction.

        Neighbours in a transaction lie on the same pages of the table's index then; in the order
        of a list each would dirty a page of its own, and the log would hold them all.

        Parameters
        ----------
        watch
            Told the number of records that are done, as they are.

        Returns
        -------
        Applied
            Records that this very import had taken before it was interrupted count as accepted.
        """
        order = np.asarray(pc.sort_indices(records.column("id")), dtype=np.int64)
        parts = []
        for arriving in what.blocks(records.take(order)):
            with self.database.reading() as connection:
                known = plan(connection, what, arriving)
            start = 0
            while start < len(arriving):
                stop = _end_of_part(known.applied.accepted, start)
                known, part = self._take_part(what, arriving, known, start, stop)
                parts.append(part)
                start = stop
                if watch is not None:
                    watch(len(part.accepted))
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        return Applied.joined(parts).part(place) if parts else Applied.new(0)

    def take_at_once(self, what: Arriving, records: pa.Table) -> tuple[Applied, str, int]:
        """Take records in, in one transaction.

        Returns
        -------
        tuple
            What became of them, the store's epoch, and the number of the last change.
        """
        arriving = to_kept(records, what.schema)

        def act(connection: Connection) -> tuple[Applied, str, int]:
            now = plan(connection, what, arriving, lock=True)
            last = self._write(connection, what, now, slice(None), now.applied.accepted)
            epoch = str(connection.execute(_EPOCH).scalar_one())
            return now.applied, epoch, now.seq if last is None else last

        return self.database.write(act)

    def _take_part(
        self, what: Arriving, arriving: pa.Table, known: Plan, start: int, stop: int
    ) -> tuple[Plan, Applied]:
        """Take some records of a block; return the plan as it stands then, and what became."""
        part = slice(start, stop)
        if known.applied.accepted[part].any():

            def act(connection: Connection) -> Plan:
                if not self._is_overtaken(connection, what, known, part):
                    taken = known.applied.accepted[part]
                    last = self._write(connection, what, known, part, taken)
                    # On PostgreSQL others may have committed since the question: then the plan
                    # does not know all up to `last`, and what follows is to be compared once more.
                    if last is not None and last - int(taken.sum()) == known.seq:
                        return replace(known, seq=last)
                    return known
                now = _replaced(
                    known,
                    part,
                    plan(connection, what, arriving.slice(start, stop - start), lock=True),
                )
                self._write(connection, what, now, part, now.applied.accepted[part])
                return now

            known = self.database.write(act)
            self.database.give_way()
        applied = known.applied.part(part)
        mine = applied.unchanged & (known.import_id[part] == self.import_id) & (self.import_id > 0)
        return known, replace(
            applied, accepted=applied.accepted | mine, unchanged=applied.unchanged & ~mine
        )

    def _is_overtaken(
        self, connection: Connection, what: Arriving, known: Plan, part: slice
    ) -> bool:
        """Return whether others have written since the plan was made.

        On PostgreSQL the kept records are locked first: who changed one of them has committed
        then, and is seen by the question that follows.
        """
        if not self.database.is_file:
            keys = [one for one in known.key[part] if one is not None]
            table = TABLES[what.kind]
            if keys:
                connection.execute(
                    select(table.c.key)
                    .where(table.c.key.in_(keys))
                    .order_by(table.c.id)
                    .with_for_update()
                ).all()
        return last_seq(connection) != known.seq

    def _write(
        self,
        connection: Connection,
        what: Arriving,
        now: Plan,
        part: slice,
        taken: NDArray[np.bool_],
    ) -> int | None:
        writer = Writer(
            connection,
            self.database.name,
            self.forms,
            self.clock,
            cause=self.cause,
            actor=self.actor,
        )
        rows, keys = now.row[part][taken].tolist(), now.key[part][taken].tolist()
        writer.put(what.kind, rows, keys, self.import_id)
        if self.import_id:
            connection.execute(_COUNT, {"of": self.import_id, "n": len(rows)})
        return writer.finish()


def begin_import(
    connection: Connection, kind: str, records: pa.Table, *, source: str, at: dt.datetime
) -> int:
    """Return the number of an import: of the same one, if it was interrupted, else a new one."""
    digest = _digest(records)
    unfinished = (
        select(func.max(IMPORTS.c.id))
        .where(IMPORTS.c.kind == kind)
        .where(IMPORTS.c.digest == digest)
        .where(IMPORTS.c.finished_at.is_(None))
    )
    if (number := connection.execute(unfinished).scalar()) is not None:
        return int(number)
    begun = connection.execute(
        insert(IMPORTS).values(
            kind=kind,
            source=source,
            imported_at=at,
            digest=digest,
            accepted=0,
            unchanged=0,
            stale=0,
        )
    )
    (number,) = begun.inserted_primary_key or (None,)
    return int(number or 0)


def finish_import(
    connection: Connection, import_id: int, applied: Applied, *, at: dt.datetime
) -> None:
    """Write down what became of an import's records.

    Earlier imports of the same source that were interrupted, and then not taken up again since the
    list was changed, end with it.
    """
    figures = {
        name: int(getattr(applied, name).sum())
        for name in ("accepted", "unchanged", "stale", "conflicting")
    }
    connection.execute(
        update(IMPORTS).where(IMPORTS.c.id == bindparam("of")).values(finished_at=at, **figures),
        {"of": import_id},
    )
    kind, source = connection.execute(
        select(IMPORTS.c.kind, IMPORTS.c.source).where(IMPORTS.c.id == import_id)
    ).one()
    connection.execute(
        update(IMPORTS)
        .where(IMPORTS.c.kind == kind)
        .where(IMPORTS.c.source == source)
        .where(IMPORTS.c.id < import_id)
        .where(IMPORTS.c.finished_at.is_(None))
        .values(finished_at=at)
    )


def _digest(records: pa.Table) -> str:
    """Return what tells these records from others: the same list, the same digest."""
    sink = _Hashing()
    with pa.ipc.new_stream(sink, records.schema) as stream:
        for batch in records.combine_chunks().to_batches(max_chunksize=BLOCK):
            stream.write_batch(batch)
    return sink.digest()


class _Hashing:
    """A file that keeps nothing but a digest of what is written to it."""

    closed = False

    def __init__(self) -> None:
        self._hash = hashlib.blake2b(digest_size=16)

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing: all is taken in at once."""

    def digest(self) -> str:
        return self._hash.hexdigest()


def _has_any(connection: Connection, kind: str) -> bool:
    return connection.execute(select(TABLES[kind].c.id).limit(1)).first() is not None


def _end_of_part(accepted: NDArray[np.bool_], start: int) -> int:
    """Return where a part ends that begins at `start` and accepts at most `AT_MOST`."""
    taken = np.flatnonzero(accepted[start:])
    return len(accepted) if len(taken) <= AT_MOST else start + int(taken[AT_MOST])


def _replaced(known: Plan, part: slice, newer: Plan) -> Plan:
    """Return a plan with a part of it made anew.

    Its number stays that of the older rest: each of the parts that follow is made anew, too.
    """
    start, stop, _ = part.indices(len(known.key))
    applied = Applied.joined(
        [known.applied.part(slice(0, start)), newer.applied, known.applied.part(slice(stop, None))]
    )
    made = []
    for name in ("row", "key", "import_id"):
        values = getattr(known, name).copy()
        values[part] = getattr(newer, name)
        made.append(values)
    return Plan(known.seq, applied, *made)


def _written(
    connection: Connection, merged: pa.Table, taken: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """Return the rows of those records that are taken."""
    row = np.full(len(taken), None, dtype=object)
    if taken.any():
        chosen = merged.filter(pa.array(taken)).combine_chunks()
        null = math.nan if connection.dialect.name == "sqlite" else None
        for at, one in zip(np.flatnonzero(taken).tolist(), to_rows(chosen, null=null), strict=True):
            row[at] = one  # one by one: a list of tuples would become an array of two axes
    return row


def _merged(arriving: pa.Table, beside: pa.Table, what: Arriving) -> pa.Table:
    """Return records as they will be: what is not spoken of stays as it is."""
    there = pc.is_valid(beside.column("id"))
    columns = []
    for name in what.schema.names:
        new, old = arriving.column(name), beside.column(name)
        if name in VERSIONING and name in what.spoken:
            columns.append(pc.coalesce(new, old))
        elif name in what.spoken or name == "id":
            columns.append(new)
        else:
            columns.append(pc.if_else(there, old, new))
    return pa.table(columns, names=what.schema.names)
