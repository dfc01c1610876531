"""Each condition's form, on every combination of values that differ, held to the plain twin."""

from __future__ import annotations

import datetime as dt
import itertools
import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_matching.pairs import CONDITIONS, GB, JOB, NEW_YEARS_EVE, ON, SEEKER

import geo_match as gm
from geo_match.matching import plain
from geo_match.matching.criteria.conditions import (
    ALL,
    EDUCATION_LEVELS,
    bit,
    certificate_set,
    education_level,
    mask_of,
)
from geo_match.matching.criteria.forms import Alone, Bounded, Keyed, of_bounds, of_keys, texts
from geo_match.matching.engine.judge import judging, mark
from geo_match.matching.engine.side import Side, Tables
from geo_match.matching.given.frames import jobs_table, seekers_table
from geo_match.matching.options import JUDGED
from geo_match.matching.plain.conditions import is_registered
from geo_match.rules.outcome import FAIL, OUTCOMES, PASS, UNKNOWN

INF = math.inf
TYPES = ("ordinary", "public_welfare", "traineeship", "flexible")


def grid(base, **fields):
    """Return a record for each combination of values, with ids of their own."""
    return [
        base | {"id": f"{i}"} | dict(zip(fields, values, strict=True))
        for i, values in enumerate(itertools.product(*fields.values()))
    ]


def told(seekers, jobs, name, on=ON):
    """Return the outcome of one condition for each pair, by the compiled conditions, (n, m)."""
    options = gm.MatchOptions(on=on, conditions=(name,))
    sides = Side(seekers_table(seekers), "seeker", options), Side(jobs_table(jobs), "job", options)
    by = judging(*sides, Tables.of(*sides), ranks_seekers=False)
    one, other = np.indices((len(seekers), len(jobs))).reshape(2, -1)
    failed, unknown = np.empty((2, len(one)), dtype=np.int64)
    mark(by, sides[0].rows, one, sides[1].rows, other, failed, unknown)
    assert not ((failed | unknown) & ~bit(name)).any()
    assert not (failed & unknown).any()
    outcome = np.where(failed, "fail", np.where(unknown, "unknown", "pass"))
    return outcome.reshape(len(seekers), len(jobs))


def assert_as_the_twin(seekers, jobs, name, on=ON):
    options = plain.PlainOptions(on=on)
    rule = plain.CONDITIONS[name]
    found = told(seekers, jobs, name, on)
    for i, seeker in enumerate(seekers):
        expected = [rule(seeker, job, options) for job in jobs]
        assert found[i].tolist() == expected, seeker
    return set(found.ravel())


def test_each_condition_is_declared_once_in_the_order_of_the_options():
    assert tuple(one.name for one in ALL) == (*CONDITIONS, "registered") == JUDGED
    assert tuple(plain.CONDITIONS) == CONDITIONS
    assert len({one.chinese for one in ALL}) == len(ALL)
    forms = {one.name: type(one.form) for one in ALL if one.form is not None}
    assert set(forms.values()) == {Alone, Keyed, Bounded}
    assert set(CONDITIONS) - set(forms) == {"distance"}
    assert [bit(name) for name in JUDGED] == [2**i for i in range(len(JUDGED))]
    assert mask_of(("open", "wage")) == bit("open") + bit("wage")
    assert (OUTCOMES[FAIL], OUTCOMES[PASS], OUTCOMES[UNKNOWN]) == ("fail", "pass", "unknown")


@pytest.mark.parametrize("former_too", [False, True])
def test_who_is_registered_is_what_the_twin_says(former_too):
    days = [None, *(ON + dt.timedelta(offset) for offset in (-1, 0, 1))]
    people = [
        one
        for one in grid(SEEKER, registered_on=days, closed_on=days)
        if None in (one["registered_on"], one["closed_on"])
        or one["registered_on"] <= one["closed_on"]
    ]
    side = Side(
        seekers_table(people),
        "seeker",
        gm.MatchOptions(on=ON, conditions=(), former_too=former_too),
    )
    options = plain.PlainOptions(on=ON, former_too=former_too)
    expected = [is_registered(one, options) for one in people]
    assert side.is_registered.tolist() == expected
    assert (False in expected) is not former_too
    assert (True in expected) is True


def test_an_amount_between_ends_is_held_to_bounds_case_by_case():
    ends = (-INF, -1.0, 0.0, 1.0, 2.0, INF)
    intervals = [(low, high) for low in ends for high in ends if low <= high]
    seen = set()
    for (low, high), (least, most) in itertools.product(intervals, repeat=2):
        # The amounts there may be: each end, each number of the grid, and one between any two.
        between = [(a + b) / 2 for a, b in itertools.pairwise(ends) if abs(a) + abs(b) < INF]
        amounts = [x for x in (*ends, -2.0, 3.0, *between) if low <= x <= high]
        kept = {least <= amount <= most for amount in amounts}
        expected = PASS if kept == {True} else FAIL if kept == {False} else UNKNOWN
        assert of_bounds(low, high, least, most) == expected, (low, high, least, most)
        seen.add(expected)
    assert seen == {FAIL, PASS, UNKNOWN}


