"""Names of places in addresses: the longest wins, doubt is said, nothing is guessed."""

from __future__ import annotations

import re

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from pyproj import Geod

import geo_match as gm
from geo_match.datums import from_wgs84
from geo_match.errors import ArgumentError, ColumnError, CoordinateError, DatumError, FileError
from geo_match.intake.locating import Gazetteer

GEOD = Geod(ellps="WGS84")
ZONES = gm.ZoneIndex(
    ["a", "b", "point"],
    [shapely.box(117.30, 32.90, 117.32, 32.92), shapely.box(117.60, 32.90, 117.62, 32.92), None],
    points=[(np.nan,) * 2] * 2 + [(117.9, 32.9)],
)


def gazetteer(*entries, lon=117.31, lat=32.91, accuracy_m=0):
    """Make one of (name, community); an entry's accuracy tells it by its thousandths of metres."""
    n = len(entries)
    return Gazetteer(
        [name for name, _ in entries],
        lon=np.broadcast_to(lon, n),
        lat=np.broadcast_to(lat, n),
        accuracy_m=np.broadcast_to(accuracy_m, n) + np.arange(n) / 1000,
        communities=[community for _, community in entries],
    )


def entry_of(names, address, community="", zones=None):
    """Return the position of the entry that an address means, or None, and the note."""
    found = names.locate(
        np.array([address], dtype=object), np.array([community], dtype=object), zones
    )
    if not found.found[0]:
        assert found.method[0] == ""
        return None, found.note[0]
    assert found.method[0] == "gazetteer"
    return round(float(found.accuracy_m[0] % 1) * 1000), found.note[0]


def test_the_longest_name_in_the_address_wins():
    names = gazetteer(("东海花园", ""), ("东海花园北区", ""), ("东海大道社区居委会", ""))
    assert entry_of(names, "蚌埠市龙子湖区东海花园北区3栋2单元") == (1, "")
    assert entry_of(names, "蚌埠市龙子湖区东海花园3栋") == (0, "")
    assert entry_of(names, "东海大道") == (None, "")
    assert entry_of(names, "") == (None, "")


def test_of_equally_long_names_the_rows_own_community_comes_first_then_the_table():
    names = gazetteer(("中山小区", "b"), ("东海小区", "a"))
    assert entry_of(names, "东海小区对面中山小区", "a") == (1, "")
    assert entry_of(names, "东海小区对面中山小区", "b") == (0, "")
    assert entry_of(names, "东海小区对面中山小区") == (0, "")
    assert entry_of(names, "东海小区对面中山小区", "c") == (0, "")


def test_a_name_of_several_communities_needs_the_rows_own():
    names = gazetteer(("和平小区", "a"), ("和平小区", "b"), ("和平", ""))
    assert entry_of(names, "和平小区5号", "b") == (1, "")
    position, note = entry_of(names, "和平小区5号")
    assert position is None  # and not the shorter 和平
    assert note == "和平小区 names places in 2 communities, and the row has none"
    position, note = entry_of(names, "和平小区5号", "c")
    assert position is None
    assert note == "和平小区 names places in 2 communities, and the row's is none of them"


def test_a_name_repeated_within_one_community_means_its_first_entry():
    names = gazetteer(("和平小区", "a"), ("和平小区", "a"))
    assert entry_of(names, "和平小区", "") == (0, "")
    assert entry_of(names, "和平小区", "a") == (0, "")


def test_a_name_with_contradicting_points_is_not_used():
    lon = [117.31, 117.31, 117.315]
    apart = GEOD.inv(lon[0], 32.91, lon[2], 32.91)[2]  # 468 m
    names = [("和平小区", "a"), ("和平小区", "a"), ("和平小区", "a")]
    agreeing = gazetteer(*names, lon=lon, accuracy_m=[apart - 200, 10, 200])
    said = "和平小区 names places 468 m apart, and nothing says which is meant"
    assert entry_of(agreeing, "和平小区", "a") == (None, said)  # the second against the third
    agreeing = gazetteer(*names, lon=lon, accuracy_m=[300, apart - 200, 200])
    for community in ("a", "", "x"):
        assert entry_of(agreeing, "和平小区", community) == (0, "")
    others = gazetteer(*names, ("中山小区", ""), lon=[*lon, 117.3])
    assert entry_of(others, "中山小区和平小区", "x") == (3, "")  # which nothing contradicts


