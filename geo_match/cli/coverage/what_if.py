"""What `what-if` and `rank` do: whom a supply would serve that is not there yet, or no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pyarrow as pa

from geo_match.cli.coverage.given.frames import PLACE, jobs_of_list
from geo_match.cli.coverage.rejections import rejections_of
from geo_match.cli.coverage.source import paths_of, read_judged, read_source, tell_read
from geo_match.cli.coverage.words.answer import asked_lines
from geo_match.cli.coverage.words.what_if import (
    change_lines,
    invitation_lines,
    labels_of,
    rank_lines,
)
from geo_match.cli.coverage.words.words import doing_words
from geo_match.cli.stopping import finish_anyway
from geo_match.cli.terminal import progress, say
from geo_match.coverage.release import INTERNAL
from geo_match.coverage.what_if.what_if import WhatIf
from geo_match.errors import ArgumentError, FileError
from geo_match.exchange.coverage import Content, write_files
from geo_match.exchange.coverage.asked import asked_of_report
from geo_match.exchange.coverage.content import LEVELS
from geo_match.exchange.tables import write_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd

    from geo_match.cli.audited_store import Records
    from geo_match.cli.coverage.asking.asked import Asked
    from geo_match.cli.coverage.asking.edits import Edits
    from geo_match.cli.coverage.asking.invite import Invite
    from geo_match.cli.coverage.asking.lists import AList, Lists
    from geo_match.cli.coverage.source import Source
    from geo_match.cli.coverage.target import Target
    from geo_match.coverage import CoverageReport
    from geo_match.coverage.what_if.change import Change
    from geo_match.coverage.what_if.invitation import Invitation
    from geo_match.intake.lists.records_file import RecordsFile

_STEPS: Final = 4
RANK: Final = "rank"
"""The table of candidate places."""


def change(
    source: Lists | Records, target: Target, asked: Asked, edits: Edits, *, language: str | None
) -> int:
    """Tell what would change for whom.

    Parameters
    ----------
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
    target.check([*paths_of(source), *(one.path for one in edits.lists.values())])
    read = read_source(source, asked, language=language)
    files = _files(edits.lists, asked, language)
    rejections = rejections_of({**read.files, **files}, target.listing)
    told_in = read.language
    with progress(doing_words("computing", told_in), _STEPS, compiles=told_in) as advance:
        report = _report(read)
        advance(1)
        frames = {name: _rows(file, asked) for name, file in files.items()}
        made = _changed(WhatIf(report), edits, frames)
        advance(1)
        names = asked.by or levels_of(report)
        tables = {name: made.by(name) for name in names}
        labels = labels_of(
            {name: len(file.records) for name, file in files.items()},
            len(edits.close),
            edits.radius_m,
            n_streets=0 if edits.street is None else 1,
            language=told_in,
        )
        content = _content(read, report, tables, labels)
        advance(1)
        also = dict(rejections.also)
        if target.people is not None:
            also[target.people] = _writing(made.people)
        written = write_files(content, *target.out, also=also)
        advance(1)
    finish_anyway()
    _tell(read, files, language)
    read.tell_left_out(report)
    for line in change_lines(
        made,
        asked,
        labels,
        dict(zip(target.out, written, strict=True)),
        target.people,
        language=told_in,
    ):
        say(line)
    return rejections.finish()


