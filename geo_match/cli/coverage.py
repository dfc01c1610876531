"""What `coverage` does: people, a supply and communities, of files or a store, are told of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import pyarrow as pa
import pyarrow.compute as pc

from geo_match.cli.circles import ALL_USED
from geo_match.cli.coverage_target import Target, new_key, read_key, write_key
from geo_match.cli.coverage_words import Answer, doing_words, read_lines, summary_lines
from geo_match.cli.lists import read_list, tell_list
from geo_match.cli.stopping import finish_anyway
from geo_match.cli.telling import as_language, language_for
from geo_match.cli.terminal import progress, say
from geo_match.coverage.answers.report import LEVELS
from geo_match.coverage.coverage import Coverage
from geo_match.coverage.publication.publish import count_tables, publish
from geo_match.errors import FileError
from geo_match.exchange.coverage import content_of, write_files, write_people
from geo_match.exchange.rejections import write_rejections
from geo_match.matching.given.from_store import cursor_of
from geo_match.records import RECORDS
from geo_match.records.fields import Kind
from geo_match.store import AuditLog, Store, audited
from geo_match.store.keeping.looking import looking_at
from geo_match.store.reading.past import fields_of_days, holding

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from geo_match.coverage import CoverageOptions, CoverageReport
    from geo_match.coverage.publication.publish import Published
    from geo_match.intake import PlacesFile
    from geo_match.intake.lists.records_file import RecordsFile

SCOPE: Final = "persons:read"
"""The right under which a read of persons is noted."""

_PLACE: Final = ("id", "lon", "lat")
_OF_PEOPLE: Final = (*_PLACE, "community", "location_accuracy_m")
_OF_JOBS: Final = (*_PLACE, "vacancies", "filled")
_OF_COMMUNITIES: Final = ("id", "name", "area", "street_name", "district_name")
_GROUPS: Final = frozenset({Kind.CHOICE, Kind.FLAG, Kind.EDUCATION})
"""Kinds of fields by which people may be told: those of few values, which name nobody."""
_BETWEEN: Final = " by "


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
    options
        What counts as reached, and what as enough.
    """

    of: str
    supply_kind: str
    by: tuple[str, ...] | None
    on: dt.date
    gap_areas: bool
    options: CoverageOptions


@dataclass(frozen=True, slots=True)
class AList:
    """A list, and the datum of rows that do not say theirs."""

    path: Path
    datum: str


@dataclass(frozen=True, slots=True)
class Lists:
    """The files that are read."""

    people: AList
    supply: AList
    communities: AList

    @property
    def paths(self) -> list[Path]:
        """All of them."""
        return [self.people.path, self.supply.path, self.communities.path]


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
    """What coverage is made of."""

    people: pa.Table
    supply: pa.Table
    communities: pa.Table


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
    # A list has what is asked of a file of places there: its source and its rejections.
    read = cast("dict[str, PlacesFile]", files)
    told_in = language_for(files[asked.of], language)
    given = _Given(
        _people(files[asked.of].records, asked.of),
        _supply(holding(asked.supply_kind, files[asked.supply_kind].records, asked.on)),
        _communities(files["communities"].records),
    )
    also: dict[Path, Callable[[Path], object]] = {}
    if target.listing.rejected(read) is not None:
        also[target.rejects] = lambda path: write_rejections(path, read)
    answer = _cover(given, target, asked, key=key, also=also, language=told_in)
    finish_anyway()
    for file in files.values():
        tell_list(file, used=_used(file), language=language, doing="统计")
    _tell(answer, told_in)
    return target.listing.finish(read)


