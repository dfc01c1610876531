"""A prepared matcher over jobs that change: `LiveMatcher`.

It reads the jobs of a store once, then the feed from there. What changed since stands beside a base
that is in indexes; when it has grown, a new base is made of both. Each answer is of one place in
the feed, and is that of a `Matcher` which is made of the store's jobs there.
"""

from __future__ import annotations

import math
import threading
import time
from typing import TYPE_CHECKING, Final, NamedTuple

from geo_match._validate import as_count
from geo_match.index import StaleIndexError
from geo_match.matching._engine import Engine
from geo_match.matching._job_table import KINDS, JobTable
from geo_match.matching._living import JoinedEngine, find_in_both
from geo_match.matching._side import Side
from geo_match.matching.matcher import Matcher
from geo_match.matching.options import MatchOptions
from geo_match.matching.shortfall import LADDER_M, checked_ladder, say
from geo_match.store import CursorError, EpochError, HorizonError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    import pyarrow as pa
    from numpy.typing import ArrayLike

    from geo_match.matching.explain import Explanation
    from geo_match.matching.one import Answer, Prepared
    from geo_match.matching.origins import Around
    from geo_match.matching.shortfall import Shortfall
    from geo_match.store import Cursor, Store

_LEAST_BEFORE_REBUILD: Final = 256
_PER_ROOT: Final = 4
_EVERY_S: Final = 0.02


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

    def shortfall(self, seekers: object, *, ladder_m: Sequence[float] = LADDER_M) -> Shortfall:
        """Tell what each seeker has, and what stands in the way, as `Matcher.shortfall`."""
        asked = self._seekers(seekers)
        found = find_in_both(self._engine, asked, checked_ladder(ladder_m))
        return say(self._engine, asked, found)


