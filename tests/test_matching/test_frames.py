"""Frames of every make as the tables that are matched, and all that can be wrong with them."""

from __future__ import annotations

import datetime as dt
import math
import pickle
import re
from decimal import Decimal
from typing import get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo_match.errors import ArgumentError, DatumError
from geo_match.matching.frames import (
    JOBS,
    ORIGINS,
    SEEKERS,
    FrameError,
    jobs_table,
    origins_table,
    seekers_table,
)
from geo_match.records import Employer, Job, Seeker
from geo_match.taxonomy import OCCUPATIONS_VERSION

PLACE = {"lon": 117.38, "lat": 32.93}
LON = np.array([117.0, 117.36, 117.9])
LAT = np.array([32.7, 32.93, 33.2])


def words(model, name):
    """Return the literal words that a field's type allows, however deep they stand in it."""
    found, left = [], [model.model_fields[name].annotation]
    while left:
        one = left.pop(0)
        parts = get_args(one)
        if parts and all(isinstance(part, str) for part in parts):
            found.extend(parts)
        else:
            left.extend(part for part in parts if get_args(part))
    return found


def one_seeker(**values):
    return seekers_table({"id": "S1", **PLACE, **values}).to_pylist()[0]


def one_job(**values):
    return jobs_table({"id": "J1", **PLACE, **values}).to_pylist()[0]


# What a table looks like


def test_the_columns_are_these_in_this_order_whatever_was_given():
    for table, schema in (
        (seekers_table({"id": "a", **PLACE}), SEEKERS),
        (jobs_table({"id": "a", **PLACE}), JOBS),
        (origins_table({"id": "a", **PLACE, "sex": "anything"}), ORIGINS),
    ):
        assert table.schema.equals(schema)
        stated = {"id": "a", **PLACE}
        if "occupation_version" in schema.names:
            stated["occupation_version"] = OCCUPATIONS_VERSION
        assert table.to_pylist() == [dict.fromkeys(schema.names) | stated]
    assert " ".join(SEEKERS.names) == (
        "id lon lat location_accuracy_m radius_m birth_year sex education status groups "
        "difficulty occupation occupation_version wage_floor_cny shift accepts certificates "
        "hours_max_per_week graduation_year"
    )
    assert " ".join(JOBS.names) == (
        "id lon lat location_accuracy_m employer_licence occupation occupation_version job_type "
        "education_min wage_low_cny wage_high_cny wage_unit hours_per_week shift age_min "
        "age_max certificate vacancies filled opened_on closed_on updated_at"
    )
    assert ORIGINS.names == ["id", "lon", "lat", "location_accuracy_m"]


@pytest.mark.parametrize(
    "empty",
    [
        [],
        pd.DataFrame({"id": pd.Series(dtype=str), "lon": [], "lat": []}),
        pa.table({"id": pa.array([], pa.string()), "lon": pa.array([]), "lat": pa.array([])}),
        gpd.GeoDataFrame({"id": pd.Series(dtype=object)}, geometry=[], crs="EPSG:4548"),
        gpd.GeoDataFrame({"id": pd.Series(dtype=object)}, geometry=[]),
    ],
    ids=["list", "pandas", "arrow", "geopandas", "geopandas without CRS"],
)
def test_no_rows_are_an_empty_table(empty):
    assert seekers_table(empty).equals(SEEKERS.empty_table())
    assert jobs_table(empty).equals(JOBS.empty_table())


def test_columns_of_no_field_are_never_looked_at():
    frame = pd.DataFrame({"id": ["a"], "lon": [1.0], "lat": [2.0], 5: [0], "household": [object()]})
    frame["mixed"] = pd.Series([{"x": {1}}], dtype=object)
    assert len(seekers_table(frame)) == 1


def test_a_missing_key_of_a_dict_means_null():
    rows = [{"id": "a", "lon": 1.0, "lat": 2.0}, {"id": "b", "sex": "female"}]
    table = seekers_table(rows)
    assert table.column("lon").to_pylist() == [1.0, None]
    assert table.column("sex").to_pylist() == [None, "female"]


def test_an_arrow_stream_is_taken_too():
    batch = pa.RecordBatch.from_pylist([{"id": "a", **PLACE}])
    assert origins_table(batch).to_pylist() == [{"id": "a", **PLACE, "location_accuracy_m": None}]


# Kinds of columns


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([1990, 1991, 1992], dtype="int16"),
        pd.Series([1990, 1991, 1992], dtype="uint64"),
        pd.Series([1990.0, 1991.0, 1992.0], dtype="float32"),
        pd.Series([1990, 1991, 1992], dtype="Int64"),
        pd.Series([1990, 1991, 1992], dtype="Float64"),
        pd.Series([1990, 1991, 1992], dtype="int32[pyarrow]"),
        pd.Series([1990, 1991, 1992], dtype="float64[pyarrow]"),
        pd.Series([1990, 1991, 1992]).astype("category"),
        pd.Series([1990, 1991, 1992], dtype=object),
        pd.Series([Decimal(1990), Decimal("1991.0"), Decimal(1992)], dtype=object),
    ],
    ids=lambda column: str(column.dtype),
)
def test_numbers_of_every_type_are_whole_years(column):
    frame = pd.DataFrame({"id": ["a", "b", "c"], "lon": 1.0, "lat": 2.0, "birth_year": column})
    assert seekers_table(frame).column("birth_year").to_pylist() == [1990, 1991, 1992]
    assert seekers_table(pa.Table.from_pandas(frame)).equals(seekers_table(frame))


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([1990, None, math.nan]),
        pd.Series([1990, None, pd.NA], dtype="Int16"),
        pd.Series([1990, None, pd.NA], dtype="Float64"),
        pd.Series([1990, None, None], dtype="int16[pyarrow]"),
        pd.Series([1990.0, None, math.nan], dtype="float64[pyarrow]"),
        pd.Series([1990, None, pd.NA], dtype=object),
        pd.Series([1990, None, None]).astype("category"),
    ],
    ids=lambda column: str(column.dtype),
)
def test_missing_numbers_of_every_type_are_null(column):
    frame = pd.DataFrame({"id": ["a", "b", "c"], "lon": 1.0, "lat": 2.0, "birth_year": column})
    assert seekers_table(frame).column("birth_year").to_pylist() == [1990, None, None]