def test_a_contradiction_in_other_communities_does_not_concern_the_rows_own():
    names = gazetteer(
        ("和平小区", "b"), ("和平小区", "b"), ("和平小区", "a"), lon=[117.5, 117.6, 117.31]
    )
    assert entry_of(names, "和平小区", "a") == (2, "")
    assert entry_of(names, "和平小区", "b")[0] is None


def test_a_place_far_from_the_rows_community_is_not_used():
    lat = [32.95, 32.94]  # north of the area, which ends at 32.92: 3.3 km and 2.2 km
    away = GEOD.inv(117.31, 32.95, 117.31, 32.92)[2]
    names = gazetteer(("远小区", ""), ("近小区", ""), lat=lat)
    position, note = entry_of(names, "远小区", "a", ZONES)
    assert position is None
    assert note == (
        f"远小区 lies {away:,.0f} m from the row's community a, farther than 3 km and its accuracy "
        "of 0 m allow"
    )
    assert entry_of(names, "近小区", "a", ZONES) == (1, "")
    for community, zones in (("", ZONES), ("x", ZONES), ("a", None)):  # nothing to doubt it by
        assert entry_of(names, "远小区", community, zones) == (0, "")
    known = gazetteer(("远小区", ""), lat=lat[0], accuracy_m=int(away - 3000) + 1)
    assert entry_of(known, "远小区", "a", ZONES) == (0, "")
    known = gazetteer(("远小区", ""), lat=lat[0], accuracy_m=int(away - 3000))
    assert entry_of(known, "远小区", "a", ZONES)[0] is None


def test_without_an_area_the_communitys_point_tells_what_is_far():
    names = gazetteer(("远小区", ""), ("近小区", ""), lon=117.9, lat=[32.93, 32.92])
    assert entry_of(names, "远小区", "point", ZONES)[0] is None
    assert entry_of(names, "近小区", "point", ZONES) == (1, "")


def test_another_entry_that_is_not_far_is_preferred():
    own = gazetteer(("和平小区", "a"), ("和平小区", "a"), lon=[117.60, 117.31])
    apart = GEOD.inv(117.60, 32.91, 117.31, 32.91)[2]
    assert entry_of(own, "和平小区", "a") == (
        None,
        f"和平小区 names places {apart:,.0f} m apart, and nothing says which is meant",
    )
    assert entry_of(own, "和平小区", "a", ZONES) == (1, "")
    somewhere = gazetteer(("和平小区", ""), ("和平小区", ""), lon=[117.60, 117.31])
    assert entry_of(somewhere, "和平小区", "a", ZONES) == (1, "")
    assert entry_of(somewhere, "和平小区", "b", ZONES) == (0, "")
    # The own community's entry is far: that another one is near does not mend it.
    wrong = gazetteer(("和平小区", "a"), ("和平小区", "b"), lon=[117.60, 117.31])
    position, note = entry_of(wrong, "和平小区", "a", ZONES)
    assert position is None
    assert "和平小区 lies 26," in note


def test_a_house_number_is_never_cut_in_two():
    names = gazetteer(("示例路5", ""), ("示例路", ""))
    assert entry_of(names, "东风社区示例路5号", "") == (0, "")
    assert entry_of(names, "东风社区示例路59号", "") == (1, "")
    assert entry_of(names, "东风社区示例路15号", "") == (1, "")


def test_width_case_and_white_space_do_not_matter():
    names = gazetteer(("Ａ区 花园", ""))
    assert entry_of(names, "蚌埠 a 区花园１号") == (0, "")