class LiveMatcher:
    """The jobs of a store made ready to be matched with seekers, and kept in step.

    Parameters
    ----------
    store
        Stays open while the matcher is used.
    options
        What is asked; None for `MatchOptions()`. Where they name no day it is today in China, and
        turns with `catch_up`.
    rebuild_after
        How many jobs that differ from the base make a new one due; None lets it grow with the root
        of the number of jobs.

    Raises
    ------
    StoreError
        If the store cannot be read.
    ArgumentError
        If `rebuild_after` is no count of at least 1.

    Notes
    -----
    Nothing is followed but by `catch_up` and `wait_for`; any thread may call them, one of them is
    at work at a time, and others match meanwhile with what is shown.

    Where the feed cannot be followed on (the store was restored from a backup, or the feed no
    longer reaches back so far), it starts anew from the records, and counts `n_restarts`.

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

    def __init__(
        self,
        store: Store,
        options: MatchOptions | None = None,
        *,
        rebuild_after: int | None = None,
    ) -> None:
        self._store = store
        self._asked = MatchOptions() if options is None else options
        self._fixed_limit = (
            None if rebuild_after is None else as_count(rebuild_after, "rebuild_after", least=1)
        )
        # Who applies changes holds it; what is shown is swapped whole.
        self._applying = threading.Lock()
        self._n_rebuilds = 0
        self._n_restarts = 0
        self._is_due = False  # whether changes were taken that are not shown yet
        self._start()

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
    def cursor(self) -> Cursor:
        """The place in the feed that it has come to."""
        return self._shown.cursor

    @property
    def n_rebuilds(self) -> int:
        """How often a new base was made of what had changed."""
        return self._n_rebuilds

    @property
    def n_restarts(self) -> int:
        """How often it started anew from the records."""
        return self._n_restarts

    def snapshot(self) -> MatcherAt:
        """Return a matcher with the jobs of one place in the feed; it waits for nothing."""
        return self._shown

    def catch_up(self) -> Cursor:
        """Follow the feed to where it ends now; return that place.

        Raises
        ------
        StoreError
            If the store cannot be read; what is shown is right, and it may be tried again.
        """
        with self._applying:
            try:
                self._follow()
            except (EpochError, HorizonError, CursorError):
                self._start()
                self._n_restarts += 1
            return self.cursor

    def wait_for(self, cursor: Cursor | int, *, timeout_s: float) -> MatcherAt:
        """Return a matcher with the jobs of this place in the feed or a later one.

        Parameters
        ----------
        cursor
            What must be applied, such as the place that `Store.put` returned.
        timeout_s
            How long to wait at most, seconds; 0 only looks.

        Raises
        ------
        EpochError
            If the time is over, and the cursor is of another epoch than the store.
        StaleIndexError
            If the time is over.
        StoreError
            As `catch_up`.
        """
        until = time.monotonic() + timeout_s
        while not self._has(cursor):
            self.catch_up()
            if self._has(cursor):
                break
            left_s = until - time.monotonic()
            if left_s <= 0.0:
                raise self._too_late(cursor, timeout_s)
            time.sleep(min(_EVERY_S, left_s))
        return self._shown

    def match(self, seekers: object, *, around: Around | None = None) -> pd.DataFrame:
        """Return each seeker's best jobs, as `Matcher.match`."""
        return self._shown.match(seekers, around=around)

    def prepare(self, seekers: object, *, around: Around | None = None) -> Prepared:
        """Return seekers made ready to be asked for often, as `Matcher.prepare`, for one day."""
        return self._shown.prepare(seekers, around=around)

    def match_one(self, seeker: object, *, among: Prepared | None = None) -> Answer:
        """Return one seeker's best jobs as plain values, as `Matcher.match_one`."""
        return self._shown.match_one(seeker, among=among)

    def iter_match(
        self, seekers: object, *, around: Around | None = None, at_once: int | None = None
    ) -> Iterator[pa.Table]:
        """Yield the rows of `match` as Arrow tables, all of one place in the feed."""
        how = {} if at_once is None else {"at_once": at_once}
        return self._shown.iter_match(seekers, around=around, **how)

    def match_around(self, origins: object, *, radius_m: ArrayLike | None = None) -> pd.DataFrame:
        """Return the best jobs around places, as `Matcher.match_around`."""
        return self._shown.match_around(origins, radius_m=radius_m)

    def explain(self, seeker: object, job_id: str) -> Explanation:
        """Say of one seeker and one job what each condition compared, as `Matcher.explain`."""
        return self._shown.explain(seeker, job_id)

    def shortfall(self, seekers: object, *, ladder_m: Sequence[float] = LADDER_M) -> Shortfall:
        """Tell what each seeker has, and what stands in the way, as `Matcher.shortfall`."""
        return self._shown.shortfall(seekers, ladder_m=ladder_m)

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
        self._shown = MatcherAt(self._joined, cursor)
        self._is_due = False

    def _limit(self, n: int) -> int:
        if self._fixed_limit is not None:
            return self._fixed_limit
        return max(_LEAST_BEFORE_REBUILD, _PER_ROOT * math.isqrt(n))

    def _follow(self) -> None:
        now = self._store.head().cursor
        seen = self.cursor
        options = self._asked.dated()
        most = max(now.seq - seen.seq, 0)
        # All are read before the first is taken: if that fails nothing is half done.
        changes = list(self._store.changes(after=seen, kinds=KINDS, most=most))
        self._is_due |= self._jobs.take(changes)
        base = self._base
        if options.on != self.options.on:
            base = base._replace(engine=Engine(Side(base.engine.side.table, "job", options)))
        elif not self._is_due:
            self._shown = MatcherAt(self._joined, now)
            return
        self._show(self._jobs, base, now)

    def _has(self, cursor: Cursor | int) -> bool:
        if isinstance(cursor, int):
            return self.cursor.seq >= cursor
        return self.cursor.epoch == cursor.epoch and self.cursor.seq >= cursor.seq

    def _too_late(self, cursor: Cursor | int, timeout_s: float) -> EpochError | StaleIndexError:
        if isinstance(cursor, int):
            return StaleIndexError(cursor, self.cursor.seq, timeout_s)
        if cursor.epoch == self.cursor.epoch:
            return StaleIndexError(cursor.seq, self.cursor.seq, timeout_s)
        return EpochError(
            self._store.name,
            f"be waited for with a cursor of its epoch {self.cursor.epoch}",
            f"one of {cursor.epoch}",
            "It was restored from a backup, or is another store.",
        )


__all__ = ["LiveMatcher", "MatcherAt"]
