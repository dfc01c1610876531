"""Jobs as an answer shows them: looked up by their ids, with their employers' names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.jobs.vacancies import left_of
from api.matches.schemas import MatchedJob, MatchedSite, Wage

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from geo_match.store import Store

_FIELDS: Final = (
    *("title", "employer_id", "site_id", "site_name", "lon", "lat"),
    *("vacancies", "filled", "wage_low_cny", "wage_high_cny", "wage_unit"),
)


class JobsShown:
    """Some jobs by their ids, as a store has them now.

    Parameters
    ----------
    store
        Where they are.
    ids
        Of the jobs; one that was removed since it was matched is shown by its id alone.

    Raises
    ------
    StoreError
        If the store cannot be read.
    """

    def __init__(self, store: Store, ids: Collection[str]) -> None:
        rows = store.find("jobs", ids, fields=_FIELDS).records.to_pylist() if ids else []
        owners = {row["employer_id"] for row in rows if row["employer_id"] is not None}
        found = store.find("employers", owners, fields=["name"]).records if owners else None
        names = {} if found is None else {one["id"]: one["name"] for one in found.to_pylist()}
        self._jobs = {row["id"]: _job(row, names) for row in rows}

    def __getitem__(self, name: str) -> MatchedJob:
        """Return a job of some id."""
        return self._jobs.get(name) or MatchedJob(
            id=name, title=None, employer=None, vacancies=None, wage=None, site=None
        )


def _job(row: Mapping[str, Any], employers: Mapping[str, str]) -> MatchedJob:
    low, high, unit = row["wage_low_cny"], row["wage_high_cny"], row["wage_unit"]
    has_pay = low is not None or high is not None
    return MatchedJob(
        id=row["id"],
        title=row["title"],
        employer=employers.get(row["employer_id"] or ""),
        vacancies=left_of(row["vacancies"], row["filled"]),
        wage=Wage(low_cny=low, high_cny=high, unit=unit) if has_pay else None,
        site=MatchedSite(
            id=row["site_id"] or row["id"],
            name=row["site_name"],
            lon=row["lon"],
            lat=row["lat"],
        ),
    )
