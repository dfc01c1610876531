"""Places that are supposed: the rows of a list of what would be there, left out as the supply's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geo_match.cli.coverage.given.frames import jobs_of_list
from geo_match.coverage.given.from_store import supply_of_jobs, supply_of_places
from geo_match.errors import FileError
from geo_match.intake.faults import counted
from geo_match.store.reading.past import holding

if TYPE_CHECKING:
    import pyarrow as pa

    from geo_match.cli.coverage.asking.asked import Asked
    from geo_match.intake.lists.records_file import RecordsFile

_CALLED: Final = {"jobs": "title", "stations": "name", "sites": "name"}


@dataclass(frozen=True, slots=True)
class Supposed:
    """Places that are supposed, and how many rows of their list are left out.

    Parameters
    ----------
    table
        As the supply has them, each with a place.
    not_open
        How many are left out since they are not open on the day.
    filled
        How many jobs are left out since nothing of them is left, where jobs are counted.
    """

    table: pa.Table
    not_open: int = 0
    filled: int = 0


def supposed(file: RecordsFile, asked: Asked) -> Supposed:
    """Return the rows of a list that count on the day that is asked about.

    Whose they are is not asked: they are not there yet.

    Raises
    ------
    FileError
        If none is left, or one has no place.
    """
    records, kind = file.records, asked.supply_kind
    if kind == "jobs":
        jobs = jobs_of_list(file, None, verified=False, on=asked.on).table
        n_open = len(jobs)
        table = supply_of_jobs(jobs, eligible=False, count=asked.options.count)
    else:
        places = holding(kind, records, asked.on)
        n_open = len(places)
        table = supply_of_places(places)
    found = Supposed(table, len(records) - n_open, n_open - len(table))
    if not len(table):
        said = [f"{counted(found.not_open, 'row')} not open then"] if found.not_open else []
        said += [f"{counted(found.filled, 'row')} with nothing left"] if found.filled else []
        raise FileError(
            file.source,
            f"have a row that counts on {asked.on}",
            ", ".join(said),
            "Give another day with --on, or correct the days in it.",
        )
    without = table.column("lon").null_count
    if without:
        raise FileError(
            file.source,
            "have a place in each row",
            f"{without:,} of {len(table):,} without",
            "Say where each would be, or leave it out.",
        )
    return found


def names_of(records: pa.Table, kind: str) -> dict[str, str]:
    """Return what places are called, by their ids; nothing of those without a name.

    Parameters
    ----------
    records
        With `id`, and `title` or `name` if that is known.
    kind
        Of the places.
    """
    if _CALLED[kind] not in records.column_names:
        return {}
    ids, names = (records.column(name).to_pylist() for name in ("id", _CALLED[kind]))
    return {one: name for one, name in zip(ids, names, strict=True) if name is not None}
