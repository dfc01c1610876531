"""People as a service plan counts them: where they live, and who is of working age."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.coverage.given.people import People, read_texts
from geo_match.coverage.plan._columns import choices, named, weighted
from geo_match.matching.given import values
from geo_match.matching.given.faults import Faults, raise_any
from geo_match.matching.given.frame import Given
from geo_match.rules import PASS, UNKNOWN, working_age

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.plan.options import PlanOptions

    Mask = NDArray[np.bool_]

_FIRST_YEAR, _LAST_YEAR = 1900, 2100


@dataclass(frozen=True, eq=False)
class Residents:
    """People, and who of them is of working age.

    Parameters
    ----------
    who
        Their places and weights; with households those of the household.
    age
        Outcomes of the rule of working age, int8, (n,).
    is_stated
        Whose year of birth is stated, (n,).
    """

    who: People
    age: NDArray[np.int8]
    is_stated: Mask

    @property
    def of_working_age(self) -> Mask:
        """Who is, for every birthday of the year and every category, (n,)."""
        return np.equal(self.age, PASS)

    @property
    def age_unknown(self) -> Mask:
        """Of whom the year of birth and the sex do not tell, (n,)."""
        return np.equal(self.age, UNKNOWN)


def read_residents(people: object, households: object, options: PlanOptions) -> Residents:
    """Return people, with the places of their households if these are given.

    Parameters
    ----------
    people
        With `birth_year`, null where not known, optional `sex` and `weight`. Without households
        as `read_people` takes them; with them `household` says whose members they are, and they
        need neither `id` nor place.
    households
        As `read_people` takes them, whose weights do not count; or None.

    Raises
    ------
    FrameError, DatumError, ArgumentError
        If a frame is not as it must be, or somebody's household is none of those given.
    """
    faults = Faults("people")
    given = Given(people, faults)
    born = np.full(len(given), np.nan)
    if given.has("birth_year"):
        column = given.column("birth_year")
        if column is not None:
            limits = {"least": _FIRST_YEAR, "most": _LAST_YEAR}
            born = values.numbers(column, "birth_year", faults, whole=True, **limits)
    elif given.needs_columns:
        remedy = "Without it nobody is known to be of working age: give a column of nulls."
        faults.column("birth_year", "be there", "no such column", remedy)
    sex = choices(given, "sex", ("male", "female"), faults)
    who = weighted(people, faults) if households is None else _members(given, households, faults)
    raise_any(faults)
    age = working_age(born, sex.to_numpy(zero_copy_only=False), options.on)
    return Residents(who, age, ~np.isnan(born))


def _members(given: Given, households: object, faults: Faults) -> People:
    """Return people at the places of their households."""
    of_homes = Faults("households")
    with named("households"):
        homes = weighted(households, of_homes)
    raise_any(of_homes)
    n_faults = len(faults.found)
    whose = read_texts(given, "household", faults)
    at = pc.index_in(whose, value_set=homes.ids, skip_nulls=True)
    if len(faults.found) > n_faults:  # no texts: nothing more is to be said of them
        raise_any(faults)
    if given.has("household"):
        lost = np.asarray(pc.is_null(at), dtype=np.bool_)
        rule, remedy = "name one of the households", "Give the household, or leave the row out."
        faults.rows("household", rule, lost, lambda row: whose[row].as_py(), remedy)
    elif given.needs_columns:
        faults.column("household", "be there", "no such column", "Name each one's household.")
    weight = given.column("weight") if given.has("weight") else None
    raise_any(faults)
    place = pc.fill_null(at, 0).to_numpy(zero_copy_only=False)
    columns: dict[str, Any] = {
        "id": [str(row) for row in range(len(given))],
        "lon": homes.lon[place],
        "lat": homes.lat[place],
        "community": homes.community.take(pa.array(place)),
    }
    if weight is not None:
        columns["weight"] = weight
    # Without rows there is nothing to read a type from.
    return weighted(pa.table(columns) if len(given) else [], faults)
