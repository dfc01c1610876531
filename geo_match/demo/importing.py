"""Importing a city that lies in a folder: its tables of records go into a store through intake.

Nothing is known of these files but what they say themselves: their columns are named as the fields
of records are, and they are judged as any office's lists.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from geo_match.demo.files import MARKER
from geo_match.demo.tables import SUFFIX
from geo_match.errors import FileError
from geo_match.intake.importing import import_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from geo_match.intake.importing import ImportReport
    from geo_match.store import Store


class CityList(NamedTuple):
    """A table of a city whose rows are records.

    Parameters
    ----------
    table
        Its file without the suffix.
    kind
        Of its records.
    """

    table: str
    kind: str


LISTS: Final = (
    CityList("communities", "communities"),
    CityList("stations", "stations"),
    CityList("employers", "employers"),
    CityList("sites", "sites"),
    CityList("jobs", "jobs"),
    CityList("history/closed_jobs", "jobs"),
    CityList("households", "households"),
    CityList("members", "households"),
    CityList("seekers", "seekers"),
    CityList("history/former_seekers", "seekers"),
    CityList("history/spells", "spells"),
    CityList("history/services", "services"),
)
"""In an order in which each is judged by those before it: communities, whose codes the others name,
come first, and what names a record follows it. Members make the households that they name whole.

The other tables are no lists of records (incomes, visits, …), or ground (streets)."""


def import_city(
    folder: Path, store: Store, *, watch: Callable[[CityList], None] = lambda _: None
) -> Iterator[tuple[CityList, ImportReport]]:
    """Import the lists of a city one after the other, as `geo_match.intake.importing` does.

    If it is stopped on the way, the same import goes on there; once it is done, it changes nothing.

    Parameters
    ----------
    folder
        What `write_city` wrote.
    store
        Where the records go.
    watch
        Told each list before it is read.

    Yields
    ------
    tuple
        Each list, once it is in the store, and what became of its rows.

    Raises
    ------
    FileError
        If the folder holds no city, or not all of one; or if a list cannot be read, or looks wrong
        as a whole.
    StoreError
        If the store cannot be read or written to.
    """
    check_city(folder)
    for one in LISTS:
        watch(one)
        yield one, import_file(folder / f"{one.table}{SUFFIX}", one.kind, store)


def check_city(folder: Path) -> None:
    """Check that a folder holds a whole city.

    Raises
    ------
    FileError
        If it does not.
    """
    remedy = "`geo-match demo --out FOLDER` draws one."
    try:
        about = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FileError(
            folder, f"hold a city ({MARKER})", f"a folder without one ({error})", remedy
        ) from None
    if not isinstance(about, dict) or about.get("complete") is not True:
        raise FileError(folder, "hold a whole city", "one that is not complete", remedy)
