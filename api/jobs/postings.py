"""What decides whether a job is served, and what is asked and shown of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from api.jobs.vacancies import is_full, left_of
from geo_match.taxonomy import is_month_known, wage_to_month

if TYPE_CHECKING:
    from collections.abc import Mapping

JOB_FIELDS: Final = (
    *("id", "title", "employer_id", "site_id", "site_name", "address", "lon", "lat"),
    *("vacancies", "filled", "opened_on", "closed_on", "occupation", "job_type"),
    *("education_min", "wage_low_cny", "wage_high_cny", "wage_unit", "hours_per_week"),
)
EMPLOYER_FIELDS: Final = ("id", "name", "licence")
_VERIFIED: Final = "verified"


@dataclass(frozen=True, slots=True)
class Employer:
    """Who offers jobs.

    Parameters
    ----------
    name
        Of the employer.
    is_verified
        Whether its licence is; nobody's jobs are served before.
    """

    name: str
    is_verified: bool

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """Return the employer of a record."""
        return cls(record["name"], record["licence"] == _VERIFIED)


class Pay(NamedTuple):
    """What a job pays, as it is stated, CNY a `unit`; None for what is not.

    Parameters
    ----------
    low, high, unit
        The least, the most, and what they are for.
    hours
        Its hours a week.
    kind
        The kind of job.
    """

    low: float | None = None
    high: float | None = None
    unit: str | None = None
    hours: float | None = None
    kind: str | None = None

    def least_a_month(self) -> float | None:
        """Return the least that is stated for a month, CNY; None where that is not known."""
        stated = self.high if self.low is None else self.low
        if stated is None or self.unit is None:
            return None
        if not is_month_known(self.unit, self.hours, self.kind):
            return None
        return wage_to_month(stated, self.unit, self.hours)

    def may_reach(self, floor: float) -> bool:
        """Return whether it may pay a floor for a month, as matching judges it.

        What states its least pay alone is open upwards; what states none does not count.
        """
        if self.unit is None:
            return False
        if self.high is None:
            return self.low is not None
        return wage_to_month(self.high, self.unit, self.hours) >= floor


_UNSTATED: Final = Pay()


@dataclass(frozen=True, slots=True)
class Posting:
    """A job as a store or a file has it; what a file leaves out is None.

    Parameters
    ----------
    id, title, employer_id, site_id, site_name, address, opened_on, closed_on
        As in the record.
    place
        Its lon and lat, degrees, WGS-84; None where it has no place.
    left
        How many people are still sought; None where that is not stated.
    is_full
        Whether all who were sought are found.
    occupation, job_type, education_min, pay
        As in the record.
    """

    id: str
    title: str | None
    employer_id: str | None
    site_id: str | None
    site_name: str | None
    place: tuple[float, float] | None
    left: int | None
    is_full: bool = False
    address: str | None = None
    opened_on: dt.date | None = None
    closed_on: dt.date | None = None
    occupation: str | None = None
    job_type: str | None = None
    education_min: str | None = None
    pay: Pay = _UNSTATED

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """Return the job of a record; its days may be ISO texts, as the feed has them."""
        lon, lat = record["lon"], record["lat"]
        return cls(
            id=record["id"],
            title=record["title"],
            employer_id=record["employer_id"],
            site_id=record["site_id"],
            site_name=record["site_name"],
            place=None if lon is None or lat is None else (lon, lat),
            left=left_of(record["vacancies"], record["filled"]),
            is_full=is_full(record["vacancies"], record["filled"]),
            address=record["address"],
            opened_on=_day(record["opened_on"]),
            closed_on=_day(record["closed_on"]),
            occupation=record["occupation"],
            job_type=record["job_type"],
            education_min=record["education_min"],
            pay=Pay(
                record["wage_low_cny"],
                record["wage_high_cny"],
                record["wage_unit"],
                record["hours_per_week"],
                record["job_type"],
            ),
        )

    @property
    def where(self) -> tuple[float, float]:
        """Lon and lat of a job that is served: it has a place, or it would not be."""
        return self.place or (0.0, 0.0)

    @property
    def at_site(self) -> str:
        """The id of its site, or its own where it names none."""
        return self.site_id or self.id

    def weights(self) -> tuple[int, int, int]:
        """Return what is added up of it: itself, its vacancies, whether it states none."""
        return (1, self.left or 0, int(self.left is None))

    def is_open(self, day: dt.date) -> bool:
        """Return whether it is open on a day; on that of its closing it is not."""
        return (self.opened_on is None or self.opened_on <= day) and (
            self.closed_on is None or day < self.closed_on
        )

    def place_served(self, employer: Employer | None, day: dt.date) -> tuple[float, float] | None:
        """Return its place if it is served on a day: None if it is withheld, or has none."""
        reaches_people = employer is not None and employer.is_verified
        return self.place if reaches_people and self.is_open(day) and not self.is_full else None


def _day(value: dt.date | str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value
