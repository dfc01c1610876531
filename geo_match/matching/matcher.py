"""Jobs for seekers: `Matcher`, and what it has in common with its mirror, `ReverseMatcher`.

How it works, in five lines. Each condition turns the values of both sides into numbers, once. The
condition on kinds that fails most, mostly the occupation, says which rows a centre could be
matched with at all: these are in a `PointIndex` of their own. It gives those in the circle, exactly
and with their distances; each pair is judged, and stops at the first condition that fails. What is
left is scored, and a heap keeps the best. Only of these it is then said why.
"""

from __future__ import annotations

import copy
import dataclasses
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from geo_match._validate import as_count
from geo_match.errors import ArgumentError
from geo_match.matching.answers import counts, result
from geo_match.matching.answers.explain import Explanation, explain
from geo_match.matching.answers.one import Answer, answer_one
from geo_match.matching.answers.shortfall import LADDER_M, Shortfall, fall_short
from geo_match.matching.engine.engine import Engine
from geo_match.matching.engine.side import Side
from geo_match.matching.given.frames import jobs_table, seekers_table
from geo_match.matching.options import MatchOptions, as_options
from geo_match.matching.origins import Around
from geo_match.matching.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    import pyarrow as pa
    from numpy.typing import ArrayLike

AT_ONCE = 16_384
"""Rows asked for at a time where the answer is streamed."""
_OF_THE_SEEKERS: Final = (
    *("radius_m", "limit", "weights", "half_distance_m", "unknown_fails", "threads", "conditions"),
)
"""Options that are read when seekers ask, and not when jobs are made ready to be asked."""
_USUAL: Final = MatchOptions()


class Matching:
    """What both directions have in common."""

    _ranks_seekers = False

    def __init__(self, table: pa.Table, options: MatchOptions | None) -> None:
        self.options = as_options(options).dated()
        self._engine = Engine(Side(table, "seeker" if self._ranks_seekers else "job", self.options))

    def __len__(self) -> int:
        """Return how many rows may be chosen."""
        return len(self._engine.side)

    def __repr__(self) -> str:
        """Name it by its size and day."""
        what = "seekers" if self._ranks_seekers else "jobs"
        return f"{type(self).__name__}({len(self):,} {what} on {self.options.on})"

    @property
    def n_judged(self) -> int:
        """How many pairs were judged since it was made: a measure of the work."""
        return self._engine.n_judged

    def _answers(self, centres: Side, at_once: int) -> Iterator[pa.Table]:
        for start in range(0, len(centres), at_once):
            which = np.arange(start, min(start + at_once, len(centres)))
            chosen = self._engine.choose(centres, which=which)
            told = self._engine.tell(centres, chosen)
            yield result.answer(self._engine, centres, which, chosen, told)

    def _frame(self, centres: Side) -> pd.DataFrame:
        tables = list(self._answers(centres, max(len(centres), 1)))
        return result.to_pandas(result.joined(tables, result.Form.of(centres)))


