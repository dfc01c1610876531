"""What is known of Bengbu and shipped: outlines, communities, the census, the Huai.

`SOURCES.md` beside this module says where each file comes from, under which licence, and what was
changed; `data/collect_facts.py` writes them anew. Nothing here is drawn but what says so.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from io import StringIO
from typing import Final

import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString, shape

__all__ = ["communities", "districts", "huai", "renumbered"]

WGS84: Final = "EPSG:4326"
URBAN_DISTRICTS: Final = ("340302", "340303", "340304", "340311")
"""The city proper; the other three are counties."""


def _text(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


@cache
def _districts() -> gpd.GeoDataFrame:
    features = json.loads(_text("districts.geojson"))["features"]
    outlines = gpd.GeoDataFrame(
        {
            "code": [feature["properties"]["code"] for feature in features],
            "name": [feature["properties"]["name"] for feature in features],
        },
        geometry=[shape(feature["geometry"]) for feature in features],
        crs=WGS84,
    )
    census = pd.read_csv(StringIO(_text("census_2020.csv")), dtype={"code": str})
    people = census.set_index("code")["population_2020"]
    outlines.insert(2, "population_2020", people.loc[outlines["code"]].to_numpy())
    return outlines


def districts() -> gpd.GeoDataFrame:
    """Return the seven districts and counties of the city.

    Returns
    -------
    geopandas.GeoDataFrame
        WGS-84, in the order of their codes: `code` (6 digits), `name`, `population_2020`
        (resident population, 常住人口, of the census of 1 November 2020), `geometry` (polygons
        that share their borders, without gaps or overlaps). A new copy each time.

    Examples
    --------
    >>> from geo_match.demo import facts
    >>> int(facts.districts()["population_2020"].sum())
    3296408
    """
    return _districts().copy()


@cache
def _communities() -> pd.DataFrame:
    return pd.read_csv(StringIO(_text("communities.csv")), dtype=str)


def communities() -> pd.DataFrame:
    """Return the 1,157 communities and villages as the national list of 2023 has them.

    Returns
    -------
    pandas.DataFrame
        In the order of their codes, all text: `code` (12 digits), `name`, `kind` (居委会, 村委会
        or 其他), `street_code` (9 digits), `street_name`, `district_code` and `district_name` (6
        digits; as in the code, so 340371 and 340372 are among them), `lies_in` (the code of the
        district of `districts` whose ground it lies on). A new copy each time.

    Examples
    --------
    >>> from geo_match.demo import facts
    >>> facts.communities()["kind"].value_counts().to_dict()
    {'村委会': 869, '居委会': 279, '其他': 9}
    """
    return _communities().copy()


@cache
def _renumbered() -> pd.DataFrame:
    return pd.read_csv(StringIO(_text("renumbered.csv")), dtype=str)


def renumbered() -> pd.DataFrame:
    """Return the communities whose code changed between the national lists of 2022 and 2023.

    Returns
    -------
    pandas.DataFrame
        In the order of the new codes, all text: `old_code`, `new_code` (12 digits), `name` (of
        2023). A new copy each time.
    """
    return _renumbered().copy()


@cache
def huai() -> LineString:
    """Return the middle of the Huai river where it divides the urban districts.

    Returns
    -------
    shapely.LineString
        Degrees, WGS-84, from west to east: the border of 淮上区 with its southern neighbours. It
        has no width; `geo_match.demo.ground.land` draws one.
    """
    feature = json.loads(_text("huai.geojson"))["features"][0]
    return LineString(feature["geometry"]["coordinates"])
