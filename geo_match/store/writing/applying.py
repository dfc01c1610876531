"""Taking arriving records in: judged beside what is kept, written in small transactions.

Blocks of arriving records are compared in a reading transaction. A writing one then takes at most
`AT_MOST` of them: if nobody else has written one of these in between, the comparison holds; else
they are compared once more, with the lock held: so few that nobody waits long for it. What the
import itself has written since does not count: no two records of a list have the same id. So what a
block's transactions write is made ready before the first of them begins: for a long list in a
process beside this one, while this one writes the block before.
Between two transactions those go first who wait to write.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import bindparam, select, update

from geo_match.store.schema import statements as _statements
from geo_match.store.schema.columns import to_kept
from geo_match.store.schema.tables import FEED, IMPORTS, TABLES
from geo_match.store.writing import erased_ids, losses
from geo_match.store.writing.aside import Aside
from geo_match.store.writing.compare import Applied
from geo_match.store.writing.expecting import check_expected
from geo_match.store.writing.orders import Order, rows_of
from geo_match.store.writing.others import Others, last_seq
from geo_match.store.writing.planning import Plan, may_have_any, plan
from geo_match.store.writing.ready import Ready
from geo_match.store.writing.writer import Writer

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from geo_match.store.database import Database
    from geo_match.store.database.driven import Driven
    from geo_match.store.schema.images import Forms
    from geo_match.store.writing.planning import Arriving

AT_MOST: Final = 500
"""Records that one transaction writes."""
BLOCK: Final = 20_000
"""Records that are compared at once; below SQLite's default bound of 32,766 parameters."""
LEAST_ASIDE: Final = 20_000
"""Records left of a list from which on a process beside this one is worth its start."""
_MOST_COMPARED: Final = 2_000
"""Arriving records of one transaction, at most, where few of them are accepted: they may have to be
compared again while other writers wait."""
EPOCH: Final = select(FEED.c.epoch)
_COUNT: Final = (
    update(IMPORTS)
    .where(IMPORTS.c.id == bindparam("of"))
    .values(accepted=IMPORTS.c.accepted + bindparam("n", type_=IMPORTS.c.accepted.type))
)


@dataclass(frozen=True, slots=True)
class Part:
    """Records of one transaction, and what is to become of them.

    Parameters
    ----------
    arriving
        In kept form.
    plan
        Theirs.
    ready
        The accepted ones, as they will be written.
    """

    arriving: pa.Table
    plan: Plan
    ready: Ready