def test_nan_in_an_arrow_table_is_null():
    table = pa.table({"id": ["a"], "lon": [math.nan], "lat": [math.nan], "radius_m": [math.nan]})
    row = seekers_table(table).to_pylist()[0]
    assert (row["lon"], row["lat"], row["radius_m"]) == (None, None, None)


@pytest.mark.parametrize(
    "dtype",
    ["str", "object", "category", "string", "string[python]", "string[pyarrow]", "large_string"],
)
def test_texts_of_every_type_are_the_same(dtype):
    kind = pd.ArrowDtype(pa.large_string()) if dtype == "large_string" else dtype
    frame = pd.DataFrame(
        {
            "id": pd.Series(["甲", "乙", "丙"], dtype=kind),
            "lon": 1.0,
            "lat": 2.0,
            "sex": pd.Series(["male", None, "female"], dtype=kind),
            "occupation": pd.Series(["4-01-01", None, "普工"], dtype=kind),
        }
    )
    table = seekers_table(frame)
    assert table.column("id").to_pylist() == ["甲", "乙", "丙"]
    assert table.column("sex").to_pylist() == ["male", None, "female"]
    assert table.column("occupation").to_pylist() == ["40101", None, "普工"]


def test_encoded_columns_of_arrow_are_decoded_also_with_a_null_among_their_values():
    encoded = pa.DictionaryArray.from_arrays(pa.array([0, 1, None, 0]), pa.array(["day", None]))
    n = 200  # beyond what is read one by one
    table = pa.table(
        {
            "id": [f"S{i}" for i in range(4 * n)],
            **{name: pa.array([1.0] * 4 * n) for name in ("lon", "lat")},
            "shift": pa.chunked_array([encoded] * n),
            "sex": pa.nulls(4 * n),
        }
    )
    seen = seekers_table(table)
    assert seen.column("shift").to_pylist() == ["day", None, None, "day"] * n
    assert seen.column("sex").null_count == 4 * n
    assert {column.num_chunks for column in seen.columns} == {1}


def test_views_of_lists_are_refused():
    view = pa.array([["graduate"]], pa.list_view(pa.string()))
    table = pa.table({"id": ["a"], "lon": [1.0], "lat": [2.0], "groups": view})
    with pytest.raises(FrameError, match=r"`groups` must be lists of texts.*list_view"):
        seekers_table(table)


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([pd.Timestamp("2025-03-01 23:30"), pd.NaT]),
        pd.Series([pd.Timestamp("2025-03-01 15:59", tz="UTC"), pd.NaT]),
        pd.Series([pd.Timestamp("2025-02-28 16:00", tz="UTC"), None], dtype="datetime64[ns, UTC]"),
        pd.Series([pd.Timestamp("2025-03-01"), None], dtype="timestamp[s][pyarrow]"),
        pd.Series([dt.date(2025, 3, 1), None]),
        pd.Series([dt.date(2025, 3, 1), None], dtype="date32[pyarrow]"),
        pd.Series([dt.datetime(2025, 3, 1, 23, 30), None], dtype=object),  # noqa: DTZ001 - by China's clock, as lists have it
        pd.Series([pd.Timestamp("2025-03-01"), pd.NaT]).astype("category"),
    ],
    ids=range(8),
)
def test_moments_of_every_type_are_days_of_china(column):
    frame = pd.DataFrame({"id": ["a", "b"], "lon": 1.0, "lat": 2.0, "opened_on": column})
    assert jobs_table(frame).column("opened_on").to_pylist() == [dt.date(2025, 3, 1), None]


def test_a_date_in_milliseconds_is_its_day():
    day = pa.array([86_400_000 * 3 + 5_000]).cast(pa.date64(), safe=False)
    table = pa.table({"id": ["a"], "lon": [1.0], "lat": [2.0], "opened_on": day})
    assert jobs_table(table).column("opened_on").to_pylist() == [dt.date(1970, 1, 4)]


def test_chunks_encoded_by_dictionaries_of_their_own_are_one_column():
    parts = [pa.array(one).dictionary_encode() for one in (["day"], ["night", "day"])]
    columns = {"id": ["a", "b", "c"], "lon": [1.0] * 3, "lat": [2.0] * 3}
    table = pa.table({**columns, "shift": pa.chunked_array(parts)})
    assert seekers_table(table).column("shift").to_pylist() == ["day", "night", "day"]


