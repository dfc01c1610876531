"""Visits to entities (走访): demand, licences, next visits; and what service points can do."""

from geo_match.policy.visits.capacity import Capacity, station_capacity
from geo_match.policy.visits.entities import PURPOSES, STATES, Visited, judge_visits
from geo_match.policy.visits.licence import LICENCES

__all__ = [
    "LICENCES",
    "PURPOSES",
    "STATES",
    "Capacity",
    "Visited",
    "judge_visits",
    "station_capacity",
]
