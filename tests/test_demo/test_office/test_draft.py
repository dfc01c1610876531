"""A list while it is written: which rows are chosen, and what becomes of labels in copies."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo_match.demo.office._text import as_text
from geo_match.demo.office.draft import Draft


@pytest.fixture
def draft():
    draft = Draft("表.csv", "编号", pd.Series([f"X{k:04}" for k in range(5_000)]), seed=1)
    draft.put("值", as_text(pd.Series(np.arange(5_000))))
    return draft


def test_rows_are_chosen_at_the_rate_among_those_that_can(draft):
    even = np.arange(5_000) % 2 == 0
    rows = draft.choose("bad_date", "值", among=even, rate=0.2)
    assert even[rows].all()
    assert len(rows) == pytest.approx(500, abs=60)
    assert np.array_equal(rows, np.unique(rows))


def test_at_least_three_rows_are_chosen_if_there_are_as_many(draft):
    assert len(draft.choose("bad_date", "值", rate=0.0)) == 3
    two = np.isin(np.arange(5_000), [7, 4_000])
    assert draft.choose("future_date", "编号", among=two, rate=0.0).tolist() == [7, 4_000]


def test_a_cell_is_not_chosen_twice(draft):
    first = draft.choose("bad_date", "值", rate=0.6)
    second = draft.choose("future_date", "值", "编号", rate=0.6)
    third = draft.choose("stray_blank", "编号", rate=0.6)
    assert not np.isin(second, first).any()
    assert not np.isin(third, second).any()


def test_rows_are_chosen_by_their_ids_and_not_by_their_company(draft):
    fewer = Draft("表.csv", "编号", pd.Series([f"X{k:04}" for k in range(0, 5_000, 5)]), seed=1)
    fewer.put("值", as_text(pd.Series(np.arange(0, 5_000, 5))))
    many, few = (one.choose("bad_date", "值", rate=0.1) for one in (draft, fewer))
    assert np.array_equal(many[many % 5 == 0], few * 5)


def test_copies_and_older_versions_stand_near_below_and_have_their_labels(draft):
    old = np.array([10, 4_999])
    draft.add_older(old, "值", {"值": ["-10", "-4999"]})
    rows = draft.choose("bad_date", "值", rate=0.5)
    draft.spoil("bad_date", rows, {"值": [f"?{row}" for row in rows]})
    draft.add_copies()
    cells, labels = draft.finish()
    kept = cells.drop_duplicates()
    kept = kept[~kept["值"].str.startswith("-")]
    assert kept["编号"].is_monotonic_increasing
    assert len(kept) == 5_000
    stale = labels[labels["defect"] == "stale_version"]
    assert stale["value"].tolist() == ["-10", "-4999"]
    assert stale["truth"].tolist() == ["10", "4999"]
    assert stale["id"].tolist() == ["X0010", "X4999"]
    assert cells["值"].iloc[stale["row"] - 1].tolist() == ["-10", "-4999"]
    wrong = labels[labels["defect"] == "bad_date"]
    assert set(wrong["row"] - 1) == set(np.flatnonzero(cells["值"].str.startswith("?")))
    first = cells.reset_index().groupby(["编号", "值"])["index"].min()
    copies = labels[labels["defect"] == "duplicate_row"]
    at = copies["row"].to_numpy() - 1
    above = first[pd.MultiIndex.from_frame(cells.iloc[at][["编号", "值"]])].to_numpy()
    assert ((at > above) & (at < above + 330)).all()