class Matcher(Matching):
    """Jobs made ready to be matched with seekers.

    Parameters
    ----------
    jobs
        As `geo_match.matching.given.frames.jobs_table` takes them: a frame with `id`, a place, and
        the fields of a `Job`; `employer_licence` says whether the employer is verified.
    options
        What is asked; None for `MatchOptions()`. Its day is settled here.
    employers
        Their `id` and `licence`, where the jobs name them by `employer_id` alone.

    Raises
    ------
    FrameError, DatumError, ArgumentError
        If the jobs are not as they must be.

    Examples
    --------
    >>> import geo_match as gm
    >>> job = {"id": "J1", "lon": 117.38, "lat": 32.93, "employer_licence": "verified"}
    >>> matcher = gm.Matcher(job | {"occupation": "401", "job_type": "ordinary"})
    >>> seeker = {"id": "S1", "lon": 117.37, "lat": 32.93, "occupation": "4-01-02"}
    >>> matcher.match(seeker)[["job_id", "rank", "unknown"]].to_dict("records")
    [{'job_id': 'J1', 'rank': 1, 'unknown': 'vacancies,working_age,job_type,shift'}]
    """

    def __init__(
        self, jobs: object, options: MatchOptions | None = None, *, employers: object = None
    ) -> None:
        super().__init__(jobs_table(jobs, employers=employers), options)

    def match(self, seekers: object, *, around: Around | None = None) -> pd.DataFrame:
        """Return each seeker's best jobs.

        Parameters
        ----------
        seekers
            As `geo_match.matching.given.frames.seekers_table` takes them; one as a dict.
        around
            What the circles are drawn around; None for the seekers' own places. With it these
            count no more, and need not be there: distance, basis and certainty are the origin's,
            all else the seeker's, the radius too.

        Returns
        -------
        pandas.DataFrame
            A row a match, in the seekers' order and by rank: `seeker_id`, `job_id`, `rank` from 1,
            `distance_m`, `basis`, `certainty`, `score`, a column `score_…` for each part that adds
            up to it, `failed` (empty in a match) and `unknown` conditions by name, joined by
            commas. A seeker without a match has one row with a `reason`: `not_registered` on the
            day, unless the options have `former_too`; `no_location`, `none_in_circle` or
            `none_eligible`; all else in it is null. With the basis "walking" there are
            `straight_m`, the geodesic, and `seeker_snap_m` and `job_snap_m`, how far the two are
            from their streets, which is in `distance_m`; and the reasons `not_on_network`, no
            street leads to the seeker's place, and `none_on_foot`, there are jobs in the straight
            circle but none on foot. With `around` there is a column `origin_id`, which is what the
            seeker names; the reason is `no_origin` where that is nothing, or none of the origins,
            and `no_location` where the origin has no place.

        Raises
        ------
        FrameError, DatumError, ArgumentError
            If the seekers, or the origins, are not as they must be.
        """
        return self._frame(self._seekers(seekers, around))

    def prepare(self, seekers: object, *, around: Around | None = None) -> Prepared:
        """Make seekers ready to be asked for again and again.

        Parameters
        ----------
        seekers, around
            As in `match`.

        Returns
        -------
        Prepared
            To be given to this matcher in the stead of seekers.

        Raises
        ------
        FrameError, DatumError, ArgumentError
            As in `match`.
        """
        return Prepared(self._seekers(seekers, around))

    def asking(self, options: MatchOptions) -> Self:
        """Return a matcher of the same jobs that asks for something else.

        Where it differs in `radius_m`, `limit`, `weights`, `half_distance_m`, `unknown_fails` and
        `threads`, or leaves conditions out, both share their indexes, and it is there at once. For
        all else, such as another day, the jobs are made ready anew.

        Parameters
        ----------
        options
            What is asked. Where they name no day it is that of this matcher.

        Raises
        ------
        ArgumentError
            If they are no `MatchOptions`.

        Examples
        --------
        >>> import geo_match as gm
        >>> job = {"id": "J1", "lon": 117.38, "lat": 32.93, "employer_licence": "verified"}
        >>> matcher = gm.Matcher(job)
        >>> near = matcher.asking(gm.MatchOptions(radius_m=500))
        >>> seeker = {"id": "S1", "lon": 117.37, "lat": 32.93}
        >>> len(matcher.match_one(seeker).matches), near.match_one(seeker).reason
        (1, 'none_in_circle')
        """
        asked = as_options(options)
        if asked.on is None:
            asked = dataclasses.replace(asked, on=self.options.on)
        other = copy.copy(self)
        other.options = asked
        if _of_the_jobs(asked) != _of_the_jobs(self._engine.side.options) or not set(
            asked.judged
        ) <= set(self._engine.side.options.judged):
            other._engine = self._made_ready(asked)  # noqa: SLF001 - a copy of this one
        return other

    def match_one(
        self, seeker: object, *, among: Prepared | None = None, explained: bool = False
    ) -> Answer:
        """Return one seeker's best jobs as plain values, in a fraction of the time of a frame.

        Parameters
        ----------
        seeker
            One, as `match` takes them, such as a dict; with `among` the id of one of these.
        among
            Seekers that this matcher has prepared.
        explained
            Whether each match says what its conditions compared, as `explain` does.

        Returns
        -------
        Answer
            The matches, the best first, or the reason for there being none.

        Raises
        ------
        ArgumentError
            If there is not one seeker, or an id alone without `among`.
        FrameError, DatumError
            As in `match`.

        Examples
        --------
        >>> import geo_match as gm
        >>> job = {"id": "J1", "lon": 117.38, "lat": 32.93, "employer_licence": "verified"}
        >>> matcher = gm.Matcher(job, gm.MatchOptions(conditions=["employer"]))
        >>> answer = matcher.match_one({"id": "S1", "lon": 117.37, "lat": 32.93})
        >>> [(one.job_id, round(one.distance_m)) for one in answer.matches], answer.reason
        ([('J1', 935)], None)
        """
        if among is not None:
            side = self._of(among)
            row = among.row(str(seeker))
            return answer_one(self._engine, side, row, explained=explained)
        if isinstance(seeker, str):
            rule = "be one seeker with all that is known, such as a dict"
            remedy = "Give the seekers that it is one of: `among=matcher.prepare(seekers)`."
            raise ArgumentError("seeker", rule, "an id alone", remedy)
        return answer_one(self._engine, single(self._seekers(seeker)), 0, explained=explained)

    def match_around(self, origins: object, *, radius_m: ArrayLike | None = None) -> pd.DataFrame:
        """Return the best jobs around places, whoever may want them.

        Only what needs no seeker is asked: the distance, and of the conditions that the options
        name `open`, `vacancies` and `employer`. The score is made of closeness and freshness, whose
        weights are divided by the sum of the two.

        Parameters
        ----------
        origins
            Households, stations, points or areas, as `Around` takes them, with `id` or `code`;
            one as a dict; or an
            `Around`, which is made ready once.
        radius_m
            Metres, inclusive, a number or one for each origin; None for that of the options.

        Returns
        -------
        pandas.DataFrame
            As `match` returns it, with `origin_id` in place of `seeker_id`, and two parts of the
            score; on foot with `origin_snap_m`.

        Raises
        ------
        FrameError, DatumError, RadiusError, ArgumentError
            If the origins or the radius are not as they must be, or neither closeness nor freshness
            has a weight.
        """
        ready = origins if isinstance(origins, Around) else Around(origins)
        return self._frame(ready.alone(self.options, radius_m))

    def iter_match(
        self, seekers: object, *, around: Around | None = None, at_once: int = AT_ONCE
    ) -> Iterator[pa.Table]:
        """Yield the rows of `match` as Arrow tables, of so many seekers each.

        Parameters
        ----------
        seekers, around
            As in `match`.
        at_once
            How many seekers' rows are in memory at a time.

        Raises
        ------
        FrameError, DatumError, ArgumentError
            As in `match`, before the first table is asked for.
        """
        most = as_count(at_once, "at_once", least=1)
        return self._answers(self._seekers(seekers, around), most)

    def explain(self, seeker: object, job_id: str, *, around: Around | None = None) -> Explanation:
        """Say of one seeker and one job what each condition compared, and what the score is of.

        Parameters
        ----------
        seeker
            One, as `match` takes them.
        job_id
            Of the job.
        around
            As in `match`: distance, basis and certainty are then the origin's.

        Returns
        -------
        Explanation
            `str` of it is a text with a line a condition, and of a match one with its score.

        Raises
        ------
        ArgumentError
            If there is not one seeker, or no such job.
        FrameError, DatumError
            If the seeker, or the origins, are not as they must be.

        Examples
        --------
        >>> import geo_match as gm
        >>> job = {"id": "J1", "lon": 117.38, "lat": 32.93, "employer_licence": "unverified"}
        >>> matcher = gm.Matcher(job, gm.MatchOptions(conditions=["employer", "occupation"]))
        >>> print(matcher.explain({"id": "S1", "lon": 117.37, "lat": 32.93}, "J1"))
        S1 and J1: no match, 935 m of 3,000 m
        pass    distance 距离: a place / a place
        fail    employer 资质核验: unverified
        unknown occupation 职业: not stated / not stated
        """
        asked = single(self._seekers(seeker, around))
        return explain(self._engine, asked, self._engine.side.one(job_id, "job_id"))

    def shortfall(
        self,
        seekers: object,
        *,
        around: Around | None = None,
        ladder_m: Sequence[float] = LADDER_M,
    ) -> Shortfall:
        """Tell what each seeker has, and what stands in the way.

        Parameters
        ----------
        seekers, around
            As in `match`.
        ladder_m
            Radii for which the eligible jobs are counted, metres, above 0 and up to 200 km.

        Returns
        -------
        Shortfall
            Near-misses, the first eligible job at any distance, and totals by condition; every
            seeker appears. `limit` does not count.

        Raises
        ------
        FrameError, DatumError, ArgumentError
            If an argument breaks its rule.
        """
        return fall_short(self._engine, self._seekers(seekers, around), ladder_m)

    def count(self, seekers: object, *, around: Around | None = None) -> pd.DataFrame:
        """Return how many jobs and vacancies each seeker has, and what keeps who has none.

        Parameters
        ----------
        seekers, around
            As in `match`.

        Returns
        -------
        pandas.DataFrame
            A row a seeker, in their order: `seeker_id`, and `origin_id` with `around`; jobs
            `in_circle`, whatever they are (0 of who is not registered); `matches`, counted
            without limit, and the `vacancies` left at these (`filled` is 0 where it is not stated,
            and a job that does not state its vacancies counts for 1); `reason`, as in a frame of
            matches, null where there is one; `condition`, where the reason is `none_eligible`: the
            one that alone keeps the most jobs in the circle from the seeker, of several the first
            in their order, or "several" where each job fails more than one.

        Raises
        ------
        FrameError, DatumError, ArgumentError
            As in `match`.

        Examples
        --------
        >>> import geo_match as gm
        >>> job = {"id": "J1", "lon": 117.38, "lat": 32.93, "employer_licence": "verified"}
        >>> matcher = gm.Matcher(job | {"shift": "day", "vacancies": 5, "filled": 2})
        >>> two = [{"id": "S1", "shift": "day"}, {"id": "S2", "shift": "night"}]
        >>> told = matcher.count([one | {"lon": 117.37, "lat": 32.93} for one in two])
        >>> told[["seeker_id", "matches", "vacancies"]].to_numpy().tolist()
        [['S1', 1, 3], ['S2', 0, 0]]
        >>> told["condition"].tolist()
        [nan, 'shift']
        """
        return counts.count(self._engine, self._seekers(seekers, around))

    def _made_ready(self, options: MatchOptions) -> Engine:
        """Return the same jobs made ready for other options."""
        return Engine(Side(self._engine.side.table.combine_chunks(), "job", options))

    def _of(self, prepared: object) -> Side:
        """Return prepared seekers, if they are that, and asked the same as the jobs."""
        if not isinstance(prepared, Prepared):
            rule = "be seekers that this matcher has prepared"
            remedy = "Write `among=matcher.prepare(seekers)`."
            raise ArgumentError("among", rule, type(prepared).__name__, remedy)
        if prepared.side.options != self.options:
            rule = "be prepared with the options of this matcher"
            raise ArgumentError("seekers", rule, "others", "Prepare them by this matcher.")
        return prepared.side

    def _seekers(self, seekers: object, around: Around | None = None) -> Side:
        if isinstance(seekers, Prepared):
            if around is not None:
                rule = "be given where the seekers are prepared"
                raise ArgumentError("around", rule, "prepared seekers beside it")
            return self._of(seekers)
        if around is None:
            return Side(seekers_table(seekers), "seeker", self.options)
        remedy = "Write `Around(frame, by=column)`."
        if not isinstance(around, Around):
            raise ArgumentError("around", "be `Around` or None", type(around).__name__, remedy)
        return around.seekers(seekers, self.options)


def _of_the_jobs(options: MatchOptions) -> MatchOptions:
    """Return what of options the jobs are made ready for; of those alike they are so alike."""
    free = {name: getattr(_USUAL, name) for name in _OF_THE_SEEKERS}
    return dataclasses.replace(options, **free)


def single(asked: Side) -> Side:
    """Return a side, if it is of one row.

    Raises
    ------
    ArgumentError
        If it is not.
    """
    if len(asked) != 1:
        raise ArgumentError(asked.of, f"be one {asked.of}", f"{len(asked)} of them")
    return asked
