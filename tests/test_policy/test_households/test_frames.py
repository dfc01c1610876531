"""Columns are taken by kind, and what is not of it is refused by name, row and remedy."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.households.frames import (
    check_day,
    check_unique,
    check_words,
    gathered,
    take,
)

KINDS = {"id": "text", "on": "day", "n": "number", "is": "flag"}


def test_columns_are_taken_in_one_form_and_missing_ones_are_null():
    frame = pd.DataFrame(
        {
            "on": [dt.date(2025, 1, 2), None],
            "n": pd.array([3, None], dtype="Int64"),
            "is": [True, None],
            "more": [1, 2],
        },
        index=[7, 7],
    )
    told = take(frame, "frame", KINDS)
    assert told.index.tolist() == [0, 1]
    assert told["id"].tolist() == [None, None]
    assert told["on"].iloc[0] == pd.Timestamp("2025-01-02")
    assert pd.isna(told["on"].iloc[1])
    assert told["n"].iloc[0] == 3.0
    assert np.isnan(told["n"].iloc[1])
    assert told["is"].tolist() == [True, None]
    assert frame.columns.tolist() == ["on", "n", "is", "more"]


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("id", [1], "`frame.id` must hold texts, or null, got 1 in rows 0"),
        ("on", ["2025-01-01"], "`frame.on` must hold days without a zone"),
        ("on", [dt.datetime(2025, 1, 1, 8, tzinfo=dt.UTC)], "`frame.on` must hold days"),
        ("on", [pd.Timestamp("2025-01-01 08:00")], "`frame.on` must hold days without a time"),
        ("n", ["many"], "`frame.n` must hold numbers"),
        ("n", [True], "`frame.n` must hold numbers"),
        ("n", [float("inf")], "`frame.n` must hold numbers"),
        ("is", ["yes"], "`frame.is` must hold true and false"),
    ],
)
def test_a_value_of_another_kind_is_refused(column, values, message):
    with pytest.raises(ArgumentError, match=message):
        take(pd.DataFrame({column: values}), "frame", KINDS)


def test_what_is_no_frame_or_lacks_a_column_is_refused():
    with pytest.raises(ArgumentError, match="`frame` must be a DataFrame, got list"):
        take([], "frame", KINDS)
    with pytest.raises(ArgumentError, match=r"must have the columns id, got on\. Without id"):
        take(pd.DataFrame({"on": []}), "frame", KINDS, required=["id"])
    twice = pd.DataFrame([["a", "b"]], columns=["id", "id"])
    with pytest.raises(ArgumentError, match="must have each column once, got 'id' more than"):
        take(twice, "frame", KINDS)
    with pytest.raises(ArgumentError, match=r"`frame.id` must not be null, got rows 1"):
        take(pd.DataFrame({"id": ["a", None]}), "frame", KINDS, filled=["id"])


def test_repeated_values_unknown_words_and_moments_are_refused():
    frame = pd.DataFrame({"id": ["a", "a"]})
    with pytest.raises(ArgumentError, match=r"`frame.id` must be different in each row, got 'a'"):
        check_unique(frame, "id", "frame")
    with pytest.raises(ArgumentError, match="`word` must be one of b, c, or null, got 'a'"):
        check_words(frame["id"], ("b", "c"), "word")
    with pytest.raises(ArgumentError, match="`on` must be a date without a time"):
        check_day(dt.datetime(2025, 1, 1, tzinfo=dt.UTC), "on")


def test_ids_are_gathered_by_place_each_once():
    assert gathered(np.array([2, 0, 2, 2]), list("abca"), 3).tolist() == [("b",), (), ("a", "c")]
