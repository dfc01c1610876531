"""The jobs of a store, in step with it: what another process writes there is answered at once.

A job is served if its employer's licence is verified, it is open today, its vacancies are not all
filled, and it has a place. Before each answer the feed of the store is asked what has changed since
the last one, which is one short query where nothing has.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from api.jobs.postings import EMPLOYER_FIELDS, JOB_FIELDS, Employer, Posting
from api.jobs.schemas import Hit, Job, Jobs, Site, StoredJobsState
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

    from api.jobs.query import JobsQuery
    from api.jobs.schemas import OnFoot
    from api.jobs.streets import Streets
    from geo_match.index import Snapshot
    from geo_match.store import Change

_LOG: Final = logging.getLogger(__name__)
_JOBS: Final = "jobs"
_EMPLOYERS: Final = "employers"
_AT_ONCE: Final = 10_000  # changes in memory


@dataclass(frozen=True, slots=True)
class _View:
    """The jobs as of one place in the feed, on one day; never changed, so readers need no lock.

    Parameters
    ----------
    cursor
        The place in the feed.
    day
        On which jobs are open or not.
    jobs, employers
        All of them by id, served or not.
    live, snapshot
        The index of the served jobs, and what it showed at this place.
    invented
        True if any list that they came from is invented, else None.
    """

    cursor: Cursor
    day: dt.date
    jobs: Mapping[str, Posting]
    employers: Mapping[str, Employer]
    live: LiveIndex
    snapshot: Snapshot
    invented: bool | None

    def place_served(self, job: Posting) -> tuple[float, float] | None:
        """Return the place of a job if it is served."""
        return job.place_served(self.employers.get(job.employer_id or ""), self.day)

    def hit(self, name: str, distance_m: float, on_foot: OnFoot | None = None) -> Hit:
        """Return what is shown of a served job."""
        job = self.jobs[name]
        lon, lat = job.place or (0.0, 0.0)  # it has one, or it would not be served
        employer = self.employers.get(job.employer_id or "")
        return Hit(
            job=Job(
                id=job.id,
                title=job.title,
                vacancies=job.left,
                employer=None if employer is None else employer.name,
            ),
            site=Site(id=job.site_id or job.id, name=job.site_name, lon=lon, lat=lat),
            distance_m=distance_m,
            basis="geodesic" if on_foot is None else "walking",
            on_foot=on_foot,
        )


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
        unlocated = sum(job.place is None for job in view.jobs.values())
        return StoredJobsState(
            store=self._store.name.partition("?")[0].rpartition("/")[2],
            cursor=str(view.cursor),
            jobs=len(view.jobs),
            jobs_served=len(view.snapshot),
            jobs_withheld=len(view.jobs) - len(view.snapshot) - unlocated,
            jobs_without_place=unlocated,
            invented=view.invented,
        )

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
        return str(self._current().cursor)

    def within(self, query: JobsQuery) -> Jobs:
        """Return the jobs at most the radius from the place: all counted, the nearest listed.

        Raises
        ------
        StoreError
            If the store cannot be read.
        """
        view = self._current()
        snapshot = view.snapshot
        sums = snapshot.sum_within(
            lon=query.lon, lat=query.lat, radius_m=query.radius_m, weights=snapshot.prepare()
        )
        total, vacancies, unstated = (int(value) for value in sums[0])
        nearest = _nearest(snapshot, query) if total and query.limit else []
        return Jobs(
            query=query,
            total=total,
            vacancies_total=vacancies,
            vacancies_unstated=unstated,
            invented=view.invented,
            on_foot=None,
            jobs=[view.hit(name, distance_m) for distance_m, name in nearest],
        )

    def within_walk(self, query: JobsQuery, streets: Streets) -> Jobs:
        """Return the jobs at most the radius from the place on foot, as `within` does.

        Raises
        ------
        StoreError
            If the store cannot be read.
        """
        view = self._current()
        pairs = view.snapshot.within(lon=query.lon, lat=query.lat, radius_m=query.radius_m)
        # By their ids, which is the order of those that are as far.
        names = sorted(view.snapshot.ids[pairs.point].tolist())
        places = [view.jobs[name].place or (0.0, 0.0) for name in names]  # served, so they have one
        lon, lat = np.array(places, dtype=np.float64).reshape(-1, 2).T
        walks = streets.walk(query, lon, lat)
        reached = [names[position] for position in walks.at.tolist()]
        counts = np.array([view.jobs[name].weights() for name in reached], dtype=np.int64)
        total, vacancies, unstated = counts.reshape(-1, 3).sum(axis=0).tolist()
        told = zip(reached, walks.distance_m.tolist(), walks.on_foot, strict=True)
        return Jobs(
            query=query,
            total=total,
            vacancies_total=vacancies,
            vacancies_unstated=unstated,
            invented=view.invented,
            on_foot=walks.place,
            jobs=[view.hit(*one) for one in islice(told, query.limit)],
        )

    def _current(self) -> _View:
        """Return the jobs as the store has them now."""
        with self._lock:
            head, day = self._store.cursor(), self._today()
            while (head, day) != ((view := self._view).cursor, view.day):
                self._view = self._follow(view, head, day)
                if self._view.live is not view.live:  # read anew: that may be beyond `head` already
                    view.live.close()
                    break
            return self._view

    def _follow(self, view: _View, head: Cursor, day: dt.date) -> _View:
        """Return the jobs at a later place in the feed, up to its head, or on another day."""
        if day != view.day or head.epoch != view.cursor.epoch or head.seq < view.cursor.seq:
            return self._load()
        kinds, most = (_JOBS, _EMPLOYERS), min(head.seq - view.cursor.seq, _AT_ONCE)
        cursor = Cursor(head.epoch, view.cursor.seq + most)
        try:
            changes = list(self._store.changes(after=view.cursor, kinds=kinds, most=most))
        except (CursorError, EpochError, HorizonError):  # restored, or its past was cut off
            return self._load()
        if any(change.record is None for change in changes):
            return self._load()  # whose it was, the feed does not know any more
        if not changes:
            _apply(view.live, [], cursor)
            return replace(view, cursor=cursor, snapshot=view.live.snapshot())
        jobs, employers = dict(view.jobs), dict(view.employers)
        touched = _write(changes, jobs, employers)
        after = replace(
            view, cursor=cursor, jobs=jobs, employers=employers, invented=self._invented()
        )
        # Last, once all is read: an index that went ahead of its view would show jobs of neither.
        _apply(view.live, list(_point_changes(after, touched)), cursor)
        return replace(after, snapshot=view.live.snapshot())

    def _load(self) -> _View:
        """Return all jobs, read anew, with an index of their own."""
        records = self._store.read(_JOBS, fields=JOB_FIELDS)
        # The employers are those of this moment or later: what changes in between comes once more.
        others = self._store.read(_EMPLOYERS, fields=EMPLOYER_FIELDS)
        cursor = Cursor.parse(records.schema.metadata[b"cursor"].decode())
        jobs = {record["id"]: Posting.of(record) for record in records.to_pylist()}
        employers = {record["id"]: Employer.of(record) for record in others.to_pylist()}
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
        return _View(cursor, day, jobs, employers, live, live.snapshot(), self._invented())

    def _invented(self) -> bool | None:
        sources = [*self._store.sources(_JOBS), *self._store.sources(_EMPLOYERS)]
        return True if is_invented(sources) else None


def _day_in_china() -> dt.date:
    return dt.datetime.now(CHINA).date()


def _write(
    changes: Sequence[Change], jobs: dict[str, Posting], employers: dict[str, Employer]
) -> set[str]:
    """Write changes into jobs and employers; return the ids of the jobs that they may touch."""
    touched: set[str] = set()
    hiring: set[str | None] = set()
    for change in changes:
        record = change.record or {}
        name = record["id"]
        if change.kind == _JOBS:
            touched.add(name)
            jobs.pop(name, None)
            if change.op == "put":
                jobs[name] = Posting.of(record)
        else:
            hiring.add(name)
            employers.pop(name, None)
            if change.op == "put":
                employers[name] = Employer.of(record)
    if hiring:
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


def _point_changes(after: _View, touched: set[str]) -> Iterator[PointChange]:
    """Yield what became of the touched jobs in the index: somewhere, or nowhere."""
    for name in sorted(touched):
        job = after.jobs.get(name)
        if job is not None and (place := after.place_served(job)) is not None:
            yield PointChange(after.cursor.seq, name, place[0], place[1], job.weights())
        else:
            yield PointChange(after.cursor.seq, name, None, None)


def _nearest(snapshot: Snapshot, query: JobsQuery) -> list[tuple[float, str]]:
    """Return distances and ids of the nearest, those at one distance by their ids.

    A snapshot orders what is equally far by its positions, which tell when a job was written: so
    it is asked for more until the last that is wanted is nearer than the last that it gives.
    """
    k = query.limit + 1
    while True:
        pairs = snapshot.nearest(lon=query.lon, lat=query.lat, k=k, max_distance_m=query.radius_m)
        distance_m = pairs.distance_m.tolist()
        if len(distance_m) < k or distance_m[query.limit - 1] < distance_m[-1]:
            names = snapshot.ids[pairs.point].tolist()
            return sorted(zip(distance_m, names, strict=True))[: query.limit]
        k *= 2
