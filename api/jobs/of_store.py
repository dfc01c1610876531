"""The jobs of a store, in step with it: what another process writes there is answered at once.

A job is served if its employer's licence is verified, it is open today, its vacancies are not all
filled, and it has a place. Before each answer the store is asked whether anything was written since
the last one; if so, its feed is asked what of it matters here.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from api.jobs.layered import Layered
from api.jobs.places import COMMUNITY_FIELDS, STATION_FIELDS, Community, Station
from api.jobs.postings import EMPLOYER_FIELDS, JOB_FIELDS, Employer, Posting
from api.jobs.schemas import StoredJobsState
from api.jobs.texts import Texts
from api.jobs.view import StoreView
from geo_match.index import LiveIndex, PointChange, RebuildError
from geo_match.intake.invented import is_invented
from geo_match.records.clock import CHINA
from geo_match.store import (
    Cursor,
    CursorError,
    EpochError,
    HorizonError,
    Store,
    StoreError,
    path_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from geo_match.store import Change

_LOG: Final = logging.getLogger(__name__)
_JOBS: Final = "jobs"
_EMPLOYERS: Final = "employers"
_MADE: Final[Mapping[str, Callable[[Mapping[str, Any]], Any]]] = {
    _JOBS: Posting.of,
    _EMPLOYERS: Employer.of,
    "communities": Community.of,
    "stations": Station.of,
}
"""What is kept of a record, by its kind."""
_FIELDS: Final = {
    _JOBS: JOB_FIELDS,
    _EMPLOYERS: EMPLOYER_FIELDS,
    "communities": COMMUNITY_FIELDS,
    "stations": STATION_FIELDS,
}
"""Of which fields."""
_AT_ONCE: Final = 10_000  # changes in memory
_FEW: Final = 32
"""So many changes are taken in while somebody waits whom no thread was given."""


class StoredJobs:
    """The jobs of a store with the index of their places, in step with it, for concurrent readers.

    Parameters
    ----------
    store
        Where they are; `close` closes it.
    today
        Returns the day on which jobs are open or not; today in China if None.

    Raises
    ------
    StoreError
        If the store cannot be read.
    """

    file: None = None
    """What was read from a file of sites: nothing."""

    def __init__(self, store: Store, *, today: Callable[[], dt.date] | None = None) -> None:
        self._store = store
        self._today = _day_in_china if today is None else today
        self._lock = threading.Lock()  # of whoever brings the view up to date
        self._texts = Texts()
        self._view = self._load()
        self._seen: tuple[int, dt.date, StoreView] | None = None
        self._unlocated: tuple[Mapping[str, Posting], int] | None = None

    @classmethod
    def open(cls, store: str) -> Self:
        """Open a store that is there: its path, or its URL.

        Raises
        ------
        StoreError
            If nothing is there, or it is no store, or it cannot be read.
        """
        path = path_of(store)
        if path is not None and not path.exists():
            raise StoreError(
                store, "exist", "nothing there", "`geo-match import … --store PATH` makes one."
            )
        opened = Store.open(store)
        try:
            return cls(opened)
        except BaseException:
            opened.close()
            raise

    @property
    def stored(self) -> StoredJobsState:
        """How many jobs were served, and how many not, at the last question."""
        view = self._view
        unlocated = self._count_unlocated(view.jobs)
        return StoredJobsState(
            store=self._store.name.partition("?")[0].rpartition("/")[2],
            cursor=str(view.place),
            jobs=len(view.jobs),
            jobs_served=len(view.snapshot),
            jobs_withheld=len(view.jobs) - len(view.snapshot) - unlocated,
            jobs_without_place=unlocated,
            invented=view.invented,
        )

    def _count_unlocated(self, jobs: Mapping[str, Posting]) -> int:
        """Return how many jobs have no place; counted once for each exchange of them."""
        known = self._unlocated
        if known is None or known[0] is not jobs:
            n = sum(job.place is None for job in jobs.values())
            known = self._unlocated = jobs, n
        return known[1]

    @property
    def cursor(self) -> Cursor:
        """The place in the feed that was reached; it may be that more has come since."""
        return self._view.place

    def pulse(self) -> int | None:
        """Return what is another number once anything was written to the store: see `Store`."""
        return self._store.pulse()

    def close(self) -> None:
        """Let go of the store."""
        with self._lock:
            self._view.live.close()
            self._store.close()

    def example_place(self) -> tuple[float, float] | None:
        """Return lon and lat of the first served job by id; None if none is served."""
        view = self._view
        served = [name for name in view.snapshot.ids.tolist() if name is not None]
        return view.jobs[min(served)].place if served else None

    def catch_up(self) -> str:
        """Take in what was written to the store since the last time; return its place in the feed.

        Raises
        ------
        StoreError
            If the store cannot be read.
        """
        return str(self.now().place)

    def now(self) -> StoreView:
        """Return the jobs as the store has them now.

        Raises
        ------
        StoreError
            If the store cannot be read.
        """
        pulse, day = self.pulse(), self._today()
        if (seen := self._seen) is not None and seen[:2] == (pulse, day):
            return seen[2]
        with self._lock:
            pulse = self.pulse()  # first: what is written from now on has another
            head, day = self._store.cursor(), self._today()
            while (head, day) != ((view := self._view).place, view.day):
                after = self._followed(view, head, day)
                if after is None:  # read anew, which may be beyond `head` already
                    self._view = self._load()
                    view.live.close()
                    break
                self._view = after
            self._see(pulse, day)
            return self._view

    def at_hand(self, pulse: int | None) -> StoreView | None:
        """Return the jobs as the store has them now, if that takes less than a millisecond or so.

        Nobody is waited for. None where too much was written since, or that is not to be told.

        Parameters
        ----------
        pulse
            Of the store, as of now.

        Raises
        ------
        StoreError
            If the store cannot be read.
        """
        day = self._today()
        if (seen := self._seen) is not None and seen[:2] == (pulse, day):
            return seen[2]
        if pulse is None or not self._store.is_at_hand or not self._lock.acquire(blocking=False):
            return None
        try:
            view = self._view
            try:
                head, kinds = self._store.newest(after=view.place)
            except (CursorError, EpochError, HorizonError):
                return None
            if not kinds.keys() & _MADE.keys():  # nothing of what is kept here
                after = replace(view, place=head) if day == view.day else None
            elif _EMPLOYERS not in kinds and head.seq - view.place.seq <= _FEW:
                after = self._followed(view, head, day)
            else:
                return None
            if after is not None:
                self._view = after
                self._see(pulse, day)
            return after
        finally:
            self._lock.release()

    def _see(self, pulse: int | None, day: dt.date) -> None:
        """Note that the view is that of a pulse; the lock is held."""
        self._seen = None if pulse is None else (pulse, day, self._view)

    def _followed(self, view: StoreView, head: Cursor, day: dt.date) -> StoreView | None:
        """Return the jobs at a later place in the feed, up to its head; None if it does not tell.

        It does not on another day, nor where it was cut off or the store was restored.
        """
        if day != view.day or head.epoch != view.place.epoch or head.seq < view.place.seq:
            return None
        kinds, most = tuple(_MADE), min(head.seq - view.place.seq, _AT_ONCE)
        cursor = Cursor(head.epoch, view.place.seq + most)
        try:
            changes = list(self._store.changes(after=view.place, kinds=kinds, most=most))
        except (CursorError, EpochError, HorizonError):  # restored, or its past was cut off
            return None
        if any(change.record is None for change in changes):
            return None  # whose it was, the feed does not know any more
        if not changes:  # the index stays, and what was prepared of it
            return replace(view, place=cursor)
        changed, touched = _changed(changes, view)
        kept: dict[str, Any] = {kind: getattr(view, kind).after(changed[kind]) for kind in changed}
        # What came of an invented list is called so for good.
        invented = view.invented or self._invented()
        after = replace(view, place=cursor, invented=invented, **kept)
        # Last, once all is read: an index that went ahead of its view would show jobs of neither.
        _apply(view.live, list(_point_changes(after, touched)), cursor)
        return replace(after, snapshot=view.live.snapshot())

    def _load(self) -> StoreView:
        """Return all jobs, read anew, with an index of their own."""
        # The others are of the jobs' moment or later: what changes in between comes once more.
        read = {kind: self._store.read(kind, fields=_FIELDS[kind]) for kind in _MADE}
        cursor = Cursor.parse(read[_JOBS].schema.metadata[b"cursor"].decode())
        jobs, employers, communities, stations = (
            {record["id"]: made(record) for record in read[kind].to_pylist()}
            for kind, made in _MADE.items()
        )
        day = self._today()
        places = {
            job: place
            for job in jobs.values()
            if (place := job.place_served(employers.get(job.employer_id or ""), day)) is not None
        }
        live = LiveIndex(
            ids=[job.id for job in places],
            lon=[lon for lon, _ in places.values()],
            lat=[lat for _, lat in places.values()],
            cursor=cursor.seq,
            weights=np.array([job.weights() for job in places], dtype=np.int64).reshape(-1, 3),
        )
        return StoreView(
            cursor,
            day,
            Layered(jobs),
            Layered(employers),
            Layered(communities),
            Layered(stations),
            live,
            live.snapshot(),
            self._invented(),
            self._texts,
        )

    def _invented(self) -> bool | None:
        sources = [*self._store.sources(_JOBS), *self._store.sources(_EMPLOYERS)]
        return True if is_invented(sources) else None


def _day_in_china() -> dt.date:
    return dt.datetime.now(CHINA).date()


def _changed(
    changes: Sequence[Change], before: StoreView
) -> tuple[dict[str, dict[str, Any]], set[str]]:
    """Return what is otherwise after changes, by kind and id, and the jobs that they may touch.

    Parameters
    ----------
    before
        What was shown.
    """
    changed: dict[str, dict[str, Any]] = {}
    for change in changes:
        record = change.record or {}
        made = _MADE[change.kind](record) if change.op == "put" else None
        changed.setdefault(change.kind, {})[record["id"]] = made
    touched = set(changed.get(_JOBS, ()))
    hiring = changed.get(_EMPLOYERS)
    if hiring:
        touched.update(job.id for job in before.jobs.values() if job.employer_id in hiring)
    return changed, touched


def _apply(live: LiveIndex, changes: Sequence[PointChange], cursor: Cursor) -> None:
    """Apply changes; a rebuild that failed meanwhile is logged, for the index answers without."""
    while True:
        try:
            live.apply(changes, cursor=cursor.seq)
        except RebuildError as error:
            _LOG.warning("%s", error)  # told once: the next try applies
        else:
            return


def _point_changes(after: StoreView, touched: set[str]) -> Iterator[PointChange]:
    """Yield what became of the touched jobs in the index: somewhere, or nowhere."""
    for name in sorted(touched):
        job = after.jobs.get(name)
        if job is not None and (place := after.place_served(job)) is not None:
            yield PointChange(after.place.seq, name, place[0], place[1], job.weights())
        else:
            yield PointChange(after.place.seq, name, None, None)
