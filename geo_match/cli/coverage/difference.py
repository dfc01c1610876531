"""What `difference` does: two days are told of alike, and what changed between them."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from geo_match.cli.coverage.asking.lists import AList, Lists
from geo_match.cli.coverage.asking.parsers import BETWEEN
from geo_match.cli.coverage.rejections import rejections_of
from geo_match.cli.coverage.source import paths_of, read_lists, read_store
from geo_match.cli.coverage.what_if import levels_of
from geo_match.cli.coverage.words.answer import asked_lines
from geo_match.cli.coverage.words.difference import days_of, difference_lines
from geo_match.cli.coverage.words.words import doing_words
from geo_match.cli.stopping import finish_anyway
from geo_match.cli.terminal import progress, say
from geo_match.coverage.answers.difference import difference
from geo_match.coverage.release import INTERNAL
from geo_match.errors import FileError
from geo_match.exchange.coverage import Content, write_files
from geo_match.exchange.coverage.asked import asked_of_report
from geo_match.exchange.coverage.content import PLAN

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    import pandas as pd

    from geo_match.cli.audited_store import Records
    from geo_match.cli.coverage.asking.asked import Asked
    from geo_match.cli.coverage.source import Source
    from geo_match.cli.coverage.target import Target
    from geo_match.intake.lists.records_file import RecordsFile

_STEPS: Final = 4
_COLUMNS: Final = 2


@dataclass(frozen=True, slots=True)
class Earlier:
    """The earlier of two days.

    Parameters
    ----------
    on
        The day.
    people, supply, communities
        Its lists; None where they are those of the later day.
    renumbered
        A CSV file of codes before and after; None for none.
    """

    on: dt.date
    people: Path | None
    supply: Path | None
    communities: Path | None
    renumbered: Path | None

    @property
    def paths(self) -> list[Path]:
        """The files that are read."""
        files = (self.people, self.supply, self.communities, self.renumbered)
        return [one for one in files if one is not None]

    def lists(self, later: Lists) -> Lists:
        """Return the lists of the day, in the datums of the later one's."""
        return Lists(
            later.people if self.people is None else AList(self.people, later.people.datum),
            later.supply if self.supply is None else AList(self.supply, later.supply.datum),
            later.communities
            if self.communities is None
            else AList(self.communities, later.communities.datum),
            later.employers,
        )


def compare(
    source: Lists | Records, target: Target, asked: Asked, earlier: Earlier, *, language: str | None
) -> int:
    """Tell what changed between two days.

    Parameters
    ----------
    asked
        What is asked of both, on the later day.
    earlier
        The earlier day.
    language
        As `geo_match.cli.coverage.coverage.cover` takes it.

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
    before, after = _read(source, asked, earlier, language)
    files: dict[str, RecordsFile] = {f"{name} before": one for name, one in before.files.items()}
    rejections = rejections_of({**files, **after.files}, target.listing)
    told_in = after.language
    days = days_of(earlier.on, asked.on)
    with progress(doing_words("computing", told_in), _STEPS, compiles=told_in) as advance:
        then = before.coverage().of(before.people)
        advance(1)
        now = after.coverage().of(after.people)
        advance(1)
        tables: dict[str, pd.DataFrame] = {}
        for name in asked.by or levels_of(now):
            by = name.split(BETWEEN)
            its = moved if by[0] == "community" else None
            tables[name] = difference(then, now, *by, labels=days, renumbered=its)
        plans = [one.plan()[0] for one in (before, after)]
        plan: dict[str, pd.DataFrame] = {}
        if plans[0] is not None and plans[1] is not None:
            plan[PLAN] = difference(plans[0], plans[1], labels=days, renumbered=moved)
        advance(1)
        whose = asked_lines(asked.of, asked.supply_kind, verified=asked.verified, language=told_in)
        content = Content(
            release=INTERNAL,
            language=told_in,  # type: ignore[arg-type]  # as the command line has checked
            date=" – ".join(days),
            tables=tables,
            totals={},
            asked=(*whose, *asked_of_report(now.options, told_in)),
            gap_areas=None,
            supply=None,
            plan=plan,
        )
        written = write_files(content, *target.out, also=rejections.also)
        advance(1)
    finish_anyway()
    _tell(before, after, language)
    for one, report in ((before, then), (after, now)):
        one.tell_left_out(report)
    communities = tables.get("community")
    if communities is None:
        communities = difference(then, now, labels=days, renumbered=moved)
    totals = (then.totals(), now.totals())
    answer: dict[Path, list[str]] = dict(zip(target.out, written, strict=True))
    for line in difference_lines(totals, communities, days, asked, answer, language=told_in):
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
    source: Lists | Records, asked: Asked, earlier: Earlier, language: str | None
) -> tuple[Source, Source]:
    """Return what is known of the two days; of a store as of one moment."""
    then = replace(asked, on=earlier.on, options=_on(asked.options, earlier.on))
    if asked.plan is not None:
        then = replace(then, plan=replace(asked.plan, on=earlier.on))
    if isinstance(source, Lists):
        known: dict[tuple[Path, str], RecordsFile] = {}
        return (
            read_lists(earlier.lists(source), then, language=language, known=known),
            read_lists(source, asked, language=language, known=known),
        )
    before, cursor = read_store(source, then, language=language)
    after, _ = read_store(source, asked, language=language, as_of=cursor)
    return before, after


def _on(options: Any, day: dt.date) -> Any:  # noqa: ANN401 - options of coverage, which have no day
    """Return options whose question of who is eligible is asked on a day."""
    if options.eligible is None:
        return options
    return replace(options, eligible=replace(options.eligible, on=day))


def _tell(before: Source, after: Source, language: str | None) -> None:
    """Tell of each list once, and of the store on each day."""
    after.tell(language)
    told = {id(one) for one in after.files.values()}
    rest = {name: one for name, one in before.files.items() if id(one) not in told}
    replace(before, files=rest).tell(language)
