"""The numbers at the top of the page, from what was published and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.coverage.menu import FIRST_M
from api.coverage.rows import published_row
from api.coverage.schemas import HeadlineAnswer, HeadlineTotal, Row
from api.coverage.totals import UNEMPLOYED, WITHOUT_JOB, ZERO_EMPLOYMENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.coverage.release import Release

_KEPT_BACK: Final = "Fewer than {least}, or kept back so that fewer cannot be told."
_NO_SEEKERS: Final = "There was no list of seekers when it was published."
_NOT_OF_IT: Final = "It is no part of what was published of this month-end."


def headline_of(release: Release) -> HeadlineAnswer:
    """Return the headline of a release.

    Parameters
    ----------
    release
        Of one month-end.
    """
    everybody = published_row(release.everybody, FIRST_M)
    rows = [published_row(one, FIRST_M) for one in release.rows["community"]]
    verdicts = [is_below(row, release.most_error) for row in rows if row.kind != "outside"]
    located, people = everybody.located, everybody.people
    return HeadlineAnswer(
        data_date=release.on,
        invented=release.invented,
        registered_unemployed_without_job=_unemployed(release),
        zero_employment_households=_total(release, release.everybody, ZERO_EMPLOYMENT),
        located_share=round(min(1.0, located / people), 4) if located and people else None,
        communities_below_standard=verdicts.count(True),
        communities_kept_back=verdicts.count(None),
        communities=len(verdicts),
    )


def is_below(row: Row, most_error: int) -> bool | None:
    """Return whether somebody of an area is below the standard, whatever the figures' error.

    The page has the same rule. Where `below` is kept back, whoever is located and not reached tells
    of it: they are below, too, and their figure is the difference of two, each with its error.

    Parameters
    ----------
    row
        What was published of the area.
    most_error
        How far a figure may be from its count.

    Returns
    -------
    bool or None
        None where that is open: the figures are kept back, or within their error.
    """
    error = most_error
    without = row.below
    if without is None and row.located is not None and row.reached is not None:
        error, without = 2 * most_error, row.located - row.reached
    if without is None:
        return None
    if without > error:
        return True
    return None if error else False


def _unemployed(release: Release) -> HeadlineTotal:
    """Return how many registered unemployed have no job, or that there is no list of any."""
    if release.has_seekers is False:
        return HeadlineTotal(value=None, suppressed=False, missing="no_list", reason=_NO_SEEKERS)
    record = next(iter(release.rows.get(UNEMPLOYED, ())), {})
    return _total(release, record, WITHOUT_JOB)


def _total(release: Release, record: Mapping[str, Any], name: str) -> HeadlineTotal:
    """Return a total of a release, or why there is none."""
    if name not in record:
        return HeadlineTotal(
            value=None, suppressed=False, missing="not_published", reason=_NOT_OF_IT
        )
    value = record[name]
    if value is None:
        reason = _KEPT_BACK.format(least=release.min_count)
        return HeadlineTotal(value=None, suppressed=True, missing="kept_back", reason=reason)
    return HeadlineTotal(value=value, suppressed=False, missing=None, reason=None)
