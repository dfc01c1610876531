"""A list that looks wrong as a whole is refused unless it is meant, and doubtful rows are told."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pytest
from office_lists import CODES, became, communities, listed, write
from shapely import box

from geo_match.datums import from_wgs84
from geo_match.errors import ArgumentError
from geo_match.intake.chinese import error_in_chinese
from geo_match.intake.importing import (
    SuspicionError,
    import_file,
)
from geo_match.store import Store


def test_a_file_in_the_datum_that_it_says_goes_in(city, tmp_path):
    path = listed(tmp_path / "a.csv", "gcj02")
    assert became(import_file(path, "households", city, datum="gcj02")) == (300, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("path_of", "told"),
    [
        (lambda path: listed(path, "gcj02"), "GCJ-02"),
        (lambda path: listed(path, "bd09"), "BD-09"),
        (lambda path: listed(path, moved=0.02), "in the area of another community than their code"),
        (lambda path: listed(path, moved=0.5), "in no community's area"),
    ],
)
def test_a_file_that_looks_wrong_as_a_whole_is_refused_unless_it_is_meant(
    city, tmp_path, path_of, told
):
    path = path_of(tmp_path / "a.csv")
    with pytest.raises(SuspicionError, match=f"a.csv` must look right as a whole, got .*{told}"):
        import_file(path, "households", city, datum="wgs84")
    assert city.count("households") == 0
    report = import_file(path, "households", city, datum="wgs84", accept_suspicions=True)
    assert became(report) == (300, 0, 0, 0, 0)
    assert any(told in warning for warning in report.warnings)


def test_a_refusal_for_a_shift_says_that_a_column_overrules_the_datum_given(city, tmp_path):
    header, *rows = listed(tmp_path / "a.csv", "gcj02").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "said.csv"
    text = "".join(f"{row},WGS84\n" for row in rows)
    path.write_text(f"{header},坐标系\n{text}", encoding="utf-8")
    told = "the column 坐标系 says wgs84, which overrules --datum gcj02"
    with pytest.raises(SuspicionError, match=told) as caught:
        import_file(path, "households", city, datum="gcj02")
    assert "以该列为准，--datum gcj02 不起作用" in error_in_chinese(caught.value)
    for datum in ("wgs84", None):  # what was given says the same, or nothing
        with pytest.raises(SuspicionError, match="GCJ-02") as caught:
            import_file(path, "households", city, datum=datum)
        assert "overrules" not in str(caught.value)


@pytest.mark.parametrize("service_area", [None, (117.0, 32.7, 117.8, 33.2)])
def test_a_file_with_its_axes_exchanged_is_refused_though_each_row_is_rejected_for_it(
    city, tmp_path, service_area
):
    path = listed(tmp_path / "a.csv", swapped=True)  # 117 is no latitude
    with path.open("a", encoding="utf-8") as stream:
        stream.write(f"right,{CODES[0]},117.31,32.91\n")
    options = {"datum": "wgs84", "service_area": service_area}
    with pytest.raises(SuspicionError, match=r"300 of 301 places look as if .*exchange the two"):
        import_file(path, "households", city, **options)
    assert city.count("households") == 0
    report = import_file(path, "households", city, accept_suspicions=True, **options)
    assert became(report) == (1, 0, 0, 0, 300)
    assert any("300 of 301 places look as if" in warning for warning in report.warnings)


def test_shapes_with_their_axes_exchanged_are_refused(store, tmp_path):
    places = gpd.GeoDataFrame(
        {"家庭编号": ["A", "B", "C"]},
        geometry=gpd.points_from_xy([32.9, 32.9, 117.3], [117.3, 117.3, 32.9]),
    )
    path = tmp_path / "a.geojson"
    path.write_text(places.to_json(), encoding="utf-8")
    with pytest.raises(SuspicionError, match="2 of 3 places look as if longitude and latitude"):
        import_file(path, "households", store)
    assert store.count("households") == 0


def test_axes_exchanged_in_half_of_the_rows_are_told(store, tmp_path):
    header = "家庭编号,经度,纬度"
    half = [["A", "117.301", "32.901"], ["B", "32.901", "117.301"]]
    path = write(tmp_path / "a.csv", header, half)
    report = import_file(path, "households", store, datum="wgs84")
    assert became(report) == (1, 0, 0, 0, 1)
    assert any(
        "1 of 2 places look as if longitude and latitude were exchanged (row 2)" in warning
        for warning in report.warnings
    )
    # Both may be latitudes: the service area tells.
    africa = write(tmp_path / "b.csv", header, [["A", "-10.5", "30.5"], ["B", "-11.5", "31.5"]])
    with pytest.raises(SuspicionError, match="2 of 2 places look as if"):
        import_file(africa, "households", store, datum="wgs84", service_area=(30, -12, 32, -10))


def test_a_file_outside_the_service_area_is_refused_and_few_rows_are_told(store, tmp_path):
    header = "家庭编号,经度,纬度"
    inside, outside = ["A", "117.301", "32.901"], ["B", "118.501", "32.901"]
    area = (117.0, 32.7, 117.8, 33.2)
    bad = write(tmp_path / "bad.csv", header, [outside])
    with pytest.raises(SuspicionError, match=r"1 of 1 place lie outside the service area .*row 1"):
        import_file(bad, "households", store, datum="wgs84", service_area=area)
    good = write(tmp_path / "good.csv", header, [inside, outside])
    report = import_file(good, "households", store, datum="wgs84", service_area=area)
    assert any("1 of 2 places lie outside" in warning for warning in report.warnings)
    with pytest.raises(ArgumentError, match="`service_area` must be four numbers"):
        import_file(good, "households", store, datum="wgs84", service_area=(1, 2, 3))


def test_communities_whose_areas_overlap_are_named(city, tmp_path):
    # The first one as it was, the second reaches half over the stored third.
    areas = [box(117.3, 32.9, 117.32, 32.92), box(117.33, 32.9, 117.35, 32.92)]
    path = communities(tmp_path / "a.geojson", areas)
    for report in (
        import_file(path, "communities", city, dry_run=True),
        import_file(path, "communities", city),
    ):
        (warning,) = [one for one in report.warnings if "overlap" in one]
        assert warning == (
            "the areas of 1 pair of communities overlap (share of the smaller one): "
            f"{CODES[1]} and {CODES[2]} (50.00%)"
        )
    codes = [f"3403020020{at:02}" for at in range(4)]
    path = communities(tmp_path / "b.geojson", [box(117.5, 32.9, 117.6, 33)] * 4, codes)
    report = import_file(path, "communities", city)
    (warning,) = [one for one in report.warnings if "overlap" in one]
    assert "areas of 6 pairs" in warning
    assert warning.count(" and ") == 5
    assert warning.endswith("(100.00%), …")


def test_a_renumbered_communitys_area_does_not_overlap_that_of_its_old_code(city, tmp_path):
    path = write(
        tmp_path / "a.csv",
        "社区代码,社区名称,原代码,area",
        [["340302001011", "甲", CODES[0], box(117.3, 32.9, 117.32, 32.92).wkt]],
    )
    report = import_file(path, "communities", city, datum="wgs84")
    assert became(report) == (1, 0, 0, 0, 0)
    assert not any("overlap" in warning for warning in report.warnings)


AROUND = "家庭编号,社区代码,经度,纬度"


@pytest.fixture
def points(store):
    """Return a store with three communities that have a point each, and no area."""
    store.apply(
        "communities",
        pa.table(
            {
                "id": CODES,
                "name": ["甲", "乙", "丙"],
                "lon": [117.3, 117.35, 117.4],
                "lat": [32.9] * 3,
            }
        ),
        source="communities",
    )
    return store


@pytest.mark.parametrize("known", ["city", "points"])
def test_a_file_far_from_every_community_is_refused_and_single_rows_are_told(
    request, tmp_path, known
):
    opened = request.getfixturevalue(known)
    near, far = ["A", "", "117.31", "32.91"], ["B", "", "118.5", "32.91"]
    bad = write(tmp_path / "bad.csv", AROUND, [far, [*near[:3], "33.8"]])
    told = "2 of 2 places lie more than 50 km from every community of the store .rows 1, 2."
    with pytest.raises(SuspicionError, match=told):
        import_file(bad, "households", opened, datum="wgs84")
    assert opened.count("households") == 0
    # Who says where places are expected is believed.
    area = (117.0, 32.0, 119.0, 34.0)
    report = import_file(bad, "households", opened, datum="wgs84", service_area=area)
    assert not any("50 km" in one for one in report.warnings)
    good = write(tmp_path / "good.csv", AROUND, [near, far])
    report = import_file(good, "households", opened, datum="wgs84", dry_run=True)
    assert "1 of 2 places lie more than 50 km from every community of the store (row 2)" in (
        report.warnings
    )


def test_what_a_store_lacks_to_judge_a_list_by_is_told(points, tmp_path):
    placed = write(tmp_path / "a.csv", AROUND, [["A", CODES[0], "117.31", "32.91"]])
    report = import_file(placed, "households", points, datum="wgs84")
    assert any("no community of the store has an area" in one for one in report.warnings)
    with Store.open(tmp_path / "empty.db") as empty:
        report = import_file(placed, "households", empty, datum="wgs84")
        assert any(one.startswith("the store has no communities: ") for one in report.warnings)
        # A list that does not say where anything is has nothing to be judged.
        names = write(tmp_path / "b.csv", "求职编号,姓名", [["A", "王"]])
        report = import_file(names, "seekers", empty)
        assert not any("communities" in one for one in report.warnings)


def test_a_datum_that_is_wrong_in_a_part_of_the_file_is_told(city, tmp_path):
    path = listed(tmp_path / "a.csv")
    shifted = listed(tmp_path / "b.csv", "bd09").read_text(encoding="utf-8").splitlines()[1:]
    with path.open("a", encoding="utf-8") as stream:
        stream.writelines(f"S{line}\n" for line in shifted)
    report = import_file(path, "households", city, datum="wgs84", accept_suspicions=True)
    assert any(
        one.startswith("whether the datum is right cannot be told") for one in report.warnings
    )


BENGBU = (117.0, 32.7, 117.8, 33.2)
AREAS = [box(117.3 + x, 32.9 + y, 117.32 + x, 32.92 + y) for x in (0, 0.02) for y in (0, 0.02)]


def listed_communities(path, points=(), areas=()):
    """Write communities with points, areas or both, WGS-84 as they stand."""
    header = "社区代码,名称" + (",经度,纬度" if points else "") + (",社区范围" if areas else "")
    n = len(points) or len(areas)
    lines = [
        f"3403020010{at + 10},示例{at}"
        + (f",{points[at][0]},{points[at][1]}" if points else "")
        + (f',"{areas[at].wkt}"' if areas else "")
        for at in range(n)
    ]
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return path


def shifted(points, datum):
    lon, lat = from_wgs84(
        lon=np.array([x for x, _ in points]), lat=np.array([y for _, y in points]), datum=datum
    )
    return list(zip(lon.tolist(), lat.tolist(), strict=True))


@pytest.mark.parametrize(
    "what",
    [
        {"points": [(87.6, 43.8), (87.7, 43.9)]},
        {"areas": [box(87.6, 43.8, 87.61, 43.81), box(87.7, 43.8, 87.71, 43.81)]},
    ],
)
def test_communities_outside_the_service_area_are_refused(store, tmp_path, what):
    path = listed_communities(tmp_path / "a.csv", **what)
    with pytest.raises(SuspicionError, match=r"2 of 2 places lie outside the service area"):
        import_file(path, "communities", store, datum="wgs84", service_area=BENGBU)
    assert store.count("communities") == 0
    assert import_file(path, "communities", store, datum="wgs84").warnings == ()


def test_communities_far_from_those_of_the_store_go_in_with_a_warning(city, tmp_path):
    path = listed_communities(tmp_path / "a.csv", [(87.6, 43.8), (87.7, 43.9)])
    report = import_file(path, "communities", city, datum="wgs84")
    assert report.accepted == 2
    assert [one for one in report.warnings if "2 of 2 places lie more than 50 km from every" in one]


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_communities_whose_points_are_shifted_against_their_own_areas_are_refused(
    store, tmp_path, datum
):
    areas = [
        box(117.3 + x / 100, 32.9 + y / 100, 117.31 + x / 100, 32.91 + y / 100)
        for x in range(6)
        for y in range(6)
    ]
    # East of the middle, so that a shift to the east and south leaves the area.
    points = [(one.bounds[2] - 0.002, one.bounds[1] + 0.001) for one in areas]
    right = listed_communities(tmp_path / "right.csv", points, areas)
    wrong = listed_communities(tmp_path / "wrong.csv", shifted(points, datum), areas)
    with pytest.raises(SuspicionError, match=rf"{datum[:-2].upper()}-{datum[-2:]} do"):
        import_file(wrong, "communities", store, datum="wgs84")
    assert import_file(right, "communities", store, datum="wgs84").warnings == ()
    # A later list of points alone is judged by the areas that are kept.
    later = listed_communities(tmp_path / "later.csv", shifted(points, datum))
    with pytest.raises(SuspicionError, match=rf"{datum[:-2].upper()}-{datum[-2:]} do"):
        import_file(later, "communities", store, datum="wgs84")


def test_communities_whose_points_lie_in_other_communities_areas_are_refused(store, tmp_path):
    points = [(one.centroid.x, one.centroid.y) for one in (*AREAS[2:], *AREAS[:2])]
    path = listed_communities(tmp_path / "a.csv", points, AREAS)
    with pytest.raises(SuspicionError, match="4 of 4 places lie in the area of another community"):
        import_file(path, "communities", store, datum="wgs84")
