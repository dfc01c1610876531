"""Cases of zero-employment households (零就业家庭), from suspicion to clearing.

Every household that is one on the reference date has an open case. Past cases were cleared by the
hire of a member into a household where nobody worked, or closed otherwise; a few suspicions were
found wrong. Traineeships clear no case: the few that some office counted so stand here as it
wrote them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.demo._random import marks
from geo_match.demo.history._days import NEVER, REFERENCE_DAY, to_dates
from geo_match.demo.history._idle_households import IdleHouseholds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.demo.history.lives import Lives
    from geo_match.demo.people import People

_APPLIED: Final = 0.80
_VERIFIED: Final = 0.65
_HELPED: Final = 0.75
"""Of open cases: the first two of all, the last of those that are verified."""
_WAIT_POWER: Final = 0.6
"""Power of a uniform mark: most are suspected late in the time for which nobody has worked, …"""
_LENGTH_POWER: Final = 0.7
"""… and most of the cases cleared were long."""
_TO_VERIFIED: Final = (0.1, 0.7)
"""Of a cleared case, how much of its time was left at verification, from and to."""
_APPLIED_LATEST: Final = 0.7
"""Of the time before verification, how much was left at most at the application."""
_LONGEST: Final = 540
"""Days between suspicion and today, or between suspicion and clearing, at most."""
_RECORDED: Final = 0.85
"""Of the hires that ended a household's zero employment, how many had a case."""
_TRAINEES_RECORDED: Final = 0.5
_QUICK: Final = 0.6
"""Of the cases cleared, how many were verified within a month before."""
_QUICK_DAYS: Final = 30
_NOT_VERIFIED: Final = 0.08
_WRONG: Final = 0.002
"""Of urban households that had no other case."""
_WRONG_WITHIN: Final = 1_200

_OTHERWISE: Final = {
    "retired": "member_retired",
    "incapable": "member_incapable",
    "studying": "member_studies",
    "moved_away": "moved_away",
    "refused": "withdrew",
}
"""Why a case ends without a hire, by why its member's registration does."""
_MONTH_DAYS: Final = 30.0
_APPLY_DAYS: Final = 45.0
_VERIFY_DAYS: Final = 25.0


_REASONS: Final = ("cleared", *_OTHERWISE.values(), "not_confirmed")
_TEXTS: Final = ("person", "reason")
_DATES: Final = ("suspected", "applied", "verified", "helped", "cleared", "closed")


def draw_household_cases(people: People, lives: Lives, *, seed: int) -> pd.DataFrame:
    """Draw the cases of zero-employment households, by household and day of suspicion.

    Parameters
    ----------
    people
        The city's people, or a share of them.
    lives
        What `draw_lives` drew for them.
    seed
        At least 0.

    Returns
    -------
    pandas.DataFrame
        `household`, `suspected_on`, `applied_on`, `verified_on`, `helped_on`, `cleared_on` (the
        hire's day), `closed_on` (null while open), `cleared_by` (the person hired),
        `closed_reason` ("cleared", "member_retired", "member_incapable", "member_studies",
        "moved_away", "withdrew" or "not_confirmed") and `recurrence` (how many the household had
        before). What did not happen is null; dates follow each other in this order.
    """
    idle = IdleHouseholds(people, lives)
    cases = [_draw_open(people, idle, seed), _draw_cleared(people, idle, seed)]
    taken = np.concatenate([some["household"] for some in cases])
    cases.append(_draw_closed_otherwise(people, idle, taken, seed))
    taken = np.concatenate([taken, cases[-1]["household"]])
    cases.append(_draw_wrong(people, idle, taken, seed))
    drawn = pd.concat(cases, ignore_index=True).reindex(columns=["household", *_DATES, *_TEXTS])
    drawn = drawn.sort_values(["household", "suspected"], kind="stable", ignore_index=True)
    days = {name: drawn[name].fillna(NEVER).to_numpy(np.int64) for name in _DATES}
    return pd.DataFrame(
        {
            "household": people.households["id"].array[drawn["household"]],
            **{f"{name}_on": to_dates(day, day < NEVER) for name, day in days.items()},
            "cleared_by": drawn["person"].astype("str"),
            "closed_reason": pd.Categorical(drawn["reason"], categories=list(_REASONS)),
            "recurrence": drawn.groupby("household").cumcount().astype(np.int8),
        }
    )


