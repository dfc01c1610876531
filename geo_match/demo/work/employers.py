"""The invented employers and their sites: which trades there are, and how many sites each has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo_match.demo._random import stream
from geo_match.demo.facts import WGS84
from geo_match.demo.vocabulary import LICENCES, REFERENCE_DATE, START
from geo_match.demo.work.credit_codes import credit_codes
from geo_match.demo.work.trades import TRADES, WHERE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.demo.work.places import Places

EMPLOYERS: Final = 9_000
SITES: Final = 12_000
_SOLE: Final = 0.22
_LICENCE_UP_TO: Final = (0.91, 0.97)
_FIRST_DAY: Final = np.datetime64(START, "s")
_EARLY: Final = 1.6
"""Power of a uniform mark: more employers enter early than late."""
_VERIFYING_DAYS: Final = 20
_SETTLING_DAYS: Final = 30
"""Nobody enters so shortly before the reference date: each has had time to post and to close."""
_CHAIN_TAIL: Final = 1.3
_DAY: Final = np.timedelta64(1, "D")
_SHOPS: Final = ("shop", "restaurant", "repair", "hotel")
_IN: Final = ("", "中心", "园区", "集镇", "村")
"""Before the last word of a site's name, by where it stands."""
_VERIFIED_SITE: Final = 0.86
_ACCURACY_M: Final = np.array([5, 15, 50, 200])
"""How well a site is located: by an operator, by a map, by its street number, by its street."""
_ACCURACY: Final = (0.45, 0.35, 0.15, 0.05)


@dataclass(frozen=True, slots=True, eq=False)
class Employment:
    """Employers and sites, and which trade each site has.

    Parameters
    ----------
    employers, sites
        As `geo_match.demo.work.Work` has them.
    trade
        Position in `TRADES` of each site, shape (s,).
    """

    employers: pd.DataFrame
    sites: gpd.GeoDataFrame
    trade: NDArray[np.int64]


def draw_employers(areas: gpd.GeoDataFrame, places: Places, *, seed: int) -> Employment:
    """Draw the employers and their sites.

    Parameters
    ----------
    areas
        What `draw_areas` drew.
    places
        Where sites may stand.
    seed
        What they are drawn from.
    """
    generator = stream(seed, "employers")
    weight = np.array([trade.employers for trade in TRADES])
    trade = np.sort(generator.choice(len(TRADES), EMPLOYERS, p=weight / weight.sum()))
    employers = _list_employers(trade, generator)
    owner = _share_sites(trade, generator)
    site_trade = trade[owner]
    where = _choose_where(site_trade, generator)
    lon, lat, community = places.draw(where)
    order = np.lexsort((lon, lat, community))
    owner, where, community = owner[order], where[order], community[order]
    sites = _list_sites(employers.iloc[owner], where, areas.iloc[community], generator)
    points = gpd.points_from_xy(lon[order], lat[order])
    frame = gpd.GeoDataFrame(sites, geometry=points, crs=WGS84)
    return Employment(employers, frame, site_trade[order])


def _list_employers(trade: NDArray[np.int64], generator: np.random.Generator) -> pd.DataFrame:
    n = len(trade)
    kind = np.array([t.kind for t in TRADES], dtype=object)[trade]
    # A company now and then is a sole trader's business.
    small = (kind == "company") & (generator.random(n) < _SOLE)
    kind[small] = "sole_trader"
    licence = np.searchsorted(_LICENCE_UP_TO, generator.random(n), side="right")
    public = kind == "public_institution"
    licence[public] = 0
    days = (np.datetime64(REFERENCE_DATE, "s") - _FIRST_DAY) // _DAY - _SETTLING_DAYS
    # The platform fills up: more enter early, some each month.
    entered = _FIRST_DAY + (days * generator.random(n) ** _EARLY).astype(np.int64) * _DAY
    # The licence is verified first, then the employer enters.
    verified = entered - generator.integers(0, _VERIFYING_DAYS, n) * _DAY
    verified[licence == LICENCES.index("unverified")] = np.datetime64("NaT")
    number = np.arange(1, n + 1)
    names = np.array([t.name for t in TRADES], dtype=object)[trade]
    return pd.DataFrame(
        {
            "id": pd.array([f"E{k:05d}" for k in number], dtype="str"),
            "name": pd.array(
                [f"示例{name}{k:05d}" for name, k in zip(names, number, strict=True)], dtype="str"
            ),
            "credit_code": pd.array(credit_codes(kind), dtype="str"),
            "trade": pd.Categorical.from_codes(trade, pd.Index([t.key for t in TRADES])),
            "industry": pd.Categorical(np.array([t.industry for t in TRADES])[trade]),
            "kind": pd.Categorical(kind),
            "licence": pd.Categorical.from_codes(licence, pd.Index(list(LICENCES))),
            "licence_verified_on": verified,
            "entered_on": entered,
        }
    )


def _share_sites(trade: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.int64]:
    """Return the employer of each site, by position: one each, further ones to chains."""
    chain = np.array([t.chain for t in TRADES])[trade]
    # A heavy tail: a few chains have many.
    weight = chain * generator.pareto(_CHAIN_TAIL, len(trade))
    further = generator.choice(len(trade), SITES - len(trade), p=weight / weight.sum())
    return np.sort(np.concatenate([np.arange(len(trade)), further]))


def _choose_where(trade: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.int64]:
    weight = np.array([t.where for t in TRADES], dtype=np.float64)
    up_to = np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True)
    mark = generator.random(len(trade))
    return np.asarray((mark[:, None] >= up_to[trade, :-1]).sum(axis=1))


def _list_sites(
    owner: pd.DataFrame,
    where: NDArray[np.int64],
    area: gpd.GeoDataFrame,
    generator: np.random.Generator,
) -> pd.DataFrame:
    n = len(where)
    house = generator.integers(1, 400, n)
    # Codes are in the order of the areas, and so are the sites.
    place = area["name"].str.replace("[（(].*|居民委员会|村民委员会|居委会", "", regex=True)
    address = [f"{name}示例路{k}号" for name, k in zip(place, house, strict=True)]
    shop = owner["trade"].isin(_SHOPS)
    name = [
        f"{o}·{p}{_IN[w]}{'店' if s else '点'}"
        for o, p, w, s in zip(owner["name"], place, where, shop, strict=True)
    ]
    return pd.DataFrame(
        {
            "id": pd.array([f"W{k:05d}" for k in range(1, n + 1)], dtype="str"),
            "employer_id": owner["id"].array,
            "employer": owner["name"].array,
            "name": pd.array(name, dtype="str"),
            "address": pd.array(address, dtype="str"),
            "community": pd.Categorical(area["code"].to_numpy()),
            "kind": pd.Categorical.from_codes(where, pd.Index(list(WHERE))),
            "verified": generator.random(n) < _VERIFIED_SITE,
            "location_accuracy_m": generator.choice(_ACCURACY_M, n, p=_ACCURACY),
        }
    )
