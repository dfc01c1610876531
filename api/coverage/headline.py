"""The numbers at the top of the page, from what was published and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.coverage.gaps import below_first
from api.coverage.menu import FIRST_M
from api.coverage.rows import published_row
from api.coverage.schemas import HeadlineAnswer, HeadlineTotal
from api.coverage.totals import UNEMPLOYED, WITHOUT_JOB, ZERO_EMPLOYMENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.coverage.release import Release

_KEPT_BACK: Final = "Fewer than {least}, or kept back so that fewer cannot be told."
_NOT_OF_IT: Final = "It is no part of what was published of this month-end."


def headline_of(release: Release) -> HeadlineAnswer:
    """Return the headline of a release.

    Parameters
    ----------
    release
        Of one month-end.
    """
    everybody = published_row(release.everybody, FIRST_M)
    communities = [published_row(one, FIRST_M) for one in release.rows["community"]]
    below, kept_back = below_first(communities)
    located, people = everybody.located, everybody.people
    return HeadlineAnswer(
        data_date=release.on,
        invented=release.invented,
        registered_unemployed_without_job=_total(
            release, next(iter(release.rows.get(UNEMPLOYED, ())), {}), WITHOUT_JOB
        ),
        zero_employment_households=_total(release, release.everybody, ZERO_EMPLOYMENT),
        located_share=round(min(1.0, located / people), 4) if located and people else None,
        communities_below_standard=len(below),
        communities_kept_back=kept_back,
        communities=sum(row.kind != "outside" for row in communities),
    )


def _total(release: Release, record: Mapping[str, Any], name: str) -> HeadlineTotal:
    """Return a total of a release, or why there is none."""
    if name not in record:
        return HeadlineTotal(value=None, suppressed=False, reason=_NOT_OF_IT)
    value = record[name]
    if value is None:
        reason = _KEPT_BACK.format(least=release.min_count)
        return HeadlineTotal(value=None, suppressed=True, reason=reason)
    return HeadlineTotal(value=value, suppressed=False, reason=None)
