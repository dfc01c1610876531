"""How the nearest of what is missed is looked for; what it is is tested with reports on foot."""

from __future__ import annotations

import numpy as np
import pytest
from test_coverage.plain_on_foot import person
from test_coverage.river import town
from test_walking.river_town import at

from geo_match.coverage.given.supply import read_supply
from geo_match.coverage.measures import missed
from geo_match.coverage.measures.near import Near


@pytest.mark.parametrize(("jobs", "asked"), [(1, [4]), (2, [4]), (4, [2, 2]), (9, [1, 1, 1, 1])])
def test_what_fits_is_asked_for_by_so_many_jobs_at_once_not_places(monkeypatch, jobs, asked):
    monkeypatch.setattr(missed, "_FITTING_AT_ONCE", 8)
    supply = read_supply([person(f"J{n}", (-200, 280)) for n in range(jobs)], count="vacancies")
    lon, lat = (np.full(4, one) for one in at(-200, -150))
    sizes = []

    def fitting(which):
        sizes.append(len(which))
        person_of = np.repeat(np.arange(len(which)), jobs)
        return Near(person_of, np.zeros_like(person_of), np.full(len(person_of), 430.0))

    found = missed.causes(
        lon,
        lat,
        np.zeros(4, dtype=np.int64),
        supply=supply,
        radius_m=900.0,
        network=town("Old Bridge"),
        fitting=fitting,
    )
    assert sizes == asked
    assert found.tolist() == [missed.CAUSES.index("river")] * 4
