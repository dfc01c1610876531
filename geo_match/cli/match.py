"""What `match` does: seekers and jobs, of files or a store, are matched into files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import pyarrow as pa
import pyarrow.compute as pc

from geo_match.cli.audited_store import opened
from geo_match.cli.circles import ALL_USED
from geo_match.cli.licences import HEADERS, licensed
from geo_match.cli.list_doubts import read_doubted, tell_doubted
from geo_match.cli.match_answer import Summary, Target
from geo_match.cli.match_words import doing_words, read_lines, summary_lines
from geo_match.cli.stopping import finish_anyway
from geo_match.cli.telling import language_for
from geo_match.cli.terminal import progress, say
from geo_match.errors import FileError
from geo_match.exchange import table_files
from geo_match.intake.faults import counted
from geo_match.matching import LADDER_M, Matcher, ReverseMatcher, Shortfall
from geo_match.matching.given.frames import jobs_table, seekers_table
from geo_match.matching.given.from_store import (
    cursor_of,
    left_out_of,
    read_jobs,
    read_seekers,
)
from geo_match.matching.given.registered import Registered, registered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geo_match.cli.audited_store import Records
    from geo_match.exchange import Rejected, TableFile
    from geo_match.intake import PlacesFile
    from geo_match.matching import MatchOptions, ReverseShortfall
    from geo_match.store import Store

_AT_ONCE: Final = 16_384
_AT_ONCE_WITHOUT_LIMIT: Final = 512
"""Each of so many may have thousands of matches."""
_STEPS, _LEAST_AT_ONCE = 8, 4_096  # a bar that moves; each block costs a tenth of a second


def _shortfall_schema(one: str, other: str) -> pa.Schema:
    return pa.schema(
        [
            (f"{one}_id", pa.string()),
            ("matches", pa.int64()),
            ("in_circle", pa.int64()),
            ("reason", pa.string()),
            (f"first_eligible_{other}_id", pa.string()),
            ("first_eligible_distance_m", pa.float64()),
            *((f"eligible_within_{rung:g}_m", pa.int64()) for rung in LADDER_M),
            ("condition", pa.string()),
            (f"{other}s", pa.int64()),
            (f"nearest_{other}_id", pa.string()),
            ("nearest_distance_m", pa.float64()),
        ]
    )


_SHORTFALL: Final = _shortfall_schema("seeker", "job")
_REVERSE_SHORTFALL: Final = _shortfall_schema("job", "seeker")
"""A row a centre and condition of which there is a near-miss; one row for a centre without any."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The files that are matched.

    Parameters
    ----------
    seekers, jobs
        Lists of such records.
    employers
        Those of the jobs; None if the jobs say themselves whose licence is verified.
    seekers_datum, jobs_datum
        Of the coordinates of rows that do not say theirs; None where each says it.
    """

    seekers: Path
    jobs: Path
    employers: Path | None
    seekers_datum: str | None
    jobs_datum: str | None

    @property
    def paths(self) -> list[Path]:
        """All of them."""
        return [self.seekers, self.jobs, *([] if self.employers is None else [self.employers])]


def match_lists(
    lists: Lists,
    target: Target,
    options: MatchOptions,
    *,
    for_jobs: bool,
    language: str | None,
) -> int:
    """Match seekers and jobs of files.

    Parameters
    ----------
    for_jobs
        Whether seekers are sought for each job.
    language
        In which to tell of it, `zh` or `en`; that of the lists' headers if None.

    Returns
    -------
    int
        `ALL_USED` or `SOME_REJECTED`.

    Raises
    ------
    GeoMatchError
        If anything is refused; nothing is written then.
    """
    target.check(lists.paths)
    given = {
        "seekers": (lists.seekers, lists.seekers_datum),
        "jobs": (lists.jobs, lists.jobs_datum),
        "employers": (lists.employers, lists.jobs_datum),
    }
    files = {
        kind: read_doubted(path, kind, datum=datum, language=language)
        for kind, (path, datum) in given.items()
        if path is not None
    }
    # A list has what is asked of a file of places there: its source and its rejections.
    read = cast("dict[str, PlacesFile]", files)
    rejected = target.listing.rejected(read)
    everybody = seekers_table(files["seekers"].records)
    found = Registered(everybody, 0) if options.former_too else registered(everybody, options.day)
    _check_registered(len(found.frame), found.left_out, f"{lists.seekers}", options)
    employers = files.get("employers")
    jobs = jobs_table(
        licensed(files["jobs"], employers, verified="employer" in options.asked),
        employers=None if employers is None else employers.records,
    )
    told_in = language_for(files["seekers"], language)
    summary = _match(
        found.frame, jobs, target, options, for_jobs=for_jobs, rejected=rejected, language=told_in
    )
    summary.not_registered = found.left_out
    finish_anyway()
    for file in files.values():
        tell_doubted(file, used=HEADERS, language=language)
    _tell(summary, target, told_in)
    return target.listing.finish(read)


def match_store(
    records: Records,
    target: Target,
    options: Callable[[Store], MatchOptions],
    *,
    for_jobs: bool,
    language: str | None,
) -> int:
    """Match the seekers and jobs of a store; the read of the seekers is noted in its audit.

    Parameters
    ----------
    options
        Gives what is asked, for a store that is open: its table of occupations counts.
    for_jobs, language
        As in `match_lists`; the language is English if None.

    Returns
    -------
    int
        `ALL_USED`.

    Raises
    ------
    GeoMatchError
        If there is no such store, the read cannot be noted, or anything is refused; nothing is
        written then.
    """
    target.check([])
    with opened(records) as (store, noted, audit):
        asked = options(store)
        told_in = language or "en"
        with progress(f"{doing_words('reading', told_in)} {store.name}"):
            jobs = read_jobs(store)
            # As they were when the jobs were read, whoever writes in between: it is one answer.
            cursor = cursor_of(jobs)
            on = None if asked.former_too else asked.day
            seekers = read_seekers(store, audited=noted, as_of=cursor, on=on)
        left_out = left_out_of(seekers)
        _check_registered(len(seekers), left_out, store.name, asked)
        for kind, table in (("seekers", seekers), ("jobs", jobs)):
            if not len(table):
                raise FileError(store.name, f"hold {kind}", "none", "Import a list of them first.")
        summary = _match(
            seekers, jobs, target, asked, for_jobs=for_jobs, rejected=None, language=told_in
        )
        summary.not_registered = left_out
        finish_anyway()
        where = f"{store.name}", f"{cursor}", audit
        for line in read_lines(len(seekers), len(jobs), *where, language=told_in):
            say(line)
    _tell(summary, target, told_in)
    return ALL_USED


def _check_registered(n: int, left_out: int, source: str, options: MatchOptions) -> None:
    """Raise `FileError` if nobody is left since all are registered on other days."""
    if not n and left_out:
        raise FileError(
            source,
            f"hold a seeker who is registered on {options.day}",
            f"{counted(left_out, 'seeker')} not registered then",
            "Give another day with --on, or match them all the same with --former-too.",
        )


def _match(
    seekers: pa.Table,
    jobs: pa.Table,
    target: Target,
    options: MatchOptions,
    *,
    for_jobs: bool,
    rejected: Rejected | None,
    language: str,
) -> Summary:
    """Match the rows of tables, block by block, into the target."""
    centres, others = (jobs, seekers) if for_jobs else (seekers, jobs)
    with progress(doing_words("preparing", language), compiles=language):
        matcher = ReverseMatcher(others, options) if for_jobs else Matcher(others, options)
    without_place = others.column("lon").null_count
    summary = Summary(matcher.options, for_jobs, len(centres), len(others), without_place)
    most = _AT_ONCE_WITHOUT_LIMIT if options.limit is None else _AT_ONCE
    at_once = min(most, max(_LEAST_AT_ONCE, -(-len(centres) // _STEPS)))
    paths = [target.out] if target.shortfall is None else [target.shortfall, target.out]
    with (
        progress(doing_words("matching", language), len(centres), compiles=language) as advance,
        table_files(*paths, rejected=rejected) as files,
    ):
        for start in range(0, len(centres), at_once):
            part = centres.slice(start, at_once)
            (table,) = matcher.iter_match(part, at_once=at_once)
            files[-1].write(table)
            summary.add_matches(table)
            told = files[0] if target.shortfall is not None else None
            _fall_short(matcher, part, _without_match(part, table), summary, told)
            advance(len(part))
    return summary


def _without_match(part: pa.Table, table: pa.Table) -> pa.Table:
    """Return the rows of a part of the centres for which an answer has no match."""
    ids = table.filter(pc.is_valid(table.column("reason"))).column(0)
    return part.filter(pc.is_in(part.column("id"), value_set=ids.combine_chunks()))


def _fall_short(
    matcher: Matcher | ReverseMatcher,
    part: pa.Table,
    without: pa.Table,
    summary: Summary,
    file: TableFile | None,
) -> None:
    """Add up what keeps those without a match from one; write it of all, if it is asked for."""
    told = matcher.shortfall(without if file is None else part)
    summary.add_conditions(told)
    if file is not None:
        file.write(_as_table(told))


def _as_table(told: Shortfall | ReverseShortfall) -> pa.Table:
    """Return each centre with what stands in its way, as it is written."""
    if isinstance(told, Shortfall):
        schema, centres, count = _SHORTFALL, told.seekers, "jobs"
    else:
        schema, centres, count = _REVERSE_SHORTFALL, told.jobs, "seekers"
    frame = centres.merge(told.near_misses, how="left", on=schema.names[0])
    frame[count] = frame[count].fillna(0)
    columns = [pa.array(frame[one.name], from_pandas=True).cast(one.type) for one in schema]
    return pa.table(columns, schema)


def _tell(summary: Summary, target: Target, language: str) -> None:
    for line in summary_lines(summary, target, language):
        say(line)
