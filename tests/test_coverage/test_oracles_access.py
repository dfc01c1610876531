"""Competition beside PySAL's `access`, which takes the two steps from a table of costs.

It is right where each site has somebody in its circle and each home a site: it divides by 0 at a
site that nobody reaches, and leaves out a home that reaches nothing. There ours says what holds,
and the rest must agree. The table of costs is made with pyproj, from all pairs.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from access import weights
from access.fca import two_stage_fca
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

import geo_match as gm
from geo_match.coverage import Binary, CoverageOptions, Gaussian, Stepped

GEOD = Geod(ellps="WGS84")
RADIUS_M = 3000.0
BANDS = {1000: 1.0, 2000: 0.68, 3000: 0.22}
"""Those of Luo and Qi, in metres in place of minutes."""
FORMS = {
    "binary": (Binary(), None),
    "stepped": (Stepped(tuple(BANDS.items())), weights.step_fn(BANDS)),
    "gaussian": (Gaussian(1000.0), weights.gaussian(1000.0)),
}


def draw(seed, n_people, n_sites):
    """Draw homes with weights and sites with vacancies in a square of 8 km or so."""
    rng = np.random.default_rng(seed)

    def places(n, name):
        return pd.DataFrame(
            {
                "id": [f"{name}{number}" for number in range(n)],
                "lon": 117.3 + 0.085 * rng.random(n),
                "lat": 32.9 + 0.072 * rng.random(n),
            }
        )

    homes = places(n_people, "H").assign(weight=rng.integers(1, 9, n_people))
    sites = places(n_sites, "S").assign(vacancies=rng.integers(1, 40, n_sites))
    return homes, sites


def by_access(homes, sites, weight):
    """Return what `access` finds for each home; NaN of those it leaves out."""
    home, site = (
        axis.ravel() for axis in np.meshgrid(range(len(homes)), range(len(sites)), indexing="ij")
    )
    cost = GEOD.inv(*homes.iloc[home][["lon", "lat"]].to_numpy().T,
                    *sites.iloc[site][["lon", "lat"]].to_numpy().T)[2]  # fmt: skip
    table = pd.DataFrame(
        {"origin": homes["id"].to_numpy()[home], "dest": sites["id"].to_numpy()[site], "cost": cost}
    )
    demand = homes.set_index("id")[["weight"]].astype(float)
    supply = sites.set_index("id")[["vacancies"]].astype(float)
    found = two_stage_fca(
        demand,
        supply,
        table,
        RADIUS_M,
        demand_index=True,
        demand_name="weight",
        supply_index=True,
        supply_name="vacancies",
        weight_fn=weight,
    )
    is_wanted = table[table["cost"] <= RADIUS_M].groupby("dest").size()
    return found.reindex(homes["id"]).to_numpy(), supply.index.isin(is_wanted.index)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=8)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(1, 20))
def test_what_is_available_to_each_home_is_what_access_finds(form, seed, n_people, n_sites):
    homes, sites = draw(seed, n_people, n_sites)
    decay, weight = FORMS[form]
    report = gm.Coverage(sites, [], CoverageOptions(competition=decay)).of(homes)
    expected, is_wanted = by_access(homes, sites, weight)
    ours = report.people["availability"].to_numpy()
    reaches = ~np.isnan(expected)
    assert (report.people["in_reach"].to_numpy(dtype=int) > 0).tolist() == reaches.tolist()
    np.testing.assert_allclose(ours[reaches], expected[reaches], rtol=1e-9)
    # A home that `access` leaves out has nothing, and a site that nobody reaches is told.
    assert (ours[~reaches] == 0.0).all()
    alone = int(sites["vacancies"].to_numpy()[~is_wanted].sum())
    assert report.totals()["supply_without_seekers"] == alone
