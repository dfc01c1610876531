"""Names in addresses that did not locate a list's rows are told with the reason."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import shapely
from pyproj import Geod

import geo_match as gm
from geo_match.intake.chinese import in_chinese
from geo_match.intake.doubts import Doubts
from geo_match.intake.locating import Gazetteer, locate_with_notes

GEOD = Geod(ellps="WGS84")
BOX = shapely.box(117.30, 32.90, 117.31, 32.91)
ZONES = gm.ZoneIndex(["a"], [BOX])
NAMES = Gazetteer(
    ["远小区", "和平小区", "和平小区"],
    lon=[117.6, 117.30, 117.31],
    lat=[32.9] * 3,
    accuracy_m=[200, 50, 50],
)


def test_each_reason_is_told_with_its_rows_the_most_frequent_first():
    rows = pa.table(
        {"address": ["和平小区", "远小区", "东街", "远小区3栋"], "community": ["a"] * 4}
    )
    _, notes = locate_with_notes(rows, zones=ZONES, geocoder=NAMES)
    unused = notes != ""
    doubts = Doubts()
    doubts.add_unused_names(notes[unused], np.array([1, 2, 3, 5])[unused])
    assert doubts.grave == []
    east, _ = BOX.exterior.coords[0]
    away, apart = (
        GEOD.inv(one, 32.9, other, 32.9)[2] for one, other in ((east, 117.6), (117.3, east))
    )
    assert doubts.warnings[0] == (
        f"远小区 lies {away:,.0f} m from the row's community a, farther than 3 km and its accuracy "
        "of 200 m allow: not used for 2 rows (rows 2, 5)"
    )
    assert doubts.warnings[1] == (
        f"和平小区 names places {apart:,.0f} m apart, and nothing says which is meant: "
        "not used for 1 row (row 1)"
    )
    assert len(doubts.warnings) == 2
    assert [in_chinese(one)[:6] for one in doubts.warnings] == ["“远小区”距", "名为“和平小"]


def test_only_the_first_reasons_are_told_and_the_others_counted():
    notes = np.array([f"名{n} names nothing" for n in range(7)] + ["名0 names nothing"], object)
    doubts = Doubts()
    doubts.add_unused_names(notes, np.arange(1, 9))
    assert len(doubts.warnings) == 6
    assert doubts.warnings[0] == "名0 names nothing: not used for 2 rows (rows 1, 8)"
    assert doubts.warnings[-1] == "other names in addresses were not used for 2 rows"
    doubts = Doubts()
    doubts.add_unused_names(notes[:0], np.arange(0))
    assert doubts.warnings == []