def cover_store(records: Records, target: Target, asked: Asked, *, language: str | None) -> int:
    """Tell of the people of a store; the read of them is noted in its audit.

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
        If there is no such store, the read cannot be noted, or anything is refused; nothing is
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
        with progress(f"{doing_words('reading', told_in)} {store.name}"):
            wanted = _OF_JOBS if asked.supply_kind == "jobs" else _PLACE
            supply = store.read(asked.supply_kind, fields=wanted, on=asked.on)
            # All as they were when the supply was read, whoever writes in between.
            cursor = cursor_of(supply)
            communities = store.read("communities", fields=_OF_COMMUNITIES, as_of=cursor)
            fields = (*_OF_PEOPLE, *_group_fields(asked.of))
            people = noted(lambda: store.read(asked.of, fields=fields, as_of=cursor))
        given = _Given(_people(people, asked.of), _supply(supply), _communities(communities))
        answer = _cover(given, target, asked, key=key, also={}, language=told_in)
        finish_anyway()
        for line in read_lines(
            asked.of, len(people), store.name, f"{cursor}", audit.name, language=told_in
        ):
            say(line)
    _tell(answer, told_in)
    return ALL_USED


def _group_fields(kind: str) -> tuple[str, ...]:
    """Return the fields of a kind of people by which they may be told."""
    return tuple(
        one.name
        for one in RECORDS[kind].specs().values()
        if one.about.kind in _GROUPS and one.name not in _OF_PEOPLE
    )


def _people(records: pa.Table, kind: str) -> pa.Table:
    """Return people with nothing but their place, their community and their groups."""
    groups = [one for one in _group_fields(kind) if one in records.column_names]
    table = records.select([*_OF_PEOPLE, *groups])
    for field, flags in getattr(RECORDS[kind], "flags", {}).items():
        if field not in records.column_names:
            continue
        listed = records.column(field)
        for value, flag in flags.items():
            table = table.append_column(flag, _has(listed, value))
    return table.replace_schema_metadata(None)


def _has(lists: pa.ChunkedArray, value: str) -> pa.Array:
    """Return whether each list has a value; null where there is no list."""
    return pa.array(
        [None if one is None else value in one for one in lists.to_pylist()], pa.bool_()
    )


def _supply(records: pa.Table) -> pa.Table:
    """Return what can be reached; of jobs the vacancies that are left."""
    table = records.select(list(_PLACE))
    if "vacancies" not in records.column_names:
        return table.replace_schema_metadata(None)
    left = pc.subtract(records.column("vacancies"), pc.fill_null(records.column("filled"), 0))
    # Null stays null, which counts for one; more found than sought are none left.
    left = pc.max_element_wise(left, 0, skip_nulls=False)
    return table.append_column("vacancies", left).replace_schema_metadata(None)


def _communities(records: pa.Table) -> pa.Table:
    names = {"id": "code"}
    columns = {names.get(name, name): records.column(name) for name in _OF_COMMUNITIES}
    return pa.table(columns)


def _used(file: RecordsFile) -> tuple[str, ...]:
    return tuple(fields_of_days(file.kind))


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
    steps = 5
    with progress(doing_words("computing", language), steps, compiles=language) as advance:
        made = Coverage(given.supply, given.communities, asked.options)
        advance(1)
        report = made.of(given.people)
        advance(1)
        others = dict(also)
        shown: CoverageReport | Published = report
        if target.key is not None:
            kept = new_key() if key is None else key
            if key is None:
                others[target.key] = lambda path: write_key(path, kept)
            shown = _publish(report, asked, kept)
        advance(1)
        content = content_of(
            shown,
            by=asked.by,
            language=language,
            date=asked.on.isoformat(),
            gap_areas=_gap_areas(report) if asked.gap_areas else None,
        )
        advance(1)
        if target.people is not None:
            others[target.people] = lambda path: write_people(report, path)
        written = write_files(content, *target.out, also=others)
        advance(1)
    files = dict(zip(target.out, written, strict=True))
    return Answer(content, report, asked.of, asked.supply_kind, asked.on, files, target)


def _publish(report: CoverageReport, asked: Asked, key: bytes) -> Published:
    """Publish a report with the groups that are asked for."""
    parts = [part for name in asked.by or () for part in name.split(_BETWEEN)]
    groups = [one for one in dict.fromkeys(parts) if one not in {*LEVELS, "all"}]
    tables = count_tables(report, date=asked.on.isoformat(), groups=groups)
    return publish(*tables, key=key)


def _gap_areas(report: CoverageReport) -> Any:  # noqa: ANN401 - a GeoDataFrame
    from geo_match.coverage.gap_areas.gap_areas import gap_areas  # noqa: PLC0415 - only where it is asked for

    return gap_areas(report)


def _tell(answer: Answer, language: str) -> None:
    for line in summary_lines(answer, language):
        say(line)
