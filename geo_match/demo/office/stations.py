"""服务网点.csv: the service stations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.demo.office._text import as_text, as_words
from geo_match.demo.office.cells import add_blanks, widen_digits
from geo_match.demo.office.days import as_days, put_days, spoil_days
from geo_match.demo.office.draft import Draft
from geo_match.demo.office.places import put_points, put_updates
from geo_match.demo.office.points import spoil_points
from geo_match.demo.office.register import CODE, put_communities, spoil_codes
from geo_match.demo.office.words import STATION_KIND

if TYPE_CHECKING:
    import geopandas as gpd

    from geo_match.demo.office.register import Register

FILE: Final = "服务网点.csv"
_OPENED: Final = "启用日期"
_SHARES: Final = (0.80, 0.20, 0.0, 0.0)
_KINDS: Final = ("zero_coordinates", "truncated_coordinates", "datum_missing")
"""The list is short and looked after: it has few kinds of defects."""


def draft_stations(stations: gpd.GeoDataFrame, register: Register, *, seed: int) -> Draft:
    """Write the list of stations.

    Parameters
    ----------
    stations
        Those of `geo_match.demo.work.Work`.
    register
        The communities, among them all of theirs.
    seed
        The city's.
    """
    row = register.rows_of(stations["community"])
    opened = as_days(stations["opened_on"])
    draft = Draft(FILE, "网点编号", stations["id"], seed=seed)
    draft.put("网点名称", as_text(stations["name"]))
    draft.put("网点类型", as_words(stations["kind"], STATION_KIND))
    put_communities(draft, register, row)
    draft.put("工作人员数", as_text(stations["staff"]))
    draft.put("每月服务人次", as_text(stations["capacity_per_month"]))
    draft.put("运营机构编号", as_text(stations["operator_id"]))
    put_days(draft, _OPENED, opened)
    put_days(draft, "停用日期", as_days(stations["closed_on"]))
    points = put_points(draft, stations.geometry, row, _SHARES)
    put_updates(draft)

    spoil_points(draft, points, register, kinds=_KINDS)
    spoil_codes(draft, register, row)
    spoil_days(draft, _OPENED, opened, future=False)  # a station may be planned
    widen_digits(draft, "每月服务人次")
    add_blanks(draft, "网点名称", CODE)
    draft.add_copies()
    return draft
