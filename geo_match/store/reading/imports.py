"""What a store remembers of imports: whether they came to their end, and what was told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from geo_match.store.schema.tables import IMPORTS

if TYPE_CHECKING:
    from sqlalchemy import Connection


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


def imports_from(connection: Connection, kind: str, part: str) -> list[KeptImport]:
    """Return the imports of a kind whose source has a part, the first one first."""
    within = func.instr if connection.dialect.name == "sqlite" else func.strpos
    query = (
        select(IMPORTS.c.source, IMPORTS.c.finished_at, IMPORTS.c.report)
        .where(IMPORTS.c.kind == kind)
        .where(within(IMPORTS.c.source, part) > 0)
        .order_by(IMPORTS.c.id)
    )
    return [
        KeptImport(source, finished is not None, report)
        for source, finished, report in connection.execute(query)
    ]
