"""工作地点.csv: where the employers' work is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.demo.office._text import as_text, as_words, pick
from geo_match.demo.office.days import spoil_days
from geo_match.demo.office.draft import Draft
from geo_match.demo.office.places import (
    Change,
    put_points,
    put_updates,
    spoil_rows,
    touch_cells,
)
from geo_match.demo.office.register import CODE, put_communities
from geo_match.demo.office.rows import UPDATED
from geo_match.demo.office.words import SITE_KIND

if TYPE_CHECKING:
    import geopandas as gpd

    from geo_match.demo.office.register import Register

FILE: Final = "工作地点.csv"
_ADDRESS: Final = "地址"
_SHARES: Final = (0.35, 0.10, 0.40, 0.15)


def draft_sites(sites: gpd.GeoDataFrame, register: Register, *, seed: int) -> Draft:
    """Write the list of sites.

    Parameters
    ----------
    sites
        Those of `geo_match.demo.work.Work`.
    register
        The communities, among them all of theirs.
    seed
        The city's.
    """
    row = register.rows_of(sites["community"])
    draft = Draft(FILE, "地点编号", sites["id"], seed=seed)
    draft.put("地点名称", as_text(sites["name"]))
    draft.put("单位编号", as_text(sites["employer_id"]))
    draft.put("单位名称", as_text(sites["employer"]))
    draft.put("地点类型", as_words(sites["kind"], SITE_KIND))
    draft.put(_ADDRESS, as_text(sites["address"]))
    put_communities(draft, register, row)
    draft.put("位置是否核验", pick(["否", "是"], sites["verified"].to_numpy("int8")))
    draft.put("定位精度(米)", as_text(sites["location_accuracy_m"]))
    points = put_points(draft, sites.geometry, row, _SHARES)
    day = put_updates(draft)

    spoil_rows(draft, points, register, day, Change(_ADDRESS, lambda now: f"{now}(旧址)"))
    spoil_days(draft, UPDATED, day)
    touch_cells(
        draft,
        signs=_ADDRESS,
        wide=("定位精度(米)", UPDATED),
        blanks=("地点编号", "单位名称", CODE),
    )
    return draft
