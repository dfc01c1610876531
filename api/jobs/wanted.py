"""The filters of a request: which jobs are wanted, by the rules that matching has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.errors import ArgumentError
from geo_match.matching.criteria.conditions import EDUCATION_LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from api.jobs.postings import Posting
    from api.jobs.query import JobsQuery

    Filter = Callable[[Posting], bool]

_OF_RECORDS: Final = ("occupation", "job_type", "wage_floor_cny", "education", "employer_id")
"""What a file has no columns for."""


def filters_of(query: JobsQuery) -> Mapping[str, Filter]:
    """Return the filters of a request by the names of their parameters."""
    found: dict[str, Filter] = {}
    if (group := query.occupation) is not None:
        found["occupation"] = lambda job: (job.occupation or "").startswith(group)
    if (kind := query.job_type) is not None:
        found["job_type"] = lambda job: job.job_type == kind
    if (floor := query.wage_floor_cny) is not None:
        found["wage_floor_cny"] = lambda job: job.pay.may_reach(floor)
    if (education := query.education) is not None:
        level = EDUCATION_LEVELS[education]
        found["education"] = lambda job: (
            job.education_min is None or EDUCATION_LEVELS[job.education_min] <= level
        )
    if (employer := query.employer_id) is not None:
        found["employer_id"] = lambda job: job.employer_id == employer
    if (site := query.site_id) is not None:
        found["site_id"] = lambda job: job.at_site == site
    return found


def kept(jobs: list[Posting], filters: Mapping[str, Filter], *, but: str = "") -> list[int]:
    """Return the positions of the jobs that pass all filters, one left aside."""
    left = list(range(len(jobs)))
    for name, passes in filters.items():
        if name != but:
            left = [at for at in left if passes(jobs[at])]
    return left


def check_known(query: JobsQuery) -> None:
    """Check that a request asks nothing that a file does not have.

    Raises
    ------
    ArgumentError
        If it does: an answer as if it had not would mislead.
    """
    remedy = "Its operator can serve a store: GEO_MATCH_STORE."
    for name in _OF_RECORDS:
        if getattr(query, name) is not None:
            rule = "not be asked of a file of sites, which does not say it"
            raise ArgumentError(name, rule, str(getattr(query, name)), remedy)
    if query.sort != "distance":
        rule = "be distance where a file of sites is served, which says neither wages nor days"
        raise ArgumentError("sort", rule, query.sort, remedy)
    if set(query.facet_names) - {"distance"}:
        rule = "be distance alone where a file of sites is served, which says no more"
        raise ArgumentError("facets", rule, query.facets or "", remedy)
