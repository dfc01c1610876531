"""Jobs without coordinates lie where their site does, and say so."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from geo_match.intake.locating import Sites, locate

SITES = pa.table(
    {
        "id": ["S", "G", "C", "N"],
        "lon": [117.1, 117.2, 117.3, None],
        "lat": [32.1, 32.2, 32.3, None],
        "location_accuracy_m": [None, 150.0, 900.0, None],
        "located_by": ["given", "gazetteer", "community_area", "none"],
    }
)
PLACES = {
    "S": (117.1, 32.1, None, "site"),
    "G": (117.2, 32.2, 150.0, "site"),
    "C": (117.3, 32.3, 900.0, "site"),
}
NOWHERE = (None, None, None, "none")
NAMES = ("lon", "lat", "location_accuracy_m", "located_by")


def jobs(rows):
    return pa.table(
        {
            "site_id": pa.array([site for site, _ in rows], pa.string()),
            "lon": pa.array([117.9 if own else None for _, own in rows], pa.float64()),
            "lat": pa.array([32.9 if own else None for _, own in rows], pa.float64()),
        }
    )


@given(
    rows=st.lists(
        st.tuples(st.sampled_from(["S", "G", "C", "N", "unknown", "", None]), st.booleans())
    )
)
def test_each_job_has_its_own_place_else_that_of_its_site_else_none(rows):
    located = locate(jobs(rows), sites=Sites(SITES)).select(NAMES).to_pylist()
    expected = [
        (117.9, 32.9, None, "given") if own else PLACES.get(site, NOWHERE) for site, own in rows
    ]
    assert [tuple(row.values()) for row in located] == expected


def test_without_sites_that_have_a_place_nothing_is_found():
    found, places = Sites(SITES.slice(3)).locate(np.array(["N", ""], object), coarse=False)
    assert found.tolist() == [False, False]
    assert places.shape == (0, 3)
