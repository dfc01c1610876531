"""Episodes of looking for work: when a person was registered with the platform, and why it ended.

An episode lies in one spell. Of registered unemployment it is the whole; of other unemployment,
work or study it is the last part of those in which somebody looked. It closes on the day on which
the next spell begins, and that spell says why; the one that is open lies in the present spell.
Spells that began before 2022 have theirs from the survey of January to April 2022, or from before
their own end where that is earlier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import pandas as pd

from geo_match.demo._random import marks
from geo_match.demo.history._columns import UNKNOWN
from geo_match.demo.history._days import FIRST_DAY, LAST_DAY, midnights
from geo_match.demo.people.columns import texts
from geo_match.demo.vocabulary import (
    EMPLOYED,
    FLEXIBLE,
    INCAPABLE,
    NOT_SEEKING,
    REGISTERED,
    RETIRED,
    STATUS,
    STUDYING,
    UNEMPLOYED,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.demo.history.ledger import Ledger
    from geo_match.demo.history.spells import Spells

    _Days: TypeAlias = NDArray[np.datetime64]

REASONS: Final = (
    "hired",
    "self_employed",
    "retired",
    "studying",
    "refused",
    "no_contact",
    "moved_away",
    "incapable",
)
HIRED, SELF_EMPLOYED, _RETIRED, _STUDYING, _REFUSED, _NO_CONTACT, _MOVED_AWAY, _INCAPABLE = range(8)

_LAST_OF_SURVEY: Final = np.datetime64("2022-04-30")
_LOOKS_WITHIN: Final = 300
"""Who works or studies, or is unemployed without 登记失业, registers so long before at most."""
_NO_CONTACT_DAYS: Final = 181
_LOSES_CONTACT, _REFUSES = 0.65, 0.60
"""Shares of the longer episodes without an outcome, and of the others."""


def _looking() -> NDArray[np.float64]:
    """Return how many looked in a spell, by its status and the next one's."""
    rate = np.zeros((len(STATUS), len(STATUS)))
    work = [EMPLOYED, FLEXIBLE]
    rate[REGISTERED] = 1.0
    rate[UNEMPLOYED] = 0.20
    rate[UNEMPLOYED, work] = 0.55
    rate[UNEMPLOYED, REGISTERED] = 0.0
    rate[FLEXIBLE, work] = 0.25
    rate[EMPLOYED, EMPLOYED] = 0.12
    rate[STUDYING, work] = 0.30
    return rate


_LOOKING: Final = _looking()


@dataclass(frozen=True, slots=True, eq=False)
class Registrations:
    """Episodes of looking, by person and day, each array of shape (n,).

    Parameters
    ----------
    spell
        Row of the spell in which each lies.
    person
        Row of the person in the ledger.
    registered_on, closed_on
        datetime64[D]; `closed_on` is NaT for those still looking.
    reason
        Position in `REASONS`, −1 for those still looking.
    """

    spell: NDArray[np.int64]
    person: NDArray[np.int64]
    registered_on: _Days
    closed_on: _Days
    reason: NDArray[np.int64]


def draw_registrations(
    ledger: Ledger, spells: Spells, self_employed: NDArray[np.bool_], *, seed: int
) -> Registrations:
    """Draw who looked for work in which of their spells.

    Parameters
    ----------
    ledger, spells
        The persons and their spells.
    self_employed
        Whether a spell is work on one's own account, shape (n,).
    seed
        At least 0.
    """

    def mark(name: str, rows: NDArray[np.int64] | slice = slice(None)) -> NDArray[np.float64]:
        return marks(spells.key[rows], seed, "history", "registration", name)

    last = np.isnat(spells.end)
    rate = _LOOKING[spells.status, spells.after]
    past = ~last & (spells.looked | (mark("looks") < rate)) & (spells.end >= FIRST_DAY)
    spell = np.flatnonzero(np.where(last, ledger.seeks[spells.person], past))
    end = np.where(last, LAST_DAY, spells.end)[spell]
    registered_on = _begin(spells.status[spell], spells.start[spell], end, mark("begins", spell))
    closed_on = np.where(last[spell], np.datetime64("NaT"), end + 1)
    reason = _explain(
        spells.after[spell],
        self_employed[np.minimum(spell + 1, len(last) - 1)],
        (closed_on - registered_on).astype(np.int64),
        mark("silent", spell),
        mark("gone", spell),
    )
    return Registrations(
        spell,
        spells.person[spell],
        registered_on,
        closed_on,
        np.where(last[spell], UNKNOWN, reason),
    )


def _begin(status: NDArray[np.int64], start: _Days, end: _Days, mark: NDArray[np.float64]) -> _Days:
    """Return the day on which each episode began."""
    whole = np.where(status == REGISTERED, start, np.maximum(start, end - _LOOKS_WITHIN))
    surveyed = whole < FIRST_DAY
    low = np.maximum(whole, FIRST_DAY)
    high = np.where(surveyed, np.minimum(end, _LAST_OF_SURVEY), end)
    drawn = low + ((high - low).astype(np.int64) * mark).astype(np.int64)
    return np.where((status == REGISTERED) & ~surveyed, start, drawn)


def _explain(
    after: NDArray[np.int64],
    self_employed: NDArray[np.bool_],
    lasted: NDArray[np.int64],
    silent_mark: NDArray[np.float64],
    gone_mark: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Return why each episode closed, given the status of the next spell."""
    silent = (lasted >= _NO_CONTACT_DAYS) & (silent_mark < _LOSES_CONTACT)
    gone = np.where(gone_mark < _REFUSES, _REFUSED, _MOVED_AWAY)
    works = np.isin(after, (EMPLOYED, FLEXIBLE))
    return np.select(
        [
            works & self_employed,
            works,
            after == RETIRED,
            after == STUDYING,
            after == INCAPABLE,
            np.isin(after, (UNEMPLOYED, NOT_SEEKING)) & silent,
        ],
        [SELF_EMPLOYED, HIRED, _RETIRED, _STUDYING, _INCAPABLE, _NO_CONTACT],
        gone,
    )


def frame_registrations(registrations: Registrations, id_: NDArray[np.object_]) -> pd.DataFrame:
    """Return the table `registrations`, given the id of each person of the ledger, shape (p,)."""
    return pd.DataFrame(
        {
            "person": pd.array(id_[registrations.person], dtype="str"),
            "registered_on": midnights(registrations.registered_on),
            "closed_on": midnights(registrations.closed_on),
            "close_reason": texts(registrations.reason, REASONS),
        }
    )
