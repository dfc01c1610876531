"""A prepared matcher over jobs that change: `LiveMatcher`.

It reads the jobs of a store once, then the feed from there, when it is asked or in a thread. What
changed since stands beside a base that is in indexes; when it has grown, a new base is made of
both. Each answer is of one place in the feed, and is that of a `Matcher` which is made of the
store's jobs there.
"""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple, Self

import numpy as np

from geo_match._validate import as_count
from geo_match.matching.answers.found import checked_ladder
from geo_match.matching.answers.shortfall import LADDER_M, say
from geo_match.matching.engine.engine import Engine
from geo_match.matching.engine.side import Side
from geo_match.matching.live._engine import JoinedEngine, find_in_both
from geo_match.matching.live._job_table import KINDS, JobTable
from geo_match.matching.matcher import Matcher
from geo_match.matching.options import as_options
from geo_match.store import Cursor, StoreError
from geo_match.store.replica.follower import EVERY_S, Follower

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    import pyarrow as pa
    from numpy.typing import ArrayLike

    from geo_match.matching.answers.explain import Explanation
    from geo_match.matching.answers.one import Answer
    from geo_match.matching.answers.shortfall import Shortfall
    from geo_match.matching.options import MatchOptions
    from geo_match.matching.origins import Around
    from geo_match.matching.prepared import Prepared
    from geo_match.store import Store

_LEAST_BEFORE_REBUILD: Final = 256
_PER_ROOT: Final = 4
_AT_ONCE: Final = 5_000


class _Base(NamedTuple):
    """Jobs in indexes, and their ids in their order."""

    engine: Engine
    ids: list[str]

    @classmethod
    def of(cls, jobs: JobTable, options: MatchOptions) -> _Base:
        """Make the base of some jobs."""
        return cls(
            Engine(Side(jobs.table, "job", options)), sorted(jobs.table.column("id").to_pylist())
        )


class MatcherAt(Matcher):
    """A matcher with the jobs of one place in the feed; it never changes.

    Parameters
    ----------
    engine
        The jobs.
    cursor
        The place.
    """

    _engine: JoinedEngine

    def __init__(self, engine: JoinedEngine, cursor: Cursor) -> None:
        self.options = engine.side.options
        self._engine = engine
        self.cursor = cursor

    def shortfall(
        self,
        seekers: object,
        *,
        around: Around | None = None,
        ladder_m: Sequence[float] = LADDER_M,
    ) -> Shortfall:
        """Tell what each seeker has, and what stands in the way, as `Matcher.shortfall`."""
        asked = self._seekers(seekers, around)
        found = find_in_both(self._engine, asked, checked_ladder(ladder_m))
        return say(self._engine, asked, found)

    def has_jobs_of(self, other: MatcherAt) -> bool:
        """Return whether both have the very same jobs: none changed between their places."""
        return self._engine is other._engine

    def at_place(self, cursor: Cursor) -> Self:
        """Return the same at another place in the feed, at which its jobs are the same."""
        other = copy.copy(self)
        other.cursor = cursor
        return other

    def _made_ready(self, options: MatchOptions) -> JoinedEngine:
        """Return the same jobs made ready for other options: all of them in the base."""
        table = self._engine.side.table.combine_chunks()
        base = Engine(Side(table, "job", options))
        ids = sorted(table.column("id").to_pylist())
        nothing = Side(table.slice(0, 0), "job", options)
        return JoinedEngine(base, ids, np.ones(len(table), dtype=np.bool_), nothing)


