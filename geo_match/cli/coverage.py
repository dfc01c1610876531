"""What `coverage` does: people, a supply and communities, of files or a store, are told of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

from geo_match.cli.circles import ALL_USED
from geo_match.cli.coverage_answer import Answer, asked_lines
from geo_match.cli.coverage_given import (
    OF_COMMUNITIES,
    OF_JOBS,
    communities_frame,
    jobs_of_list,
    jobs_of_store,
    people_fields,
    people_frame,
    plan_fields,
    supply_of_jobs,
    supply_of_places,
)
from geo_match.cli.coverage_parsers import BETWEEN, LEVELS, PEOPLE
from geo_match.cli.coverage_plan import KINDS, plan_of
from geo_match.cli.coverage_target import Target, new_key, read_key, write_key
from geo_match.cli.coverage_words import (
    doing_words,
    read_lines,
    summary_lines,
)
from geo_match.cli.lists import read_list, tell_list
from geo_match.cli.stopping import finish_anyway
from geo_match.cli.telling import as_language, language_for
from geo_match.cli.terminal import progress, say
from geo_match.coverage.coverage import Coverage
from geo_match.coverage.publication.publish import count_tables, publish
from geo_match.errors import FileError
from geo_match.exchange.coverage import content_of, write_files, write_people
from geo_match.exchange.coverage.asked import asked_of_report
from geo_match.exchange.rejections import write_rejections
from geo_match.matching.given.columns import LICENCE
from geo_match.matching.given.from_store import cursor_of
from geo_match.store import AuditLog, Store, audited
from geo_match.store.keeping.looking import looking_at
from geo_match.store.reading.past import holding

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from geo_match.coverage import CoverageOptions, CoverageReport
    from geo_match.coverage.plan.options import PlanOptions
    from geo_match.coverage.plan.plan import ServicePlan
    from geo_match.coverage.publication.publish import Published
    from geo_match.intake import PlacesFile
    from geo_match.matching.given.from_store import Audited
    from geo_match.store import Cursor
    from geo_match.taxonomy import Occupations

SCOPE: Final = "persons:read"
"""The right under which a read of persons is noted."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked.

    Parameters
    ----------
    of
        Whose coverage: "households" or "seekers".
    supply_kind
        What is to be reached: "jobs", "stations" or "sites".
    by
        What it is told by; None for the usual.
    on
        Day on which the supply is to be open.
    gap_areas
        Whether to draw them.
    verified
        Whether jobs count only of employers that are known to be verified.
    options
        What counts as reached, and what as enough; who is eligible, if that is asked.
    plan
        What is asked of a service plan; None for none.
    map_approval
        The approval number of the map, for a page; None without.
    """

    of: str
    supply_kind: str
    by: tuple[str, ...] | None
    on: dt.date
    gap_areas: bool
    verified: bool
    options: CoverageOptions
    plan: PlanOptions | None = None
    map_approval: str | None = None

    @property
    def eligible(self) -> bool:
        """Whether only what people are eligible for counts."""
        return self.options.eligible is not None

    def with_occupations(self, occupations: Occupations) -> Asked:
        """Return the same, asked by a store's table of occupations."""
        options, plan = self.options, self.plan
        if options.eligible is not None:
            eligible = replace(options.eligible, occupations=occupations)
            options = replace(options, eligible=eligible)
        if plan is not None:
            plan = replace(plan, table=occupations)
        return replace(self, options=options, plan=plan)


@dataclass(frozen=True, slots=True)
class AList:
    """A list, and the datum of rows that do not say theirs."""

    path: Path
    datum: str


@dataclass(frozen=True, slots=True)
class Lists:
    """The files that are read; no employers if the jobs say themselves who is verified."""

    people: AList
    supply: AList
    communities: AList
    employers: Path | None = None

    @property
    def paths(self) -> list[Path]:
        """All of them."""
        lists = [self.people.path, self.supply.path, self.communities.path]
        return [*lists, *([] if self.employers is None else [self.employers])]


@dataclass(frozen=True, slots=True)
class Records:
    """The store whose records are taken.

    Parameters
    ----------
    store
        Path or URL.
    who, purpose
        Who reads its people, and why: noted in its audit.
    """

    store: str
    who: str
    purpose: str


