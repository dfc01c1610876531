"""What a store remembers of imports: whether they came to their end, and what was told of them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import func, select

from geo_match.store.schema.tables import IMPORTS

if TYPE_CHECKING:
    from sqlalchemy import Connection

REPORTS_KEPT: Final = dt.timedelta(hours=24)
"""How long it is kept what was told of an import: it may name a person's id."""


class KeptImport(NamedTuple):
    """An import.

    Parameters
    ----------
    source
        Where its list came from.
    is_finished
        Whether all its records are in.
    report
        What was told of it, as the importer wrote it; None where it gave none, or it was forgotten.
    """

    source: str
    is_finished: bool
    report: str | None


def imports_from(
    connection: Connection, kind: str, part: str, *, at: dt.datetime
) -> list[KeptImport]:
    """Return the imports of a kind whose source has a part, the first one first.

    Parameters
    ----------
    at
        The moment, UTC, without a zone: what was told longer ago than `REPORTS_KEPT` is forgotten.
    """
    within = func.instr if connection.dialect.name == "sqlite" else func.strpos
    query = (
        select(IMPORTS.c.source, IMPORTS.c.finished_at, IMPORTS.c.report)
        .where(IMPORTS.c.kind == kind)
        .where(within(IMPORTS.c.source, part) > 0)
        .order_by(IMPORTS.c.id)
    )
    return [
        KeptImport(
            source,
            finished is not None,
            report if finished is not None and finished >= at - REPORTS_KEPT else None,
        )
        for source, finished, report in connection.execute(query)
    ]
