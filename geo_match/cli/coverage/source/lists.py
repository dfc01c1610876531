"""Lists that coverage is made of, read into records that were judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.cli.coverage.given.frames import jobs_of_list
from geo_match.cli.coverage.given.given import Given
from geo_match.cli.coverage.given.suspicions import Ground
from geo_match.cli.coverage.source.source import Source
from geo_match.cli.coverage.words.words import no_rows_line
from geo_match.cli.telling import ToldError, language_for
from geo_match.coverage.given.from_store import OF_JOBS, jobs_of_store, people_on
from geo_match.errors import FileError, GeoMatchError
from geo_match.store import record_schema
from geo_match.store.reading.past import holding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pyarrow as pa

    from geo_match.cli.coverage.asking.asked import Asked
    from geo_match.cli.coverage.asking.lists import Lists
    from geo_match.cli.coverage.source.reading import Reading
    from geo_match.intake.chinese import Language
    from geo_match.intake.lists.records_file import RecordsFile

_NO_ROWS: Final = ("hold at least one row", "headers only or no feature at all")
"""How a file with headers, but without rows, is refused by its reader."""
_NO_COMMUNITIES: Final = {
    "en": "warning: {} has headers and no communities: everybody counts as outside all of them",
    "zh": "注意：{}只有表头，没有社区，所有人都计为不在任何社区",
}
_OF_MEMBERS: Final = {
    "en": "warning: {} is a list of members (家庭成员): it says neither where households are nor "
    "in which community. Give the list of households, or import both into a store",
    "zh": "注意：{}是家庭成员名单，没有住户的位置，也没有社区。请改用家庭名单，"
    "或将两份名单都导入数据库",
}


def read_lists(lists: Lists, asked: Asked, reading: Reading) -> Source:
    """Read the lists; those of places are judged beside the communities.

    Parameters
    ----------
    reading
        What reads them. Its language is told and written in too; that of the people's headers
        where it has none.

    Raises
    ------
    GeoMatchError
        If a list is refused as a whole, or none of its rows can be used.
    """
    people = reading.read(lists.people, asked.of)
    supply = _unless_empty(lambda: reading.read(lists.supply, asked.supply_kind))
    areas = _unless_empty(
        lambda: reading.read(lists.communities, "communities", crossing=asked.repair)
    )
    communities = record_schema("communities").empty_table() if areas is None else areas.records
    ground = Ground.of(communities, lists.communities.path)

    used = {asked.of: reading.judged(lists.people, asked.of, ground)}
    if supply is not None:
        used[asked.supply_kind] = reading.judged(lists.supply, asked.supply_kind, ground)
    if areas is not None:
        used["communities"] = areas
    if lists.employers is not None:
        used["employers"] = reading.read(lists.employers, "employers")
    found, not_verified = _supply(asked, supply, used.get("employers"))
    who, left_out = people.records, 0
    if not asked.former_too:
        who, left_out = people_on(who, asked.of, asked.on)
    records = {asked.of: who, asked.supply_kind: found}
    told_in = language_for(people, reading.language)
    return Source(
        asked=asked,
        given=Given(records, communities, not_verified, left_out),
        language=told_in,
        communities_of=f"{lists.communities.path}",
        files=used,
        said=tuple(_said(lists, asked, used, told_in)),
    )


def _supply(
    asked: Asked, supply: RecordsFile | None, employers: RecordsFile | None
) -> tuple[pa.Table, int | None]:
    """Return the supply of a list on the day, and how many jobs are not of verified employers."""
    kind = asked.supply_kind
    if kind != "jobs":
        places = record_schema(kind).empty_table() if supply is None else supply.records
        return holding(kind, places, asked.on), None
    if supply is None:
        jobs = jobs_of_store(*_no_jobs(), verified=asked.verified)
    else:
        jobs = jobs_of_list(supply, employers, verified=asked.verified, on=asked.on)
    return jobs.table, jobs.not_verified


def _said(
    lists: Lists, asked: Asked, used: Mapping[str, RecordsFile], language: Language
) -> Iterator[str]:
    """Yield what is to be known of lists as a whole: what they are, or that they have no row."""
    if used[asked.of].joined is not None:
        yield _OF_MEMBERS[language].format(lists.people.path)
    if asked.supply_kind not in used:
        yield no_rows_line(asked.supply_kind, str(lists.supply.path), language)
    if "communities" not in used:
        yield _NO_COMMUNITIES[language].format(lists.communities.path)


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
