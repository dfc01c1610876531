"""What `difference` does: two days are told of alike, and what changed between them."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from geo_match.cli.coverage.asking.lists import Lists
from geo_match.cli.coverage.asking.parsers import BETWEEN
from geo_match.cli.coverage.coverage import kept_key, published_of
from geo_match.cli.coverage.plan_lists import with_plan_lists
from geo_match.cli.coverage.rejections import rejections_of
from geo_match.cli.coverage.source import Reading, paths_of, read_lists, read_store
from geo_match.cli.coverage.words.answer import asked_lines
from geo_match.cli.coverage.words.difference import (
    days_of,
    difference_lines,
    nothing_before_line,
    published_lines,
)
from geo_match.cli.coverage.words.left_out import is_nothing
from geo_match.cli.coverage.words.words import doing_words
from geo_match.cli.coverage.words.written import tables_in
from geo_match.cli.stopping import finish_anyway
from geo_match.cli.terminal import progress, say
from geo_match.coverage.answers.difference import difference
from geo_match.coverage.publication.key_file import read_key
from geo_match.coverage.release import INTERNAL
from geo_match.errors import FileError
from geo_match.exchange.coverage import Content, content_of, write_files
from geo_match.exchange.coverage.asked import asked_of_report
from geo_match.exchange.coverage.content import PLAN

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from geo_match.cli.audited_store import Records
    from geo_match.cli.coverage.asking.asked import Asked
    from geo_match.cli.coverage.source import Source
    from geo_match.cli.coverage.target import Target
    from geo_match.coverage import CoverageOptions, CoverageReport
    from geo_match.coverage.publication.publish import Published
    from geo_match.intake.lists.records_file import RecordsFile
    from geo_match.walking import Network

_STEPS: Final = 4
_COLUMNS: Final = 2
_ALL: Final = "all"
"""The table of everybody, where figures are published."""


class Reports(NamedTuple):
    """What was found on the earlier day, and on the later."""

    then: CoverageReport
    now: CoverageReport

    def difference(
        self, *by: str, labels: tuple[str, str], renumbered: Mapping[str, str] | None
    ) -> gpd.GeoDataFrame:
        """Return what changed, as `geo_match.coverage.answers.difference` says; streets, too."""
        may = () if self.now.options.network is None else ("network",)
        return difference(*self, *by, labels=labels, renumbered=renumbered, may_differ=may)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The earlier of two days.

    Parameters
    ----------
    on
        The day.
    people, supply, communities
        Its lists; None where they are those of the later day.
    network
        The streets that were walked; None where they are those of the later day.
    renumbered
        A CSV file of codes before and after; None for none.
    """

    on: dt.date
    people: Path | None = None
    supply: Path | None = None
    communities: Path | None = None
    network: Network | None = None
    renumbered: Path | None = None

    @property
    def paths(self) -> list[Path]:
        """The files that are read."""
        files = (self.people, self.supply, self.communities, self.renumbered)
        return [one for one in files if one is not None]

    def lists(self, later: Lists) -> Lists:
        """Return the lists of the day, in the datums of the later one's."""
        people, supply, communities = (
            one if path is None else replace(one, path=path)
            for one, path in (
                (later.people, self.people),
                (later.supply, self.supply),
                (later.communities, self.communities),
            )
        )
        return replace(later, people=people, supply=supply, communities=communities)


