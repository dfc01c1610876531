"""What decides whether a store's job is served, and what is shown of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from api.jobs.vacancies import is_full, left_of

if TYPE_CHECKING:
    from collections.abc import Mapping

JOB_FIELDS: Final = (
    *("id", "title", "employer_id", "site_id", "site_name", "lon", "lat"),
    *("vacancies", "filled", "opened_on", "closed_on"),
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


@dataclass(frozen=True, slots=True)
class Posting:
    """A job as a store has it.

    Parameters
    ----------
    id, title, employer_id, site_id, site_name, opened_on, closed_on
        As in the record.
    place
        Its lon and lat, degrees, WGS-84; None where it has no place.
    left
        How many people are still sought; None where that is not stated.
    is_full
        Whether all who were sought are found.
    """

    id: str
    title: str
    employer_id: str | None
    site_id: str | None
    site_name: str | None
    place: tuple[float, float] | None
    left: int | None
    is_full: bool
    opened_on: dt.date | None
    closed_on: dt.date | None

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
            opened_on=_day(record["opened_on"]),
            closed_on=_day(record["closed_on"]),
        )

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
