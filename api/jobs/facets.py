"""What is counted beside: kinds of jobs, occupations, and rings of distance."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from api.jobs.reach import reach, settle
from api.jobs.schemas import Counted, Facets, Ring
from api.jobs.wanted import kept
from geo_match.records.types import JOB_TYPE_WORDS
from geo_match.taxonomy import Occupations

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from api.jobs.origins import Around
    from api.jobs.postings import Posting
    from api.jobs.query import JobsQuery
    from api.jobs.reach import Reached
    from api.jobs.shown import Shown
    from api.jobs.wanted import Filter

RING_ENDS_M: Final = (500.0, 1e3, 2e3, 3e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5)
"""Where rings end, metres, inclusive."""
_ALWAYS_TO_M: Final = 1e4
_OCCUPATIONS: Final = Occupations()


def facets_of(
    query: JobsQuery,
    shown: Shown,
    origin: Around,
    reached: Reached,
    filters: Mapping[str, Filter],
) -> Facets | None:
    """Return what a request asks to be counted beside; None if nothing."""
    asked = query.facet_names
    if not asked:
        return None

    def by(name: str, value: Callable[[Posting], str | None], called: Mapping[str, str]) -> object:
        if name not in asked:
            return None
        jobs = [reached.jobs[at] for at in kept(reached.jobs, filters, but=name)]
        return _counted(jobs, value, called)

    majors = {one.code: one.name for one in _OCCUPATIONS if len(one.code) == 1}
    types = {name: words.split()[0] for name, words in JOB_TYPE_WORDS.items()}
    return Facets.model_validate(
        {
            "job_type": by("job_type", lambda job: job.job_type, types),
            "occupation": by("occupation", lambda job: _major(job.occupation), majors),
            "distance": _rings(query, shown, origin, reached, filters)
            if "distance" in asked
            else None,
        }
    )


@lru_cache(maxsize=4_096)
def _major(occupation: str | None) -> str | None:
    """Return the major group of an occupation; None where its code has none."""
    return _OCCUPATIONS.longest_known(occupation or "")[:1] or None


def _counted(
    jobs: list[Posting], value: Callable[[Posting], str | None], called: Mapping[str, str]
) -> list[Counted]:
    """Return the jobs by value, those that state none last."""
    values = list(map(value, jobs))
    ads = Counter(values)
    vacancies: dict[str | None, int] = dict.fromkeys(ads, 0)
    for its, job in zip(values, jobs, strict=True):
        vacancies[its] += job.left or 0
    return [
        Counted(
            value=one,
            name=None if one is None else called.get(one),
            jobs=ads[one],
            vacancies=vacancies[one],
        )
        for one in sorted(ads, key=lambda one: (one is None, one or ""))
    ]


def _rings(
    query: JobsQuery,
    shown: Shown,
    origin: Around,
    reached: Reached,
    filters: Mapping[str, Filter],
) -> list[Ring]:
    """Return the jobs by rings, which ignore the radius, since that is the filter of distance.

    Walks go no farther than the radius: each is searched for.
    """
    is_walk = query.basis == "walking"
    most = query.radius_m if is_walk else max(query.radius_m, _ALWAYS_TO_M)
    ends = [end for end in RING_ENDS_M if end < most]
    ends.append(most if is_walk else next(end for end in RING_ENDS_M if end >= most))
    if is_walk:
        found, distance_m = reached, reached.distance_m
    else:
        found = reach(shown, origin, ends[-1], None)
        distance_m = settle(origin, found, ends)
    inside = kept(found.jobs, filters)
    place = _ring_of(distance_m[inside].tolist(), ends)
    ads, vacancies = [0] * len(ends), [0] * len(ends)
    for at, ring in zip(inside, place, strict=True):
        ads[ring] += 1
        vacancies[ring] += found.jobs[at].left or 0
    return [
        Ring(over_m=over, to_m=end, jobs=ads[ring], vacancies=vacancies[ring])
        for ring, (over, end) in enumerate(zip([None, *ends], ends, strict=False))
    ]


def _ring_of(distance_m: list[float], ends: list[float]) -> list[int]:
    """Return in which ring each distance lies: the first that ends at it or beyond."""
    # A distance that was settled may be micrometres above the outermost end, which admitted it.
    return [min(bisect_left(ends, one), len(ends) - 1) for one in distance_m]