def compare(
    source: Lists | Records,
    target: Target,
    asked: Asked,
    earlier: Earlier,
    *,
    accept_suspicions: bool,
    language: str | None,
) -> int:
    """Tell what changed between two days.

    Parameters
    ----------
    asked
        What is asked of both, on the later day.
    earlier
        The earlier day.
    accept_suspicions, language
        As `geo_match.cli.coverage.coverage.cover` takes them.

    Returns
    -------
    int
        `ALL_USED` or `SOME_REJECTED`.

    Raises
    ------
    GeoMatchError
        If anything is refused; nothing is written then.
    """
    target.check([*paths_of(source), *earlier.paths])
    moved = None if earlier.renumbered is None else read_renumbered(earlier.renumbered)
    key = None if target.key is None else read_key(target.key)
    before, after = _read(
        source, asked, earlier, accept_suspicions=accept_suspicions, language=language
    )
    rejections = rejections_of({**_of_before(before, after), **after.files}, target.listing)
    others = dict(rejections.also)
    told_in = after.language
    with progress(doing_words("computing", told_in), _STEPS, compiles=told_in) as advance:
        then = before.coverage().of(before.people)
        advance(1)
        found = Reports(then, after.coverage().of(after.people))
        advance(1)
        shown = None
        if target.key is None:
            content = _compared(before, after, found, moved)
        else:
            kept = kept_key(target.key, key, others)
            shown = published_of({earlier.on: found.then, asked.on: found.now}, asked, kept)
            content = _content_of(shown, before, after, found)
        advance(1)
        write_files(content, *target.out, also=others)
        advance(1)
    finish_anyway()
    _tell(before, after, language)
    before.tell_left_out(found.then)
    if isinstance(source, Lists) and earlier.supply is None:
        _wonder(before, source.supply.path)
    once = {*before.left_out(found.then)}  # what is so on both days was told above
    for line in after.left_out(found.now):
        if line not in once:
            say(line)
    for line in _lines(before, after, found, content, target, shown=shown, moved=moved):
        say(line)
    return rejections.finish()


def read_renumbered(path: Path) -> dict[str, str]:
    """Read which code a community had, and which it has: a CSV file of two columns with a header.

    Raises
    ------
    FileError
        If it is none, or names a code twice.
    """
    rule = "hold two columns under a header: the code before, and the code after"
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = [row for row in csv.reader(stream) if any(map(str.strip, row))][1:]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileError(path, "be a readable .csv in UTF-8", f"{error}") from None
    found: dict[str, str] = {}
    for at, row in enumerate(rows, start=1):
        codes = [one.strip() for one in row]
        if len(codes) != _COLUMNS or not all(codes):
            raise FileError(path, rule, f"{len(codes)} values in row {at}")
        if codes[0] in found:
            raise FileError(path, "name each code before once", f"{codes[0]!r} again in row {at}")
        found[codes[0]] = codes[1]
    if not found:
        raise FileError(path, rule, "no row")
    return found


def _read(
    source: Lists | Records,
    asked: Asked,
    earlier: Earlier,
    *,
    accept_suspicions: bool,
    language: str | None,
) -> tuple[Source, Source]:
    """Return what is known of the two days; of a store as of one moment."""
    then = replace(asked, on=earlier.on, options=_on(asked.options, earlier))
    if asked.plan is not None:
        then = replace(then, plan=replace(asked.plan, on=earlier.on))
    if not isinstance(source, Lists):
        before, cursor = read_store(source, then, language=language)
        after, _ = read_store(source, asked, language=language, as_of=cursor)
        return before, after
    reading = Reading(language=language, accept_suspicions=accept_suspicions)
    before, after = (
        with_plan_lists(read_lists(lists, its, reading), lists, reading)
        for lists, its in ((earlier.lists(source), then), (source, asked))
    )
    return before, after


def _on(options: CoverageOptions, earlier: Earlier) -> CoverageOptions:
    """Return options as they are asked on the earlier day, along the streets of that day."""
    if earlier.network is not None:
        options = replace(options, network=earlier.network)
    if options.eligible is None:
        return options
    return replace(options, eligible=replace(options.eligible, on=earlier.on))


