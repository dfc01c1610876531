"""What `coverage` does: people, a supply and communities, of files or a store, are told of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo_match.cli.coverage.asking.parsers import BETWEEN, LEVELS
from geo_match.cli.coverage.plan_lists import with_plan_lists
from geo_match.cli.coverage.rejections import rejections_of
from geo_match.cli.coverage.source import Reading, paths_of, read_source
from geo_match.cli.coverage.words.answer import Answer, asked_lines
from geo_match.cli.coverage.words.words import doing_words, summary_lines
from geo_match.cli.coverage.words.written import tables_in
from geo_match.cli.stopping import finish_anyway
from geo_match.cli.terminal import progress, say
from geo_match.coverage.publication.key_file import new_key, read_key, write_key
from geo_match.coverage.publication.publish import count_tables, publish
from geo_match.exchange.coverage import content_of, write_files, write_people
from geo_match.exchange.coverage.asked import asked_of_report

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from geo_match.cli.audited_store import Records
    from geo_match.cli.coverage.asking.asked import Asked
    from geo_match.cli.coverage.asking.lists import Lists
    from geo_match.cli.coverage.source import Source
    from geo_match.cli.coverage.target import Target
    from geo_match.coverage import CoverageReport
    from geo_match.coverage.publication.publish import Published

_STEPS: Final = 6


def cover(
    source: Lists | Records,
    target: Target,
    asked: Asked,
    *,
    accept_suspicions: bool,
    language: str | None,
) -> int:
    """Tell of the people of a list, or of a store.

    Parameters
    ----------
    accept_suspicions
        Whether lists are taken that look wrong as a whole.
    language
        In which to tell of it and to write, `zh` or `en`; if None that of the people's headers, or
        English of a store.

    Returns
    -------
    int
        `ALL_USED` or `SOME_REJECTED`.

    Raises
    ------
    GeoMatchError
        If anything is refused; nothing is written then.
    """
    target.check(paths_of(source))
    key = None if target.key is None else read_key(target.key)
    read = read_source(source, asked, language=language, accept_suspicions=accept_suspicions)
    reading = Reading(language=language, accept_suspicions=accept_suspicions)
    read = with_plan_lists(read, source, reading)
    rejections = rejections_of(read.files, target.listing)
    answer = _cover(read, target, key=key, also=rejections.also)
    finish_anyway()
    read.tell(language)
    for line in summary_lines(answer, read.language):
        say(line)
    return rejections.finish()


def _cover(
    source: Source,
    target: Target,
    *,
    key: bytes | None,
    also: Mapping[Path, Callable[[Path], object]],
) -> Answer:
    """Compute and write."""
    asked, language = source.asked, source.language
    with progress(doing_words("computing", language), _STEPS, compiles=language) as advance:
        made = source.coverage()
        advance(1)
        report = made.of(source.people)
        advance(1)
        others = dict(also)
        shown: CoverageReport | Published = report
        if target.key is not None:
            kept = kept_key(target.key, key, others)
            shown = published_of({asked.on: report}, asked, kept)
        advance(1)
        plan, without_members = source.plan()
        lines = asked_lines(asked.of, asked.supply_kind, verified=asked.verified, language=language)
        if shown is not report:  # published tables do not know what their figures are of
            accuracies = bool(np.isfinite(report.who.accuracy_m).any())
            lines += tuple(asked_of_report(report.options, language, accuracies=accuracies))
        content = content_of(
            shown,
            by=asked.by,
            language=language,
            date=asked.on.isoformat(),
            gap_areas=_gap_areas(report) if asked.gap_areas else None,
            plan=plan,
            asked=lines,
            map_approval=asked.map_approval,
        )
        advance(2)
        if target.people is not None:
            others[target.people] = lambda path: write_people(report, path)
        write_files(content, *target.out, also=others)
        advance(1)
    return Answer(
        content,
        report,
        asked,
        {path: tables_in(content, path) for path in target.out},
        target,
        given=source.given,
        plan=plan,
        without_members=without_members,
    )


def kept_key(path: Path, key: bytes | None, others: dict[Path, Callable[[Path], object]]) -> bytes:
    """Return the key of what is published: as it was given, or a new one, which is written too.

    Parameters
    ----------
    path
        Its file.
    key
        That of the file; None if there is no file.
    others
        Takes what writes a new one.
    """
    if key is not None:
        return key
    made = new_key()
    others[path] = lambda at: write_key(at, made)
    return made


def published_of(reports: Mapping[dt.date, CoverageReport], asked: Asked, key: bytes) -> Published:
    """Publish what was found on some days, together, with the groups that are asked for.

    Parameters
    ----------
    reports
        By their days.
    asked
        By what it is told, and whether with what is straight.
    key
        By which figures are rounded.

    Raises
    ------
    ArgumentError
        If there are too many counts, or they contradict what they are declared to be.
    """
    parts = [part for name in asked.by or () for part in name.split(BETWEEN)]
    groups = [one for one in dict.fromkeys(parts) if one not in LEVELS]
    h3 = any(one == "h3" for one in parts)
    tables = [
        count_tables(
            report, date=day.isoformat(), groups=groups, h3=h3, straight=asked.straight_too
        )
        for day, report in reports.items()
    ]
    return publish(*(table for each in tables for table in each), key=key)


def _gap_areas(report: CoverageReport) -> Any:  # noqa: ANN401 - a GeoDataFrame
    from geo_match.coverage.gap_areas.gap_areas import gap_areas  # noqa: PLC0415 - only where it is asked for

    return gap_areas(report)