@dataclass(frozen=True, slots=True)
class _Given:
    """What coverage is made of: records by their kind, the people's with what was asked of them."""

    records: Mapping[str, pa.Table]
    communities: pa.Table
    not_verified: int | None

    def people(self, asked: Asked) -> pa.Table:
        """Return the people, as the library takes them."""
        return people_frame(self.records[asked.of], asked.of, eligible=asked.eligible)

    def supply(self, asked: Asked) -> pa.Table:
        """Return what can be reached."""
        found = self.records[asked.supply_kind]
        if asked.supply_kind != "jobs":
            return supply_of_places(found)
        return supply_of_jobs(found, eligible=asked.eligible, count=asked.options.count)

    def plan(self, asked: Asked) -> tuple[ServicePlan | None, int]:
        """Return the service plan, None if it is not asked for, and the households left out."""
        if asked.plan is None:
            return None, 0
        return plan_of(self.records, self.communities, asked.plan)


def cover_lists(lists: Lists, target: Target, asked: Asked, *, language: str | None) -> int:
    """Tell of the people of a list.

    Parameters
    ----------
    language
        In which to tell of it and to write, `zh` or `en`; that of the people's headers if None.

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
    key = None if target.key is None else read_key(target.key)
    files = {
        kind: read_list(one.path, kind, datum=one.datum, language=language)
        for kind, one in (
            (asked.of, lists.people),
            (asked.supply_kind, lists.supply),
            ("communities", lists.communities),
        )
    }
    if lists.employers is not None:
        files["employers"] = read_list(lists.employers, "employers", datum=None, language=language)
    # A list has what is asked of a file of places there: its source and its rejections.
    read = cast("dict[str, PlacesFile]", files)
    told_in = language_for(files[asked.of], language)
    records = {asked.of: files[asked.of].records}
    not_verified = None
    if asked.supply_kind == "jobs":
        jobs = jobs_of_list(
            files["jobs"], files.get("employers"), verified=asked.verified, on=asked.on
        )
        records["jobs"], not_verified = jobs.table, jobs.not_verified
    else:
        places = files[asked.supply_kind].records
        records[asked.supply_kind] = holding(asked.supply_kind, places, asked.on)
    given = _Given(records, files["communities"].records, not_verified)
    also: dict[Path, Callable[[Path], object]] = {}
    if target.listing.rejected(read) is not None:
        also[target.rejects] = lambda path: write_rejections(path, read)
    answer = _cover(given, target, asked, key=key, also=also, language=told_in)
    finish_anyway()
    for file in files.values():
        tell_list(file, used=[LICENCE], language=language, doing="统计")
    _tell(answer, told_in)
    return target.listing.finish(read)


def cover_store(records: Records, target: Target, asked: Asked, *, language: str | None) -> int:
    """Tell of the people of a store; each read of persons is noted in its audit.

    Parameters
    ----------
    language
        As in `cover_lists`; English if None.

    Returns
    -------
    int
        `ALL_USED`.

    Raises
    ------
    GeoMatchError
        If there is no such store, a read cannot be noted, or anything is refused; nothing is
        written then.
    """
    target.check([])
    key = None if target.key is None else read_key(target.key)
    told_in = as_language(language) or "en"
    with looking_at(records.store):  # to open it would make one, or change its form
        pass
    with Store.open(records.store) as store, AuditLog.open(records.store) as audit:
        noted = audited(audit, who=records.who, purpose=records.purpose, scope=SCOPE)
        for kind in (asked.of, asked.supply_kind, "communities"):
            if not store.count(kind):
                remedy = "Import a list of them first."
                raise FileError(store.name, f"hold {kind}", "none", remedy)
        asked = asked.with_occupations(store.occupations())
        with progress(f"{doing_words('reading', told_in)} {store.name}"):
            given, read, cursor = _read_store(store, noted, asked)
        answer = _cover(given, target, asked, key=key, also={}, language=told_in)
        finish_anyway()
        for line in read_lines(read, store.name, f"{cursor}", audit.name, language=told_in):
            say(line)
    _tell(answer, told_in)
    return ALL_USED


def _read_store(
    store: Store, noted: Audited, asked: Asked
) -> tuple[_Given, dict[str, int], Cursor]:
    """Return what coverage is made of, how many persons of which kind were read, and as of when.

    All is as it was when the first of it was read, whoever writes in between.
    """
    communities = store.read("communities", fields=OF_COMMUNITIES)
    cursor = cursor_of(communities)
    wanted = [asked.of, asked.supply_kind]
    if asked.plan is not None:
        wanted += [one for one in KINDS if one not in wanted and store.count(one)]
    found: dict[str, pa.Table] = {}
    not_verified = None
    read: dict[str, int] = {}
    for kind in wanted:
        fields = plan_fields(kind) if kind != asked.of else _fields_of_people(asked)
        if kind in PEOPLE:
            found[kind] = noted(_reader(store, kind, fields, cursor))
            read[kind] = len(found[kind])
        elif kind == "jobs":
            jobs = store.read("jobs", fields=OF_JOBS, as_of=cursor, on=asked.on)
            employers = store.read("employers", fields=("id", "licence"), as_of=cursor)
            counted = jobs_of_store(jobs, employers, verified=asked.verified)
            found[kind] = counted.table
            if asked.supply_kind == kind:
                not_verified = counted.not_verified
        else:
            found[kind] = store.read(kind, fields=fields, as_of=cursor, on=asked.on)
    return _Given(found, communities, not_verified), read, cursor


def _fields_of_people(asked: Asked) -> tuple[str, ...]:
    return people_fields(asked.of, eligible=asked.eligible, plan=asked.plan is not None)


def _reader(
    store: Store, kind: str, fields: Sequence[str], cursor: Cursor
) -> Callable[[], pa.Table]:
    return lambda: store.read(kind, fields=fields, as_of=cursor)


def _cover(
    given: _Given,
    target: Target,
    asked: Asked,
    *,
    key: bytes | None,
    also: Mapping[Path, Callable[[Path], object]],
    language: str,
) -> Answer:
    """Compute and write."""
    steps = 6
    with progress(doing_words("computing", language), steps, compiles=language) as advance:
        made = Coverage(given.supply(asked), communities_frame(given.communities), asked.options)
        advance(1)
        report = made.of(given.people(asked))
        advance(1)
        others = dict(also)
        shown: CoverageReport | Published = report
        if target.key is not None:
            kept = new_key() if key is None else key
            if key is None:
                others[target.key] = lambda path: write_key(path, kept)
            shown = _publish(report, asked, kept)
        advance(1)
        plan, without_members = given.plan(asked)
        content = content_of(
            shown,
            by=asked.by,
            language=language,
            date=asked.on.isoformat(),
            gap_areas=_gap_areas(report) if asked.gap_areas else None,
            plan=plan,
            asked=(
                *asked_lines(
                    asked.of, asked.supply_kind, verified=asked.verified, language=language
                ),
                # Published tables do not know it: what they say means nothing without.
                *(() if shown is report else asked_of_report(report.options, language)),
            ),
            map_approval=asked.map_approval,
        )
        advance(2)
        if target.people is not None:
            others[target.people] = lambda path: write_people(report, path)
        written = write_files(content, *target.out, also=others)
        advance(1)
    files = dict(zip(target.out, written, strict=True))
    return Answer(
        content,
        report,
        asked.of,
        asked.supply_kind,
        asked.on,
        files,
        target,
        not_verified=given.not_verified,
        verified=asked.verified,
        plan=plan,
        without_members=without_members,
    )


def _publish(report: CoverageReport, asked: Asked, key: bytes) -> Published:
    """Publish a report with the groups that are asked for."""
    parts = [part for name in asked.by or () for part in name.split(BETWEEN)]
    groups = [one for one in dict.fromkeys(parts) if one not in LEVELS]
    tables = count_tables(
        report, date=asked.on.isoformat(), groups=groups, h3=any(one == "h3" for one in parts)
    )
    return publish(*tables, key=key)


def _gap_areas(report: CoverageReport) -> Any:  # noqa: ANN401 - a GeoDataFrame
    from geo_match.coverage.gap_areas.gap_areas import gap_areas  # noqa: PLC0415 - only where it is asked for

    return gap_areas(report)


def _tell(answer: Answer, language: str) -> None:
    for line in summary_lines(answer, language):
        say(line)
