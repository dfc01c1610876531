"""An index that follows changes while it answers: `LiveIndex`.

How it works, in four lines. A base is built of all points at once; what changes since goes to a
log beside it. A batch is written to the log, then shown whole by one new snapshot. When the log
grows long, a thread builds a new base of the last snapshot; what arrived meanwhile goes to the new
log, and base and log are exchanged in one step. Readers hold a snapshot and take no lock.
"""

from __future__ import annotations

import math
import threading
import time
from typing import TYPE_CHECKING, Self

import numpy as np

from geo_match._validate import as_count, as_lonlat, as_weights
from geo_match.errors import ArgumentError
from geo_match.index._live_errors import ClosedIndexError, RebuildError, StaleIndexError
from geo_match.index._live_parts import Base, Log, Points, build_base
from geo_match.index._live_view import View
from geo_match.index.point_change import Place, PointChange, check_changes, kind_of
from geo_match.index.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

_PER_ROOT = 4.0
_LEAST_LOG = 256
"""A log of d changes costs each new snapshot about d, and a rebuild of m points m once in d
changes: the two are in balance where d grows with √m. 4·√m is 1,265 changes at 100,000 points."""
_CROWDED = 64
"""A batch waits for a running rebuild while the log is so many times longer than is due, so that
catching up faster than bases are built cannot make readers slow."""


