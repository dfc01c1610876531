"""What changed in a result since a place in the feed: `match_changes`.

Where the options are the same, only what differs is judged: the jobs that differ ask an index of
the seekers, and the seekers that differ ask one of the jobs, each as they were and as they are. Of
those that do not differ only the ones near them are read. Where the options or their day differ,
everything is judged at both times.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd
import pyarrow as pa

from geo_match._validate import as_count
from geo_match.errors import ArgumentError
from geo_match.matching.answers import result
from geo_match.matching.changes._causes import CAUSES, told_of
from geo_match.matching.changes._two_times import look
from geo_match.matching.engine.engine import Engine
from geo_match.matching.engine.side import Side
from geo_match.matching.given.from_store import check_audited
from geo_match.matching.options import MatchOptions, as_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo_match.matching.changes._two_times import Look, TwoTimes
    from geo_match.matching.given.from_store import Audited
    from geo_match.store import Cursor, Store

_PAIR: Final = ["seeker_id", "job_id"]
_AT_ONCE: Final = 4_096
"""Seekers whose matches are in memory at a time, where everything is judged."""
_OF_NO_CONSEQUENCE: Final = {
    name: getattr(MatchOptions(), name)
    for name in ("weights", "half_distance_m", "half_life_days", "default_accuracy_m", "threads")
}
"""Options that say how matches rank, and not which pairs match."""


@dataclass(frozen=True, eq=False)
class MatchChanges:
    """The pairs that entered or left a result between two places in a feed.

    Parameters
    ----------
    pairs
        A row a pair, ordered by the two ids: `seeker_id`, `job_id`; `change`, "entered" or "left";
        `distance_m`, as it is or was in the match; `cause`, the first of `CAUSES` that applies;
        `causes`, all that do, joined by commas; `conditions`, the names of those that turned, so
        joined, empty where the seeker or the job was not there at one of the times.
    since, cursor
        The places in the feed; the next call goes on from `cursor`.
    options
        Those of the time after, with their day; the next call takes them as `options_before`, if
        a new day or another rule is to show.
    missing
        How many seekers were there at one of the times and have been erased since: their pairs
        are not among these.
    is_anew
        Whether everything was judged anew, since the options or their day differ.
    n_reached
        How many pairs lie in the circles that were asked for, before and after.
    n_judged
        How many pairs were judged; less, where the kind of a job or a seeker leaves them out.
    """

    pairs: pd.DataFrame
    since: Cursor
    cursor: Cursor
    options: MatchOptions
    missing: int
    is_anew: bool
    n_reached: int
    n_judged: int

    def __len__(self) -> int:
        """Return how many pairs there are."""
        return len(self.pairs)

    def __repr__(self) -> str:
        """Name it by its size and the two places; the pairs are in `pairs`."""
        entered = int((self.pairs["change"] == "entered").sum())
        return (
            f"MatchChanges({entered:,} entered, {len(self) - entered:,} left, "
            f"from {self.since} to {self.cursor})"
        )


def match_changes(
    store: Store,
    since: Cursor | int,
    options: MatchOptions | None = None,
    *,
    audited: Audited,
    options_before: MatchOptions | None = None,
    until: Cursor | int | None = None,
    most_reached: int | None = None,
) -> MatchChanges:
    """Return the pairs that entered or left the result, and why.

    Parameters
    ----------
    store
        Its seekers and jobs are matched, as `from_store` reads them.
    since
        The place in the feed before; such as the last answer's `cursor`.
    options
        What is asked; None for `MatchOptions()`. `limit` does not count: a pair is in the result
        if it matches.
    audited
        `geo_match.store.audited(audit, who=…, purpose=…, scope=…)`, where the audit is that of
        the store, `geo_match.store.AuditLog.open(path)`: the read is noted, with the number of
        seekers, before it has an answer.
    options_before
        What was asked before; None for the same, on the same day.
    until
        The place after; None for where the feed ends now.
    most_reached
        How many pairs may lie in the circles that are asked for: where there are more, `until` is
        brought nearer by halves, and `cursor` says to where. None for as many as there are.

    Returns
    -------
    MatchChanges

    Raises
    ------
    HorizonError
        If what was known then is gone; match anew.
    EpochError, CursorError
        If `since` or `until` is no place in this store's feed.
    AuditError
        If the read cannot be noted.
    ArgumentError
        If `until` lies before `since`, or `audited` or the options are nothing of the kind; if one
        change alone reaches more than `most_reached`, or that is no count of at least 1.

    Notes
    -----
    A job is *opened* where it is new, or turns open or vacant; *closed* where it is gone, closed
    or filled; *moved* where its place turned the distance; all else in it that turned a condition
    is a change. A seeker *comes* where they are new, or their registration begins; *leaves* where
    they are gone, or it ends: then the condition that turned is `registered`. They move and change
    as jobs do; another radius of their own is a change. A licence that turned is
    `employer_changed`, that a job names another employer is `job_changed`. Where only the day made
    the difference, as for a posting or a registration that closes by its date, or an age that is
    reached, it is `day_changed`.

    Examples
    --------
    >>> import tempfile
    >>> import pyarrow as pa
    >>> from geo_match.store import AuditLog, Store, audited
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = f"{folder.name}/geo-match.db"
    >>> with Store.open(path) as store, AuditLog.open(path) as audit:
    ...     employer = {"id": "E1", "name": "示例", "licence": "verified"}
    ...     _ = store.put("employers", pa.Table.from_pylist([employer]))
    ...     _ = store.put("seekers", pa.table({"id": ["S1"], "lon": [117.38], "lat": [32.93]}))
    ...     before = store.cursor()
    ...     job = {"id": "J1", "title": "普工", "lon": 117.39, "lat": 32.93, "employer_id": "E1"}
    ...     _ = store.put("jobs", pa.Table.from_pylist([job]))
    ...     noted = audited(audit, who="社区-07", purpose="岗位匹配", scope="persons:read")
    ...     changes = match_changes(store, before, audited=noted)
    ...     audit.read().select(["who", "purpose", "count"]).to_pylist()
    [{'who': '社区-07', 'purpose': '岗位匹配', 'count': 1}]
    >>> changes.pairs[["seeker_id", "job_id", "change", "cause"]].to_dict("records")
    [{'seeker_id': 'S1', 'job_id': 'J1', 'change': 'entered', 'cause': 'job_opened'}]
    >>> folder.cleanup()
    """
    check_audited(audited)
    asked = as_options(options).dated()
    after = _deciding(asked)
    before = after
    if options_before is not None:
        before = _deciding(as_options(options_before, "options_before").dated())
    is_anew = before != after
    most = None if most_reached is None else as_count(most_reached, "most_reached", least=1)
    while True:
        found = audited(partial(look, store, after, since=since, until=until, with_all=is_anew))
        count = _Count(most)
        try:
            changed = list(
                _all_changed(found, (before, after), count)
                if is_anew
                else _differing_changed(found, after, count)
            )
        except _TooManyError:
            until = _nearer(found, most, is_anew=is_anew)
        else:
            break
    pairs = pd.concat(changed).sort_values(_PAIR, ignore_index=True)
    return MatchChanges(
        _explained(found, (before, after), pairs),
        found.since,
        found.until,
        asked,
        found.missing,
        is_anew,
        count.reached,
        count.judged,
    )


_NONE: Final = pd.DataFrame(
    {"seeker_id": pd.Series(dtype=object), "job_id": pd.Series(dtype=object), "distance_m": 0.0},
    index=range(0),
)


class _TooManyError(Exception):
    """More pairs are reached than may be."""


@dataclass
class _Count:
    """How much was done, and how many pairs may be reached; None for any number."""

    most: int | None
    reached: int = 0
    judged: int = 0

    def reach(self, n: int) -> None:
        """Add what is reached.

        Raises
        ------
        _TooManyError
            If that is more than may be.
        """
        self.reached += n
        if self.most is not None and self.reached > self.most:
            raise _TooManyError


def _nearer(found: Look, most: int | None, *, is_anew: bool) -> int:
    """Return the place half way between the two that were looked at.

    Raises
    ------
    ArgumentError
        If none lies between them, or all is judged anew, wherever the two are.
    """
    first, last = found.since.seq, found.until.seq
    if is_anew or last - first <= 1:
        what = "all that is judged anew reaches" if is_anew else "one change reaches"
        raise ArgumentError(
            "most_reached",
            f"be no less than what {what}",
            str(most),
            "Ask by a smaller radius_m, or match anew and go on from there.",
        )
    return first + (last - first) // 2


def _deciding(options: MatchOptions) -> MatchOptions:
    """Return what decides which pairs match; two that decide alike are equal."""
    return dataclasses.replace(
        options,
        limit=None,
        conditions=options.asked,
        unknown_fails=[one for one in options.unknown_fails if one in options.asked],
        **_OF_NO_CONSEQUENCE,
    )


def _differing_changed(found: Look, options: MatchOptions, count: _Count) -> Iterator[pd.DataFrame]:
    """Judge the seekers and jobs that differ, at both times; yield what differs."""

    def engine(table: pa.Table, of: Literal["seeker", "job"], other: TwoTimes) -> Engine:
        # It is not made ready for nobody.
        asked = len(other.before) or len(other.after)
        return Engine.of_part(Side(table if asked else table.slice(0, 0), of, options))

    same_seekers = engine(found.seekers.same, "seeker", found.jobs)
    same_jobs = engine(found.jobs.same, "job", found.seekers)

    def matches(seekers: pa.Table, jobs: pa.Table) -> pd.DataFrame:
        seeker_side, job_side = Side(seekers, "seeker", options), Side(jobs, "job", options)
        return pd.concat(
            [
                _matches(same_seekers, job_side, count),
                _matches(same_jobs, seeker_side, count),
                _matches(Engine.of_part(job_side), seeker_side, count),
            ]
        )

    yield _difference(
        matches(found.seekers.before, found.jobs.before),
        matches(found.seekers.after, found.jobs.after),
    )


def _all_changed(
    found: Look, options: tuple[MatchOptions, MatchOptions], count: _Count
) -> Iterator[pd.DataFrame]:
    """Judge everything at both times; yield what differs, some seekers after the other."""
    engines = [Engine(Side(found.jobs.at(after=bool(i)), "job", options[i])) for i in range(2)]

    def difference(before: pa.Table, after: pa.Table) -> pd.DataFrame:
        tables = zip(engines, (before, after), options, strict=True)
        return _difference(
            *(_matches(engine, Side(table, "seeker", one), count) for engine, table, one in tables)
        )

    for start in range(0, len(found.seekers.same), _AT_ONCE):
        some = found.seekers.same.slice(start, _AT_ONCE)
        yield difference(some, some)
    yield difference(found.seekers.before, found.seekers.after)


def _matches(engine: Engine, centres: Side, count: _Count) -> pd.DataFrame:
    """Return all matches of some centres: the two ids and the distance."""
    if not len(centres) or not len(engine.side):
        return _NONE
    # They are counted before they are chosen: all that match are in memory then.
    count.reach(int(engine.count_in_circle(centres, np.arange(len(centres))).sum()))
    before = engine.n_judged
    chosen = engine.choose(centres)
    count.judged += engine.n_judged - before
    of_rows, of_centres = _PAIR if engine.ranks_seekers else _PAIR[::-1]
    ids = {
        of_rows: engine.side.ids.take(pa.array(chosen.row)),
        of_centres: centres.ids.take(pa.array(chosen.centre)),
    }
    return pd.DataFrame(
        {name: ids[name].to_numpy(zero_copy_only=False) for name in _PAIR}
        | {"distance_m": chosen.distance_m}
    )


def _difference(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs that are in one of two results alone, with the distance and `change`."""
    both = before.merge(after, on=_PAIR, how="outer", suffixes=("_before", ""), indicator=True)
    has_left = both["_merge"] == "left_only"
    changed = pd.DataFrame(
        {
            **{name: both[name] for name in _PAIR},
            "change": np.where(has_left, "left", "entered"),
            "distance_m": both["distance_m"].where(~has_left, both["distance_m_before"]),
        }
    )
    return changed[(both["_merge"] != "both").to_numpy()]


def _explained(
    found: Look, options: tuple[MatchOptions, MatchOptions], pairs: pd.DataFrame
) -> pd.DataFrame:
    """Add to pairs why they entered or left."""
    ids = tuple(pa.array(pairs[name], pa.string()) for name in _PAIR)
    has_entered = pairs["change"].to_numpy() == "entered"
    told = told_of(found, options, (ids[0], ids[1]), has_entered.astype(np.bool_))
    masks = told.causes @ (1 << np.arange(len(CAUSES)))
    names = {
        mask: ",".join(cause for i, cause in enumerate(CAUSES) if mask >> i & 1)
        for mask in np.unique(masks).tolist()
    }
    return pairs.assign(
        cause=np.array(CAUSES, dtype=object)[told.causes.argmax(axis=1)],
        causes=[names[mask] for mask in masks.tolist()],
        conditions=_named(told.turned),
    )


def _named(masks: NDArray[np.int64]) -> NDArray[np.object_]:
    """Return the names of the conditions in each mask, joined by commas."""
    place, texts = result.names(masks)
    return np.array([*texts, ""], dtype=object)[place]


__all__ = ["CAUSES", "MatchChanges", "match_changes"]
