"""The invented lives: complete, in keeping with the people, the same in every share."""

from __future__ import annotations

from dataclasses import fields

import pandas as pd
import pytest

from geo_match.demo.history.lives import draw_lives
from geo_match.demo.people import draw_people
from geo_match.errors import ArgumentError

SEED = 20220512
REFERENCE = pd.Timestamp("2025-12-31")


def _tables(lives):
    return {field.name: getattr(lives, field.name) for field in fields(lives)}


def _days(tables):
    for name, table in tables.items():
        for column in table.select_dtypes("datetime").columns:
            yield name, column, table[column]


@pytest.fixture(scope="module")
def fiftieth(land, areas, homes):
    return draw_people(land, areas, homes, share=0.02)


def test_a_smaller_share_lives_the_same_lives_but_for_the_postings(
    lives, fiftieth, work, homes, areas
):
    few = _tables(draw_lives(fiftieth, work, homes, areas, seed=SEED))
    many = _tables(lives)
    households = set(fiftieth.households["id"])
    home = {
        "former_seekers": lambda table: table["household"],
        "moves": lambda table: table["household"],
        "insurance": lambda table: "H" + table["employment"].str[3:-4],
        "incomes": lambda table: "H" + table["employment"].str[3:-4],
    }
    for name, table in few.items():
        of = home.get(name, lambda table: "H" + table["person"].str[1:-2])
        same = many[name][of(many[name]).isin(households)].reset_index(drop=True)
        hidden = ["job_id"] if name == "employments" else []
        pd.testing.assert_frame_equal(same.drop(columns=hidden), table.drop(columns=hidden))
        assert len(table) > 100
    shared = many["employments"].set_index("id")["job_id"].reindex(few["employments"]["id"])
    other = (shared.fillna("") != few["employments"]["job_id"].fillna("").to_numpy()).mean()
    # Of more people more come too late for a posting.
    assert 0.0 < other < 0.08


def test_lives_come_from_the_seed_alone(fiftieth, work, homes, areas):
    first, again, other = (
        _tables(draw_lives(fiftieth, work, homes, areas, seed=seed)) for seed in (5, 5, 6)
    )
    for name, table in first.items():
        pd.testing.assert_frame_equal(table, again[name])
        assert not table.equals(other[name])


@pytest.mark.parametrize("seed", [-1, 1.5])
def test_a_seed_that_is_no_whole_number_from_zero_is_refused(fiftieth, work, homes, areas, seed):
    with pytest.raises(ArgumentError, match="`seed` must be a whole number of at least 0, got"):
        draw_lives(fiftieth, work, homes, areas, seed=seed)


def test_nothing_that_happened_lies_after_the_reference_date(lives):
    plans = {"contract_to", "contract_from"}
    for name, column, days in _days(_tables(lives)):
        assert days.dtype == "datetime64[s]", (name, column)
        assert (days.dropna() == days.dropna().dt.normalize()).all()
        if column not in plans:
            assert days.max() <= REFERENCE, (name, column)
    assert lives.employments["contract_from"].max() <= REFERENCE + pd.Timedelta(days=30)


def test_ids_are_unique_and_name_what_is_there(lives, ledger, people, areas):
    assert ledger.index.is_unique
    for table in (lives.spells, lives.employments):
        assert table["id"].is_unique
    for table in (lives.registrations, lives.spells, lives.employments):
        assert set(table["person"]) <= set(ledger.index)
    assert set(lives.registrations["person"]) == set(lives.spells["person"]) == set(ledger.index)
    assert set(lives.employments["spell"]) <= set(lives.spells["id"])
    for table in (lives.insurance, lives.incomes):
        assert set(table["employment"]) <= set(lives.employments["id"])
    assert set(lives.moves["household"]) <= set(ledger["household"])
    assert set(lives.moves["from_community"]) <= set(areas["code"])
    number = lives.spells.groupby("person").cumcount() + 1
    expected = "SP-" + lives.spells["person"].str[1:] + "-" + number.astype(str)
    assert (lives.spells["id"] == expected).all()
    assert (lives.employments["id"].str[3:] == lives.employments["spell"].str[3:]).all()
    assert set(people.seekers["id"]) == set(ledger.index[ledger["looks"]])
