"""What is to become of arriving records, as of one moment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import bindparam, select

from geo_match.errors import ArgumentError
from geo_match.store.reading import past
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.columns import from_rows, record_schema, to_kept
from geo_match.store.schema.tables import TABLES
from geo_match.store.writing.beside import breaking
from geo_match.store.writing.checking import check_merged, check_records
from geo_match.store.writing.compare import Applied, compare, merged
from geo_match.store.writing.others import last_seq

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection, Select


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
    erased_too
        Whether records of persons and households are taken who were erased meanwhile.
    is_partial
        Whether they speak of some fields only, and nobody has looked yet at what becomes of them
        beside the others.
    """

    kind: str
    schema: pa.Schema
    spoken: Sequence[str]
    correct: bool = False
    erased_too: bool = False
    is_partial: bool = False

    def blocks(self, records: pa.Table, at_once: int) -> Iterator[pa.Table]:
        """Yield records in kept form, so many at once; at least one block."""
        for start in range(0, max(1, len(records)), at_once):
            yield to_kept(records.slice(start, at_once), self.schema)


def arriving(
    kind: str,
    records: pa.Table,
    fields: Collection[str] | None,
    *,
    correct: bool = False,
    erased_too: bool = False,
    judged: bool = False,
) -> Arriving:
    """Return what arrives, once it is sure that it can be taken in.

    Parameters
    ----------
    kind, records, fields, correct, erased_too, judged
        As `Store.apply` takes them.

    Raises
    ------
    ArgumentError
        As `Store.apply` does.
    """
    spoken = past.with_fields(kind, fields, None).names
    if "id" not in records.column_names or records.column("id").null_count:
        raise ArgumentError("records", "have an id each", "some without one")
    if len(pc.unique(records.column("id"))) < len(records):
        raise ArgumentError(
            "records", "have different ids", "one that is repeated", "Keep the newest of each."
        )
    schema = record_schema(kind)
    if not judged:
        check_records(kind, records, schema, fields)
    return Arriving(
        kind,
        schema,
        [name for name in spoken if name != "id"],
        correct=correct,
        erased_too=erased_too,
        is_partial=not judged and len(spoken) < len(schema),
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to become of n records, as of one moment.

    Parameters
    ----------
    seq
        Number of the last change that the plan knows of.
    applied
        What becomes of each.
    taken
        The accepted records as they will be, in kept form.
    key
        Key of the record that each replaces, None for a new one, object, shape (n,).
    import_id
        Which import wrote the kept record last, −1 where there is none, int64, shape (n,).
    """

    seq: int
    applied: Applied
    taken: pa.Table
    key: NDArray[np.object_]
    import_id: NDArray[np.int64]

    def part(self, of: slice, taken: int) -> Plan:
        """Return the plan of some of the records.

        Parameters
        ----------
        taken
            How many of those before them are accepted.
        """
        applied = self.applied.part(of)
        n = int(applied.accepted.sum())
        return Plan(self.seq, applied, self.taken.slice(taken, n), self.key[of], self.import_id[of])


def plan(
    connection: Connection,
    what: Arriving,
    arriving: pa.Table,
    *,
    lock: bool = False,
    place: NDArray[np.int64] | None = None,
) -> Plan:
    """Compare records with those that are kept.

    Parameters
    ----------
    lock
        Whether other writers must wait until this transaction has ended.
    place
        Where each stands in what the caller gave, shape (n,); None if that is not known.

    Raises
    ------
    ArgumentError
        If a partial one breaks a rule with what is kept beside it.
    """
    n = len(arriving)
    names = [*what.schema.names, "import_id", "key"]
    rows = []
    if n and may_have_any(connection, what.kind, arriving.column("id")):
        ids = arriving.column("id").to_pylist()
        rows = _statements.fetch_by_ids(connection, what.kind, names, ids, lock=lock)
    # After the rows: with a commit in between the plan looks newer than its rows are. No harm: who
    # reads sees one moment, and who writes has locked the rows, and starts anew where a new id
    # collides. It is wanted: a place in the feed that is returned must not lie before what was
    # found there already.
    seq = last_seq(connection)
    if not rows:
        if what.is_partial:
            check_merged(what.kind, arriving, what.schema, what.spoken, place)
        nothing = np.full(n, None, dtype=object)
        return Plan(seq, Applied.new(n), arriving, nothing, np.full(n, -1, dtype=np.int64))
    kept = from_rows([row[:-2] for row in rows], what.schema)
    applied = compare(arriving, kept, what.spoken, correct=what.correct)
    at = pc.index_in(arriving.column("id"), value_set=kept.column("id").combine_chunks())
    beside = np.asarray(pc.fill_null(at, -1), dtype=np.int64)
    key = np.array([None, *(row[-1] for row in rows)], dtype=object)[beside + 1]
    import_id = np.array([-1, *(row[-2] for row in rows)], dtype=np.int64)[beside + 1]
    accepted = pa.array(applied.accepted)
    taken = merged(arriving.filter(accepted), kept.take(at.filter(accepted)), what.spoken)
    if what.is_partial:
        places = None if place is None else place[applied.accepted]
        check_merged(what.kind, taken, what.schema, what.spoken, places)
    elif (broken := breaking(what.kind, taken, what.spoken)).any():
        flags = np.zeros(n, dtype=np.int64)
        flags[applied.accepted] = broken
        applied, taken = applied.without(flags), taken.filter(pa.array(broken == 0))
    return Plan(seq, applied, taken, key, import_id)


def planned(connection: Connection, what: Arriving, records: pa.Table, at_once: int) -> Applied:
    """Return what is to become of records, compared so many at once; `plan` says the rest."""
    applied = []
    for at, arriving in enumerate(what.blocks(records, at_once)):
        place = np.arange(len(arriving)) + at * at_once
        applied.append(plan(connection, what, arriving, place=place).applied)
    return Applied.joined(applied)


def may_have_any(connection: Connection, kind: str, ids: pa.ChunkedArray) -> bool:
    """Return whether there may be records of some ids: whether any lies between their ends.

    Neighbours of a list in the order of ids are seldom there where none of them is, and to look
    that up is one step, not one for each. PostgreSQL orders texts by a language; there only an
    empty table is told.
    """
    if connection.dialect.name != "sqlite":
        return bool(_statements.ask(connection, _first_id(kind)))
    ends = pc.min_max(ids)
    least, greatest = (ends[one].as_py() for one in ("min", "max"))
    return bool(
        _statements.ask(connection, _first_id_between(kind), least=least, greatest=greatest)
    )


@lru_cache
def _first_id(kind: str) -> Select[tuple[str]]:
    return select(TABLES[kind].c.id).limit(1)


@lru_cache
def _first_id_between(kind: str) -> Select[tuple[str]]:
    one = TABLES[kind].c.id
    return _first_id(kind).where(
        one.between(bindparam("least", type_=one.type), bindparam("greatest", type_=one.type))
    )
