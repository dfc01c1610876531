"""What a service plan finds near people: entities, postings and stations, as of a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.coverage.plan._columns import (
    choices,
    mask_of,
    occupations,
    open_on,
    placed,
    whole,
)
from geo_match.matching.given.faults import Faults, raise_any
from geo_match.matching.given.frame import Given
from geo_match.records import RECORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo_match.coverage.given.people import People
    from geo_match.coverage.plan.options import PlanOptions

    Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Jobs:
    """Postings that are open, of verified employers, and seek somebody still.

    Parameters
    ----------
    where
        Their places.
    vacancies
        int64, (m,): left, at least 1.
    occupation
        Their group, objects of str, (m,); None where it is not known.
    told
        How many rows there were, and how many were left out for what.
    """

    where: People
    vacancies: NDArray[np.int64]
    occupation: NDArray[np.object_]
    told: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Stations:
    """Stations that are open.

    Parameters
    ----------
    where
        Their places.
    not_open
        How many rows were left out because they are not.
    """

    where: People
    not_open: int


def read_entities(frame: object) -> People:
    """Return entities (经营实体): a row each, `id`, a place and optional `community`.

    Raises
    ------
    FrameError, DatumError, ArgumentError
        If the frame is not as it must be.
    """
    faults = Faults("entities")
    found = placed(Given(frame, faults), faults)
    raise_any(faults)
    return found


def read_jobs(frame: object, options: PlanOptions) -> Jobs:
    """Return the postings that count on the day.

    Parameters
    ----------
    frame
        `id`, a place, optional `community`, `occupation`, `occupation_version`, `vacancies` (1
        are left where it is null or there is no such column), `filled` (0 then), `opened_on` and
        `closed_on` (null is no bound; on the day of closing it is closed), and
        `employer_licence`: if there is such a column, only "verified" counts.

    Raises
    ------
    FrameError, DatumError, ArgumentError
        If it is not as it must be.
    """
    faults = Faults("jobs")
    given = Given(frame, faults)
    where = placed(given, faults)
    sought, filled = (
        whole(given, name, faults, or_else=other)
        for name, other in (("vacancies", 1), ("filled", 0))
    )
    # Where nobody says how many are sought, an open posting seeks one, whoever was found already.
    left = np.where(sought.missing, sought.value, np.maximum(sought.value - filled.value, 0))
    occupation = occupations(given, options, faults)
    is_open = open_on(given, options.on, faults)
    licence = tuple(RECORDS["employers"].specs()["licence"].about.choices or ())
    verified = np.ones(len(given), dtype=np.bool_)
    if given.has("employer_licence"):
        verified = mask_of(
            pc.equal(choices(given, "employer_licence", licence, faults), "verified")
        )
    raise_any(faults)
    counts = is_open & verified & (left > 0)
    unknown = np.array([one is None for one in occupation.tolist()], dtype=np.bool_)
    told = {
        "jobs_given": len(given),
        "jobs_not_open": int((~is_open).sum()),
        "jobs_not_verified": int((is_open & ~verified).sum()),
        "jobs_filled": int((is_open & verified & (left == 0)).sum()),
        "jobs_unlocated": int((counts & ~where.located).sum()),
        "vacancies_unlocated": int(left[counts & ~where.located].sum()),
        "jobs_vacancies_not_stated": int((counts & sought.missing).sum()),
        "vacancies_without_occupation": int(left[counts & unknown].sum()),
    }
    return Jobs(_some(where, counts), left[counts], occupation[counts], told)


def read_stations(frame: object, options: PlanOptions) -> Stations:
    """Return the stations that are open on the day.

    Parameters
    ----------
    frame
        `id`, a place, optional `community`, `opened_on` and `closed_on`, as of jobs.

    Raises
    ------
    FrameError, DatumError, ArgumentError
        If it is not as it must be.
    """
    faults = Faults("stations")
    given = Given(frame, faults)
    where = placed(given, faults)
    is_open = open_on(given, options.on, faults)
    raise_any(faults)
    return Stations(_some(where, is_open), int((~is_open).sum()))


def _some(where: People, chosen: Mask) -> People:
    """Return those that count, without the frame's own columns."""
    mask = pa.array(chosen)
    return replace(
        where,
        ids=where.ids.filter(mask),
        lon=where.lon[chosen],
        lat=where.lat[chosen],
        weight=where.weight[chosen],
        accuracy_m=where.accuracy_m[chosen],
        community=where.community.filter(mask),
    )
