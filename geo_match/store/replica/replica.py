"""Indexes in step with a store: `Replica`.

A replica reads the records of one moment, then the feed from there. It keeps nothing on a disk, so
that after any crash it is what a new one is: the store's records as points.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Self

from geo_match.index import ClosedIndexError, RebuildError, StaleIndexError
from geo_match.records.clock import CHINA
from geo_match.store.errors import (
    CursorError,
    EpochError,
    HorizonError,
    StoreCorruptError,
    StoreError,
)
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
from geo_match.store.schema.images import Forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geo_match.errors import GeoMatchError
    from geo_match.index import LiveIndex, Snapshot
    from geo_match.store.store import Store

_EVERY_S: Final = 0.02
_BUSY: Final = 8
"""So many times as long is the pause after a look that found something and that nobody waits for.
A look costs nearly the same for twenty changes as for two hundred, and other threads cannot run
Python meanwhile: in a steady stream fewer looks leave them the processor."""
_AT_ONCE: Final = 5_000
_LEAST_PAUSE_S, _MOST_PAUSE_S = 0.05, 5.0


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


class Replica:
    """Live indexes of a store's records, all in step with its feed.

    All start from the records of one moment and move from one place in the feed to the next
    together. Households and seekers are named by their keys, sites, stations and jobs by their ids.
    Each record that has a place is a point, on whatever days it holds. Sites have two integer
    weights: their open postings (条), and the people whom these seek (人); see
    `geo_match.store.replica._jobs` for what is open. A person who was erased is out of new
    answers with the next look (after at most 8 × `every_s`), or with `wait_for`, and out of memory
    after a rebuild that begins then.

    Where the feed cannot be followed on (the store was restored from a backup, or the feed no
    longer reaches back so far), the replica starts anew from the records, and counts `n_restarts`.

    Parameters
    ----------
    store
        Stays open while the replica is.
    kinds
        Those wanted, of households, seekers, sites, stations and jobs.
    on
        The day on which the postings counted at sites are open; None for today in China, whenever
        that is.
    follow
        Whether a thread follows the feed; else `catch_up` does.
    every_s
        How often that thread looks for changes, seconds. After a look that found something it
        pauses eight times as long, unless someone waits; `wait_for` lets it look at once.
    rebuild_after
        As `LiveIndex` takes it.

    Raises
    ------
    ArgumentError
        If a kind has no points.
    StoreError
        If the store cannot be read.
    """

    def __init__(
        self,
        store: Store,
        kinds: Iterable[str] = KINDS,
        *,
        on: dt.date | None = None,
        follow: bool = True,
        every_s: float = _EVERY_S,
        rebuild_after: int | None = None,
    ) -> None:
        self._store = store
        self._kinds = tuple(dict.fromkeys(checked_kind(kind) for kind in kinds))
        self._fixed_day = on
        self._every_s = every_s
        self._rebuild_after = rebuild_after
        # Who applies holds the first; the second guards what is shown and told, for moments only.
        self._applying = threading.Lock()
        self._changed = threading.Condition()
        self._wake = threading.Event()
        self._over = threading.Event()
        self._failure: Exception | None = None
        self._has_ended = False
        self._is_told = True
        self._n_restarts = 0
        self._n_failures = 0
        self._n_waiting = 0
        self._points: dict[str, Points] = {}
        self._shown = Shown(Cursor("", 0), MappingProxyType({}))
        self._start()
        self._thread: threading.Thread | None = None
        if follow:
            # A daemon: whoever forgets to close it can still end the program.
            self._thread = threading.Thread(target=self._run, name="geo-match-replica", daemon=True)
            self._thread.start()

    def __repr__(self) -> str:
        """Name it by its kinds and cursor."""
        return f"Replica({', '.join(self._kinds)}; cursor {self.cursor})"

    def __enter__(self) -> Self:
        """Return the replica; leaving closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the replica."""
        self.close()

    @property
    def live(self) -> Mapping[str, LiveIndex]:
        """The live index of each kind; others after a start anew, and of sites after midnight.

        Each may be ahead of the others for a moment: `snapshot` is not.
        """
        return MappingProxyType({kind: points.live for kind, points in self._points.items()})

    @property
    def cursor(self) -> Cursor:
        """The place in the feed that all kinds have come to."""
        return self._shown.cursor

    @property
    def n_restarts(self) -> int:
        """How often it started anew from the records."""
        return self._n_restarts

    @property
    def n_failures(self) -> int:
        """How often the thread could not go on, whether or not that passed before it was told."""
        return self._n_failures

    def snapshot(self) -> Shown:
        """Return the points of all kinds as of one place in the feed; it waits for nothing.

        Raises
        ------
        ReplicaError
            If following failed and nobody was told, or has ended.
        """
        if self._failure is not None:
            with self._changed:
                self._tell_failure()
        return self._shown

    def wait_for(self, cursor: Cursor | int, *, timeout_s: float) -> Shown:
        """Return the points as of this place in the feed or a later one.

        Parameters
        ----------
        cursor
            What must be applied, such as the place that `Store.put` returned.
        timeout_s
            How long to wait at most, seconds; 0 only looks.

        Raises
        ------
        ClosedIndexError
            If the replica is closed and will not come to it.
        EpochError
            If the time is over, and the cursor is of another epoch than the store.
        ReplicaError
            If following failed and nobody was told, or has ended.
        StaleIndexError
            If the time is over.
        """
        until = time.monotonic() + timeout_s
        if self._thread is None and not self._over.is_set() and not self._has(cursor):
            self.catch_up()
        with self._changed:
            self._n_waiting += 1  # before the thread looks: what it finds must not make it pause
            if not self._has(cursor):
                self._wake.set()
            try:
                return self._awaited(cursor, until, timeout_s)
            finally:
                self._n_waiting -= 1

    def catch_up(self) -> Cursor:
        """Follow the feed to where it ends now; return that place.

        Raises
        ------
        ClosedIndexError
            If the replica is closed.
        StoreError, RebuildError
            If that failed; what is shown is right, and it may be tried again.
        """
        while self._step():
            pass
        return self.cursor

    def close(self) -> None:
        """Follow no more, and wake who waits; what was shown answers on. Twice does no harm."""
        self._over.set()
        self._wake.set()
        with self._changed:
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
        with self._applying:
            for points in self._points.values():
                points.live.close()

    def _awaited(self, cursor: Cursor | int, until: float, timeout_s: float) -> Shown:
        while True:
            self._tell_failure()
            if self._has(cursor):
                return self._shown
            if self._over.is_set():
                raise ClosedIndexError(self.cursor.seq)
            left = until - time.monotonic()
            if left <= 0.0:
                raise self._too_late(cursor, timeout_s)
            self._changed.wait(left)

    def _has(self, cursor: Cursor | int) -> bool:
        if isinstance(cursor, int):
            return self.cursor.seq >= cursor
        return self.cursor.epoch == cursor.epoch and self.cursor.seq >= cursor.seq

    def _too_late(self, cursor: Cursor | int, timeout_s: float) -> GeoMatchError:
        if isinstance(cursor, Cursor) and cursor.epoch != self.cursor.epoch:
            return EpochError(
                self._store.name,
                f"be waited for with a cursor of its epoch {self.cursor.epoch}",
                f"one of {cursor.epoch}",
                "It was restored from a backup, or is another store.",
            )
        asked = cursor if isinstance(cursor, int) else cursor.seq
        return StaleIndexError(asked, self.cursor.seq, timeout_s)

    def _tell_failure(self) -> None:
        if self._failure is None or self._is_told:
            return
        self._is_told = not self._has_ended  # one that has ended tells it each time
        found = f"{type(self._failure).__name__}: {self._failure}"
        raise ReplicaError(str(self.cursor), found, has_ended=self._has_ended) from self._failure

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
        is_later = self._shown.cursor != cursor
        with self._changed:
            self._shown = Shown(cursor, MappingProxyType(of))
            if is_later:
                self._changed.notify_all()

    def _step(self) -> bool:
        """Apply some of the changes that there are; return whether there are more."""
        with self._applying:
            if self._over.is_set():
                raise ClosedIndexError(self.cursor.seq)
            try:
                return self._follow()
            except (EpochError, HorizonError, CursorError):
                self._start()
                self._n_restarts += 1
                return True

    def _follow(self) -> bool:
        with self._store.database.reading() as connection:
            now = feed.head(connection)
            if now.cursor == self.cursor:
                changes = []
            else:
                seq = feed.check(self.cursor, now, self._store.name)
                changes = list(
                    feed.read(
                        connection,
                        self._forms,
                        after=seq,
                        most=_AT_ONCE,
                        kinds=self._reads,
                        store=self._store.name,
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

    def _run(self) -> None:
        """Follow the feed until the replica is closed; runs in its own thread."""
        pause_s = 0.0
        while not self._over.is_set():
            before = self.cursor
            try:
                while self._step():
                    pass
            except ClosedIndexError:
                return
            except Exception as error:  # noqa: BLE001 - told to the next caller as a `ReplicaError`
                self._fail(error)
                if self._has_ended:
                    return
                pause_s = min(max(2.0 * pause_s, _LEAST_PAUSE_S), _MOST_PAUSE_S)
                self._over.wait(pause_s)
            else:
                pause_s = 0.0
                with self._changed:  # whoever tells of it has it under this lock
                    self._failure = None
                is_busy = self.cursor != before and not self._n_waiting
                self._wake.wait(self._every_s * (_BUSY if is_busy else 1))
                self._wake.clear()

    def _fail(self, error: Exception) -> None:
        with self._changed:
            may_pass = isinstance(error, StoreError | RebuildError)
            self._has_ended = not may_pass or isinstance(error, StoreCorruptError)
            # Told once for a row of failures, unless the last of them is the end.
            self._is_told = self._failure is not None and self._is_told and not self._has_ended
            self._failure = error
            self._n_failures += 1
            self._changed.notify_all()