def test_a_part_of_a_table_is_read_from_its_own_beginning():
    n = 100
    rows = [{"id": f"S{i}", **PLACE, "groups": [["veteran"], [], None][i % 3]} for i in range(n)]
    part = seekers_table(pa.Table.from_pylist(rows).slice(1))
    assert part.equals(seekers_table(rows[1:]))
    whole = pa.Table.from_pylist(
        [
            *rows,
            {"id": "x", **PLACE, "groups": ["bad"]},
            *[row | {"id": f"{row['id']}-2"} for row in rows],
        ]
    )
    with pytest.raises(FrameError, match=r"`groups` must .*1 of 151 .*position 50, id 'x'"):
        seekers_table(whole.slice(50))


def test_a_moment_before_1970_has_the_day_on_which_it_was():
    job = one_job(opened_on=dt.datetime(1965, 3, 1, 23, 30))  # noqa: DTZ001 - by China's clock
    assert job["opened_on"] == dt.date(1965, 3, 1)


@pytest.mark.parametrize(
    "given_lists",
    [
        [["veteran", "graduate"], [], None],
        [("veteran", "graduate"), (), None],
        [np.array(["veteran", "graduate"]), np.array([], dtype=object), None],
        pa.array([["veteran", "graduate"], [], None], pa.large_list(pa.large_string())),
        pa.array(
            [["veteran", "graduate"], [], None], pa.list_(pa.dictionary(pa.int8(), pa.string()))
        ),
    ],
    ids=["lists", "tuples", "numpy", "large_list", "encoded"],
)
def test_lists_of_every_type_are_the_same_and_empty_is_not_null(given_lists):
    columns = {"id": ["a", "b", "c"], "lon": [1.0] * 3, "lat": [2.0] * 3}
    if isinstance(given_lists, pa.Array):
        frame = pa.table({**columns, "groups": given_lists})
    else:
        frame = pd.DataFrame({**columns, "groups": given_lists})
    assert seekers_table(frame).column("groups").to_pylist() == [["veteran", "graduate"], [], None]


def test_empty_lists_alone_have_no_type_and_are_lists_all_the_same():
    assert one_seeker(groups=[], accepts=[], certificates=[])["certificates"] == []


def test_a_text_among_certificates_that_names_several_counts_as_these():
    rows = [
        {"id": "a", **PLACE, "certificates": ["电工证、焊工证", "叉车证"]},
        {"id": "b", **PLACE, "certificates": [" 焊工证 ; 焊工证"]},
        {"id": "c", **PLACE, "certificates": ["叉车证"]},
        {"id": "d", **PLACE},
    ]
    expected = [["电工证", "焊工证", "叉车证"], ["焊工证"], ["叉车证"], None]
    assert seekers_table(rows).column("certificates").to_pylist() == expected
    many = [row | {"id": f"{row['id']}{i}"} for i in range(100) for row in rows]
    assert seekers_table(many).column("certificates").to_pylist() == expected * 100


def test_texts_lose_the_white_space_around_them():
    assert one_job(certificate=" 电工证\u3000")["certificate"] == "电工证"


def test_another_edition_of_occupations_is_kept_and_none_is_the_shipped_one():
    rows = [
        {"id": "a", **PLACE, "occupation_version": "大典2022"},
        {"id": "b", **PLACE, "occupation_version": None},
    ]
    for table in (seekers_table(rows), jobs_table(rows)):
        assert table.column("occupation_version").to_pylist() == ["大典2022", OCCUPATIONS_VERSION]


def test_a_wage_may_have_a_fraction_and_a_year_may_not():
    assert one_seeker(hours_max_per_week=37.5)["hours_max_per_week"] == 37.5
    with pytest.raises(FrameError, match=r"`wage_floor_cny` must be whole.*: 2999\.5\)"):
        one_seeker(wage_floor_cny=2999.5)
    with pytest.raises(FrameError, match=r"`birth_year` must be whole numbers.*: 1990\.5\)"):
        one_seeker(birth_year=1990.5)


# Flags


def test_flags_are_lists_and_one_that_is_null_leaves_all_unknown():
    frame = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "lon": 1.0,
            "lat": 2.0,
            "accepts_ordinary": pd.Series([True, True, False], dtype="boolean"),
            "accepts_flexible": [False, True, False],
            "accepts_public_welfare": pd.Series([True, None, False], dtype="bool[pyarrow]"),
            "accepts_traineeship": pd.Series([False, True, False], dtype=object),
        }
    )
    expected = [["ordinary", "public_welfare"], None, []]
    assert seekers_table(frame).column("accepts").to_pylist() == expected


def test_a_flag_without_a_column_leaves_all_unknown():
    assert one_seeker(graduate=True, veteran=False)["groups"] is None
    all_of_them = dict.fromkeys(Seeker.flags["groups"].values(), False) | {"graduate": True}
    assert one_seeker(**all_of_them)["groups"] == ["graduate"]


def test_a_list_counts_before_flags():
    assert one_seeker(groups=["veteran"], graduate=True)["groups"] == ["veteran"]


def test_flags_of_jobs_are_no_flags():
    assert one_job(graduate="anything")["id"] == "J1"


def test_a_flag_that_is_no_flag_is_named():
    with pytest.raises(FrameError, match=r"`veteran` must be true or false.*int64.*'boolean'"):
        one_seeker(veteran=1)


def test_updated_at_counts_before_updated_on():
    day, other = dt.date(2025, 3, 1), dt.date(2025, 3, 2)
    assert one_job(updated_on=day)["updated_at"] == day
    assert one_job(updated_on=day, updated_at=other)["updated_at"] == other


