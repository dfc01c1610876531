"""A part of the city: the people of some districts, a share of the jobs, and what belongs to them.

What is kept refers to nothing that is left out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from geo_match.demo.ground._grid import DEGREE_M
from geo_match.demo.people import People
from geo_match.index import PointIndex

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo_match.demo.work import Work

REACH_M: Final = 3_000.0
"""Work this far beyond the districts is kept: nobody at the edge is cut off from it."""
_LONELY_M, _LONELY = 1_000.0, 20
"""A site is lonely with fewer than so many others this near."""


def people_in(people: People, communities: Collection[str]) -> People:
    """Return the people of some communities, as they are in the whole."""
    kept = people.households["community"].isin(communities).to_numpy()
    row = np.cumsum(kept, dtype=np.int32) - np.int32(1)
    home = people.members["household"].to_numpy()
    members = people.members[kept[home]].reset_index(drop=True)
    members["household"] = row[home[kept[home]]]
    seekers = people.seekers[people.seekers["community"].isin(communities).to_numpy()]
    return People(
        people.share,
        people.households[kept].reset_index(drop=True),
        members,
        seekers.reset_index(drop=True),
        people.key[kept],
    )


def reach_of(ground: gpd.GeoDataFrame) -> shapely.Geometry:
    """Return the districts' ground and what lies within `REACH_M` of it, as degrees."""
    plane = shapely.transform(ground.geometry.union_all(), lambda degrees: degrees * DEGREE_M)
    # A mean degree is off by half a percent at most: some metres of ground more or less.
    wide = shapely.buffer(plane, REACH_M)
    reach: shapely.Geometry = shapely.transform(wide, lambda metres: metres / DEGREE_M)
    return reach


def lines_near(lines: gpd.GeoDataFrame, reach: shapely.Geometry) -> gpd.GeoDataFrame:
    """Return the lines that come into an area, whole."""
    shapely.prepare(reach)
    near = shapely.intersects(reach, lines.geometry.to_numpy())
    return lines[near].reset_index(drop=True)


def thin_jobs(jobs: gpd.GeoDataFrame, share: float, *, kept: NDArray[np.bool_]) -> gpd.GeoDataFrame:
    """Return a share of the postings, spread evenly; above 1 some or all are there again.

    Parameters
    ----------
    jobs
        By site, and the sites by community: even steps along them are even over the city.
    share
        Of all postings, more than 0.
    kept
        Which postings are kept whatever the share, shape (n,).

    Returns
    -------
    geopandas.GeoDataFrame
        In the same order. A posting that is there again has "-2", "-3", … behind its id.
    """
    steps = np.floor(np.arange(len(jobs) + 1) * share + 0.5).astype(np.int64)
    times = np.maximum(np.diff(steps), kept)
    thinned = jobs.iloc[np.repeat(np.arange(len(jobs)), times)].reset_index(drop=True)
    again = thinned.groupby("id").cumcount().to_numpy()
    copies = np.flatnonzero(again)
    ids = thinned["id"].to_numpy(dtype=object)
    ids[copies] += np.array([f"-{k + 1}" for k in again[copies]], dtype=object)
    thinned["id"] = pd.Series(ids, dtype="str")
    return thinned


def first_of_lonely(jobs: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Say which postings are the first of a site with few others near, (n,).

    Such a site may be all that a village has; where many stand together, one may be spared.
    """
    lon, lat = sites.geometry.x.to_numpy(), sites.geometry.y.to_numpy()
    around = PointIndex(lon=lon, lat=lat).count_within(lon=lon, lat=lat, radius_m=_LONELY_M)
    lonely = jobs["site_id"].isin(sites["id"][around <= _LONELY])
    return np.asarray(lonely & ~jobs["site_id"].duplicated())


def work_in(work: Work, communities: Collection[str]) -> Work:
    """Return the work in some communities, with its employers."""
    sites = _in(work.sites, communities)
    owns = work.employers["id"].isin(sites["employer_id"])
    return replace(
        work,
        employers=work.employers[owns].reset_index(drop=True),
        sites=sites,
        jobs=_in(work.jobs, communities),
        closed_jobs=_in(work.closed_jobs, communities),
        stations=_in(work.stations, communities),
    )


def _in(frame: gpd.GeoDataFrame, communities: Collection[str]) -> gpd.GeoDataFrame:
    return frame[frame["community"].isin(communities).to_numpy()].reset_index(drop=True)


def work_near(work: Work, reach: shapely.Geometry, named: Named) -> Work:
    """Return the work in an area, and whatever of it the records of the kept people name.

    Parameters
    ----------
    work
        Of the whole city, its jobs thinned.
    reach
        Where sites and stations are kept, degrees.
    named
        What is kept besides: by `employer_id`, `site_id`, `job_id` and `station_id`.
    """
    shapely.prepare(reach)
    jobs_named = named.of("job_id")
    sites_named = named.of("site_id").union(_sites_of(work, jobs_named))
    near = _within(work.sites, reach)
    sites = work.sites[near | work.sites["id"].isin(sites_named).to_numpy()]
    employers = named.of("employer_id").union(pd.Index(sites["employer_id"].unique()))
    here = work.sites["id"][near]

    def keep(jobs: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        kept = jobs["site_id"].isin(here) | jobs["id"].isin(jobs_named)
        return jobs[kept].reset_index(drop=True)

    stations = work.stations["id"].isin(named.of("station_id")).to_numpy()
    stations = stations | _within(work.stations, reach)
    return replace(
        work,
        employers=work.employers[work.employers["id"].isin(employers)].reset_index(drop=True),
        sites=sites.reset_index(drop=True),
        jobs=keep(work.jobs),
        closed_jobs=keep(work.closed_jobs),
        stations=work.stations[stations].reset_index(drop=True),
    )


class Named:
    """What records name, by the column that names it."""

    def __init__(self, records: Iterable[pd.DataFrame]) -> None:
        self._records = list(records)

    def of(self, column: str) -> pd.Index:
        """Return the ids in a column of any record, each once."""
        found = [frame[column].dropna() for frame in self._records if column in frame]
        return pd.Index(pd.concat(found).unique()) if found else pd.Index([], dtype="str")


def _sites_of(work: Work, jobs: pd.Index) -> pd.Index:
    postings = pd.concat([work.jobs[["id", "site_id"]], work.closed_jobs[["id", "site_id"]]])
    sites: pd.Index = pd.Index(postings.loc[postings["id"].isin(jobs), "site_id"].unique())
    return sites


def _within(frame: gpd.GeoDataFrame, reach: shapely.Geometry) -> NDArray[np.bool_]:
    return np.asarray(shapely.contains_xy(reach, frame.geometry.x, frame.geometry.y))
