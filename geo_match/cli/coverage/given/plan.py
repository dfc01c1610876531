"""The service plan beside an answer of `coverage`: made of whatever records there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.cli.coverage.given.frames import members_of, plan_fields
from geo_match.coverage.given.from_store import communities_frame
from geo_match.coverage.plan.service_plan import service_plan
from geo_match.records.holding import fields_of_days

if TYPE_CHECKING:
    from geo_match.cli.coverage.asking.asked import Asked
    from geo_match.cli.coverage.given.given import Given
    from geo_match.coverage.plan.options import PlanOptions
    from geo_match.coverage.plan.plan import ServicePlan

KINDS: Final = ("households", "seekers", "sites", "jobs", "stations")
"""Kinds of records that a plan is made of; sites are its entities."""
_MEMBERS: Final = "members"


class Joined(NamedTuple):
    """Households with the members that a list of these has.

    Parameters
    ----------
    households
        All of them, in their order.
    unknown
        How many households of the list of members are none of these.
    """

    households: pa.Table
    unknown: int


def plan_of(given: Given, asked: Asked, options: PlanOptions) -> tuple[ServicePlan, int]:
    """Return the service plan of communities, and of how many households nobody is counted.

    Parameters
    ----------
    given
        Records by their kind, of `KINDS`; what is not there is not given.
    asked
        Whether seekers count who are not registered on the day, in the plan as in its coverage.
    options
        The day, the circle and the table of occupations.

    Returns
    -------
    plan
        Of whatever is given; people are not where no household states any.
    unknown
        How many households state neither members nor how many they have.

    Raises
    ------
    GeoMatchError
        If a record breaks a rule.
    """
    records = given.records
    frames: dict[str, pa.Table] = {
        name: records[kind].select(list(plan_fields(kind)))
        for kind, name in (("seekers", "seekers"), ("sites", "entities"), ("stations", "stations"))
        if kind in records
    }
    if asked.former_too:
        # Who has no such days is registered on each.
        days = fields_of_days("seekers")
        seekers = frames["seekers"]
        frames["seekers"] = seekers.select([n for n in seekers.column_names if n not in days])
    unknown = 0
    if "jobs" in records:
        frames["jobs"] = records["jobs"]
    if "households" in records:
        homes = records["households"]
        people, unknown = members_of(homes)
        # Where no household says who lives there, nobody is known of: these are not 0 people.
        if len(people) or not len(homes):
            frames["people"] = people
            frames["households"] = homes.select(["id", "lon", "lat", "community"])
    return service_plan(communities_frame(given.communities), options, **frames), unknown


def with_members(households: pa.Table, of_members: pa.Table) -> Joined:
    """Return households with the members that another list of them has.

    Parameters
    ----------
    households
        Records of households.
    of_members
        The same of a list with a row a member; who is in none of these keeps what it has.
    """
    ids, theirs = households.column("id"), of_members.column("id")
    at = pc.index_in(ids, value_set=theirs.combine_chunks()).combine_chunks()
    is_there = np.asarray(pc.is_valid(at).to_numpy(zero_copy_only=False), dtype=np.bool_)
    own, other = (one.column(_MEMBERS).combine_chunks() for one in (households, of_members))
    n = len(households)
    place = np.where(is_there, n + pc.fill_null(at, 0).to_numpy(zero_copy_only=False), np.arange(n))
    members = pa.concat_arrays([own, other.cast(own.type)]).take(pa.array(place))
    column = households.column_names.index(_MEMBERS)
    joined = households.set_column(column, households.schema.field(column), members)
    is_known = pc.is_in(theirs, value_set=ids.combine_chunks())
    return Joined(joined, int(pc.sum(pc.invert(is_known)).as_py() or 0))
