"""What an office would send of the demonstration city, and what is wrong with it.

The lists are made from the clean frames and hold every row of theirs. Defects are put in on
purpose, and each is labelled with what should stand there: who reads the lists can be held to
finding every one of them and to losing no good row.

There are no phone numbers and no ID-card numbers in them, not even invented ones: any number of
the right form may be somebody's. Every invented name says 示例, example.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from geo_match.demo.office.communities import draft_communities
from geo_match.demo.office.employers import draft_employers
from geo_match.demo.office.households import draft_households
from geo_match.demo.office.postings import draft_postings
from geo_match.demo.office.register import Register
from geo_match.demo.office.seekers import draft_seekers
from geo_match.demo.office.sites import draft_sites
from geo_match.demo.office.stations import draft_stations

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

    from geo_match.demo.office.draft import Draft
    from geo_match.demo.people import People
    from geo_match.demo.work import Work


@dataclass(frozen=True, slots=True, eq=False)
class Office:
    """The lists of an office, and their defects.

    Parameters
    ----------
    lists
        By file name, all text, headers in Chinese.
    defects
        By file and row: `file`, `row` (1 is the first below the header), `id` (the row's own,
        also where another one is written), `column` (several by ", ", none for the whole row),
        `defect` (a name in `geo_match.demo.office.defects.DEFECTS`), `value` (as written) and
        `truth` (what should stand there; empty where nobody knows, and for a whole row). Several
        columns' values stand in one text, by ", ".
    """

    lists: dict[str, pd.DataFrame]
    defects: pd.DataFrame


def draw_office(people: People, work: Work, areas: gpd.GeoDataFrame, *, seed: int) -> Office:
    """Draw what an office would send.

    Parameters
    ----------
    people, work
        Who is in the lists: all of the city or some of it.
    areas
        What `draw_areas` drew: at least the communities of all of these.
    seed
        At least 0. A row has the same defects in any share of the city, but for those that
        `LEAST` asks for in a short list, for shared ids and for which postings have no
        coordinates.

    Raises
    ------
    ArgumentError
        If the seed is no whole number of at least 0, or a community is not among the areas.
    """
    lists, defects = {}, []
    for draft in _drafts(people, work, Register.of(areas), seed):
        lists[draft.file], labels = draft.finish()
        defects.append(labels)
    return Office(lists, pd.concat(defects, ignore_index=True))


def _drafts(people: People, work: Work, register: Register, seed: int) -> Iterator[Draft]:
    """Write one list after the other, so that only one is held twice."""
    yield draft_communities(register, seed=seed)
    yield draft_households(people, register, seed=seed)
    yield draft_seekers(people, register, seed=seed)
    yield draft_employers(work.employers, seed=seed)
    yield draft_sites(work.sites, register, seed=seed)
    yield from draft_postings(work.jobs, register, seed=seed)
    yield draft_stations(work.stations, register, seed=seed)
