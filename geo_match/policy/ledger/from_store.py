"""The ledger's frames from a store: all as of one moment, persons in an audited read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from geo_match.matching.given.from_store import check_audited, cursor_of

if TYPE_CHECKING:
    import datetime as dt

    import pyarrow as pa

    from geo_match.matching.given.from_store import Audited
    from geo_match.store import Cursor, Store

SEEKER_FIELDS: Final = (
    *("id", "household", "name", "phone", "address", "community", "community_name", "lon", "lat"),
    *("sex", "birth_year", "education", "certificates", "status", "registered_on", "closed_on"),
    *("close_reason", "groups", "difficulty", "occupation", "occupation_version"),
    *("wage_floor_cny", "hours_max_per_week", "shift", "accepts", "radius_m", "graduation_year"),
    *("location_accuracy_m", "datum", "located_by", "registered_residence"),
)
"""What is read of a seeker; not the remark."""


class LedgerRead(NamedTuple):
    """Seekers, their spells and services, as one moment of a store has them.

    Parameters
    ----------
    seekers, spells, services
        Arrow tables with the fields of the records; of a seeker those of `SEEKER_FIELDS`.
    """

    seekers: pa.Table
    spells: pa.Table
    services: pa.Table

    @property
    def cursor(self) -> Cursor:
        """The place in the feed at which they were read."""
        return cursor_of(self.seekers)

    def __len__(self) -> int:
        """Return how many persons were read: what an audit notes."""
        return len(self.seekers)


def read_ledger(
    store: Store,
    *,
    audited: Audited,
    as_of: dt.datetime | Cursor | int | None = None,
    registered_on: dt.date | None = None,
) -> LedgerRead:
    """Read the ledger of a store.

    Parameters
    ----------
    store
        The store.
    audited
        `geo_match.store.audited(audit, who=…, purpose=…, scope=…)`: the read is noted, with the
        number of persons, before it has an answer.
    as_of
        What was known then, as in `Store.read`; now if None.
    registered_on
        The day on which the seekers are registered; all of them, former ones too, if None.

    Raises
    ------
    AuditError
        If the read cannot be noted.
    HorizonError, CursorError, EpochError, ArgumentError
        As `Store.read`; also if `audited` is nothing that runs a read.
    """
    check_audited(audited)

    def read() -> LedgerRead:
        seekers = store.read("seekers", fields=SEEKER_FIELDS, as_of=as_of, on=registered_on)
        # Somebody may write in between: the others as they were when the seekers were read.
        moment = cursor_of(seekers)
        tables = [store.read(one, as_of=moment) for one in ("spells", "services")]
        return LedgerRead(seekers, *tables)

    return audited(read)
