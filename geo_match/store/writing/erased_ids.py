"""Whose ids were erased: known by digests, so that nobody who was erased comes back unnoticed.

A tombstone has no id, and an id must not be kept. What is kept is its digest (BLAKE2b of the kind
and the id, keyed), which tells that an arriving id is one of those and gives none away by itself.
The key, the digests' salt, stands beside them: whoever has the store can find out whether an id
that they know already was erased, as an import does. Elsewhere a digest says nothing.

Spells and services are known by the person whom they name.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Final

import numpy as np
from sqlalchemy import bindparam, func, insert, select

from geo_match.store.errors import ErasedIdError
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.tables import ERASED_IDS, KEY_LENGTH

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from geo_match.store.database.driven import Driven

WHOSE: Final[Mapping[str, tuple[str, str]]] = {
    "households": ("id", "households"),
    "seekers": ("id", "seekers"),
    "spells": ("person", "seekers"),
    "services": ("person", "seekers"),
}
"""By kind of record: the field that says whose it is, and of which kind that one is."""
_AT_ONCE: Final = 20_000
"""Ids that are looked up at once; below SQLite's bound of 32,766 parameters."""
_LOOKED_UP: Final = 500
"""Digests that are looked up one by one: as many as one transaction takes records."""
_SHOWN: Final = 5
_NEXT_SALT: Final = select(func.min(ERASED_IDS.c.salt)).where(
    ERASED_IDS.c.salt > bindparam("after", type_=ERASED_IDS.c.salt.type)
)


