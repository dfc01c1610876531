"""The one answer to which jobs are around a place, whoever has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic_core import to_json

from api.jobs.facets import facets_of
from api.jobs.origins import origin_of
from api.jobs.pages import next_link, page_of
from api.jobs.reach import Reached, reach
from api.jobs.schemas import Hit, Job, Jobs, Site
from api.jobs.shown import Sums
from api.jobs.streets import no_streets
from api.jobs.wanted import check_known, filters_of, kept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.jobs.origins import Around
    from api.jobs.pages import Page
    from api.jobs.postings import Posting
    from api.jobs.query import JobsQuery
    from api.jobs.schemas import Facets
    from api.jobs.shown import Shown
    from api.jobs.streets import Streets

PATH: Final = "/v1/jobs"


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The jobs that a request asks for: all counted, a page of them to be listed.

    Parameters
    ----------
    query, shown, origin
        What was asked, of which jobs, and around what.
    reached
        The jobs that the page is of.
    sums
        Of all that pass the filters.
    page
        Which are listed.
    facets
        What was counted beside; None if nothing.
    next
        The next page; None on the last one.
    """

    query: JobsQuery
    shown: Shown
    origin: Around
    reached: Reached
    sums: Sums
    page: Page
    facets: Facets | None
    next: str | None

    def told(self, *, with_jobs: bool = True) -> Jobs:
        """Return the answer; on request with no job listed."""
        return Jobs(
            query=self.query,
            origin=self.origin.told,
            total=self.sums.total,
            vacancies_total=self.sums.vacancies,
            vacancies_unstated=self.sums.unstated,
            invented=self.shown.invented,
            cursor=self.shown.cursor,
            on_foot=self.reached.place,
            facets=self.facets,
            next=self.next,
            jobs=[self._hit(at) for at in self.page.at] if with_jobs else [],
        )

    def json(self) -> bytes:
        """Return `told` as JSON, to the byte; of each job what was written before."""
        before_jobs = self.told(with_jobs=False).model_dump_json().encode()[: -len(b"]}")]
        distances = to_json(self.reached.distance_m[self.page.at].tolist())
        basis = b',"basis":' + to_json(self.origin.told.basis) + b',"on_foot":'
        listed = [
            b"".join(
                (self._beginning(at), b',"distance_m":', far, basis, self._way_on_foot(at), b"}")
            )
            for at, far in zip(self.page.at, distances[1:-1].split(b","), strict=False)
        ]
        return before_jobs + b",".join(listed) + b"]}"

    def _beginning(self, at: int) -> bytes:
        job = self.reached.jobs[at]
        employer = self.shown.employer_of(job)
        return self.shown.texts.of(job, employer, lambda: self._hit(at))

    def _way_on_foot(self, at: int) -> bytes:
        walks = self.reached.on_foot
        return b"null" if walks is None else walks[at].model_dump_json().encode()

    def _hit(self, at: int) -> Hit:
        job = self.reached.jobs[at]
        lon, lat = job.where
        return Hit(
            job=Job(
                id=job.id,
                title=job.title,
                vacancies=job.left,
                employer=self.shown.employer_of(job),
                employer_id=job.employer_id,
                occupation=job.occupation,
                job_type=job.job_type,
                education_min=job.education_min,
                wage_low_cny=job.pay.low,
                wage_high_cny=job.pay.high,
                wage_unit=job.pay.unit,
                opened_on=job.opened_on,
                closed_on=job.closed_on,
            ),
            site=Site(id=job.at_site, name=job.site_name, lon=lon, lat=lat, address=job.address),
            distance_m=float(self.reached.distance_m[at]),
            basis=self.origin.told.basis,
            on_foot=None if self.reached.on_foot is None else self.reached.on_foot[at],
        )


def find(query: JobsQuery, shown: Shown, streets: Streets | None = None) -> Found:
    """Find the jobs that a request asks for.

    Parameters
    ----------
    query
        What is asked.
    shown
        The jobs as of one moment.
    streets
        On which walks are, if walks are asked for.

    Raises
    ------
    ArgumentError
        If it asks for what is not there: a community, a station, streets, or a field that a file
        does not have; or goes on after a page of another request.
    """
    if query.basis == "walking" and streets is None:
        raise no_streets()
    if not shown.has_records:
        check_known(query)
    origin = origin_of(query, shown)
    filters = filters_of(query)
    if is_of_index(query) and origin.area is None:
        sums, near = shown.around(**origin.centre._asdict(), radius_m=query.radius_m, k=query.limit)
        reached = Reached(*near)
        inside: Iterable[int] = range(len(reached.jobs))
    else:
        walked = streets if query.basis == "walking" else None
        reached = reach(shown, origin, query.radius_m, walked)
        inside = kept(reached.jobs, filters)
        sums = _sums([reached.jobs[at] for at in inside])
    page = page_of(query, reached, inside, sums.total)
    facets = facets_of(query, shown, origin, reached, filters)
    after = None if page.last is None else next_link(query, PATH, page.last)
    return Found(query, shown, origin, reached, sums, page, facets, after)


def is_of_index(query: JobsQuery) -> bool:
    """Return whether the index alone answers, in a moment: the nearest of all around a point."""
    return (
        query.community is None
        and query.basis == "geodesic"
        and query.sort == "distance"
        and query.after is None
        and not query.facet_names
        and not filters_of(query)
    )


def _sums(jobs: list[Posting]) -> Sums:
    """Return how many jobs there are, their vacancies, and how many state none."""
    left = [job.left for job in jobs]
    return Sums(len(jobs), sum(one or 0 for one in left), left.count(None))
