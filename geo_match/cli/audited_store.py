"""A store whose persons are read: as it is found, with the audit in which each read is noted."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from geo_match.errors import FileError
from geo_match.store import AuditLog, Store, audited
from geo_match.store.keeping.looking import looking_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geo_match.matching.given.from_store import Audited

SCOPE: Final = "persons:read"
"""The right under which a read of persons is noted."""


@dataclass(frozen=True, slots=True)
class Records:
    """The store whose records are taken.

    Parameters
    ----------
    store
        Path or URL.
    who, purpose
        Who reads its persons, and why: noted in its audit.
    """

    store: str
    who: str
    purpose: str


class Opened(NamedTuple):
    """A store, what runs a read of persons once it is noted, and the name of that audit."""

    store: Store
    noted: Audited
    audit: str


@contextmanager
def opened(records: Records) -> Iterator[Opened]:
    """Open a store and its audit while the block runs.

    Raises
    ------
    GeoMatchError
        If there is no such store, or it has no audit that can be written.
    """
    with looking_at(records.store):  # to open it would make one, or change its form
        pass
    with Store.open(records.store) as store, AuditLog.open(records.store) as audit:
        noted = audited(audit, who=records.who, purpose=records.purpose, scope=SCOPE)
        yield Opened(store, noted, audit.name)


def check_holds(store: Store, kinds: Iterable[str]) -> None:
    """Check that a store holds records of some kinds, before anybody is read.

    Raises
    ------
    FileError
        If it holds none of one.
    """
    for kind in kinds:
        if not store.count(kind):
            raise FileError(store.name, f"hold {kind}", "none", "Import a list of them first.")
