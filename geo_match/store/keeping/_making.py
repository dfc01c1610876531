"""A store that is being made: verified before it is in its place, and named as the user did."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from geo_match.store.database import Database
from geo_match.store.errors import StoreCorruptError, StoreError, StoreFullError
from geo_match.store.keeping._audit_copies import audit_of
from geo_match.store.keeping.verify import Verified, verify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_TIMEOUT_S: Final = 30.0
"""For files that nobody else has, or that are only read."""


def sound(made: Path) -> Verified:
    """Verify a store that nobody else has; values that break a rule are told, and stop nothing.

    A record that an older program let in must not keep all others out of every backup.

    Raises
    ------
    StoreCorruptError
        If it is damaged.
    """
    database = Database.of(made, busy_timeout_s=BUSY_TIMEOUT_S)
    try:
        found = verify(database)
    finally:
        database.close()
    if found.damage:
        more = f" (and {len(found.damage) - 1} faults more)" if len(found.damage) > 1 else ""
        raise StoreCorruptError(
            made,
            "be sound",
            f"{found.damage[0].removesuffix('.')}{more}",
            "`geo-match store verify` tells what is wrong; an older backup may be sound.",
        )
    return found


@contextmanager
def about(made: Path, *, source: str, room: str) -> Iterator[None]:
    """Name in errors what the user named, in the place of the file that is being made."""
    try:
        yield
    except StoreError as error:
        if error.store not in {str(made), str(audit_of(made))}:
            raise
        name = room if isinstance(error, StoreFullError) else source
        raise type(error)(name, error.rule, error.found, error.remedy) from error
