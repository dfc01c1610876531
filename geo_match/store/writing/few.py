"""A few records, taken in row by row: what `planning` does of many by columns, in plain Python.

Columns cost the same for one record as for a thousand, and that is far more than one record needs.
The rules are those of `geo_match.store.writing.checking` and `compare`, which say what they are and
why; a test holds that both ways come to the same. Whatever is not usual here (a column of another
type, a record that may break a rule, a kept one that the store would not have written so) is left
to them: they say what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
from pydantic import ValidationError

from geo_match.errors import ArgumentError
from geo_match.records import RECORDS
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.columns import record_schema
from geo_match.store.schema.values import UnusualError, is_kept, kept_values
from geo_match.store.writing.compare import PLACE, VERSIONING, Applied
from geo_match.store.writing.others import last_seq

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo_match.store.database.driven import Driven

FEW: Final = 8
"""Records up to which rows are faster than columns."""
_GUARDED: Final = "households"
"""The kind whose records may bring back a member who was erased: that is looked at by columns."""

Row = tuple[Any, ...]
"""The fields of one record in kept form, in the order of the kind's."""


def rows_of(kind: str, records: pa.Table | Sequence[Mapping[str, Any]]) -> list[Row] | None:
    """Return a few records that keep the rules of their kind in kept form; None for all others.

    Parameters
    ----------
    kind
        Of the records; it need not be one.
    records
        As they arrive, each a whole record: a field without a column is null.
    """
    if kind not in RECORDS or kind == _GUARDED or not 0 < len(records) <= FEW:
        return None
    names = record_schema(kind).names
    known = set(names)
    values = _values(kind, records) if isinstance(records, pa.Table) else records
    if values is None:
        return None
    rows = []
    for one in values:
        if not one.keys() <= known:
            return None  # the columns tell of it
        # A null is a value that is not stated, also where the model has another word for that.
        said = {name: value for name, value in one.items() if value is not None}
        try:
            RECORDS[kind].model_validate(said)
            rows.append(kept_values(kind, [said.get(name) for name in names]))
        except (UnusualError, ValidationError):
            return None
    ids = {row[0] for row in rows}
    return rows if len(ids) == len(rows) else None