def test_the_outcome_of_two_kinds_is_looked_up_in_their_own_table():
    first = np.array([[0, 1, 2], [2, 0, 1]], dtype=np.int8)
    second = np.array([[1, 0], [2, 1], [0, 2]], dtype=np.int8)
    table = np.concatenate([first.ravel(), second.ravel()])
    for start, own in ((0, first), (first.size, second)):
        for (i, j), outcome in np.ndenumerate(own):
            assert of_keys(table, start, own.shape[1], i, j) == outcome


@given(st.lists(st.tuples(*[st.none() | st.text(max_size=3)] * 2), max_size=20))
def test_texts_are_numbered_by_what_they_say(rows):
    columns = [
        pa.chunked_array([pa.array(one, pa.string())]) for one in (*zip(*rows, strict=True),)
    ]
    if not rows:
        columns = [pa.chunked_array([], pa.string())] * 2
    both = texts(*columns)
    assert [both.values[code] for code in both.code] == rows
    assert len(set(both.values)) == len(both.values) == len(set(rows))
    assert both.code.dtype == np.int32
    alone = texts(columns[0])
    assert [alone.values[code] for code in alone.code] == [(one,) for one, _ in rows]


def test_every_pair_of_educations():
    levels = (*EDUCATION_LEVELS, None)
    seekers, jobs = grid(SEEKER, education=levels), grid(JOB, education_min=levels)
    assert_as_the_twin(seekers, jobs, "education")
    column = pa.chunked_array([pa.array(levels, pa.string())])
    assert education_level(column, -1.0).tolist() == [1, 2, 3, 3, 4, 5, 6, -1]


def test_every_pair_of_shifts():
    shifts = (*gm.records.RECORDS["jobs"].specs()["shift"].about.choices, None)
    assert len(shifts) > 3
    assert_as_the_twin(grid(SEEKER, shift=shifts), grid(JOB, shift=shifts), "shift")


def test_every_kind_of_job_for_everybody_it_might_be_for():
    accepts = (None, *(some for n in range(5) for some in itertools.combinations(TYPES, n)))
    jobs = grid(JOB, job_type=(*TYPES, None))
    specs = gm.records.RECORDS["seekers"].specs()
    seekers = grid(
        SEEKER,
        accepts=accepts,
        difficulty=(*specs["difficulty"].about.choices, None),
        status=(*specs["status"].about.choices, None),
    )
    assert_as_the_twin(seekers, jobs, "job_type")


@pytest.mark.parametrize("on", [ON, NEW_YEARS_EVE, dt.date(2025, 1, 1)])
def test_traineeships_by_status_group_graduation_and_age(on):
    seekers = grid(
        SEEKER | {"accepts": ("traineeship",)},
        status=("registered_unemployed", "unemployed", "employed", None),
        groups=(None, (), ("graduate",), ("veteran",), ("veteran", "graduate")),
        graduation_year=(None, *range(2021, 2027)),
        birth_year=(None, 1999, 2000, 2001, 2008, 2009, 2010),
    )
    seen = assert_as_the_twin(seekers, grid(JOB, job_type=("traineeship",)), "job_type", on)
    assert seen == {"fail", "pass", "unknown"}


@pytest.mark.parametrize("on", [ON, NEW_YEARS_EVE, dt.date(2024, 12, 31), dt.date(2040, 2, 29)])
def test_working_age_of_every_year_of_birth(on):
    seekers = grid(SEEKER, birth_year=(None, *range(1960, 2030)), sex=("male", "female", None))
    assert_as_the_twin(seekers, [JOB], "working_age", on)


@pytest.mark.parametrize("on", [ON, NEW_YEARS_EVE])
def test_ages_around_each_bound(on):
    seekers = grid(SEEKER, birth_year=(None, *range(1979, 1992)))
    bounds = (None, 37, 38, 39, 40, 41, 42)
    jobs = [
        job
        for job in grid(JOB, age_min=bounds, age_max=bounds)
        if None in {job["age_min"], job["age_max"]} or job["age_min"] <= job["age_max"]
    ]
    assert_as_the_twin(seekers, jobs, "age", on)


@pytest.mark.parametrize(("unit", "a_month"), [("month", 1.0), ("day", 21.75), ("hour", 174.0)])
def test_wages_at_under_and_over_the_floor_in_each_unit(unit, a_month):
    floor = 20 * a_month
    seekers = grid(SEEKER, wage_floor_cny=(None, 0, floor))
    ends = (None, 0.0, np.nextafter(20.0, 0.0), 20.0, np.nextafter(20.0, 99.0), 25.0)
    jobs = [
        job
        for job in grid(JOB, wage_low_cny=ends, wage_high_cny=ends, wage_unit=(unit, None))
        if None in (both := (job["wage_low_cny"], job["wage_high_cny"])) or both[0] <= both[1]
    ]
    # A floor is kept in whole CNY.
    whole = seekers if float(floor).is_integer() else seekers[:2]
    assert_as_the_twin(whole, jobs, "wage")


