"""Rows judged: what is accepted, what is rejected and why, and when a whole file is refused."""

from __future__ import annotations

import numpy as np
import prcoords
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.errors import (
    ArgumentError,
    ColumnError,
    DatumError,
    FileError,
    GeoMatchError,
    SwappedAxesError,
)
from geo_match.intake import ColumnNames, read_places

BENGBU = (117.0, 32.6, 117.8, 33.3)


@pytest.fixture
def places(tmp_path):
    """Read rows under a header as a CSV file."""

    def read(rows, header="id,lon,lat", **options):
        path = tmp_path / "places.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return read_places(path, **options)

    return read


def only(read):
    (rejection,) = read.rejections
    return rejection


@pytest.mark.parametrize(
    ("lon", "lat", "field", "rule"),
    [
        ("", "32.9", "lon", "must be given where lat is"),
        ("117.3", "", "lat", "must be given where lon is"),
        ("117.3", "  ", "lat", "must be given where lon is"),
        ("", "", "lon, lat", "must hold a longitude and a latitude"),
        ("abc", "32.9", "lon", "must be a finite number"),
        ("117.3", "NaN", "lat", "must be a finite number"),
        ("inf", "32.9", "lon", "must be a finite number"),
        ("1e999", "32.9", "lon", "must be a finite number"),
        ('"117,3"', "32.9", "lon", "must be a finite number"),
        ('"1,117.3"', "32.9", "lon", "must be a finite number"),
        ("117°18'", "32.9", "lon", "must be a finite number"),
        ("0x10", "32.9", "lon", "must be a finite number"),
        ("1_0", "32.9", "lon", "must be a finite number"),
        ("１１７", "32.9", "lon", "must be a finite number"),
        ("180.00000000000003", "32.9", "lon", "must be between -180 and 180 degrees"),
        ("-181", "32.9", "lon", "must be between -180 and 180 degrees"),
        ("17.3", "90.00000000000001", "lat", "must be between -90 and 90 degrees"),
        ("0", "0", "lon, lat", "must not be (0, 0), which stands for an unknown place"),
        ("-0.0", "0.000", "lon, lat", "must not be (0, 0), which stands for an unknown place"),
    ],
)
def test_a_bad_coordinate_rejects_its_row_alone(places, lon, lat, field, rule):
    read = places([f"A,{lon},{lat}", "B,117.3,32.9"])
    rejection = only(read)
    assert (rejection.row, rejection.field, rejection.rule) == (1, field, rule)
    assert rejection.remedy
    assert read.places.id.tolist() == ["B"]
    assert read.row.tolist() == [2]
    assert (read.n_read, read.n_rejected) == (2, 1)


@pytest.mark.parametrize(
    "text", ["-180", "180", "-0.0", "+17.25", " 17.25 ", "1.725e1", ".5", "5."]
)
def test_every_spelling_of_a_longitude_is_its_number(places, text):
    assert places([f"A,{text},32.9"]).places.lon.tolist() == [float(text)]


@given(value=st.floats(min_value=-180, max_value=180))
def test_numbers_are_read_to_the_last_bit(value, tmp_path_factory):
    path = tmp_path_factory.mktemp("numbers") / "one.csv"
    path.write_text(f"id,lon,lat\nA,{value!r},32.5\n")
    assert read_places(path).places.lon.tolist() == [value]


def test_ids_must_be_there_and_differ(places):
    read = places(["A,1,2", ",1,2", " A ,3,4", "B,5,6", "B,7,8", "A,9,9"])
    assert read.places.id.tolist() == ["A", "B"]
    assert read.places.lon.tolist() == [1, 5]
    assert [(r.row, r.field, r.value) for r in read.rejections] == [
        (2, "id", ""),
        (3, "id", "A"),
        (5, "id", "B"),
        (6, "id", "A"),
    ]


def test_the_first_good_row_keeps_a_repeated_id(places):
    read = places(["A,,", "A,1,2"])
    assert read.places.lon.tolist() == [1]
    assert [r.row for r in read.rejections] == [1]


def test_without_ids_the_row_numbers_are_the_ids_and_this_is_said(places):
    read = places(["1,2", ",", "3,4"], header="lon,lat")
    assert read.places.id.tolist() == ["1", "3"]
    assert "row numbers are the ids" in read.warnings[1]
    assert "passed over 1 blank row" in read.warnings[0]


def test_every_fault_of_a_row_is_listed_and_the_row_counted_once(places):
    read = places([",x,95,", "A,1,2,3"], header="id,lon,lat,jobs", numbers=["jobs"])
    assert [r.field for r in read.rejections] == ["id", "lon", "jobs"]
    assert (read.n_read, read.n_rejected) == (2, 1)


ROW = st.tuples(
    st.sampled_from(["", "A", "B", "C"]),
    st.sampled_from(["", "117.3", "x", "0", "300"]),
    st.sampled_from(["", "32.9", "0", "-91"]),
    st.sampled_from(["", "1", "nan", "2.5"]),
)


