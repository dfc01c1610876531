"""Images of records in the feed: the fields' kept values as a JSON list, by the names of a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import insert, select

from geo_match.records import RECORDS
from geo_match.store.schema.columns import record_schema
from geo_match.store.schema.tables import FORMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

PERSONS: Final = frozenset({"households", "seekers", "spells", "services"})
"""The kinds whose records speak of persons: outside they are named by their keys only."""


class Forms:
    """The forms that a store's images have.

    Parameters
    ----------
    fields
        Names of the fields by the form's number.
    current
        Number of the form that each kind has now.
    """

    def __init__(self, fields: dict[int, tuple[str, ...]], current: dict[str, int]) -> None:
        self._fields = fields
        self.current = current

    def renew(self, connection: Connection) -> None:
        """Learn the forms that a newer program has added to the store since.

        To be called in each transaction that reads images, before them.
        """
        known = connection.execute(select(FORMS.c.id)).scalars()
        if not self._fields.keys() >= set(known):
            self._fields = Forms.of(connection)._fields  # as a whole: threads read it

    @classmethod
    def of(cls, connection: Connection) -> Forms:
        """Return the forms of a store; `make_current` has been there."""
        rows = connection.execute(select(FORMS.c.id, FORMS.c.kind, FORMS.c.fields)).all()
        fields = {number: tuple(orjson.loads(names)) for number, _, names in rows}
        now = {kind: tuple(record_schema(kind).names) for kind in RECORDS}
        current = {kind: number for number, kind, _ in rows if fields[number] == now.get(kind)}
        return cls(fields, current)

    @staticmethod
    def are_missing(connection: Connection) -> bool:
        """Return whether a kind's fields have no form yet."""
        return not set(RECORDS) <= Forms.of(connection).current.keys()

    @staticmethod
    def make_current(connection: Connection) -> None:
        """Add the forms that kinds have now and the store does not know."""
        known = Forms.of(connection).current
        for kind in RECORDS:
            if kind not in known:
                names = orjson.dumps(record_schema(kind).names).decode()
                connection.execute(insert(FORMS).values(kind=kind, fields=names))

    def names(self, form: int) -> tuple[str, ...]:
        """Return the names of a form's fields."""
        return self._fields[form]

    def row(self, form: int, after: str, names: Sequence[str]) -> list[Any]:
        """Return an image's values of some fields; null for those that it does not know."""
        values = orjson.loads(after)
        had = self._fields[form]
        if had == tuple(names):
            return list(values)
        known = dict(zip(had, values, strict=True))
        return [known.get(name) for name in names]


def images_of(rows: Iterable[Sequence[Any]]) -> list[str]:
    """Return the images of records from their kept values, in the order of their fields."""
    return [orjson.dumps(row).decode() for row in rows]


def image_of(row: Sequence[Any]) -> str:
    """Return the image of one record."""
    return images_of([row])[0]
