"""Whether the employers of a list of jobs are verified: by their own list, or a column of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_match.cli.lists import column_of
from geo_match.errors import FileError
from geo_match.matching.given.columns import LICENCE

if TYPE_CHECKING:
    import pyarrow as pa

    from geo_match.intake.lists.records_file import RecordsFile


def licensed(file: RecordsFile, employers: RecordsFile | None, *, verified: bool) -> pa.Table:
    """Return the jobs of a list, with the column of licences that the list has.

    Parameters
    ----------
    employers
        Their list, which then says it alone; None without one.
    verified
        Whether it is asked that they are verified.

    Raises
    ------
    FileError
        If that is asked, and nothing says it.
    """
    if employers is not None:
        return file.records
    licence = column_of(file, LICENCE)
    if licence is not None:
        return file.records.append_column(LICENCE, licence)
    if verified:
        raise FileError(
            file.source,
            f"have the column `{LICENCE}`",
            "no such column, and no --employers",
            "Give the list of employers with --employers: a job whose employer is not known to be "
            "verified does not count. Or leave that aside with --without employer.",
        )
    return file.records
