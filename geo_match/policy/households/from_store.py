"""Households, their members, seekers and spells of a store, as frames, in audited reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.matching.given.columns import SEEKERS
from geo_match.matching.given.from_store import check_audited, cursor_of
from geo_match.store.reading.sound import without_broken

if TYPE_CHECKING:
    import datetime as dt

    from geo_match.matching.given.from_store import Audited
    from geo_match.store import Cursor, Store

_HOUSEHOLDS: Final = ("id", "hukou", "member_count", "community", "members")
_SEEKERS: Final = (*SEEKERS.names, "household", "close_reason")
_SPELLS: Final = (
    *("id", "person", "status", "start", "end"),
    *("source", "verified_by", "verified_on"),
)


class HouseholdsRead(NamedTuple):
    """What a store knows of households, all of one moment.

    Parameters
    ----------
    households
        `id`, `hukou`, `member_count`, `community`.
    members
        `household`, `birth_year`, `status`: a row a member that a household lists.
    seekers
        All seekers, former ones too, with what is matched, `household` and `close_reason`.
    spells
        `id`, `person`, `status`, `start`, `end`, `source`, `verified_by`, `verified_on`.
    cursor
        The place in the feed at which they were read.
    """

    households: pd.DataFrame
    members: pd.DataFrame
    seekers: pd.DataFrame
    spells: pd.DataFrame
    cursor: Cursor


def read_households(
    store: Store, *, audited: Audited, as_of: dt.datetime | Cursor | int | None = None
) -> HouseholdsRead:
    """Return what a store knows of households.

    Parameters
    ----------
    store
        Only the fields that are judged are read of it.
    audited
        As `geo_match.matching.given.from_store.read_seekers` takes it: each of the three reads of
        persons is noted, with its number of records, before it has an answer.
    as_of
        What was known then, as in `Store.read`; now if None.

    Returns
    -------
    HouseholdsRead
        For `suspect`, `judge_cases` (its `persons` are the seekers) and `rank_help`.

    Raises
    ------
    AuditError
        If a read cannot be noted.
    HorizonError, CursorError, EpochError, ArgumentError
        As `Store.read`; also if `audited` is nothing that runs a read.
    """
    check_audited(audited)
    homes = audited(lambda: _read(store, "households", _HOUSEHOLDS, as_of))
    # As they were when the households were read, whoever writes in between: it is one answer.
    cursor = cursor_of(homes)
    seekers = audited(lambda: _read(store, "seekers", _SEEKERS, cursor))
    spells = audited(lambda: _read(store, "spells", _SPELLS, cursor))
    return HouseholdsRead(
        _frame(homes.drop_columns("members")),
        _members(homes),
        _frame(seekers),
        _frame(spells),
        cursor,
    )


def _read(
    store: Store,
    kind: str,
    fields: tuple[str, ...],
    as_of: dt.datetime | Cursor | int | None,
) -> pa.Table:
    found = store.read(kind, fields=fields, as_of=as_of)
    return without_broken(kind, found).replace_schema_metadata(found.schema.metadata)


def _members(homes: pa.Table) -> pd.DataFrame:
    """Return a row a member; a household that lists none has no row."""
    lists = homes.column("members").combine_chunks()
    one = lists.flatten()
    at = pc.list_parent_indices(lists)
    return _frame(
        pa.table(
            {
                "household": homes.column("id").take(at),
                "birth_year": pc.struct_field(one, "birth_year"),
                "status": pc.struct_field(one, "status"),
            }
        )
    )


def _frame(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.replace_schema_metadata(None).to_pandas(
        types_mapper={pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int32Dtype()}.get
    )
    return frame
