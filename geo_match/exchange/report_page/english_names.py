"""Short English names of columns, where the column's own name read as words will not do.

The data dictionary has no names in English: its headers show the column's own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES: Final[Mapping[str, str]] = {
    "area_km2": "Area, km²",
    "availability_median": "Median a head",
    "available": "Vacancies that fall to them",
    "below": "Below the standard",
    "distance_median_m": "Median metres to enough",
    "eligible_median": "Median that fits",
    "entities_per_km2": "Entities per km²",
    "home_m": "Metres around a home",
    "in_reach_mean": "Mean in reach",
    "in_reach_median": "Median in reach",
    "lost_on_foot": "Straight only, not on foot",
    "lost_on_foot_detour": "A long detour",
    "lost_on_foot_disconnected": "No street leads there",
    "lost_on_foot_river": "A river between",
    "lost_on_foot_snap_failed": "No street near",
    "nearest_m": "Metres to the nearest",
    "occupation": "Occupation code",
    "occupation_name": "Occupation",
    "people_coarse": "Location too coarse",
    "people_in_several_areas": "In several areas",
    "people_near_station_share": "Share near a station",
    "people_not_on_network": "No street near, people",
    "people_outside": "Outside all communities",
    "radius_m": "Radius, m",
    "reached_straight": "Reached, straight",
    "reason_coarse_location": "Location too coarse",
    "reason_no_location": "No location",
    "reason_none_eligible": "Nothing within the radius that fits",
    "reason_none_in_circle": "Nothing within the radius",
    "reason_none_on_foot": "Nothing within the radius on foot",
    "reason_over_subscribed": "Too many compete for it",
    "reason_too_few": "Some, but too few",
    "seekers_difficulty": "Seekers in difficulty",
    "seekers_graduate": "Graduates",
    "seekers_groups_not_stated": "Groups not stated",
    "seekers_migrant_worker": "Migrant workers",
    "seekers_reached_share": "Share of seekers reached",
    "seekers_registered_unemployed": "Registered unemployed",
    "seekers_retired_fisherman": "Retired fishermen",
    "seekers_veteran": "Veterans",
    "supply_not_on_network": "No street near, jobs or stations",
    "tolerance_m": "Tolerance, m",
    "vacancies_in_reach_median": "Median vacancies in reach",
    "without_area": "Without an area",
    "working_age": "Of working age",
    "working_age_rule": "Rule of working age",
    "working_age_unknown": "Age unknown",
}
_SHORT: Final = re.compile(r"short_(?P<rank>\d+)(?P<what>_name|_shortfall)?")
_OF_SHORT: Final[Mapping[str | None, str]] = {
    None: "Most short {rank}, code",
    "_name": "Most short {rank}",
    "_shortfall": "Shortfall {rank}",
}


def english_name(column: str) -> str:
    """Return what a column is called in English.

    Examples
    --------
    >>> english_name("short_1_name"), english_name("vacancies_in_reach")
    ('Most short 1', 'Vacancies in reach')
    """
    found = _SHORT.fullmatch(column)
    if found is not None:
        return _OF_SHORT[found["what"]].format(rank=found["rank"])
    return _NAMES.get(column, column.replace("_", " ").capitalize())
