"""Writes that are meant for a record as its writer knows it: by the number of its last change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_match.store.errors import OvertakenError
from geo_match.store.reading.one import last_changes
from geo_match.store.schema import statements as _statements

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo_match.store.database.driven import Driven


def check_expected(
    connection: Driven, store: str, kind: str, expected: Mapping[str, int | None]
) -> None:
    """Check that records are as a writer knows them, until the transaction ends.

    On a file the lock is held already. On PostgreSQL the writer has locked and read the records
    before: one that somebody else makes after that is told here, or collides with the writer's own,
    who then starts anew and comes here once more. Were they read after this, a record made in
    between would be replaced by one who expected none.

    Parameters
    ----------
    connection
        In a writing transaction.
    store
        Its name, for messages.
    expected
        By id the number of the record's last change (`One.seq`); None where there is none.

    Raises
    ------
    OvertakenError
        If one is another, or there is one, or none any more.
    """
    rows = _statements.fetch_by_ids(connection, kind, ["id", "key"], list(expected), lock=True)
    check_keys(connection, store, expected, dict(rows))


def check_keys(
    connection: Driven, store: str, expected: Mapping[str, int | None], keys: Mapping[str, str]
) -> None:
    """Check what `check_expected` does of records that are locked and read already.

    Parameters
    ----------
    keys
        By id the keys of those of the expected records that are there.
    """
    last = last_changes(connection, list(keys.values())) if keys else {}
    for id_, seq in expected.items():
        now = last.get(keys[id_]) if id_ in keys else None
        if now != seq:
            raise OvertakenError(
                store,
                f"have the record {'of no change' if seq is None else f'of change {seq}'}",
                "none" if now is None else f"that of change {now}",
                "Somebody else has written it since: read it again.",
            )
