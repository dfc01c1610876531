"""Episodes of looking: each in one spell, closed by the next, one open for each who looks."""

from __future__ import annotations

import pandas as pd
import pytest

FIRST = pd.Timestamp("2022-01-01")
REFERENCE = pd.Timestamp("2025-12-31")
LOOKS = ["registered_unemployed", "unemployed", "flexible", "employed", "studying"]


@pytest.fixture(scope="module")
def episodes(lives):
    """Each episode with the spell in which it began, and the one after that."""
    spells = lives.spells.copy()
    spells["after"] = spells.groupby("person")["status"].shift(-1)
    joined = pd.merge_asof(
        lives.registrations.sort_values("registered_on"),
        spells[["person", "status", "start", "end", "after"]].sort_values("start"),
        left_on="registered_on",
        right_on="start",
        by="person",
    )
    return joined.sort_values(["person", "registered_on"])


def test_an_episode_lies_in_one_spell_and_closes_when_the_next_begins(episodes):
    assert (episodes["registered_on"] >= episodes["start"]).all()
    is_open = episodes["closed_on"].isna()
    assert episodes["end"][is_open].isna().all()
    closed = episodes[~is_open]
    assert (closed["end"] + pd.Timedelta(days=1) == closed["closed_on"]).all()
    assert set(episodes["status"].astype(str)) == set(LOOKS)


def test_episodes_of_a_person_do_not_overlap(episodes):
    after = episodes.groupby("person")["registered_on"].shift(-1)
    assert (episodes["closed_on"] <= after)[after.notna()].all()


def test_each_seeker_has_exactly_one_open_episode_and_nobody_else_has(episodes, ledger):
    is_open = episodes["closed_on"].isna()
    assert episodes["person"][is_open].is_unique
    assert set(episodes["person"][is_open]) == set(ledger.index[ledger["looks"]])
    assert (episodes["close_reason"].isna() == is_open).all()


def test_registered_unemployment_since_2022_is_one_episode(episodes, lives):
    registered = episodes[(episodes["status"] == "registered_unemployed")]
    since = registered[registered["start"] >= FIRST]
    assert (since["registered_on"] == since["start"]).all()
    before = registered[registered["start"] < FIRST]
    assert before["registered_on"].between(FIRST, pd.Timestamp("2022-04-30")).all()
    spells = lives.spells[lives.spells["status"] == "registered_unemployed"]
    past = spells[spells["end"].notna()]
    assert past["person"].isin(registered["person"]).all()
    assert len(past) == (registered["closed_on"].notna()).sum()


def test_the_next_spell_says_why_an_episode_closed(episodes):
    closed = episodes[episodes["closed_on"].notna()]
    works = closed["after"].isin(["employed", "flexible"])
    assert (works == closed["close_reason"].isin(["hired", "self_employed"])).all()
    for status in ("retired", "studying", "incapable"):
        assert ((closed["after"] == status) == (closed["close_reason"] == status)).all()
    gone = closed["close_reason"].isin(["refused", "no_contact", "moved_away"])
    assert (gone == closed["after"].isin(["unemployed", "not_seeking"])).all()


def test_contact_is_lost_after_six_months_at_the_earliest(episodes):
    lost = episodes[episodes["close_reason"] == "no_contact"]
    assert len(lost) > 200
    assert ((lost["closed_on"] - lost["registered_on"]).dt.days >= 181).all()


def test_some_looked_more_than_once(lives):
    count = lives.registrations.groupby("person").size()
    assert count.max() <= 6
    assert 0.2 < (count == 2).mean() < 0.5
    assert 0.02 < (count >= 3).mean() < 0.2
    assert lives.registrations["registered_on"].min() >= FIRST
