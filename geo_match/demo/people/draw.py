"""The invented people of the demonstration city: households, their members, and who seeks a job.

Any share of the city is households of the whole city, the same at each draw: those of a share lie
evenly among the numbers of each community, and these run along its homes.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd

from geo_match.demo._random import stream
from geo_match.demo.facts import WGS84
from geo_match.demo.people.columns import texts
from geo_match.demo.people.households import (
    Members,
    count_households,
    count_parts,
    draw_kinds,
    draw_members,
    list_part,
    sizes_of,
)
from geo_match.demo.people.seekers import Wishes, choose_seekers, draw_wishes, list_wishes
from geo_match.demo.people.working_life import (
    DIFFICULTY,
    EDUCATION,
    ZERO_EMPLOYMENT,
    WorkingLife,
    birth_year,
    draw_working_life,
    find_zero_employment,
)
from geo_match.demo.vocabulary import GROUPS, STATUS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo_match.demo.ground.homes import Homes
    from geo_match.demo.ground.land import Land

    _Columns: TypeAlias = dict[str, NDArray[Any]]

_URBAN_HUKOU: Final = {"居委会": 0.72, "村委会": 0.07, "其他": 0.40}
_WISHES: Final = tuple(field.name for field in fields(Wishes))
_EDUCATION_UNKNOWN: Final = 0.03
_GROUP_UNKNOWN: Final = 0.02
_MOST_HOUSEHOLDS: Final = np.uint64(1_000_000)
"""More than a community has; keys of households are its row times this, and their number."""
_MOST_MEMBERS: Final = np.uint64(10)


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Everybody in the city, or in a share of it; nobody in it exists.

    Parameters
    ----------
    share
        The share of all households that is here.
    households
        By community and number: `id` ("H", the community's code, "-", the number), `community`
        (12 digits), `members` (how many), `hukou` (urban or rural), `zero_employment` (suspected
        on the reference date) and `geometry`, WGS-84.
    members
        By household: `household` (row of their household here), `number` (in the household from
        1), `birth_year`, `sex`, `education` (highest finished), `status` (employment status on
        the reference date), `working_age` (on that date), `graduate`, `migrant_worker`,
        `veteran`, `retired_fisherman` (groups) and `difficulty` (the kind of employment
        difficulty, or none).
    seekers
        By member: `id` ("S", the household's, "-", the member's number), `household` (id),
        `community`, `birth_year`, `sex`, `education`, `status`, `occupation` (three digits of
        GB/T 6565-2009), `wage_floor_cny` (CNY a month), `shift`, `accepts_ordinary`,
        `accepts_flexible`, `accepts_public_welfare`, `accepts_traineeship`, the groups,
        `difficulty` and `geometry`, the household's. Unknown is null, never a value.
    key
        A number for each household, the same in every share of the city, ascending, uint64.
    """

    share: float
    households: gpd.GeoDataFrame
    members: pd.DataFrame
    seekers: gpd.GeoDataFrame
    key: NDArray[np.uint64]

    def member_key(self) -> NDArray[np.uint64]:
        """Return a number for each member, the same in every share of the city, shape (m,)."""
        return _member_key(self.key, self.members)

    def seeker_row(self) -> NDArray[np.int64]:
        """Return the row of each seeker among the members, shape (s,)."""
        home = pd.Index(self.households["id"]).get_indexer(self.seekers["household"])
        number = self.seekers["id"].str.rpartition("-")[2].astype(np.uint64).to_numpy()
        key = self.key[home] * _MOST_MEMBERS + number
        return np.asarray(np.searchsorted(self.member_key(), key))


def _member_key(key: NDArray[np.uint64], members: pd.DataFrame) -> NDArray[np.uint64]:
    number = members["number"].to_numpy(np.uint64)
    return np.asarray(key[members["household"].to_numpy()] * _MOST_MEMBERS + number)


def household_key(
    community: NDArray[np.integer], number: NDArray[np.integer]
) -> NDArray[np.uint64]:
    """Return the number of each household that is the same in every share of the city, (h,).

    Parameters
    ----------
    community
        Row of its community among the areas, shape (h,).
    number
        Its own in the community, shape (h,).
    """
    return community.astype(np.uint64) * _MOST_HOUSEHOLDS + number.astype(np.uint64)


def draw_people(
    land: Land,
    areas: gpd.GeoDataFrame,
    homes: Homes,
    *,
    share: float = 1.0,
    seed: int | None = None,
) -> People:
    """Draw the people of the city, or of a share of it.

    Parameters
    ----------
    land
        What `draw_land` drew.
    areas
        What `draw_areas` drew on it.
    homes
        What `draw_homes` drew in these.
    share
        Share of the households of each community, a whole number of hundredths from 0.01 to 10; a
        smaller share's households are among a larger one's, alike in everything.
    seed
        At least 0; the land's if None.

    Raises
    ------
    ArgumentError
        If the share or the seed is out of range.
    """
    parts = count_parts(share)
    seed = land.seed if seed is None else seed
    counts = count_households(
        areas["population"].to_numpy(np.int64), (areas["kind"] == "村委会").to_numpy()
    )
    drawn = [_draw_part(areas, homes, counts, part, seed) for part in range(parts)]
    first = np.concatenate(
        [[0], np.cumsum([len(households["number"]) for households, _, _ in drawn])]
    )
    for start, (_, members, seekers) in zip(first[:-1], drawn, strict=True):
        members["household"] += start
        seekers["household"] += start
    households, members, seekers = (_join(tables) for tables in zip(*drawn, strict=True))
    order = np.lexsort((households["number"], households["community"]))
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    households = {name: values[order] for name, values in households.items()}
    for table in (members, seekers):
        table["household"] = rank[table["household"]]
        by_household = np.argsort(table["household"], kind="stable")
        for name in table:
            table[name] = table[name][by_household]
    frame = _frame_households(households, areas["code"])
    key = household_key(households["community"], households["number"])
    return People(share, frame, _frame_members(members), _frame_seekers(seekers, frame), key)