# Places


def located(crs, lon=LON, lat=LAT):
    """Return a frame in a CRS, its coordinates made by a bare projection without a datum shift."""
    horizontal = pyproj.CRS(crs).to_2d()
    if horizontal.is_projected:
        lon, lat = pyproj.Proj(horizontal)(lon, lat)
    points = gpd.points_from_xy(lon, lat)
    return gpd.GeoDataFrame({"id": [str(i) for i in range(len(lon))]}, geometry=points, crs=crs)


@pytest.mark.parametrize(
    "crs",
    ["EPSG:4326", "OGC:CRS84", "EPSG:4490", "EPSG:4526", "EPSG:4548", "EPSG:3857", "EPSG:32650"],
)
def test_a_crs_on_wgs_84_or_cgcs2000_is_undone_as_pyproj_does_it(crs):
    table = origins_table(located(crs))
    assert table.column("lon").to_pylist() == pytest.approx(LON, abs=1e-9)
    assert table.column("lat").to_pylist() == pytest.approx(LAT, abs=1e-9)


def test_the_frames_own_change_of_crs_is_found_again():
    frame = located("EPSG:4326")
    table = origins_table(frame.to_crs("EPSG:32650"))
    assert table.column("lon").to_pylist() == pytest.approx(LON, abs=1e-9)


@pytest.mark.parametrize(
    ("crs", "found"),
    [
        ("EPSG:4610", "Xian 1980"),
        ("EPSG:2382", "Xian 1980"),
        ("EPSG:4214", "Beijing 1954"),
        ("EPSG:2436", "Beijing 1954"),
        ("EPSG:4555", "New Beijing"),
        ("EPSG:4258", "ETRS89"),
    ],
)
def test_a_crs_on_another_datum_is_refused_with_advice(crs, found):
    frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.Point(117, 33)], crs=crs)
    with pytest.raises(DatumError, match=rf"CRS of `jobs`.*{found}.*convert it to CGCS2000"):
        jobs_table(frame)


def test_points_of_no_crs_are_refused_with_advice():
    frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.Point(117, 33)])
    with pytest.raises(DatumError, match=r"CRS of `seekers`.* got none\. Assign the CRS"):
        seekers_table(frame)


def test_null_empty_and_nan_points_are_not_located():
    shapes = [None, shapely.Point(), shapely.Point(math.nan, math.nan), shapely.Point(117, 33, 5)]
    frame = gpd.GeoDataFrame({"id": list("abcd")}, geometry=shapes, crs="EPSG:4326")
    assert origins_table(frame).column("lon").to_pylist() == [None, None, None, 117.0]
    projected = frame.to_crs("EPSG:4548")
    assert origins_table(projected).column("lat").to_pylist()[:3] == [None, None, None]
    assert origins_table(projected).column("lat").to_pylist()[3] == pytest.approx(33.0)


def test_the_geometry_counts_before_lon_and_lat_whatever_it_is_called():
    frame = located("EPSG:4326").rename_geometry("home").assign(lon=0.0, lat=0.0)
    assert origins_table(frame).column("lon").to_pylist() == LON.tolist()


def test_a_geodataframe_without_a_geometry_has_lon_and_lat():
    frame = gpd.GeoDataFrame({"id": ["a"], "lon": [1.0], "lat": [2.0]})
    assert origins_table(frame).column("lat").to_pylist() == [2.0]


def test_an_arrow_table_of_geoarrow_points_is_placed_by_them():
    frame = located("EPSG:4548")
    table = pa.table(frame.to_arrow(index=False))
    assert origins_table(table).equals(origins_table(frame))
    with_columns = table.append_column("lon", pa.array([1.0] * 3))
    with_columns = with_columns.append_column("lat", pa.array([2.0] * 3))
    assert origins_table(with_columns).column("lon").to_pylist() == [1.0] * 3


def test_other_shapes_are_named_by_row():
    shapes = [shapely.Point(117, 33), shapely.box(117, 33, 118, 34)]
    frame = gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=shapes, crs="EPSG:4326")
    message = r"`geometry` must hold points, got 1 of 2 .*position 1, id 'b': 'Polygon'.*point of"
    with pytest.raises(FrameError, match=message):
        origins_table(frame)


def test_a_point_that_its_crs_does_not_have_is_named():
    shapes = [shapely.Point(500_000, 3_600_000), shapely.Point(1e30, 1e30)]
    frame = gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=shapes, crs="EPSG:4548")
    with pytest.raises(FrameError, match=r"be a place in its CRS, got 1 of 2 .*id 'b': 'POINT"):
        origins_table(frame)


