"""Porto Alegre's real streets and cells: walking reach against scipy's search on the same graph."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from geo_match.walking import Network

pytestmark = pytest.mark.reference

GEOD = Geod(ellps="WGS84")
RADIUS_M = 3000.0


@functools.cache
def network(folder):
    return Network.from_osm(folder / "roads" / "poa_osm.pbf")


@functools.cache
def cells(folder):
    return pd.read_csv(folder / "roads" / "poa_hexgrid.csv")


def walked_mm(graph, snaps):
    """Return the ways between all places in mm, NaN for none: each place is a vertex of its own.

    The edges that have places on them are cut there, and nothing else is known of the search.
    """
    n, m = len(graph.lon), len(graph.start)
    is_snapped = snaps.edge >= 0
    where = np.flatnonzero(is_snapped)
    edge = snaps.edge[where]
    spot = n + np.arange(len(where))
    starts = np.concatenate([graph.start, spot, spot])
    ends = np.concatenate([graph.end, graph.start[edge], graph.end[edge]])
    length = np.concatenate([graph.length_mm, snaps.to_start_mm[where], snaps.to_end_mm[where]])
    assert len(starts) == m + 2 * len(where)
    # scipy takes no 0 and adds up equal pairs: the least of those that join the same two.
    table = pd.DataFrame(
        {"a": np.minimum(starts, ends), "b": np.maximum(starts, ends), "mm": length}
    )
    table = table[table["a"] != table["b"]].groupby(["a", "b"], as_index=False)["mm"].min()
    size = n + len(where)
    weights = table["mm"].to_numpy(np.float64) + 1e-9
    matrix = coo_array((weights, (table["a"], table["b"])), shape=(size, size)).tocsr()
    far = dijkstra(matrix, directed=False, indices=spot)[:, spot]
    for one, other in zip(*np.nonzero(edge[:, None] == edge[None, :]), strict=True):
        if one != other:
            a, b = where[one], where[other]
            along = max(
                abs(int(snaps.to_start_mm[a]) - int(snaps.to_start_mm[b])),
                abs(int(snaps.to_end_mm[a]) - int(snaps.to_end_mm[b])),
            )
            same = (snaps.lon[a], snaps.lat[a]) == (snaps.lon[b], snaps.lat[b])
            far[one, other] = min(far[one, other], along + (not same))
    far = np.where(
        np.isfinite(far),
        np.round(far) + snaps.snap_mm[where][:, None] + snaps.snap_mm[where],
        np.nan,
    )
    np.fill_diagonal(far, 0.0)
    whole = np.full((len(snaps), len(snaps)), np.nan)
    whole[np.ix_(where, where)] = far
    return whole


def test_the_jobs_that_each_cell_reaches_on_foot_are_those_of_scipy(reference):
    table = cells(reference)
    people = table[table["population"] > 0]
    work = table[table["jobs"] > 0]
    assert (len(people), len(work)) == (1124, 1004)
    net = network(reference)
    snaps = net.snap(lon=table["lon"], lat=table["lat"])
    mm = walked_mm(net.graph, snaps)[np.ix_(people.index, work.index)]
    jobs = work["jobs"].to_numpy(np.int64)
    expected = (mm <= RADIUS_M * 1000) @ jobs
    index = net.index(lon=work["lon"], lat=work["lat"])
    found = index.sum_within(lon=people["lon"], lat=people["lat"], radius_m=RADIUS_M, weights=jobs)
    assert found.tolist() == expected.tolist()
    pairs = index.within(lon=people["lon"], lat=people["lat"], radius_m=RADIUS_M)
    assert len(pairs) == (mm <= RADIUS_M * 1000).sum()
    assert np.array_equal(np.round(pairs.distance_m * 1000), mm[pairs.query, pairs.point])


def test_no_way_on_foot_is_shorter_than_the_straight_line(reference):
    table = cells(reference)
    net = network(reference)
    pairs = net.index(lon=table["lon"], lat=table["lat"]).within(
        lon=table["lon"], lat=table["lat"], radius_m=1500
    )
    one, other = table.iloc[pairs.query], table.iloc[pairs.point]
    straight = GEOD.inv(one["lon"], one["lat"], other["lon"], other["lat"])[2]
    assert (pairs.distance_m >= straight - 1e-6).all()
    assert len(pairs) > 2 * len(table)


def test_the_extract_has_about_as_many_nodes_as_published(reference):
    """38,165 walkable nodes are published, by another reader of the tags.

    Ours has 0.2 % more: piers and platforms are walked, and gates are points of either side.
    """
    graph = network(reference).graph
    points = set(zip(graph.point_lon.tolist(), graph.point_lat.tolist(), strict=True))
    assert len(points) == pytest.approx(38_165, rel=0.005)
    assert network(reference).info.blocked_points == 30
