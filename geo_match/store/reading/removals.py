"""Under which keys an id was removed: read from the feed once, and read on from there."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from geo_match.store.reading import feed
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.images import PERSONS
from geo_match.store.schema.tables import CHANGES

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from geo_match.store.schema.images import Forms


@dataclass(slots=True)
class _Known:
    """What is known of one kind, up to a number in one epoch of the feed."""

    epoch: str
    seq: int = 0
    keys: dict[str, set[str]] = field(default_factory=dict)


class Removals:
    """Finds the keys of removed records by their ids; for several threads.

    An id is in no index of the feed. The removals of a kind are few: they are kept in mind, and a
    later question reads on from where the last one ended.

    Parameters
    ----------
    forms
        Of the store's images.
    """

    def __init__(self, forms: Forms) -> None:
        self._forms = forms
        self._lock = threading.Lock()
        self._known: dict[str, _Known] = {}

    def keys(self, connection: Connection, kind: str, id_: str) -> set[str]:
        """Return the keys under which an id was removed; none for kinds of persons.

        Raises
        ------
        StoreCorruptError
            If the image of a removal cannot be read; it names the change.
        """
        if kind in PERSONS:  # whose removals have no image, and so tell no id
            return set()
        with self._lock:
            now = feed.head(connection)
            known = self._known.get(kind)
            if known is None or known.epoch != now.epoch:  # it was restored: another feed
                known = self._known[kind] = _Known(now.epoch)
            if known.seq < now.seq:
                self._read_on(connection, kind, known)
                known.seq = now.seq
            return set(known.keys.get(id_, ()))

    def _read_on(self, connection: Connection, kind: str, known: _Known) -> None:
        self._forms.renew(connection)
        query = (
            select(*(CHANGES.c[name] for name in ("seq", "key", "form", "after")))
            .where(CHANGES.c.seq > known.seq)
            .where(CHANGES.c.kind == kind)
            .where(CHANGES.c.op == "remove")
            .where(CHANGES.c.after.is_not(None))
        )
        for rows in _statements.fetch(connection, query):
            for seq, key, form, image in rows:
                (id_,) = self._forms.row(form, image, ["id"], change=(seq, kind))
                known.keys.setdefault(id_, set()).add(key)


__all__ = ["Removals"]