def by_definition(entries, address, community):
    """The rule of the class, by trying every entry, where none contradicts another or is far."""
    inside = [
        (at, name, of)
        for at, (name, of) in enumerate(entries)
        if any(
            address[start : start + len(name)] == name
            and not re.search(r"\d\|\d", address[:start] + "|" + address[start:])
            and not re.search(
                r"\d\|\d", address[: start + len(name)] + "|" + address[start + len(name) :]
            )
            for start in range(len(address))
        )
    ]
    longest = max((len(name) for _, name, _ in inside), default=0)
    tied = [one for one in inside if len(one[1]) == longest]
    own = [at for at, _, of in tied if community and of == community]
    if own:
        return own[0]
    sure = [at for at, name, _ in tied if len({of for _, other, of in tied if other == name}) == 1]
    return sure[0] if sure else None


letters = st.text("东海花5", min_size=2, max_size=5)


@given(
    st.lists(st.tuples(letters, st.sampled_from(["", "a", "b"])), min_size=1, max_size=12),
    st.text("东海花路59", max_size=10),
    st.sampled_from(["", "a", "b", "c"]),
)
def test_any_address_means_what_the_rule_says(entries, address, community):
    assert entry_of(gazetteer(*entries), address, community)[0] == by_definition(
        entries, address, community
    )


def test_names_of_one_character_are_refused():
    with pytest.raises(ArgumentError, match=r"`names` must have at least 2 .*position 1: ' 东 '"):
        gazetteer(("东海", ""), (" 东 ", ""))
    assert len(gazetteer(("东海", ""))) == 1


@pytest.mark.parametrize("accuracy_m", [-1, np.nan, 200_001, np.inf])
def test_an_accuracy_must_be_known(accuracy_m):
    with pytest.raises(ArgumentError, match="`accuracy_m` must be within 0 and 200,000 metres"):
        Gazetteer(["东海"], lon=[117], lat=[32], accuracy_m=[accuracy_m])
    Gazetteer(["东海", "花园"], lon=[117] * 2, lat=[32] * 2, accuracy_m=[0, 200_000])


def test_places_and_lengths_are_checked():
    with pytest.raises(CoordinateError, match="lat"):
        Gazetteer(["东海"], lon=[117], lat=[np.nan], accuracy_m=[1])
    with pytest.raises(ArgumentError, match=r"`lon` must have one a name \(1\), got 2"):
        Gazetteer(["东海"], lon=[117] * 2, lat=[32] * 2, accuracy_m=[1])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_and_comes_back_as_a_table(tmp_path, encoding):
    path = tmp_path / "gazetteer.csv"
    path.write_text(
        "名称,经度,纬度,定位精度(米),社区代码\n东海花园,117.38,32.92,300,340302001001\n东海大道,117.4,32.9,5000,\n",
        encoding,
    )
    names = Gazetteer.read(path)
    assert names.table.to_pydict() == {
        "name": ["东海花园", "东海大道"],
        "lon": [117.38, 117.4],
        "lat": [32.92, 32.9],
        "accuracy_m": [300.0, 5000.0],
        "community": ["340302001001", None],
    }
    assert Gazetteer.from_table(names.table).table.equals(names.table)


def test_a_file_in_another_datum_is_converted(tmp_path):
    lon, lat = from_wgs84(lon=117.38, lat=32.92, datum="gcj02")
    path = tmp_path / "gazetteer.csv"
    path.write_text(f"name,lon,lat,accuracy_m\n东海花园,{lon},{lat},300\n", "utf-8")
    table = Gazetteer.read(path, datum="gcj02").table
    assert table["lon"][0].as_py() == pytest.approx(117.38, abs=1e-8)
    assert table["lat"][0].as_py() == pytest.approx(32.92, abs=1e-8)
    with pytest.raises(DatumError, match="datum"):
        Gazetteer.read(path, datum="xian80")


def test_every_faulty_row_of_a_file_is_named(tmp_path):
    path = tmp_path / "gazetteer.csv"
    rows = ["东,117,32,1", "东海,417,32,1", "花园,117,,1", "花园,0,0,1", "花园,117,32,", "花园,117"]
    path.write_text("\n".join(["name,lon,lat,accuracy_m", *rows]), "utf-8")
    with pytest.raises(FileError) as caught:
        Gazetteer.read(path)
    said = str(caught.value)
    assert "6 faults: row 1 name '东' (must have at least 2 characters)" in said
    assert "row 2 lon '417'" in said
    assert "row 3 lat ''" in said
    assert "row 4 lon '0' (must not be (0, 0)" in said
    assert "row 5 accuracy_m ''" in said
    assert said.endswith("Mend these rows, or take them out; nothing of the file was used.")


