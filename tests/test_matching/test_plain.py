"""The plain twin of matching against cases worked out by hand, and against itself."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_matching import strategies
from test_matching.cases import CASES, CONDITIONS, JOB, ON, SEEKER
from test_matching.pairs import equator
from test_matching.scored_cases import CERTAIN, SCORED

from geo_match.errors import ArgumentError
from geo_match.matching import plain
from geo_match.matching.plain import ages
from geo_match.matching.plain.conditions import pay_a_month
from geo_match.matching.plain.occupation import nearness
from geo_match.taxonomy import Occupations, wage_to_month

CITIES = (strategies.seekers(), strategies.jobs(), strategies.options())
HERE, _ = equator(0.0)


def named(cases):
    return pytest.mark.parametrize("case", cases, ids=[case.name for case in cases])


def asked(**options):
    return plain.PlainOptions(**({"on": ON} | options))


def judged(case, *, for_job=False):
    return plain.judge(case.seeker, case.job, asked(**case.options), for_job=for_job)


def seeker(id_="人", **fields):
    """Put a seeker on the equator, who would take `job`."""
    return SEEKER | HERE | {"id": id_} | fields


def job(id_, metres=1000.0, **fields):
    """Put a job on the equator, so many metres east of the seeker."""
    return JOB | equator(metres)[1] | {"id": id_} | fields


def pairs(rows):
    return {(row["seeker_id"], row["job_id"]) for row in rows if row["reason"] is None}


@named(CASES)
def test_each_condition_comes_out_as_worked_out_by_hand(case):
    found = judged(case)
    assert found["outcomes"] == case.outcomes
    assert found["matches"] == case.matches


def test_cases_have_different_names_and_show_each_condition_in_each_outcome_it_has():
    assert len({case.name for case in CASES}) == len(CASES)
    shown = {(name, outcome) for case in CASES for name, outcome in case.outcomes.items()}
    all_of_them = set(itertools.product(CONDITIONS, ("pass", "fail", "unknown")))
    assert all_of_them - shown == {("open", "unknown"), ("employer", "unknown")}
    assert tuple(plain.CONDITIONS) == CONDITIONS


@named(SCORED)
def test_each_part_of_the_score_comes_out_as_worked_out_by_hand(case):
    found = judged(case, for_job=case.for_job)
    assert found["parts"] == pytest.approx(case.parts, abs=1e-9)
    assert found["score"] == pytest.approx(sum(case.parts.values()), abs=1e-9)


@named(CERTAIN)
def test_certainty_comes_out_as_worked_out_by_hand(case):
    assert judged(case)["certainty"] == case.certainty


def test_the_radius_is_inclusive_to_the_last_bit():
    metres = plain.judge(SEEKER, JOB, asked())["distance_m"]
    assert plain.judge(SEEKER, JOB, asked(radius_m=metres))["matches"]
    below = math.nextafter(metres, 0.0)
    assert not plain.judge(SEEKER, JOB, asked(radius_m=below))["matches"]


def test_certainty_ends_where_the_doubt_just_reaches_the_radius():
    metres = plain.judge(SEEKER, JOB, asked())["distance_m"]
    ends = SEEKER | {"location_accuracy_m": 4.0}, JOB | {"location_accuracy_m": 1.0}
    assert plain.judge(*ends, asked(radius_m=metres - 5.0))["certainty"] == "borderline"
    below = math.nextafter(metres - 5.0, 0.0)
    assert plain.judge(*ends, asked(radius_m=below))["certainty"] == "outside"


def test_what_is_not_asked_for_is_as_agreed():
    assert dataclasses.asdict(plain.PlainOptions()) == {
        "radius_m": 3000.0,
        "limit": 20,
        "on": None,
        "basis": "geodesic",
        "conditions": None,
        "unknown_fails": (),
        "occupation_level": "middle",
        "occupations": None,
        "related_occupations": (),
        "weights": {},
        "half_distance_m": 1000.0,
        "half_life_days": 30.0,
        "default_accuracy_m": 0.0,
    }


@pytest.mark.parametrize(
    ("born", "line", "retires"),
    [
        # Rows of the tables that the decision of 13 September 2024 came with.
        ((1964, 12), ages.MAN, (2024, 12)),
        ((1965, 1), ages.MAN, (2025, 2)),
        ((1965, 4), ages.MAN, (2025, 5)),
        ((1965, 5), ages.MAN, (2025, 7)),
        ((1976, 8), ages.MAN, (2039, 7)),
        ((1976, 9), ages.MAN, (2039, 9)),
        ((1990, 12), ages.MAN, (2053, 12)),
        ((1969, 12), ages.WOMAN_55, (2024, 12)),
        ((1970, 1), ages.WOMAN_55, (2025, 2)),
        ((1981, 8), ages.WOMAN_55, (2039, 7)),
        ((1981, 9), ages.WOMAN_55, (2039, 9)),
        ((1974, 12), ages.WOMAN_50, (2024, 12)),
        ((1975, 1), ages.WOMAN_50, (2025, 2)),
        ((1975, 3), ages.WOMAN_50, (2025, 5)),
        ((1984, 10), ages.WOMAN_50, (2039, 9)),
        ((1984, 11), ages.WOMAN_50, (2039, 11)),
    ],
)
def test_retirement_comes_in_the_month_that_the_published_tables_say(born, line, retires):
    day = ages.retires_on(dt.date(*born, 15), line)
    assert day == dt.date(*retires, 15)


def test_a_birthday_of_29_february_completes_a_year_on_1_march_of_other_years():
    born = dt.date(2004, 2, 29)
    assert ages.completed_years(born, dt.date(2025, 2, 28)) == 20
    assert ages.completed_years(born, dt.date(2025, 3, 1)) == 21
    assert ages.completed_years(born, dt.date(2024, 2, 29)) == 20


@given(*[strategies.OCCUPATIONS] * 2)
def test_occupations_are_as_near_as_the_table_itself_says(one, other):
    found = nearness({"occupation": one}, {"occupation": other}, asked())
    assert found == (Occupations().related(one, other) or "")


@pytest.mark.parametrize("unit", ["month", "day", "hour"])
def test_pay_is_for_a_full_month_as_the_taxonomy_says(unit):
    pay = {"wage_low_cny": 33.3, "wage_high_cny": 123.0, "wage_unit": unit}
    assert pay_a_month(pay) == (wage_to_month(33.3, unit), wage_to_month(123.0, unit))


def test_matches_come_best_first_with_ranks_and_ties_by_id():
    offers = [job("乙"), job("远", 2000.0), job("甲"), job("近", 500.0), job("a"), job("𠮷")]
    rows = plain.match([seeker()], offers, asked())
    # 'a' is U+0061, 乙 U+4E59, 甲 U+7532 and 𠮷 U+20BB7.
    assert [row["job_id"] for row in rows] == ["近", "a", "乙", "甲", "𠮷", "远"]
    assert [row["rank"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert len({row["score"] for row in rows}) == 3


def test_a_row_holds_everything_that_is_said_of_a_match():
    offer = job("岗", vacancies=None, shift=None, updated_at=ON)
    (row,) = plain.match([seeker()], [offer], asked())
    parts = {name: row.pop(f"score_{name}") for name in plain.PARTS[:-1]}
    # Pay of 3,600 against a floor of 3,000: a fifth above. College, where senior would do: 0.8.
    by_hand = [0.175, 0.25, 0.04, 0.04, 0.15]
    assert list(parts.values()) == pytest.approx(by_hand, abs=1e-9)
    assert row.pop("distance_m") == pytest.approx(1000.0, abs=1e-6)
    assert row.pop("score") == pytest.approx(0.655, abs=1e-9)
    assert row == {
        "seeker_id": "人",
        "job_id": "岗",
        "rank": 1,
        "basis": "geodesic",
        "certainty": "inside",
        "failed": "",
        "unknown": "vacancies,shift",
        "reason": None,
    }


@pytest.mark.parametrize(
    ("fields", "offers", "reason"),
    [
        ({"lon": None, "lat": None}, [job("甲")], "no_location"),
        ({"lon": None, "lat": None}, [], "no_location"),
        ({}, [], "none_in_circle"),
        ({}, [job("甲", 3001.0)], "none_in_circle"),
        ({}, [job("甲", lon=None, lat=None)], "none_in_circle"),
        ({"radius_m": 999.0}, [job("甲")], "none_in_circle"),
        ({}, [job("甲", shift="night"), job("乙", 4000.0)], "none_eligible"),
    ],
)
def test_a_seeker_without_a_match_has_one_row_with_the_reason(fields, offers, reason):
    (row,) = plain.match([seeker(**fields)], offers, asked())
    (matched,) = plain.match([seeker()], [job("岗")], asked())
    assert list(row) == list(matched)
    assert (row.pop("seeker_id"), row.pop("reason")) == ("人", reason)
    assert set(row.values()) == {None}


def test_seekers_keep_their_order_and_those_without_a_match_their_place():
    people = [seeker("乙"), seeker("丙", lon=None, lat=None), seeker("甲")]
    rows = plain.match(people, [job("岗")], asked())
    assert [(row["seeker_id"], row["reason"]) for row in rows] == [
        ("乙", None),
        ("丙", "no_location"),
        ("甲", None),
    ]


def test_a_job_has_its_seekers_those_with_priority_moved_up():
    people = [seeker("近"), seeker("远", groups=("veteran",)), seeker("外", radius_m=100.0)]
    people[1] |= equator(-500.0)[1]
    rows = plain.match_jobs(people, [job("岗"), job("空", lon=None, lat=None)], asked())
    assert [(row["job_id"], row["seeker_id"], row["rank"], row["reason"]) for row in rows] == [
        ("岗", "远", 1, None),
        ("岗", "近", 2, None),
        ("空", None, None, "no_location"),
    ]
    assert [row["score_priority"] for row in rows] == pytest.approx([0.2, 0.0, None])


def test_without_a_day_it_is_today_in_china():
    china = dt.timezone(dt.timedelta(hours=8))
    before = dt.datetime.now(china).date()
    assert before <= plain.PlainOptions().day <= dt.datetime.now(china).date()


def test_weights_of_nothing_are_refused():
    nothing = dict.fromkeys(plain.PARTS[:-1], 0.0)
    with pytest.raises(ArgumentError, match="`weights` must have a sum greater than 0, got 0"):
        plain.judge(SEEKER, JOB, asked(weights=nothing))


def shortfall_by_hand():
    """Give a seeker what lies around: eligible from 3.5 km on, and near-misses of three kinds."""
    night = {"shift": "night"}
    return [
        job("夜二", 900.0, **night),
        job("夜一", 900.0, **night),
        job("夜远", 3001.0, **night),
        job("执照", 2999.0, employer_licence=None),
        job("两样", 100.0, employer_licence=None, **night),
        job("合适二", 3500.0),
        job("合适一", 3500.0),
        job("合适远", 5999.0),
        job("太远", 6001.0),
        job("无处", lon=None, lat=None),
    ]


def test_a_shortfall_says_what_is_missing():
    ladder = (0.0, 3000.0, 3500.001, 6000.0, 9000.0)
    (row,) = plain.shortfall([seeker()], shortfall_by_hand(), asked(), ladder_m=ladder)
    assert (row["matches"], row["in_circle"], row["reason"]) == (0, 4, "none_eligible")
    assert row["first_eligible_job_id"] == "合适一"
    assert row["first_eligible_distance_m"] == pytest.approx(3500.0, abs=1e-6)
    assert row["eligible_within"] == dict(zip(ladder, (0, 0, 2, 3, 4), strict=True))
    missed = {name: one for name, one in row["near_misses"].items() if one["jobs"]}
    assert {name: (one["jobs"], one["job_id"]) for name, one in missed.items()} == {
        "distance": (3, "合适一"),
        "employer": (1, "执照"),
        "shift": (2, "夜一"),
    }
    assert missed["shift"]["distance_m"] == pytest.approx(900.0, abs=1e-6)
    assert list(row["near_misses"]) == list(CONDITIONS)


def test_ladders_and_twice_the_radius_are_inclusive_to_the_last_bit():
    offers = [job("岗", 3500.0)]
    metres = plain.judge(seeker(), offers[0], asked())["distance_m"]
    for reach, count in ((metres, 1), (math.nextafter(metres, 0.0), 0)):
        options = asked(radius_m=reach / 2.0)
        (row,) = plain.shortfall([seeker()], offers, options, ladder_m=(reach,))
        assert row["eligible_within"] == {reach: count}
        assert row["near_misses"]["distance"]["jobs"] == count


def test_unknown_that_counts_as_fail_is_a_near_miss():
    offers = [job("甲", shift=None)]
    (row,) = plain.shortfall([seeker()], offers, asked(unknown_fails=("shift",)))
    assert row["near_misses"]["shift"]["jobs"] == 1
    (row,) = plain.shortfall([seeker()], offers, asked())
    assert (row["near_misses"]["shift"]["jobs"], row["matches"]) == (0, 1)


def test_who_has_no_place_has_no_near_misses():
    (row,) = plain.shortfall([seeker(lon=None, lat=None)], shortfall_by_hand(), asked())
    assert (row["reason"], row["in_circle"], row["first_eligible_job_id"]) == (
        *("no_location", 0, None),
    )
    assert {one["jobs"] for one in row["near_misses"].values()} == {0}


def test_totals_count_seekers_by_what_stands_in_their_way():
    people = [
        seeker("两种"),  # the licence of one job, the shift of others
        seeker("夜班", shift="night"),  # matched at once
        seeker("班次", radius_m=1000.0),  # nothing but the shift, but for jobs outside
        seeker("无处", lon=None, lat=None),
        seeker("无岗", radius_m=50.0),
        seeker("都不", radius_m=200.0),  # the one job in the circle fails twice
    ]
    found = plain.totals(people, shortfall_by_hand(), asked())
    conditions = found.pop("conditions")
    assert found == {
        "seekers": 6,
        "matched": 1,
        "no_location": 1,
        "none_in_circle": 1,
        "none_eligible": 3,
        "jobs_without_place": 1,
    }
    assert list(conditions) == list(CONDITIONS[1:])
    assert {name: one for name, one in conditions.items() if any(one.values())} == {
        "employer": {"some_job": 1, "alone": 0},
        "shift": {"some_job": 2, "alone": 1},
    }


@given(*CITIES, st.sampled_from(strategies.RADII_M))
def test_a_bigger_radius_never_loses_a_match(people, offers, options, more):
    options = asked(**options | {"limit": None})
    wider = dataclasses.replace(options, radius_m=options.radius_m + more)
    own = [
        one | {"radius_m": None if one["radius_m"] is None else one["radius_m"] + more}
        for one in people
    ]
    assert pairs(plain.match(people, offers, options)) <= pairs(plain.match(own, offers, wider))


@given(*CITIES, st.sampled_from(CONDITIONS))
def test_dropping_a_condition_never_loses_a_match(people, offers, options, dropped):
    options = asked(**options | {"limit": None})
    kept = [name for name in CONDITIONS if options.asks(name) and name != dropped]
    fewer = dataclasses.replace(options, conditions=kept)
    assert pairs(plain.match(people, offers, options)) <= pairs(plain.match(people, offers, fewer))


@given(*CITIES, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_but_the_order_of_seekers(people, offers, options, rng):
    options = asked(**options)
    mixed, mixed_offers = rng.sample(people, len(people)), rng.sample(offers, len(offers))
    rows = sorted(plain.match(people, offers, options), key=_seeker_and_rank)
    again = sorted(plain.match(mixed, mixed_offers, options), key=_seeker_and_rank)
    assert rows == again
    shortfalls = plain.shortfall(mixed, mixed_offers, options)
    for one in plain.shortfall(people, offers, options):
        assert one in shortfalls


def _seeker_and_rank(row):
    return row["seeker_id"], row["rank"] or 0


@given(*CITIES)
def test_parts_add_up_to_a_score_between_0_and_1(people, offers, options):
    options = asked(**options)
    rows = plain.match(people, offers, options) + plain.match_jobs(people, offers, options)
    for row in rows:
        if row["reason"] is None:
            names = [f"score_{name}" for name in plain.PARTS if f"score_{name}" in row]
            total = 0.0
            for name in names:
                assert 0.0 <= row[name] <= 1.0
                total += row[name]
            assert row["score"] == total
            assert total <= 1.0 + 1e-12


@given(*CITIES)
def test_both_directions_agree_on_the_pairs(people, offers, options):
    options = asked(**options | {"limit": None})
    rows = plain.match(people, offers, options)
    back = plain.match_jobs(people, offers, options)
    assert pairs(rows) == pairs(back)
    said = {(row["seeker_id"], row["job_id"]): row for row in rows}
    for row in back:
        if row["reason"] is None:
            same = said[row["seeker_id"], row["job_id"]]
            for name in ("distance_m", "certainty", "unknown"):
                assert row[name] == same[name]


@given(*CITIES)
def test_everybody_asked_for_appears_and_a_limit_cuts_the_end_off(people, offers, options):
    options = asked(**options)
    rows = plain.match(people, offers, options)
    every = plain.match(people, offers, dataclasses.replace(options, limit=None))
    assert list(dict.fromkeys(row["seeker_id"] for row in rows)) == [one["id"] for one in people]
    assert rows == [
        row
        for row in every
        if row["rank"] is None or options.limit is None or row["rank"] <= options.limit
    ]


@given(*CITIES)
def test_a_shortfall_agrees_with_the_matches(people, offers, options):
    options = asked(**options)
    every = plain.match(people, offers, dataclasses.replace(options, limit=None))
    answers = plain.shortfall(people, offers, options)
    for one in answers:
        own = [row for row in every if row["seeker_id"] == one["seeker_id"]]
        matched = [row for row in own if row["reason"] is None]
        assert one["matches"] == len(matched) <= one["in_circle"]
        assert one["reason"] == own[0]["reason"]
        counts = list(one["eligible_within"].values())
        assert counts == sorted(counts)
        if matched:
            nearest = min(matched, key=lambda row: (row["distance_m"], row["job_id"]))
            assert one["first_eligible_job_id"] == nearest["job_id"]
    found = plain.totals(people, offers, options)
    reasons = ("matched", "no_location", "none_in_circle", "none_eligible")
    assert sum(found[name] for name in reasons) == found["seekers"] == len(people)
    for one in found["conditions"].values():
        assert one["alone"] <= one["some_job"] <= found["none_eligible"]


@given(*CITIES)
def test_asking_without_the_one_condition_in_the_way_gives_a_match(people, offers, options):
    options = asked(**options | {"limit": None})
    for one in plain.shortfall(people, offers, options):
        for name, missed in one["near_misses"].items():
            if name == "distance" or not missed["jobs"]:
                continue
            kept = [other for other in CONDITIONS if options.asks(other) and other != name]
            fewer = dataclasses.replace(options, conditions=kept)
            found = pairs(plain.match(people, offers, fewer))
            assert (one["seeker_id"], missed["job_id"]) in found
            own = {job_id for seeker_id, job_id in found if seeker_id == one["seeker_id"]}
            assert len(own) == one["matches"] + missed["jobs"]