@pytest.mark.parametrize(
    ("lon", "lat", "message"),
    [
        (180.1, 0.0, r"`lon` must lie between -180 and 180 degrees of longitude.*\(180\.1, 0\.0\)"),
        (math.inf, 0.0, r"`lon` must lie between -180 and 180 degrees of longitude"),
        (0.0, -90.5, r"`lat` must lie between -90 and 90 degrees of latitude"),
        (32.9, 117.4, r"`lat` must lie between .*look swapped: exchange them"),
        (117.4, None, r"`lon, lat` must be given together or not at all.*\(117\.4, None\)"),
        (None, 32.9, r"`lon, lat` must be given together or not at all"),
        ("117.4", 32.9, r"`lon` must be numbers.*string.*pandas\.to_numeric"),
        (True, 32.9, r"`lon` must be numbers.*a column of bool"),
    ],
)
def test_half_places_and_places_not_on_earth_are_named(lon, lat, message):
    with pytest.raises(FrameError, match=message):
        origins_table({"id": "a", "lon": lon, "lat": lat})


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (200.0, 0.0, r"`geometry` must lie between -180 and 180 degrees of longitude"),
        (32.9, 117.4, r"`geometry` must lie between -90 and 90 degrees of latitude.*swapped"),
        (117.4, math.nan, r"`geometry` must be given together or not at all.*'POINT \(117\.4 NaN"),
    ],
)
def test_points_are_checked_like_columns(x, y, message):
    frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=gpd.points_from_xy([x], [y]), crs="EPSG:4326")
    with pytest.raises(FrameError, match=message):
        origins_table(frame)


@pytest.mark.parametrize(("lon", "lat"), [(180.0, 90.0), (-180.0, -90.0), (0.0, 0.0)])
def test_the_ends_of_the_earth_are_on_it(lon, lat):
    row = origins_table({"id": "a", "lon": lon, "lat": lat}).to_pylist()[0]
    assert (row["lon"], row["lat"]) == (lon, lat)


# Faults


@pytest.mark.parametrize("frame", [5, "seekers", None, np.zeros(3), b"", {1, 2}])
def test_what_is_no_frame_is_refused(frame):
    with pytest.raises(ArgumentError, match=r"`seekers` must be a GeoDataFrame, a DataFrame"):
        seekers_table(frame)


@pytest.mark.parametrize("ids", [["a"], ("a",), np.array(["a"]), pd.Series(["a"])])
def test_a_dict_of_columns_is_no_row(ids):
    with pytest.raises(ArgumentError, match=r"got a dict of columns\. Make a DataFrame of it"):
        seekers_table({"id": ids, "lon": [1.0], "lat": [2.0]})


def test_what_is_no_row_is_refused():
    with pytest.raises(ArgumentError, match=r"`jobs` must be .*, got a str at position 1"):
        jobs_table([{"id": "a", **PLACE}, "b"])


def test_a_missing_id_is_named():
    frame = pd.DataFrame(PLACE, index=pd.Index(["a"], name="id"))
    with pytest.raises(FrameError, match=r"`id` must be there, got no such column.*reset_index"):
        seekers_table(frame)


@pytest.mark.parametrize(
    ("columns", "missing"), [({}, "lon, lat"), ({"lon": 1.0}, "lat"), ({"lat": 1.0}, "lon")]
)
def test_a_missing_place_is_named(columns, missing):
    with pytest.raises(FrameError, match=rf"`{missing}` must be there.*no geometry\. Give `lon`"):
        jobs_table({"id": "a", **columns})


@pytest.mark.parametrize("n", [3, 300])
def test_bad_ids_are_named_by_row(n):
    rows = [{"id": f"S{i}", **PLACE} for i in range(n)]
    rows[0]["id"] = None
    rows[1]["id"] = "S2"
    rows.append({"id": " ", **PLACE})
    rows.append({"id": "11010519491231002X", **PLACE})
    with pytest.raises(FrameError) as raised:
        seekers_table(rows)
    total = n + 2
    assert [fault.count for fault in raised.value.faults] == [1, 1, 2, 1]
    told = str(raised.value)
    assert f"stated in each row, got 1 of {total} that do not (position 0: None)" in told
    assert f"no blank text, got 1 of {total} that do not (position {n}, id ' ': ' ')" in told
    assert (
        f"be different in each row, got 2 of {total} that do not (position 1, id 'S2': 'S2'; "
        "position 2, id 'S2': 'S2')"
    ) in told
    assert "hold no ID-card number" in told
    assert "110105" not in told
    assert "002X" in told


def test_several_ids_that_are_null_are_not_called_the_same():
    with pytest.raises(FrameError) as raised:
        seekers_table([{"id": None, **PLACE}, {"id": None, **PLACE}, {"id": "a", **PLACE}])
    assert [fault.rule for fault in raised.value.faults] == ["be stated in each row"]


def test_ids_that_are_numbers_are_refused():
    with pytest.raises(FrameError, match=r"`id` must be text, got a column of int64\. Convert it"):
        seekers_table({"id": 7, **PLACE})


def test_a_column_that_is_there_twice_is_named_if_it_is_used():
    frame = pd.DataFrame([["a", 1.0, 2.0, "male", 1, 2]])
    frame.columns = ["id", "lon", "lat", "sex", "x", "x"]
    assert one_seeker(sex="male")["sex"] == seekers_table(frame).column("sex").to_pylist()[0]
    frame.columns = ["id", "lon", "lat", "sex", "sex", "x"]
    with pytest.raises(FrameError, match=r"`sex` must be there once, got several"):
        seekers_table(frame)
    table = pa.table([["a"], [1.0], [2.0], [1.0]], names=["id", "lon", "lat", "lat"])
    with pytest.raises(FrameError, match=r"`lat` must be there once"):
        seekers_table(table)


