"""Which station a person goes to: the nearest of those open on the day, however far the others."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo_match import geodesic_distance
from geo_match.demo.history._days import day_of, to_days
from geo_match.demo.history._open_stations import nearest_open

OPENED, CLOSED = pd.Timestamp("2023-03-01"), pd.Timestamp("2024-03-01")


@pytest.fixture
def stations():
    """Twenty stations from west to east; the first opens late, all but the last then close."""
    return gpd.GeoDataFrame(
        {
            "opened_on": pd.to_datetime([OPENED] + ["2022-05-01"] * 19),
            "closed_on": pd.to_datetime([CLOSED] * 19 + [None]),
        },
        geometry=gpd.points_from_xy(117.0 + 0.01 * np.arange(20), np.full(20, 32.9)),
        crs=4326,
    )


@pytest.mark.parametrize(
    ("on", "station"),
    [
        ("2022-04-30", -1),
        ("2023-02-28", 1),
        ("2023-03-01", 0),
        ("2024-02-29", 0),
        ("2024-03-01", 19),
    ],
)
def test_the_nearest_is_asked_for_among_those_open_that_day(stations, on, station):
    day = np.array([day_of(pd.Timestamp(on).date())])
    found = nearest_open(stations, np.array([117.0]), np.array([32.9]), day)
    assert found.tolist() == [station]


def test_many_places_and_days_agree_with_looking_at_every_station(work):
    generator = np.random.default_rng(5)
    n = 300
    lon, lat = generator.uniform(117.0, 117.8, n), generator.uniform(32.7, 33.3, n)
    on = generator.integers(day_of(OPENED.date()) - 365, day_of(CLOSED.date()) + 365, n)
    opened, closed = (to_days(work.stations[name]) for name in ("opened_on", "closed_on"))
    x, y = work.stations.geometry.x.to_numpy(), work.stations.geometry.y.to_numpy()
    m = len(x)
    away = geodesic_distance(
        lon1=np.repeat(lon, m), lat1=np.repeat(lat, m), lon2=np.tile(x, n), lat2=np.tile(y, n)
    ).reshape(n, m)
    away[(opened > on[:, None]) | (on[:, None] >= closed)] = np.inf
    expected = np.where(np.isinf(away.min(axis=1)), -1, away.argmin(axis=1))
    assert np.array_equal(nearest_open(work.stations, lon, lat, on), expected)
