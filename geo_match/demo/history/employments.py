"""The table of employments: hires with their place of work and what is recorded of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo_match.demo._random import marks
from geo_match.demo.history._columns import NOTHING, UNKNOWN, numbers
from geo_match.demo.history._days import age_on, midnights
from geo_match.demo.history._whereabouts import districts_of, operators_of
from geo_match.demo.history.hires import FORMS, ORIGINS, TYPE_OF, draw_records
from geo_match.demo.history.workplaces import Hired, Workplaces
from geo_match.demo.people.columns import texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.demo.history.hires import Hires, Records
    from geo_match.demo.history.ledger import Ledger
    from geo_match.demo.history.spells import Spells
    from geo_match.demo.work import Work

_RECORD_DIGITS: Final = 15


def draw_employments(
    ledger: Ledger,
    spells: Spells,
    hires: Hires,
    work: Work,
    *,
    spell_id: NDArray[np.object_],
    person_id: NDArray[np.object_],
    seed: int,
) -> pd.DataFrame:
    """Draw the table `employments`: the hires, where each was, and what is recorded of it.

    Parameters
    ----------
    ledger, spells, hires
        The persons, their spells, and those of work that began since 2022.
    work
        The work of the whole city.
    spell_id
        Id of each hire's spell, shape (e,).
    person_id
        Id of each person of the ledger, shape (p,).
    seed
        At least 0.
    """
    person = spells.person[hires.spell]
    who = ledger.take(person)
    workplaces = Workplaces(work)
    site, job = workplaces.choose(_describe(hires, who), seed=seed)
    sites = work.sites
    records = draw_records(
        hires,
        operators_of(who.district, work.operators),
        _pick(operators_of(districts_of(sites["community"]), work.operators), site),
        seed=seed,
    )
    return pd.DataFrame(
        {
            "id": pd.array([f"EM{name[2:]}" for name in spell_id], dtype="str"),
            "spell": pd.array(spell_id, dtype="str"),
            "person": pd.array(person_id[person], dtype="str"),
            "employer_id": pd.array(_pick(sites["employer_id"], site), dtype="str"),
            "site_id": pd.array(_pick(sites["id"], site), dtype="str"),
            "job_id": pd.array(_pick(workplaces.id, job), dtype="str"),
            **_list_terms(hires, records),
            **_list_records(hires, records, seed),
        }
    )


def _describe(hires: Hires, who: Ledger) -> Hired:
    """Return what decides where each is hired, given the persons, in the hires' order."""
    return Hired(
        key=hires.key,
        type_=TYPE_OF[hires.form],
        on=hires.hired_on,
        lon=who.lon,
        lat=who.lat,
        age=age_on(who.birth_year, hires.hired_on),
        education=who.education,
    )


def _list_terms(hires: Hires, records: Records) -> dict[str, Any]:
    """Return the columns of what was agreed, and for how long it lasted."""
    return {
        "form": texts(hires.form, FORMS),
        "hired_on": midnights(hires.hired_on),
        "left_on": midnights(hires.left_on),
        "departure_registered_on": midnights(records.departure_registered_on),
        "contract_from": midnights(hires.contract_from),
        "contract_to": midnights(hires.contract_to),
        "contract_known": hires.contract_known,
    }


def _list_records(hires: Hires, records: Records, seed: int) -> dict[str, Any]:
    """Return the columns of what is recorded beside the work itself."""
    on_platform = records.origin == ORIGINS.index("platform_export")
    record = np.where(on_platform, _record_ids(hires.key, seed), NOTHING)
    return {
        "hours_per_week": numbers(records.hours, records.hours != UNKNOWN, np.int16),
        "claimed_by": pd.array(records.claimed_by, dtype="str"),
        "registered_on": midnights(records.registered_on),
        "filed_on": midnights(records.filed_on),
        "platform_record": pd.array(record, dtype="str"),
        "record_origin": texts(records.origin, ORIGINS),
    }


def _record_ids(key: NDArray[np.uint64], seed: int) -> NDArray[np.object_]:
    """Return an id on the provincial platform for each hire; it tells nothing of the person."""
    # So many digits that two of 400,000 are the same once in ten thousand cities.
    number = marks(key, seed, "history", "hire", "record") * 10**_RECORD_DIGITS
    names = [f"PR{value:0{_RECORD_DIGITS}d}" for value in number.astype(np.int64).tolist()]
    return np.array(names, dtype=object)


def _pick(values: Any, rows: NDArray[np.int64]) -> NDArray[np.object_]:  # noqa: ANN401 - a column or an array
    """Return the values in some rows, None for row −1."""
    return np.append(np.asarray(values, dtype=object), [None])[rows]