def _whole(values: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.floor(values).astype(np.int64)


def _draw_open(people: People, households: IdleHouseholds, seed: int) -> pd.DataFrame:
    """Draw the case of each household of zero employment on the reference date."""
    household = np.flatnonzero(people.households["zero_employment"].to_numpy())
    key = people.key[household]
    idle = np.maximum(households.working_until()[household] + 1, REFERENCE_DAY - _LONGEST)
    # The day they fell idle may be today's: then so is the suspicion.
    idle = np.minimum(idle, REFERENCE_DAY)
    wait = marks(key, seed, "case", "wait") ** _WAIT_POWER
    suspected = idle + _whole(wait * (REFERENCE_DAY - idle))
    stage = marks(key, seed, "case", "stage")
    applied = _step(suspected, _APPLY_DAYS, key, seed, "applied")
    verified = _step(applied, _VERIFY_DAYS, key, seed, "verified")
    helped = _step(verified, _MONTH_DAYS, key, seed, "helped")
    return pd.DataFrame(
        {
            "household": household,
            "suspected": suspected,
            "applied": np.where(stage < _APPLIED, applied, NEVER),
            "verified": np.where(stage < _VERIFIED, verified, NEVER),
            "helped": np.where(stage < _VERIFIED * _HELPED, helped, NEVER),
        }
    )


def _step(
    after: NDArray[np.int64], days: float, key: NDArray[np.uint64], seed: int, name: str
) -> NDArray[np.int64]:
    """Return a day some days after another, none after the reference date."""
    later = after + 1 + _whole(days * marks(key, seed, "case", name))
    return np.asarray(np.minimum(later, REFERENCE_DAY))


def _draw_cleared(people: People, households: IdleHouseholds, seed: int) -> pd.DataFrame:
    """Draw the cases that a hire ended, within a month of verification or later."""
    hires = households.list_hires()
    key = people.key[hires.household] * np.uint64(2**16) + hires.on.astype(np.uint64)
    rate = np.where(hires.traineeship, _TRAINEES_RECORDED, _RECORDED)
    had = marks(key, seed, "case", "had") < rate
    household, on, key = hires.household[had], hires.on[had], key[had]
    room = np.minimum(on - hires.since[had], _LONGEST)
    length = 1.0 + (room - 1.0) * marks(key, seed, "case", "length") ** _LENGTH_POWER
    quick = marks(key, seed, "case", "quick") < _QUICK
    # Back from the hire: help, verification, application, suspicion.
    low, high = _TO_VERIFIED
    to_verified = length * (low + (high - low) * marks(key, seed, "case", "verified"))
    to_verified = np.where(quick, np.minimum(to_verified, _QUICK_DAYS), to_verified)
    to_helped = to_verified * marks(key, seed, "case", "helped")
    rest = length - to_verified
    to_applied = to_verified + rest * _APPLIED_LATEST * marks(key, seed, "case", "applied")
    unverified = marks(key, seed, "case", "unverified") < _NOT_VERIFIED
    return pd.DataFrame(
        {
            "household": household,
            "suspected": on - _whole(length),
            "applied": on - _whole(to_applied),
            "verified": np.where(unverified, NEVER, on - _whole(to_verified)),
            "helped": np.where(unverified, NEVER, on - _whole(to_helped)),
            "cleared": on,
            "closed": on,
            "person": hires.person[had],
            "reason": "cleared",
        }
    )


def _draw_closed_otherwise(
    people: People, households: IdleHouseholds, taken: NDArray[np.int64], seed: int
) -> pd.DataFrame:
    """Draw the cases that ended without a hire, of households that have no other."""
    ends = households.list_endings(list(_OTHERWISE))
    _, first = np.unique(ends.household, return_index=True)
    first = first[~np.isin(ends.household[first], taken)]
    household, on = ends.household[first], ends.on[first]
    key = people.key[household]
    room = np.minimum(on - ends.since[first], _LONGEST)
    suspected = on - _whole(1.0 + (room - 1.0) * marks(key, seed, "case", "length"))
    stage = marks(key, seed, "case", "stage")
    applied = np.minimum(_step(suspected, _APPLY_DAYS, key, seed, "applied"), on)
    verified = np.minimum(_step(applied, _VERIFY_DAYS, key, seed, "verified"), on)
    return pd.DataFrame(
        {
            "household": household,
            "suspected": suspected,
            "applied": np.where(stage < _APPLIED, applied, NEVER),
            "verified": np.where(stage < _VERIFIED, verified, NEVER),
            "closed": on,
            "reason": pd.Series(ends.reason[first], dtype="str").map(_OTHERWISE),
        }
    )


def _draw_wrong(
    people: People, households: IdleHouseholds, taken: NDArray[np.int64], seed: int
) -> pd.DataFrame:
    """Draw suspicions that the community found wrong: somebody worked on the day."""
    urban = (people.households["hukou"] == "urban").to_numpy(copy=True)
    urban[taken] = False
    urban &= marks(people.key, seed, "case", "wrong") < _WRONG
    household = np.flatnonzero(urban)
    ago = _whole(_WRONG_WITHIN * marks(people.key[household], seed, "case", "ago"))
    worked = households.had_worker(household, REFERENCE_DAY - 1 - ago)
    household, suspected = household[worked], (REFERENCE_DAY - 1 - ago)[worked]
    key = people.key[household]
    return pd.DataFrame(
        {
            "household": household,
            "suspected": suspected,
            "closed": _step(suspected, _APPLY_DAYS, key, seed, "wrong"),
            "reason": "not_confirmed",
        }
    )
