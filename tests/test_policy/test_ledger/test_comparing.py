"""A correction that comes later tells whose status on a day it changed."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from geo_match.policy.ledger import Timeline, changed


def timeline(*rows):
    return Timeline.of(pd.DataFrame(list(rows), columns=["id", "person", "status", "start", "end"]))


BEFORE = (
    ("A", "S1", "unemployed", "2025-01-01", None),
    ("B", "S2", "employed", "2025-01-01", None),
    ("C", "S3", "studying", "2025-01-01", None),
)


def test_only_those_are_told_whose_status_on_the_day_is_another():
    after = (
        ("A", "S1", "unemployed", "2025-01-01", "2025-02-28"),
        ("D", "S1", "employed", "2025-03-01", None),
        ("E", "S2", "employed", "2025-01-01", None),  # the same by another record
        ("F", "S4", "flexible", "2025-03-01", None),
    )
    told = changed(timeline(*BEFORE), timeline(*after), dt.date(2025, 3, 1))
    assert told.astype(object).where(told.notna(), None).to_numpy().tolist() == [
        ["S1", "unemployed", "A", "employed", "D"],
        ["S3", "studying", "C", None, None],
        ["S4", None, None, "flexible", "F"],
    ]
    assert list(changed(timeline(*BEFORE), timeline(*after), dt.date(2025, 2, 28))["person"]) == [
        "S3"
    ]


def test_the_same_ledger_changes_nothing():
    assert changed(timeline(*BEFORE), timeline(*BEFORE), dt.date(2025, 3, 1)).empty
