"""Images of records in the feed: the fields' kept values as a JSON list, by the names of a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import insert, select

from geo_match.records import RECORDS
from geo_match.store.errors import StoreCorruptError
from geo_match.store.schema.columns import record_schema
from geo_match.store.schema.statements import ask
from geo_match.store.schema.tables import FORMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

PERSONS: Final = frozenset({"households", "seekers", "spells", "services"})
"""The kinds whose records speak of persons: outside they are named by their keys only."""
_KNOWN: Final = select(FORMS.c.id)


class Forms:
    """The forms that a store's images have.

    Parameters
    ----------
    fields
        Names of the fields by the form's number.
    current
        Number of the form that each kind has now.
    store
        The store's name, for messages.
    """

    def __init__(
        self, fields: dict[int, tuple[str, ...]], current: dict[str, int], *, store: str = "store"
    ) -> None:
        self._fields = fields
        self.current = current
        self._store = store

    def renew(self, connection: Connection) -> None:
        """Learn the forms that a newer program has added to the store since.

        To be called in each transaction that reads images, before them.
        """
        known = {number for (number,) in ask(connection, _KNOWN)}
        if not self._fields.keys() >= known:
            self._fields = Forms.of(connection)._fields  # as a whole: threads read it

    @classmethod
    def of(cls, connection: Connection) -> Forms:
        """Return the forms of a store; `make_current` has been there."""
        rows = connection.execute(select(FORMS.c.id, FORMS.c.kind, FORMS.c.fields)).all()
        fields = {number: tuple(orjson.loads(names)) for number, _, names in rows}
        now = {kind: tuple(record_schema(kind).names) for kind in RECORDS}
        current = {kind: number for number, kind, _ in rows if fields[number] == now.get(kind)}
        url = connection.engine.url
        is_file = connection.dialect.name == "sqlite"
        name = url.database if is_file else url.render_as_string(hide_password=True)
        return cls(fields, current, store=str(name))

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

    def names(self, form: int | None, *, change: tuple[int, str] | None = None) -> tuple[str, ...]:
        """Return the names of a form's fields.

        Parameters
        ----------
        change
            As `row` takes it.

        Raises
        ------
        StoreCorruptError
            If there is no such form: an image that names it is damaged.
        """
        had = None if form is None else self._fields.get(form)
        if had is None:
            raise self.damaged(form, change)
        return had

    def row(
        self,
        form: int | None,
        after: str | bytes | None,
        names: Sequence[str],
        *,
        change: tuple[int, str] | None = None,
    ) -> list[Any]:
        """Return an image's values of some fields; null for those that it does not know.

        Parameters
        ----------
        form, after
            The image's form, and the image.
        change
            Number and kind of the change that has it, for messages; None if it is not known.

        Raises
        ------
        StoreCorruptError
            If the image is no list of the length of its form, or there is no such form.
        """
        try:
            values = orjson.loads(after)  # type: ignore[arg-type] # None is damage, and refused
            had = self._fields[form]  # type: ignore[index] # as above
            if type(values) is list and len(values) == len(had):
                if had == tuple(names):
                    return values
                known = dict(zip(had, values, strict=True))
                return [known.get(name) for name in names]
        except (KeyError, TypeError, ValueError):
            pass  # a `suppress` would cost each row more
        # Not raised from the parser's error: that has the image, which may be a person's.
        raise self.damaged(form, change)

    def damaged(
        self, form: int | None, change: tuple[int, str] | None = None, *, found: str = ""
    ) -> StoreCorruptError:
        """Return the error that an image cannot be read; what it says is not told.

        Parameters
        ----------
        form
            That it names.
        change
            As `row` takes it.
        found
            What is there instead; by the form if empty.
        """
        by_form = "one that names no form"
        if form is not None:
            by_form = f"one that is not of its form {form}"
        whose = "each record" if change is None else "change {}, of {}".format(*change)
        return StoreCorruptError(
            self._store,
            f"have an image of its form for {whose}",
            found or by_form,
            "See what else is damaged with `geo-match store verify`, and restore it from a backup.",
        )


def images_of(rows: Iterable[Sequence[Any]]) -> list[str]:
    """Return the images of records from their kept values, in the order of their fields."""
    return [orjson.dumps(row).decode() for row in rows]


def image_of(row: Sequence[Any]) -> str:
    """Return the image of one record."""
    return images_of([row])[0]