@dataclass(frozen=True, slots=True)
class _Block:
    """Records that are compared at once, and what is to become of them.

    Parameters
    ----------
    arriving
        In kept form.
    plan
        Theirs.
    ends
        Where the records of each transaction end.
    order
        What is to be made ready of them.
    """

    arriving: pa.Table
    plan: Plan
    ends: list[int]
    order: Order

    def parts(self, made: Iterable[Ready]) -> Iterator[Part]:
        """Yield the records of each transaction, with what was made ready of them."""
        start, taken = 0, 0
        for stop, ready in zip(self.ends, made, strict=True):
            now = self.plan.part(slice(start, stop), taken)
            yield Part(self.arriving.slice(start, stop - start), now, ready)
            start, taken = stop, taken + len(now.taken)


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
        parts = []
        with self.database.reading() as connection:
            others = Others(what.kind, last_seq(connection))
            ids = records.column("id").cast(pa.string())
            are_new = not may_have_any(connection, what.kind, ids)
        with Aside() as aside:
            if are_new and len(records) > BLOCK + LEAST_ASIDE:
                aside.start()  # it is there once they are in order
            order = np.asarray(pc.sort_indices(records.column("id")), dtype=np.int64)
            for known in self._parts(what, records.take(order), aside):
                others.forget(known.plan.seq)
                for part in self._renewed(what, known, others):
                    parts.append(self._take_part(what, part, others))
                    if watch is not None:
                        watch(len(part.arriving))
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        return Applied.joined(parts).part(place) if parts else Applied.new(0)

    def take_at_once(
        self, what: Arriving, records: pa.Table, *, expected: Mapping[str, int | None] | None = None
    ) -> tuple[Applied, str, int]:
        """Take records in, in one transaction.

        Parameters
        ----------
        expected
            As `check_expected` takes it; None where the records may be whatever they are.

        Returns
        -------
        tuple
            What became of them, the store's epoch, and the number of the last change.
        """
        arriving = to_kept(records, what.schema)
        # The first array that Arrow makes of Python's objects imports pandas, in half a second:
        # others would wait for it, were it made with the lock held.
        pa.array(())

        def act(connection: Connection) -> tuple[Applied, str, int]:
            place = np.arange(len(arriving))
            known = plan(connection, what, arriving, lock=True, place=place)
            if expected is not None:  # after the plan: what it does not know of collides
                check_expected(connection, self.database.name, what.kind, expected)
            now = self._whole(what, arriving, known)
            place = np.flatnonzero(now.plan.applied.accepted)
            last = self._write(connection, what, now, place=place)
            epoch = str(_statements.ask(connection, EPOCH)[0][0])
            return now.plan.applied, epoch, now.plan.seq if last is None else last

        return self.database.write(act)

    def _parts(self, what: Arriving, records: pa.Table, aside: Aside) -> Iterator[Part]:
        """Yield what the transactions are to write, compared with what is kept.

        Of a long list blocks are asked for from aside before the transactions of the one before
        begin, and are there when these have ended.
        """
        asked: _Block | None = None
        left = len(records)
        for arriving in what.blocks(records, BLOCK):
            with self.database.reading() as connection:
                known = plan(connection, what, arriving)
            block = self._block(what, arriving, known)
            left -= len(arriving)
            answer = None if asked is None else aside.answer()
            is_asked = len(known.taken) > 0 and aside.ask(block.order)
            if asked is not None:
                yield from _answered(asked, answer)
            asked = block if is_asked else None
            if not is_asked:
                if left > LEAST_ASIDE and 2 * len(known.taken) > len(arriving):
                    aside.start()  # it is there once this block is written
                yield from block.parts(block.order.made())
        if asked is not None:
            yield from _answered(asked, aside.answer())

    def _renewed(self, what: Arriving, part: Part, others: Others) -> Iterator[Part]:
        """Yield a part's records as they are to be taken.

        A long part that others have overtaken is compared again here, where nobody waits for it;
        with the lock held this is then needed only if they write again in that moment.
        """
        known = part.plan
        if len(part.arriving) <= AT_MOST or not known.applied.accepted.any():
            yield part
            return
        newer = None
        with self.database.reading() as connection:
            others.look(connection, self.forms)
            if others.have_written(part.arriving.column("id"), known.seq):
                newer = plan(connection, what, part.arriving)
        if newer is None:
            yield part
        else:
            yield from self._cut(what, part.arriving, newer)

    def _cut(self, what: Arriving, arriving: pa.Table, known: Plan) -> Iterator[Part]:
        """Yield parts that accept at most `AT_MOST` of at most `_MOST_COMPARED` records."""
        block = self._block(what, arriving, known)
        yield from block.parts(block.order.made())

    def _block(self, what: Arriving, arriving: pa.Table, known: Plan) -> _Block:
        """Return records as a block whose parts are those of `_cut`."""
        accepted = known.applied.accepted
        ends = [0]
        while ends[-1] < len(arriving):
            ends.append(_end_of_part(accepted, ends[-1]))
        sizes = np.diff(np.concatenate([[0], np.cumsum(accepted)])[ends]).tolist()
        keys = known.key[accepted].tolist()
        order = Order(
            what.kind, known.taken, keys, sizes, self.import_id, is_file=self.database.is_file
        )
        return _Block(arriving, known, ends[1:], order)

    def _whole(self, what: Arriving, arriving: pa.Table, known: Plan) -> Part:
        """Return records as one part, with what is to be written of them."""
        is_file = self.database.is_file
        ready = Ready.of(
            what.kind,
            rows_of(known.taken, is_file=is_file),
            known.key[known.applied.accepted].tolist(),
            self.import_id,
            is_file=is_file,
        )
        return Part(arriving, known, ready)

    def _take_part(self, what: Arriving, part: Part, others: Others) -> Applied:
        """Take the records of one transaction; return what became of them."""
        known = part.plan
        if known.applied.accepted.any():
            begun = 0.0

            def act(connection: Connection) -> tuple[Plan, int | None]:
                nonlocal begun
                begun = time.monotonic()  # once it has the lock: to wait for it is to rest already
                now = part
                if self._is_overtaken(connection, what, part, others):
                    newer = plan(connection, what, part.arriving, lock=True)
                    now = self._whole(what, part.arriving, newer)
                return now.plan, self._write(connection, what, now)

            known, last = self.database.write(act)
            spent_s = time.monotonic() - begun
            if last is not None:
                others.add_own(last, int(known.applied.accepted.sum()))
            self.database.give_way(spent_s)
        applied = known.applied
        mine = applied.unchanged & (known.import_id == self.import_id) & (self.import_id > 0)
        return replace(
            applied, accepted=applied.accepted | mine, unchanged=applied.unchanged & ~mine
        )

    def _is_overtaken(
        self, connection: Connection, what: Arriving, part: Part, others: Others
    ) -> bool:
        """Return whether others have written one of the records since the plan was made.

        On PostgreSQL the kept records are locked first: who changed one of them has committed
        then, and is seen by the question that follows.
        """
        known = part.plan
        if not self.database.is_file:
            keys = [one for one in known.key if one is not None]
            table = TABLES[what.kind]
            if keys:
                connection.execute(
                    select(table.c.key)
                    .where(table.c.key.in_(keys))
                    .order_by(table.c.id)
                    .with_for_update()
                ).all()
        others.look(connection, self.forms)
        return others.have_written(part.arriving.column("id"), known.seq)

    def _write(
        self,
        connection: Connection,
        what: Arriving,
        now: Part,
        *,
        place: NDArray[np.int64] | None = None,
    ) -> int | None:
        """Write the accepted records; return the number of the last change.

        Parameters
        ----------
        place
            Where each stands in what the caller gave; None if that is not known.

        Raises
        ------
        ErasedIdError
            If someone among them was erased, or may be brought back into a household.
        """
        writer = self.writer(connection)
        known = now.plan
        is_guarded = what.kind == "households" and not what.erased_too
        homes = losses.before(connection, known.taken) if is_guarded else {}
        writer.put(now.ready)
        if self.import_id:
            _statements.run(connection, _COUNT, of=self.import_id, n=len(now.ready.keys))
        last = writer.finish()
        if not what.erased_too:
            key = known.key[known.applied.accepted]
            is_new = np.asarray(key == None, dtype=np.bool_)  # noqa: E711 - elementwise
            erased_ids.check_written(
                connection, self.database.name, what.kind, known.taken, is_new, place=place
            )
        if is_guarded:
            losses.check_written(connection, self.database.name, known.taken, homes, place=place)
        return last

    def writer(self, connection: Driven) -> Writer:
        """Return what writes in a transaction."""
        return Writer(
            connection,
            self.database.name,
            self.forms,
            self.clock,
            cause=self.cause,
            actor=self.actor,
        )


def _answered(block: _Block, answer: list[bytes] | None) -> Iterator[Part]:
    """Yield the parts of a block that was asked for; without an answer it is made here."""
    made = block.order.made() if answer is None else map(Ready.of_bytes, answer)
    return block.parts(made)


def _end_of_part(accepted: NDArray[np.bool_], start: int) -> int:
    """Return where a part ends that begins at `start`."""
    most = accepted[start : start + _MOST_COMPARED]
    taken = np.flatnonzero(most)
    return start + (len(most) if len(taken) <= AT_MOST else int(taken[AT_MOST]))
