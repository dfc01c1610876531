"""Moves: few households, from another community, out of a home that lies in it."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely


def test_few_households_moved_each_once(lives, ledger):
    assert lives.moves["household"].is_unique
    assert 0.05 < len(lives.moves) / ledger["household"].nunique() < 0.07
    assert lives.moves["moved_on"].min() >= pd.Timestamp("2022-01-01")


def test_old_homes_lie_in_their_community_which_is_another(lives, people, areas):
    moves = lives.moves
    area = areas.set_index("code").geometry.loc[moves["from_community"].astype(str)].to_numpy()
    assert shapely.contains_xy(area, moves["from_lon"], moves["from_lat"]).all()
    home = people.households.set_index("id").loc[moves["household"]]
    assert (home["community"].astype(str).to_numpy() != moves["from_community"].astype(str)).all()


def test_most_moved_within_their_district(lives, people, areas):
    lies_in = areas.set_index("code")["lies_in"]
    home = people.households.set_index("id").loc[lives.moves["household"]]
    now = lies_in.loc[home["community"].astype(str)].to_numpy()
    then = lies_in.loc[lives.moves["from_community"].astype(str)].to_numpy()
    assert 0.65 < (now == then).mean() < 0.85
    old = gpd.points_from_xy(lives.moves["from_lon"], lives.moves["from_lat"])
    assert not shapely.equals(home.geometry.to_numpy(), old).any()
