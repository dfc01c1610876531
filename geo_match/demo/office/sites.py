"""工作地点.csv: where the employers' work is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.demo.office._text import as_text, as_words, pick
from geo_match.demo.office.cells import add_blanks, add_signs, widen_digits
from geo_match.demo.office.days import draw_updates, put_days, spoil_days
from geo_match.demo.office.draft import Draft
from geo_match.demo.office.points import Points, spoil_points
from geo_match.demo.office.register import CODE, put_communities, spoil_codes
from geo_match.demo.office.rows import UPDATED, repeat_older, share_ids
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
    points = Points.draw(draft, sites.geometry, row, _SHARES)
    points.put(draft)
    day = draw_updates(draft)
    put_days(draft, UPDATED, day)

    share_ids(draft, day)
    repeat_older(draft, day, _ADDRESS, lambda now: f"{now}(旧址)")
    spoil_points(draft, points, register)
    spoil_codes(draft, register, row)
    spoil_days(draft, UPDATED, day)
    add_signs(draft, _ADDRESS)
    widen_digits(draft, "定位精度(米)", UPDATED)
    add_blanks(draft, "地点编号", "单位名称", CODE)
    draft.add_copies()
    return draft
