"""From frames to a plan: `service_plan`."""

from __future__ import annotations

from geo_match.coverage.given.communities import read_communities
from geo_match.coverage.plan.figures import Given
from geo_match.coverage.plan.options import PlanOptions
from geo_match.coverage.plan.plan import ServicePlan
from geo_match.coverage.plan.residents import read_residents
from geo_match.coverage.plan.seekers import read_seekers
from geo_match.coverage.plan.supply import read_entities, read_jobs, read_stations
from geo_match.errors import ArgumentError


def service_plan(
    communities: object,
    options: PlanOptions,
    *,
    people: object = None,
    households: object = None,
    entities: object = None,
    seekers: object = None,
    jobs: object = None,
    stations: object = None,
) -> ServicePlan:
    """Return the service plan of communities (notice 蚌人社发〔2022〕5号, 四（二）).

    Its figures are what the notice asks a plan to be made from: the area (行政区划面积), the
    distribution of entities (经营实体分布), the number of people of working age
    (劳动年龄段人口数量) and the demand (就业服务需求).

    Parameters
    ----------
    communities
        As `geo_match.coverage.given.communities.read_communities` takes them.
    options
        The day, the circle, and how occupations are grouped.
    people
        As `geo_match.coverage.plan.residents.read_residents` takes them: `birth_year`, optional
        `sex` and `weight`, and `id` and a place of their own or `household`.
    households
        Whose members the people are: `id`, a place (null allowed), optional `community`.
    entities
        Employers, or their sites: a row counts once, in the area that holds it.
    seekers
        As `geo_match.coverage.plan.seekers.read_seekers` takes them.
    jobs
        As `geo_match.coverage.plan.supply.read_jobs` takes them.
    stations
        As `geo_match.coverage.plan.supply.read_stations` takes them.

    Raises
    ------
    FrameError, DatumError, ArgumentError
        If a frame or the options are not as they must be, or there are households without people.

    Examples
    --------
    >>> import datetime as dt
    >>> area = "POLYGON ((117.35 32.9, 117.4 32.9, 117.4 32.95, 117.35 32.95, 117.35 32.9))"
    >>> plan = service_plan(
    ...     [{"code": "340302001001", "area": area}],
    ...     PlanOptions(on=dt.date(2025, 12, 31)),
    ...     seekers=[
    ...         {"id": "S1", "lon": 117.37, "lat": 32.93, "occupation": "401"},
    ...         {"id": "S2", "lon": 117.37, "lat": 32.94, "occupation": "402"},
    ...     ],
    ...     jobs=[{"id": "J1", "lon": 117.38, "lat": 32.92, "occupation": "4-01", "vacancies": 1}],
    ... )
    >>> row = plan.by("community").iloc[0]
    >>> round(float(row["area_km2"]), 1), row["short_1_name"], float(row["short_1_shortfall"])
    (25.9, '商业、服务业人员', 1.0)
    >>> plan.not_given["entities"], plan.not_given["seekers_veteran"]
    ('entities', 'seekers.veteran')
    """
    if not isinstance(options, PlanOptions):
        raise ArgumentError("options", "be PlanOptions", type(options).__name__)
    if households is not None and people is None:
        rule = "be given with `people`, whose homes they are"
        raise ArgumentError("households", rule, "no people", "Give their members as `people`.")
    given = Given(
        people=None if people is None else read_residents(people, households, options),
        seekers=None if seekers is None else read_seekers(seekers, options),
        entities=None if entities is None else read_entities(entities),
        jobs=None if jobs is None else read_jobs(jobs, options),
        stations=None if stations is None else read_stations(stations, options),
    )
    return ServicePlan(read_communities(communities), given, options)
