"""Porto Alegre's real cells on its real streets, held to SciPy's Dijkstra on the same graph."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from test_coverage.test_oracles_porto_alegre import read

import geo_match as gm
from geo_match.coverage import CoverageOptions
from geo_match.walking import Network

pytestmark = pytest.mark.reference

RADIUS_M = 3000.0
STANDARD = 20_000
_LINK = 0.25
"""What is added to each of a way's two links, so that none is 0, which would be none at all."""


@functools.cache
def streets(folder):
    return Network.from_osm(folder / "roads" / "poa_osm.pbf")


@functools.cache
def walks(folder):
    """Return the way from each cell with residents to each with jobs, metres, (n, m).

    Infinite beyond the radius. Each place is a vertex of its own that no way leads through, joined
    to both ends of its edge; only the way along one edge is worked out beside.
    """
    people, supply, _ = read(folder)
    network = streets(folder)
    graph = network.graph
    n, n_homes = len(graph.lon), len(people)
    homes, works = (network.snap(lon=one["lon"], lat=one["lat"]) for one in (people, supply))
    start, end, mm = [graph.start, graph.end], [graph.end, graph.start], [graph.length_mm] * 2
    for first, snaps in ((n, homes), (n + n_homes, works)):
        at = np.flatnonzero(snaps.edge >= 0)
        for ends, along in ((graph.start, snaps.to_start_mm), (graph.end, snaps.to_end_mm)):
            pair = (first + at, ends[snaps.edge[at]])
            one, other = pair if first == n else pair[::-1]
            start, end = [*start, one], [*end, other]
            mm = [*mm, snaps.snap_mm[at].astype(float) + along[at] + _LINK]
    size = n + n_homes + len(supply)
    ways = _least(np.concatenate(start), np.concatenate(end), np.concatenate(mm), size)
    found = dijkstra(ways, indices=np.arange(n, n + n_homes), limit=RADIUS_M * 1000.0 + 1.0)[
        :, n + n_homes :
    ]
    found -= 2 * _LINK
    one, other = np.nonzero(homes.edge[:, None] == works.edge[None, :])
    is_led = homes.edge[one] >= 0
    one, other = one[is_led], other[is_led]
    along = np.maximum(
        np.abs(homes.to_start_mm[one] - works.to_start_mm[other]),
        np.abs(homes.to_end_mm[one] - works.to_end_mm[other]),
    )
    is_same_spot = (homes.lon[one] == works.lon[other]) & (homes.lat[one] == works.lat[other])
    along = np.where(is_same_spot, 0, along + 1) + homes.snap_mm[one] + works.snap_mm[other]
    lon, lat = (
        people[name].to_numpy()[one] == supply[name].to_numpy()[other] for name in ("lon", "lat")
    )
    found[one, other] = np.where(lon & lat, 0.0, np.minimum(found[one, other], along))
    return found / 1000.0


def _least(start, end, mm, size):
    """Return the graph with the shortest of parallel edges alone: SciPy would add them up."""
    order = np.lexsort((mm, end, start))
    start, end, mm = start[order], end[order], mm[order]
    first = np.append(True, (start[1:] != start[:-1]) | (end[1:] != end[:-1]))
    return csr_array((mm[first].astype(float), (start[first], end[first])), shape=(size, size))


def test_what_each_cell_reaches_on_foot_is_what_scipy_says(reference):
    people, supply, straight = read(reference)
    table = walks(reference)
    options = CoverageOptions(at_least=STANDARD, basis="walking", network=streets(reference))
    report = gm.Coverage(supply, [], options).of(people)
    jobs, weight = supply["vacancies"].to_numpy(), people["weight"].to_numpy()
    on_foot, beside = (table <= RADIUS_M) @ jobs, (straight <= RADIUS_M) @ jobs
    told = report.people
    assert told["in_reach"].to_numpy(dtype="int64").tolist() == on_foot.tolist()
    assert told["in_reach_straight"].to_numpy(dtype="int64").tolist() == beside.tolist()
    totals = report.totals()
    lost = (beside >= STANDARD) & (on_foot < STANDARD)
    assert totals["reached"] == weight[on_foot >= STANDARD].sum()
    assert totals["reached_straight"] == weight[beside >= STANDARD].sum()
    assert totals["lost_on_foot"] == weight[lost].sum()
    assert 0 < totals["reached"] < totals["reached_straight"]
    assert (told["cause"].notna().to_numpy() == (lost | (told["reason"] == "none_on_foot"))).all()
    # Nobody's way is shorter than the straight line.
    assert (table >= straight - 1e-6).all()


def test_how_far_it_is_to_the_first_job_on_foot_is_what_scipy_says(reference):
    people, supply, _ = read(reference)
    options = CoverageOptions(basis="walking", network=streets(reference), max_distance_m=RADIUS_M)
    report = gm.Coverage(supply, [], options).of(people)
    nearest = walks(reference).min(axis=1)
    expected = pd.Series(np.where(nearest <= RADIUS_M, nearest, np.nan), name="distance_m")
    pd.testing.assert_series_equal(report.people["distance_m"], expected, rtol=0, atol=0)
