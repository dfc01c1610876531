"""Records of services to jobseekers: when, of what kind, at which station, by whom, to what end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.demo._random import marks
from geo_match.demo._runs import number_in_order
from geo_match.demo.history._days import day_of, to_dates, to_days
from geo_match.demo.history._open_jobs import OpenJobs
from geo_match.demo.history._open_stations import nearest_open
from geo_match.demo.history._whereabouts import (
    Places,
    household_rows,
    member_rows,
    operators_of,
)
from geo_match.demo.history.contacts import (
    HIRED,
    INTRODUCTION,
    KINDS,
    RECOMMENDATION,
    RESULTS,
    Contacts,
    draw_chain,
    plan_next,
)
from geo_match.demo.history.introductions import (
    AFTER,
    ANOTHERS,
    MISSING,
    SHOWN,
    UNNAMED,
    draw_introductions,
    draw_proof,
)
from geo_match.demo.vocabulary import START

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.demo.history.lives import Lives
    from geo_match.demo.people import People
    from geo_match.demo.work import Work

_STATION_UNKNOWN: Final = 0.05
_OPERATOR_UNKNOWN: Final = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class _Persons:
    """Whom rows of a frame are about, each array of shape (n,)."""

    household: NDArray[np.int64]
    key: NDArray[np.uint64]

    @classmethod
    def of(cls, people: People, person: pd.Series) -> _Persons:
        household = household_rows(people, person)
        return cls(household, people.member_key()[member_rows(people, person, household)])


def draw_services(people: People, lives: Lives, work: Work, *, seed: int) -> pd.DataFrame:
    """Draw the services that the ledger's persons got, by person and day.

    Parameters
    ----------
    people
        The city's people, or a share of them.
    lives
        What `draw_lives` drew for them.
    work
        The whole city's.
    seed
        At least 0.

    Returns
    -------
    pandas.DataFrame
        `id` ("SV-", the person's without S, "-", a number by day), `person`, `on`, `kind` (of
        `KINDS`), `station_id` (nearest to where the person lived, of those open that day; one in
        twenty unknown), `operator_id` (null in a district without one, and where it was not
        noted), `result` (of `RESULTS`, or null), `job_id` (of introductions and recommendations:
        a posting then open) and `next_contact_on`. A share of the city's rows are the city's.
    """
    contacts = _draw_contacts(people, lives, seed)
    both = contacts.drawn
    places = Places.of(people, lives.moves)
    place = places.find(contacts.household, both.on)
    district = places.district[place]
    served = operators_of(district, work.operators)
    own = np.where(pd.isna(contacts.claim), served, contacts.claim)
    station = nearest_open(work.stations, places.lon[place], places.lat[place], both.on)
    station[marks(both.key, seed, "station") < _STATION_UNKNOWN] = -1
    planned, agreed = plan_next(both, seed)
    frame = pd.DataFrame(
        {
            "on": to_dates(both.on),
            "kind": pd.Categorical.from_codes(both.kind, pd.Index(KINDS)),
            "station_id": pd.Categorical.from_codes(station, pd.Index(work.stations["id"])),
            "operator_id": _operators(own, contacts.state, both.key, work.operators, seed),
            "result": pd.Categorical.from_codes(both.result, pd.Index(RESULTS)),
            "job_id": pd.array(_jobs(both, contacts.wanted, district, work, seed), dtype="str"),
            "next_contact_on": to_dates(planned, agreed),
        }
    )
    return _put_in_order(frame, contacts)


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """All contacts, and what is known of each, each array of shape (c,).

    Parameters
    ----------
    drawn
        The contacts, in no order of persons.
    person
        Id of the person.
    key
        The person's number.
    household
        Row of the person's household.
    state
        What the person's records say of the claim that the contact could prove.
    claim
        The operator that claims the hire it led to, None for none.
    wanted
        The posting of that hire, missing for none.
    """

    drawn: Contacts
    person: pd.Series
    key: NDArray[np.uint64]
    household: NDArray[np.int64]
    state: NDArray[np.int64]
    claim: NDArray[np.object_]
    wanted: pd.Series


def _draw_contacts(people: People, lives: Lives, seed: int) -> _Drawn:
    """Draw the contacts while persons looked, and those that led to their hires."""
    since = day_of(START)
    looking, hires = lives.registrations, lives.employments
    seekers, hired = _Persons.of(people, looking["person"]), _Persons.of(people, hires["person"])
    proof = draw_proof(hired.key, seed)
    chain = draw_chain(looking, seekers.key, since=since, seed=seed)
    state = _proof_then(hires, hired.key, proof, seekers.key[chain.row], chain.on)
    # No contact may make up for a record that comes too late or is missing.
    lasts = ~np.isin(state, (AFTER, MISSING))
    chain, state = chain.keep(lasts), state[lasts]
    introductions = draw_introductions(hires, hired.key, proof, since=since, seed=seed)
    row, of = chain.row, introductions.row
    claim = hires["claimed_by"].to_numpy(dtype=object)[of]
    none = pd.Series(None, index=range(len(row)), dtype="str")
    return _Drawn(
        drawn=_join(chain, introductions),
        person=pd.concat([looking["person"].iloc[row], hires["person"].iloc[of]]),
        key=np.concatenate([seekers.key[row], hired.key[of]]),
        household=np.concatenate([seekers.household[row], hired.household[of]]),
        state=np.concatenate([state, np.where(pd.isna(claim), SHOWN, proof[of])]),
        claim=np.concatenate([np.full(len(row), None, dtype=object), claim]),
        wanted=pd.concat([none, hires["job_id"].iloc[of]]),
    )


def _put_in_order(frame: pd.DataFrame, contacts: _Drawn) -> pd.DataFrame:
    """Return the table by person and day, with the columns `id` and `person` before the others."""
    order = np.lexsort((contacts.drawn.key, contacts.drawn.on, contacts.key))
    person = contacts.person.iloc[order].reset_index(drop=True)
    number = pd.Series(number_in_order(contacts.key[order]) + 1).astype("str")
    frame = frame.iloc[order].reset_index(drop=True)
    frame.insert(0, "person", person)
    frame.insert(0, "id", "SV-" + person.str.slice(1) + "-" + number)
    return frame


def _join(first: Contacts, second: Contacts) -> Contacts:
    return Contacts(
        *(
            np.concatenate([getattr(first, name), getattr(second, name)])
            for name in ("row", "key", "on", "kind", "result")
        )
    )


def _proof_then(
    employments: pd.DataFrame,
    key: NDArray[np.uint64],
    proof: NDArray[np.int64],
    person: NDArray[np.uint64],
    on: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return for each contact, (c,), what the person's records say of a claim still to come.

    Up to the last claimed hire nothing else may make up for the record that is missing there.
    """
    claimed = employments["claimed_by"].notna().to_numpy() & (proof != SHOWN)
    who, at = np.unique(key[claimed], return_inverse=True)
    until = np.zeros(len(who) + 1, dtype=np.int64)
    np.maximum.at(until, at, to_days(employments["hired_on"])[claimed])
    state = np.full(len(who) + 1, SHOWN, dtype=np.int64)
    state[at] = proof[claimed]
    found = np.searchsorted(who, person)
    same = np.append(who, 0)[found] == person
    return np.where(same & (on <= until[found]), state[found], SHOWN)


