"""A list while it is written: which rows are chosen, and what becomes of labels in copies."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo_match.demo.extract import thin_jobs
from geo_match.demo.office._text import as_text
from geo_match.demo.office.draft import Draft, keys_of


@pytest.fixture
def draft():
    draft = Draft("表.csv", "编号", pd.Series([f"X{k:04}" for k in range(5_000)]), seed=1)
    draft.put("值", as_text(pd.Series(np.arange(5_000))))
    return draft


def test_postings_that_are_there_again_have_keys_of_their_own(whole_work):
    jobs = thin_jobs(whole_work.jobs, 2.4, kept=np.zeros(len(whole_work.jobs), dtype=bool))
    keys = keys_of(as_text(jobs["id"]))
    assert jobs["id"].str.fullmatch(r"J\d{5}-\d{3}-[23]").sum() > 50_000
    assert len(np.unique(keys)) == len(jobs) > 140_000
    some = jobs["id"].iloc[::97]
    assert np.array_equal(keys_of(as_text(some)), keys[::97])


@pytest.mark.parametrize(
    ("id_", "key"),
    [
        ("H340302001001-00023", 34_030_200_100_100_023),
        ("S340302001001-00023-1", 340_302_001_001_000_231),
        ("J00010-012", 10_012),
        ("340302001001", 340_302_001_001),
        ("E00007", 7),
    ],
)
def test_the_digits_of_a_usual_id_are_its_key(id_, key):
    assert keys_of(as_text(pd.Series([id_]))).tolist() == [key]


def test_ids_with_the_same_digits_have_different_keys_if_their_forms_differ():
    ids = ["J00001-001-2", "J00010-012", "J0001-0012", "H340302001001-100000", "J00001-0012"]
    keys = keys_of(as_text(pd.Series(ids)))
    assert len(set(keys.tolist())) == len(ids)


def test_no_ids_have_no_keys():
    assert keys_of(as_text(pd.Series([], dtype="str"))).shape == (0,)


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
