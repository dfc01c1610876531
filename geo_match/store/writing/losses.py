"""Households from which somebody was erased: no older list brings that one back into them.

A member has no id, and whom a household has lost is not kept. What is kept is the digest of its own
id (`geo_match.store.writing.erased_ids`), and when somebody was erased last whom it was said to be
the home of. So an arriving household is held to this: it brings no member and no head's name that
the store does not have there, unless it says a moment after the erasure. A version says nothing of
when it was made: it is not enough. It is kept whether or not the store had the household then, or
knew its members: they may arrive later, from an older list.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
from sqlalchemy import insert, select, update

from geo_match.records.clock import CHINA
from geo_match.store.errors import ErasedIdError
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.columns import from_kept, record_schema
from geo_match.store.schema.tables import BEREFT, FEED
from geo_match.store.writing import erased_ids

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection

OF_PERSONS: Final = ("members", "head_name")
"""What a household loses when somebody of it is erased."""
_KIND: Final = "households"
_AT_ONCE: Final = 20_000
"""Households that are looked at once; below SQLite's bound of 32,766 parameters."""
_LOOKED_UP: Final = 500
"""Digests that are looked up one by one: as many as one transaction takes records."""


class Loss(NamedTuple):
    """That somebody was erased from a household.

    Parameters
    ----------
    salt, digest
        Of the household's id.
    erased_at
        When it was so last, UTC.
    """

    salt: str
    digest: str
    erased_at: dt.datetime


def note(connection: Connection, ids: Collection[str]) -> None:
    """Keep that somebody was erased from households, in the transaction that has written it.

    Its own digest is kept already, so there is a salt.
    """
    if not ids:
        return
    moment = connection.execute(select(FEED.c.committed_at)).scalar_one()
    salt = next(erased_ids.salts(connection))
    digest_of = erased_ids.Digests(salt, _KIND).of
    add(connection, [Loss(salt, digest_of(one), moment) for one in sorted(ids)])


def add(connection: Connection, losses: Iterable[Loss]) -> None:
    """Keep losses; of two of one household the later."""
    for one in losses:
        its = (BEREFT.c.salt == one.salt) & (BEREFT.c.digest == one.digest)
        known = connection.execute(select(BEREFT.c.erased_at).where(its)).scalar()
        if known is None:
            connection.execute(insert(BEREFT), [one._asdict()])
        elif known < one.erased_at:
            connection.execute(update(BEREFT).where(its).values(erased_at=one.erased_at))


def all_of(connection: Connection) -> list[Loss]:
    """Return the losses that a store knows of."""
    rows = connection.execute(select(BEREFT.c.salt, BEREFT.c.digest, BEREFT.c.erased_at))
    return [Loss(*row) for row in rows]


def give_back(
    connection: Connection, records: pa.Table, fields: Collection[str] = OF_PERSONS
) -> NDArray[np.bool_]:
    """Return which arriving households may bring back who was erased from them.

    Parameters
    ----------
    records
        n households, columns by the names of the fields; a missing one says nothing.
    fields
        Those that the source speaks of.

    Returns
    -------
    numpy.ndarray
        Bool, shape (n,).
    """
    back = np.zeros(len(records), dtype=np.bool_)
    names = {"id", "updated_at", *set(OF_PERSONS).intersection(fields)}
    records = records.select([one for one in records.column_names if one in names])
    if set(OF_PERSONS).isdisjoint(records.column_names):
        return back
    for start in range(0, len(records), _AT_ONCE):
        some = records.slice(start, _AT_ONCE)
        lost = lost_at(connection, some.column("id").to_pylist())
        back[start : start + _AT_ONCE] = _are_given(some, lost, _known(connection, sorted(lost)))
    return back


def before(connection: Connection, taken: pa.Table) -> dict[str, dict[str, Any]]:
    """Return what households have of persons, before they are written anew, by id.

    Parameters
    ----------
    taken
        The households, in kept form.

    Returns
    -------
    dict
        Of those that are there and from which somebody was erased.
    """
    return _known(connection, sorted(lost_at(connection, taken.column("id").to_pylist())))


