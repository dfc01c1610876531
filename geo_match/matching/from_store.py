"""The tables that are matched, from a store: seekers in an audited read, jobs with licences.

Persons are named by their ids: whoever answers others with them puts their keys in place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from geo_match.matching.frames import JOBS, SEEKERS, jobs_table, seekers_table
from geo_match.store import Cursor

if TYPE_CHECKING:
    import datetime as dt

    from geo_match.store import Store

AuditedRead = Callable[[Callable[[], pa.Table]], pa.Table]
"""What runs a read of persons and gives its answer once it is noted: `store.audited` makes it."""

_CURSOR: Final = b"cursor"
_LICENCE: Final = "employer_licence"


def read_seekers(
    store: Store,
    *,
    audited: AuditedRead,
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
        As in `Store.read`; a seeker holds on each day.

    Returns
    -------
    pyarrow.Table
        The columns of `frames.SEEKERS`, ordered by id. Its schema's metadata have the `cursor` and
        the number of `missing` records of `Store.read`.

    Raises
    ------
    AuditError
        If the read cannot be noted.
    HorizonError, CursorError, EpochError, ArgumentError
        As `Store.read`.

    Examples
    --------
    >>> import tempfile
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

    def read() -> pa.Table:
        found = store.read("seekers", fields=SEEKERS.names, as_of=as_of, on=on)
        return seekers_table(found).replace_schema_metadata(found.schema.metadata)

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
    fields = [name for name in JOBS.names if name != _LICENCE]
    found = store.read("jobs", fields=[*fields, "employer_id"], as_of=as_of, on=on)
    employers = _employers(store, as_of)
    if employers.schema.metadata[_CURSOR] != found.schema.metadata[_CURSOR]:
        # Somebody wrote in between: the employers as they were when the jobs were read.
        employers = _employers(store, _seen(found))
    table = jobs_table(found, employers=employers)
    return table.replace_schema_metadata(found.schema.metadata)


def _employers(store: Store, as_of: dt.datetime | Cursor | int | None) -> pa.Table:
    return store.read("employers", fields=["id", "licence"], as_of=as_of)


def _seen(found: pa.Table) -> Cursor:
    """Return the place in the feed at which records were read."""
    return Cursor.parse(found.schema.metadata[_CURSOR].decode())
