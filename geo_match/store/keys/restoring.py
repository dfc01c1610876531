"""What becomes of keys and sessions where a store is restored from a backup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import bindparam, delete, func, select, update

from geo_match.store.schema.tables import API_KEYS, SESSIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


class RestoredKeys(NamedTuple):
    """How many keys of a restored store are not revoked, and how many were revoked again."""

    valid: int
    revoked: int


_REVOKED: Final = select(API_KEYS.c.id, API_KEYS.c.revoked_at).where(
    API_KEYS.c.revoked_at.is_not(None)
)
_REVOKE: Final = (
    update(API_KEYS)
    .where(API_KEYS.c.id == bindparam("of"))
    .where(API_KEYS.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("then"))
)


def restore_keys(connection: Connection, newer: Sequence[Connection]) -> RestoredKeys:
    """End all sessions, and revoke again what was revoked since the backup.

    Parameters
    ----------
    connection
        A writing one, to the store that is made.
    newer
        Reading ones to stores that know what was revoked since.
    """
    connection.execute(delete(SESSIONS))
    revoked = 0
    for other in newer:
        for id_, at in other.execute(_REVOKED).all():
            revoked += connection.execute(_REVOKE, {"of": id_, "then": at}).rowcount
    valid = select(func.count()).select_from(API_KEYS).where(API_KEYS.c.revoked_at.is_(None))
    return RestoredKeys(int(connection.execute(valid).scalar_one()), revoked)
