"""Where coverage comes from: lists or a store, read into records that were judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from geo_match.cli.audited_store import check_holds, opened
from geo_match.cli.coverage.asking.lists import AList, Lists
from geo_match.cli.coverage.asking.parsers import PEOPLE
from geo_match.cli.coverage.given.frames import (
    OF_COMMUNITIES,
    OF_JOBS,
    communities_frame,
    jobs_of_list,
    jobs_of_store,
    people_fields,
    people_frame,
    people_on,
    plan_fields,
    supply_of_jobs,
    supply_of_places,
)
from geo_match.cli.coverage.given.given import Given
from geo_match.cli.coverage.given.plan import KINDS, plan_of
from geo_match.cli.coverage.given.repair import read_crossing
from geo_match.cli.coverage.words.left_out import left_out_lines, repaired_lines
from geo_match.cli.coverage.words.words import doing_words, no_rows_line, read_lines
from geo_match.cli.list_doubts import doubting, read_doubted, tell_doubted
from geo_match.cli.telling import ToldError, as_language, language_for
from geo_match.cli.terminal import progress, say
from geo_match.coverage.coverage import Coverage
from geo_match.errors import FileError, GeoMatchError
from geo_match.matching.given.columns import LICENCE
from geo_match.matching.given.from_store import cursor_of
from geo_match.store import record_schema
from geo_match.store.reading.past import holding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pyarrow as pa

    from geo_match.cli.audited_store import Opened, Records
    from geo_match.cli.coverage.asking.asked import Asked
    from geo_match.coverage import CoverageReport
    from geo_match.coverage.plan.plan import ServicePlan
    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.store import Cursor

_NO_ROWS: Final = ("hold at least one row", "headers only or no feature at all")
"""How a file with headers, but without rows, is refused by its reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What was read, and what is to be told of it.

    Parameters
    ----------
    asked
        What is asked of it.
    given
        The records.
    language
        In which the answer is told and written, `zh` or `en`.
    files
        The lists by what each was read for; none for a store.
    said
        Lines about a store, or about lists without rows.
    """

    asked: Asked
    given: Given
    language: str
    files: Mapping[str, RecordsFile] = field(default_factory=dict)
    said: tuple[str, ...] = ()

    @property
    def people(self) -> pa.Table:
        """The people, as the library takes them."""
        asked = self.asked
        return people_frame(self.given.records[asked.of], asked.of, eligible=asked.eligible)

    def coverage(self) -> Coverage:
        """Return what people can reach, made ready to be asked."""
        asked, found = self.asked, self.given.records[self.asked.supply_kind]
        supply = (
            supply_of_jobs(found, eligible=asked.eligible, count=asked.options.count)
            if asked.supply_kind == "jobs"
            else supply_of_places(found)
        )
        frame = communities_frame(self.given.communities)
        return Coverage(supply, frame, asked.options, repair=asked.repair)

    def plan(self) -> tuple[ServicePlan | None, int]:
        """Return the service plan, None if it is not asked for, and the households left out."""
        if self.asked.plan is None:
            return None, 0
        return plan_of(self.given.records, self.given.communities, self.asked.plan)

    def tell(self, language: str | None) -> None:
        """Print what became of the rows.

        Parameters
        ----------
        language
            As it was asked for; each list is told in its own if None.
        """
        for file in self.files.values():
            tell_read(file, language)
        for line in self.said:
            say(line)

    def tell_left_out(self, report: CoverageReport) -> None:
        """Print what was left out and what was repaired, where an answer does not say it."""
        language = self.language
        for line in (
            *left_out_lines(self.asked, self.given, language=language),
            *repaired_lines(report.repaired, language=language),
        ):
            say(line)


def paths_of(source: Lists | Records) -> list[Path]:
    """Return the files that are read; none of a store."""
    return source.paths if isinstance(source, Lists) else []


def read_source(source: Lists | Records, asked: Asked, *, language: str | None) -> Source:
    """Read lists, or a store: see `read_lists` and `read_store`."""
    if isinstance(source, Lists):
        return read_lists(source, asked, language=language)
    read, _ = read_store(source, asked, language=language)
    return read


def read_lists(
    lists: Lists,
    asked: Asked,
    *,
    language: str | None,
    known: dict[tuple[Path, str], RecordsFile] | None = None,
) -> Source:
    """Read the lists.

    Parameters
    ----------
    language
        In which to tell of it and to write, `zh` or `en`; that of the people's headers if None.
    known
        Takes what is read by path and kind, and gives what was; None to read all.

    Raises
    ------
    GeoMatchError
        If a list is refused as a whole, or none of its rows can be used.
    """
    files, said = {} if known is None else known, []

    def read(one: AList, kind: str) -> RecordsFile:
        if (one.path, kind) not in files:
            crossing = asked.repair and kind == "communities"
            files[one.path, kind] = read_judged(one, kind, language=language, crossing=crossing)
        return files[one.path, kind]

    people = read(lists.people, asked.of)
    told_in = language_for(people, language)
    used = {asked.of: people}
    supply = _unless_empty(lambda: read(lists.supply, asked.supply_kind))
    if supply is None:
        said.append(no_rows_line(asked.supply_kind, str(lists.supply.path), told_in))
    else:
        used[asked.supply_kind] = supply
    areas = used["communities"] = read(lists.communities, "communities")
    employers = None
    if lists.employers is not None:
        employers = used["employers"] = read(lists.employers, "employers")
    found = {}
    not_verified = None
    if asked.supply_kind == "jobs":
        jobs = (
            jobs_of_store(*_no_jobs(), verified=asked.verified)
            if supply is None
            else jobs_of_list(supply, employers, verified=asked.verified, on=asked.on)
        )
        found["jobs"], not_verified = jobs.table, jobs.not_verified
    else:
        kind = asked.supply_kind
        places = record_schema(kind).empty_table() if supply is None else supply.records
        found[kind] = holding(kind, places, asked.on)
    who = people.records
    left_out = 0
    if not asked.former_too:
        who, left_out = _registered(who, asked)
    return Source(
        asked=asked,
        given=Given({asked.of: who, **found}, areas.records, not_verified, left_out),
        language=told_in,
        files=used,
        said=tuple(said),
    )


def read_judged(
    one: AList, kind: str, *, language: str | None, crossing: bool = False
) -> RecordsFile:
    """Read a list; what looks wrong with its columns is told where it is refused.

    Parameters
    ----------
    crossing
        Whether communities are kept whose outlines cross themselves.

    Raises
    ------
    GeoMatchError
        As `geo_match.cli.lists.read_list`.
    """
    if crossing:
        with doubting(one.path, kind, language):
            return read_crossing(one.path, datum=one.datum, language=language)
    return read_doubted(one.path, kind, datum=one.datum, language=language)


def tell_read(file: RecordsFile, language: str | None) -> None:
    """Print what became of a list's rows, and what looks wrong with its columns."""
    tell_doubted(file, used=[LICENCE], language=language, doing="统计")