def test_id_card_numbers_and_communities_that_are_no_codes_are_refused(tmp_path):
    card = "11010519491231002X"
    path = tmp_path / "gazetteer.csv"
    rows = [f"张三{card},117,32,1,", "东海,117,32,1,东海社区", f"花园,117,32,1,{card}"]
    path.write_text("\n".join(["name,lon,lat,accuracy_m,community", *rows]), "utf-8")
    with pytest.raises(FileError) as caught:
        Gazetteer.read(path)
    said = str(caught.value)
    assert card[:-4] not in said
    assert "3 faults: row 1 name '张三**************002X' (must hold no ID-card number)" in said
    assert "row 2 community '东海社区' (must be a community's code of 12 digits" in said
    assert "row 3 community '**************002X'" in said
    with pytest.raises(ArgumentError, match=r"`names` must hold no .*position 0: '张三\*{14}002X'"):
        gazetteer((f"张三{card}", ""))
    with pytest.raises(ArgumentError, match=r"`communities` must hold no .*'\*{14}002X'"):
        gazetteer(("东海", card))


@pytest.mark.parametrize("rest", ["", "\n", "\n\n,,,\n"])
def test_a_file_without_a_name_is_refused(tmp_path, rest):
    path = tmp_path / "gazetteer.csv"
    path.write_text("name,lon,lat,accuracy_m" + rest, "utf-8")
    with pytest.raises(FileError, match="must hold at least one row, got headers only"):
        Gazetteer.read(path)


@pytest.mark.parametrize(
    "header",
    [
        "name,lon,lat,accuracy_m,community",
        "名称,经度,纬度,定位精度(米),社区代码",
        "地名,东经,北纬,定位精度（米）,社区编码",
        "小区名称,lng,latitude,精度,所属社区代码",
        " Name , Longitude ,LAT,location_accuracy_m,community_code",
    ],
)
def test_headers_may_be_chinese_or_english(tmp_path, header):
    path = tmp_path / "gazetteer.csv"
    path.write_text(f"{header}\n东海花园,117.38,32.92,300,340302001001\n", "utf-8")
    assert Gazetteer.read(path).table.to_pylist() == [
        {
            "name": "东海花园",
            "lon": 117.38,
            "lat": 32.92,
            "accuracy_m": 300.0,
            "community": "340302001001",
        }
    ]


def test_a_file_with_two_columns_of_names_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "names.csv"
    path.write_text("名称,地名,经度,纬度,精度\n甲园,乙园,117,32,3\n", encoding="utf-8")
    with pytest.raises(ColumnError, match=r"名称, 地名\. Rename the others, or take them out\.$"):
        Gazetteer.read(path)


def test_a_file_without_its_columns_or_no_file_is_refused(tmp_path):
    path = tmp_path / "gazetteer.csv"
    path.write_text("name,lon,lat\n东海,117,32\n", "utf-8")
    with pytest.raises(ColumnError, match=r"have the columns accuracy_m \(location_accuracy_m"):
        Gazetteer.read(path)
    with pytest.raises(FileError, match="must exist, got no such file"):
        Gazetteer.read(tmp_path / "none.csv")


def test_a_workbook_is_read_and_a_file_that_is_not_what_its_suffix_says_is_refused(tmp_path):
    book = Workbook()
    book.active.append(["名称", "经度", "纬度", "定位精度(米)", "社区代码"])
    book.active.append(["东海花园", 117.38, 32.92, 300, "340302001001"])
    book.save(tmp_path / "names.xlsx")
    (found,) = Gazetteer.read(tmp_path / "names.xlsx").table.to_pylist()
    assert found["name"] == "东海花园"
    assert (found["lon"], found["accuracy_m"]) == (117.38, 300.0)
    assert found["community"] == "340302001001"
    wrong = (tmp_path / "names.xlsx").rename(tmp_path / "names.csv")
    with pytest.raises(FileError, match="a zip archive, as XLSX workbooks are"):
        Gazetteer.read(wrong)