@given(rows=st.lists(ROW, max_size=15))
def test_read_is_used_plus_rejected_plus_blank(rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("sum") / "places.csv"
    lines = ["id,lon,lat,jobs", "good,1,2,3", *map(",".join, rows)]
    path.write_text("\n".join(lines) + "\n")
    read = read_places(path, numbers=["jobs"])
    rejected = {rejection.row for rejection in read.rejections}
    n_blank = sum(not any(row) for row in rows)
    assert read.n_read == 1 + len(rows) - n_blank == len(read.places) + len(rejected)
    assert read.n_rejected == len(rejected)
    assert not rejected & set(read.row.tolist())
    assert len(set(read.places.id)) == len(read.places)
    assert len(read.places.attributes) == len(read.places)


@pytest.mark.parametrize("value", ["", " ", "NA", "nan", "inf", "-inf", '"1,214"', "12人", "true"])
def test_a_weight_that_is_no_figure_is_rejected_never_zero(places, value):
    read = places([f"A,1,2,{value}", "B,1,2,0"], header="id,lon,lat,jobs", numbers=["jobs"])
    assert only(read).row == 1
    assert read.places.attributes["jobs"].tolist() == [0]


def test_weights_are_whole_numbers_if_all_are(places):
    header = "id,lon,lat,whole,mixed,text"
    rows = [f"A,1,2,{2**60 + 1},3,007", "B,1,2,+5,2.5,x"]
    read = places(rows, header=header, numbers=["whole", "mixed"])
    frame = read.places.attributes
    assert frame["whole"].tolist() == [2**60 + 1, 5]
    assert (frame["whole"].dtype, frame["mixed"].dtype) == (np.int64, np.float64)
    assert frame["text"].tolist() == ["007", "x"]


def test_a_file_whose_axes_are_exchanged_is_refused_with_advice(places):
    with pytest.raises(SwappedAxesError, match=r"name 'lat' as `lon` and 'lon' as `lat`"):
        places(["A,32.9,117.3", "B,33.0,117.4", "C,,", "D,0,0"])


def test_axes_exchanged_within_range_need_a_service_area_to_be_seen(places):
    rows = ["A,43.8,87.6", "B,43.9,87.5"]
    assert len(places(rows).places) == 2
    urumqi = (86.0, 43.0, 89.0, 45.0)
    with pytest.raises(SwappedAxesError, match=r"in the service area 86,43,89,45"):
        places(rows, service_area=urumqi)
    named = places(rows, columns=ColumnNames(lon="lat", lat="lon"), service_area=urumqi)
    assert named.places.lon.tolist() == [87.6, 87.5]


def test_single_rows_that_look_exchanged_are_rejected_with_that_advice(places):
    read = places(["A,117.3,32.9", "B,32.9,117.3"])
    assert "exchanged" in only(read).remedy
    read = places(["A,87.6,43.8", "B,43.8,87.6"], service_area=(86, 43, 89, 45))
    assert "exchanged" in only(read).remedy
    assert only(read).value == "43.8, 87.6"


def test_places_outside_the_service_area_are_used_with_a_warning(places):
    read = places(["A,117.3,32.9", "B,121.5,31.2"], service_area=BENGBU)
    assert read.places.id.tolist() == ["A", "B"]
    assert "1 of 2 places lies outside the service area 117,32.6,117.8,33.3" in read.warnings[0]


def test_a_file_wholly_outside_the_service_area_is_refused_with_advice(places):
    rule = (
        r"in the service area 117,32.6,117.8,33.3, got 2 places outside it, such as.*121\.5, 31\.2"
    )
    with pytest.raises(FileError, match=rule):
        places(["A,121.5,31.2", "B,121.6,31.2", "C,,"], service_area=BENGBU)
    with pytest.raises(FileError, match=r"got 1 place outside it.*west, south, east, north"):
        places(["A,121.5,31.2"], service_area=BENGBU)


def test_null_island_is_a_place_where_a_service_area_holds_it(places):
    assert len(places(["A,0,0"], service_area=(-1, -1, 1, 1)).places) == 1


def test_a_service_area_may_cross_the_antimeridian(places):
    read = places(["A,179,-17", "B,-179,-17", "C,0,-17"], service_area=(177, -20, -178, -15))
    assert "1 of 3" in read.warnings[0]


@pytest.mark.parametrize(
    "area",
    [
        (1, 2, 3),
        (0, 10, 1, -10),
        (0, -91, 1, 0),
        (0, 0, 181, 1),
        ("a", 0, 1, 1),
        (float("nan"), 0, 1, 1),
    ],
)
def test_a_service_area_that_is_no_box_is_refused(places, area):
    with pytest.raises(ArgumentError, match=r"`service_area` must be four numbers"):
        places(["A,1,2"], service_area=area)


def test_metres_are_not_taken_for_degrees(places):
    with pytest.raises(FileError, match="metres of a projection"):
        places(["A,528000,3640000", "B,529000,3641000"])


@pytest.mark.parametrize(
    ("datum", "forward"),
    [
        ("gcj02", lambda lat, lon: prcoords.wgs_gcj((lat, lon))),
        ("bd09", lambda lat, lon: prcoords.wgs_bd((lat, lon))),
    ],
)
def test_a_declared_datum_is_converted(places, datum, forward):
    lat, lon = forward(32.93, 117.36)
    read = places([f"A,{lon!r},{lat!r}"], datum=datum)
    assert read.places.lon.tolist() == pytest.approx([117.36], abs=1e-7)
    assert read.places.lat.tolist() == pytest.approx([32.93], abs=1e-7)


def test_x_and_y_are_coordinates_where_the_caller_names_them(places):
    read = places(["A,32.9,117.3"], header="id,x,y", columns=ColumnNames(lon="y", lat="x"))
    assert (read.places.lon[0], read.places.lat[0]) == (117.3, 32.9)


def test_an_unknown_datum_is_refused_before_the_file_is_read(tmp_path):
    with pytest.raises(DatumError, match="gcj02"):
        read_places(tmp_path / "missing.csv", datum="mars")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.csv", "must exist, got no such file"),
        ("places.docx", r"must end in one of \.csv.*got '\.docx'"),
        ("places", "no suffix"),
        ("folder.csv", "got a folder"),
        ("empty.gpkg", "an empty file"),
    ],
)
def test_a_path_that_is_no_file_of_places_is_refused(tmp_path, name, message):
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "empty.gpkg").touch()
    with pytest.raises(FileError, match=message) as caught:
        read_places(tmp_path / name)
    assert isinstance(caught.value, GeoMatchError | ValueError)


