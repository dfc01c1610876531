"""The records of the programme: what is kept of households, people, work and services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.records.people import Household, Member, Seeker, Service, Spell
from geo_match.records.places import Community, Station
from geo_match.records.record import Placed, Record
from geo_match.records.work import Employer, Job, JobSite

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "RECORDS",
    "Community",
    "Employer",
    "Household",
    "Job",
    "JobSite",
    "Member",
    "Placed",
    "Record",
    "Seeker",
    "Service",
    "Spell",
    "Station",
]

RECORDS: Final[Mapping[str, type[Record]]] = {
    "households": Household,
    "seekers": Seeker,
    "employers": Employer,
    "sites": JobSite,
    "jobs": Job,
    "stations": Station,
    "communities": Community,
    "spells": Spell,
    "services": Service,
}
"""The kinds of records by the names that the command takes."""