class LiveIndex:
    """An index of points that follows a feed of changes, and answers from snapshots of it.

    It knows no store: whoever reads the feed calls `apply`, from one thread or several. Readers
    ask `snapshot`, which waits for nothing, or `wait_for`, which waits for a cursor.

    Parameters
    ----------
    ids
        Strings that differ, (m,).
    lon, lat
        Degrees, WGS-84, (m,); copied.
    cursor
        The cursor of the feed at which these points are what it says.
    weights
        Numbers of the points, such as vacancies: (m,), (m, k) or None. Their shape and kind are
        those of all changes to come; integers must be below 2³¹ in magnitude.
    rebuild_after
        How many changes (points put somewhere, and points of the base taken away, so that a move
        is two) make a rebuild due. None lets it grow with the root of the number of points.

    Raises
    ------
    ArgumentError, CoordinateError, WeightError
        If an argument breaks its rule, or an id is there twice.

    Notes
    -----
    What it answers depends on the changes alone, not on how they were cut into batches, nor on
    rebuilds; positions do, and belong to one snapshot. A snapshot that is held keeps its points
    in memory. A removed point's id and place stay in memory, unseen by later snapshots, until the
    next rebuild; `rebuild` brings one about where they must be forgotten.

    Examples
    --------
    >>> import geo_match as gm
    >>> from geo_match.index import PointChange
    >>> live = gm.LiveIndex(ids=["a", "b"], lon=[117.36, 117.38], lat=[32.93, 32.94])
    >>> live.apply([PointChange(1, "c", 117.37, 32.93), PointChange(2, "b", None, None)])
    >>> snapshot = live.wait_for(2, timeout_s=1.0)
    >>> pairs = snapshot.within(lon=117.37, lat=32.93, radius_m=3000)
    >>> snapshot.ids[pairs.point].tolist()
    ['a', 'c']
    >>> live.close()
    """

    def __init__(
        self,
        *,
        ids: Sequence[str] | NDArray[np.object_],
        lon: ArrayLike,
        lat: ArrayLike,
        cursor: int = 0,
        weights: ArrayLike | None = None,
        rebuild_after: int | None = None,
    ) -> None:
        checked_lon, checked_lat = as_lonlat(lon, lat)
        names = _checked_ids(ids, len(checked_lon))
        own = None if weights is None else as_weights(weights, len(names)).copy()
        self._kind = kind_of(own)
        self._fixed_limit = (
            None if rebuild_after is None else as_count(rebuild_after, "rebuild_after", least=1)
        )
        # One lock for whoever writes; it also tells waiting threads of each new snapshot.
        self._changed = threading.Condition()
        self._base = build_base(Points(names, checked_lon.copy(), checked_lat.copy(), own))
        if len(self._base.position_of) < len(names):
            raise _repeated(names)
        self._log = self._new_log()
        self._version = 0
        self._n_rebuilds = 0
        self._thread: threading.Thread | None = None
        self._demanded = False
        self._meanwhile: dict[str, Place | None] | None = None
        self._failure: Exception | None = None
        self._closed = False
        self._view = View(self._base, self._log, self._kind, self._version)
        self._shown = Snapshot(self._view, as_count(cursor, "cursor", least=0))

    def __repr__(self) -> str:
        """Name the index by its size and cursor."""
        shown = self._shown
        return f"LiveIndex({len(shown):,} points, cursor {shown.cursor})"

    def __enter__(self) -> Self:
        """Return the index; leaving closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the index."""
        self.close()

    @property
    def cursor(self) -> int:
        """The cursor up to which changes are applied."""
        return self._shown.cursor

    @property
    def n_rebuilds(self) -> int:
        """How many times a new base was built since the index was made."""
        return self._n_rebuilds

    def snapshot(self) -> Snapshot:
        """Return the points as of the last batch applied; takes no lock."""
        return self._shown

    def wait_for(self, cursor: int, *, timeout_s: float) -> Snapshot:
        """Return a snapshot of this cursor or a later one, as soon as there is one.

        Parameters
        ----------
        cursor
            What must be applied.
        timeout_s
            How long to wait at most, seconds; 0 only looks.

        Raises
        ------
        ClosedIndexError
            If the index is closed and will not come to the cursor.
        RebuildError
            If a rebuild failed, and nobody was told.
        StaleIndexError
            If the time is over.
        """
        until = time.monotonic() + timeout_s
        with self._changed:
            self._tell_failure()
            while self._shown.cursor < cursor:
                if self._closed:
                    raise ClosedIndexError(self._shown.cursor)
                left = until - time.monotonic()
                if left <= 0.0:
                    raise StaleIndexError(cursor, self._shown.cursor, timeout_s)
                self._changed.wait(left)
                self._tell_failure()
            return self._shown

    def apply(self, changes: Iterable[PointChange], *, cursor: int | None = None) -> None:
        """Apply a batch of changes: from then on every new snapshot has all of it.

        The work is that of the batch, not of the index. The last change of an id wins. Changes
        up to the present cursor are passed over, so that a batch may be given again.

        Parameters
        ----------
        changes
            In ascending order of `seq`; those of one `seq` in one batch.
        cursor
            How far the feed was read, where that is beyond the last of these changes.

        Raises
        ------
        ArgumentError, CoordinateError, WeightError
            If a change breaks its rule: it is named by id, value and `seq`, and nothing is applied.
        ClosedIndexError
            If the index is closed.
        RebuildError
            If a rebuild failed, and nobody was told; nothing is applied.
        """
        changes = list(changes)  # an iterator may take its time, and the lock is not for that
        with self._changed:
            self._check_open()
            self._tell_failure()
            while self._thread is not None and len(self._log) > _CROWDED * self._limit():
                self._changed.wait()
                self._check_open()
                self._tell_failure()
            places, last = check_changes(changes, self.cursor, self._kind)
            if cursor is not None:
                last = _checked_cursor(cursor, last)
            self._write(places)
            if self._meanwhile is not None:
                self._meanwhile.update(places)
            if places:
                self._show(max(last, self.cursor))
            elif last > self.cursor:
                self._show_view(self._view, last)  # none of these points was touched
            if len(self._log) >= self._limit():
                self._start_rebuild()

    def start_rebuild(self) -> int:
        """Have a new base built in the background, without waiting for it.

        Returns
        -------
        int
            What `n_rebuilds` will be at least once all that is gone now is out of memory.

        Raises
        ------
        ClosedIndexError
            If the index is closed.
        """
        with self._changed:
            self._check_open()
            # One that builds already may have begun before the latest changes: it does not count.
            begun = self._meanwhile is not None
            self._demanded = True
            self._start_rebuild()
            return self._n_rebuilds + 1 + begun

    def rebuild(self) -> None:
        """Build a new base now, and return when what is gone is out of the index's memory.

        Snapshots that are held keep what they show.

        Raises
        ------
        ClosedIndexError
            If the index is closed.
        RebuildError
            If this rebuild failed, or one before and nobody was told.
        """
        with self._changed:
            self._check_open()
            self._tell_failure()
            # One that runs already may have begun before the latest changes: another must follow.
            self._demanded = True
            before = self._n_rebuilds
            self._start_rebuild()
            while self._demanded or self._thread is not None:
                self._changed.wait()
            self._tell_failure()
            if self._n_rebuilds == before:
                self._check_open()

    def close(self) -> None:
        """Apply nothing more, wake who waits, and wait for a running rebuild to end.

        The last snapshot, and those held, answer on. Closing twice does no harm.
        """
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _new_log(self) -> Log:
        return Log(self._kind.n, whole=self._kind.whole)

    def _limit(self) -> int:
        if self._fixed_limit is not None:
            return self._fixed_limit
        return max(_LEAST_LOG, int(_PER_ROOT * math.sqrt(len(self._base))))

    def _check_open(self) -> None:
        if self._closed:
            raise ClosedIndexError(self._shown.cursor)

    def _tell_failure(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            found = f"{type(failure).__name__}: {failure}"
            raise RebuildError(self._shown.cursor, found) from failure

    def _write(self, places: dict[str, Place | None]) -> None:
        """Write to the log as of the next version, which no snapshot shows yet."""
        for name, place in places.items():
            self._log.put(self._base, name, place, self._version + 1)

    def _show(self, cursor: int) -> None:
        """Show what is written."""
        self._version += 1
        self._show_view(View(self._base, self._log, self._kind, self._version), cursor)

    def _show_view(self, view: View, cursor: int) -> None:
        self._view = view
        self._shown = Snapshot(view, cursor)
        self._changed.notify_all()

    def _start_rebuild(self) -> None:
        if self._thread is not None:
            return
        thread = threading.Thread(target=self._rebuild_while_due, name="geo-match-rebuild")
        try:
            thread.start()
        except (RuntimeError, MemoryError) as error:
            # No room for a thread: a rebuild that failed, told and tried again like any other.
            self._fail(error)
        else:
            self._thread = thread  # it waits for the lock, which is held here

    def _rebuild_while_due(self) -> None:
        """Build bases until the log is short; runs in its own thread."""
        try:
            while (start := self._begin()) is not None:
                self._exchange(build_base(start.points(), start.names()))
        except Exception as error:  # noqa: BLE001 - told to the next caller as a `RebuildError`
            with self._changed:
                self._fail(error)

    def _fail(self, error: Exception) -> None:
        self._failure = error
        self._meanwhile = None
        self._demanded = False
        self._thread = None
        self._changed.notify_all()

    def _begin(self) -> View | None:
        """Return what the next base is built of, or end the thread if none is due."""
        with self._changed:
            due = self._demanded or len(self._log) >= self._limit()
            if self._closed or not due:
                self._demanded = False
                self._thread = None
                self._changed.notify_all()
                return None
            self._demanded = False
            self._meanwhile = {}
            return self._view

    def _exchange(self, base: Base) -> None:
        """Show the new base, with a log of what changed since its points were taken."""
        with self._changed:
            self._base, self._log = base, self._new_log()
            self._write(self._meanwhile or {})
            self._meanwhile = None
            self._n_rebuilds += 1
            self._show(self._shown.cursor)


def _checked_ids(ids: Sequence[str] | NDArray[np.object_], n_points: int) -> NDArray[np.object_]:
    """Return one string a point, (n_points,), in an array of our own."""
    names = np.array(ids, dtype=object)
    if names.shape != (n_points,):
        raise ArgumentError("ids", f"have the shape ({n_points},), one a point", str(names.shape))
    for position, name in enumerate(names.tolist()):
        if not isinstance(name, str):
            raise ArgumentError("ids", "be strings", f"position {position}: {name!r}")
    return names


def _repeated(names: NDArray[np.object_]) -> ArgumentError:
    """Name the first id that is there twice."""
    seen: set[str] = set()
    twice = next(name for name in names.tolist() if name in seen or seen.add(name))  # type: ignore[func-returns-value]  # `add` returns None, which is what is meant
    return ArgumentError("ids", "differ", f"{twice!r} twice", "Give each point one row.")


def _checked_cursor(cursor: int, last: int) -> int:
    """Return a cursor that leaves no change of its batch behind."""
    cursor = as_count(cursor, "cursor", least=0)
    if cursor < last:
        raise ArgumentError(
            "cursor", f"be at least the last `seq` of the batch ({last})", str(cursor)
        )
    return cursor