def note(connection: Connection, ids: Iterable[tuple[str, str]]) -> None:
    """Keep the digests of ids that are erased, in a writing transaction that has the counter.

    Parameters
    ----------
    ids
        Each with its kind, one of `households` and `seekers`.
    """
    known = list(salts(connection))
    salt = known[0] if known else secrets.token_hex(KEY_LENGTH // 2)
    by_kind: dict[str, set[str]] = {}
    for kind, one in ids:
        by_kind.setdefault(kind, set()).add(one)
    for kind, some in by_kind.items():
        new = some - _of_erased(connection, kind, sorted(some), known)
        add(connection, [(salt, Digests(salt, kind).of(one)) for one in new])


def add(connection: Connection, digests: Iterable[tuple[str, str]]) -> None:
    """Keep digests, each with its salt; those that are kept already are left alone."""
    by_salt: dict[str, set[str]] = {}
    for salt, digest in digests:
        by_salt.setdefault(salt, set()).add(digest)
    new = [
        {"salt": salt, "digest": digest}
        for salt, some in sorted(by_salt.items())
        for digest in sorted(some - _known(connection, salt, some))
    ]
    if new:
        connection.execute(insert(ERASED_IDS), new)


def all_of(connection: Connection) -> list[tuple[str, str]]:
    """Return the digests of a store, each with its salt."""
    rows = connection.execute(select(ERASED_IDS.c.salt, ERASED_IDS.c.digest))
    return [(salt, digest) for salt, digest in rows]


def are_erased(connection: Connection, kind: str, records: pa.Table) -> NDArray[np.bool_]:
    """Return which records are of persons or households that were erased and have not come back.

    Who is in the store again, having been taken in knowingly, is not among them.

    Parameters
    ----------
    kind
        Of the records.
    records
        n of them, with the field that says whose they are; without it nothing is said of anyone.

    Returns
    -------
    numpy.ndarray
        Bool, shape (n,).
    """
    field, of = WHOSE.get(kind, ("", ""))
    nobody = np.zeros(len(records), dtype=np.bool_)
    if field not in records.column_names:
        return nobody
    known = list(salts(connection))
    if not known:
        return nobody
    ids = records.column(field).to_pylist()
    found = _of_erased(connection, of, ids, known)
    found -= _there(connection, of, sorted(found))
    return np.fromiter((one in found for one in ids), dtype=np.bool_, count=len(ids))


def check(connection: Connection, store: str, kind: str, records: pa.Table) -> None:
    """Check that no record is of someone who was erased.

    Parameters
    ----------
    store
        Its name, for messages.

    Raises
    ------
    ErasedIdError
        If one is.
    """
    places = np.flatnonzero(are_erased(connection, kind, records))
    if len(places):
        raise _refused(store, such(len(places), places))


def check_written(
    connection: Connection,
    store: str,
    kind: str,
    taken: pa.Table,
    is_new: NDArray[np.bool_],
    *,
    place: NDArray[np.int64] | None = None,
) -> None:
    """Check that what a transaction has written brings nobody back who was erased.

    To be asked when the transaction has the counter: who is erased before that is seen, and an
    erasure after it finds what was written.

    Parameters
    ----------
    taken
        The n records that were written.
    is_new
        Which of them replaced none, shape (n,).
    place
        Where each stands in what the caller gave, shape (n,); None if that is not known.

    Raises
    ------
    ErasedIdError
        If one does.
    """
    field, _ = WHOSE.get(kind, ("", ""))
    if field in taken.column_names:
        ids = taken.column(field).to_pylist()
        check_whose(connection, store, kind, ids, is_new, place=place)


def check_whose(
    connection: Driven,
    store: str,
    kind: str,
    ids: Sequence[str | None],
    is_new: NDArray[np.bool_],
    *,
    place: NDArray[np.int64] | None = None,
) -> None:
    """Check what `check_written` does of records by the ids that say whose they are.

    Parameters
    ----------
    ids
        Values of the field that `WHOSE` names for the kind, n of them.
    """
    _, of = WHOSE[kind]
    known = list(salts(connection))
    if not known:
        return
    # Who was in the store before is nobody who comes back.
    may = is_new if of == kind else np.ones(len(ids), dtype=np.bool_)
    asked = [one for one, is_asked in zip(ids, may, strict=True) if is_asked]
    found = _of_erased(connection, of, asked, known)
    if of != kind:
        found -= _there(connection, of, sorted(found))
    if not found:
        return
    if place is None:
        raise _refused(store, such(len(found), None))
    back = np.fromiter((one in found for one in ids), dtype=np.bool_, count=len(ids))
    places = place[back & may]
    raise _refused(store, such(len(places), places))


def such(n: int, places: NDArray[np.int64] | None) -> str:
    """Return how many records of the erased arrive, and where; None if that is not known."""
    if places is None:
        return f"{n:,} such, erased in the meantime"
    shown = ", ".join(map(str, places[:_SHOWN].tolist()))
    more = ", …" if len(places) > _SHOWN else ""
    return f"{n:,} such at positions {shown}{more}"


def _refused(store: str, found: str) -> ErasedIdError:
    return ErasedIdError(
        store,
        "be given no records of persons or households who were erased, unless that is said",
        found,  # their ids are not told
        "Leave them out; if they have come back, say so (erased_too=True, --erased-too).",
    )


def _of_erased(
    connection: Driven, of: str, ids: Sequence[str | None], known: Iterable[str]
) -> set[str]:
    """Return those of some ids whose digests are kept."""
    found: set[str] = set()
    for salt in known:
        by_salt = Digests(salt, of)
        arriving = {by_salt.of(str(one)): str(one) for one in ids if one}
        found.update(arriving[digest] for digest in _known(connection, salt, arriving))
    return found


def salts(connection: Driven) -> Iterator[str]:
    """Yield a store's salts, by the key's index: there are few of them, and many digests."""
    salt: str | None = ""
    while True:
        ((salt,),) = _statements.ask(connection, _NEXT_SALT, after=salt)
        if salt is None:
            return
        yield salt


def _known(connection: Driven, salt: str, digests: Collection[str]) -> set[str]:
    """Return those of some digests that are kept with a salt.

    Of a list all that are kept are read once; few that arrive are looked up.
    """
    query = select(ERASED_IDS.c.digest).where(ERASED_IDS.c.salt == salt)
    if len(digests) <= _LOOKED_UP:
        query = query.where(ERASED_IDS.c.digest.in_(list(digests)))
    found = {digest for rows in _statements.fetch(connection, query) for (digest,) in rows}
    return found.intersection(digests)


def _there(connection: Driven, kind: str, ids: Sequence[str]) -> set[str]:
    """Return those of some ids of which the store has a record now."""
    there: set[str] = set()
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        rows = _statements.fetch_by_ids(connection, kind, ["id"], some, lock=False)
        there.update(one for (one,) in rows)
    return there


class Digests:
    """Digests of ids of one kind, by one salt."""

    def __init__(self, salt: str, kind: str) -> None:
        # No id has a NUL in it, so a kind and an id together are those of no others.
        self._begun = hashlib.blake2b(
            f"{kind}\0".encode(), key=bytes.fromhex(salt), digest_size=KEY_LENGTH // 2
        )

    def of(self, one: str) -> str:
        """Return the digest of an id."""
        digest = self._begun.copy()
        digest.update(one.encode())
        return digest.hexdigest()
