"""Subsidised posts: every condition passes, fails and is unknown for somebody."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.benefits import match_posts

DATA = Path(__file__).resolve().parents[3] / "data"
ON = dt.date(2025, 6, 1)
BEGUN = dt.date(2025, 3, 1)
DAY = dt.timedelta(1)
NAMES = (
    "operator_led",
    "holder_with_difficulty",
    "post_developed",
    "employment_registered",
    "labour_filed",
    "service_recorded",
)


def judge(post=None, person=None, hire=None, service=None):
    posts = {
        "job_id": "P",
        "employer_id": "E",
        "developed_on": BEGUN,
        "led_by": "OP1",
        "holder": "S",
        "held_from": BEGUN,
        "held_to": None,
    } | (post or {})
    persons = {"id": "S", "difficulty": "older"} | (person or {})
    hires = {
        "id": "EM",
        "person": "S",
        "employer_id": "E",
        "form": "public_welfare_post",
        "hired_on": BEGUN,
        "registered_on": BEGUN,
        "filed_on": BEGUN,
        "record_origin": "platform_export",
    } | (hire or {})
    services = {"id": "SV", "person": "S", "on": BEGUN, "operator_id": "OP1"} | (service or {})
    frames = [pd.DataFrame([one]) for one in (posts, persons, hires, services)]
    return match_posts(
        frames[0], on=ON, persons=frames[1], employments=frames[2], services=frames[3]
    )


@pytest.mark.parametrize(
    ("change", "failed", "unknown"),
    [
        ({}, "", ""),
        ({"post": {"led_by": None}}, "", "operator_led,service_recorded"),
        ({"post": {"developed_on": ON}}, "", ""),
        ({"post": {"developed_on": ON + DAY}}, "post_developed", ""),
        ({"post": {"developed_on": None}}, "", "post_developed"),
        ({"post": {"held_to": ON}}, "", ""),
        ({"post": {"held_to": ON - DAY}}, "holder_with_difficulty", ""),
        ({"person": {"difficulty": "none"}}, "holder_with_difficulty", ""),
        ({"person": {"difficulty": None}}, "", "holder_with_difficulty"),
        ({"person": {"id": "T"}}, "", "holder_with_difficulty"),
        ({"hire": {"registered_on": ON + DAY}}, "employment_registered", ""),
        ({"hire": {"registered_on": None}}, "", "employment_registered"),
        ({"hire": {"filed_on": None}}, "", "labour_filed"),
        ({"hire": {"record_origin": "sent_by_us"}}, "", "employment_registered,labour_filed"),
        ({"hire": {"employer_id": "F"}}, "", "employment_registered,labour_filed"),
        ({"hire": {"form": "gig"}}, "", "employment_registered,labour_filed"),
        ({"service": {"on": BEGUN + DAY}}, "service_recorded", ""),
        ({"service": {"operator_id": "OP2"}}, "", "service_recorded"),
        ({"service": {"on": ON + DAY}}, "", "service_recorded"),
    ],
)
def test_a_post_is_subsidised_if_every_record_shows_it(change, failed, unknown):
    row = judge(**change).rows.iloc[0]
    assert (row["failed"], row["unknown"]) == (failed, unknown)
    assert row["outcome"] == ("fail" if failed else "unknown" if unknown else "pass")


def test_a_post_that_nobody_holds_fails_under_its_own_id():
    row = judge(post={"holder": None, "held_from": None}).rows.iloc[0]
    assert (row["id"], row["failed"]) == ("P", "holder_with_difficulty")


def test_the_evidence_is_what_decides():
    found = judge()
    evidence = {
        one.name: one.evidence for one in found.explain("P@S", "post_and_insurance_subsidy")
    }
    assert evidence == {
        "operator_led": ("P",),
        "holder_with_difficulty": ("P", "S"),
        "post_developed": ("P",),
        "employment_registered": ("P", "EM"),
        "labour_filed": ("P", "EM"),
        "service_recorded": ("P", "SV"),
    }


def test_in_the_city_every_outcome_occurs():
    people = [
        pd.read_parquet(DATA / name, columns=["id", "difficulty"])
        for name in ("seekers.parquet", "history/former_seekers.parquet")
    ]
    posts, hires, services = (
        pd.read_parquet(DATA / "history" / f"{name}.parquet")
        for name in ("welfare_posts", "employments", "services")
    )
    held = services["person"].isin(posts["holder"])
    told = match_posts(
        posts,
        on=dt.date(2025, 12, 31),
        persons=pd.concat(people),
        employments=hires[hires["form"] == "public_welfare_post"],
        services=services[held],
    ).rows
    assert len(told) == len(posts)
    assert set(told["outcome"]) == {"pass", "fail", "unknown"}
    for name in NAMES:
        assert (told["failed"] + told["unknown"]).str.contains(name).any()


def test_a_holder_with_the_same_post_twice_is_refused():
    posts = pd.DataFrame({"job_id": ["P"] * 2, "employer_id": ["E"] * 2, "holder": ["S"] * 2})
    none = pd.DataFrame(columns=["id", "person", "form", "hired_on", "on", "operator_id"])
    with pytest.raises(ArgumentError, match=r"`posts.id` must be different in each row"):
        match_posts(posts, on=ON, persons=none, employments=none, services=none)
