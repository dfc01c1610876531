"""The demonstration city as a whole: everything drawn, in order, at a scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from geo_match.demo.extract import (
    Named,
    first_of_lonely,
    lines_near,
    people_in,
    reach_of,
    thin_jobs,
    work_in,
    work_near,
)
from geo_match.demo.ground import draw_areas, draw_homes, draw_land, draw_streets
from geo_match.demo.history import draw_history
from geo_match.demo.office import draw_office
from geo_match.demo.people import draw_people
from geo_match.demo.scale import SMALL, Scale
from geo_match.demo.work import draw_work

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from geo_match.demo.ground import Land, Streets
    from geo_match.demo.history import History
    from geo_match.demo.office import Office
    from geo_match.demo.people import People
    from geo_match.demo.work import Work

SEED: Final = 20220512
"""Of the city that `data/` ships."""
NOTE: Final = (
    "示范城市：地名、社区代码、区界和普查总数为真实事实，人员、单位、岗位、地址、街道及一切记录均为虚构。"
    "Demonstration city: places' names, codes, outlines and census totals are facts; all people, "
    "employers, jobs, addresses, streets and records are invented."
)
"""What every face of it says."""
STEPS: Final = ("land", "areas", "homes", "streets", "work", "people", "history", "office")


@dataclass(frozen=True, slots=True, eq=False)
class City:
    """A drawn city, or a part of one; nobody in it exists.

    Parameters
    ----------
    seed, scale
        What it was drawn from, and how much of it is here.
    land, areas, streets
        The ground, always whole; streets only as far as the scale's districts reach.
    people
        Of the scale's districts.
    work
        Of these districts and 3 km around them, and what the histories name.
    history
        Of these people, employers and communities.
    office
        The lists that an office would send, with labelled defects: of all districts, at the
        small scale of one.
    """

    seed: int
    scale: Scale
    land: Land
    areas: gpd.GeoDataFrame
    streets: Streets
    people: People
    work: Work
    history: History
    office: Office


def draw_city(
    scale: Scale = SMALL, *, seed: int = SEED, watch: Callable[[str], None] = lambda _: None
) -> City:
    """Draw the demonstration city.

    Parameters
    ----------
    scale
        How much of it.
    seed
        At least 0: the same seed and scale give the same city.
    watch
        Told the name of each of `STEPS` before it is done.

    Raises
    ------
    ArgumentError
        If the seed is no whole number of at least 0.
    """
    watch("land")
    land = draw_land(seed)
    watch("areas")
    areas = draw_areas(land)
    watch("homes")
    homes = draw_homes(land, areas)
    watch("streets")
    streets = draw_streets(land, homes)
    watch("work")
    whole = draw_work(land, areas, homes, streets)
    watch("people")
    people = draw_people(land, areas, homes, share=scale.households)
    if scale.districts:
        people = people_in(people, set(areas["code"][areas["lies_in"].isin(scale.districts)]))
    watch("history")
    history = draw_history(people, whole, areas, homes, seed=seed)
    named = Named(history.of_persons())
    named_jobs = named.of("job_id")
    jobs, closed = whole.jobs, whole.closed_jobs
    kept = first_of_lonely(jobs, whole.sites) | jobs["id"].isin(named_jobs).to_numpy()
    work = replace(
        whole,
        jobs=thin_jobs(jobs, scale.jobs, kept=kept),
        closed_jobs=thin_jobs(closed, scale.jobs, kept=closed["id"].isin(named_jobs).to_numpy()),
    )
    if scale.districts:
        reach = reach_of(land.ground[land.ground["code"].isin(scale.districts)])
        work = work_near(work, reach, named)
        history = history.within(work, areas[areas["lies_in"].isin(scale.districts)])
        streets = replace(streets, lines=lines_near(streets.lines, reach))
    watch("office")
    office = _draw_office(people, work, areas, scale, seed=seed)
    return City(seed, scale, land, areas, streets, people, work, history, office)


def _draw_office(
    people: People, work: Work, areas: gpd.GeoDataFrame, scale: Scale, *, seed: int
) -> Office:
    if scale.office is None:
        return draw_office(people, work, areas, seed=seed)
    codes = set(areas["code"][areas["lies_in"] == scale.office])
    return draw_office(people_in(people, codes), work_in(work, codes), areas, seed=seed)
