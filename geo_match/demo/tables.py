"""The tables of a city by their file names, and the dictionary that explains every column.

`dictionary/tables.csv` says of each table what is in it and whether it is real or drawn;
`dictionary/columns.csv` says of each column what it means. Both are written into the README that
goes with the files.
"""

from __future__ import annotations

import csv
from importlib import resources
from typing import TYPE_CHECKING, Final, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from geo_match.demo import facts

if TYPE_CHECKING:
    import pandas as pd

    from geo_match.demo.city import City

SUFFIX: Final = ".parquet"
INVENTED: Final = "invented"
"""The column that says of each row, in each file, that nothing of it is real."""


class Column(NamedTuple):
    """What a column of a table means.

    Parameters
    ----------
    table, name
        Where it stands.
    kind
        Text, whole number, date, ….
    empty
        Whether it may be null.
    meaning
        In words.
    """

    table: str
    name: str
    kind: str
    empty: bool
    meaning: str


class Table(NamedTuple):
    """What a table holds.

    Parameters
    ----------
    name
        Its file without the suffix.
    title
        In Chinese.
    like
        The table whose columns it has too; empty for none.
    real
        What of it is real, or nothing.
    meaning
        What a row is.
    """

    name: str
    title: str
    like: str
    real: str
    meaning: str


def read_dictionary() -> tuple[list[Table], list[Column]]:
    """Return what is known of each table and each column, in the order of the files."""
    tables = [Table(**row) for row in _rows("tables.csv")]
    columns = [
        Column(row["table"], row["name"], row["kind"], row["empty"] == "yes", row["meaning"])
        for row in _rows("columns.csv")
    ]
    return tables, columns


def _rows(name: str) -> list[dict[str, str]]:
    file = resources.files(__package__).joinpath("dictionary", name)
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


def tables_of(city: City) -> dict[str, pd.DataFrame]:
    """Return the tables of a city by their names, in the order in which they are written."""
    people, work = city.people, city.work
    members = people.members.copy()
    members["household"] = people.households["id"].to_numpy()[members["household"]]
    return {
        "districts": _districts(city),
        "river": _river(city),
        "communities": _communities(city),
        "streets": _invented(city.streets.lines),
        "households": _invented(people.households),
        "members": _invented(members),
        "seekers": _invented(people.seekers),
        "operators": _invented(work.operators),
        "employers": _invented(work.employers),
        "sites": _invented(work.sites),
        "jobs": _invented(work.jobs),
        "stations": _invented(work.stations),
        "history/closed_jobs": _invented(work.closed_jobs),
        **{f"history/{name}": _invented(frame) for name, frame in city.history.tables().items()},
    }


def _invented(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(**{INVENTED: True})


def _districts(city: City) -> gpd.GeoDataFrame:
    districts = facts.districts()
    kept = city.scale.districts
    districts["included"] = districts["code"].isin(kept) if kept else True
    return districts


def _river(city: City) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"name": ["淮河"], "width_drawn": [True]}, geometry=[city.land.river], crs=facts.WGS84
    )


def _communities(city: City) -> gpd.GeoDataFrame:
    """Return all communities: those elsewhere are named by work at the edge of the districts."""
    areas = city.areas.copy()
    kept = city.scale.districts
    areas["included"] = areas["lies_in"].isin(kept) if kept else True
    renumbered = facts.renumbered().set_index("new_code")["old_code"]
    areas["previous_code"] = areas["code"].map(renumbered)
    homes = city.people.households["community"].value_counts()
    areas["households"] = areas["code"].map(homes).fillna(0).astype(np.int32)
    areas["area_drawn"] = True
    areas["population_drawn"] = True
    areas.geometry = shapely.normalize(areas.geometry.to_numpy())
    return areas
