"""The one answer to which jobs are around a place, whoever has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from api.jobs.facets import facets_of
from api.jobs.origins import origin_of
from api.jobs.pages import next_link, page_of
from api.jobs.reach import Reached, reach, reach_nearest
from api.jobs.schemas import Hit, Job, Jobs, Site
from api.jobs.streets import no_streets
from api.jobs.wanted import check_known, filters_of, kept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.jobs.origins import Around
    from api.jobs.postings import Posting
    from api.jobs.query import JobsQuery
    from api.jobs.schemas import OnFoot
    from api.jobs.shown import Shown
    from api.jobs.streets import Streets

PATH: Final = "/v1/jobs"


def answer(query: JobsQuery, shown: Shown, streets: Streets | None = None) -> Jobs:
    """Return the jobs that a request asks for: all counted, a page of them listed.

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
    if _is_nearest(query, origin) and not filters:
        total, vacancies, unstated = shown.sums(**origin.centre._asdict(), radius_m=query.radius_m)
        reached = _nearest(query, shown, origin, total)
        inside: Iterable[int] = range(len(reached.jobs))
    else:
        walked = streets if query.basis == "walking" else None
        reached = reach(shown, origin, query.radius_m, walked)
        inside = kept(reached.jobs, filters)
        total, vacancies, unstated = _sums([reached.jobs[at] for at in inside])
    page = page_of(query, reached, inside, total)
    return Jobs(
        query=query,
        origin=origin.told,
        total=total,
        vacancies_total=vacancies,
        vacancies_unstated=unstated,
        invented=shown.invented,
        cursor=shown.cursor,
        on_foot=reached.place,
        facets=facets_of(query, shown, origin, reached, filters),
        next=None if page.last is None else next_link(query, PATH, page.last),
        jobs=[_hit(shown, origin, reached, at) for at in page.at],
    )


def _is_nearest(query: JobsQuery, origin: Around) -> bool:
    """Return whether the index alone answers: the nearest of all around a point."""
    return (
        origin.area is None
        and query.basis == "geodesic"
        and query.sort == "distance"
        and query.after is None
        and not query.facet_names
    )


def _nearest(query: JobsQuery, shown: Shown, origin: Around, total: int) -> Reached:
    if not total or not query.limit:
        return Reached([], np.empty(0))
    return reach_nearest(shown, origin, query.radius_m, query.limit)


def _sums(jobs: list[Posting]) -> tuple[int, int, int]:
    """Return how many jobs there are, their vacancies, and how many state none."""
    left = [job.left for job in jobs]
    return len(jobs), sum(one or 0 for one in left), left.count(None)


def _hit(shown: Shown, origin: Around, reached: Reached, at: int) -> Hit:
    job = reached.jobs[at]
    lon, lat = job.where
    on_foot: OnFoot | None = None if reached.on_foot is None else reached.on_foot[at]
    return Hit(
        job=Job(
            id=job.id,
            title=job.title,
            vacancies=job.left,
            employer=shown.employer_of(job),
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
        distance_m=float(reached.distance_m[at]),
        basis=origin.told.basis,
        on_foot=on_foot,
    )
