"""Where people live in their community: inside it, off the river, in blocks and hamlets."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo_match.errors import ArgumentError


@pytest.fixture(scope="module")
def placed(areas, homes):
    community = np.repeat(np.arange(len(areas)), areas["population"] // 26)
    return community, *homes.place(community, np.random.default_rng(4))


def test_cells_hold_the_people_of_their_community(areas, homes):
    people = np.add.reduceat(homes.people, homes.offsets[:-1])
    assert people == pytest.approx(areas["population"].to_numpy(), rel=1e-9)
    assert np.diff(homes.offsets).min() >= 1
    assert (homes.people >= 0.0).all()
    assert len(np.unique(homes.cell)) == len(homes.cell)


def test_homes_stand_inside_their_community_and_its_district(areas, placed):
    community, lon, lat = placed
    assert shapely.contains_xy(areas.geometry.to_numpy()[community], lon, lat).all()


def test_no_home_stands_in_the_river(land, placed):
    _, lon, lat = placed
    assert not shapely.intersects_xy(land.river, lon, lat).any()
    close = shapely.dwithin(land.river, shapely.points(lon, lat), 0.002)
    assert close.sum() > 100  # though many stand on its banks


def test_homes_follow_the_cells(homes, placed):
    community, lon, lat = placed
    grid = homes.grid
    cell = np.floor((lat - grid.south) / 0.001).astype(int) * grid.columns + np.floor(
        (lon - grid.west) / 0.001
    ).astype(int)
    count = np.bincount(cell, minlength=grid.rows * grid.columns)[homes.cell]
    inner = ~homes.on_border
    wanted = homes.people[inner] * len(community) / homes.people.sum()
    # Coarser than a cell, so that chance evens out: a thousand groups of cells.
    group = np.argsort(np.argsort(wanted)) * 1_000 // len(wanted)
    got, want = (np.bincount(group, values) for values in (count[inner], wanted))
    busy = want > 50
    assert busy.sum() > 100
    assert got[busy] / want[busy] == pytest.approx(1.0, abs=0.35)


def test_villagers_live_in_hamlets_and_leave_most_land_empty(areas, homes):
    village = np.flatnonzero((areas["kind"] == "村委会") & (areas["lies_in"] == "340321"))
    shares = []
    for row in village:
        people = homes.people[homes.offsets[row] : homes.offsets[row + 1]]
        densest = np.sort(people)[::-1][: max(len(people) // 5, 1)]
        shares.append(densest.sum() / people.sum())
    assert np.median(shares) > 0.8


def test_homes_come_from_the_generator_alone(homes):
    community = np.arange(1_157)
    first = homes.place(community, np.random.default_rng(1))
    assert np.array_equal(first, homes.place(community, np.random.default_rng(1)))
    assert not np.array_equal(first, homes.place(community, np.random.default_rng(2)))


def test_homes_told_where_among_the_people_spread_evenly_over_them(homes):
    community, n = 40, 60
    cells = slice(homes.offsets[community], homes.offsets[community + 1])
    running = np.cumsum(homes.people[cells]) / homes.people[cells].sum()
    among = (np.arange(n) + 0.5) / n
    lon, lat = homes.place(np.full(n, community), np.random.default_rng(2), among=among)
    at = homes.cell[cells][np.searchsorted(running, among, side="right")]
    middle_lon, middle_lat = homes.grid.centres(at)
    assert np.abs(lon - middle_lon).max() <= 0.000_501
    assert np.abs(lat - middle_lat).max() <= 0.000_501


def test_places_have_six_decimals(placed):
    for values in placed[1:]:
        assert np.array_equal(values, np.round(values, 6))


def test_no_homes_are_placed_where_none_are_asked_for(homes):
    lon, lat = homes.place(np.array([], dtype=np.int64), np.random.default_rng(0))
    assert (lon.shape, lat.shape) == ((0,), (0,))


@pytest.mark.parametrize("bad", [[-1, 3], [0, 1_157]])
def test_a_row_of_no_area_is_refused(homes, bad):
    with pytest.raises(ArgumentError, match="`community` must be rows of the areas, 0 to 1156"):
        homes.place(np.array(bad), np.random.default_rng(0))
