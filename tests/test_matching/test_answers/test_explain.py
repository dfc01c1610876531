"""One pair explained: by the outcomes of the plain twin, in words that say what was compared."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from test_matching import strategies
from test_matching.answers import SCORE, asked, rows_of, same_metres, twin
from test_matching.cases import CASES, JOB, ON, SEEKER
from test_matching.pairs import equator

import geo_match as gm
from geo_match.errors import ArgumentError
from geo_match.matching import Compared, Explanation, plain
from geo_match.matching.criteria.conditions import ALL
from geo_match.rules import TRAINEESHIP, WORKING_AGE
from geo_match.taxonomy import Occupations
from geo_match.taxonomy._table import Group

FEW = settings(max_examples=max(settings().max_examples // 4, 1))
"""Each asks about every pair of its seekers and jobs."""
OCCUPATION = "40101 购销人员 (GB/T 6565-2009)"
ONLY_THE_JOB, ONLY_THE_SEEKER = {"open", "vacancies", "employer"}, {"working_age"}


def explained(seeker=None, job=None, **options):
    seeker, job = SEEKER | (seeker or {}), JOB | (job or {})
    return gm.Matcher(job, asked(options)).explain(seeker, job["id"])


def condition(name, seeker=None, job=None, **options):
    """Return one condition of a pair."""
    found = explained(seeker, job, **options)
    return next(one for one in found.conditions if one.name == name)


def words(name, seeker=None, job=None, **options):
    """Return what is said of both sides."""
    return condition(name, seeker, job, **options)[3:5]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_pair_is_explained_as_the_plain_twin_judges_it(case):
    found = explained(case.seeker, case.job, **case.options)
    expected = plain.judge(case.seeker, case.job, twin(case.options))
    assert isinstance(found, Explanation)
    assert {one.name: one.outcome for one in found.conditions} == expected["outcomes"]
    assert expected["outcomes"] == case.outcomes
    assert list(found.stands_in_way) == expected["stands_in_way"]
    assert found.is_match == expected["matches"] == case.matches
    assert (found.basis, found.certainty) == ("geodesic", expected["certainty"])
    if expected["distance_m"] is None:
        assert (found.distance_m, found.score, found.parts) == (None, None, {})
    else:
        assert found.distance_m == same_metres(expected["distance_m"])
        assert found.parts == pytest.approx(expected["parts"], abs=SCORE)
        assert found.score == pytest.approx(expected["score"], abs=SCORE)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_each_side_that_has_a_part_says_what_it_is(case):
    text = str(explained(case.seeker, case.job, **case.options))
    for one in explained(case.seeker, case.job, **case.options).conditions:
        assert isinstance(one, Compared)
        assert bool(one.seeker) == (one.name not in ONLY_THE_JOB), one.name
        assert bool(one.job) == (one.name not in ONLY_THE_SEEKER), one.name
        said = " / ".join(side for side in (one.seeker, one.job) if side)
        assert f"\n{one.outcome:8}{one.name} {one.chinese}: {said}" in text


def test_a_whole_pair_is_said_in_lines():
    text = str(explained({"shift": "night"}, {"location_accuracy_m": None, "updated_at": ON}))
    assert text.splitlines() == [
        "求职-1 and 招聘-1: no match, 935 m of 3,000 m",
        "pass    distance 距离: a place known to 10 m / a place",
        "pass    open 在招: open since 2024-01-01",
        "pass    vacancies 剩余名额: 3 sought, 1 found",
        "pass    employer 资质核验: verified",
        "pass    working_age 劳动年龄: born 1985, sex male",
        f"        by {WORKING_AGE.entries[-1]}",
        (
            "pass    job_type 岗位类型: accepts flexible, ordinary, public_welfare, traineeship / "
            "ordinary"
        ),
        f"pass    occupation 职业: {OCCUPATION} / {OCCUPATION}",
        "pass    education 学历: college / at least senior",
        "pass    wage 薪资: at least 3,000 CNY a month / 3,200 to 4,000 CNY a month",
        "pass    hours 工时: at most 44 hours a week / 40 hours a week",
        "fail    shift 班次: night / day",
        "pass    age 年龄: 39 or 40 on 2025-06-16 / no demand",
        "pass    certificates 证书: none / no demand",
    ]


def test_the_score_is_said_of_a_match_alone():
    job = {"location_accuracy_m": None, "updated_at": ON}
    assert str(explained({}, job)).splitlines()[-1] == (
        "score 0.663 = closeness 0.183 + occupation 0.250 + wage 0.040 + education 0.040 + "
        "freshness 0.150"
    )
    left_out = explained({"shift": "night"}, job)
    assert left_out.score == pytest.approx(explained({}, job).score)
    assert "score" not in str(left_out)


@pytest.mark.parametrize(
    ("job", "said", "outcome"),
    [
        ({"vacancies": 1, "filled": None}, "1 sought, found not stated", "pass"),
        ({"vacancies": 1, "filled": 0}, "1 sought, 0 found", "pass"),
        ({"vacancies": 1, "filled": 1}, "1 sought, 1 found", "fail"),
        ({"vacancies": 0, "filled": None}, "0 sought, found not stated", "fail"),
        ({"vacancies": None, "filled": 2}, "sought not stated, 2 found", "unknown"),
        ({"vacancies": None, "filled": None}, "not stated", "unknown"),
    ],
)
def test_how_many_are_found_is_said_to_be_not_stated_where_it_is_not(job, said, outcome):
    found = condition("vacancies", None, job)
    assert (found.outcome, found.job) == (outcome, said)


@pytest.mark.parametrize(
    ("opened", "closed", "said"),
    [
        ("2024-01-01", None, "open since 2024-01-01"),
        ("2024-01-01", "2026-01-01", "open since 2024-01-01 to 2026-01-01"),
        (None, None, "open, since when is not stated"),
        (None, "2026-01-01", "open to 2026-01-01, since when is not stated"),
    ],
)
def test_since_when_a_posting_is_open_is_said_to_be_not_stated_where_it_is_not(
    opened, closed, said
):
    days = {
        name: None if day is None else dt.date.fromisoformat(day)
        for name, day in (("opened_on", opened), ("closed_on", closed))
    }
    assert words("open", None, days) == ("", said)


def test_what_entitles_to_a_kind_of_job_is_said_where_it_is_asked():
    young = {
        "accepts": ("traineeship",),
        "birth_year": 2004,
        "graduation_year": 2024,
        "groups": ("graduate",),
        "difficulty": "disabled",
    }
    assert words("job_type", young, {"job_type": "traineeship"}) == (
        "accepts traineeship; status unemployed; groups graduate; graduated 2024; born 2004",
        "traineeship",
    )
    nothing = dict.fromkeys(("status", "groups", "graduation_year", "birth_year", "accepts"))
    assert words("job_type", nothing, {"job_type": "traineeship"})[0] == (
        "accepts not stated; status not stated; groups not stated; graduated not stated; "
        "born not stated"
    )
    assert words("job_type", young, {"job_type": "public_welfare"}) == (
        "accepts traineeship; difficulty disabled",
        "public_welfare",
    )
    assert words("job_type", {"accepts": ()}) == ("accepts none", "ordinary")


def test_an_occupation_has_its_edition_and_a_name_of_no_other():
    other = {"occupation_version": "职业分类大典2022"}
    assert words("occupation", other, {"occupation": None}) == (
        "40101 (职业分类大典2022)",
        "not stated",
    )
    assert condition("occupation", other).outcome == "unknown"
    assert words("occupation", {"occupation": "普工"})[0] == "普工 (GB/T 6565-2009)"
    table = Occupations.finer([Group("4", 1, "服务人员", "")], version=other["occupation_version"])
    mine, theirs = words("occupation", other, occupations=table)
    assert mine == "40101 服务人员 (职业分类大典2022)"
    assert theirs == "40101 (GB/T 6565-2009)"


@pytest.mark.parametrize("metres", [2999.999, 3000.001, 2999.99999, 3000.4])
def test_a_distance_near_the_radius_is_told_from_it(metres):
    seeker, job = equator(metres)
    found = explained(seeker, job)
    told, radius = str(found).splitlines()[0].split(": ")[1].split(", ", 1)[1].split(" m of ")
    distance_m, radius_m = (float(one.strip(" m").replace(",", "")) for one in (told, radius))
    assert (distance_m <= radius_m) == found.is_match == (metres < 3000.0)
    assert distance_m != radius_m


def test_a_distance_that_is_the_radius_is_said_to_be_so():
    here = {"lon": JOB["lon"], "lat": JOB["lat"]}
    assert ", 0 m of 0 m\n" in str(explained(here | {"radius_m": 0.0}))
    nowhere = {"lon": None, "lat": None, "radius_m": 2500.5}
    assert ": no match, no distance of 2,500.5 m\n" in str(explained(nowhere))


@pytest.mark.parametrize(
    ("name", "seeker", "job", "told"),
    [
        ("wage", {}, {"wage_low_cny": 2999.6, "wage_high_cny": 2999.6}, "2,999.6 CNY a month"),
        ("wage", {}, {"wage_low_cny": None, "wage_high_cny": 2999.999}, "up to 2,999.999 CNY"),
        ("hours", {"hours_max_per_week": 40.0}, {"hours_per_week": 40.000001}, "40.000001 hours"),
        ("distance", {}, {"location_accuracy_m": 123456.7}, "known to 123,456.7 m"),
    ],
)
def test_numbers_keep_the_digits_that_decide(name, seeker, job, told):
    assert told in words(name, seeker, job)[1]


def test_pay_by_the_day_is_told_by_the_month():
    job = {"wage_low_cny": 150.0, "wage_high_cny": 200.0, "wage_unit": "day"}
    assert words("wage", job=job)[1] == "3,262.5 to 4,350 CNY a month, 150 to 200 by the day"


@pytest.mark.parametrize(
    ("ends", "hours", "kind", "told"),
    [
        ((36, 43), 20, "flexible", "3,132 to 3,741 CNY a month, 36 to 43 by the hour, {}"),
        ((20, 20), 40, "ordinary", "3,480 CNY a month, 20 by the hour, {}"),
        ((20, None), 37.5, None, "at least 3,262.5 CNY a month, at least 20 by the hour, {}"),
        ((None, 20), 60, None, "up to 3,480 CNY a month, up to 20 by the hour, 40 of {}"),
        (
            *((20, 25), None, "ordinary"),
            "3,480 to 4,350 CNY a month, 20 to 25 by the hour, {}, counted as a full week",
        ),
        ((20, 25), None, "flexible", "up to 4,350 CNY a month, 20 to 25 by the hour, {}"),
        ((20, None), None, "flexible", "not known by the month, at least 20 by the hour, {}"),
    ],
)
def test_pay_by_the_hour_is_told_with_the_hours_that_were_counted(ends, hours, kind, told):
    job = dict(zip(("wage_low_cny", "wage_high_cny"), ends, strict=True))
    job |= {"wage_unit": "hour", "hours_per_week": hours, "job_type": kind}
    week = "hours not stated" if hours is None else f"{hours:g} hours a week"
    assert words("wage", {"hours_max_per_week": None}, job)[1] == told.format(week)


@pytest.mark.parametrize("day", [dt.date(2024, 12, 31), dt.date(2025, 1, 1)])
def test_a_dated_rule_is_named_with_its_source(day):
    one = condition("working_age", on=day)
    assert one.rule == str(WORKING_AGE.on(day))
    assert WORKING_AGE.on(day).source in one.rule
    trainee = condition("job_type", job={"job_type": "traineeship"}, on=day)
    assert trainee.rule == str(TRAINEESHIP.on(day))


def test_where_no_dated_rule_told_none_is_named():
    ruled = {one.name for one in explained().conditions if one.rule}
    assert ruled == {"working_age"}
    before = dt.date(2018, 12, 31)
    trainee = condition("job_type", job={"job_type": "traineeship"}, on=before)
    assert (trainee.outcome, trainee.rule) == ("unknown", "")
    told = {one.name for one in explained().conditions}
    assert {one.name for one in ALL} - told == {"registered"}  # of which the record says nothing


def test_one_seeker_and_a_known_job_are_asked_about():
    matcher = gm.Matcher(JOB, gm.MatchOptions(on=ON))
    with pytest.raises(ArgumentError, match="`seeker` must be one seeker, got 2 of them"):
        matcher.explain([SEEKER, SEEKER | {"id": "2"}], JOB["id"])
    for wrong in ("?", None, 1):
        with pytest.raises(ArgumentError, match="`job_id` must be the id of one of the 1 jobs"):
            matcher.explain(SEEKER, wrong)


@FEW
@given(strategies.seekers(), strategies.jobs(), strategies.options())
def test_both_directions_say_the_same_of_a_pair(seekers, jobs, options):
    there = gm.Matcher(jobs, asked(options))
    back = gm.ReverseMatcher(seekers, asked(options))
    for seeker in seekers:
        for job in jobs:
            one, other = there.explain(seeker, job["id"]), back.explain(job, seeker["id"])
            assert one.conditions == other.conditions
            for name in ("seeker_id", "job_id", "is_match", "distance_m", "certainty", "radius_m"):
                assert getattr(one, name) == getattr(other, name), name
            expected = plain.judge(seeker, job, twin(options), for_job=True)
            assert list(other.stands_in_way) == expected["stands_in_way"]
            assert other.parts == pytest.approx(expected["parts"] or {}, abs=SCORE)


def added(parts):
    """Add from left to right: `sum` adds otherwise in some versions of Python."""
    total = 0.0
    for part in parts:
        total += part
    return total


@FEW
@given(strategies.seekers(), strategies.jobs(), strategies.options())
def test_the_parts_add_up_to_the_score_to_the_last_bit(seekers, jobs, options):
    there, back = gm.Matcher(jobs, asked(options)), gm.ReverseMatcher(seekers, asked(options))
    for frame in (there.match(seekers), back.match(jobs)):
        for row in rows_of(frame):
            if row["reason"] is None:
                parts = [value for name, value in row.items() if name.startswith("score_")]
                assert added(parts) == row["score"]
    for seeker in seekers:
        for match in there.match_one(seeker).matches:
            assert added(match.parts.values()) == match.score
        for job in jobs:
            for told in (there.explain(seeker, job["id"]), back.explain(job, seeker["id"])):
                assert told.score is None or added(told.parts.values()) == told.score


def test_a_job_and_a_known_seeker_are_asked_about():
    matcher = gm.ReverseMatcher(SEEKER | {"groups": ("veteran",)}, gm.MatchOptions(on=ON))
    found = matcher.explain(JOB, SEEKER["id"])
    assert list(found.parts) == [*gm.Weights.__dataclass_fields__]
    assert found.parts["priority"] == pytest.approx(0.25 / 1.25)
    (row,) = rows_of(matcher.match(JOB))
    assert found.score == pytest.approx(row["score"], abs=SCORE)
    with pytest.raises(ArgumentError, match="`job` must be one job, got 2 of them"):
        matcher.explain([JOB, JOB | {"id": "2"}], SEEKER["id"])
    for wrong in ("?", None, 1):
        with pytest.raises(ArgumentError, match="`seeker_id` must be the id of one of the 1 seek"):
            matcher.explain(JOB, wrong)


def test_the_employer_beside_a_job_is_explained():
    job = {name: value for name, value in JOB.items() if name != "employer_licence"}
    matcher = gm.ReverseMatcher(SEEKER, gm.MatchOptions(on=ON))
    employers = [{"id": "E1", "licence": "expired"}]
    found = matcher.explain(job | {"employer_id": "E1"}, SEEKER["id"], employers=employers)
    assert found.stands_in_way == ("employer",)


@pytest.mark.parametrize(
    ("distance_m", "radius_m", "said"),
    [
        (935.2, 2999.5, "935 m of 2,999.5 m"),
        (935.2, 3000.0, "935 m of 3,000 m"),
        (2999.7, 2999.5, "2,999.7 m of 2,999.5 m"),
        (3000.0004, 3000.0, "3,000.0004 m of 3,000 m"),
        (2999.5, 2999.5, "2,999.5 m of 2,999.5 m"),
        (None, 2999.5, "no distance of 2,999.5 m"),
    ],
)
def test_the_radius_is_said_whole_and_the_distance_as_far_as_tells_them_apart(
    distance_m, radius_m, said
):
    told = Explanation("S", "J", True, distance_m, "geodesic", None, radius_m, (), {}, None)  # noqa: FBT003 - by place
    assert str(told) == f"S and J: a match, {said}"
