"""Whom a record tells of: what the records say of them, which a text that is kept must not repeat.

A removal leaves its reason in the past. So that it names nobody, it is held against the record that
goes, as it is and was, and against those whom it names: of a spell or a service the person, of a
seeker the household, of a household its seekers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from geo_match.store.reading.pasts import pasts
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from geo_match.store.schema.images import Forms

TELLING: Final = ("name", "head_name", "phone", "address")
"""The fields by which somebody is known, whoever gave the ids."""
_IDS: Final = ("id", "person", "household")
_NAMED: Final = {"person": "seekers", "household": "households"}
"""The fields that name another record, and the kind of it."""


def said_of(connection: Connection, forms: Forms, kind: str, id_: str) -> set[str]:
    """Return what the records say of whom a record tells: ids, names, phones and addresses.

    Parameters
    ----------
    kind, id_
        Of a record of persons that is there.

    Returns
    -------
    set
        Texts as they are kept; of one record, and of those beside it that are there, now and in the
        past. Empty if it is not there.
    """
    keys = _keys(connection, kind, [id_])
    own = [one.values for past in pasts(connection, forms, keys) for one in past.images]
    beside = set()
    for field, other in _NAMED.items():
        named = {one[field] for one in own if one.get(field) is not None}
        beside |= _keys(connection, other, sorted(named))
    if kind == "households" and keys:
        beside |= _living(connection, id_)
    others = [one.values for past in pasts(connection, forms, beside) for one in past.images]
    said = {image.get(name) for image in (*own, *others) for name in (*_IDS, *TELLING)}
    return {one for one in said if one}


def _keys(connection: Connection, kind: str, ids: list[str]) -> set[str]:
    if not ids:
        return set()
    return _first(_statements.fetch_by_ids(connection, kind, ["key"], ids, lock=False))


def _living(connection: Connection, household: str) -> set[str]:
    """Return the keys of the seekers of a household."""
    seekers = TABLES["seekers"]
    living = select(seekers.c.key).where(seekers.c.household == household)
    return _first(connection.execute(living))


def _first(rows: Iterable[tuple[str, ...]]) -> set[str]:
    return {row[0] for row in rows}