def check_written(
    connection: Connection,
    store: str,
    taken: pa.Table,
    known: Mapping[str, Mapping[str, Any]],
    *,
    place: NDArray[np.int64] | None = None,
) -> None:
    """Check that what a transaction has written gives no household back who was erased from it.

    To be asked when the transaction has the counter, as `erased_ids.check_written` is.

    Parameters
    ----------
    taken
        The n households that were written, in kept form.
    known
        What `before` said of them.
    place
        Where each stands in what the caller gave, shape (n,); None if that is not known.

    Raises
    ------
    ErasedIdError
        If one may.
    """
    lost = lost_at(connection, taken.column("id").to_pylist())
    if not lost:
        return
    names = {"id", "updated_at", *OF_PERSONS}
    schema = pa.schema([field for field in record_schema(_KIND) if field.name in names])
    back = _are_given(from_kept(taken, schema), lost, known)
    if back.any():
        raise ErasedIdError(
            store,
            "be given nobody in households from which somebody was erased since, unless that is "
            "said",
            erased_ids.such(int(back.sum()), None if place is None else place[back]),
            "Leave out who was erased, or give the household a moment after that; if all in it "
            "are to be taken, say so (erased_too=True, --erased-too).",
        )


def lost_at(connection: Connection, ids: Sequence[str]) -> dict[str, dt.datetime]:
    """Return when somebody was erased last from households, UTC, by id; without all others."""
    found: dict[str, dt.datetime] = {}
    for salt in erased_ids.salts(connection):
        query = select(BEREFT.c.digest, BEREFT.c.erased_at).where(BEREFT.c.salt == salt)
        digest_of = erased_ids.Digests(salt, _KIND).of
        if len(ids) <= _LOOKED_UP:
            query = query.where(BEREFT.c.digest.in_([digest_of(one) for one in ids]))
        lost = {row.digest: row.erased_at for row in connection.execute(query)}
        for one in ids if lost else ():
            moment = lost.get(digest_of(one))
            if moment is not None:
                found[one] = max(moment, found.get(one, moment))
    return found


def _known(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the members and the head's name that households have now, by id."""
    if not ids:
        return {}
    rows = _statements.fetch_by_ids(connection, _KIND, ["id", *OF_PERSONS], ids, lock=False)
    return {
        id_: {"members": json.loads(members or "[]"), "head_name": head}
        for id_, members, head in rows
    }


def _are_given(
    records: pa.Table, lost: Mapping[str, dt.datetime], known: Mapping[str, Mapping[str, Any]]
) -> NDArray[np.bool_]:
    """Return which households are given somebody by what is not newer than their loss."""
    given = np.zeros(len(records), dtype=np.bool_)
    if not lost:
        return given
    at = [at for at, one in enumerate(records.column("id").to_pylist()) if one in lost]
    for place, row in zip(at, records.take(pa.array(at, pa.int64())).to_pylist(), strict=True):
        id_ = row["id"]
        is_after = _is_after(row.get("updated_at"), lost[id_])
        given[place] = not is_after and _is_more(row, known.get(id_, {}))
    return given


def _is_more(arriving: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    """Return whether a household arrives with a head or a year of birth that is not known."""
    head = arriving.get("head_name")
    if head is not None and head != known.get("head_name"):
        return True
    mine, theirs = (Counter(_years(one)) for one in (arriving, known))
    return not mine <= theirs


def _years(home: Mapping[str, Any]) -> Iterator[int | None]:
    return (one["birth_year"] for one in home.get("members") or ())


def _is_after(moment: dt.datetime | None, erasure: dt.datetime) -> bool:
    """Return whether a moment by China's clock is after one in UTC."""
    return moment is not None and moment - CHINA.utcoffset(None) > erasure