def _draw_part(
    areas: gpd.GeoDataFrame, homes: Homes, counts: NDArray[np.int64], part: int, seed: int
) -> tuple[_Columns, _Columns, _Columns]:
    """Draw one of the hundred parts: columns of households, members and seekers."""
    generator = stream(seed, "people", str(part))
    community, number = list_part(counts, part)
    kind_of_area = areas["kind"].to_numpy()
    district, _ = pd.factorize(areas["lies_in"])
    village = (kind_of_area == "村委会")[community]
    kinds = draw_kinds(village, generator, group=district[community])
    urban_rate = areas["kind"].map(_URBAN_HUKOU).to_numpy(np.float64)
    urban = generator.random(len(community)) < urban_rate[community]
    among = (number % counts[community] + generator.random(len(number))) / counts[community]
    lon, lat = homes.place(community, generator, among=among)
    members = draw_members(kinds, generator)
    life = draw_working_life(members, urban[members.household], generator)
    zero = find_zero_employment(members, life, urban)
    seeks = life.working_age & np.isin(life.status, _JOBLESS)
    life.difficulty[zero[members.household] & seeks] = ZERO_EMPLOYMENT
    households = {
        "community": community.astype(np.int16),
        "number": number.astype(np.int32),
        "members": sizes_of(kinds).astype(np.int8),
        "urban": urban,
        "zero_employment": zero,
        "lon": lon,
        "lat": lat,
    }
    return households, _list_members(members, life), _draw_seekers(members, life, generator)


_JOBLESS: Final = tuple(STATUS.index(name) for name in ("registered_unemployed", "unemployed"))


def _list_members(members: Members, life: WorkingLife) -> _Columns:
    return {
        "household": members.household.copy(),
        "number": members.number,
        "birth_year": birth_year(members.age),
        "woman": members.woman,
        "education": life.education,
        "status": life.status,
        "working_age": life.working_age,
        **{group: getattr(life, group) for group in GROUPS},
        "difficulty": life.difficulty,
    }


def _draw_seekers(members: Members, life: WorkingLife, generator: np.random.Generator) -> _Columns:
    seekers = choose_seekers(life, members.age, generator)
    wishes = draw_wishes(members.age, members.woman, life, seekers, generator)
    columns = {name: values[seekers] for name, values in _list_members(members, life).items()}
    unknown = generator.random((2, len(seekers)))
    columns["education"][unknown[0] < _EDUCATION_UNKNOWN] = -1
    columns["difficulty"][unknown[1] < _GROUP_UNKNOWN] = -1
    return columns | {name: getattr(wishes, name) for name in _WISHES}


def _join(tables: Sequence[_Columns]) -> _Columns:
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def _frame_households(columns: _Columns, code: pd.Series) -> gpd.GeoDataFrame:
    community = texts(columns["community"], code.tolist())
    number = columns["number"]
    digits = np.array([f"-{k:05d}" for k in range(int(number.max()) + 1)], dtype=object)
    prefix = ("H" + code).to_numpy(dtype=object)
    frame = pd.DataFrame(
        {
            "id": pd.array(prefix[columns["community"]] + digits[number], dtype="str"),
            "community": community,
            "members": columns["members"],
            "hukou": _hukou(columns["urban"]),
            "zero_employment": columns["zero_employment"],
        }
    )
    points = gpd.points_from_xy(columns["lon"], columns["lat"])
    return gpd.GeoDataFrame(frame, geometry=points, crs=WGS84)


def _hukou(urban: NDArray[np.bool_]) -> pd.Categorical[str]:
    return texts(urban.astype(np.int8), ("rural", "urban"))


def _sex(woman: NDArray[np.bool_]) -> pd.Categorical[str]:
    return texts(woman.astype(np.int8), ("male", "female"))


def _frame_members(columns: _Columns) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "household": columns["household"],
            "number": columns["number"],
            "birth_year": columns["birth_year"],
            "sex": _sex(columns["woman"]),
            "education": texts(columns["education"], EDUCATION),
            "status": texts(columns["status"], STATUS),
            "working_age": columns["working_age"],
            **{group: columns[group] for group in GROUPS},
            "difficulty": texts(columns["difficulty"], DIFFICULTY),
        }
    )


def _frame_seekers(columns: _Columns, households: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    home = households.iloc[columns["household"]]
    household = home["id"].to_numpy(dtype=object)
    member = np.array([f"-{k}" for k in range(10)], dtype=object)[columns["number"]]
    ids = "S" + np.array([id_[1:] for id_ in household], dtype=object) + member
    wishes = Wishes(**{name: columns[name] for name in _WISHES})
    frame = pd.DataFrame(
        {
            "id": pd.array(ids, dtype="str"),
            "household": pd.array(household, dtype="str"),
            "community": home["community"].array,
            "birth_year": columns["birth_year"],
            "sex": _sex(columns["woman"]),
            "education": texts(columns["education"], EDUCATION),
            "status": texts(columns["status"], STATUS),
            **list_wishes(wishes),
            **{group: columns[group] for group in GROUPS},
            "difficulty": texts(columns["difficulty"], DIFFICULTY),
        }
    )
    return gpd.GeoDataFrame(frame, geometry=home.geometry.array, crs=WGS84)
