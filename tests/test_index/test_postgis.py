"""The index beside PostGIS: `ST_DWithin` and `ST_Distance` on geography, another implementation.

Two differences are left out by construction. Pairs within 1 µm of the rim: PostGIS rounds its
geodesic elsewhere. And points at exactly ±180° of longitude: there PostGIS's own index and its
own scan disagree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import psycopg
import pytest

from geo_match.geodesy import geodesic_distance
from geo_match.index import PointIndex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Places = tuple[NDArray[np.float64], NDArray[np.float64]]

pytestmark = pytest.mark.postgis

RIM_M = 1e-6


def city(rng: np.random.Generator, n: int) -> Places:
    """Clusters of a city's kind, many places shared, around Bengbu."""
    centres = rng.normal((117.38, 32.92), 0.05, (12, 2))
    at = centres[rng.integers(0, 12, n)] + rng.normal(0, 0.008, (n, 2))
    at[: n // 10] = at[n // 2 : n // 2 + n // 10]
    return at[:, 0], at[:, 1]


def globe(rng: np.random.Generator, n: int) -> Places:
    """Anywhere on earth, evenly, in groups so that circles are not empty."""
    centre_lon = rng.uniform(-179.0, 179.0, n // 10)
    centre_lat = np.degrees(np.arcsin(rng.uniform(-0.999, 0.999, n // 10)))
    of = rng.integers(0, n // 10, n)
    return centre_lon[of] + rng.normal(0, 0.05, n), centre_lat[of] + rng.normal(0, 0.05, n)


def north_pole(rng: np.random.Generator, n: int) -> Places:
    """Within 40 km of the pole, the pole itself included."""
    lat = 90.0 - rng.uniform(0, 0.36, n)
    lat[0] = 90.0
    return rng.uniform(-179.999, 179.999, n), lat


def south_pole(rng: np.random.Generator, n: int) -> Places:
    """The same at the other end."""
    lon, lat = north_pole(rng, n)
    return lon, -lat


def antimeridian(rng: np.random.Generator, n: int) -> Places:
    """On both sides of ±180°, never on it."""
    away = rng.uniform(1e-6, 0.1, n)
    return np.where(rng.random(n) < 0.5, 180.0 - away, -180.0 + away), rng.uniform(-17.0, -16.8, n)


@pytest.fixture(scope="module")
def connection(postgis: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgis) as connection:
        yield connection


def _load(connection: psycopg.Connection, table: str, places: Places) -> None:
    connection.execute(f"DROP TABLE IF EXISTS {table}")
    connection.execute(f"CREATE TABLE {table} (i int, lon float8, lat float8, g geography)")
    with connection.cursor().copy(f"COPY {table} (i, lon, lat) FROM STDIN") as copy:
        for i, (lon, lat) in enumerate(zip(*places, strict=True)):
            copy.write_row((i, float(lon), float(lat)))
    place = "ST_MakePoint(lon, lat)::geography"
    connection.execute(f"UPDATE {table} SET g = {place}")  # noqa: S608 - names of our own
    connection.execute(f"CREATE INDEX ON {table} USING gist (g)")
    connection.execute(f"ANALYZE {table}")


def _pairs_by_postgis(
    connection: psycopg.Connection, points: Places, origins: Places, radius_m: float
) -> dict[tuple[int, int], float]:
    _load(connection, "points", points)
    _load(connection, "origins", origins)
    rows = connection.execute(
        "SELECT o.i, p.i, ST_Distance(o.g, p.g) FROM origins o"
        " JOIN points p ON ST_DWithin(o.g, p.g, %s)",
        (radius_m,),
    )
    return {(o, p): distance for o, p, distance in rows}


@pytest.mark.parametrize("radius_m", [0.0, 250.0, 3000.0, 40_000.0])
@pytest.mark.parametrize("world", [city, globe, north_pole, south_pole, antimeridian])
def test_pairs_and_counts_and_distances_equal_those_of_postgis(
    connection: psycopg.Connection, world: object, radius_m: float
) -> None:
    assert callable(world)
    rng = np.random.default_rng(7)
    points: Places = world(rng, 1500)
    origins: Places = world(rng, 100)
    for axis, of_points in zip(origins, points, strict=True):
        axis[:20] = of_points[:20]  # some origins stand on a point
    theirs = _pairs_by_postgis(connection, points, origins, radius_m)

    index = PointIndex(lon=points[0], lat=points[1])
    pairs = index.within(lon=origins[0], lat=origins[1], radius_m=radius_m)
    ours = dict(
        zip(
            zip(pairs.query.tolist(), pairs.point.tolist(), strict=True),
            pairs.distance_m.tolist(),
            strict=True,
        )
    )

    for query, point in ours.keys() ^ theirs.keys():
        distance = geodesic_distance(
            lon1=origins[0][query],
            lat1=origins[1][query],
            lon2=points[0][point],
            lat2=points[1][point],
        )
        assert abs(float(distance) - radius_m) < RIM_M
    shared = ours.keys() & theirs.keys()
    assert len(shared) >= 20
    for pair in shared:
        assert ours[pair] == pytest.approx(theirs[pair], abs=2e-6, rel=1e-6)
    counts = index.count_within(lon=origins[0], lat=origins[1], radius_m=radius_m)
    assert counts.tolist() == np.bincount(pairs.query, minlength=len(origins[0])).tolist()
