"""One seeker and one job as rows of the tables that are matched, whatever is given of them."""

from __future__ import annotations

from typing import get_args

from geo_match.matching.given.frames import jobs_table, seekers_table

PLACE = {"lon": 117.38, "lat": 32.93}


def words(model, name):
    """Return the literal words that a field's type allows, however deep they stand in it."""
    found, left = [], [model.model_fields[name].annotation]
    while left:
        one = left.pop(0)
        parts = get_args(one)
        if parts and all(isinstance(part, str) for part in parts):
            found.extend(parts)
        else:
            left.extend(part for part in parts if get_args(part))
    return found


def one_seeker(**values):
    return seekers_table({"id": "S1", **PLACE, **values}).to_pylist()[0]


def one_job(**values):
    return jobs_table({"id": "J1", **PLACE, **values}).to_pylist()[0]