def test_a_column_of_mixed_values_is_named():
    frame = pd.DataFrame({"id": ["a", "b"], "lon": 1.0, "lat": 2.0, "birth_year": [1990, "1991"]})
    with pytest.raises(FrameError, match=r"`birth_year` must hold values of one kind, got a mix"):
        seekers_table(frame)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("sex", "男", r"be one of male, female, or null.*id 'S1': '男'.*office's own words"),
        ("education", "phd", r"be one of primary, junior, senior"),
        ("status", "", r"be one of employed"),
        ("shift", 3, r"be one of day, evening, night, any.*column of int64"),
        ("difficulty", "poor", r"be one of none, older"),
        ("groups", ["graduate", "x"], r"hold only graduate, .*: \['graduate', 'x'\]"),
        ("groups", ["graduate", None], r"hold only graduate"),
        ("groups", "graduate", r"be lists of texts.*column of string.*\.str\.split"),
        ("groups", [1], r"be lists of texts"),
        ("accepts", ["any"], r"hold only ordinary, flexible"),
        ("certificates", ["电工证", " "], r"hold texts, none of them null or blank"),
        ("certificates", [None], r"hold texts, none of them null or blank"),
        ("certificates", "电工证", r"be lists of texts"),
        ("occupation", 401, r"hold text of the field's form.*int64.*0 in front"),
        ("occupation", " ", r"hold text of the field's form"),
        ("occupation", "普" * 65, r"hold text of the field's form"),
        ("wage_floor_cny", -1, r"be between 0 and 1000000"),
        ("hours_max_per_week", 168.5, r"be between 0 and 168"),
        ("radius_m", 200_000.5, r"be between 0 and 200000"),
        ("radius_m", -0.1, r"be between 0 and 200000"),
        ("radius_m", math.inf, r"be between 0 and 200000"),
        ("location_accuracy_m", -1.0, r"be between 0 and 200000"),
        ("birth_year", 1899, r"be between 1900 and 2100"),
        ("graduation_year", 2101, r"be between 1950 and 2100"),
        ("wage_floor_cny", "3000", r"be numbers.*column of string"),
        ("wage_floor_cny", True, r"be numbers.*column of bool"),
        ("birth_year", dt.date(1990, 1, 1), r"be numbers.*column of date32"),
    ],
)
def test_a_value_of_a_seeker_that_breaks_its_rule_is_named(name, value, message):
    with pytest.raises(FrameError, match=rf"`seekers`, column `{name}` must {message}"):
        one_seeker(**{name: value})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("employer_licence", "yes", r"be one of verified, unverified, expired"),
        ("job_type", "any", r"be one of ordinary"),
        ("education_min", "phd", r"be one of primary"),
        ("wage_unit", "year", r"be one of month, day, hour"),
        ("wage_low_cny", -0.01, r"be between 0 and 1000000"),
        ("wage_high_cny", 1e9, r"be between 0 and 1000000"),
        ("hours_per_week", -1, r"be between 0 and 168"),
        ("age_min", 121, r"be between 0 and 120"),
        ("age_max", 45.5, r"be whole numbers"),
        ("vacancies", -1, r"be between 0 and 1000000"),
        ("filled", 2**62, r"be between 0 and 1000000"),
        ("certificate", "", r"hold text of the field's form"),
        ("opened_on", "2025-03-01", r"be days or moments.*column of string.*to_datetime"),
        ("closed_on", 20250301, r"be days or moments.*column of int64"),
        ("updated_on", 20250301, r"be days or moments"),
    ],
)
def test_a_value_of_a_job_that_breaks_its_rule_is_named(name, value, message):
    with pytest.raises(FrameError, match=rf"`jobs`, column `{name}` must {message}"):
        one_job(**{name: value})


@pytest.mark.parametrize(
    ("low", "high", "values", "shown"),
    [
        ("wage_low_cny", "wage_high_cny", (5000, 4000), r"\(5000\.0, 4000\.0\)"),
        ("age_min", "age_max", (50, 49), r"\(50, 49\)"),
        (
            "opened_on",
            "closed_on",
            (dt.date(2025, 3, 2), dt.date(2025, 3, 1)),
            r"\('2025-03-02', '2025-03-01'\)",
        ),
    ],
)
def test_bounds_in_the_wrong_order_are_named(low, high, values, shown):
    first, second = values
    message = rf"`{low}, {high}` must not have {low} above {high}.*{shown}"
    with pytest.raises(FrameError, match=message):
        one_job(**{low: first, high: second})
    for pair in ((second, first), (first, first), (first, None), (None, second)):
        kept = one_job(**dict(zip((low, high), pair, strict=True)))
        assert (kept[low], kept[high]) == pair


def test_all_faults_are_raised_at_once_and_the_first_five_rows_shown():
    rows = [{"id": f"J{i}", **PLACE, "wage_low_cny": -i, "job_type": "x"} for i in range(1, 8)]
    with pytest.raises(FrameError) as raised:
        jobs_table(rows, employers=[{"id": "E1", "licence": "good"}])
    error = raised.value
    assert [(fault.frame, fault.column, fault.count) for fault in error.faults] == [
        ("jobs", "job_type", 7),
        ("jobs", "wage_low_cny", 7),
        ("jobs", "employer_id", 0),
        ("employers", "licence", 1),
    ]
    told = str(error)
    assert told.startswith("`jobs` must keep the rule of each column, got 4 faults:\n- `jobs`, col")
    assert "got 7 of 7 that do not (position 0, id 'J1': -1; " in told
    assert "position 4, id 'J5': -5; …)" in told
    assert "J6" not in told
    assert error.argument == "jobs"
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - what was just made
    assert (copy.faults, str(copy)) == (error.faults, told)


