"""The lists that a service plan is made of beside people and supply: read, and put beside these."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geo_match.cli.coverage.asking.lists import Lists
from geo_match.cli.coverage.asking.planned import MEMBERS
from geo_match.cli.coverage.given.frames import jobs_of_list
from geo_match.cli.coverage.given.plan import with_members
from geo_match.cli.coverage.words.left_out import of_plan_lines
from geo_match.store.reading.past import holding

if TYPE_CHECKING:
    from geo_match.cli.audited_store import Records
    from geo_match.cli.coverage.source import Reading, Source

_HOUSEHOLDS = "households"


def with_plan_lists(read: Source, lists: Lists | Records, reading: Reading) -> Source:
    """Return what was read, and beside it what a service plan alone is made of.

    Parameters
    ----------
    read
        People, a supply and communities.
    lists
        What they were read from. A store has all that there is.
    reading
        What reads them.

    Raises
    ------
    GeoMatchError
        If a list is refused as a whole, or none of its rows can be used.
    """
    if not isinstance(lists, Lists) or not lists.planned:
        return read
    asked, ground, records, files = (
        read.asked,
        read.ground,
        dict(read.given.records),
        dict(read.files),
    )
    not_verified = 0
    for kind, one in lists.planned.items():
        record_kind = _HOUSEHOLDS if kind == MEMBERS else kind
        file = files[kind] = reading.judged(one, record_kind, ground)
        if kind == "jobs":
            jobs = jobs_of_list(
                file, read.files.get("employers"), verified=asked.verified, on=asked.on
            )
            records[kind], not_verified = jobs.table, jobs.not_verified or 0
        elif kind in {"sites", "stations"}:
            records[kind] = holding(kind, file.records, asked.on)
        elif kind != MEMBERS:  # who of the seekers is registered, the plan looks at itself
            records[kind] = file.records
    unknown = 0
    if MEMBERS in files:
        joined = with_members(records[_HOUSEHOLDS], files[MEMBERS].records)
        records[_HOUSEHOLDS], unknown = joined
    told = of_plan_lines(not_verified, unknown, asked.on, language=read.language)
    return replace(
        read,
        given=replace(read.given, records=records),
        files=files,
        said=(*read.said, *told),
    )