@pytest.mark.parametrize(
    ("header", "columns", "message"),
    [
        ("id,name,place", None, "a column of longitudes, got the columns id, name, place"),
        ("id,lon,place", None, "a column of latitudes"),
        (
            "id,lon,lng",
            None,
            r"one column of longitudes, got 2 that could be it: lon, lng.*--site-lon",
        ),
        ("id,编号,lon", None, "one column of ids"),
        (
            "id,x,y",
            None,
            "Name the column of longitudes as `lon` .* often write x for the northing",
        ),
        ("id,lon,Y", None, "a column of latitudes.* x and y are not taken by themselves"),
        ("id,lon,lat", ColumnNames(lon="经度"), "the column '经度', got the columns id, lon, lat"),
    ],
)
def test_columns_that_cannot_be_found_are_named(places, header, columns, message):
    with pytest.raises(ColumnError, match=message):
        places(["a,1,2"], header=header, columns=columns)


def test_a_weight_is_found_whatever_its_case_and_kept_once(places):
    read = places(["A,1,2,3"], header="id,lon,lat,Jobs", numbers=["jobs"])
    assert read.places.attributes.to_dict("list") == {"jobs": [3]}
    with pytest.raises(ColumnError, match=r"JOBS, Jobs\. Write the name exactly"):
        places(["A,1,2,3,4"], header="id,lon,lat,JOBS,Jobs", numbers=["jobs"])
    read = places(["A,1,2,3,4"], header="id,lon,lat,JOBS,Jobs", numbers=["Jobs"])
    assert read.places.attributes["Jobs"].tolist() == [4]


def test_a_weight_without_any_number_is_refused_with_the_columns_that_have_some(places):
    rows = ["1,117,32,cook,,3", "2,118,33,guard,,x"]
    header = "id,lon,lat,title,empty,jobs"
    message = "numbers in the column 'title', got text such as 'cook'.*Numbers stand in: jobs\\.$"
    with pytest.raises(ColumnError, match=message):
        places(rows, header=header, numbers=["TITLE"])
    with pytest.raises(ColumnError, match="numbers in the column 'empty', got nothing in it"):
        places(rows, header=header, numbers=["empty"])
    with pytest.raises(ColumnError, match="Numbers stand in: none"):
        places(["1,117,32,cook"], header="id,lon,lat,title", numbers=["title"])


def test_a_weight_that_is_no_column_is_named(places):
    with pytest.raises(ColumnError, match="the column 'jobs', got the columns id, lon, lat"):
        places(["a,1,2"], numbers=["jobs"])


@pytest.mark.parametrize(
    "header",
    [
        "ID, Longitude ,LATITUDE",
        "编号,经 度,纬度",
        "Id,LNG,Lat",
        "ｉｄ,ｌｎｇ,ｌａｔ",
        "uid,long,lat",
    ],
)
def test_common_names_are_found_whatever_their_case_space_and_width(places, header):
    read = places(["A,1,2"], header=header)
    assert (read.places.id[0], read.places.lon[0], read.places.lat[0]) == ("A", 1, 2)


def test_real_cells_without_a_figure_are_rejected(reference):
    path = reference / "roads" / "poa_hexgrid.csv"
    read = read_places(path, numbers=["jobs"])
    assert (read.n_read, len(read.places)) == (1227, 1222)
    assert [r.row for r in read.rejections] == [70, 225, 411, 430, 779]
    assert read_places(path).n_rejected == 0


@pytest.mark.parametrize("name", ["bengbu_districts_cgcs2000", "bengbu_districts_wgs84"])
def test_real_areas_are_rejected_with_advice(reference, name):
    read = read_places(reference / "boundaries" / f"{name}.geojson")
    assert read.n_read == read.n_rejected > 0
    assert "representative points" in read.rejections[0].remedy
