"""Subsidised posts: every condition passes, fails and is unknown for somebody."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.benefits import CATALOGUE, match_posts
from geo_match.policy.payments import RULES, Evidence, decide

DATA = Path(__file__).resolve().parents[3] / "data"
ON = dt.date(2025, 6, 1)
BEGUN = dt.date(2025, 3, 1)
DAY = dt.timedelta(1)
HEAD = ("held_on_the_day", "rule_in_force", "sound_record")
POST = "post_and_insurance_subsidy"
ALL = tuple(RULES["post_insurance_subsidy"].entries[0].value.all_of)


def judge(post=None, person=None, hire=None, service=None, without=()):
    posts = {
        "job_id": "P",
        "employer_id": "E",
        "developed_on": BEGUN,
        "led_by": "OP1",
        "holder": "S",
        "held_from": BEGUN,
        "held_to": None,
    } | (post or {})
    usual = {"id": "S", "difficulty": "older", "birth_year": 1990, "sex": "male"}
    persons = usual | (person or {})
    hires = {
        "id": "EM",
        "person": "S",
        "job_id": "P",
        "form": "public_welfare_post",
        "hired_on": BEGUN,
        "registered_on": BEGUN,
        "filed_on": BEGUN,
        "record_origin": "platform_export",
    } | (hire or {})
    services = {
        "id": "SV",
        "person": "S",
        "on": BEGUN - DAY,
        "kind": "introduction",
        "operator_id": "OP1",
        "result": "willing",
    } | (service or {})
    frames = [pd.DataFrame([one]) for one in (posts, persons, hires, services)]
    hired = frames[2].drop(columns=list(without))
    return match_posts(frames[0], on=ON, persons=frames[1], employments=hired, services=frames[3])


PLATFORM = "employment_registered,labour_filed"


@pytest.mark.parametrize(
    ("change", "failed", "unknown"),
    [
        ({}, "", ""),
        ({"post": {"led_by": None}}, "", "post_led_by_operator,organised_by_operator"),
        ({"post": {"developed_on": ON}}, "", ""),
        ({"post": {"developed_on": ON + DAY}}, "", "post_developed"),
        ({"post": {"developed_on": None}}, "", "post_developed"),
        ({"post": {"held_to": ON}}, "", ""),
        ({"post": {"held_to": ON - DAY}}, "held_on_the_day", ""),
        ({"person": {"difficulty": "none"}}, "employment_difficulty", ""),
        ({"person": {"difficulty": None}}, "", "employment_difficulty"),
        ({"person": {"id": "T"}}, "", "employment_difficulty"),
        ({"hire": {"registered_on": ON + DAY}}, "employment_registered", ""),
        ({"hire": {"registered_on": None}}, "employment_registered", ""),
        ({"hire": {"filed_on": None}}, "labour_filed", ""),
        ({"hire": {"record_origin": "sent_by_us"}}, PLATFORM, ""),
        ({"hire": {"record_origin": None}}, "", PLATFORM),
        ({"hire": {"job_id": "Q"}}, "", PLATFORM),
        ({"hire": {"form": "gig"}}, "", PLATFORM),
        ({"service": {"on": BEGUN}}, "organised_by_operator", ""),
        ({"service": {"on": BEGUN - DAY}}, "", ""),
        ({"service": {"kind": "phone"}}, "organised_by_operator", ""),
        ({"service": {"result": "no_answer"}}, "organised_by_operator", ""),
        ({"service": {"operator_id": "OP2"}}, "organised_by_operator", ""),
        ({"service": {"operator_id": None}}, "", "organised_by_operator"),
        ({"post": {"held_from": dt.date(2022, 6, 2)}}, "", ""),
        ({"post": {"held_from": dt.date(2022, 6, 1)}}, "post_term", ""),
        ({"post": {"held_from": dt.date(2022, 5, 12)}}, "rule_in_force,post_term", ""),
    ],
)
def test_a_post_is_subsidised_if_every_record_shows_it(change, failed, unknown):
    begun = change.get("post", {}).get("held_from", BEGUN)
    earlier = {"service": {"on": begun - DAY}} if begun < BEGUN else {}
    row = judge(**{**change, **earlier}).rows.iloc[0]
    assert (row["failed"], row["unknown"]) == (failed, unknown)
    assert row["outcome"] == ("fail" if failed else "unknown" if unknown else "pass")


def test_until_its_thirty_days_are_over_the_platforms_record_may_still_come():
    for days, failed, unknown in ((30, "", PLATFORM), (31, PLATFORM, "")):
        begun = ON - days * DAY
        own = {"held_from": begun, "developed_on": begun}
        hire = {"hired_on": begun, "registered_on": None, "filed_on": None}
        row = judge(post=own, hire=hire, service={"on": begun - DAY}).rows.iloc[0]
        assert (row["failed"], row["unknown"]) == (failed, unknown)


def test_platform_columns_that_were_left_out_are_unknown():
    row = judge(without=("registered_on", "filed_on", "record_origin")).rows.iloc[0]
    assert (row["failed"], row["unknown"]) == ("", PLATFORM)


def test_a_post_that_nobody_holds_fails_under_its_own_id():
    row = judge(post={"holder": None, "held_from": None}).rows.iloc[0]
    assert (row["id"], row["failed"]) == ("P", "held_on_the_day,employment_difficulty")


def test_a_post_that_comes_later_is_not_there_yet():
    row = judge(post={"held_from": ON + DAY, "developed_on": ON + DAY}).rows.iloc[0]
    asked = [one for one in ALL if one != "evidence_unused"]
    assert (row["failed"], row["unknown"]) == ("held_on_the_day", ",".join(asked))


def test_the_evidence_and_the_words_are_those_of_the_payment():
    found = {one.name: one for one in judge().explain("P@S", POST)}
    assert {name: one.evidence for name, one in found.items()} == {
        "held_on_the_day": ("P", "S"),
        "rule_in_force": (),
        "sound_record": ("EM",),
        "post_led_by_operator": ("P@S",),
        "post_developed": ("P@S",),
        "employment_difficulty": ("S",),
        "employment_registered": ("EM",),
        "labour_filed": ("EM",),
        "organised_by_operator": ("SV",),
        "post_term": ("P@S",),
    }
    assert found["organised_by_operator"].en == (
        "OP1 gave introduction on 2025-02-28, 1 days before the hire."
    )


def test_it_asks_what_the_payment_asks_but_for_claims():
    (entry,) = next(one for one in CATALOGUE if one.name == POST).terms.entries
    assert set(entry.value.conditions) == {"held_on_the_day", *ALL} - {"evidence_unused"}
    assert entry.valid_from == RULES["post_insurance_subsidy"].entries[0].valid_from


def test_in_the_city_what_is_told_is_what_the_payment_decides():
    people = [
        pd.read_parquet(DATA / name, columns=["id", "difficulty", "birth_year", "sex"])
        for name in ("seekers.parquet", "history/former_seekers.parquet")
    ]
    posts, hires, services = (
        pd.read_parquet(DATA / "history" / f"{name}.parquet")
        for name in ("welfare_posts", "employments", "services")
    )
    known = pd.concat(people)
    frames = {
        "persons": known[known["id"].isin(posts["holder"])],
        "employments": hires[hires["form"] == "public_welfare_post"],
        "services": services[services["person"].isin(posts["holder"])],
    }
    day = dt.date(2025, 12, 31)
    told = match_posts(posts, on=day, **frames).rows
    assert len(told) == len(posts)
    assert set(told["outcome"]) == {"pass", "fail", "unknown"}
    named = (told["failed"] + "," + told["unknown"]).str.split(",").explode()
    assert {*HEAD, *ALL} - set(named) <= {"rule_in_force", "sound_record", "evidence_unused"}
    paid = decide("post_insurance_subsidy", Evidence(posts=posts, **frames), as_of=day)
    passing = {(one.payee, one.person) for one in paid if one.word == "pass"}
    on_it = posts["held_to"].isna() | (posts["held_to"] >= pd.Timestamp(day))
    names = posts["job_id"].where(posts["holder"].isna(), posts["job_id"] + "@" + posts["holder"])
    shown = posts[names.isin(told.loc[told["outcome"] == "pass", "id"]).to_numpy()]
    assert set(zip(shown["employer_id"], shown["holder"], strict=True)) == {
        two
        for two in zip(posts["employer_id"][on_it], posts["holder"][on_it], strict=True)
        if two in passing
    }


def test_a_holder_with_the_same_post_twice_is_refused():
    posts = pd.DataFrame({"job_id": ["P"] * 2, "employer_id": ["E"] * 2, "holder": ["S"] * 2})
    none = pd.DataFrame(columns=["id", "person", "form", "hired_on", "on", "operator_id"])
    with pytest.raises(ArgumentError, match=r"`posts.id` must be different in each row"):
        match_posts(posts, on=ON, persons=none, employments=none, services=none)
