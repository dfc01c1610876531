"""What a store can be told to forget: persons, evidence whose time has passed, the distant past."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geo_match.records.clock import day_in_china
from geo_match.store.audit import audited
from geo_match.store.errors import StoreError
from geo_match.store.forgetting import erasure, naming, restriction, retention
from geo_match.store.forgetting._public_text import (
    check_names_nobody,
    check_public_text,
    check_reason,
)
from geo_match.store.forgetting.scrub import scrub
from geo_match.store.schema.columns import record_schema
from geo_match.store.schema.images import PERSONS
from geo_match.store.writing import erased_ids, losses
from geo_match.store.writing.writer import Writer

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Mapping, Sequence

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from geo_match.store.audit import AuditLog
    from geo_match.store.database import Database
    from geo_match.store.forgetting.erasure import Erased
    from geo_match.store.forgetting.restriction import Released
    from geo_match.store.forgetting.retention import Forgotten
    from geo_match.store.reading.feed import Cursor
    from geo_match.store.schema.images import Forms


class Forgetting:
    """The part of a `Store` by which it forgets."""

    database: Database
    _forms: Forms
    _clock: Callable[[], dt.datetime]

    def erase(
        self,
        kind: str,
        id_: str,
        *,
        reason: str,
        actor: str = "",
        expected: Mapping[str, int | None] | None = None,
    ) -> Erased:
        """Erase a person or a household, past and present, in one transaction.

        What goes and what stays, `geo_match.store.forgetting.erasure` says. Evidence that is held
        (`hold`) is moved out of sight instead. Answers of `read(as_of=…)` say how many records are
        missing, and how many of others lost some fields. A digest of the id stays, whether there
        was anything of it or not: records that arrive with it are refused then (`ErasedIdError`),
        unless it is said that the person has come back. So a mistyped id is barred, too: if
        nothing of it was erased, see whether it is right. The database's files are scrubbed at the
        end: see `scrub` for what this costs.

        Parameters
        ----------
        kind
            "seekers" for a person, "households" for a household.
        id_
            Its owner's id; one that was removed before is found in the past.
        reason
            Why, kept for good: the number of the request, nothing personal.
        actor
            Who does it; kept for good, too.
        expected
            As in `put`.

        Returns
        -------
        Erased
            Without any record if there was none of this id: to ask twice does no harm. But what
            was erased, restricted, changed and unmatched is told once only.

        Raises
        ------
        ArgumentError
            If the kind is another, or `reason` or `actor` has anything personal in it.
        OvertakenError
            If the record is not as expected: nothing is erased then.
        StoreError
            If the store cannot be written to; nothing is erased then, unless the error says else:
            where PostgreSQL was lost at the commit it may be done. Then ask again. If it was done,
            what it had erased and changed is told no more.
        """
        check_reason(reason)
        check_public_text("actor", actor)

        def writer(connection: Connection) -> Writer:
            return Writer(
                connection,
                self.database.name,
                self._forms,
                self._clock,
                cause=f"erasure: {reason}",
                actor=actor,
            )

        erased = erasure.erase(
            self.database,
            self._forms,
            writer,
            kind,
            id_,
            public={"reason": reason, "actor": actor},
            today=self._today(),
            expected=expected,
        )
        return replace(erased, scrubbed=self._is_scrubbed())

    def check_removal(self, kind: str, id_: str, *, reason: str) -> None:
        """Check that a reason for the removal of a person's record may be kept for good.

        `remove` keeps its cause as it is given. Whoever takes one from somebody checks it before.

        Parameters
        ----------
        kind, id_
            Of the record. Of what is public anything may be said but a number of an ID card or a
            telephone.
        reason
            Why it is to be removed.

        Raises
        ------
        ArgumentError
            If the reason is blank, longer than a line of 200 characters, or has an ID-card or phone
            number in it; or, of a person's record, what the records say of whom it tells
            (`geo_match.store.forgetting.naming`).
        StoreError
            If the store cannot be read.
        """
        check_reason(reason)
        if kind not in PERSONS:
            return
        with self.database.reading() as connection:
            said = naming.said_of(connection, self._forms, kind, id_)
        check_names_nobody("reason", reason, said)

    def are_erased(self, kind: str, records: pa.Table) -> NDArray[np.bool_]:
        """Return which records are of persons or households that were erased, and are not back.

        Parameters
        ----------
        kind
            Of the records. Seekers and households have their own ids, spells and services their
            person's; of other kinds none is. Which household a seeker names is not looked at.
        records
            n of them.

        Returns
        -------
        numpy.ndarray
            Bool, shape (n,). Erasures by a geo_match that kept no digests (before form 0005) are
            not known; erasing the same id once more lets it be known.

        Raises
        ------
        ArgumentError
            If the kind is unknown.
        """
        record_schema(kind)
        with self.database.reading() as connection:
            return erased_ids.are_erased(connection, kind, records)

    def give_back(
        self, households: pa.Table, *, fields: Collection[str] | None = None
    ) -> NDArray[np.bool_]:
        """Return which households may bring back who was erased from them.

        `geo_match.store.writing.losses` says when one may; `put` and `apply` refuse it then.

        Parameters
        ----------
        households
            n arriving ones, columns by the names of the fields.
        fields
            Those that the source speaks of; all if None.

        Returns
        -------
        numpy.ndarray
            Bool, shape (n,); also for those that would not be taken in, being older than the
            store's.
        """
        spoken = losses.OF_PERSONS if fields is None else fields
        with self.database.reading() as connection:
            return losses.give_back(connection, households, spoken)

    def _check_not_erased(self, kind: str, records: pa.Table) -> None:
        """Raise ErasedIdError if a record is of someone who was erased and is not back."""
        if kind in erased_ids.WHOSE:
            with self.database.reading() as connection:
                erased_ids.check(connection, self.database.name, kind, records)

    def hold(self, kind: str, ids: Sequence[str], *, until: dt.date, reason: str) -> list[str]:
        """Mark records as evidence of a paid claim; return their keys.

        Parameters
        ----------
        kind
            One that speaks of persons: households, seekers, spells, services.
        ids
            Of records that are there.
        until
            The last day on which they must be kept, such as the end of the claim's archive period.
            A later one that stands already stays.
        reason
            Which claim; nothing personal.

        Raises
        ------
        ArgumentError
            If one of them is not there, the day is past, or the reason has anything personal in it.
        """
        restriction.check_hold(kind, until, reason, today=self._today())
        return self.database.write(
            lambda connection: restriction.hold(connection, kind, ids, until=until, reason=reason)
        )

    def restricted(
        self, kind: str, *, audit: AuditLog, who: str, purpose: str, scope: str
    ) -> pa.Table:
        """Return the evidence that was moved out of sight, once the read is noted.

        Parameters
        ----------
        kind
            Of the records.
        audit
            Where the read is noted.
        who, purpose, scope
            As in `PersonRead`.

        Returns
        -------
        pyarrow.Table
            The kind's columns, and `key`, `restricted_until` and `restricted_for`; by key.

        Raises
        ------
        AuditError
            If it cannot be noted.
        ArgumentError
            If the kind is unknown, or no entry can be made of the texts.
        """
        record_schema(kind)

        def read() -> pa.Table:
            with self.database.reading() as connection:
                return restriction.read_restricted(connection, self._forms, kind)

        return audited(audit, who=who, purpose=purpose, scope=scope)(read)

    def release_restricted(self, *, on: dt.date | None = None) -> Released:
        """Delete for good what had to be kept until a day before `on`; scrub if there was any.

        Parameters
        ----------
        on
            A day; today by China's clock if None.

        Returns
        -------
        Released
            How many records of erased persons it was, and whether the files are rid of them.

        Raises
        ------
        StoreError
            If the store cannot be written to; nothing is released then.
        """
        day = self._today() if on is None else on
        count = self.database.write(lambda connection: restriction.release(connection, on=day))
        return restriction.Released(count, scrubbed=not count or self._is_scrubbed())

    def forget_before(self, as_of: dt.datetime | Cursor | int) -> Forgotten:
        """Forget what was known before a moment or place in the feed; it becomes the horizon.

        Answers from there on stay as they are; earlier moments and cursors are a HorizonError. It
        is done in small transactions, then the files are scrubbed (`scrub`). If it is interrupted,
        the same call ends it.

        With its past goes how a site came to be seen at its place
        (`geo_match.store.reading.standing`): no site that the store had by then counts as verified
        until a change says so anew, after one that says "no". Its moves till then do not count.

        Raises
        ------
        HorizonError
            If it lies before the horizon already.
        CursorError, EpochError
            If it is no place in this store's feed.
        ArgumentError
            If it is a moment without a time zone, or one that is not yet past.
        """
        forgotten = retention.forget_before(self.database, as_of, clock=self._clock)
        return replace(forgotten, scrubbed=self._is_scrubbed())

    def scrub(self) -> bool:
        """Remove what is left of deleted rows in the database's files.

        A SQLite file is written anew, and its log emptied: others read meanwhile, and wait to
        write. In PostgreSQL the tables that tell of persons and the feed are written anew, one by
        one (VACUUM FULL): others wait meanwhile, readers, too, for as long as it takes to copy a
        table. `geo_match.store.forgetting.scrub` says what may be left.

        Returns
        -------
        bool
            Whether nothing is left. False if someone was reading, of a SQLite file in the log for
            longer than the busy timeout: call it once more. In PostgreSQL also if the role does not
            own the tables: let their owner call it.

        Raises
        ------
        StoreError
            If the store is busy, damaged, or on a full disk.
        """
        return scrub(self.database)

    def _is_scrubbed(self) -> bool:
        try:
            return self.scrub()
        except StoreError:  # what was asked is done; `scrub` will say why this is not
            return False

    def _today(self) -> dt.date:
        return day_in_china(self._clock())
