"""Rules of the programme that change with the date, each with its source; unknown is never pass."""

from __future__ import annotations

from geo_match.rules.dated import Dated, Entry, NotInForceError
from geo_match.rules.outcome import FAIL, OUTCOMES, PASS, UNKNOWN
from geo_match.rules.traineeship import TRAINEESHIP, Traineeship, traineeship
from geo_match.rules.working_age import (
    WORKING_AGE,
    Retirement,
    WorkingAge,
    age_span,
    possible_ages,
    working_age,
)

__all__ = [
    "FAIL",
    "OUTCOMES",
    "PASS",
    "TRAINEESHIP",
    "UNKNOWN",
    "WORKING_AGE",
    "Dated",
    "Entry",
    "NotInForceError",
    "Retirement",
    "Traineeship",
    "WorkingAge",
    "age_span",
    "possible_ages",
    "traineeship",
    "working_age",
]
