"""What `what-if` and `rank` do: whom a supply would serve that is not there yet, or no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
import pyarrow as pa

from geo_match.cli.coverage.given.supposed import names_of, supposed
from geo_match.cli.coverage.rejections import rejections_of
from geo_match.cli.coverage.source import Reading, paths_of, read_source, tell_read
from geo_match.cli.coverage.words.answer import asked_lines
from geo_match.cli.coverage.words.what_if import (
    change_lines,
    invitation_lines,
    labels_of,
    not_counted_lines,
    rank_lines,
)
from geo_match.cli.coverage.words.words import doing_words
from geo_match.cli.stopping import finish_anyway
from geo_match.cli.terminal import progress, say
from geo_match.coverage.given.from_store import supply_of_places
from geo_match.coverage.release import INTERNAL, RELEASE
from geo_match.coverage.what_if.what_if import WhatIf
from geo_match.exchange.coverage import Content, write_files
from geo_match.exchange.coverage.asked import asked_of_report
from geo_match.exchange.tables import write_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from geo_match.cli.audited_store import Records
    from geo_match.cli.coverage.asking.asked import Asked
    from geo_match.cli.coverage.asking.edits import Edits
    from geo_match.cli.coverage.asking.invite import Invite
    from geo_match.cli.coverage.asking.lists import AList, Lists
    from geo_match.cli.coverage.given.supposed import Supposed
    from geo_match.cli.coverage.source import Source
    from geo_match.cli.coverage.target import Target
    from geo_match.coverage import CoverageReport
    from geo_match.coverage.what_if.change import Change
    from geo_match.coverage.what_if.invitation import Invitation
    from geo_match.intake.lists.records_file import RecordsFile

_STEPS: Final = 4
RANK: Final = "rank"
"""The table of candidate places."""
_CANDIDATES: Final = "candidates"
_SITES: Final = "employers' sites"


def change(
    source: Lists | Records,
    target: Target,
    asked: Asked,
    edits: Edits,
    *,
    language: str | None,
    accept_suspicions: bool = False,
) -> int:
    """Tell what would change for whom.

    Parameters
    ----------
    language
        As `geo_match.cli.coverage.coverage.cover` takes it.
    accept_suspicions
        Whether lists are taken that look wrong as a whole.

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
    read = read_source(source, asked, language=language, accept_suspicions=accept_suspicions)
    files = _files(edits.lists, read, language, accept=accept_suspicions)
    rows = {name: supposed(file, asked) for name, file in files.items()}
    rejections = rejections_of({**read.files, **files}, target.listing)
    told_in = read.language
    with progress(doing_words("computing", told_in), _STEPS, compiles=told_in) as advance:
        report = _report(read)
        advance(1)
        made = _changed(WhatIf(report), edits, {name: one.table for name, one in rows.items()})
        advance(1)
        names = asked.by or list(report.communities.levels)
        tables = {name: made.by(name) for name in names}
        labels = labels_of(
            {name: len(one.table) for name, one in rows.items()},
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
    _tell(read, files, rows, language)
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
    accept_suspicions: bool = False,
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
    accept_suspicions
        As in `change`.

    Returns
    -------
    int
        `ALL_USED` or `SOME_REJECTED`.

    Raises
    ------
    GeoMatchError
        If anything is refused; nothing is written then.
    """
    sites = {} if invite.sites is None else {_SITES: invite.sites}
    target.check([*paths_of(source), candidates.path, *(one.path for one in sites.values())])
    also = ("sites",) if invite.employers_out is not None and not sites else ()
    accept = accept_suspicions
    read = read_source(source, asked, language=language, accept_suspicions=accept, also=also)
    files = _files({_CANDIDATES: candidates}, read, language, accept=accept)
    rows = {_CANDIDATES: supposed(files[_CANDIDATES], asked)}
    files |= _files(sites, read, language, accept=accept, kind="sites")
    rejections = rejections_of({**read.files, **files}, target.listing)
    told_in = read.language
    with progress(doing_words("computing", told_in), _STEPS, compiles=told_in) as advance:
        report = _report(read)
        advance(1)
        what_if = WhatIf(report)
        ranked = what_if.rank(rows[_CANDIDATES].table, n=n)
        advance(1)
        points = gpd.points_from_xy(ranked["lon"], ranked["lat"], crs=4326)
        frame = gpd.GeoDataFrame(ranked, geometry=points)
        labels = labels_of({_CANDIDATES: len(ranked)}, 0, None, language=told_in)
        content = _content(read, report, {RANK: frame}, labels)
        writers = dict(rejections.also)
        invited = name = None
        if invite.outs:
            to = str(ranked["id"].iloc[0]) if invite.to is None else invite.to
            found = files[_SITES].records if sites else read.given.records.get("sites")
            invited = _invited(what_if, to, rows[_CANDIDATES].table, invite, found)
            name = _name_of(to, read, files[_CANDIDATES])
            writers |= _invitations(invited, name, invite)
        advance(1)
        written = write_files(content, *target.out, also=writers)
        advance(1)
    finish_anyway()
    _tell(read, files, rows, language)
    read.tell_left_out(report)
    files_written = dict(zip(target.out, written, strict=True))
    for line in rank_lines(ranked, report.totals(), asked, files_written, language=told_in):
        say(line)
    if invited is not None:
        for line in invitation_lines(invited, name, asked, invite, language=told_in):
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
    lists: Mapping[str, AList],
    read: Source,
    language: str | None,
    *,
    accept: bool,
    kind: str | None = None,
) -> dict[str, RecordsFile]:
    """Read lists of a kind, that of the supply if None, and judge them beside the communities."""
    if not lists:
        return {}
    ground, of = read.ground, kind or read.asked.supply_kind
    reading = Reading(language=language, accept_suspicions=accept)
    return {name: reading.judged(one, of, ground) for name, one in lists.items()}


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
    what_if: WhatIf, to: str, rows: pa.Table, invite: Invite, sites: pa.Table | None
) -> Invitation:
    """Return whom to invite to a candidate, or to what there is already."""
    at = rows.column("id").to_pylist()
    place: object = rows.slice(at.index(to), 1) if to in at else to
    employers = None
    if invite.employers_out is not None and sites is not None:
        employers = supply_of_places(sites)
    return what_if.invite(place, employers=employers, only=invite.only, on=invite.on)


def _name_of(to: str, read: Source, candidates: RecordsFile) -> str | None:
    """Return what a candidate, or a row of the supply, is called; None if that is not known."""
    kind = read.asked.supply_kind
    names = names_of(read.given.records[kind], kind) | names_of(candidates.records, kind)
    return names.get(to)


def _invitations(
    invited: Invitation, name: str | None, invite: Invite
) -> dict[Path, Callable[[Path], object]]:
    """Return what writes the lists of names, each row with the place that it is for."""
    found = {}
    for path, frame in (
        (invite.people_out, invited.people),
        (invite.employers_out, invited.employers),
    ):
        if path is not None and frame is not None:
            to = frame.assign(place_id=invited.id, place_name=pd.Series(name, frame.index, "str"))
            order = [one for one in frame.columns if one not in {"on", RELEASE}]
            found[path] = _writing(to[[*order, "place_id", "place_name", "on", RELEASE]])
    return found


def _writing(frame: pd.DataFrame) -> Callable[[Path], Any]:
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    return lambda path: write_tables([table], path)


def _tell(
    read: Source,
    files: Mapping[str, RecordsFile],
    rows: Mapping[str, Supposed],
    language: str | None,
) -> None:
    """Tell what became of each list's rows, and which of them do not count."""
    read.tell(language)
    for name, file in files.items():
        tell_read(file, language)
        if name in rows:
            for line in not_counted_lines(rows[name], read.asked, language=read.language):
                say(line)