def test_an_id_card_number_in_a_value_is_masked():
    with pytest.raises(FrameError) as raised:
        one_seeker(sex="110105 19491231 002X")
    assert "19491231" not in str(raised.value)


def test_each_words_column_takes_the_words_of_its_record_and_no_others():
    for model, table, names in (
        (Seeker, one_seeker, ("sex", "education", "status", "difficulty", "shift")),
        (Job, one_job, ("job_type", "education_min", "wage_unit", "shift")),
    ):
        for name in names:
            allowed = words(model, name)
            assert len(allowed) > 1
            assert [table(**{name: word})[name] for word in allowed] == allowed
            with pytest.raises(FrameError, match=re.escape(", ".join(allowed))):
                table(**{name: "other"})
    for name in ("groups", "accepts"):
        allowed = words(Seeker, name)
        assert one_seeker(**{name: allowed})[name] == allowed
    allowed = words(Employer, "licence")
    assert [one_job(employer_licence=word)["employer_licence"] for word in allowed] == allowed


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("birth_year", 1900, 2100),
        ("graduation_year", 1950, 2100),
        ("wage_floor_cny", 0, 1_000_000),
        ("hours_max_per_week", 0, 168),
        ("radius_m", 0, 200_000),
        ("location_accuracy_m", 0, 200_000),
    ],
)
def test_the_bounds_are_within(name, least, most):
    assert one_seeker(**{name: least})[name] == least
    assert one_seeker(**{name: most})[name] == most


# Employers


def test_licences_of_employers_count_before_a_column_of_the_jobs():
    jobs = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "lon": 1.0,
            "lat": 2.0,
            "employer_id": pd.Series(["E2", None, "E9"], dtype="category"),
            "employer_licence": "verified",
        }
    )
    employers = pd.DataFrame({"id": ["E1", "E2"], "licence": ["verified", "expired"]})
    licences = jobs_table(jobs, employers=employers).column("employer_licence").to_pylist()
    assert licences == ["expired", None, None]
    assert jobs_table(jobs).column("employer_licence").to_pylist() == ["verified"] * 3
    none = jobs_table(jobs, employers=[]).column("employer_licence").to_pylist()
    assert none == [None] * 3


@pytest.mark.parametrize(
    ("employers", "message"),
    [
        ({"id": "E1"}, r"`employers`, column `licence` must be there"),
        ({"licence": "verified"}, r"`employers`, column `id` must be there"),
        (
            [{"id": "E1", "licence": "verified"}, {"id": "E1", "licence": "expired"}],
            r"`employers`, column `id` must be different in each row",
        ),
        ({"id": "E1", "licence": "ok"}, r"`employers`, column `licence` must be one of verified"),
        ({"id": 5, "licence": "verified"}, r"`employers`, column `id` must be text"),
    ],
)
def test_bad_employers_are_named(employers, message):
    with pytest.raises(FrameError, match=message):
        jobs_table({"id": "a", **PLACE, "employer_id": "E1"}, employers=employers)


def test_a_job_that_names_no_employer_cannot_be_given_a_licence():
    with pytest.raises(FrameError, match=r"`jobs`, column `employer_id` must be there.*leave"):
        jobs_table({"id": "a", **PLACE}, employers={"id": "E1", "licence": "verified"})


def test_employers_that_are_no_frame_are_refused():
    with pytest.raises(ArgumentError, match=r"`employers` must be a GeoDataFrame"):
        jobs_table({"id": "a", **PLACE, "employer_id": "E1"}, employers=3)


# The demonstration city