def table_of(kind: str, records: pa.Table | Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return records as columns.

    Raises
    ------
    ArgumentError
        If there is no such kind, or a value is not of its field's type.
    """
    if isinstance(records, pa.Table):
        return records
    schema = record_schema(kind)
    types = {field.name: field.type for field in schema}
    names = list(dict.fromkeys(name for one in records for name in one))
    columns = {}
    for name in names:
        values = [one.get(name) for one in records]
        try:
            columns[name] = pa.array(values, types.get(name))
        except (pa.ArrowException, OverflowError, TypeError, ValueError):
            raise _of_another_type(name, types) from None
        # Arrow takes a number for a day, and parts of a second away, without a word.
        if columns[name].to_pylist() != values:
            raise _of_another_type(name, types)
    return pa.table(columns)


def _of_another_type(name: str, types: Mapping[str, pa.DataType]) -> ArgumentError:
    rule = f"have {types[name]} as {name!r}" if name in types else "have values"
    # They are not shown: they may be a person's.
    return ArgumentError("records", rule, "values of another type")


def _values(kind: str, records: pa.Table) -> list[dict[str, Any]] | None:
    """Return the values of columns; None where one is not of its field's type."""
    if not records.schema.equals(_nullable(kind)):
        types = {field.name: field.type for field in record_schema(kind)}
        names = records.column_names
        if len(set(names)) < len(names) or not types.keys() >= set(names):
            return None
        if not all(one.type in (types[one.name], pa.null()) for one in records.schema):
            return None
    columns = {
        name: [one.as_py() for one in column]  # `to_pylist` asks the environment each time
        for name, column in zip(records.column_names, records.columns, strict=True)
        if column.null_count < len(column)
    }
    return [{name: column[at] for name, column in columns.items()} for at in range(len(records))]


@cache
def _nullable(kind: str) -> pa.Schema:
    return pa.schema([field.with_nullable(True) for field in record_schema(kind)])  # noqa: FBT003 - Arrow's


@dataclass(frozen=True, slots=True)
class FewPlan:
    """What is to become of n records, as of one moment; `planning.Plan` says more of it.

    Parameters
    ----------
    seq
        Number of the last change that the plan knows of.
    applied
        What becomes of each.
    taken
        The accepted records as they will be.
    keys
        Of each of these the key of the record that it replaces, None for a new one.
    asked
        The ids of all n.
    known
        The keys of the records that are there, by id.
    """

    seq: int
    applied: Applied
    taken: list[Row]
    keys: list[str | None]
    asked: frozenset[str]
    known: dict[str, str]


def plan_few(
    connection: Driven, kind: str, rows: Sequence[Row], *, correct: bool = False
) -> FewPlan | None:
    """Compare records with those that are kept, which other writers may not change any more.

    Parameters
    ----------
    rows
        As `rows_of` gives them.
    correct
        As `compare` takes it.

    Returns
    -------
    FewPlan or None
        None if a kept record is not as the store writes it.
    """
    names = [*record_schema(kind).names, "key"]
    ids = [row[0] for row in rows]
    found = _statements.fetch_by_ids(connection, kind, names, ids, lock=True)
    seq = last_seq(connection)  # after the rows, as `plan` says
    if not all(is_kept(kind, row[:-1]) for row in found):
        return None
    kept = {row[0]: row for row in found}
    applied, taken = compared(kind, rows, kept, correct=correct)
    keys = [kept[row[0]][-1] if row[0] in kept else None for row in taken]
    known = {id_: row[-1] for id_, row in kept.items()}
    return FewPlan(seq, applied, taken, keys, frozenset(ids), known)


def compared(
    kind: str, rows: Sequence[Row], kept: Mapping[str, Row], *, correct: bool = False
) -> tuple[Applied, list[Row]]:
    """Return what becomes of records beside the kept ones, and the accepted as they will be.

    Parameters
    ----------
    kept
        By id; what stands behind a row's fields is passed over.
    """
    fates, taken = [], []
    for row in rows:
        old = kept.get(row[0])
        fate = _NEW if old is None else _fate(kind, row, old, correct=correct)
        fates.append(fate)
        if fate.accepted:
            taken.append(row if old is None else _merged(kind, row, old))
    return _applied(fates), taken


class _Fate(NamedTuple):
    """What becomes of one record, as `Applied` has it of several."""

    accepted: bool
    unchanged: bool = False
    stale: bool = False
    coarser: bool = False
    conflicting: bool = False
    by_version: bool = False
    undated: bool = False


_NEW: Final = _Fate(accepted=True)


def _applied(fates: Sequence[_Fate]) -> Applied:
    flags = np.array(fates, dtype=np.bool_).reshape(-1, len(_Fate._fields)).T
    return Applied(
        **dict(zip(_Fate._fields, flags, strict=True)),
        breaking=np.zeros(len(fates), dtype=np.int64),
    )


class _At(NamedTuple):
    """Where fields of a kind stand in its rows.

    Parameters
    ----------
    versioning
        Those that put versions in order, the one that counts first first.
    place, others
        Those that are looked up for a record without coordinates of its own, and the rest.
    located_by
        None for a kind without a place.
    version
        Position of `version`.
    """

    versioning: tuple[int, ...]
    place: tuple[int, ...]
    others: tuple[int, ...]
    located_by: int | None
    version: int


@cache
def _at(kind: str) -> _At:
    names = record_schema(kind).names
    versioning = tuple(names.index(name) for name in VERSIONING)
    place = tuple(at for at, name in enumerate(names) if name in PLACE)
    others = tuple(at for at in range(1, len(names)) if at not in {*versioning, *place})
    located_by = names.index("located_by") if "located_by" in names else None
    return _At(versioning, place, others, located_by, names.index("version"))


def _fate(kind: str, new: Row, old: Row, *, correct: bool) -> _Fate:
    """Return what becomes of a record beside the kept one: `compare`, of one row."""
    at = _at(kind)
    same = all(new[one] == old[one] for one in at.others)
    same_place = all(new[one] == old[one] for one in at.place)
    is_undecided, is_older, has_learnt, has_moment = True, False, False, False
    ties = {}
    for one in at.versioning:
        now, before = new[one], old[one]
        is_told = now is not None and before is not None
        if is_undecided and is_told and now != before:
            is_undecided, is_older = False, now < before
        has_learnt |= now is not None and now != before
        ties[one] = is_told and now == before
        has_moment |= before is not None
    given = at.located_by is not None and new[at.located_by] == "given"
    was_given = at.located_by is not None and old[at.located_by] == "given"
    is_looked_up = at.located_by is not None and not given and not was_given

    is_unchanged = same and same_place and not has_learnt and not is_older
    differs = not (same and (same_place or is_looked_up))
    is_tied = is_undecided and any(ties.values())
    is_conflicting = differs and is_tied and not correct
    is_accepted = not (is_older or is_unchanged or is_conflicting)
    return _Fate(
        accepted=is_accepted,
        unchanged=is_unchanged,
        stale=is_older,
        coarser=is_accepted and was_given and not given,
        conflicting=is_conflicting,
        by_version=is_conflicting and ties[at.version],
        undated=is_accepted and differs and is_undecided and not is_tied and has_moment,
    )


def _merged(kind: str, new: Row, old: Row) -> Row:
    """Return a record as it will be: without a version or moment it takes the kept one's."""
    row = list(new)
    for at in _at(kind).versioning:
        if row[at] is None:
            row[at] = old[at]
    return tuple(row)
