"""Erasures that were made after a backup, made again in what is restored from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import case, delete, func, insert, select

from geo_match.records.clock import day_in_china
from geo_match.store.forgetting import erasure
from geo_match.store.forgetting.scrub import scrub
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.images import Forms, image_of
from geo_match.store.schema.tables import CHANGES, RESTRICTED
from geo_match.store.writing import erased_ids, losses
from geo_match.store.writing.writer import Writer

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterable

    from sqlalchemy import Connection

    from geo_match.store.database import Database

_AT_ONCE: Final = 500
_CAUSE: Final = "erasure: made again after a restore"
# A person's erasure reaches beyond its own records, into the household's; the rest is by keys.
_WITH_MORE: Final = ("seekers", "households")


def erase_again(newer: Connection, restored: Database, clock: Callable[[], dt.datetime]) -> int:
    """Erase in a restored store what another has erased; return how many keys that were.

    What the other keeps restricted as evidence is restricted here, too, and what it has released
    since is gone. Ids that it knows as erased are known here, too.

    Parameters
    ----------
    newer
        A reading connection to the other store, in whose feed the tombstones stand.
    restored
        Of the store that is made from the backup; nobody else has it.
    clock
        Returns the moment, UTC, without a zone.
    """
    with restored.reading() as connection:
        again = _Again(restored, Forms.of(connection), clock)
    # First: with a salt that is there already, what is erased again has the same digest.
    known = erased_ids.all_of(newer)
    restored.write(lambda connection: erased_ids.add(connection, known))
    lost = losses.all_of(newer)
    restored.write(lambda connection: losses.add(connection, lost))
    person_first = case({kind: at for at, kind in enumerate(_WITH_MORE)}, value=CHANGES.c.kind)
    tombstones = (
        select(CHANGES.c.kind, CHANGES.c.key)
        .where(CHANGES.c.op == "erase")
        .order_by(func.coalesce(person_first, len(_WITH_MORE)), CHANGES.c.seq)
    )
    n = 0
    streamed = newer.execution_options(yield_per=_AT_ONCE)
    for block in streamed.execute(tombstones).partitions():
        n += again.erase({key: kind for kind, key in block})
    their_forms = Forms.of(newer)
    for rows in streamed.execute(select(RESTRICTED)).mappings().partitions():
        again.restrict([dict(row) for row in rows], their_forms)
    if n:
        scrub(restored)
    return n


@dataclass(frozen=True, slots=True)
class _Again:
    """A restored store in which is erased again.

    Parameters
    ----------
    database, forms, clock
        Of the store.
    """

    database: Database
    forms: Forms
    clock: Callable[[], dt.datetime]

    def erase(self, erased: dict[str, str]) -> int:
        """Erase some keys, whose kinds are given; return how many of them were there."""
        before = self._ids(erased)
        for key, one in before.items():
            kind = erased[key]
            # An earlier person's erasure may have taken it along; an id may be another's now.
            if kind in _WITH_MORE and self._has(kind, key, one):
                erasure.erase(
                    self.database,
                    self.forms,
                    self._writer,
                    kind,
                    one,
                    public={},
                    today=day_in_china(self.clock()),
                )
        left = self._ids(erased)

        def act(connection: Connection) -> None:
            writer = self._writer(connection)
            for kind in sorted({erased[key] for key in left}):
                ids = {key: one for key, one in left.items() if erased[key] == kind}
                rows = _statements.fetch_by_ids(
                    connection, kind, ["id", "key"], list(ids.values()), lock=True
                )
                writer.erase(kind, [one for one, key in rows if ids.get(key) == one], list(ids))
            # Tombstones of records that are not here stay known, too: a later backup, restored
            # over this store, may have them.
            told = select(CHANGES.c.key).where(CHANGES.c.op == "erase")
            known = connection.execute(told.where(CHANGES.c.key.in_(list(erased)))).scalars()
            unknown = erased.keys() - left.keys() - set(known)
            for kind in sorted({erased[key] for key in unknown}):
                writer.erase(kind, [], sorted(key for key in unknown if erased[key] == kind))
            writer.finish()
            connection.execute(delete(RESTRICTED).where(RESTRICTED.c.key.in_(list(erased))))

        self.database.write(act)
        return len(before)

    def restrict(self, rows: list[dict[str, Any]], theirs: Forms) -> None:
        """Keep restricted what another store does: all evidence, and holds of what is here."""
        keys = [row["key"] for row in rows]
        known = self._ids(keys)
        kept = [
            self._own_form(row, theirs)
            for row in rows
            if row["after"] is not None or row["key"] in known
        ]

        def act(connection: Connection) -> None:
            connection.execute(delete(RESTRICTED).where(RESTRICTED.c.key.in_(keys)))
            if kept:
                connection.execute(insert(RESTRICTED), kept)

        self.database.write(act)

    def _own_form(self, row: dict[str, Any], theirs: Forms) -> dict[str, Any]:
        """Return a row whose image has a form of this store: they are numbered as they come."""
        if row["after"] is None:
            return row
        form = self.forms.current[row["kind"]]
        values = theirs.row(row["form"], row["after"], self.forms.names(form))
        return {**row, "form": form, "after": image_of(values)}

    def _writer(self, connection: Connection) -> Writer:
        return Writer(
            connection, self.database.name, self.forms, self.clock, cause=_CAUSE, actor=""
        )

    def _ids(self, keys: Collection[str]) -> dict[str, str]:
        """Return the last known ids of those keys of which the store has an image."""
        last = (
            select(func.max(CHANGES.c.seq).label("seq"))
            .where(CHANGES.c.key.in_(list(keys)))
            .where(CHANGES.c.after.is_not(None))
            .group_by(CHANGES.c.key)
            .subquery()
        )
        query = select(CHANGES.c.key, CHANGES.c.form, CHANGES.c.after).join(
            last, CHANGES.c.seq == last.c.seq
        )
        with self.database.reading() as connection:
            rows: Iterable[Any] = connection.execute(query).all()
        return {key: str(self.forms.row(form, after, ["id"])[0]) for key, form, after in rows}

    def _has(self, kind: str, key: str, one: str) -> bool:
        with self.database.reading() as connection:
            found = _statements.fetch_by_ids(connection, kind, ["key"], [one], lock=False)
        return [(key,)] == found
