"""Communities as they are given, with their levels, and those that are refused."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import MultiPolygon, Point, Polygon, box

from geo_match.coverage.given.communities import read_communities
from geo_match.errors import ArgumentError
from geo_match.matching import FrameError

WHOLE = ["340302001002", "340302001001", "340303009001"]


def frame(**columns):
    n = len(next(iter(columns.values())))
    return gpd.GeoDataFrame({"code": WHOLE[:n], **columns}, crs=4326)


def test_they_stand_in_the_order_of_their_codes_with_or_without_areas():
    hole = Polygon(box(0, 0, 3, 3).exterior.coords, [box(1, 1, 2, 2).exterior.coords])
    parts = MultiPolygon([box(4, 0, 5, 1), box(6, 0, 7, 1)])
    communities = read_communities(frame(geometry=[hole, parts, None]))
    assert communities.codes.tolist() == sorted(WHOLE)
    assert communities.has_area.tolist() == [True, True, False]
    found = communities.zones.find(lon=[0.5, 1.5, 6.5], lat=[0.5, 1.5, 0.5])
    assert found.tolist() == [WHOLE[0], "", WHOLE[1]]
    assert len(read_communities(frame(geometry=[Polygon(), None, None])).zones) == 0


def test_levels_come_from_the_code_or_from_columns():
    plain = read_communities([{"code": code} for code in WHOLE])
    assert plain.level("street").tolist() == ["340302001", "340302001", "340303009"]
    assert plain.level("district").tolist() == ["340302", "340302", "340303"]
    assert plain.level("city").tolist() == ["3403", "3403", "3403"]
    for end in ("", "_code"):
        street, district, city = (f"{level}{end}" for level in ("street", "district", "city"))
        rows = [
            {"code": "x", street: "S", district: "D", city: "C"},
            {"code": "w", street: "T", district: "D", city: "C"},
        ]
        stated = read_communities(rows)
        assert stated.level("street").tolist() == ["T", "S"]
        assert stated.level("district").tolist() == ["D", "D"]
        assert stated.level("city").tolist() == ["C", "C"]


def test_a_level_that_a_community_lacks_is_a_named_error():
    short = read_communities([{"code": "C1"}, {"code": WHOLE[0]}])
    with pytest.raises(
        ArgumentError, match=r"codes of 12 digits, got 1 of 2 without \('C1'\). State"
    ):
        short.level("street")
    gaps = read_communities([{"code": WHOLE[0], "street": None}, {"code": "b", "street": "S"}])
    with pytest.raises(ArgumentError, match="have a street each, as there is a column of them"):
        gaps.level("street")


@pytest.mark.parametrize(
    ("shapes", "told"),
    [
        ([Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])], "be a valid polygon.*340302001002"),
        ([Point(117, 32)], "column `geometry` must hold areas, or null"),
        ([box(0, 0, 1, 1), Point(117, 32)], "must hold areas alone, or points alone"),
    ],
)
def test_shapes_that_are_no_valid_areas_are_refused_by_code(shapes, told):
    with pytest.raises(FrameError, match=told):
        read_communities(frame(geometry=shapes))


def test_codes_must_be_there_and_differ():
    with pytest.raises(FrameError, match="`communities`, column `code` must be there"):
        read_communities([{"name": "x"}])
    with pytest.raises(FrameError, match="column `code` must be different in each row"):
        read_communities([{"code": "a"}, {"code": "a"}])


def test_blanks_around_a_code_are_refused_as_no_recorded_code_would_be_found():
    told = r"column `code` must have no blanks around it, got 1 of 2 .*'a '.*str\.strip"
    with pytest.raises(FrameError, match=told):
        read_communities([{"code": "a "}, {"code": "in the middle"}])


def test_levels_are_called_what_the_frame_calls_them():
    rows = [
        {"code": WHOLE[0], "street_name": " 东风街道 ", "district_name": "龙子湖区"},
        {"code": WHOLE[1], "street_name": "东风街道", "district_name": None},
        {"code": WHOLE[2], "street_name": None, "district_name": None},
    ]
    communities = read_communities(rows)
    assert communities.level_names("street") == {"340302001": "东风街道"}
    assert communities.level_names("district") == {"340302": "龙子湖区"}
    assert communities.level_names("city") == {}
    stated = [{"code": "x", "street": "S", "street_name": "东风街道"}]
    assert read_communities(stated).level_names("street") == {"S": "东风街道"}


def test_several_names_of_one_street_are_named_and_refused():
    rows = [
        {"code": WHOLE[0], "street_name": "东风街道"},
        {"code": WHOLE[1], "street_name": "东风街"},
        {"code": WHOLE[2], "street_name": "治淮街道"},
    ]
    told = (
        r"one name for each street, got 1 of 2 with several \('340302001': 东风街, 东风街道\)."
        " Mend the column `street_name`"
    )
    with pytest.raises(ArgumentError, match=told):
        read_communities(rows).level_names("street")


def test_names_that_are_no_texts_are_refused():
    with pytest.raises(FrameError, match="column `city_name` must hold text"):
        read_communities([{"code": WHOLE[0], "city_name": 3}])


def test_they_can_be_told_by_the_levels_that_each_of_them_has():
    rows = [{"code": code} for code in WHOLE]
    assert read_communities(rows).levels == ("community", "street", "district", "city")
    assert read_communities([*rows, {"code": "C1"}]).levels == ("community",)
    stated = [{"code": "x", "city": "C"}, {"code": "w", "city": "C"}]
    assert read_communities(stated).levels == ("community", "city")


def test_what_shares_ground_is_found_and_a_border_is_none():
    shapes = [box(0, 0, 2, 1), box(1, 0, 3, 1), box(3, 0, 4, 1)]
    ((one, other, share),) = read_communities(frame(geometry=shapes)).overlapping
    assert (one, other, share) == (0, 1, pytest.approx(0.5))
    assert read_communities([{"code": "a"}]).overlapping == []
