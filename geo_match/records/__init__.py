"""Records of the programme: typed, checked, described in both languages."""

from __future__ import annotations

from geo_match.records.fields import About, FieldSpec, Kind
from geo_match.records.models import (
    RECORDS,
    Community,
    Employer,
    Household,
    Job,
    JobSite,
    Member,
    Placed,
    Record,
    Seeker,
    Service,
    Spell,
    Station,
)

__all__ = [
    "RECORDS",
    "About",
    "Community",
    "Employer",
    "FieldSpec",
    "Household",
    "Job",
    "JobSite",
    "Kind",
    "Member",
    "Placed",
    "Record",
    "Seeker",
    "Service",
    "Spell",
    "Station",
]
