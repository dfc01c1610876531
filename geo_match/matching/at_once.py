"""Both sides at once, for who asks but one time: `match` and `match_jobs`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_match.matching.matcher import Matcher
from geo_match.matching.reverse import ReverseMatcher

if TYPE_CHECKING:
    import pandas as pd

    from geo_match.matching.options import MatchOptions
    from geo_match.matching.origins import Around


def match(
    seekers: object,
    jobs: object,
    options: MatchOptions | None = None,
    *,
    employers: object = None,
    around: Around | None = None,
) -> pd.DataFrame:
    """Return each seeker's best jobs: `Matcher(jobs, options).match(seekers, around=around)`.

    Degrees in `lon` and `lat` are WGS-84. A column `datum` is not read, here as in all of the
    library; only the command `match` and an import read it. Convert degrees of another datum first:
    `lon, lat = geo_match.to_wgs84(lon=…, lat=…, datum="gcj02")`.

    Parameters
    ----------
    seekers, around
        As `Matcher.match` takes them.
    jobs, options, employers
        As `Matcher` takes them.

    Returns
    -------
    pandas.DataFrame
        As `Matcher.match` returns it.

    Raises
    ------
    FrameError, DatumError, ArgumentError
        If the seekers, the jobs, the employers or the origins are not as they must be.
    """
    return Matcher(jobs, options, employers=employers).match(seekers, around=around)


def match_jobs(
    jobs: object, seekers: object, options: MatchOptions | None = None, *, employers: object = None
) -> pd.DataFrame:
    """Return each job's best seekers: `ReverseMatcher(seekers, options).match(jobs)`.

    Parameters
    ----------
    jobs, employers
        As `ReverseMatcher.match` takes them.
    seekers, options
        As `ReverseMatcher` takes them.

    Returns
    -------
    pandas.DataFrame
        As `ReverseMatcher.match` returns it.

    Raises
    ------
    FrameError, DatumError, ArgumentError
        If the jobs, the employers or the seekers are not as they must be.
    """
    return ReverseMatcher(seekers, options).match(jobs, employers=employers)
