"""The lives of the ledger's persons since 2022: looking for work, finding it, losing it, moving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo_match.demo.history._columns import join, numerals
from geo_match.demo.history.employments import draw_employments
from geo_match.demo.history.former import frame_former_seekers
from geo_match.demo.history.hires import SELF_EMPLOYED, draw_forms, draw_hires
from geo_match.demo.history.incomes import draw_incomes
from geo_match.demo.history.insurance import draw_insurance
from geo_match.demo.history.ledger import draw_ledger
from geo_match.demo.history.moves import draw_moves
from geo_match.demo.history.registrations import draw_registrations, frame_registrations
from geo_match.demo.history.spells import draw_spells, frame_spells, spell_ids

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from geo_match.demo.ground.homes import Homes
    from geo_match.demo.history.ledger import Ledger
    from geo_match.demo.people import People
    from geo_match.demo.work import Work


@dataclass(frozen=True, slots=True, eq=False)
class Lives:
    """What happened to the persons of the ledger from 2022 to 2025; none of them exists.

    They are all who look for a job on the reference date and all who did since 2022. Dates are
    days without a zone; unknown is null, never a value.

    Parameters
    ----------
    former_seekers
        Who looked since 2022 and no longer does: the columns of `People.seekers`, `status` being
        that of the reference date and `difficulty` what was known while they looked; `closed_on`
        and `close_reason`, as their last registration has them.
    registrations
        Episodes of looking, by person and day: `person`, `registered_on`, `closed_on` (null while
        they look), `close_reason`. Each lies in one spell and closes on the day on which the next
        begins; of registered unemployment since 2022 it is the whole.
    spells
        By person and day: `id` ("SP-", the person's without S, "-", its number from 1), `person`,
        `status`, `start`, `end` (its last day; null for the present one), `source`, `verified_by`
        and `verified_on`. Without gaps since 2022 or the sixteenth birthday, 1 July.
    employments
        A row for each spell of work that began since 2022: `id` ("EM-", as the spell's), `spell`,
        `person`, `employer_id`, `site_id` (null on one's own account), `job_id` (null if it came
        without a posting), `form`, `hired_on`, `left_on`, `departure_registered_on`,
        `contract_from`, `contract_to` (of the first contract, inclusive; null with
        `contract_known` if open-ended, and both if there is none, on one's own account),
        `contract_known`, `hours_per_week`, `claimed_by`, `registered_on`, `filed_on`,
        `platform_record`, `record_origin`.
    insurance
        Runs of months paid: `employment`, `kind`, `first_month`, `last_month`, `verified`.
    incomes
        Of flexible work: `employment`, `month`, `income_cny`, `source`.
    moves
        Households that lived elsewhere before: `household`, `moved_on` (the first day in the
        present home), `from_community`, `from_lon`, `from_lat`.
    """

    former_seekers: gpd.GeoDataFrame
    registrations: pd.DataFrame
    spells: pd.DataFrame
    employments: pd.DataFrame
    insurance: pd.DataFrame
    incomes: pd.DataFrame
    moves: pd.DataFrame


def draw_lives(
    people: People, work: Work, homes: Homes, areas: gpd.GeoDataFrame, *, seed: int
) -> Lives:
    """Draw the lives of the ledger's persons.

    In a share of the city they are what they are in the whole, but for the postings by which
    people were hired: the more people, the more come too late for those.

    Parameters
    ----------
    people
        Everybody in the city, or in a share of it.
    work
        The work of the whole city.
    homes, areas
        What `draw_homes` and `draw_areas` drew.
    seed
        At least 0.

    Raises
    ------
    ArgumentError
        If the seed is out of range.
    """
    ledger = draw_ledger(people, seed=seed)
    spells = draw_spells(ledger, seed=seed)
    form = draw_forms(ledger, spells, seed=seed)
    registrations = draw_registrations(ledger, spells, form == SELF_EMPLOYED, seed=seed)
    hires = draw_hires(spells, form, seed=seed)
    id_ = _person_ids(people, ledger)
    spell_id = spell_ids(spells, id_)
    employments = draw_employments(
        ledger,
        spells,
        hires,
        work,
        spell_id=spell_id[hires.spell],
        person_id=id_,
        seed=seed,
    )
    employment = employments["id"].to_numpy(dtype=object)
    district = ledger.district[spells.person[hires.spell]]
    return Lives(
        former_seekers=frame_former_seekers(people, ledger, spells, registrations, id_, seed=seed),
        registrations=frame_registrations(registrations, id_),
        spells=frame_spells(spells, spell_id, id_, seed=seed),
        employments=employments,
        insurance=draw_insurance(hires, employment, seed=seed),
        incomes=draw_incomes(hires, employment, district, seed=seed),
        moves=draw_moves(people, ledger, homes, areas, seed=seed),
    )


def _person_ids(people: People, ledger: Ledger) -> NDArray[np.object_]:
    """Return the id of each person of the ledger, as seekers have theirs, shape (p,)."""
    members = people.members.iloc[ledger.member]
    household = people.households["id"].array[members["household"].to_numpy()]
    rest = np.array([name[1:] for name in household], dtype=object)
    return join("S", rest, "-", numerals(members["number"].to_numpy()))
