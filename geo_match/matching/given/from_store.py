"""The tables that are matched, from a store: seekers in an audited read, jobs with licences.

Persons are named by their ids: whoever answers others with them puts their keys in place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypeVar

from geo_match.errors import ArgumentError
from geo_match.matching.given.columns import JOBS, LICENCE, SEEKERS
from geo_match.matching.given.frames import jobs_table, seekers_table
from geo_match.store import Cursor
from geo_match.store.reading.sound import without_broken

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sized

    import pyarrow as pa

    from geo_match.store import Store
    from geo_match.store.reading import Reading

_Read = TypeVar("_Read", bound="Sized")

OWNER: Final = "employer_id"
"""The column that names a job's employer."""
JOB_FIELDS: Final = (*(name for name in JOBS.names if name != LICENCE), OWNER)
"""What is read of a job: the licence is that of its employer."""
_EMPLOYER_FIELDS: Final = ("id", "licence")


class Audited(Protocol):
    """What runs a read of persons and gives its answer once it is noted, with their number.

    `geo_match.store.audited` makes it.
    """

    def __call__(self, read: Callable[[], _Read], /) -> _Read:
        """Return what the read returns."""


def check_audited(audited: object) -> None:
    """Check that something can run a read of persons and note it.

    Raises
    ------
    ArgumentError
        If it cannot be called.
    """
    if not callable(audited):
        remedy = (
            "Write `audited(AuditLog.open(path), who=…, purpose=…, scope=…)`, both of "
            "`geo_match.store`, with the path of the store."
        )
        rule = "be what notes a read of persons"
        raise ArgumentError("audited", rule, type(audited).__name__, remedy)


class JobsRead(NamedTuple):
    """Jobs and employers of one moment, as a store has them.

    Parameters
    ----------
    jobs
        With `JOB_FIELDS`.
    employers
        Their `id` and `licence`.
    """

    jobs: pa.Table
    employers: pa.Table

    @property
    def cursor(self) -> Cursor:
        """The place in the feed at which they were read."""
        return cursor_of(self.jobs)


def read_seekers(
    store: Store,
    *,
    audited: Audited,
    as_of: dt.datetime | Cursor | int | None = None,
    on: dt.date | None = None,
) -> pa.Table:
    """Return the seekers of a store as they are matched.

    Parameters
    ----------
    store
        Only the fields that are matched are read of it.
    audited
        `geo_match.store.audited(audit, who=…, purpose=…, scope=…)`: the read is noted, with the
        number of seekers, before it has an answer.
    as_of
        What was known then, as in `Store.read`; now if None.
    on
        The day on which they are registered: who has not begun to be by then, or is closed, is left
        out. All seekers that the store has if None, former ones too: matching then says of each
        that they are not registered.

    Returns
    -------
    pyarrow.Table
        The columns of `frames.SEEKERS`, ordered by id. Its schema's metadata have the `cursor`, the
        number of `missing` records and that of seekers `not_holding` on the day, of `Store.read`;
        `left_out_of` returns the last.

    Raises
    ------
    AuditError
        If the read cannot be noted.
    HorizonError, CursorError, EpochError, ArgumentError
        As `Store.read`; also if `audited` is nothing that runs a read.

    Examples
    --------
    >>> import tempfile
    >>> import pyarrow as pa
    >>> from geo_match.store import AuditLog, Store, audited
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = f"{folder.name}/geo-match.db"
    >>> with Store.open(path) as store, AuditLog.open(path) as audit:
    ...     _ = store.put("seekers", pa.table({"id": ["S1"], "lon": [117.38], "lat": [32.93]}))
    ...     noted = audited(audit, who="社区-07", purpose="岗位匹配", scope="persons:read")
    ...     read_seekers(store, audited=noted).column("id").to_pylist()
    ['S1']
    >>> folder.cleanup()
    """
    check_audited(audited)

    def read() -> pa.Table:
        found = store.read("seekers", fields=SEEKERS.names, as_of=as_of, on=on)
        sound = without_broken("seekers", found)
        return seekers_table(sound).replace_schema_metadata(found.schema.metadata)

    return audited(read)


def read_jobs(
    store: Store,
    *,
    as_of: dt.datetime | Cursor | int | None = None,
    on: dt.date | None = None,
) -> pa.Table:
    """Return the jobs of a store as they are matched, each with its employer's licence.

    Parameters
    ----------
    store
        Only the fields that are matched are read of it.
    as_of
        What was known then, as in `Store.read`; now if None.
    on
        The day on which the jobs are open; open ones and others if None, which the condition
        `open` then tells apart. The licence is the one that was known, whatever the day.

    Returns
    -------
    pyarrow.Table
        The columns of `frames.JOBS`, ordered by id; jobs and licences are of one moment. Its
        schema's metadata have the `cursor` and the number of `missing` jobs of `Store.read`.

    Raises
    ------
    HorizonError, CursorError, EpochError, ArgumentError
        As `Store.read`.
    """
    found = read_both(store, as_of=as_of, on=on)
    table = jobs_table(found.jobs, employers=found.employers)
    return table.replace_schema_metadata(found.jobs.schema.metadata)


def read_both(
    store: Reading, *, as_of: dt.datetime | Cursor | int | None = None, on: dt.date | None = None
) -> JobsRead:
    """Return the jobs and employers of a store, both as of one moment.

    Parameters
    ----------
    store, as_of, on
        As in `read_jobs`.

    Raises
    ------
    HorizonError, CursorError, EpochError, ArgumentError
        As `Store.read`.
    """
    jobs = store.read("jobs", fields=JOB_FIELDS, as_of=as_of, on=on)
    employers = store.read("employers", fields=_EMPLOYER_FIELDS, as_of=as_of)
    if cursor_of(employers) != cursor_of(jobs):
        # Somebody wrote in between: the employers as they were when the jobs were read.
        employers = store.read("employers", fields=_EMPLOYER_FIELDS, as_of=cursor_of(jobs))
    return JobsRead(without_broken("jobs", jobs), without_broken("employers", employers))


def cursor_of(table: pa.Table) -> Cursor:
    """Return the place in the feed at which a table was read."""
    return Cursor.parse(table.schema.metadata[b"cursor"].decode())


def left_out_of(table: pa.Table) -> int:
    """Return how many records were left out of a table since they do not hold on its day."""
    return int(table.schema.metadata[b"not_holding"])
