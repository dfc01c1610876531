"""The pairs that entered or left the result since a place in the feed, persons by their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.jobs.streets import no_streets
from api.matches.schemas import MatchChangesTold, PairChanged
from geo_match.errors import ArgumentError
from geo_match.matching import MatchOptions
from geo_match.matching.changes import match_changes
from geo_match.store import Cursor

if TYPE_CHECKING:
    from api.matches.asked import ChangesQuery
    from api.matches.service import Service
    from geo_match.matching.changes import MatchChanges
    from geo_match.store import Store
    from geo_match.walking import Network

_PURPOSE: Final = "岗位匹配变化"
_MOST_REACHED: Final = 1_000_000
"""Pairs in the circles of one answer, before and after: all that match are in memory."""
_MOST_TOLD: Final = 50_000
"""Pairs that one answer tells."""


def told_changes(
    query: ChangesQuery, service: Service, network: Network | None
) -> MatchChangesTold:
    """Return what changed, and where to go on.

    Raises
    ------
    HorizonError, CursorError, EpochError
        If the feed cannot be followed from there.
    ArgumentError
        If there are no streets to walk, or one change turns more pairs than an answer has.
    ProblemError
        If another is being answered.
    StoreError
        If the store cannot be read, or the read of persons cannot be noted.
    """
    if query.basis == "walking" and network is None:
        raise no_streets()
    store = service.store
    head = store.cursor()
    options = MatchOptions(
        radius_m=query.radius_m,
        basis=query.basis,
        network=network if query.basis == "walking" else None,
        occupations=store.occupations(),
    )
    with service.matchers.comparing():
        found = _found(query, service, options, head)
        return _told(found, store, head)


def _found(
    query: ChangesQuery, service: Service, options: MatchOptions, head: Cursor
) -> MatchChanges:
    """Return the pairs of so many changes that they are not too many; every look is noted."""
    first, last = query.after.seq, min(query.after.seq + query.limit, head.seq)
    audited = service.audit.noted(service.caller, purpose=_PURPOSE, scope="feed:persons")
    while True:
        # Beyond the head there is nothing, which the library says of `since`.
        until = Cursor(query.after.epoch, last) if first <= head.seq else None
        try:
            found = match_changes(
                service.store,
                query.after,
                options,
                audited=audited,
                until=until,
                most_reached=_MOST_REACHED,
            )
        except ArgumentError as error:
            if error.argument != "most_reached":
                raise
            raise _too_many(query) from None
        if len(found) <= _MOST_TOLD:
            return found
        last = found.cursor.seq
        if last - first <= 1:
            raise _too_many(query)
        last = first + (last - first) // 2


def _too_many(query: ChangesQuery) -> ArgumentError:
    return ArgumentError(
        "radius_m",
        "be so small that the next change alone does not turn more pairs than one answer has",
        f"{query.radius_m:g}",
        "Ask by a smaller one, or for all matches anew and go on from there.",
    )


def _told(found: MatchChanges, store: Store, head: Cursor) -> MatchChangesTold:
    return MatchChangesTold(
        since=str(found.since),
        cursor=str(found.cursor),
        more=found.cursor.seq < head.seq,
        options={
            "radius_m": found.options.radius_m,
            "basis": found.options.basis,
            "on": str(found.options.on),
        },
        missing=found.missing,
        pairs=_pairs(found, store),
    )


def _pairs(found: MatchChanges, store: Store) -> list[PairChanged]:
    rows: Any = found.pairs.to_dict("records")
    ids = sorted({row["seeker_id"] for row in rows})
    keys = store.keys("seekers", ids, since=found.since) if ids else {}
    return [
        PairChanged(
            seeker_key=keys.get(row["seeker_id"]),
            job_id=row["job_id"],
            change=row["change"],
            distance_m=row["distance_m"],
            cause=row["cause"],
            causes=_parts(row["causes"]),
            conditions=_parts(row["conditions"]),
        )
        for row in rows
    ]


def _parts(names: str) -> list[str]:
    return names.split(",") if names else []
