"""Records written one by one: judged as a list of one row is, and never over what nobody has read.

A record is written only if it is still as it was when it was looked at: by that the conditions of a
request hold, and an office's area, whoever else writes meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import pyarrow as pa

from api.problems import Fault, ProblemError, invalid
from api.records.conditions import tag, tag_of
from api.records.reading import is_covered
from api.records.refusals import (
    as_new,
    condition_failed,
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
from geo_match.intake.earlier import replaced
from geo_match.intake.judging import judge_record
from geo_match.intake.own_area import keep_to_area
from geo_match.records import Placed
from geo_match.store import ErasedIdError, OvertakenError, check_reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.access.caller import Caller
    from api.records.conditions import Conditions
    from api.records.kinds import Kind
    from api.records.query import PutQuery, RemoveQuery
    from api.records.surroundings import KeptSurroundings
    from geo_match.intake.judging import JudgedList
    from geo_match.store import One, Store

ERASURE: Final = "erasure"
"""The reason for which a person is not removed, but erased."""
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
) -> Put:
    """Take a record in: a new one, or one that replaces the whole of the kept one.

    Parameters
    ----------
    body
        The record as JSON has it, of the form that its model describes.

    Raises
    ------
    ProblemError
        If it is faulty, outside the caller's area, not newer than the kept one, or a condition does
        not hold.
    StoreError
        If the store cannot be read or written to.
    """
    if body["id"] != id_:
        raise fault("/id", "must be the id that the path ends with")
    for _ in range(_TRIES):
        kept = store.one(kind.name, id_)
        conditions.check(kept)
        record, origin = _as_a_row(kind, body, kept, query.datum)
        judged = judge_record(
            record,
            kind.name,
            store,
            datum=query.datum,
            around=surroundings.now(),
            erased_too=query.erased_too,
        )
        if not len(judged.file.records):
            raise rejected(judged.file.rejections)
        if judged.file.records.column("id")[0].as_py() != id_:  # repaired, so it is another record
            raise fault("/id", "must be written in its usual form")
        if caller.area is not None and kind.speaks_of_persons:
            judged = _within(judged, store, caller.area)
        done = _write(kind, judged, origin=origin, kept=kept, caller=caller, store=store)
        if done is not None:
            return done
        if conditions.any:
            conditions.check(store.one(kind.name, id_))
    raise contended()


def _write(
    kind: Kind,
    judged: JudgedList,
    *,
    origin: str | None,
    kept: One | None,
    caller: Caller,
    store: Store,
) -> Put | None:
    """Write a judged record; return None if somebody else has written it since it was read."""
    records = judged.file.records.drop_columns(["row"])
    if origin is not None:
        at = records.schema.get_field_index("datum")
        records = records.set_column(at, "datum", pa.array([origin], pa.string()))
    id_ = records.column("id")[0].as_py()
    try:
        applied, cursor = store.put(
            kind.name,
            records,
            cause="put",
            actor=caller.key or "",
            erased_too=judged.erased_too,
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
        notes=[
            Note(field=pointer, rule=one.rule, remedy=here(one.remedy))
            for one in judged.file.notes
            for pointer in pointers(one.field)
        ],
        warnings=[here(text) for text in (*judged.warnings, *replaced(applied))],
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


def _within(judged: JudgedList, store: Store, area: str) -> JudgedList:
    kept = keep_to_area(judged, store, area)
    if not len(kept.file.records):
        raise outside_area(area)
    return kept


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

    Raises
    ------
    ProblemError
        If there is none that the caller may know of, a condition does not hold, or the query does
        not say what it must.
    ArgumentError
        If the reason, or the request, has anything personal in it.
    StoreError
        If the store cannot be read or written to.
    """
    is_erasure = query.reason == ERASURE
    _check(kind, query)
    for _ in range(_TRIES):
        kept = store.one(kind.name, id_)
        if kept is None or not is_covered(caller, kind, kept, store):
            raise no_such_record(kind.name)
        conditions.check(kept)
        if is_erasure and query.request is not None:
            return _erase(kind, id_, query.request, caller, store)
        try:
            _, cursor = store.remove(
                kind.name,
                [id_],
                cause=f"removal: {query.reason}",
                actor=caller.key or "",
                expected={id_: kept.seq},
            )
        except OvertakenError:
            if conditions.any:
                now = store.one(kind.name, id_)
                raise condition_failed(None if now is None else tag(now)) from None
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


def _erase(kind: Kind, id_: str, request: str, caller: Caller, store: Store) -> Removed:
    done = store.erase(kind.name, id_, reason=request, actor=caller.key or "")
    return Removed(
        outcome="erased",
        cursor=str(done.cursor),
        erased={name: len(keys) for name, keys in done.erased.items()},
        kept_as_evidence=sum(map(len, done.restricted.values())),
        to_look_at=len(done.unmatched),
        scrubbed=done.scrubbed,
    )
