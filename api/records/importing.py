"""Lists imported: streamed to a file, judged and taken in as `geo-match import` does, and told.

With an `Idempotency-Key` what was told is kept in the store for a day, and told again to whoever
sends the same list with the same key. One that was cut off goes on where it stopped. While it is
taken in, the same key is told to come later, whichever of the server's workers it comes to.

Which rows of an office's list are rejected for its area tells whose ids are other offices'; a dry
run would tell it and leave no trace. So the audit has, before anything else is done, that a list of
persons came from a key with an area, and of how many rows.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import anyio.to_thread

from api.records.refusals import here, import_under_way, key_reused, list_refused, not_a_list
from api.records.schemas import Imported, NotedRows, Rejected
from api.records.verifying import keep_unverified
from geo_match import codes
from geo_match.errors import FileError
from geo_match.intake.columns import not_used
from geo_match.intake.faults import counted
from geo_match.intake.importing import judge_file, take_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from api.access.caller import Caller
    from api.audit import Audit
    from api.records.kinds import Kind
    from api.records.query import ImportQuery
    from api.shared_place import SharedPlace
    from geo_match.intake.importing import ImportReport, JudgedList
    from geo_match.store import Store

MEDIA_TYPES: Final = {"application/x-ndjson": ".ndjson", "text/csv": ".csv"}
"""What a list may be, and the suffix of a file of it."""
_SHOWN: Final = 1_000
_NOTES: Final = 50
_BLOCK: Final = 1 << 20
_HIDDEN: Final = "(a column that is not used)"
_MARK: Final = 8
"""Bytes of what stands for a list and its key in the store."""


@dataclass(frozen=True, slots=True)
class Spooled:
    """A list that has come, in a file.

    Parameters
    ----------
    path
        The file, which vanishes with the request.
    digest
        Of its bytes.
    """

    path: Path
    digest: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """What is answered.

    Parameters
    ----------
    report
        As JSON.
    cursor
        The place in the feed.
    is_repeated
        Whether it was told before.
    """

    report: str
    cursor: str
    is_repeated: bool = False


def suffix_of(content_type: str | None) -> str:
    """Return the suffix of a file of a media type.

    Raises
    ------
    ProblemError
        If it is none of a list.
    """
    kind = "" if content_type is None else content_type.partition(";")[0].strip().lower()
    if kind not in MEDIA_TYPES:
        raise not_a_list(content_type, MEDIA_TYPES)
    return MEDIA_TYPES[kind]


async def spool(parts: AsyncIterator[bytes], path: Path) -> Spooled:
    """Write a body to a file as it comes; a block of it is in memory at a time.

    Raises
    ------
    ProblemError
        If the guard of bodies cuts it off.
    """
    digest = hashlib.blake2b(digest_size=32)
    waiting: list[bytes] = []
    size = 0
    with path.open("wb") as file:

        def write() -> None:
            block = b"".join(waiting)
            digest.update(block)
            file.write(block)

        async for part in parts:
            waiting.append(part)
            size += len(part)
            if size >= _BLOCK:
                await anyio.to_thread.run_sync(write)
                waiting.clear()
                size = 0
        await anyio.to_thread.run_sync(write)
    return Spooled(path, digest.digest())


def import_list(
    kind: Kind,
    spooled: Spooled,
    query: ImportQuery,
    *,
    idempotency_key: str | None,
    caller: Caller,
    store: Store,
    audit: Audit,
    place: SharedPlace,
) -> Told:
    """Import a list, or find out what would become of it; or tell again what was told of it.

    Parameters
    ----------
    audit
        Where it is noted how many persons a list with an area asks after.
    place
        Of the server, where it is seen that of one key no two lists are taken in at once.

    Raises
    ------
    ProblemError
        If it is refused as a whole, or the key came with another list, or with one that is still
        being taken in.
    ArgumentError
        If nothing says the datum of its coordinates.
    StoreError
        If the store cannot be read or written to; a part of the list may be in it then. If the
        audit cannot be written to, nothing is.
    """
    source = _Source.of(caller, idempotency_key, spooled, kind, query)
    if source.key is None or query.dry_run:
        return _import(kind, spooled, query, source, caller=caller, store=store, audit=audit)
    with place.lease(f"{kind.name} {source.key}") as is_alone:
        if not is_alone:
            raise import_under_way()
        known = source.told_before(kind, store)
        return known or _import(
            kind, spooled, query, source, caller=caller, store=store, audit=audit
        )


def _import(
    kind: Kind,
    spooled: Spooled,
    query: ImportQuery,
    source: _Source,
    *,
    caller: Caller,
    store: Store,
    audit: Audit,
) -> Told:
    area = caller.area if kind.speaks_of_persons else None
    try:
        judged = judge_file(
            spooled.path,
            kind.name,
            store,
            datum=query.datum,
            accept_suspicions=query.accept_suspicions,
            erased_too=query.erased_too,
            area=area,
        )
    except FileError as error:
        # Its cause has the path of a file of this machine.
        raise list_refused(error, kind) from None
    judged = keep_unverified(judged, store, caller)
    if area is not None:
        purpose = "dry run of an import" if query.dry_run else "import"
        rows = range(judged.file.n_read)
        audit.noted(caller, purpose=purpose, scope=kind.write_scope)(lambda: rows)
    # What the store keeps of the list is who sent it, not where it lay for a moment.
    judged = replace(judged, file=replace(judged.file, source=Path(source.name)))
    return _take(kind, judged, query, is_kept=source.key is not None, caller=caller, store=store)


def _take(
    kind: Kind,
    judged: JudgedList,
    query: ImportQuery,
    *,
    is_kept: bool,
    caller: Caller,
    store: Store,
) -> Told:
    told: list[Told] = []

    def settle(report: ImportReport) -> str | None:
        cursor = str(store.cursor())  # all of it is in
        made = _shaped(kind, report, cursor, dry_run=query.dry_run).model_dump_json()
        told.append(Told(made, cursor))
        return made if is_kept else None

    report = take_in(
        judged,
        store,
        correct=query.correct,
        actor=caller.key or "",
        dry_run=query.dry_run,
        settle=settle,
        same_source=is_kept,
    )
    if query.dry_run:
        settle(report)
    return told[0]


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a list comes from, as the store keeps it.

    Parameters
    ----------
    name
        Of the whole.
    key
        The part of it that stands for the idempotency key; None without one.
    """

    name: str
    key: str | None

    @classmethod
    def of(
        cls,
        caller: Caller,
        idempotency_key: str | None,
        spooled: Spooled,
        kind: Kind,
        query: ImportQuery,
    ) -> _Source:
        """Return the source of a list.

        What stands for the list is keyed by the idempotency key, which is not kept: of a list of
        one person a plain digest would be a digest of the person, which an erasure must not leave.
        """
        who = f"api {caller.key or '-'}"
        if idempotency_key is None:
            return cls(f"{who} {os.urandom(_MARK).hex()}", None)
        secret = hashlib.blake2b(idempotency_key.encode()).digest()
        key = hashlib.blake2b(secret, person=b"key", digest_size=_MARK).hexdigest()
        asked = f"{kind.name}\0{query.model_dump_json()}\0{spooled.path.suffix}\0".encode()
        body = hashlib.blake2b(
            asked + spooled.digest, key=secret[:32], digest_size=_MARK
        ).hexdigest()
        return cls(f"{who} {key}:{body}", f"{who} {key}:")

    def told_before(self, kind: Kind, store: Store) -> Told | None:
        """Return what was told of this list before; None if nothing was, or it was forgotten.

        Raises
        ------
        ProblemError
            If the key came with another list.
        """
        if self.key is None:
            return None
        known = store.imports_from(kind.name, self.key)
        if any(not one.source.endswith(self.name) for one in known):
            raise key_reused()
        for one in known:
            if one.is_finished and one.report is not None:
                cursor = Imported.model_validate_json(one.report).cursor
                return Told(one.report, cursor, is_repeated=True)
        return None


