"""All that can be wrong with a frame, named by column, row and rule."""

from __future__ import annotations

import datetime as dt
import math
import pickle
import re

import pandas as pd
import pytest
from test_matching.rows import PLACE, one_job, one_seeker, words

from geo_match.matching.given.faults import FrameError
from geo_match.matching.given.frames import jobs_table, seekers_table
from geo_match.records import Employer, Job, Seeker


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
