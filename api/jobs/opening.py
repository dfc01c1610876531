"""The jobs that the settings name, opened; what became of the rows of their file is logged."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from api.jobs.of_file import JobIndex, read_jobs
from api.jobs.of_store import StoredJobs
from api.settings import PREFIX
from geo_match.errors import FileError

if TYPE_CHECKING:
    from api.jobs.schemas import StoredJobsState
    from api.settings import Settings
    from geo_match.intake import Rejection

_LOG: Final = logging.getLogger(__name__)
_SHOWN_REJECTIONS: Final = 20


def open_jobs(settings: Settings) -> JobIndex | StoredJobs:
    """Read what the settings name, and log what became of it.

    Raises
    ------
    GeoMatchError
        If the store or the file cannot be read, or none of the file's rows can be used.
    """
    if settings.store is not None:
        stored = StoredJobs.open(settings.store)
        _log_store(stored.stored)
        return stored
    jobs = read_jobs(settings)
    _log_reading(jobs, settings)
    if not len(jobs):
        raise _nothing_to_serve(jobs, settings)
    return jobs


def _nothing_to_serve(jobs: JobIndex, settings: Settings) -> FileError:
    """Return what to raise where no row is served; a file without rows was refused before."""
    rule = "have a row that can be used"
    if not jobs.rejections:
        found = f"all {jobs.file.rows_withheld:,} withheld: no licence verified, or all filled"
        remedy = "Verify the employers' licences, and say so in the file."
        return FileError(settings.sites, rule, found, remedy)
    first = jobs.rejections[0]
    withheld = f", {jobs.file.rows_withheld:,} withheld" if jobs.file.rows_withheld else ""
    rejected = f"{jobs.file.rows_rejected:,} rejected"
    found = f"{rejected}{withheld}" if withheld else f"all {rejected}"
    reason = f"(row {first.row}, {first.field}: {first.rule})"
    return FileError(settings.sites, rule, f"{found} {reason}", first.remedy)


def _sentence(rejection: Rejection) -> str:
    value = repr(rejection.value) if rejection.value else "empty"
    return f"row {rejection.row}, {rejection.field} ({value}): {rejection.rule}. {rejection.remedy}"


def _log_store(state: StoredJobsState) -> None:
    """Say how many of a store's jobs are served; that there is none is a warning."""
    _LOG.log(
        logging.INFO if state.jobs_served else logging.WARNING,
        "%s: %s jobs, %s served, %s withheld (licence not verified, filled, or not open today), "
        "%s without a place.",
        state.store,
        f"{state.jobs:,}",
        f"{state.jobs_served:,}",
        f"{state.jobs_withheld:,}",
        f"{state.jobs_without_place:,}",
    )
    if state.invented:
        _LOG.info("%s: its jobs, employers and addresses are invented.", state.store)


def _log_reading(jobs: JobIndex, settings: Settings) -> None:
    """Say what became of the rows and columns of the file, and what it is suspected of.

    What a person should look at is a warning, which is shown even where nobody set logging up.
    """
    file = jobs.file
    withheld = f"{file.rows_withheld:,} withheld (licence not verified, or filled)"
    _LOG.log(
        logging.WARNING if jobs.rejections else logging.INFO,
        "%s: %s rows read, %s accepted%s, %s rejected.",
        file.file,
        f"{file.rows_read:,}",
        f"{file.rows_accepted:,}",
        f", {withheld}" if file.rows_withheld else "",
        f"{file.rows_rejected:,}",
    )
    if file.invented:
        _LOG.info("%s: its jobs, employers and addresses are invented.", file.file)
    for rejection in jobs.rejections[:_SHOWN_REJECTIONS]:
        _LOG.warning("  %s", _sentence(rejection))
    more = len(jobs.rejections) - _SHOWN_REJECTIONS
    if jobs.rejections and settings.rejected is not None:
        _LOG.warning("  %s faults listed in %s", f"{len(jobs.rejections):,}", settings.rejected)
    elif more > 0:
        _LOG.warning("  … and %s more; %sREJECTED=rejected.csv lists all", f"{more:,}", PREFIX)
    _LOG.log(
        logging.WARNING if jobs.columns.unused else logging.INFO, "%s: %s.", file.file, jobs.columns
    )
    for warning in jobs.warnings:
        _LOG.warning("%s: %s.", file.file, warning)