def plain_value(row, name):
    """Return a value of a frame's row, None for every kind of null."""
    value = row.get(name)
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, float) and math.isnan(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def plain_row(row, schema, other):
    expected = {name: plain_value(row, name) for name in schema.names} | other
    shape = row["geometry"]
    expected |= {"lon": shape.x, "lat": shape.y, "occupation_version": OCCUPATIONS_VERSION}
    return expected


@pytest.mark.parametrize("table", ["seekers", "history/former_seekers"])
def test_the_citys_seekers_are_read_as_they_are(shipped_city, table):
    frame = gpd.read_parquet(shipped_city / f"{table}.parquet")
    expected = []
    for row in frame.to_dict("records"):
        accepts = {
            word: plain_value(row, f"accepts_{word}")
            for word in ("ordinary", "flexible", "public_welfare", "traineeship")
        }
        groups = ("graduate", "migrant_worker", "veteran", "retired_fisherman")
        lists = {
            "groups": [word for word in groups if row[word]],
            "accepts": None
            if None in accepts.values()
            else [word for word, is_so in accepts.items() if is_so],
        }
        expected.append(plain_row(row, SEEKERS, lists))
    seen = seekers_table(frame)
    assert seen.to_pylist() == expected
    assert 0 < seen.column("accepts").null_count < len(seen)


@pytest.mark.parametrize("table", ["jobs", "history/closed_jobs"])
def test_the_citys_jobs_are_read_as_they_are(shipped_city, table):
    frame = gpd.read_parquet(shipped_city / f"{table}.parquet").iloc[::3]
    employers = pd.read_parquet(shipped_city / "employers.parquet")
    licence = dict(zip(employers["id"], employers["licence"], strict=True))
    expected = [
        plain_row(
            row,
            JOBS,
            {
                "updated_at": plain_value(row, "updated_on"),
                "employer_licence": licence[row["employer_id"]],
            },
        )
        for row in frame.to_dict("records")
    ]
    assert jobs_table(frame, employers=employers).to_pylist() == expected


def test_the_citys_stations_and_households_are_origins(shipped_city):
    for table in ("stations", "households"):
        frame = gpd.read_parquet(shipped_city / f"{table}.parquet")
        seen = origins_table(frame)
        assert seen.column("id").to_pylist() == frame["id"].tolist()
        assert seen.column("lon").to_pylist() == frame.geometry.x.tolist()
        assert seen.column("lat").to_pylist() == frame.geometry.y.tolist()


def test_the_citys_file_is_the_same_read_by_arrow_alone(shipped_city):
    path = shipped_city / "seekers.parquet"
    assert seekers_table(pq.read_table(path)).equals(seekers_table(gpd.read_parquet(path)))


# Round trips


def maybe(strategy):
    return st.none() | strategy


def listed(model, name):
    return maybe(st.lists(st.sampled_from(words(model, name)), unique=True))


def chosen(model, name):
    return maybe(st.sampled_from(words(model, name)))


TEXT = st.text("电焊工证AB1", min_size=1, max_size=4)
POINTS = maybe(
    st.tuples(st.floats(-180, 180, allow_nan=False), st.floats(-90, 90, allow_nan=False))
)
SEEKER_VALUES = {
    "location_accuracy_m": maybe(st.floats(0, 200_000)),
    "radius_m": maybe(st.floats(0, 200_000)),
    "birth_year": maybe(st.integers(1900, 2100)),
    **{n: chosen(Seeker, n) for n in ("sex", "education", "status", "difficulty", "shift")},
    "groups": listed(Seeker, "groups"),
    "accepts": listed(Seeker, "accepts"),
    "certificates": maybe(st.lists(TEXT, unique=True, max_size=3)),
    "occupation": maybe(st.sampled_from(["401", "4", "20102", "普工"])),
    "occupation_version": maybe(st.sampled_from([OCCUPATIONS_VERSION, "大典2022"])),
    "wage_floor_cny": maybe(st.integers(0, 1_000_000)),
    "hours_max_per_week": maybe(st.floats(0, 168)),
    "graduation_year": maybe(st.integers(1950, 2100)),
}
DAYS = maybe(st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1)))
JOB_VALUES = {
    "location_accuracy_m": maybe(st.floats(0, 200_000)),
    "employer_licence": maybe(st.sampled_from(["verified", "unverified", "expired"])),
    **{n: chosen(Job, n) for n in ("job_type", "education_min", "wage_unit", "shift")},
    "occupation": maybe(st.sampled_from(["401", "4", "20102", "普工"])),
    "occupation_version": maybe(st.sampled_from([OCCUPATIONS_VERSION, "大典2022"])),
    "wage_low_cny": maybe(st.floats(0, 500_000)),
    "wage_high_cny": maybe(st.floats(500_000, 1_000_000)),
    "hours_per_week": maybe(st.floats(0, 168)),
    "age_min": maybe(st.integers(0, 40)),
    "age_max": maybe(st.integers(40, 120)),
    "certificate": maybe(TEXT),
    "vacancies": maybe(st.integers(0, 1_000_000)),
    "filled": maybe(st.integers(0, 1_000_000)),
    "opened_on": maybe(st.dates(dt.date(1950, 1, 1), dt.date(2000, 1, 1))),
    "closed_on": maybe(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))),
    "updated_at": DAYS,
}


@st.composite
def rows_of(draw, values):
    """Draw rows as dicts, their ids, and the columns that the frame has at all."""
    names = draw(st.lists(st.sampled_from(sorted(values)), unique=True))
    n = draw(st.integers(1, 5))
    rows = []
    for position in range(n):
        lon, lat = draw(POINTS) or (None, None)
        row = {"id": f"编{position}", "lon": lon, "lat": lat}
        rows.append(row | {name: draw(values[name]) for name in names})
    return rows


def frames_of(rows, schema):
    """Yield the same rows as frames of several makes."""
    frame = pd.DataFrame(rows)
    yield frame
    yield frame.convert_dtypes(dtype_backend="pyarrow")
    for_arrow = pa.schema([field for field in schema if field.name in rows[0]])
    yield pa.Table.from_pylist(rows, schema=for_arrow)
    places = [None if row["lon"] is None else shapely.Point(row["lon"], row["lat"]) for row in rows]
    yield gpd.GeoDataFrame(frame.drop(columns=["lon", "lat"]), geometry=places, crs="EPSG:4490")


def check_round_trip(rows, schema, as_table):
    table = as_table(rows)
    for frame in frames_of(rows, schema):
        assert as_table(frame).equals(table)
    assert as_table(table).equals(table)
    parts = [as_table(row) for row in rows]
    assert pa.concat_tables(parts).equals(table)
    for row, seen in zip(rows, table.to_pylist(), strict=True):
        stated = {name: value for name, value in row.items() if value is not None}
        expected = dict.fromkeys(schema.names) | {"occupation_version": OCCUPATIONS_VERSION}
        assert seen == expected | stated


@given(rows_of(SEEKER_VALUES))
def test_seekers_of_every_make_of_frame_are_the_same_table(rows):
    check_round_trip(rows, SEEKERS, seekers_table)


@given(rows_of(JOB_VALUES))
def test_jobs_of_every_make_of_frame_are_the_same_table(rows):
    check_round_trip(rows, JOBS, jobs_table)
