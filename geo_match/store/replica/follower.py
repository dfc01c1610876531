"""What is made of a store's records and kept in step with its feed, by a thread or when asked.

How it is made, and how changes reach it, is for those who derive from it; who waits for it, what
becomes of a failure, and how it ends, stands here.
"""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, ClassVar, Final, Generic, Protocol, Self, TypeVar

from geo_match._validate import as_seconds
from geo_match.index import ClosedIndexError, StaleIndexError
from geo_match.store.errors import (
    CursorError,
    EpochError,
    HorizonError,
    StoreCorruptError,
    StoreError,
)
from geo_match.store.reading.feed import Cursor
from geo_match.store.replica._errors import ReplicaError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo_match.store.reading import Reading

EVERY_S: Final = 0.02
_BUSY: Final = 8
"""So many times as long is the pause after a look that found something and that nobody waits for.
A look costs nearly the same for twenty changes as for two hundred, and other threads cannot run
Python meanwhile: in a steady stream fewer looks leave them the processor."""
_LEAST_PAUSE_S, _MOST_PAUSE_S = 0.05, 5.0
_RESTING_S: Final = 20.0
"""So long is the pause of a thread that rests: what it has to take in then is never very much."""


class OfAPlace(Protocol):
    """Something as of one place in the feed; it never changes."""

    @property
    def cursor(self) -> Cursor:
        """The place: what is before it is in, what is after it is not."""


Shown = TypeVar("Shown", bound=OfAPlace)


