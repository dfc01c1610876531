"""Porto Alegre's real H3 cells, their residents and jobs, held to brute force over all pairs."""

from __future__ import annotations

import functools
import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod
from test_coverage import plain

import geo_match as gm
from geo_match.coverage import Binary, CoverageOptions, Stepped

pytestmark = pytest.mark.reference

GEOD = Geod(ellps="WGS84")
RADIUS_M = 3000.0
STANDARD = 20_000


@functools.cache
def read(folder):
    """Return cells with residents, cells with jobs, and the metres between them, (n, m).

    Five cells of 1,227 state no number of jobs, and are left out of the supply.
    """
    cells = pd.read_csv(folder / "roads" / "poa_hexgrid.csv")
    homes = cells[cells["population"] > 0]
    work = cells[cells["jobs"] > 0]
    table = np.array(
        [
            GEOD.inv(np.full(len(work), lon), np.full(len(work), lat), work["lon"], work["lat"])[2]
            for lon, lat in zip(homes["lon"], homes["lat"], strict=True)
        ]
    )
    people = homes[["id", "lon", "lat"]].assign(weight=homes["population"].astype("int64"))
    supply = work[["id", "lon", "lat"]].assign(vacancies=work["jobs"].astype("int64"))
    return people, supply, table


def test_what_each_cell_reaches_and_the_gap_are_those_of_brute_force(reference):
    people, supply, table = read(reference)
    assert (len(people), len(supply)) == (1124, 1004)
    options = CoverageOptions(at_least=STANDARD)
    report = gm.Coverage(supply, [], options).of(people)
    vacancies, weight = supply["vacancies"].to_numpy(), people["weight"].to_numpy()
    within = (table <= RADIUS_M) @ vacancies
    assert report.people["in_reach"].to_numpy(dtype="int64").tolist() == within.tolist()
    totals = report.totals()
    assert totals["people"] == weight.sum()
    assert totals["reached"] == weight[within >= STANDARD].sum()
    assert 0 < totals["reached"] < totals["people"]
    for power, name in enumerate(("share", "depth", "severity")):
        lack = sum(
            Fraction(int(w)) * Fraction(STANDARD - int(a), STANDARD) ** power
            for a, w in zip(within, weight, strict=True)
            if a < STANDARD
        )
        exact = lack / int(weight.sum())
        assert totals[f"fgt_{name}"] == pytest.approx(float(exact), rel=1e-12)
    # Gini's coefficient by its definition, over all pairs of residents, in whole numbers.
    sum_of_pairs = sum(
        int(w) * int(weight @ np.abs(within - a)) for a, w in zip(within, weight, strict=True)
    )
    exact = Fraction(sum_of_pairs, 2 * int(weight.sum()) * int((weight * within).sum()))
    assert totals["gini"] == pytest.approx(float(exact), rel=1e-12)
    pairs = list(zip(within.tolist(), weight.tolist(), strict=True))
    for name, q in (("p10", 0.1), ("median", 0.5), ("p90", 0.9)):
        assert totals[f"in_reach_{name}"] == plain.quantile(pairs, q)


@pytest.mark.parametrize(
    ("decay", "weight"),
    [
        (Binary(), lambda d: (d <= RADIUS_M) * 1.0),
        (
            Stepped(((1000, 1.0), (2000, 0.68), (3000, 0.22))),
            lambda d: np.select([d <= 1000, d <= 2000, d <= RADIUS_M], [1.0, 0.68, 0.22], 0.0),
        ),
    ],
    ids=["binary", "stepped"],
)
def test_the_jobs_a_resident_are_those_of_brute_force(reference, decay, weight):
    people, supply, table = read(reference)
    report = gm.Coverage(supply, [], CoverageOptions(competition=decay, standard=1)).of(people)
    counts = weight(table)
    residents, jobs = people["weight"].to_numpy(), supply["vacancies"].to_numpy()
    demand = [math.fsum(residents * counts[:, site]) for site in range(len(jobs))]
    ratio = np.array(
        [amount / need if need else 0.0 for amount, need in zip(jobs, demand, strict=True)]
    )
    expected = [math.fsum(ratio * row) for row in counts]
    found = report.people["availability"].to_numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
    unwanted = int(sum(amount for amount, need in zip(jobs, demand, strict=True) if not need))
    assert report.totals()["supply_without_seekers"] == unwanted
    # All that somebody reaches is given out.
    assert math.fsum(found * residents) == pytest.approx(int(jobs.sum()) - unwanted, rel=1e-9)
    assert report.totals()["below"] == residents[np.array(expected) < 1.0].sum()