def test_wages_by_the_hour_at_under_and_over_the_floor_for_every_week():
    weeks = (None, 0.0, 20.0, 24.0, 37.5, np.nextafter(40.0, 0.0), 40.0, 48.0)
    ends = (None, 17.6, 20.0, 20.0000001, 43.0)
    floors = (None, 0, 1740, 2088, 2871, 3262, 3263, 3480, 3741, 7482, 7483)
    jobs = [
        job
        for job in grid(
            JOB | {"wage_unit": "hour"},
            job_type=("flexible", "ordinary", None),
            wage_low_cny=ends,
            wage_high_cny=ends,
            hours_per_week=weeks,
        )
        if None in (both := (job["wage_low_cny"], job["wage_high_cny"])) or both[0] <= both[1]
    ]
    assert_as_the_twin(grid(SEEKER, wage_floor_cny=floors), jobs, "wage")


def test_hours_at_under_and_over_the_most():
    hours = (None, 0.0, 39.5, 40.0, np.nextafter(40.0, 99.0), 40.5, 100.0)
    seekers, jobs = grid(SEEKER, hours_max_per_week=hours), grid(JOB, hours_per_week=hours)
    assert_as_the_twin(seekers, jobs, "hours")


def test_days_around_the_day():
    days = (None, *(ON + dt.timedelta(days) for days in (-400, -1, 0, 1, 400)))
    jobs = [
        job
        for job in grid(JOB, opened_on=days, closed_on=days)
        if None in (both := (job["opened_on"], job["closed_on"])) or both[0] <= both[1]
    ]
    assert assert_as_the_twin([SEEKER], jobs, "open") == {"fail", "pass"}


def test_vacancies_and_whom_they_have_found():
    counts = (None, 0, 1, 2, 3, 1_000)
    assert_as_the_twin([SEEKER], grid(JOB, vacancies=counts, filled=counts), "vacancies")


def test_every_state_of_a_licence():
    states = gm.records.RECORDS["employers"].specs()["licence"].about.choices
    jobs = grid(JOB, employer_licence=(*states, None))
    assert assert_as_the_twin([SEEKER], jobs, "employer") == {"fail", "pass"}


def test_certificates_in_every_way_of_writing_them():
    held = (None, (), ("电工证",), ("焊工证", "电工证"), (" A2驾照 ",), ("Ａ２驾照", "焊工证"))
    separators = "、,，;；/"
    demanded = (
        None,
        "电工证",
        " 电工证 ",
        "Ａ２驾照",
        "a2驾照",
        "电工证、",
        *(f"电工证{one}焊工证" for one in separators),
        *(f"A2驾照 {one} {one} 焊工证{one}" for one in separators),
        "电工证,焊工证;A2驾照",
        "电工证焊工证",
    )
    seekers, jobs = grid(SEEKER, certificates=held), grid(JOB, certificate=demanded)
    seen = assert_as_the_twin(seekers, jobs, "certificates")
    assert seen == {"fail", "pass", "unknown"}


def test_a_text_names_its_certificates():
    assert certificate_set(None) == certificate_set("、 ;") == frozenset()
    assert certificate_set("健康证、 电工证;健康证") == {"健康证", "电工证"}
    assert certificate_set("Ａ２") == {"A2"}


CODES = (
    *(None, "4", "401", "40101", "40102", "4010103", "4010109", "403", "40301", "6", "605"),
    *("60501", "9", "901", "90101", "419", "41901", "119", "4019", "普工", "401普工"),
)


@pytest.mark.parametrize("level", ["minor", "middle", "major"])
@pytest.mark.parametrize("related", [(), (("403", "401"), ("4010103", "6"), ("119", "401"))])
def test_every_pair_of_occupations_and_editions(level, related):
    seekers = grid(SEEKER, occupation=CODES, occupation_version=(GB, "2022"))
    jobs = grid(JOB, occupation=CODES, occupation_version=(GB, "2022"))
    options = {"occupation_level": level, "related_occupations": related}
    found = gm.match(
        seekers, jobs, gm.MatchOptions(on=ON, limit=None, conditions=("occupation",), **options)
    )
    said = {
        (one, other): "unknown" if unknown else "pass"
        for one, other, unknown in zip(found.seeker_id, found.job_id, found.unknown, strict=True)
    }
    for seeker, job in itertools.product(seekers, jobs):
        expected = plain.CONDITIONS["occupation"](seeker, job, plain.PlainOptions(**options))
        assert said.get((seeker["id"], job["id"]), "fail") == expected
