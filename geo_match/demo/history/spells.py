"""Spells of employment status (就业状态记录), and the table of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import pandas as pd

from geo_match.demo._random import marks
from geo_match.demo._runs import number_in_order
from geo_match.demo.history._columns import UNKNOWN, join, numerals
from geo_match.demo.history._days import FIRST_DAY, LAST_DAY, midnights, until_now
from geo_match.demo.history.chains import MOST, Chain
from geo_match.demo.people.columns import texts
from geo_match.demo.vocabulary import EMPLOYED, FLEXIBLE, REGISTERED, STATUS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.demo.history.ledger import Ledger

    _Days: TypeAlias = NDArray[np.datetime64]

KEYS: Final = np.uint64(10)
"""More than a person has spells; a spell's key is the person's times this, and its steps back."""

_SOURCES: Final = ("self", "employer", "survey", "platform_export")
_SOURCE_UP_TO: Final = np.array(
    [
        [0.22, 0.62, 0.74],  # works
        [0.20, 0.22, 0.40],  # registered unemployed: mostly the platform's own
        [0.52, 0.53, 0.90],  # all others
    ]
)
_CHECKS: Final = ("cross_match", "visit", "phone_check")
_CHECK_UP_TO: Final = np.array([0.30, 0.42, 0.60])
_CHECKED_WITHIN: Final = 60


@dataclass(frozen=True, slots=True, eq=False)
class Spells:
    """The spells of the ledger's persons, by person and day, each array of shape (n,).

    Parameters
    ----------
    person
        Row of the person in the ledger.
    number
        Which of the person's, from 1, the oldest.
    key
        A number for each, the same in every share of the city.
    status
        Position in `STATUS`.
    start, end
        First and last day, datetime64[D]; `end` is NaT for the present one.
    before, after
        Status of the person's spell before and after it, −1 for none.
    looked
        Whether the person must have looked for work in it: the ledger knows them from there.
    serial
        Whether it is one of several pieces of the same work, each followed by the next.
    """

    person: NDArray[np.int64]
    number: NDArray[np.int64]
    key: NDArray[np.uint64]
    status: NDArray[np.int64]
    start: _Days
    end: _Days
    before: NDArray[np.int64]
    after: NDArray[np.int64]
    looked: NDArray[np.bool_]
    serial: NDArray[np.bool_]


def draw_spells(ledger: Ledger, *, seed: int) -> Spells:
    """Draw the spells of all persons of the ledger.

    Each person's last spell has their status on the reference date. Before work there is school,
    and no spell starts before the sixteenth birthday. Who no longer looks for work did so in one
    of them that ended since 2022.

    Parameters
    ----------
    ledger
        The persons.
    seed
        At least 0.
    """
    chain = Chain(ledger, seed)
    for back in range(MOST):
        chain.go_back(back)
    steps = np.concatenate([np.full(len(link.person), i) for i, link in enumerate(chain.links)])
    person = np.concatenate([link.person for link in chain.links])
    order = np.lexsort((-steps, person))
    person, steps = person[order], steps[order]
    status = np.concatenate([link.status for link in chain.links])[order]
    start = np.concatenate([link.start for link in chain.links])[order]
    looked = np.concatenate([link.looked for link in chain.links])[order]
    first = np.diff(person, prepend=-1) != 0
    last = steps == 0
    # A spell lasts until the day before the next.
    end = np.append(start[1:] - 1, LAST_DAY)
    end[last] = np.datetime64("NaT")
    return Spells(
        person=person,
        number=number_in_order(person) + 1,
        key=ledger.key[person] * KEYS + steps.astype(np.uint64),
        status=status,
        start=start,
        end=end,
        before=np.where(first, UNKNOWN, np.roll(status, 1)),
        after=np.where(last, UNKNOWN, np.roll(status, -1)),
        looked=looked,
        serial=chain.is_piece(person, steps) & (status == ledger.status[person]),
    )


def frame_spells(
    spells: Spells, id_: NDArray[np.object_], person: NDArray[np.object_], *, seed: int
) -> pd.DataFrame:
    """Return the table `spells`.

    Parameters
    ----------
    spells
        What `draw_spells` drew.
    id_
        What `spell_ids` returned, shape (n,).
    person
        Id of each person of the ledger, shape (p,).
    seed
        At least 0.
    """
    works = np.isin(spells.status, (EMPLOYED, FLEXIBLE))
    kind = np.select([works, spells.status == REGISTERED], [0, 1], 2)

    def mark(name: str) -> NDArray[np.float64]:
        return marks(spells.key, seed, "history", "spell", name)

    source = (mark("source")[:, None] >= _SOURCE_UP_TO[kind]).sum(axis=1)
    check = np.searchsorted(_CHECK_UP_TO, mark("check"), side="right")
    checked = spells.start + 1 + (mark("checked") * _CHECKED_WITHIN).astype(int)
    # A check comes while the spell lasts, and the ledger begins with 2022.
    known = (check < len(_CHECKS)) & (checked >= FIRST_DAY)
    known &= checked <= until_now(spells.end)
    return pd.DataFrame(
        {
            "id": pd.array(id_, dtype="str"),
            "person": pd.array(person[spells.person], dtype="str"),
            "status": texts(spells.status, STATUS),
            "start": midnights(spells.start),
            "end": midnights(spells.end),
            "source": texts(source, _SOURCES),
            "verified_by": texts(np.where(known, check, UNKNOWN), _CHECKS),
            "verified_on": midnights(np.where(known, checked, np.datetime64("NaT"))),
        }
    )


def spell_ids(spells: Spells, person: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the id of each spell: "SP-", the person's without S, "-" and its number."""
    start = np.array([f"SP-{name[1:]}-" for name in person], dtype=object)
    return join(start[spells.person], numerals(spells.number))
