"""The rejected rows of the lists that coverage is made of: listed together with the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from geo_match.exchange.rejections import write_rejections

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from geo_match.cli.circles import Target as Listing
    from geo_match.intake import PlacesFile
    from geo_match.intake.lists.records_file import RecordsFile


@dataclass(frozen=True, slots=True)
class Rejections:
    """The rejected rows of lists.

    Parameters
    ----------
    listing
        Where they are listed.
    files
        The lists by what each was read for.
    also
        What writes them, by the path; nothing if there are none.
    """

    listing: Listing
    files: dict[str, PlacesFile]
    also: Mapping[Path, Callable[[Path], object]]

    def finish(self) -> int:
        """Tell of them, or remove an older list of them; return the exit status."""
        return self.listing.finish(self.files)


def rejections_of(files: Mapping[str, RecordsFile], listing: Listing) -> Rejections:
    """Return the rejected rows of lists, which appear together with the answer.

    Raises
    ------
    FileError
        If their list would replace a file that is none.
    """
    # A list has what is asked of a file of places there: its source and its rejections.
    read = cast("dict[str, PlacesFile]", dict(files))
    is_any = listing.rejected(read) is not None
    also = {listing.rejects: lambda path: write_rejections(path, read)} if is_any else {}
    return Rejections(listing, read, also)
