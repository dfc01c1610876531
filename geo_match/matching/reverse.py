"""Seekers for jobs: `ReverseMatcher`, the mirror of `Matcher`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_match._validate import as_count
from geo_match.matching.answers.explain import Explanation, explain
from geo_match.matching.answers.shortfall import LADDER_M, ReverseShortfall, jobs_fall_short
from geo_match.matching.engine.side import Side
from geo_match.matching.given.frames import jobs_table, seekers_table
from geo_match.matching.matcher import AT_ONCE, Matching, single

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    import pyarrow as pa

    from geo_match.matching.options import MatchOptions


class ReverseMatcher(Matching):
    """Seekers made ready to be matched with jobs: the same pairs, ranked for the job.

    Parameters
    ----------
    seekers
        As `geo_match.matching.given.frames.seekers_table` takes them. Who is not registered on the
        day is no candidate, unless the options have `former_too`.
    options
        What is asked; None for `MatchOptions()`. The part `priority` counts here.

    Raises
    ------
    FrameError, DatumError, ArgumentError
        If the seekers are not as they must be.
    """

    _ranks_seekers = True

    def __init__(self, seekers: object, options: MatchOptions | None = None) -> None:
        super().__init__(seekers_table(seekers), options)

    def match(self, jobs: object, *, employers: object = None) -> pd.DataFrame:
        """Return each job's best seekers.

        Parameters
        ----------
        jobs, employers
            As `Matcher` takes them.

        Returns
        -------
        pandas.DataFrame
            As `Matcher.match` returns it, in the jobs' order, `job_id` first, and with
            `score_priority`.

        Raises
        ------
        FrameError, DatumError, ArgumentError
            If the jobs, or the employers, are not as they must be.
        """
        return self._frame(self._jobs(jobs, employers))

    def iter_match(
        self, jobs: object, *, employers: object = None, at_once: int = AT_ONCE
    ) -> Iterator[pa.Table]:
        """Yield the rows of `match` as Arrow tables, of so many jobs each.

        Parameters
        ----------
        jobs, employers
            As in `match`.
        at_once
            How many jobs' rows are in memory at a time.

        Raises
        ------
        FrameError, DatumError, ArgumentError
            As in `match`, before the first table is asked for.
        """
        return self._answers(self._jobs(jobs, employers), as_count(at_once, "at_once", least=1))

    def explain(self, job: object, seeker_id: str, *, employers: object = None) -> Explanation:
        """Say of one job and one seeker what each condition compared, and what the score is of.

        Parameters
        ----------
        job, employers
            One, as `match` takes them.
        seeker_id
            Of the seeker.

        Returns
        -------
        Explanation
            As `Matcher.explain` gives it of the same pair, but that the score is the one by which
            seekers are ranked: it has the part `priority`.

        Raises
        ------
        ArgumentError
            If there is not one job, or no such seeker.
        FrameError, DatumError
            If the job, or the employers, are not as they must be.

        Examples
        --------
        >>> import geo_match as gm
        >>> seeker = {"id": "S1", "lon": 117.37, "lat": 32.93, "shift": "day"}
        >>> matcher = gm.ReverseMatcher(seeker, gm.MatchOptions(conditions=["shift"]))
        >>> job = {"id": "J1", "lon": 117.38, "lat": 32.93, "shift": "night"}
        >>> matcher.explain(job, "S1").stands_in_way
        ('shift',)
        """
        asked = single(self._jobs(job, employers))
        return explain(self._engine, self._engine.side.one(seeker_id, "seeker_id"), asked)

    def shortfall(
        self,
        jobs: object,
        *,
        employers: object = None,
        ladder_m: Sequence[float] = LADDER_M,
    ) -> ReverseShortfall:
        """Tell what each job has, and what stands in the way.

        Parameters
        ----------
        jobs, employers
            As in `match`.
        ladder_m
            Radii around a job for which the eligible seekers are counted, metres, above 0 and up to
            200 km.

        Returns
        -------
        ReverseShortfall
            Near-misses, the first eligible seeker at any distance, and totals by condition; every
            job appears. `limit` does not count.

        Raises
        ------
        FrameError, DatumError, ArgumentError
            If an argument breaks its rule.

        Examples
        --------
        >>> import geo_match as gm
        >>> seekers = [
        ...     {"id": "S1", "lon": 117.37, "lat": 32.93, "shift": "day"},
        ...     {"id": "S2", "lon": 117.36, "lat": 32.93, "shift": "day"},
        ... ]
        >>> matcher = gm.ReverseMatcher(seekers, gm.MatchOptions(conditions=["shift"]))
        >>> told = matcher.shortfall({"id": "J1", "lon": 117.38, "lat": 32.93, "shift": "night"})
        >>> told.near_misses[["condition", "seekers", "nearest_seeker_id"]].to_dict("records")
        [{'condition': 'shift', 'seekers': 2, 'nearest_seeker_id': 'S1'}]
        """
        return jobs_fall_short(self._engine, self._jobs(jobs, employers), ladder_m)

    def _jobs(self, jobs: object, employers: object) -> Side:
        return Side(jobs_table(jobs, employers=employers), "job", self.options)
