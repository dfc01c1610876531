"""All invented work of the demonstration city; none of it exists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo_match.demo.work.employers import draw_employers
from geo_match.demo.work.jobs import draw_jobs
from geo_match.demo.work.places import Places
from geo_match.demo.work.stations import draw_operators, draw_stations

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from geo_match.demo.ground import Homes, Land, Streets


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """Who employs where, for what; nothing of it exists.

    Dates are days without a zone; unknown is null, never a value. Geometry is WGS-84.

    Parameters
    ----------
    operators
        `id`, `name`, `role` (operator 运营机构 or supervisor 监理机构), `districts` (codes that
        it serves, by semicolons).
    employers
        `id`, `name`, `credit_code` (GB 32100, well formed and nobody's), `trade`, `industry` (of
        GB/T 4754-2017), `kind`, `licence` (verified, unverified or expired),
        `licence_verified_on`, `entered_on`.
    sites
        By community: `id`, `employer_id`, `employer`, `name`, `address`, `community` (12 digits),
        `kind` (of place), `verified` (whether an operator has seen it there),
        `location_accuracy_m`, `geometry`.
    jobs
        Open on the reference date: `id`, `title`, `site_id`, `site_name`, `employer_id`,
        `employer`, `employer_licence`, `community`, `occupation` (three digits of GB/T
        6565-2009), `job_type`, `education_min` (null for no demand), `wage_low_cny`,
        `wage_high_cny`, `wage_unit` (month, day or hour), `hours_per_week`, `shift`, `age_min`,
        `age_max` (null for no demand), `certificate` (null for none), `vacancies` (people sought
        in all), `filled` (people found), `opened_on`, `closed_on`, `close_reason`,
        `updated_on`, `geometry` (the site's).
    closed_jobs
        The same columns, of those closed before.
    stations
        `id`, `name`, `kind`, `community`, `opened_on`, `closed_on`, `staff`,
        `capacity_per_month` (people), `operator_id`, `geometry`.
    """

    operators: pd.DataFrame
    employers: pd.DataFrame
    sites: gpd.GeoDataFrame
    jobs: gpd.GeoDataFrame
    closed_jobs: gpd.GeoDataFrame
    stations: gpd.GeoDataFrame


def draw_work(
    land: Land,
    areas: gpd.GeoDataFrame,
    homes: Homes,
    streets: Streets,
    *,
    seed: int | None = None,
) -> Work:
    """Draw the work of the whole city; it is the same whatever share of its people is drawn.

    Parameters
    ----------
    land, areas, homes, streets
        What was drawn before.
    seed
        At least 0; the land's if None.

    Raises
    ------
    ArgumentError
        If the seed is out of range.
    """
    seed = land.seed if seed is None else seed
    employment = draw_employers(areas, Places(land, areas, homes, streets, seed=seed), seed=seed)
    jobs, closed = draw_jobs(employment, seed=seed)
    stations = draw_stations(areas, homes, seed=seed)
    return Work(draw_operators(), employment.employers, employment.sites, jobs, closed, stations)
