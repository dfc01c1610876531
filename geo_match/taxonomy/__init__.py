"""Occupations, industries and pay: the standards that records name, and how their codes compare.

`SOURCES.md` beside this module says where the shipped tables come from.
"""

from __future__ import annotations

from geo_match.taxonomy._table import Group
from geo_match.taxonomy.industries import (
    INDUSTRIES_VERSION,
    INDUSTRY_PATTERN,
    Industries,
    check_industry,
)
from geo_match.taxonomy.occupations import OCCUPATIONS_VERSION, Occupations, check_occupation
from geo_match.taxonomy.wages import (
    DAYS_PER_MONTH,
    FULL_WEEK_HOURS,
    HOURS_PER_MONTH,
    WAGE_SOURCE,
    are_months_known,
    is_month_known,
    wage_to_month,
    wages_to_month,
)

__all__ = [
    "DAYS_PER_MONTH",
    "FULL_WEEK_HOURS",
    "HOURS_PER_MONTH",
    "INDUSTRIES_VERSION",
    "INDUSTRY_PATTERN",
    "OCCUPATIONS_VERSION",
    "WAGE_SOURCE",
    "Group",
    "Industries",
    "Occupations",
    "are_months_known",
    "check_industry",
    "check_occupation",
    "is_month_known",
    "wage_to_month",
    "wages_to_month",
]
