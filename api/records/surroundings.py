"""What single records are judged by, kept in memory: to read it for each would take far longer."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Depends, Request

from api.stored import ServedStore
from geo_match.intake.surroundings import Surroundings
from geo_match.store import CursorError, EpochError, HorizonError

if TYPE_CHECKING:
    from geo_match.store import Cursor, Store

_KEPT_S: Final = 60.0
"""How long a gazetteer or a table of occupations may go unnoticed that was replaced: the feed tells
of the communities alone."""


class KeptSurroundings:
    """The surroundings of a store, as of its communities now; for concurrent requests.

    Parameters
    ----------
    store
        Which stays open.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._cursor: Cursor | None = None
        self._around: Surroundings | None = None
        self._until = 0.0

    def now(self) -> Surroundings:
        """Return the surroundings.

        Raises
        ------
        StoreError
            If the store cannot be read.
        """
        with self._lock:
            head, are_others = self._look()
            around = self._around
            if around is None or time.monotonic() >= self._until or are_others:
                self._around = around = Surroundings.of(self._store)
                self._until = time.monotonic() + _KEPT_S
            self._cursor = head  # before them: a change in between is looked at once more
            return around

    def _look(self) -> tuple[Cursor, bool]:
        """Return where the feed is, and whether the communities may have changed since."""
        if self._cursor is not None:
            try:
                head, kinds = self._store.newest(after=self._cursor)
            except (CursorError, EpochError, HorizonError):  # restored, or its past was cut off
                pass
            else:
                return head, "communities" in kinds
        return self._store.cursor(), True


def surroundings_of(request: Request, store: Store) -> KeptSurroundings:
    """Return those of the application, which serves the store."""
    state = request.app.state
    kept: KeptSurroundings | None = getattr(state, "surroundings", None)
    if kept is None:  # two threads may make one each: either is right
        kept = state.surroundings = KeptSurroundings(store)
    return kept


async def _surroundings_of(request: Request, store: ServedStore) -> KeptSurroundings:
    return surroundings_of(request, store)


ServedSurroundings = Annotated[KeptSurroundings, Depends(_surroundings_of)]
"""What the application's store judges records by."""
