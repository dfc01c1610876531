"""What a store's feed has said of jobs up to one place, on one day: `StoreView`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.jobs.shown import InCircle, Nearest, Sums

if TYPE_CHECKING:
    import datetime as dt

    from api.jobs.layered import Layered
    from api.jobs.places import Community, Station
    from api.jobs.postings import Employer, Posting
    from api.jobs.texts import Texts
    from geo_match.index import LiveIndex, Snapshot
    from geo_match.spatial import Pairs
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
    texts
        What was written of jobs; the views of one store share it.
    """

    place: Cursor
    day: dt.date
    jobs: Layered[Posting]
    employers: Layered[Employer]
    communities: Layered[Community]
    stations: Layered[Station]
    live: LiveIndex
    snapshot: Snapshot
    invented: bool | None
    texts: Texts

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
        return self._in_circle(pairs)

    def around(self, *, lon: float, lat: float, radius_m: float, k: int) -> Nearest:
        """Return what is added up of all these, and the k nearest with all that are as near."""
        own = self.snapshot.prepare()
        found = self.snapshot.around(lon=lon, lat=lat, radius_m=radius_m, k=k, weights=own)
        return Nearest(Sums(*found.sums.tolist()), self._in_circle(found.pairs))

    def _in_circle(self, pairs: Pairs) -> InCircle:
        names = self.snapshot.ids[pairs.point].tolist()
        return InCircle(list(map(self.jobs.__getitem__, names)), pairs.distance_m)
