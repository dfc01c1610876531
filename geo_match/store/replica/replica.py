"""Indexes in step with a store: `Replica`.

A replica reads the records of one moment, then the feed from there. It keeps nothing on a disk, so
that after any crash it is what a new one is: the store's records as points.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Final

from geo_match.index import RebuildError
from geo_match.records.clock import CHINA
from geo_match.store.errors import StoreError
from geo_match.store.reading import feed
from geo_match.store.reading.feed import Cursor
from geo_match.store.replica._errors import ReplicaError as ReplicaError  # noqa: PLC0414 - public here
from geo_match.store.replica._points import (
    KINDS,
    PlainPoints,
    Points,
    SitePoints,
    checked_kind,
)
from geo_match.store.replica.follower import EVERY_S, Follower
from geo_match.store.schema.images import Forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geo_match.index import LiveIndex, Snapshot
    from geo_match.store.reading import Reading

_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Shown:
    """The points of all kinds at one place in the feed; it never changes.

    Parameters
    ----------
    cursor
        The place: what is before it is in, what is after it is not.
    of
        The snapshot of each kind.
    """

    cursor: Cursor
    of: Mapping[str, Snapshot]

    def __getitem__(self, kind: str) -> Snapshot:
        """Return the snapshot of a kind."""
        return self.of[kind]


class Replica(Follower[Shown]):
    """Live indexes of a store's records, all in step with its feed.

    All start from the records of one moment and move from one place in the feed to the next
    together. Households and seekers are named by their keys, sites, stations and jobs by their ids.
    Each record that has a place is a point, on whatever days it holds. Sites have two integer
    weights: their open postings (条), and the people whom these seek (人); see
    `geo_match.store.replica._jobs` for what is open. A person who was erased is out of new
    answers with the next look (after at most 8 × `every_s`), or with `wait_for`, and out of memory
    after a rebuild that begins then.

    What it says, how it waits, fails and ends is that of a `Follower`.

    Parameters
    ----------
    store
        Stays open while the replica is.
    kinds
        Those wanted, of households, seekers, sites, stations and jobs.
    on
        The day on which the postings counted at sites are open; None for today in China, whenever
        that is.
    follow, every_s
        As `Follower` takes them.
    rebuild_after
        As `LiveIndex` takes it.

    Raises
    ------
    ArgumentError
        If a kind has no points.
    StoreError
        If the store cannot be read.

    Notes
    -----
    If an index cannot be built anew, `catch_up`, and without a thread `wait_for`, raise a
    `RebuildError`: what is shown is right, and it may be tried again. With a thread this is the
    cause of a `ReplicaError`, and the thread tries on.
    """

    _may_pass: ClassVar = (StoreError, RebuildError)

    def __init__(
        self,
        store: Reading,
        kinds: Iterable[str] = KINDS,
        *,
        on: dt.date | None = None,
        follow: bool = True,
        every_s: float = EVERY_S,
        rebuild_after: int | None = None,
    ) -> None:
        self._kinds = tuple(dict.fromkeys(checked_kind(kind) for kind in kinds))
        self._fixed_day = on
        self._rebuild_after = rebuild_after
        self._points: dict[str, Points] = {}
        super().__init__(store, follow=follow, every_s=every_s)

    def __repr__(self) -> str:
        """Name it by its kinds and cursor."""
        return f"Replica({', '.join(self._kinds)}; cursor {self.cursor})"

    @property
    def live(self) -> Mapping[str, LiveIndex]:
        """The live index of each kind; others after a start anew, and of sites after midnight.

        Each may be ahead of the others for a moment: `snapshot` is not.
        """
        return MappingProxyType({kind: points.live for kind, points in self._points.items()})

    def _today(self) -> dt.date:
        return self._fixed_day or dt.datetime.now(CHINA).date()

    def _start(self) -> None:
        """Read all records as of one moment; until then what is shown stays."""
        points: dict[str, Points] = {}
        today = self._today()
        with self._store.database.reading() as connection:
            now = feed.head(connection)
            self._forms = Forms.of(connection)  # `feed.read` adds those of newer programs
            for kind in self._kinds:
                if kind == "sites":
                    points[kind] = SitePoints(connection, now.seq, self._rebuild_after, today)
                else:
                    points[kind] = PlainPoints(connection, kind, now.seq, self._rebuild_after)
        before, self._points, self._day = self._points, points, today
        self._reads = frozenset[str]().union(*(one.reads for one in points.values()))
        self._show(now.cursor)
        for one in before.values():
            one.live.close()

    def _show(self, cursor: Cursor) -> None:
        """Show all kinds as they are: nobody applies anything meanwhile."""
        of = {kind: points.live.snapshot() for kind, points in self._points.items()}
        self._exchange(Shown(cursor, MappingProxyType(of)))

    def _let_go(self) -> None:
        for points in self._points.values():
            points.live.close()

    def _follow(self) -> bool:
        now = feed.head_now(self._store.database)  # most looks find nothing, and should be cheap
        changes: list[feed.Change] = []
        if now.cursor != self.cursor:
            with self._store.database.reading() as connection:
                now = feed.head(connection)
                seq = feed.check(self.cursor, now, self._store.database.name)
                changes = list(
                    feed.read(
                        connection,
                        self._forms,
                        after=seq,
                        most=_AT_ONCE,
                        kinds=self._reads,
                    )
                )
        last = min(now.seq, self.cursor.seq + _AT_ONCE)
        if last > self.cursor.seq:
            # If one fails they are given again: those that have them pass over them.
            for points in self._points.values():
                points.take(changes, last)
        for points in self._points.values():
            points.settle()
        # Only here do all stand at one place in the feed: a day that begins is of that place.
        if self._day != (today := self._today()):
            for points in self._points.values():
                points.turn_to(today)
            self._day = today
        # Also without changes: a rebuild shows the same from less memory, and lets go of the rest.
        self._show(Cursor(now.epoch, last))
        return last < now.seq
