"""The audit of reads of persons: who read how many of them, why, under which scope, and when.

An entry is durable before the answer leaves: if it cannot be written, there is no answer. Entries
lie outside the store's tables and its feed, and are only ever added. An entry counts persons and
does not name them, so the erasure of a person need not touch it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import unicodedata
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

import pyarrow as pa
from sqlalchemy import insert, select

from geo_match import codes
from geo_match.errors import ArgumentError
from geo_match.store.audit._database import open_database
from geo_match.store.audit._group import CommitGroups, GroupsClosedError
from geo_match.store.audit._table import AUDIT, ENTRIES
from geo_match.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence, Sized
    from pathlib import Path

    from sqlalchemy import URL

    from geo_match.store.audit._database import AuditDatabase

    _Answer = TypeVar("_Answer", bound=Sized)

_BUSY_TIMEOUT_S: Final = 5.0  # only other processes' entries are waited for: milliseconds
_LONGEST: Final = 2_000  # characters, as in every text of a record
_MOST: Final = 2**63 - 1
_AT_ONCE: Final = 20_000  # entries in memory as objects


class AuditError(StoreError):
    """The entry of a read could not be written, so the read has no answer; it may be tried again.

    Its `__cause__` is what went wrong, such as a `StoreFullError`.
    """


@dataclasses.dataclass(frozen=True, slots=True)
class PersonRead:
    """One read of persons.

    Parameters
    ----------
    who
        Who asked: an account, or a service.
    purpose
        What for, in words or by a number of a case that names nobody.
    scope
        The right under which it was asked, such as `persons:read`; never a person.
    count
        How many persons' records the answer holds. 0 is an entry too: it was asked.

    Raises
    ------
    ArgumentError
        If a text is blank, longer than 2,000 characters, has control characters or an ID-card
        number; or the count is no whole number from 0.
    """

    who: str
    purpose: str
    scope: str
    count: int

    def __post_init__(self) -> None:
        """Check it: an entry that a database refused would take its whole group with it."""
        for name in ("who", "purpose", "scope"):
            _check_text(name, getattr(self, name))
        count: object = self.count
        if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= _MOST:
            raise ArgumentError("count", f"be a whole number from 0 to {_MOST}", repr(count))


class AuditLog:
    """A log of reads of persons; made by `AuditLog.open`, and a context manager that closes it.

    Any number of threads and processes may write to it. The entries of threads that come together
    share a commit.

    Parameters
    ----------
    database
        Where it is kept.
    """

    def __init__(self, database: AuditDatabase) -> None:
        self.name = database.name
        self._database = database
        self._groups: CommitGroups[PersonRead] = CommitGroups(self._write)
        self._is_open = True

    @classmethod
    def open(cls, store: str | Path | URL, *, busy_timeout_s: float = _BUSY_TIMEOUT_S) -> Self:
        """Open the audit of a store, and make it if there is none.

        Parameters
        ----------
        store
            The store's path or URL. Beside a SQLite file `geo-match.db` its audit is the file
            `geo-match.db.audit`; in a PostgreSQL database it is the table `audit`.
        busy_timeout_s
            How long an entry waits for another process that is writing one, seconds.

        Raises
        ------
        StoreError
            If it is no audit of geo_match, or one of another version of it; by the subclasses in
            `geo_match.store.errors` if it is busy, damaged, on a full disk or not writable.
        """
        return cls(open_database(store, busy_timeout_s=busy_timeout_s))

    def note(self, read: PersonRead) -> int:
        """Write an entry, and return when it is durable.

        Parameters
        ----------
        read
            What was read; its moment is set here.

        Returns
        -------
        int
            The entry's number: 1, 2, 3 … without gaps. No entry has an earlier moment than one
            of a lower number, also where the clock was set back.

        Raises
        ------
        AuditError
            If it could not be written, or the log is closed. Nothing may be answered then. (The
            entry may be there all the same, if the disk failed after it had been written.)
        """
        outcome = self._groups.add(read)
        if isinstance(outcome, BaseException):
            raise self._no_answer(outcome) from outcome
        return outcome

    def read(
        self,
        *,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
        who: str | None = None,
    ) -> pa.Table:
        """Return entries in the order of their numbers.

        Parameters
        ----------
        since, until
            Entries of `since <= noted_at < until`, moments with a time zone; unbounded if None.
        who
            Entries of this one; of all if None.

        Returns
        -------
        pyarrow.Table
            Columns `number`, `noted_at` (UTC), `who`, `purpose`, `scope`, `count`.

        Raises
        ------
        ArgumentError
            If a moment has no time zone.
        StoreError
            If the log cannot be read, or is closed.
        """
        query = select(*AUDIT.c).order_by(AUDIT.c.number)
        if since is not None:
            query = query.where(AUDIT.c.noted_at >= _utc_of("since", since))
        if until is not None:
            query = query.where(AUDIT.c.noted_at < _utc_of("until", until))
        if who is not None:
            query = query.where(AUDIT.c.who == who)
        if not self._is_open:
            raise StoreError(self.name, "be open", "one that was closed", "Open it anew.")
        with self._database.reading() as connection:
            found = connection.execute(query)
            blocks = [_entries(rows) for rows in found.partitions(_AT_ONCE)]
        return pa.concat_tables([ENTRIES.empty_table(), *blocks])

    def close(self) -> None:
        """Let go of its connections when the entries that were taken are written."""
        self._groups.close()
        self._is_open = False
        self._database.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _write(self, reads: Sequence[PersonRead]) -> Sequence[int]:
        """Write the entries of a group in one transaction, and return their numbers."""
        try:
            with self._database.writing() as connection:
                newest = select(AUDIT.c.number, AUDIT.c.noted_at).order_by(AUDIT.c.number.desc())
                last = connection.execute(newest.limit(1)).first()
                moment = _now()
                first = 1
                if last is not None:
                    first += last.number
                    moment = max(moment, _utc(last.noted_at))
                numbers = range(first, first + len(reads))
                rows = [
                    {"number": number, "noted_at": moment, **dataclasses.asdict(read)}
                    for number, read in zip(numbers, reads, strict=True)
                ]
                connection.execute(insert(AUDIT), rows)
        except BaseException:
            self._database.release()  # the next group begins on a connection that is sound
            raise
        return numbers

    def _no_answer(self, cause: BaseException) -> AuditError:
        rule, found, remedy = "take an entry", type(cause).__name__, ""
        if isinstance(cause, StoreError):
            rule, found, remedy = cause.rule, cause.found, cause.remedy
        elif isinstance(cause, GroupsClosedError):
            rule, found, remedy = "be open", "one that was closed", "Open it anew."
        return AuditError(self.name, f"{rule}, or no read of persons is answered", found, remedy)


def audited(
    audit: AuditLog, *, who: str, purpose: str, scope: str
) -> Callable[[Callable[[], _Answer]], _Answer]:
    """Return what runs a read of persons and gives its answer once it is noted.

    Parameters
    ----------
    audit
        Where it is noted.
    who, purpose, scope
        As in `PersonRead`.

    Returns
    -------
    callable
        Takes a read without arguments, whose answer has a record a person, such as a table. Notes
        the answer's length and returns the answer. A read that fails has no answer and no entry.

    Raises
    ------
    ArgumentError
        At once, if an entry of these could not be made. What is returned raises AuditError in
        place of the answer if it cannot be noted.

    Examples
    --------
    >>> import tempfile
    >>> import pyarrow as pa
    >>> seekers = pa.table({"id": ["A", "B"]})
    >>> folder = tempfile.TemporaryDirectory()
    >>> with AuditLog.open(f"{folder.name}/geo-match.db") as audit:
    ...     answer = audited(audit, who="社区-07", purpose="岗位推荐", scope="persons:read")
    ...     found = answer(lambda: seekers)
    ...     audit.read().select(["number", "who", "count"]).to_pylist()
    [{'number': 1, 'who': '社区-07', 'count': 2}]
    >>> folder.cleanup()
    """
    asked = PersonRead(who=who, purpose=purpose, scope=scope, count=0)

    def answer(read: Callable[[], _Answer]) -> _Answer:
        found = read()
        audit.note(dataclasses.replace(asked, count=len(found)))
        return found

    return answer


def _check_text(name: str, text: object) -> None:
    if not isinstance(text, str) or not text.strip():
        raise ArgumentError(name, "be a text that is not blank", repr(text))
    if len(text) > _LONGEST:
        raise ArgumentError(name, f"have at most {_LONGEST} characters", str(len(text)))
    # Cc would break the lines of a listing, and PostgreSQL keeps no NUL; Cs is no text at all.
    bad = next((one for one in text if unicodedata.category(one) in {"Cc", "Cs"}), None)
    if bad is not None:
        raise ArgumentError(name, "have no control characters", f"U+{ord(bad):04X} in it")
    try:
        codes.check_no_id_card(text)
    except ValueError:
        raise ArgumentError(
            name,
            "hold no ID-card number",
            repr(codes.mask_id_cards(text)),
            "Put the office's own number in its place.",
        ) from None


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _utc(moment: dt.datetime) -> dt.datetime:
    """Return a moment as a database gives it, in UTC: SQLite keeps no zone."""
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


def _utc_of(name: str, moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is None:
        raise ArgumentError(
            name, "have a time zone", repr(moment), "Add one, such as datetime.UTC."
        )
    return moment.astimezone(dt.UTC)


def _entries(rows: Sequence[Any]) -> pa.Table:
    columns = dict(zip(ENTRIES.names, map(list, zip(*rows, strict=True)), strict=True))
    columns["noted_at"] = [_utc(moment) for moment in columns["noted_at"]]
    return pa.table(columns, schema=ENTRIES)
