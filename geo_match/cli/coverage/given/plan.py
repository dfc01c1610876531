"""The service plan beside an answer of `coverage`: made of whatever records there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.cli.coverage.given.frames import communities_frame, members_of, plan_fields
from geo_match.coverage.plan.service_plan import service_plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from geo_match.coverage.plan.options import PlanOptions
    from geo_match.coverage.plan.plan import ServicePlan

KINDS: Final = ("households", "seekers", "sites", "jobs", "stations")
"""Kinds of records that a plan is made of; sites are its entities."""


def plan_of(
    records: Mapping[str, pa.Table], communities: pa.Table, options: PlanOptions
) -> tuple[ServicePlan, int]:
    """Return the service plan of communities, and of how many households nobody is counted.

    Parameters
    ----------
    records
        By their kind, of `KINDS`; what is not there is not given. Jobs as
        `geo_match.cli.coverage.given.frames.Jobs` has them, the others as records.
    communities
        Records of communities.
    options
        The day, the circle and the table of occupations.

    Returns
    -------
    plan
        Of whatever is given.
    unknown
        How many households state neither members nor how many they have.

    Raises
    ------
    GeoMatchError
        If a record breaks a rule.
    """
    given: dict[str, pa.Table] = {
        name: records[kind].select(list(plan_fields(kind)))
        for kind, name in (("seekers", "seekers"), ("sites", "entities"), ("stations", "stations"))
        if kind in records
    }
    unknown = 0
    if "jobs" in records:
        given["jobs"] = records["jobs"]
    if "households" in records:
        homes = records["households"]
        given["people"], unknown = members_of(homes)
        given["households"] = homes.select(["id", "lon", "lat", "community"])
    return service_plan(communities_frame(communities), options, **given), unknown