class LiveMatcher(Follower[MatcherAt]):
    """The jobs of a store made ready to be matched with seekers, and kept in step.

    How it waits, fails and ends is that of a `Follower`. Whoever asks is answered at once with what
    is shown, also while a new base is made; closed, it answers on.

    Parameters
    ----------
    store
        Stays open while the matcher is used.
    options
        What is asked; None for `MatchOptions()`. Where they name no day it is today in China, and
        turns with the next look at the feed.
    follow
        Whether a thread of its own follows the feed until `close`; else only `catch_up` and
        `wait_for` do.
    every_s, rests_after_s
        How often that thread looks, and after how long without a question seldom, seconds, as
        `Follower` takes them.
    rebuild_after
        How many jobs that differ from the base make a new one due; None lets it grow with the root
        of the number of jobs.

    Raises
    ------
    StoreError
        If the store cannot be read.
    ArgumentError
        If `rebuild_after` is no count of at least 1, or `every_s` no finite number above 0.

    Notes
    -----
    Every question raises `ReplicaError` if the thread failed and nobody was told, or has ended:
    once in the one case, each time in the other. `cursor`, `options`, `len` and `repr` do not.

    Examples
    --------
    >>> import tempfile
    >>> import pyarrow as pa
    >>> from geo_match.store import Store
    >>> folder = tempfile.TemporaryDirectory()
    >>> with Store.open(f"{folder.name}/geo-match.db") as store:
    ...     employer = {"id": "E1", "name": "示例", "licence": "verified"}
    ...     _ = store.put("employers", pa.Table.from_pylist([employer]))
    ...     live = LiveMatcher(store)
    ...     job = {"id": "J1", "title": "普工", "lon": 117.39, "lat": 32.93, "employer_id": "E1"}
    ...     _, cursor = store.put("jobs", pa.Table.from_pylist([job]))
    ...     matcher = live.wait_for(cursor, timeout_s=1.0)
    ...     found = matcher.match({"id": "S1", "lon": 117.38, "lat": 32.93})
    >>> found["job_id"].to_list()
    ['J1']
    >>> folder.cleanup()
    """

    _may_pass: ClassVar = (StoreError, MemoryError)

    def __init__(
        self,
        store: Store,
        options: MatchOptions | None = None,
        *,
        follow: bool = False,
        every_s: float = EVERY_S,
        rests_after_s: float | None = None,
        rebuild_after: int | None = None,
    ) -> None:
        self._asked = as_options(options)
        self._fixed_limit = (
            None if rebuild_after is None else as_count(rebuild_after, "rebuild_after", least=1)
        )
        self._n_rebuilds = 0
        self._is_due = False  # whether changes were taken that are not shown yet
        super().__init__(store, follow=follow, every_s=every_s, rests_after_s=rests_after_s)

    def __len__(self) -> int:
        """Return how many jobs there are."""
        return len(self._shown)

    def __repr__(self) -> str:
        """Name it by its size, day and cursor."""
        return f"LiveMatcher({len(self):,} jobs on {self.options.on}; cursor {self.cursor})"

    @property
    def options(self) -> MatchOptions:
        """What is asked, with its day."""
        return self._shown.options

    @property
    def n_rebuilds(self) -> int:
        """How often a new base was made of what had changed."""
        return self._n_rebuilds

    def match(self, seekers: object, *, around: Around | None = None) -> pd.DataFrame:
        """Return each seeker's best jobs, as `Matcher.match`."""
        return self.snapshot().match(seekers, around=around)

    def prepare(self, seekers: object, *, around: Around | None = None) -> Prepared:
        """Return seekers made ready to be asked for often, as `Matcher.prepare`, for one day."""
        return self.snapshot().prepare(seekers, around=around)

    def match_one(
        self, seeker: object, *, among: Prepared | None = None, explained: bool = False
    ) -> Answer:
        """Return one seeker's best jobs as plain values, as `Matcher.match_one`."""
        return self.snapshot().match_one(seeker, among=among, explained=explained)

    def iter_match(
        self, seekers: object, *, around: Around | None = None, at_once: int | None = None
    ) -> Iterator[pa.Table]:
        """Yield the rows of `match` as Arrow tables, all of one place in the feed."""
        how = {} if at_once is None else {"at_once": at_once}
        return self.snapshot().iter_match(seekers, around=around, **how)

    def match_around(self, origins: object, *, radius_m: ArrayLike | None = None) -> pd.DataFrame:
        """Return the best jobs around places, as `Matcher.match_around`."""
        return self.snapshot().match_around(origins, radius_m=radius_m)

    def explain(self, seeker: object, job_id: str, *, around: Around | None = None) -> Explanation:
        """Say of one seeker and one job what each condition compared, as `Matcher.explain`."""
        return self.snapshot().explain(seeker, job_id, around=around)

    def shortfall(
        self,
        seekers: object,
        *,
        around: Around | None = None,
        ladder_m: Sequence[float] = LADDER_M,
    ) -> Shortfall:
        """Tell what each seeker has, and what stands in the way, as `Matcher.shortfall`."""
        return self.snapshot().shortfall(seekers, around=around, ladder_m=ladder_m)

    def _start(self) -> None:
        """Read all jobs as of one moment; until then what is shown stays."""
        jobs, cursor = JobTable.read(self._store)
        self._show(jobs, _Base.of(jobs, self._asked.dated()), cursor)

    def _show(self, jobs: JobTable, base: _Base, cursor: Cursor) -> None:
        """Show the jobs as they are; make a new base of them if it is due."""
        options = base.engine.side.options
        is_left, others = jobs.differing()
        if len(others) + len(is_left) - int(is_left.sum()) > self._limit(len(is_left)):
            jobs = jobs.renewed()
            base = _Base.of(jobs, options)
            is_left, others = jobs.differing()
            self._n_rebuilds += 1
        self._jobs, self._base = jobs, base
        self._joined = JoinedEngine(*base, is_left, Side(others, "job", options))
        self._exchange(MatcherAt(self._joined, cursor))
        self._is_due = False

    def _limit(self, n: int) -> int:
        if self._fixed_limit is not None:
            return self._fixed_limit
        return max(_LEAST_BEFORE_REBUILD, _PER_ROOT * math.isqrt(n))

    def _follow(self) -> bool:
        now, seen = self._store.head().cursor, self.cursor
        options = self._asked.dated()
        last = min(now.seq, seen.seq + _AT_ONCE)
        if now != seen:
            # All are read before the first is taken. If showing them fails they are given again:
            # what a job is, it is also if it is told twice.
            most = max(last - seen.seq, 0)
            changes = list(self._store.changes(after=seen, kinds=KINDS, most=most))
            self._is_due |= self._jobs.take(changes)
        here = Cursor(now.epoch, last)
        base = self._base
        if options.on != self.options.on:
            base = base._replace(engine=Engine(Side(base.engine.side.table, "job", options)))
        elif not self._is_due:
            self._exchange(MatcherAt(self._joined, here))
            return last < now.seq
        self._show(self._jobs, base, here)
        return last < now.seq


__all__ = ["LiveMatcher", "MatcherAt"]
