"""`python -m geo_match.matching`: compile the kernels of matching once, and keep them.

After it no first question waits for it: of the command, of a program, or of a server that calls
`compile_kernels` before it listens.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import shapely

from geo_match.index.__main__ import ask_all
from geo_match.matching import Around, Matcher, MatchOptions, ReverseMatcher
from geo_match.walking import Network

if TYPE_CHECKING:
    from collections.abc import Callable

_SEEKER: Final = {"id": "S1", "lon": 117.37, "lat": 32.93, "radius_m": 3000.0}
_JOB: Final = {"id": "J1", "lon": 117.38, "lat": 32.93, "employer_licence": "verified"}
_FAR: Final = {"id": "F1", "lon": 120.0, "lat": 32.93}
"""A seeker whose nearest job is beyond all that is asked for at first."""
_TOO_OLD: Final = _SEEKER | {"id": "O1", "birth_year": 1930, "sex": "male"}
"""A seeker whom something keeps from each job."""
_MANY_RADII: Final = 9
"""Of seekers in one pool: so many are measured by their own."""
_MANY_HOMES: Final = 80
"""Of seekers on foot: for so many the jobs search."""


def compile_kernels() -> None:
    """Ask of jobs and some seekers every question; the machine code is kept beside the package."""
    options = MatchOptions(on=dt.date(2025, 1, 1))
    matcher = Matcher(_JOB, options)
    seekers = [_SEEKER | {"id": f"S{i}", "radius_m": 2000.0 + i} for i in range(_MANY_RADII)]
    reverse = ReverseMatcher(seekers, options)
    questions: dict[str, Callable[[], object]] = {
        "jobs for a seeker": lambda: matcher.match(_SEEKER),
        "one seeker": lambda: matcher.match_one(_SEEKER),
        "jobs around a place": lambda: matcher.match_around({"id": "P", "lon": 117.38, "lat": 32}),
        "a pair explained": lambda: matcher.explain(_SEEKER, "J1"),
        "what stands in the way": lambda: matcher.shortfall(_SEEKER),
        "how much each has": lambda: matcher.count([_SEEKER, _TOO_OLD]),
        "and where all is far": lambda: matcher.shortfall(_FAR),
        "seekers for a job": lambda: reverse.match(_JOB),
        "what stands in a job's way": lambda: reverse.shortfall(_JOB),
        "and where all are far": lambda: reverse.shortfall(_JOB | {"lon": 120.0}),
        "around areas": partial(_ask_areas, matcher),
        "on foot": _ask_on_foot,
    }
    ask_all(questions)


def _ask_areas(matcher: Matcher) -> None:
    """Ask from the edge of an area; of a job in reach of it, and of one beyond."""
    areas = [shapely.box(lon, 32.92, lon + 0.01, 32.94) for lon in (117.36, 120.0)]
    origins = gpd.GeoDataFrame({"id": ["A", "B"]}, geometry=areas, crs="EPSG:4326")
    matcher.match_around(origins)
    people = [_SEEKER | {"at": "A"}, _FAR | {"at": "B"}]
    around = Around(origins, by="at")
    matcher.shortfall(people, around=around)
    matcher.explain(people[0], "J1", around=around)


def _ask_on_foot() -> None:
    """Ask along two streets, one of which nothing leads to; also of more seekers than jobs."""
    here = [(117.36, 32.93), (117.37, 32.935), (117.39, 32.93)]
    yard = [(117.37, 32.95), (117.38, 32.95)]
    streets = [shapely.LineString(one) for one in (here, yard)]
    water = [shapely.LineString([(117.36, 32.945), (117.39, 32.945)])]
    lines, river = (gpd.GeoDataFrame(geometry=one, crs="EPSG:4326") for one in (streets, water))
    network = Network.from_lines(lines, river)
    options = MatchOptions(on=dt.date(2025, 1, 1), basis="walking", network=network)
    matcher = Matcher([_JOB, _JOB | {"id": "Y1", "lat": 32.95}], options)
    matcher.match(_SEEKER)
    matcher.explain(_SEEKER, "J1")
    seekers = [_SEEKER | {"id": f"S{i}", "lon": 117.37 + i * 1e-6} for i in range(_MANY_HOMES)]
    for some in (seekers, _SEEKER, _FAR):
        matcher.count(some)
        matcher.shortfall(some)
    matcher.match(seekers)
    reverse = ReverseMatcher(seekers, options)
    reverse.match(_JOB)
    reverse.shortfall(_JOB)


if __name__ == "__main__":
    compile_kernels()
