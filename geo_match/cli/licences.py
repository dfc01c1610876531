"""Whether the employers of a list of jobs are verified: by their own list, or a column of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from geo_match.cli.lists import column_of
from geo_match.errors import FileError
from geo_match.matching.given.columns import LICENCE, OF_EMPLOYER

if TYPE_CHECKING:
    from geo_match.intake.lists.records_file import RecordsFile

HEADERS: Final = (LICENCE, *(one for one in OF_EMPLOYER.headers if one not in {LICENCE, "licence"}))
"""Headers of the column in a list of jobs, as a list of employers has them."""


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
    for header in HEADERS:
        licence = column_of(file, header)
        if licence is not None:
            return file.records.append_column(LICENCE, _in_kept_words(licence))
    if verified:
        raise FileError(
            file.source,
            f"have the column `{LICENCE}` or {' or '.join(HEADERS[1:])}",
            "no such column, and no --employers",
            "Give the list of employers with --employers: a job whose employer is not known to be "
            "verified does not count. Or leave that aside with --without employer.",
        )
    return file.records


def _in_kept_words(licence: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return licences as records have them; what is none of their words stays, to be refused."""
    words = {
        word: kept
        for kept, others in (OF_EMPLOYER.about.choices or {}).items()
        for word in others.split()
    }
    if not pa.types.is_string(licence.type):
        return licence
    bare = pc.utf8_trim_whitespace(licence)
    at = pc.index_in(bare, value_set=pa.array(words, pa.string()))
    kept = pa.array(words.values(), pa.string()).take(at.combine_chunks())
    return pc.coalesce(pa.chunked_array([kept]), licence)