def _operators(
    own: NDArray[np.object_],
    state: NDArray[np.int64],
    key: NDArray[np.uint64],
    operators: pd.DataFrame,
    seed: int,
) -> pd.Categorical[str]:
    """Return whose service each was: where the proof is another's the next operator's."""
    names = operators.loc[operators["role"] == "operator", "id"]
    code = pd.Index(names).get_indexer(pd.Index(own, dtype=object))
    other = np.where(code < 0, -1, (code + 1) % len(names))
    code = np.where(state == ANOTHERS, other, code)
    code[(state == UNNAMED) | (marks(key, seed, "operator") < _OPERATOR_UNKNOWN)] = -1
    return pd.Categorical.from_codes(code, pd.Index(names))


def _jobs(
    contacts: Contacts,
    wanted: pd.Series,
    district: NDArray[np.object_],
    work: Work,
    seed: int,
) -> NDArray[np.object_]:
    """Return the posting of each introduction or recommendation: the hire's, else one open then."""
    names_one = np.isin(contacts.kind, (INTRODUCTION, RECOMMENDATION))
    jobs = OpenJobs(work)
    found = np.full(len(names_one), None, dtype=object)
    at = np.flatnonzero(names_one & (contacts.result != HIRED))
    found[at] = jobs.choose(district[at], contacts.on[at], contacts.key[at], seed)
    at = np.flatnonzero(names_one & wanted.notna().to_numpy())
    at = at[jobs.were_open(wanted.iloc[at], contacts.on[at])]
    found[at] = wanted.iloc[at]
    return found
