"""Values of every type as columns of the tables that are matched."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_matching.rows import PLACE, one_job, one_seeker

from geo_match import codes
from geo_match.matching.given import values
from geo_match.matching.given.faults import Faults, FrameError
from geo_match.matching.given.frames import jobs_table, seekers_table
from geo_match.records import Seeker


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


def test_a_wage_may_have_a_fraction_and_a_year_may_not():
    assert one_seeker(hours_max_per_week=37.5)["hours_max_per_week"] == 37.5
    with pytest.raises(FrameError, match=r"`wage_floor_cny` must be whole.*: 2999\.5\)"):
        one_seeker(wage_floor_cny=2999.5)
    with pytest.raises(FrameError, match=r"`birth_year` must be whole numbers.*: 1990\.5\)"):
        one_seeker(birth_year=1990.5)


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


@given(st.from_regex(r"[1-9]\.[0-9]{5,9}[Ee]\+0?1[47]|[0-9Xx]{,11}", fullmatch=True))
def test_what_is_too_short_to_be_looked_at_holds_no_id_card_number(text):
    # Bytes, of which a digit of double width takes three.
    short = text.encode()[: values._SHORTEST_CARD - 1].decode(errors="ignore")
    assert not codes.has_id_card(np.array([short], dtype=object))[0]


def test_an_id_card_number_among_short_ids_is_found():
    faults = Faults("people")
    values.ids(pa.array(["1", "110105 19491231 002X", "2"]), "id", faults)
    assert [fault.rule for fault in faults.found] == ["hold no ID-card number"]
    assert faults.found[0].count == 1


def test_ids_that_are_repeated_are_all_shown_and_no_others():
    faults = Faults("people")
    values.ids(pa.array(["a", "b", "a", "c", "家", "家"]), "id", faults)
    assert "4 of 6 that do not (position 0, id 'a': 'a'; position 2" in faults.found[0].found