def _compared(
    before: Source, after: Source, found: Reports, moved: Mapping[str, str] | None
) -> Content:
    """Return what is written of what changed: exact, and internal."""
    asked, language = after.asked, after.language
    days = days_of(before.asked.on, asked.on)
    tables: dict[str, pd.DataFrame] = {}
    for name in asked.by or list(found.now.communities.levels):
        by = name.split(BETWEEN)
        its = moved if by[0] == "community" else None
        tables[name] = found.difference(*by, labels=days, renumbered=its)
    plans = [one.plan()[0] for one in (before, after)]
    plan: dict[str, pd.DataFrame] = {}
    if plans[0] is not None and plans[1] is not None:
        plan[PLAN] = difference(plans[0], plans[1], labels=days, renumbered=moved)
    return Content(
        release=INTERNAL,
        language=language,  # type: ignore[arg-type]  # as the command line has checked
        date=" – ".join(days),
        tables=tables,
        totals={},
        asked=_asked_lines(after, found),
        gap_areas=None,
        supply=None,
        plan=plan,
    )


def _content_of(shown: Published, before: Source, after: Source, found: Reports) -> Content:
    """Return what is written of the two days where it may go out."""
    return content_of(
        shown,
        by=after.asked.by,
        language=after.language,
        date=" – ".join(days_of(before.asked.on, after.asked.on)),
        asked=_asked_lines(after, found),
    )


def _asked_lines(after: Source, found: Reports) -> tuple[tuple[str, str], ...]:
    """Return what was asked of both days, and along which other streets on the earlier one."""
    asked, language = after.asked, after.language
    told = list(
        asked_lines(asked.of, asked.supply_kind, verified=asked.verified, language=language)
    )
    told += asked_of_report(found.now.options, language)
    before, now = (one.options.network for one in found)
    if before is not now and before is not None:
        label = "前期路网" if language == "zh" else "streets of the earlier day"
        told.append((label, f"{before.info.source} ({before.info.edges:,})"))
    return tuple(told)


def _of_before(before: Source, after: Source) -> dict[str, RecordsFile]:
    """Return the lists of the earlier day alone, by what each was read for."""
    # A list of both days is an object a day where each day has its own communities to judge it by.
    later = {_list_of(one) for one in after.files.values()}
    return {
        f"{name} before": one for name, one in before.files.items() if _list_of(one) not in later
    }


def _list_of(file: RecordsFile) -> tuple[Path, str]:
    return file.source, file.kind


def _as_of_both(after: Source, before: Source) -> dict[str, RecordsFile]:
    """Return the later day's lists, with what the earlier day's communities make doubtful too."""
    earlier = {_list_of(one): one.warnings for one in before.files.values()}
    return {
        name: replace(one, warnings=tuple(dict.fromkeys((*one.warnings, *more))))
        if (more := earlier.get(_list_of(one)))
        else one
        for name, one in after.files.items()
    }


def _tell(before: Source, after: Source, language: str | None) -> None:
    """Tell of each list once, and of the store on each day."""
    replace(after, files=_as_of_both(after, before)).tell(language)
    said = tuple(line for line in before.said if line not in after.said)
    if not before.files:  # of a store each read is told
        said = before.said
    replace(before, files=_of_before(before, after), said=said).tell(language)


def _wonder(before: Source, supply: Path) -> None:
    """Say what may be so where nothing of the one list was there on the earlier day."""
    asked = before.asked
    if is_nothing(before.given, asked.supply_kind) and asked.supply_kind in before.files:
        say(nothing_before_line(asked.on.isoformat(), supply, language=before.language))


def _lines(
    before: Source,
    after: Source,
    found: Reports,
    content: Content,
    target: Target,
    *,
    shown: Published | None,
    moved: Mapping[str, str] | None,
) -> Iterator[str]:
    """Yield what is told of the answer, line by line."""
    days = days_of(before.asked.on, after.asked.on)
    files = {path: tables_in(content, path) for path in target.out}
    how = (days, after.asked, files)
    if shown is not None and target.key is not None:
        everybody = shown.tables.get(_ALL)
        rows = [] if everybody is None else everybody.to_dict("records")
        return published_lines(rows, *how, target.key, language=after.language)
    communities = content.tables.get("community")
    if communities is None:
        communities = found.difference(labels=days, renumbered=moved)
    totals = (found.then.totals(), found.now.totals())
    return difference_lines(totals, communities, *how, language=after.language)
