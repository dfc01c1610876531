"""What the feed still tells of single records: found by what their images say."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import func, select

from geo_match.store.reading import feed
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.tables import CHANGES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from geo_match.store.schema.images import Forms

_KEYS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Image:
    """What a record was after a change.

    Parameters
    ----------
    seq
        Number of the change.
    form
        Of the image.
    values
        Kept values of the form's fields, by their names.
    """

    seq: int
    form: int
    values: dict[str, Any]


@dataclass(slots=True)
class Past:
    """All that the feed has of one record, at least one image.

    Parameters
    ----------
    kind, key
        Of the record.
    images
        In their order, without those that were blanked.
    is_there
        Whether it was neither removed nor erased.
    newest
        Number of its last change.
    """

    kind: str
    key: str
    images: list[Image] = field(default_factory=list)
    is_there: bool = False
    newest: int = 0

    @property
    def last(self) -> dict[str, Any]:
        """The record as it is, or was last."""
        return self.images[-1].values


class Finder:
    """Finds records whose images, new or old, have a value in a field.

    The whole feed is read for it, once: a later search for the same goes on where the last ended,
    so that little is left to do while other writers wait.
    """

    def __init__(self, forms: Forms) -> None:
        self._forms = forms
        self._known: dict[tuple[tuple[str, str], ...], dict[str, tuple[int, set[str]]]] = (
            defaultdict(dict)
        )

    def keys(
        self, connection: Connection, fields: Mapping[str, str], values: Collection[str]
    ) -> set[str]:
        """Return the keys of records that ever had one of the values.

        Parameters
        ----------
        fields
            The field to look at, by the kind of record.

        Raises
        ------
        StoreCorruptError
            If an image that says one of the values cannot be read; it names the change.
        """
        self._forms.renew(connection)
        known = self._known[tuple(fields.items())]
        for value in values:
            after, found = known.get(value, (0, set()))
            until = feed.head(connection).seq
            found.update(self._search(connection, fields, value, after))
            known[value] = until, found
        return {key for value in values for key in known[value][1]}

    def _search(
        self, connection: Connection, fields: Mapping[str, str], value: str, after: int
    ) -> Iterator[str]:
        within = func.instr if connection.dialect.name == "sqlite" else func.strpos
        said = orjson.dumps(value).decode()  # as an image says it; other fields may say it, too
        query = (
            select(*(CHANGES.c[name] for name in ("seq", "kind", "key", "form", "after")))
            .where(CHANGES.c.seq > after)
            .where(CHANGES.c.kind.in_(list(fields)))
            .where(within(CHANGES.c.after, said) > 0)
        )
        for rows in _statements.fetch(connection, query):
            for seq, kind, key, form, image in rows:
                told = self._forms.row(form, image, [fields[kind]], change=(seq, kind))
                if told == [value]:
                    yield key


def pasts(connection: Connection, forms: Forms, keys: Collection[str]) -> list[Past]:
    """Return what the feed has of records, ordered by kind and key.

    Those are left out of which nothing is left: someone else has erased them.

    Raises
    ------
    StoreCorruptError
        If an image cannot be read; it names the change.
    """
    forms.renew(connection)
    found: dict[str, Past] = {}
    for some in _blocks(sorted(keys)):
        query = (
            select(*(CHANGES.c[name] for name in ("seq", "kind", "key", "op", "form", "after")))
            .where(CHANGES.c.key.in_(some))
            .order_by(CHANGES.c.seq)
        )
        for seq, kind, key, op, form, after in connection.execute(query):
            past = found.setdefault(key, Past(kind, key))
            past.is_there, past.newest = op == "put", seq
            if after is not None:
                names = forms.names(form, change=(seq, kind))
                values = forms.row(form, after, names, change=(seq, kind))
                past.images.append(Image(seq, form, dict(zip(names, values, strict=True))))
    left = (past for past in found.values() if past.images)
    return sorted(left, key=lambda past: (past.kind, past.key))


def _blocks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        yield keys[start : start + _KEYS_AT_ONCE]
