"""What the resources that are no common ones are allowed: longer bodies, more time, at a price."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from starlette.types import Scope

_KIB: Final = 1_024
_HOUR_S: Final = 3_600.0
_IMPORT: Final = re.compile(r"/v1/[a-z_]+:import")
_ERASED: Final = re.compile(r"/v1/(?:seekers|households)/.+")


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a request is allowed.

    Parameters
    ----------
    most_bytes
        How long its body may be; what an import may have is a setting.
    more_s
        How much longer than another request it may take to be answered, seconds.
    cost
        As how many requests it counts; of jobs around a place `cost_of` has more to say.
    """

    most_bytes: int = 64 * _KIB
    more_s: float = 0.0
    cost: int = 1


COMMON: Final = Allowance()
"""What a request is allowed for which nothing else is said: its body is a key, or a record."""
IMPORT: Final = Allowance(most_bytes=0, more_s=_HOUR_S, cost=10)
"""What an import is allowed: its body is a file, which is checked row by row."""
ERASURE: Final = Allowance(more_s=_HOUR_S, cost=10)
"""What the erasure of a person is allowed, and, being told apart by a query alone, any removal of
one: a database that is a file is written anew, all of it."""
_OTHERS: Final = {
    ("POST", "/v1/matches:batch"): Allowance(most_bytes=2_048 * _KIB, cost=10),
    ("POST", "/v1/what-if"): Allowance(most_bytes=2_048 * _KIB, cost=10),
    ("GET", "/v1/match-changes"): Allowance(cost=10),
    ("GET", "/v1/snapshot"): Allowance(cost=10),
    ("GET", "/v1/changes"): Allowance(more_s=30.0),  # it waits so long for a change, if asked to
}

_JOBS: Final = "/v1/jobs"
_OF_INDEX: Final = frozenset(
    {"basis", "f", "lat", "limit", "lon", "min_cursor", "radius_m", "sort", "station"}
)
"""With these alone the index answers (`api.jobs.answering.is_of_index`); what has another parameter
than a filter, a community, facets or a page to go on after is refused."""
_OF_EACH: Final = 5
"""As how many requests one for jobs counts that has to look at each of them within the radius, to
filter, to count under its facets, to sort it or to measure how far it is: with 700 there that takes
three to five times as long as the nearest do."""
_OF_EACH_FAR: Final = 20
_FAR_M: Final = 5_000.0
"""Beyond this, which is the most that the programme draws, it may be each job of the city: with
20,000 it takes 15 to 25 times as long. The radius alone costs nothing: the nearest are found
first, and how many there are is known without a look at each."""


def is_import(scope: Scope) -> bool:
    """Return whether a request is an import, whose body is a file."""
    path: str = scope["path"]
    return (
        path.endswith(":import")
        and scope["method"] == "POST"
        and _IMPORT.fullmatch(path) is not None
    )


def allowance_of(scope: Scope) -> Allowance:
    """Return what a request is allowed."""
    found = _OTHERS.get((scope["method"], scope["path"]))
    if found is not None:
        return found
    if scope["method"] == "DELETE" and _ERASED.fullmatch(scope["path"]):
        return ERASURE
    return IMPORT if is_import(scope) else COMMON


def cost_of(scope: Scope) -> int:
    """Return as how many requests one counts."""
    if scope["path"] != _JOBS or scope["method"] != "GET":
        return allowance_of(scope).cost
    query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
    if (
        query.keys() <= _OF_INDEX
        and query.get("sort", "distance") == "distance"
        and query.get("basis", "geodesic") == "geodesic"
    ):
        return COMMON.cost
    with suppress(ValueError):  # what is no number is refused, and costs nothing
        if float(query.get("radius_m", "0")) > _FAR_M:
            return _OF_EACH_FAR
    return _OF_EACH
