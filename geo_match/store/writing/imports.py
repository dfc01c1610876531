"""The list of imports: which one it is that begins, and what became of its records at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, insert, select, update

from geo_match.store.reading.imports import REPORTS_KEPT
from geo_match.store.schema.tables import IMPORTS

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import Connection

    from geo_match.store.writing.compare import Applied


def begin_import(
    connection: Connection,
    kind: str,
    digest: str,
    *,
    source: str,
    at: dt.datetime,
    same_source: bool = False,
) -> int:
    """Return the number of an import: of the same one, if it was interrupted, else a new one.

    Parameters
    ----------
    digest
        Of its records (`digest_of`).
    same_source
        Whether one that was interrupted is the same only if it came from the same source, too.
    """
    unfinished = (
        select(func.max(IMPORTS.c.id))
        .where(IMPORTS.c.kind == kind)
        .where(IMPORTS.c.digest == digest)
        .where(IMPORTS.c.finished_at.is_(None))
    )
    if same_source:
        unfinished = unfinished.where(IMPORTS.c.source == source)
    if (number := connection.execute(unfinished).scalar()) is not None:
        return int(number)
    begun = connection.execute(
        insert(IMPORTS).values(
            kind=kind,
            source=source,
            imported_at=at,
            digest=digest,
            accepted=0,
            unchanged=0,
            stale=0,
        )
    )
    (number,) = begun.inserted_primary_key or (None,)
    return int(number or 0)


def finish_import(
    connection: Connection,
    import_id: int,
    applied: Applied,
    *,
    at: dt.datetime,
    report: str | None = None,
) -> None:
    """Write down what became of an import's records, and what was told of it.

    What was told of imports that ended longer ago than `REPORTS_KEPT` is forgotten.

    Earlier imports of the same source that were interrupted, and then not taken up again since the
    list was changed, end with it.
    """
    figures = {
        name: int(getattr(applied, name).sum())
        for name in ("accepted", "unchanged", "stale", "conflicting")
    }
    # Both are rejected for what the kept record has: with them the four add up to the records.
    figures["conflicting"] += int((applied.breaking > 0).sum())
    connection.execute(
        update(IMPORTS)
        .where(IMPORTS.c.id == bindparam("of"))
        .values(finished_at=at, report=report, **figures),
        {"of": import_id},
    )
    kind, source = connection.execute(
        select(IMPORTS.c.kind, IMPORTS.c.source).where(IMPORTS.c.id == import_id)
    ).one()
    connection.execute(
        update(IMPORTS)
        .where(IMPORTS.c.kind == kind)
        .where(IMPORTS.c.source == source)
        .where(IMPORTS.c.id < import_id)
        .where(IMPORTS.c.finished_at.is_(None))
        .values(finished_at=at)
    )
    forget_reports(connection, at=at)


def forget_reports(connection: Connection, *, at: dt.datetime) -> None:
    """Forget what was told of imports that ended longer ago than `REPORTS_KEPT`.

    Parameters
    ----------
    at
        The moment, UTC, without a zone.
    """
    connection.execute(
        update(IMPORTS)
        .where(IMPORTS.c.report.is_not(None))
        .where(IMPORTS.c.finished_at < at - REPORTS_KEPT)
        .values(report=None)
    )
