"""Parts of the city: a share of its jobs, spread evenly, and nothing left without what it names."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo_match.demo.extract import REACH_M, first_of_lonely, reach_of, thin_jobs, work_in
from geo_match.geodesy import geodesic_distance


@pytest.mark.parametrize("share", [0.01, 0.2, 0.37, 1.0])
def test_a_share_of_jobs_is_that_many_and_even_over_the_city(work, share):
    none = np.zeros(len(work.jobs), dtype=bool)
    kept = thin_jobs(work.jobs, share, kept=none)
    assert len(kept) == round(share * len(work.jobs))
    assert kept["id"].is_unique
    of = kept["community"].value_counts().to_numpy()
    whole = work.jobs["community"].value_counts().loc[kept["community"].value_counts().index]
    assert np.abs(of - share * whole.to_numpy()).max() <= 1.0


def test_more_than_all_jobs_repeats_them_under_other_ids(work):
    none = np.zeros(len(work.jobs), dtype=bool)
    more = thin_jobs(work.jobs, 2.4, kept=none)
    assert len(more) == 144_000
    assert more["id"].is_unique
    again = more["id"].str.extract(r"^(J\d+-\d+)(?:-(\d))?$")
    assert set(again[0]) == set(work.jobs["id"])
    assert set(again[1].dropna()) == {"2", "3"}


def test_what_must_be_kept_is_kept_once(work):
    kept = np.zeros(len(work.jobs), dtype=bool)
    kept[::7] = True
    thin = thin_jobs(work.jobs, 0.1, kept=kept)
    assert work.jobs["id"][kept].isin(thin["id"]).all()
    assert thin["id"].is_unique


def test_a_lonely_site_keeps_its_first_posting(work):
    first = first_of_lonely(work.jobs, work.sites)
    chosen = work.jobs[first]
    assert chosen["site_id"].is_unique
    site = work.sites.set_index("id").geometry.loc[chosen["site_id"]].iloc[::200]
    lon, lat = work.sites.geometry.x.to_numpy(), work.sites.geometry.y.to_numpy()
    for point in site:
        metres = geodesic_distance(lon1=point.x, lat1=point.y, lon2=lon, lat2=lat)
        assert (metres <= 1_000.0).sum() <= 20


def test_the_reach_goes_three_kilometres_beyond_the_districts(land):
    ground = land.ground[land.ground["code"] == "340303"]
    reach = reach_of(ground)
    edge = shapely.get_coordinates(reach)[::50]
    near = shapely.get_coordinates(
        shapely.shortest_line(shapely.points(edge), ground.geometry.union_all())
    ).reshape(-1, 2, 2)
    metres = geodesic_distance(
        lon1=near[:, 0, 0], lat1=near[:, 0, 1], lon2=near[:, 1, 0], lat2=near[:, 1, 1]
    )
    # The nearest in degrees is not quite the nearest in metres.
    assert np.all(metres > 0.98 * REACH_M)
    assert np.median(metres) < 1.02 * REACH_M


def test_work_of_communities_keeps_their_employers(work):
    codes = set(work.sites["community"].astype(str).unique()[:40])
    part = work_in(work, codes)
    assert set(part.sites["employer_id"]) == set(part.employers["id"])
    assert set(part.jobs["site_id"]) <= set(part.sites["id"])
    assert set(part.jobs["community"].astype(str)) <= codes
