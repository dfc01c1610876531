"""What `coverage` does: people, a supply and communities, of files or a store, are told of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo_match.cli.coverage.asking.parsers import BETWEEN, LEVELS
from geo_match.cli.coverage.rejections import rejections_of
from geo_match.cli.coverage.source import paths_of, read_source
from geo_match.cli.coverage.target import new_key, read_key, write_key
from geo_match.cli.coverage.words.answer import Answer, asked_lines
from geo_match.cli.coverage.words.words import doing_words, summary_lines
from geo_match.cli.stopping import finish_anyway
from geo_match.cli.terminal import progress, say
from geo_match.coverage.publication.publish import count_tables, publish
from geo_match.exchange.coverage import content_of, write_files, write_people
from geo_match.exchange.coverage.asked import asked_of_report

if TYPE_CHECKING:
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


def cover(source: Lists | Records, target: Target, asked: Asked, *, language: str | None) -> int:
    """Tell of the people of a list, or of a store.

    Parameters
    ----------
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
    read = read_source(source, asked, language=language)
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
            kept = new_key() if key is None else key
            if key is None:
                others[target.key] = lambda path: write_key(path, kept)
            shown = _publish(report, asked, kept)
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
        written = write_files(content, *target.out, also=others)
        advance(1)
    return Answer(
        content,
        report,
        asked,
        dict(zip(target.out, written, strict=True)),
        target,
        given=source.given,
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
