"""The chain of contacts while a person looks for work: every two or three months, for some none.

The first comes soon after registration. A few persons are neglected and hear nothing for half a
year or more; who was struck off for want of contact had only calls that nobody answered by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.demo._random import marks
from geo_match.demo._runs import number_in_order, within_runs
from geo_match.demo.history._days import MONTH, REFERENCE_DAY, to_days

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

KINDS: Final = ("visit", "phone", "introduction", "guidance", "recommendation", "campaign")
VISIT, PHONE, INTRODUCTION, GUIDANCE, RECOMMENDATION, CAMPAIGN = range(len(KINDS))
RESULTS: Final = (
    "employed",
    "willing",
    "not_now",
    "no_answer",
    "wrong_number",
    "moved_away",
    "refused",
)
"""已就业, 有意愿, 暂无意愿, 未接通, 空号, 已搬离, 拒绝服务."""
(HIRED, WILLING, NOT_NOW, NO_ANSWER, WRONG_NUMBER, MOVED_AWAY, REFUSED) = range(len(RESULTS))
UNKNOWN: Final = -1

_FIRST: Final = np.array([0.33, 0.20, 0.03, 0.28, 0.04, 0.12])
_LATER: Final = np.array([0.17, 0.36, 0.13, 0.15, 0.14, 0.05])
"""How often a contact is of each of `KINDS`, the first and the later ones."""
_KIND_UP_TO: Final = np.cumsum([_FIRST, _LATER], axis=1)
_OUTCOMES: Final = np.array(
    [  # for each of KINDS: unknown, then WILLING to REFUSED
        [0.05, 0.56, 0.25, 0.09, 0.00, 0.02, 0.03],
        [0.04, 0.42, 0.28, 0.19, 0.03, 0.01, 0.03],
        [0.07, 0.68, 0.23, 0.00, 0.00, 0.00, 0.02],
        [0.08, 0.71, 0.19, 0.00, 0.00, 0.00, 0.02],
        [0.06, 0.58, 0.27, 0.07, 0.00, 0.00, 0.02],
        [0.55, 0.34, 0.11, 0.00, 0.00, 0.00, 0.00],
    ]
)
_OUTCOME_UP_TO: Final = np.cumsum(_OUTCOMES, axis=1)
_OUTCOME: Final = np.array(
    [UNKNOWN, WILLING, NOT_NOW, NO_ANSWER, WRONG_NUMBER, MOVED_AWAY, REFUSED], dtype=np.int8
)

_GAP: Final = (48.0, 98.0)
_NEGLECTED: Final = 0.07
_LONG_GAP: Final = (195.0, 330.0)
_NO_RECORD: Final = 0.03
_SOON: Final = 28.0
_JITTER: Final = 0.2
MOST: Final = 32
"""Contacts in one time of looking; four years at the shortest gap are fewer."""
SILENCE: Final = 184
"""Six months are never more days than this."""
MOST_EPISODES: Final = np.uint64(16)


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """Contacts with persons of the ledger, each array of shape (c,).

    Parameters
    ----------
    row
        Row of what each belongs to: a registration, or a hire.
    key
        A number for each, the same in every share of the city, uint64.
    on
        Its day.
    kind, result
        Positions in `KINDS` and `RESULTS`; `UNKNOWN` where the result was not noted.
    """

    row: NDArray[np.int64]
    key: NDArray[np.uint64]
    on: NDArray[np.int64]
    kind: NDArray[np.int8]
    result: NDArray[np.int8]

    def keep(self, which: NDArray[np.bool_]) -> Contacts:
        """Return only some of them."""
        return Contacts(
            self.row[which], self.key[which], self.on[which], self.kind[which], self.result[which]
        )


def draw_chain(
    registrations: pd.DataFrame, key: NDArray[np.uint64], *, since: int, seed: int
) -> Contacts:
    """Draw the contacts during each registration.

    Parameters
    ----------
    registrations
        `Lives.registrations`.
    key
        The person's number for each, shape (r,).
    since
        The day of the first services.
    seed
        At least 0.

    Returns
    -------
    Contacts
        By registration and day; `row` is the registration's.
    """
    registered = to_days(registrations["registered_on"])
    closed = to_days(registrations["closed_on"], missing=REFERENCE_DAY + 1)
    episode = _number_episodes(key, registered)
    of = key * MOST_EPISODES + episode
    first = np.maximum(registered, since) + (marks(of, seed, "first") * _SOON).astype(np.int64)
    low, high = np.where(marks(of, seed, "care")[:, None] < _NEGLECTED, _LONG_GAP, _GAP).T
    gap = low + (high - low) * marks(of, seed, "gap")
    n = np.clip(np.ceil((closed - first) / gap), 0, MOST).astype(np.int64)
    n[marks(of, seed, "any") < _NO_RECORD] = 0
    row = np.repeat(np.arange(len(of)), n)
    number = within_runs(n)
    each = of[row] * np.uint64(MOST) + number.astype(np.uint64)
    off = _JITTER * (2.0 * marks(each, seed, "on") - 1.0)
    # The first has no jitter: it would fall before the registration.
    on = first[row] + np.floor(gap[row] * (number + np.where(number > 0, off, 0.0))).astype(int)
    on = np.minimum(on, closed[row] - 1)
    kind = _choose(marks(each, seed, "kind"), _KIND_UP_TO[(number > 0).astype(np.int64)])
    result = _OUTCOME[_choose(marks(each, seed, "result"), _OUTCOME_UP_TO[kind])]
    _end(registrations["close_reason"], row, number == n[row] - 1, kind, result)
    silent = (registrations["close_reason"] == "no_contact").fillna(value=False).to_numpy()[row]
    silent &= on > closed[row] - SILENCE
    kind[silent], result[silent] = PHONE, NO_ANSWER
    return Contacts(row, each, on, kind.astype(np.int8), result.astype(np.int8))


def _number_episodes(key: NDArray[np.uint64], registered: NDArray[np.int64]) -> NDArray[np.uint64]:
    order = np.lexsort((registered, key))
    number = np.empty(len(key), dtype=np.uint64)
    number[order] = number_in_order(key[order]).astype(np.uint64)
    return number


def _choose(mark: NDArray[np.float64], up_to: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return which of its row's shares each mark falls into; the last takes rounding's rest."""
    return np.asarray((mark[:, None] >= up_to[:, :-1]).sum(axis=1))


def _end(
    reason: pd.Series,
    row: NDArray[np.int64],
    last: NDArray[np.bool_],
    kind: NDArray[np.int64],
    result: NDArray[np.int8],
) -> None:
    """Let the last contact say why the registration was closed, where it can."""
    for why, told in (("refused", REFUSED), ("moved_away", MOVED_AWAY), ("studying", NOT_NOW)):
        here = last & (reason == why).fillna(value=False).to_numpy()[row]
        # People are told of by visit or phone, not by a campaign.
        kind[here & (kind > PHONE)] = PHONE
        result[here] = told


def plan_next(contacts: Contacts, seed: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the day agreed for the next contact, and whether one was agreed, each (c,).

    Who was hired, refused or cannot be found is not called again; for others it is mostly noted.
    """
    mark = marks(contacts.key, seed, "next")
    goes_on = np.isin(contacts.result, (UNKNOWN, WILLING, NOT_NOW, NO_ANSWER))
    noted = goes_on & (mark < np.where(contacts.kind == CAMPAIGN, 0.2, 0.72))
    weeks = np.where(contacts.result == NO_ANSWER, 1, np.where(contacts.result == NOT_NOW, 13, 4))
    return contacts.on + weeks * 7 + (mark * MONTH).astype(np.int64), noted
