"""Seekers as a service plan counts them: what they want, and which key groups they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow.compute as pc

from geo_match.coverage.plan._columns import (
    choices,
    flag,
    has_member,
    mask_of,
    named,
    occupations,
    weighted,
)
from geo_match.matching.given import values
from geo_match.matching.given.faults import Faults, raise_any
from geo_match.matching.given.frame import Given
from geo_match.matching.given.registered import registered
from geo_match.records import RECORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo_match.coverage.given.people import People
    from geo_match.coverage.plan.options import PlanOptions

    Mask = NDArray[np.bool_]

GROUPS: Final = (
    "graduate",
    "migrant_worker",
    "veteran",
    "retired_fisherman",
    "difficulty",
    "registered_unemployed",
)
"""The key groups (重点群体) by which demand is told."""
_FLAGS: Final = GROUPS[:4]


@dataclass(frozen=True, eq=False)
class Seekers:
    """Who looks for work.

    Parameters
    ----------
    who
        Their places and weights.
    occupation
        The group of the occupation wanted, objects of str, (n,); None where it is not known.
    is_in
        For each of `GROUPS` of which the frame says something: who belongs to it, (n,).
    not_stated
        For the same groups: of whom it is not stated, (n,).
    not_registered
        How many rows were left out since they are not registered on the day.
    """

    who: People
    occupation: NDArray[np.object_]
    is_in: Mapping[str, Mask]
    not_stated: Mapping[str, Mask]
    not_registered: int = 0


def read_seekers(frame: object, options: PlanOptions) -> Seekers:
    """Return who looks for work on the day: who is registered, as far as the frame says it.

    Parameters
    ----------
    frame
        As `read_people` takes them, and optional `registered_on` and `closed_on` (null is no bound;
        from the day of closing on nobody is registered any more), `occupation`,
        `occupation_version`, `status`, `difficulty`, and for the other groups a column of true and
        false each, or lists in `groups`.

    Raises
    ------
    FrameError, DatumError, ArgumentError
        If it is not as it must be.
    """
    faults = Faults("seekers")
    frame, left_out = registered(frame, options.on, faults=faults)
    with named("seekers"):
        given = Given(frame, faults)
        who = weighted(frame, faults)
    is_in: dict[str, Mask] = {}
    not_stated: dict[str, Mask] = {}
    several = given.column("groups") if given.has("groups") else None
    lists = None if several is None else values.lists(several, "groups", faults, among=_FLAGS)
    for name in _FLAGS:
        if given.has(name):
            is_in[name], not_stated[name] = flag(given, name, faults)
        elif lists is not None:
            is_in[name], known = has_member(lists, name)
            not_stated[name] = ~known
        elif not given.needs_columns:  # an empty list: nobody belongs to any
            is_in[name] = not_stated[name] = np.zeros(len(given), dtype=np.bool_)
    words = RECORDS["seekers"].specs()
    for name, column in (("difficulty", "difficulty"), ("registered_unemployed", "status")):
        if given.has(column) or not given.needs_columns:
            text = choices(given, column, tuple(words[column].about.choices or ()), faults)
            tells = pc.not_equal(text, "none") if name == column else pc.equal(text, name)
            is_in[name], not_stated[name] = mask_of(tells), mask_of(pc.is_null(text))
    occupation = occupations(given, options, faults)
    raise_any(faults)
    return Seekers(who, occupation, is_in, not_stated, left_out)
