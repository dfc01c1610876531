"""What a store's feed has said of jobs up to one place, on one day: `StoreView`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.jobs.shown import InCircle

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from api.jobs.places import Community, Station
    from api.jobs.postings import Employer, Posting
    from geo_match.index import LiveIndex, Snapshot
    from geo_match.store import Cursor


@dataclass(frozen=True, slots=True)
class StoreView:
    """The jobs as of one place in the feed, on one day; never changed, so readers need no lock.

    Parameters
    ----------
    place
        The place in the feed.
    day
        On which jobs are open or not.
    jobs, employers, communities, stations
        All of them by id, served or not.
    live, snapshot
        The index of the served jobs, and what it showed at this place.
    invented
        True if any list that the jobs came from is invented, else None.
    """

    place: Cursor
    day: dt.date
    jobs: Mapping[str, Posting]
    employers: Mapping[str, Employer]
    communities: Mapping[str, Community]
    stations: Mapping[str, Station]
    live: LiveIndex
    snapshot: Snapshot
    invented: bool | None

    @property
    def cursor(self) -> str:
        """The place in the feed, as it is told."""
        return str(self.place)

    @property
    def token(self) -> str:
        """Changes with the feed, and with the day."""
        return f"{self.place} {self.day}"

    @property
    def has_records(self) -> bool:
        """They are a store's."""
        return True

    def is_served(self, name: str) -> bool:
        """Return whether the job of an id is there, and served."""
        return self.snapshot.position_of(name) is not None

    def place_served(self, job: Posting) -> tuple[float, float] | None:
        """Return the place of a job if it is served."""
        return job.place_served(self.employers.get(job.employer_id or ""), self.day)

    def employer_of(self, job: Posting) -> str | None:
        """Return the name of a job's employer."""
        employer = self.employers.get(job.employer_id or "")
        return None if employer is None else employer.name

    def everywhere(self) -> list[Posting]:
        """Return all jobs that are served."""
        return [self.jobs[name] for name in self.snapshot.ids.tolist() if name is not None]

    def circle(self, *, lon: float, lat: float, radius_m: float) -> InCircle:
        """Return the jobs at most the radius from a place."""
        pairs = self.snapshot.within(lon=lon, lat=lat, radius_m=radius_m)
        names = self.snapshot.ids[pairs.point].tolist()
        return InCircle(list(map(self.jobs.__getitem__, names)), pairs.distance_m)

    def sums(self, *, lon: float, lat: float, radius_m: float) -> tuple[int, int, int]:
        """Return how many these are, their vacancies, and how many state none."""
        own = self.snapshot.prepare()
        (sums,) = self.snapshot.sum_within(lon=lon, lat=lat, radius_m=radius_m, weights=own)
        total, vacancies, unstated = sums.tolist()
        return total, vacancies, unstated

    def reach_of_nearest(self, *, lon: float, lat: float, k: int, radius_m: float) -> float:
        """Return how far the k-th nearest of these is, metres; the last if there are fewer."""
        pairs = self.snapshot.nearest(lon=lon, lat=lat, k=k, max_distance_m=radius_m)
        return float(pairs.distance_m[-1]) if len(pairs) else 0.0
