"""Tables that break their rules, or are too many, are refused by name."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from test_coverage.test_publication.test_publish import COUNTS, KEY, REST, leaf, town

from geo_match.coverage.publication.publish import CountTable, Split, publish
from geo_match.errors import ArgumentError


def bad_table(**changes):
    table = leaf(rows=[[("a", "s", 20, 10), ("b", "s", 30, 10)]])
    frame = changes.pop("frame", lambda frame: frame)(table.frame)
    given_ = {"name": "community", "by": ("code",), "counts": COUNTS, "splits": REST} | changes
    return CountTable(frame=frame, **given_)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (bad_table(counts=("people", "none")), r"without \['none'\]"),
        (bad_table(by=("above",)), r"must tell the rows apart, got 2 rows .*positions 0, 1"),
        (bad_table(frame=lambda f: f.assign(people=f["people"] * 1.5)), "must be whole numbers"),
        (bad_table(frame=lambda f: f.assign(people=-1)), "must be 0 or more in every row"),
        (bad_table(frame=lambda f: f.assign(reached=99)), "must be at least the sum of reached"),
        (bad_table(splits=(Split("people", ("reached",)),)), "must be the sum of reached"),
        (bad_table(splits=(Split("people", ("x",)),)), r"its counts only, got \['x'\]"),
        (bad_table(date="date"), "must have its date in `by`"),
        (bad_table(into={"street": ("above",)}), "must add up to a table that is given"),
    ],
)
def test_a_table_that_breaks_its_rule_is_named(table, message):
    with pytest.raises(ArgumentError, match=message):
        publish(table, key=KEY)


def test_rows_that_do_not_add_up_are_named():
    tables = town([(20, 10), (30, 10)])
    tables[1].frame.loc[0, "people"] += 1
    with pytest.raises(ArgumentError, match=r"people of street .*must be the sum of its rows, got"):
        publish(*tables, key=KEY)


def test_more_counts_than_can_be_published_in_time_are_refused(monkeypatch):
    monkeypatch.setattr("geo_match.coverage.publication.count_table.MOST_COUNTS", 8)
    with pytest.raises(ArgumentError, match=r"at most 8 counts together.* got 9.*Publish fewer"):
        publish(*town([(20, 10)]), key=KEY)


def test_the_same_people_do_not_go_out_under_another_name():
    below, street, whole = town([(20, 10), (30, 10)])
    fewer = replace(below, name="on foot", frame=below.frame.assign(reached=7), into={})
    told = r"`on foot` must be other people, .* than those of `community`, .* Ask the reports alike"
    with pytest.raises(ArgumentError, match=told) as refused:
        publish(below, street, whole, fewer, key=KEY)
    assert "otherwise" not in str(refused.value)
    others = replace(fewer, of="jobs")
    assert "on foot" in publish(below, street, whole, others, key=KEY).tables
    two = pd.concat([fewer.frame, fewer.frame.assign(date="2")])  # one date of two is enough
    with pytest.raises(ArgumentError, match=told):
        publish(below, street, whole, replace(fewer, frame=two), key=KEY)
    later = replace(fewer, frame=fewer.frame.assign(date="2"))
    assert "on foot" in publish(below, street, whole, later, key=KEY).tables


def test_levels_of_one_row_each_may_have_one_code_also_past_one_between():
    tables = [
        replace(one, frame=one.frame.assign(code="whole")) if one.name == "community" else one
        for one in town([(20, 10)])
    ]
    assert {*publish(*tables, key=KEY).tables} == {"community", "street", "whole"}


def test_the_remedy_for_reports_asked_otherwise_is_no_other_name():
    one = bad_table()
    other = replace(one, splits=())
    with pytest.raises(ArgumentError, match=r"declared alike .* Ask the reports alike\. A") as told:
        publish(one, other, key=KEY)
    assert "name" not in str(told.value).split("Ask the reports")[1]