def rank(
    source: Lists | Records,
    target: Target,
    asked: Asked,
    candidates: AList,
    invite: Invite,
    *,
    n: int | None,
    language: str | None,
) -> int:
    """Rank candidate places by how many more people each would serve.

    Parameters
    ----------
    candidates
        A list of such rows as the supply is of.
    n
        How many are chosen; None for all.
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
    lists = {"candidates": candidates}
    sites = [] if invite.sites is None else [invite.sites.path]
    target.check([*paths_of(source), candidates.path, *sites])
    read = read_source(source, asked, language=language)
    files = _files(lists, asked, language)
    if invite.sites is not None:
        files["employers' sites"] = read_judged(invite.sites, "sites", language=language)
    rejections = rejections_of({**read.files, **files}, target.listing)
    told_in = read.language
    with progress(doing_words("computing", told_in), _STEPS, compiles=told_in) as advance:
        report = _report(read)
        advance(1)
        rows = _rows(files["candidates"], asked)
        what_if = WhatIf(report)
        ranked = what_if.rank(rows, n=n)
        advance(1)
        points = gpd.points_from_xy(ranked["lon"], ranked["lat"], crs=4326)
        frame = gpd.GeoDataFrame(ranked, geometry=points)
        labels = labels_of({"candidates": len(rows)}, 0, None, language=told_in)
        content = _content(read, report, {RANK: frame}, labels)
        also = dict(rejections.also)
        invited = None
        if invite.outs:
            invited = _invited(what_if, ranked, rows, invite, files.get("employers' sites"))
            also |= _invitations(invited, invite)
        advance(1)
        written = write_files(content, *target.out, also=also)
        advance(1)
    finish_anyway()
    _tell(read, files, language)
    read.tell_left_out(report)
    files_written = dict(zip(target.out, written, strict=True))
    for line in rank_lines(ranked, report.totals(), asked, files_written, language=told_in):
        say(line)
    if invited is not None:
        for line in invitation_lines(invited, asked, invite, language=told_in):
            say(line)
    return rejections.finish()


def _changed(what_if: WhatIf, edits: Edits, frames: Mapping[str, pa.Table]) -> Change:
    """Return what would change."""
    if edits.street is not None:
        lon1, lat1, lon2, lat2 = edits.street
        return what_if.open_street(lon1=lon1, lat1=lat1, lon2=lon2, lat2=lat2)
    return what_if.change(
        add=frames.get("added"),
        move=frames.get("moved"),
        close=edits.close,
        radius_m=edits.radius_m,
    )


def _report(read: Source) -> CoverageReport:
    return read.coverage().of(read.people)


def _files(
    lists: Mapping[str, AList], asked: Asked, language: str | None
) -> dict[str, RecordsFile]:
    """Read lists of rows as the supply has them."""
    return {
        name: read_judged(one, asked.supply_kind, language=language) for name, one in lists.items()
    }


def _rows(file: RecordsFile, asked: Asked) -> pa.Table:
    """Return the rows of a list as the supply has them, each with a place.

    Raises
    ------
    FileError
        If one has none.
    """
    without = file.records.column("lon").null_count
    if without:
        raise FileError(
            file.source,
            "have a place in each row",
            f"{without:,} of {len(file.records):,} without",
            "Say where each would be, or leave it out.",
        )
    if asked.supply_kind != "jobs":
        return file.records.select(list(PLACE)).replace_schema_metadata(None)
    # Whose they are is not asked: they are not there yet.
    jobs = jobs_of_list(file, None, verified=False, on=asked.on).table
    return jobs.select([*PLACE, "vacancies"])


def levels_of(report: CoverageReport) -> list[str]:
    """Return the levels that the communities have."""
    found = [LEVELS[0]]
    for level in LEVELS[1:]:
        try:
            report.communities.level(level)
        except ArgumentError:  # codes that do not say it
            continue
        found.append(level)
    return found


def _content(
    read: Source,
    report: CoverageReport,
    tables: Mapping[str, pd.DataFrame],
    labels: tuple[tuple[str, str], ...],
) -> Content:
    asked, language = read.asked, read.language
    whose = asked_lines(asked.of, asked.supply_kind, verified=asked.verified, language=language)
    return Content(
        release=INTERNAL,
        language=language,  # type: ignore[arg-type]  # as the command line has checked
        date=asked.on.isoformat(),
        tables=tables,
        totals={},
        asked=(*whose, *labels, *asked_of_report(report.options, language)),
        gap_areas=None,
        supply=None,
        plan={},
    )


def _invited(
    what_if: WhatIf,
    ranked: pd.DataFrame,
    rows: pa.Table,
    invite: Invite,
    sites: RecordsFile | None,
) -> Invitation:
    """Return whom to invite to a candidate, or to what there is already."""
    to = str(ranked["id"].iloc[0]) if invite.to is None else invite.to
    at = rows.column("id").to_pylist()
    place: object = rows.slice(at.index(to), 1) if to in at else to
    employers = None
    if sites is not None:
        employers = sites.records.select(list(PLACE)).replace_schema_metadata(None)
    return what_if.invite(place, employers=employers, only=invite.only, on=invite.on)


def _invitations(invited: Invitation, invite: Invite) -> dict[Path, Callable[[Path], object]]:
    """Return what writes the lists of names."""
    found = {}
    if invite.people_out is not None:
        found[invite.people_out] = _writing(invited.people)
    if invite.employers_out is not None and invited.employers is not None:
        found[invite.employers_out] = _writing(invited.employers)
    return found


def _writing(frame: pd.DataFrame) -> Callable[[Path], Any]:
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    return lambda path: write_tables([table], path)


def _tell(read: Source, files: Mapping[str, RecordsFile], language: str | None) -> None:
    read.tell(language)
    for file in files.values():
        tell_read(file, language)