def _shaped(kind: Kind, report: ImportReport, cursor: str, *, dry_run: bool) -> Imported:
    file = report.file
    # Of which nobody knows what they mean: they may be what a person said.
    unused = file.unused if kind.speaks_of_persons else ()
    hidden = frozenset(map(codes.mask_id_cards, unused))  # as findings name them
    rejections = [
        Rejected(
            row=one.row,
            line=file.table.line_of(one.row),
            field=_HIDDEN if one.field in hidden else one.field,
            value=None if kind.speaks_of_persons else one.value,
            rule=one.rule,
            remedy=here(one.remedy),
        )
        for one in islice(file.rejections, _SHOWN)
    ]
    notes = [
        NotedRows(
            field=_HIDDEN if one.field in hidden else one.field,
            rule=one.rule,
            remedy=here(one.remedy),
            n_rows=one.n_rows,
            rows=list(one.rows),
        )
        for one in file.notes.groups()[:_NOTES]
    ]
    return Imported(
        kind=kind.name,
        dry_run=dry_run,
        read=report.read,
        accepted=report.accepted,
        unchanged=report.unchanged,
        stale=report.stale,
        duplicate=report.duplicate,
        rejected=report.rejected,
        rejections=rejections,
        rejections_more=len(file.rejections) - len(rejections),
        notes=notes,
        located=dict(report.located),
        warnings=[_without(unused, text) for text in report.warnings],
        cursor=cursor,
    )


def _without(unused: Sequence[str], text: str) -> str:
    """Return a warning, with the number of the unused columns in the place of their names."""
    if text == not_used(unused):
        return f"not used: {counted(len(unused), 'column')}"
    return here(text)
