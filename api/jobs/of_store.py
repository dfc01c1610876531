"""The jobs of a store, in step with it: what another process writes there is answered at once.

A job is served if its employer's licence is verified, it is open today, its vacancies are not all
filled, and it has a place. Before each answer the feed of the store is asked what has changed since
the last one, which is one short query where nothing has.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from api.jobs.places import COMMUNITY_FIELDS, STATION_FIELDS, Community, Station
from api.jobs.postings import EMPLOYER_FIELDS, JOB_FIELDS, Employer, Posting
from api.jobs.schemas import StoredJobsState
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
        self._view = self._load()
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
        with self._lock:
            head, day = self._store.cursor(), self._today()
            while (head, day) != ((view := self._view).place, view.day):
                self._view = self._follow(view, head, day)
                if self._view.live is not view.live:  # read anew: that may be beyond `head` already
                    view.live.close()
                    break
            return self._view

    def _follow(self, view: StoreView, head: Cursor, day: dt.date) -> StoreView:
        """Return the jobs at a later place in the feed, up to its head, or on another day."""
        if day != view.day or head.epoch != view.place.epoch or head.seq < view.place.seq:
            return self._load()
        kinds, most = tuple(_MADE), min(head.seq - view.place.seq, _AT_ONCE)
        cursor = Cursor(head.epoch, view.place.seq + most)
        try:
            changes = list(self._store.changes(after=view.place, kinds=kinds, most=most))
        except (CursorError, EpochError, HorizonError):  # restored, or its past was cut off
            return self._load()
        if any(change.record is None for change in changes):
            return self._load()  # whose it was, the feed does not know any more
        if not changes:
            _apply(view.live, [], cursor)
            return replace(view, place=cursor, snapshot=view.live.snapshot())
        changed = {one.kind for one in changes}
        kept: dict[str, Any] = {kind: dict(getattr(view, kind)) for kind in changed}
        touched = _write(changes, kept, view)
        after = replace(view, place=cursor, invented=self._invented(), **kept)
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
        of = (jobs, employers, communities, stations)
        return StoreView(cursor, day, *of, live, live.snapshot(), self._invented())

    def _invented(self) -> bool | None:
        sources = [*self._store.sources(_JOBS), *self._store.sources(_EMPLOYERS)]
        return True if is_invented(sources) else None


def _day_in_china() -> dt.date:
    return dt.datetime.now(CHINA).date()


def _write(
    changes: Sequence[Change], kept: Mapping[str, dict[str, Any]], before: StoreView
) -> set[str]:
    """Write changes into what is kept of their kinds; return the jobs that they may touch.

    Parameters
    ----------
    kept
        By kind, what is kept by id.
    before
        What was shown; the jobs of it, if no job changes.
    """
    touched: set[str] = set()
    hiring: set[str | None] = set()
    for change in changes:
        record = change.record or {}
        name = record["id"]
        kept[change.kind].pop(name, None)
        if change.op == "put":
            kept[change.kind][name] = _MADE[change.kind](record)
        if change.kind == _JOBS:
            touched.add(name)
        elif change.kind == _EMPLOYERS:
            hiring.add(name)
    if hiring:
        jobs = kept.get(_JOBS, before.jobs)
        touched.update(job.id for job in jobs.values() if job.employer_id in hiring)
    return touched


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