def read_store(
    records: Records, asked: Asked, *, language: str | None, as_of: Cursor | None = None
) -> tuple[Source, Cursor]:
    """Read a store; each read of persons is noted in its audit before it has an answer.

    All is as it was when the first of it was read, whoever writes in between.

    Parameters
    ----------
    language
        As in `read_lists`; English if None.
    as_of
        The state that is read; that of now if None.

    Returns
    -------
    source
        What was read.
    cursor
        As of when.

    Raises
    ------
    GeoMatchError
        If there is no such store, it holds nothing of a kind, or a read cannot be noted.
    """
    told_in = as_language(language) or "en"
    with opened(records) as there:
        store = there.store
        check_holds(store, (asked.of, asked.supply_kind, "communities"))
        asked = asked.with_occupations(store.occupations())
        with progress(f"{doing_words('reading', told_in)} {store.name}"):
            given, read, cursor = _read(there, asked, as_of)
        said = read_lines(read, store.name, f"{cursor}", there.audit, language=told_in)
    return Source(asked=asked, given=given, language=told_in, said=said), cursor


def _read(
    there: Opened, asked: Asked, as_of: Cursor | None
) -> tuple[Given, dict[str, int], Cursor]:
    """Return what coverage is made of, how many persons of which kind were read, and as of when."""
    store = there.store
    communities = store.read("communities", fields=OF_COMMUNITIES, as_of=as_of)
    cursor = cursor_of(communities)
    wanted = [asked.of, asked.supply_kind]
    if asked.plan is not None:
        wanted += [one for one in KINDS if one not in wanted and store.count(one)]
    found: dict[str, pa.Table] = {}
    not_verified, left_out = None, 0
    read: dict[str, int] = {}
    for kind in wanted:
        fields = plan_fields(kind)
        if kind in PEOPLE:
            if kind == asked.of:
                fields = people_fields(kind, eligible=asked.eligible, plan=asked.plan is not None)
            found[kind] = there.noted(_reader(there, kind, fields, cursor))
            read[kind] = len(found[kind])
            if kind == asked.of and not asked.former_too:
                found[kind], left_out = _registered(found[kind], asked)
        elif kind == "jobs":
            jobs = store.read("jobs", fields=OF_JOBS, as_of=cursor, on=asked.on)
            employers = store.read("employers", fields=("id", "licence"), as_of=cursor)
            counted = jobs_of_store(jobs, employers, verified=asked.verified)
            found[kind] = counted.table
            if asked.supply_kind == kind:
                not_verified = counted.not_verified
        else:
            found[kind] = store.read(kind, fields=fields, as_of=cursor, on=asked.on)
    return Given(found, communities, not_verified, left_out), read, cursor


def _reader(
    there: Opened, kind: str, fields: tuple[str, ...], cursor: Cursor
) -> Callable[[], pa.Table]:
    return lambda: there.store.read(kind, fields=fields, as_of=cursor)


def _registered(people: pa.Table, asked: Asked) -> tuple[pa.Table, int]:
    """Return those of some people who count on the day, and how many others there are."""
    found = people_on(people, asked.of, asked.on)
    return found.table, found.not_registered


def _unless_empty(read: Callable[[], RecordsFile]) -> RecordsFile | None:
    """Return a list that was read; None if it has headers and no row."""
    try:
        return read()
    except GeoMatchError as error:
        refused: BaseException | None = error
        while isinstance(refused, ToldError):
            refused = refused.__cause__
        if isinstance(refused, FileError) and (refused.rule, refused.found) == _NO_ROWS:
            return None
        raise


def _no_jobs() -> tuple[pa.Table, pa.Table]:
    """Return no jobs and no employers, as a store would have them."""
    employers = record_schema("employers").empty_table().select(["id", "licence"])
    return record_schema("jobs").empty_table().select(list(OF_JOBS)), employers