class Follower(ABC, Generic[Shown]):
    """Something that shows a store's records as of one place in its feed, and then of later ones.

    Any thread may ask; one of them is at work at a time, and the others are answered meanwhile with
    what is shown, which is exchanged whole.

    Where the feed cannot be followed on (the store was restored from a backup, or the feed no
    longer reaches back so far), it starts anew from the records, and counts `n_restarts`.

    Parameters
    ----------
    store
        Stays open while this is.
    follow
        Whether a thread follows the feed; else `catch_up` and `wait_for` do.
    every_s
        How often that thread looks for changes, seconds. After a look that found something it
        pauses eight times as long, unless someone waits; `wait_for` lets it look at once.
    rests_after_s
        After so long without a question the thread looks seldom, seconds; who then asks waits until
        it has come to where the feed ends. None for never.

    Raises
    ------
    ArgumentError
        If `every_s` or `rests_after_s` is no finite number above 0.
    StoreError
        If the store cannot be read.
    """

    _may_pass: ClassVar[tuple[type[Exception], ...]] = (StoreError,)
    """Failures after which the thread tries on."""

    def __init__(
        self, store: Reading, *, follow: bool, every_s: float, rests_after_s: float | None = None
    ) -> None:
        self._store = store
        self._every_s = as_seconds(every_s, "every_s", or_zero=False)
        self._rests_after_s = (
            None
            if rests_after_s is None
            else as_seconds(rests_after_s, "rests_after_s", or_zero=False)
        )
        self._asked_at = time.monotonic()
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
        self._seen = Cursor("", 0)
        self._shown: Shown
        self._start()
        self._thread: threading.Thread | None = None
        if follow:
            name = f"geo-match-{type(self).__name__.lower()}"
            # A daemon: whoever forgets to close it can still end the program.
            self._thread = threading.Thread(target=self._run, name=name, daemon=True)
            self._thread.start()

    def __enter__(self) -> Self:
        """Return this; leaving closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    @property
    def cursor(self) -> Cursor:
        """The place in the feed that it has come to."""
        return self._shown.cursor

    @property
    def n_restarts(self) -> int:
        """How often it started anew from the records."""
        return self._n_restarts

    @property
    def n_failures(self) -> int:
        """How often the thread could not go on, whether or not that passed before it was told."""
        return self._n_failures

    @property
    def is_resting(self) -> bool:
        """Whether its thread looks seldom, since nobody asked for long."""
        after_s = self._rests_after_s
        return after_s is not None and time.monotonic() - self._asked_at > after_s

    def snapshot(self) -> Shown:
        """Return what is shown, of one place in the feed; it waits for nothing, unless it rested.

        Raises
        ------
        ReplicaError
            If following failed and nobody was told, or has ended.
        StoreError
            Where it rested, as `catch_up`.
        """
        if self.is_resting:
            with suppress(ClosedIndexError):  # what was shown answers on
                self.catch_up()
            self._wake.set()
        self._asked_at = time.monotonic()
        if self._failure is not None:
            with self._changed:
                self._tell_failure()
        return self._shown

    def wait_for(self, cursor: Cursor | int, *, timeout_s: float) -> Shown:
        """Return what is shown as of this place in the feed or a later one.

        Parameters
        ----------
        cursor
            What must be applied, such as the place that `Store.put` returned.
        timeout_s
            How long to wait at most, seconds; 0 only looks.

        Raises
        ------
        ArgumentError
            If `timeout_s` is no finite number of at least 0.
        ClosedIndexError
            If it is closed and will not come to it.
        EpochError
            If the time is over, and the cursor is of another epoch than the store.
        ReplicaError
            If following failed and nobody was told, or has ended.
        StaleIndexError
            If the time is over.
        StoreError
            Without a thread, as `catch_up`, and so whatever else that raises.
        """
        timeout_s = as_seconds(timeout_s, "timeout_s", or_zero=True)
        until = time.monotonic() + timeout_s
        self._asked_at = time.monotonic()
        with self._waiting():  # before the thread looks: what it finds must not make it pause
            if self._thread is None:
                return self._pulled(cursor, until, timeout_s)
            with self._changed:
                if not has_come(self.cursor, cursor):
                    self._wake.set()
                return self._awaited(cursor, until, timeout_s)

    def catch_up(self) -> Cursor:
        """Follow the feed to where it ends now; return that place.

        Raises
        ------
        ClosedIndexError
            If it is closed.
        StoreError
            If the store cannot be read; what is shown is right, and it may be tried again. A class
            that derives from this may raise others, of which the same is true: `Replica` says so of
            `RebuildError`.
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
            self._let_go()

    @abstractmethod
    def _start(self) -> None:
        """Read all records as of one moment, and show them; until then what is shown stays."""

    @abstractmethod
    def _follow(self) -> bool:
        """Apply some of the changes that there are, and show them; return whether there are more.

        What fails in the middle must be possible to be done again.

        Raises
        ------
        EpochError, HorizonError, CursorError
            If the feed cannot be followed on from there.
        """

    def _let_go(self) -> None:
        """Let go of what only following needs; nobody applies anything any more."""

    def _exchange(self, shown: Shown) -> None:
        """Show something else: nobody applies anything meanwhile."""
        is_later = self._seen != shown.cursor
        with self._changed:
            self._shown = shown
            self._seen = shown.cursor
            if is_later:
                self._changed.notify_all()

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        with self._changed:
            self._n_waiting += 1
        try:
            yield
        finally:
            with self._changed:
                self._n_waiting -= 1

    def _pulled(self, cursor: Cursor | int, until: float, timeout_s: float) -> Shown:
        while not has_come((shown := self._shown).cursor, cursor):
            self.catch_up()
            if has_come((shown := self._shown).cursor, cursor):
                break
            left_s = until - time.monotonic()
            if left_s <= 0.0:
                raise self._too_late(cursor, timeout_s)
            self._over.wait(min(self._every_s, left_s, threading.TIMEOUT_MAX))
        return shown

    def _awaited(self, cursor: Cursor | int, until: float, timeout_s: float) -> Shown:
        while True:
            self._tell_failure()
            if has_come(self.cursor, cursor):
                return self._shown
            if self._over.is_set():
                raise ClosedIndexError(self.cursor.seq)
            left_s = until - time.monotonic()
            if left_s <= 0.0:
                raise self._too_late(cursor, timeout_s)
            self._changed.wait(min(left_s, threading.TIMEOUT_MAX))

    def _too_late(self, cursor: Cursor | int, timeout_s: float) -> EpochError | StaleIndexError:
        here = self.cursor
        if isinstance(cursor, Cursor) and cursor.epoch != here.epoch:
            return EpochError(
                self._store.database.name,
                f"be waited for with a cursor of its epoch {here.epoch}",
                f"one of {cursor.epoch}",
                "It was restored from a backup, or is another store.",
            )
        asked = cursor if isinstance(cursor, int) else cursor.seq
        return StaleIndexError(asked, here.seq, timeout_s)

    def _tell_failure(self) -> None:
        if self._failure is None or self._is_told:
            return
        self._is_told = not self._has_ended  # one that has ended tells it each time
        found = f"{type(self._failure).__name__}: {self._failure}"
        raise ReplicaError(
            str(self.cursor), found, has_ended=self._has_ended, what=type(self).__name__
        ) from self._failure

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

    def _run(self) -> None:
        """Follow the feed until this is closed; runs in its own thread."""
        pause_s = 0.0
        while not self._over.is_set():
            before = self.cursor
            try:
                while self._step():
                    pass
                pause_s = 0.0
                with self._changed:  # whoever tells of it has it under this lock
                    self._failure = None
                is_busy = self.cursor != before and not self._n_waiting
                every_s = self._every_s * (_BUSY if is_busy else 1)
                if self.is_resting:
                    every_s = max(every_s, _RESTING_S)
                self._wake.wait(min(every_s, threading.TIMEOUT_MAX))
                self._wake.clear()
            except ClosedIndexError:
                return
            except Exception as error:  # noqa: BLE001 - told to the next caller as a `ReplicaError`
                self._fail(error)
                if self._has_ended:
                    return
                pause_s = min(max(2.0 * pause_s, _LEAST_PAUSE_S), _MOST_PAUSE_S)
                self._over.wait(pause_s)

    def _fail(self, error: Exception) -> None:
        with self._changed:
            may_pass = isinstance(error, self._may_pass)
            self._has_ended = not may_pass or isinstance(error, StoreCorruptError)
            # Told once for a row of failures, unless the last of them is the end.
            self._is_told = self._failure is not None and self._is_told and not self._has_ended
            self._failure = error
            self._n_failures += 1
            self._changed.notify_all()


def has_come(here: Cursor, asked: Cursor | int) -> bool:
    """Tell whether `here` is at or after `asked`, in the same epoch; a number is of any epoch."""
    if isinstance(asked, int):
        return here.seq >= asked
    return here.epoch == asked.epoch and here.seq >= asked.seq
