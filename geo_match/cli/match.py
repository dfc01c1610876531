"""What `match` does: seekers and jobs, of files or a store, are matched into files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import pyarrow as pa
import pyarrow.compute as pc

from geo_match.cli.circles import ALL_USED
from geo_match.cli.lists import column_of, read_list, tell_list
from geo_match.cli.match_answer import Summary, Target
from geo_match.cli.match_words import doing_words, read_lines, summary_lines
from geo_match.cli.stopping import finish_anyway
from geo_match.cli.telling import language_for
from geo_match.cli.terminal import progress, say
from geo_match.errors import FileError
from geo_match.exchange import table_files
from geo_match.matching import LADDER_M, Matcher, ReverseMatcher, Shortfall
from geo_match.matching.given.columns import LICENCE
from geo_match.matching.given.frames import jobs_table, seekers_table
from geo_match.matching.given.from_store import cursor_of, read_jobs, read_seekers
from geo_match.store import AuditLog, Store, audited
from geo_match.store.keeping.looking import looking_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geo_match.exchange import Rejected, TableFile
    from geo_match.intake import PlacesFile
    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.matching import MatchOptions, ReverseShortfall

SCOPE: Final = "persons:read"
"""The right under which a read of persons is noted."""

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
        Of the coordinates of rows that do not say theirs.
    """

    seekers: Path
    jobs: Path
    employers: Path | None
    seekers_datum: str
    jobs_datum: str

    @property
    def paths(self) -> list[Path]:
        """All of them."""
        return [self.seekers, self.jobs, *([] if self.employers is None else [self.employers])]


@dataclass(frozen=True, slots=True)
class Records:
    """The store whose records are matched.

    Parameters
    ----------
    store
        Path or URL.
    who, purpose
        Who reads its seekers, and why: noted in its audit.
    """

    store: str
    who: str
    purpose: str


def match_lists(
    lists: Lists, target: Target, options: MatchOptions, *, for_jobs: bool, language: str | None
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
    files = {
        "seekers": read_list(
            lists.seekers, "seekers", datum=lists.seekers_datum, language=language
        ),
        "jobs": read_list(lists.jobs, "jobs", datum=lists.jobs_datum, language=language),
    }
    if lists.employers is not None:
        files["employers"] = read_list(lists.employers, "employers", datum=None, language=language)
    # A list has what is asked of a file of places there: its source and its rejections.
    read = cast("dict[str, PlacesFile]", files)
    rejected = target.listing.rejected(read)
    seekers = seekers_table(files["seekers"].records)
    jobs = _jobs(files["jobs"], files.get("employers"), options)
    told_in = language_for(files["seekers"], language)
    summary = _match(
        seekers, jobs, target, options, for_jobs=for_jobs, rejected=rejected, language=told_in
    )
    finish_anyway()
    for file in files.values():
        tell_list(file, used=[LICENCE], language=language)
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
    with looking_at(records.store):  # to open it would make one, or change its form
        pass
    with Store.open(records.store) as store, AuditLog.open(records.store) as audit:
        asked = options(store)
        noted = audited(audit, who=records.who, purpose=records.purpose, scope=SCOPE)
        told_in = language or "en"
        with progress(f"{doing_words('reading', told_in)} {store.name}"):
            jobs = read_jobs(store)
            # As they were when the jobs were read, whoever writes in between: it is one answer.
            cursor = cursor_of(jobs)
            seekers = read_seekers(store, audited=noted, as_of=cursor)
        for kind, table in (("seekers", seekers), ("jobs", jobs)):
            if not len(table):
                raise FileError(store.name, f"hold {kind}", "none", "Import a list of them first.")
        summary = _match(
            seekers, jobs, target, asked, for_jobs=for_jobs, rejected=None, language=told_in
        )
        finish_anyway()
        where = f"{store.name}", f"{cursor}", audit.name
        for line in read_lines(len(seekers), len(jobs), *where, language=told_in):
            say(line)
    _tell(summary, target, told_in)
    return ALL_USED


def _jobs(file: RecordsFile, employers: RecordsFile | None, options: MatchOptions) -> pa.Table:
    """Return the jobs of a list as they are matched.

    Raises
    ------
    FileError
        If nothing says which employers are verified, and that is asked.
    """
    if employers is not None:
        return jobs_table(file.records, employers=employers.records)
    licence = column_of(file, LICENCE)
    if licence is not None:
        return jobs_table(file.records.append_column(LICENCE, licence))
    if "employer" in options.asked:
        raise FileError(
            file.source,
            f"have the column `{LICENCE}`",
            "no such column, and no --employers",
            "Give the list of employers with --employers: a job whose employer is not known to be "
            "verified is not matched with anybody. Or leave that aside with --without employer.",
        )
    return jobs_table(file.records)


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
