"""Records written one by one: judged as a list of one row is, and never over what nobody has read.

A record is written only if it is still as it was when it was looked at: by that the conditions of a
request hold, and an office's area, whoever else writes meanwhile.

To an office a record of another area is as one that is not there, up to the write itself. That
writes a new one, or is refused, which cannot but tell that the id is another office's: so the
refusal is noted in the audit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import pyarrow as pa

from api.problems import Fault, ProblemError, invalid
from api.records.conditions import tag, tag_of
from api.records.reading import is_covered
from api.records.refusals import (
    as_new,
    contended,
    fault,
    here,
    no_such_record,
    older,
    outside_area,
    pointers,
    rejected,
)
from api.records.schemas import Note, Removed, Written
from api.records.verifying import check_verified
from geo_match.errors import ArgumentError
from geo_match.intake.earlier import replaced
from geo_match.intake.judging import judge_record
from geo_match.intake.own_area import RULE
from geo_match.intake.plain import judge_plain
from geo_match.records import Placed
from geo_match.store import ErasedIdError, OvertakenError, check_reason
from geo_match.store.forgetting import erasure
from geo_match.store.schema.images import Forms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.access.caller import Caller
    from api.audit import Audit
    from api.records.conditions import Conditions
    from api.records.kinds import Kind
    from api.records.query import PutQuery, RemoveQuery
    from api.records.surroundings import KeptSurroundings
    from geo_match.intake.judging import JudgedList
    from geo_match.intake.plain import Plain
    from geo_match.store import One, Store

ERASURE: Final = "erasure"
"""The reason for which a person is not removed, but erased."""
_REFUSED: Final = "outside the area"
"""What stands in the audit as the purpose of a write that was refused for the area."""
_TRIES: Final = 5
_LOOKED_UP: Final = ("site", "gazetteer", "community_area")
_PLACE: Final = ("lon", "lat", "location_accuracy_m")


@dataclass(frozen=True, slots=True)
class Put:
    """What became of a record.

    Parameters
    ----------
    told
        What is answered.
    tag
        Of the record as it is now.
    """

    told: Written
    tag: str


def put(
    kind: Kind,
    id_: str,
    body: Mapping[str, Any],
    query: PutQuery,
    *,
    conditions: Conditions,
    caller: Caller,
    store: Store,
    surroundings: KeptSurroundings,
    audit: Audit,
) -> Put:
    """Take a record in: a new one, or one that replaces the whole of the kept one.

    Parameters
    ----------
    body
        The record as JSON has it, of the form that its model describes.
    audit
        Where it is noted that a person is refused for the caller's area.

    Raises
    ------
    ProblemError
        If a condition does not hold, it says what the caller may not, or it is faulty; then, if it
        is outside the caller's area; or if it is not newer than the kept one.
    StoreError
        If the store cannot be read or written to, or its audit.
    """
    if body["id"] != id_:
        raise fault("/id", "must be the id that the path ends with")
    area = caller.area if kind.speaks_of_persons else None
    for _ in range(_TRIES):
        kept = _kept(kind, id_, conditions=conditions, caller=caller, store=store)
        check_verified(kind, body, kept, caller)
        record, origin = _as_a_row(kind, body, kept, query.datum)
        around = surroundings.now()
        plain = None
        if area is None:
            plain = judge_plain(record, kind.name, store, datum=query.datum, around=around)
        if plain is not None:
            ready = _of_plain(plain, origin)
        else:
            judged = judge_record(
                record,
                kind.name,
                store,
                datum=query.datum,
                around=around,
                erased_too=query.erased_too,
                area=area,
            )
            is_outside = any(one.rule == RULE for one in judged.file.rejections)
            if not len(judged.file.records) and not is_outside:
                raise rejected(judged.file.rejections)
            if any(one.field == "id" for one in judged.file.notes):  # it is another record now
                raise fault("/id", "must be written in its usual form")
            if area is not None and is_outside:
                audit.noted(caller, purpose=_REFUSED, scope=kind.write_scope)(lambda: (id_,))
                raise outside_area(area)
            ready = _of_judged(judged, origin)
        done = _write(kind, id_, ready, kept=kept, caller=caller, store=store)
        if done is not None:
            return done
        if conditions.any:
            _kept(kind, id_, conditions=conditions, caller=caller, store=store)
    raise contended()


class _Ready(NamedTuple):
    """A record that was judged, as the store takes it, and what is to be told of it."""

    records: pa.Table | list[dict[str, Any]]
    notes: list[Note]
    warnings: tuple[str, ...]
    erased_too: bool


def _of_plain(plain: Plain, origin: str | None) -> _Ready:
    """Return a record of which there is nothing to note."""
    record = plain.values if origin is None else {**plain.values, "datum": origin}
    return _Ready([record], [], plain.warnings, erased_too=False)


def _of_judged(judged: JudgedList, origin: str | None) -> _Ready:
    records = judged.file.records.drop_columns(["row"])
    if origin is not None:
        at = records.schema.get_field_index("datum")
        records = records.set_column(at, "datum", pa.array([origin], pa.string()))
    notes = [
        Note(field=pointer, rule=one.rule, remedy=here(one.remedy))
        for one in judged.file.notes
        for pointer in pointers(one.field)
    ]
    return _Ready(records, notes, judged.warnings, judged.erased_too)


def _kept(
    kind: Kind, id_: str, *, conditions: Conditions, caller: Caller, store: Store
) -> One | None:
    """Return the record that another is to replace, if there is one, under the conditions.

    One of another's area is not there for its caller. Whatever goes on as if it were not is refused
    by the judgement, which looks at the area anew, or overtaken.
    """
    kept = store.one(kind.name, id_)
    if kept is not None and not is_covered(caller, kind, kept, store):
        kept = None
    conditions.check(kept)
    return kept


def _write(
    kind: Kind, id_: str, ready: _Ready, *, kept: One | None, caller: Caller, store: Store
) -> Put | None:
    """Write a judged record; return None if somebody else has written it since it was read."""
    try:
        applied, cursor = store.put(
            kind.name,
            ready.records,
            cause="put",
            actor=caller.key or "",
            erased_too=ready.erased_too,
            expected={id_: None if kept is None else kept.seq},
        )
    except (OvertakenError, ErasedIdError):  # or erased since: it is judged once more
        return None
    if kept is not None and applied.stale[0]:
        raise older(kept)
    if kept is not None and applied.conflicting[0]:
        raise as_new(kept)
    is_changed = bool(applied.accepted[0])
    outcome: Literal["created", "changed", "unchanged"] = "changed" if is_changed else "unchanged"
    if kept is None:
        outcome = "created"
    told = Written(
        outcome=outcome,
        id=id_,
        cursor=str(cursor),
        notes=ready.notes,
        warnings=[here(text) for text in (*ready.warnings, *replaced(applied))],
    )
    return Put(told, tag_of(cursor.epoch, cursor.seq) if is_changed or kept is None else tag(kept))


def _as_a_row(
    kind: Kind, body: Mapping[str, Any], kept: One | None, datum: str
) -> tuple[dict[str, Any], str | None]:
    """Return a record as a list would have it, and the datum in which its place was given once.

    Coordinates are WGS-84, as they are read, or of the datum that the query says. A place that was
    looked up is no part of what a record says: it is looked up anew.

    Raises
    ------
    ProblemError
        If the coordinates could be of either of two datums.
    """
    record = dict(body)
    if not issubclass(kind.model, Placed):
        return record, None
    how, said = record.pop("located_by", None), record.pop("datum", None)
    if how in _LOOKED_UP or record.get("lon") is None:
        return {name: one for name, one in record.items() if name not in _PLACE}, None
    if said in {None, datum}:
        return record, None
    as_read = kept is not None and all(
        kept.record[name] == (said if name == "datum" else record[name])
        for name in ("lon", "lat", "datum")
    )
    if datum != "wgs84" or not as_read:
        raise fault(
            "/datum",
            f"must be {datum} or null where there are coordinates: those are {datum} here. "
            "If they are of another datum, say so in the query (`datum=gcj02`): they are converted",
        )
    return record, said


def remove(
    kind: Kind,
    id_: str,
    query: RemoveQuery,
    *,
    conditions: Conditions,
    caller: Caller,
    store: Store,
) -> Removed:
    """Remove a record, which its past keeps; or erase a person or a household, past and present.

    Who was removed before is erased from the past. An erasure that is asked for again is done, and
    has nothing to tell.

    Raises
    ------
    ProblemError
        If there is none that the caller may know of, a condition does not hold, or the query does
        not say what it must.
    ArgumentError
        If the reason, or the request, has anything personal in it; of a person's record also what
        the records say of whom it tells.
    StoreError
        If the store cannot be read or written to.
    """
    _check(kind, query)
    for _ in range(_TRIES):
        kept = store.one(kind.name, id_)
        if kept is None:
            is_known = query.request is not None and _was(kind, id_, caller, store)
        else:
            is_known = is_covered(caller, kind, kept, store)
        if not is_known:
            raise no_such_record(kind.name)
        conditions.check(kept)
        expected = {id_: None if kept is None else kept.seq}
        try:
            if query.request is not None:  # of an erasure alone, as `_check` has seen to
                return _erase(kind, id_, query.request, expected, caller=caller, store=store)
            # Not before it is known to be the caller's: to be refused tells what the records say.
            store.check_removal(kind.name, id_, reason=query.reason)
            _, cursor = store.remove(
                kind.name,
                [id_],
                cause=query.reason,
                actor=caller.key or "",
                expected=expected,
            )
        except OvertakenError:  # it is looked at once more, and whether it is the caller's
            continue
        return Removed(
            outcome="removed",
            cursor=str(cursor),
            erased={},
            kept_as_evidence=0,
            to_look_at=0,
            scrubbed=None,
        )
    raise contended()


def _was(kind: Kind, id_: str, caller: Caller, store: Store) -> bool:
    """Return whether a person or a household that is not there was there, or was erased.

    An office is not told: whose area it was of, cannot be known any more.
    """
    if caller.area is not None:
        return False
    with store.database.reading() as connection:
        return erasure.is_known(connection, Forms.of(connection), kind.name, id_)


def _check(kind: Kind, query: RemoveQuery) -> None:
    check_reason(query.reason)
    if query.reason != ERASURE:
        if query.request is not None:
            raise _of_query("request", "must not be given but for an erasure")
        return
    if not kind.can_be_erased:
        raise _of_query(
            "reason",
            "must be another: seekers and households are erased, and with them all that tells of "
            "them",
        )
    if query.request is None:
        raise _of_query("request", "is required for an erasure: its number, nothing personal")


def _of_query(name: str, detail: str) -> ProblemError:
    return ProblemError(invalid([Fault(parameter=name, detail=detail, value=None)]))


def _erase(
    kind: Kind,
    id_: str,
    request: str,
    expected: Mapping[str, int | None],
    *,
    caller: Caller,
    store: Store,
) -> Removed:
    try:
        done = store.erase(
            kind.name, id_, reason=request, actor=caller.key or "", expected=expected
        )
    except ArgumentError as error:
        if error.argument != "reason":
            raise
        raise ArgumentError("request", error.rule, error.found, error.remedy) from None
    return Removed(
        outcome="erased",
        cursor=str(done.cursor),
        erased={name: len(keys) for name, keys in done.erased.items()},
        kept_as_evidence=sum(map(len, done.restricted.values())),
        to_look_at=len(done.unmatched),
        scrubbed=done.scrubbed,
    )
