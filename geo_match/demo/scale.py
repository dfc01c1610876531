"""How much of the city is drawn: all of it, the small city that is shipped, or a factor."""

from __future__ import annotations

from typing import Final, NamedTuple

from geo_match.demo.facts import URBAN_DISTRICTS
from geo_match.demo.people.households import count_parts
from geo_match.errors import ArgumentError


class Scale(NamedTuple):
    """How much of the city is drawn.

    Parameters
    ----------
    name
        What it was asked by.
    households
        Share of the households of each community, and with them of members and seekers.
    jobs
        Share of the postings.
    districts
        Codes of the districts that it keeps; None for all seven.
    office
        The district whose office sends its lists; None for all of them.
    """

    name: str
    households: float
    jobs: float
    districts: tuple[str, ...] | None = None
    office: str | None = None


SMALL: Final = Scale("small", 0.05, 0.2, URBAN_DISTRICTS, "340302")
CITY: Final = Scale("city", 1.0, 1.0)


def parse_scale(text: str) -> Scale:
    """Return the scale that a text names: `small`, `city`, or a factor of the city's size.

    Raises
    ------
    ArgumentError
        If it is neither, or no whole number of hundredths from 0.01 to 10.

    Examples
    --------
    >>> from geo_match.demo.scale import parse_scale
    >>> parse_scale("2.4")
    Scale(name='2.4', households=2.4, jobs=2.4, districts=None, office=None)
    """
    for scale in (SMALL, CITY):
        if text == scale.name:
            return scale
    try:
        factor = float(text)
        count_parts(factor)
    except (ArgumentError, ValueError):
        raise ArgumentError(
            "scale",
            "be small, city, or a factor in whole hundredths from 0.01 to 10",
            repr(text),
            "small is what data/ ships, city is 1.24 million households, 0.1 a tenth of that.",
        ) from None
    return Scale(f"{factor:g}", factor, factor)
