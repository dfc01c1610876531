"""Points and circles that are hard to get right, and a brute force that shares no code with us.

Each world is a function of a random generator, so that a test names the world it failed in and
the soak can ask for tens of thousands of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from pyproj import Geod

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = tuple[Floats, Floats]
    World = Callable[[np.random.Generator], "Scene"]

GEOD = Geod(ellps="WGS84")
RADII_M = (0.0, 1e-9, 1e-3, 1.0, 50.0, 3000.0, 20_000.0, 200_000.0)
MAX_RADIUS_M = 200_000.0


class Scene(NamedTuple):
    """Points, and origins that ask about them; degrees."""

    lon: Floats
    lat: Floats
    query_lon: Floats
    query_lat: Floats


def geodesics(from_lon: Floats, from_lat: Floats, to_lon: Floats, to_lat: Floats) -> Floats:
    """Return the distance of each origin to each point, metres, (n, m)."""
    shape = len(from_lon), len(to_lon)
    if 0 in shape:
        return np.zeros(shape)
    ends = np.broadcast_arrays(
        np.asarray(from_lon)[:, None], np.asarray(from_lat)[:, None], to_lon, to_lat
    )
    return np.asarray(GEOD.inv(*(end.ravel() for end in ends))[2]).reshape(shape)


def nudged(rng: np.random.Generator, values: Floats, most: int = 3) -> Floats:
    """Move each value by up to so many units in the last place, either way."""
    steps = rng.integers(-most, most + 1, values.shape)
    return np.asarray(values + steps * np.spacing(values))


def around(lon: float, lat: float, azimuth: Floats, distance_m: Floats) -> Places:
    """Return places at these azimuths and distances from one."""
    n = len(azimuth)
    to_lon, to_lat, _ = GEOD.fwd(np.full(n, lon), np.full(n, lat), azimuth, distance_m)
    return np.clip(to_lon, -180.0, 180.0), np.clip(to_lat, -90.0, 90.0)


def wrapped(lon: Floats) -> Floats:
    """Turn longitudes beyond ±180 round the earth."""
    return np.asarray((np.asarray(lon) + 180.0) % 360.0 - 180.0)


def asked_from_within(
    rng: np.random.Generator, lon: Floats, lat: Floats, n: int, spread_deg: float
) -> Scene:
    """Ask from some of the points themselves, from an ulp beside them, and from further away."""
    chosen = rng.integers(0, len(lon), n)
    query_lon, query_lat = lon[chosen], lat[chosen]
    third = n // 3
    query_lon[:third] = nudged(rng, query_lon[:third])
    query_lat[:third] = nudged(rng, query_lat[:third])
    query_lon[third : 2 * third] += rng.normal(0.0, spread_deg, third)
    query_lat[third : 2 * third] += rng.normal(0.0, spread_deg, third)
    query_lon = np.where(np.abs(query_lon) > 180.0, wrapped(query_lon), query_lon)
    return Scene(lon, lat, query_lon, np.clip(query_lat, -90.0, 90.0))


def city(rng: np.random.Generator, m: int = 300, n: int = 40) -> Scene:
    """Clusters of a city's kind, a tenth of the places shared."""
    centres = rng.normal((117.38, 32.92), 0.05, (12, 2))
    at = centres[rng.integers(0, 12, m)] + rng.normal(0.0, 0.008, (m, 2))
    at[: m // 10] = at[m // 2 : m // 2 + m // 10]
    return asked_from_within(rng, at[:, 0], at[:, 1], n, 0.03)


def city_and_an_outlier(rng: np.random.Generator) -> Scene:
    """A city and one point in the Atlantic: two densities in one index."""
    scene = city(rng)
    scene.lon[-1], scene.lat[-1] = -30.0, 0.5
    scene.query_lon[-1], scene.query_lat[-1] = -30.01, 0.5
    return scene


def globe(rng: np.random.Generator) -> Scene:
    """Anywhere on earth, evenly, in small groups."""
    centre_lon = rng.uniform(-180.0, 180.0, 30)
    centre_lat = np.degrees(np.arcsin(rng.uniform(-1.0, 1.0, 30)))
    of = rng.integers(0, 30, 300)
    lon = wrapped(centre_lon[of] + rng.normal(0.0, 0.1, 300))
    lat = np.clip(centre_lat[of] + rng.normal(0.0, 0.1, 300), -90.0, 90.0)
    return asked_from_within(rng, lon, lat, 40, 0.1)


def shared_coordinates(rng: np.random.Generator) -> Scene:
    """A lattice: each longitude and each latitude belongs to many points, some twice."""
    lon = rng.choice(117.3 + 0.01 * np.arange(8), 300)
    lat = rng.choice(32.9 + 0.01 * np.arange(8), 300)
    return asked_from_within(rng, lon, lat, 40, 0.01)


def ulps_apart(rng: np.random.Generator) -> Scene:
    """Three hundred points within a few units in the last place of six."""
    of = rng.integers(0, 6, 300)
    lon = nudged(rng, rng.uniform(-180.0, 180.0, 6)[of], 4)
    lat = nudged(rng, rng.uniform(-80.0, 80.0, 6)[of], 4)
    return asked_from_within(rng, np.clip(lon, -180.0, 180.0), lat, 40, 1e-13)


def one_place(rng: np.random.Generator) -> Scene:
    """Hundreds of points at one place, and one a metre away."""
    lon, lat = np.full(300, rng.uniform(-180.0, 180.0)), np.full(300, rng.uniform(-90.0, 90.0))
    (lon[150],), (lat[150],) = around(lon[0], lat[0], np.array([33.0]), np.array([1.0]))
    return asked_from_within(rng, lon, lat, 20, 1e-5)


def one_point(rng: np.random.Generator) -> Scene:
    """One point."""
    lon, lat = rng.uniform(-180.0, 180.0, 1), rng.uniform(-90.0, 90.0, 1)
    return asked_from_within(rng, lon, lat, 20, 0.1)


def rims(rng: np.random.Generator) -> Scene:
    """Points at one distance from an origin all around, for several distances and origins."""
    query_lon, query_lat = rng.uniform(-180.0, 180.0, 4), rng.uniform(-85.0, 85.0, 4)
    lon, lat = [], []
    for x, y in zip(query_lon, query_lat, strict=True):
        for distance in (1e-6, 0.5, 80.0, 3000.0, 19_999.0, 199_999.0):
            places = around(x, y, rng.uniform(-180.0, 180.0, 14), np.full(14, distance))
            lon.append(places[0])
            lat.append(places[1])
    return Scene(np.concatenate(lon), np.concatenate(lat), query_lon, query_lat)


def equally_far(rng: np.random.Generator) -> Scene:
    """Points whose distances from an origin differ by micrometres, some places repeated."""
    query_lon, query_lat = rng.uniform(-180.0, 180.0, 6), rng.uniform(-80.0, 80.0, 6)
    lon, lat = [], []
    for x, y in zip(query_lon, query_lat, strict=True):
        distance = rng.choice([5.0, 3000.0, 40_000.0]) + rng.normal(0.0, 3e-6, 12)
        places = around(x, y, rng.uniform(-180.0, 180.0, 12), distance)
        again = rng.integers(0, 12, 24)
        lon.append(places[0][again])
        lat.append(places[1][again])
    order = rng.permutation(6 * 24)
    return Scene(np.concatenate(lon)[order], np.concatenate(lat)[order], query_lon, query_lat)


def poles(rng: np.random.Generator) -> Scene:
    """Within metres to 40 km of both poles, the poles themselves under several longitudes."""
    off = rng.choice([0.0, 1e-13, 1e-9, 1e-5, 1e-3, 0.1, 0.36], 200) * rng.random(200)
    lat = (90.0 - off) * rng.choice([-1.0, 1.0], 200)
    lat[:12] = np.repeat([90.0, -90.0], 6)
    scene = asked_from_within(rng, rng.uniform(-180.0, 180.0, 200), lat, 40, 0.01)
    scene.query_lat[:4] = [90.0, -90.0, 90.0, np.nextafter(90.0, 0.0)]
    return scene


def across_a_pole(rng: np.random.Generator) -> Scene:
    """Around a pole on a few meridians, so that many lie exactly half a turn from an origin."""
    of = rng.choice([0.0, 180.0, -180.0, 90.0, -90.0, 45.0, -135.0], 300)
    lon = np.where(rng.random(300) < 0.7, of, nudged(rng, of))
    lon = np.clip(lon, -180.0, 180.0)
    off = rng.choice([1e-6, 0.01, 0.1, 0.5], 300) * rng.choice([0.5, 1.0, rng.random()], 300)
    lat = (90.0 - off) * rng.choice([-1.0, 1.0])
    return Scene(lon, lat, lon[:40].copy(), lat[40:80].copy())


def near_a_pole(rng: np.random.Generator) -> Scene:
    """At latitude 89.9 a circle of 3 km spans 15.58° to each side, a naive bound 15.46°."""
    centre = float(rng.choice([0.0, 120.0, 170.0, -179.9, 180.0]))
    azimuth = rng.uniform(-180.0, 180.0, 200)
    azimuth[:100] = rng.choice([-1.0, 1.0], 100) * rng.normal(74.4, 0.5, 100)  # farthest east, west
    distance = rng.choice([2900.0, 3000.0, 3000.0 + 1e-6, 20_000.0], 200)
    lon, lat = around(centre, 89.9, azimuth, distance)
    query_lat = np.full(12, 89.9)
    query_lat[8:] = -89.9
    return Scene(lon, lat, np.full(12, centre), query_lat)


def antimeridian(rng: np.random.Generator) -> Scene:
    """On both sides of ±180 and exactly on it, written either way."""
    off = rng.choice([0.0, 3e-14, 1e-12, 1e-6, 0.01, 0.1, 1.0], 300) * rng.random(300)
    lon = np.where(rng.random(300) < 0.5, 180.0 - off, -180.0 + off)
    lat = rng.uniform(-17.1, -16.9, 300)
    lat[:60] = -17.0
    scene = asked_from_within(rng, lon, lat, 40, 0.05)
    scene.query_lon[:8] = [180.0, -180.0] * 4
    return scene


def antipodes(rng: np.random.Generator) -> Scene:
    """Points, and origins at the opposite end of the earth, exactly and nearly."""
    lon, lat = rng.uniform(-180.0, 180.0, 60), rng.uniform(-90.0, 90.0, 60)
    lon[:10], lat[:10] = 0.0, 0.0
    query_lon, query_lat = wrapped(lon[:20] + 180.0), -lat[:20]
    query_lon[5:] = nudged(rng, query_lon[5:])
    query_lat[10:] = np.clip(query_lat[10:] + rng.normal(0.0, 0.3, 10), -90.0, 90.0)
    query_lon = np.concatenate((np.clip(query_lon, -180.0, 180.0), lon[:10]))
    return Scene(lon, lat, query_lon, np.concatenate((query_lat, lat[:10])))


def equator(rng: np.random.Generator) -> Scene:
    """Astride the equator, where a band's widest parallel lies inside it; zeros of both signs."""
    lat = rng.choice([0.0, -0.0, 1e-300, -1e-12, 1e-3, 0.01, 0.3], 300) * rng.normal(0.0, 1.0, 300)
    lon = rng.normal(0.0, 0.05, 300)
    lon[:30] = rng.choice([0.0, -0.0], 30)
    scene = asked_from_within(rng, lon, lat, 40, 0.03)
    scene.query_lon[:4], scene.query_lat[:4] = [0.0, -0.0, 0.0, -0.0], [0.0, 0.0, -0.0, -0.0]
    return scene


def one_meridian(rng: np.random.Generator) -> Scene:
    """All points on one meridian, from pole to pole and in a dense part."""
    lat = np.concatenate((np.linspace(-90.0, 90.0, 100), rng.normal(32.9, 0.02, 200)))
    lon = np.full(300, rng.choice([117.4, 0.0, 180.0, -180.0]))
    return asked_from_within(rng, lon, lat, 40, 0.02)


def one_parallel(rng: np.random.Generator) -> Scene:
    """All points on one parallel, around the earth and in a dense part."""
    lon = np.concatenate((np.linspace(-180.0, 180.0, 100), rng.normal(117.4, 0.02, 200)))
    lat = np.full(300, rng.choice([32.9, 0.0, -0.5, 66.0, 89.7, -89.99]))
    return asked_from_within(rng, lon, lat, 40, 0.02)


def streets(rng: np.random.Generator) -> Scene:
    """Points in rows along a few straight streets, evenly spaced."""
    lon, lat = [], []
    for _ in range(5):
        start = rng.normal((117.38, 32.92), 0.02)
        places = around(*start, np.full(60, rng.uniform(0, 360)), 25.0 * np.arange(60))
        lon.append(places[0])
        lat.append(places[1])
    return asked_from_within(rng, np.concatenate(lon), np.concatenate(lat), 40, 0.01)


def high_latitudes(rng: np.random.Generator) -> Scene:
    """Where circles span tens of degrees, or a whole turn, without standing on a pole."""
    lat = rng.choice([-1.0, 1.0]) * rng.uniform(88.0, 89.99, 300)
    return asked_from_within(rng, rng.uniform(-180.0, 180.0, 300), lat, 40, 0.2)


WORLDS: tuple[World, ...] = (
    city,
    city_and_an_outlier,
    globe,
    shared_coordinates,
    ulps_apart,
    one_place,
    one_point,
    rims,
    equally_far,
    poles,
    across_a_pole,
    near_a_pole,
    antimeridian,
    antipodes,
    equator,
    one_meridian,
    one_parallel,
    streets,
    high_latitudes,
)


class Question(NamedTuple):
    """Circles around some of a scene's origins, and the true distances to every point."""

    lon: Floats
    lat: Floats
    radius_m: Floats
    distance_m: Floats

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Which points each circle truly holds, (n, m)."""
        return np.asarray(self.distance_m <= self.radius_m[:, None])


def questions(rng: np.random.Generator, scene: Scene) -> tuple[Question, Question, Question]:
    """Return circles of all sizes, circles with a point at the rim or a hair off it, and crowds.

    The second have for radius exactly the distance of a point, and one ulp less and more; the
    third have one such radius for several crowds of origins that stand close together.
    """
    table = geodesics(scene.query_lon, scene.query_lat, scene.lon, scene.lat)
    n = len(table)
    radius = rng.choice(RADII_M, n)
    plain = Question(scene.query_lon, scene.query_lat, radius, table)
    hits = np.argwhere(table <= MAX_RADIUS_M)
    if len(hits) == 0:
        nothing = Question(*(array[:0] for array in plain))
        return plain, nothing, nothing
    hits = hits[np.argsort(table[hits[:, 0], hits[:, 1]], kind="stable")]
    # The small circles are chosen more often: there a metre's millionth weighs most.
    query, point = hits[(len(hits) * rng.random(n) ** 3).astype(np.int64)].T
    exact = table[query, point]
    below, above = np.nextafter(exact, 0.0), np.nextafter(exact, np.inf)
    query = np.tile(query, 3)
    radius = np.minimum(np.concatenate((exact, below, above)), MAX_RADIUS_M)
    rim = Question(scene.query_lon[query], scene.query_lat[query], radius, table[query])
    return plain, rim, _crowds(rng, rim, scene)


def _crowds(rng: np.random.Generator, rim: Question, scene: Scene) -> Question:
    """Repeat origins of one radius, some an ulp or a few metres away, some in the same place."""
    radius = rng.choice(rim.radius_m)
    stands = np.flatnonzero(rim.radius_m == radius)
    stands = np.repeat(np.append(stands, rng.integers(0, len(rim.lon), 4)), 8)
    apart = radius * rng.choice([0.0, 0.0, 1e-12, 1e-3, 0.02, 0.1], len(stands)) / 111_000.0
    lon = rim.lon[stands] + apart * rng.normal(0.0, 1.0, len(stands))
    lat = rim.lat[stands] + apart * rng.normal(0.0, 1.0, len(stands))
    lon = np.where(np.abs(lon) > 180.0, wrapped(lon), lon)
    lat = np.clip(lat, -90.0, 90.0)
    table = geodesics(lon, lat, scene.lon, scene.lat)
    return Question(lon, lat, np.full(len(lon), radius), table)


def big_city(rng: np.random.Generator, m: int = 100_000) -> Places:
    """Clusters of a city's kind of unequal size, about 5,000 points within 3 km of one of them."""
    n_clusters = 40
    centres = rng.normal((117.38, 32.92), (0.12, 0.1), (n_clusters, 2))
    share = rng.dirichlet(np.full(n_clusters, 1.5))
    spread = rng.uniform(0.008, 0.03, n_clusters)
    of = rng.choice(n_clusters, m, p=share)
    at = centres[of] + rng.normal(0.0, 1.0, (m, 2)) * spread[of, None]
    return at[:, 0], at[:, 1]
