"""Chains of employment statuses, drawn backwards from the status that holds now.

What a person is on the reference date stands with the members and must come out again. So the
present spell is drawn first, then the one before it, and so on until before 2022 or to the
sixteenth birthday.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import numpy as np

from geo_match.demo._random import marks, normal_marks
from geo_match.demo.history._days import (
    FIRST_DAY,
    LAST_DAY,
    first_of_october,
    first_of_quarter,
)
from geo_match.demo.people.working_life import DIFFICULTY
from geo_match.demo.vocabulary import (
    EMPLOYED,
    FLEXIBLE,
    NOT_SEEKING,
    REGISTERED,
    RETIRED,
    STUDYING,
    UNEMPLOYED,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.demo.history.ledger import Ledger

    _Days: TypeAlias = NDArray[np.datetime64]

MOST: Final = 6
"""Spells of a person at most."""

_LONG_TERM: Final = DIFFICULTY.index("long_term_unemployed")

_BEFORE: Final = np.cumsum(
    [
        # employed, flexible, registered, unemployed, studying, retired, incapable, not seeking
        [0.20, 0.11, 0.42, 0.17, 0.0, 0.0, 0.02, 0.08],  # before employed
        [0.22, 0.10, 0.25, 0.27, 0.0, 0.0, 0.02, 0.14],  # before flexible
        [0.50, 0.18, 0.00, 0.24, 0.0, 0.0, 0.02, 0.06],  # before registered_unemployed
        [0.50, 0.24, 0.11, 0.00, 0.0, 0.0, 0.02, 0.13],  # before unemployed
        [0.45, 0.15, 0.25, 0.15, 0.0, 0.0, 0.00, 0.00],  # before studying, taken up again
        [0.60, 0.20, 0.20, 0.00, 0.0, 0.0, 0.00, 0.00],  # before retired
        [0.50, 0.20, 0.15, 0.15, 0.0, 0.0, 0.00, 0.00],  # before incapable
        [0.45, 0.20, 0.15, 0.20, 0.0, 0.0, 0.00, 0.00],  # before not_seeking
    ],
    axis=1,
)
"""Running shares of the status before each status, in the order of `STATUS`."""
_LASTS_NOW: Final = np.array([400, 380, 150, 170, 0, 0, 420, 480])
_LASTED: Final = np.array([620, 400, 125, 95, 900, 0, 220, 400])
"""Median days of present and of past spells; past ones are those that ended since 2022."""
_SPREAD: Final = 0.85
_SHORTEST: Final = 4
_LONG_TERM_DAYS: Final = 366
_NO_CONTACT_DAYS: Final = 181
"""Registration ends after six months without contact, and not before."""
_LOOKED: Final = np.array([0.64, 0.88])
"""Running shares of registered, unemployed and flexible before the job of who no longer looks."""
_JOB_BETWEEN: Final = 0.24
"""Share of those who no longer look whose present spell followed another after the search."""
_ROOM: Final = 60
_SERIAL: Final = np.array([0.025, 0.05])
"""Of those who are employed, and in flexible work, how many came to it through one piece of the
same after another; …"""
_PIECES: Final = np.array([2, MOST - 2])
_PIECE_DAYS: Final = np.array([[190, 330], [35, 70]])
"""… through so many, of so many days each."""
_BY_QUARTER: Final = 0.8
"""Of those in flexible work among these, whose pieces are the quarters of a year, the present one
from October."""
_STRAIGHT_FROM_SCHOOL: Final = 0.6
_STRAIGHT_DAYS: Final = 150
_AGAIN_YEARS: Final = 3


class Link(NamedTuple):
    """The spells of one step back: each array has shape (persons with so many)."""

    person: NDArray[np.int64]
    status: NDArray[np.int64]
    start: _Days
    looked: NDArray[np.bool_]


class Chain:
    """The spells drawn so far, and those persons whose past is not yet complete.

    Parameters
    ----------
    ledger
        The persons.
    seed
        The city's.

    Attributes
    ----------
    links
        The spells of each step back, the present ones first.
    serial
        Who came to their work through one piece of the same after another, shape (persons,).
    """

    def __init__(self, ledger: Ledger, seed: int) -> None:
        self.links: list[Link] = []
        self._ledger = ledger
        self._seed = seed
        n = len(ledger)
        self._person = np.arange(n)
        self._status = ledger.status
        self._end: _Days = np.full(n, LAST_DAY)
        self._looked = np.zeros(n, dtype=np.bool_)
        self._unmet = ~ledger.seeks
        """Who no longer looks, and whose search has not come up yet."""
        mark = marks(ledger.key, seed, "history", "serial")
        rate = np.append(_SERIAL, 0.0)[np.minimum(ledger.status, len(_SERIAL))]
        self.serial = mark < rate
        self._by_quarter = (ledger.status == FLEXIBLE) & (mark < rate * _BY_QUARTER)

    def _marks(self, back: int, name: str) -> NDArray[np.float64]:
        key = self._ledger.key[self._person]
        return marks(key, self._seed, "history", "spell", str(back), name)

    def go_back(self, back: int) -> None:
        """Draw when the spells of this step began, and what was before each."""
        start = self._draw_start(back)
        self.links.append(Link(self._person, self._status, start, self._looked))
        here = self._ledger.take(self._person)
        left = (start > FIRST_DAY) & (start > here.sixteen)
        from_school = start == here.free
        status = self._draw_before(back, start)
        look = self._unmet & np.isin(status, (REGISTERED, UNEMPLOYED, FLEXIBLE))
        status = np.where(from_school, STUDYING, status)
        # Who went to work on leaving school looked for it while there.
        look |= self._unmet & from_school
        self._person = self._person[left]
        self._status = status[left]
        self._end = start[left] - 1
        self._looked = look[left]
        self._unmet = (self._unmet & ~look)[left]

    def _draw_start(self, back: int) -> _Days:
        """Return the first day of the spells of this step."""
        here, status, end = self._ledger.take(self._person), self._status, self._end
        varied = _SPREAD * normal_marks(here.key, self._seed, "history", "spell", str(back), "days")
        median = np.append(_LASTED if back else _LASTS_NOW, 0)[status]
        lasted = median * np.exp(np.clip(varied, -2.5, 2.5))
        if back == 0:
            jobless = np.isin(status, (REGISTERED, UNEMPLOYED))
            lasted += np.where(jobless & (here.difficulty == _LONG_TERM), _LONG_TERM_DAYS, 0)
        else:
            later = self.links[-1]
            after = later.status[np.searchsorted(later.person, self._person)]
            lapsed = (status == REGISTERED) & np.isin(after, (UNEMPLOYED, NOT_SEEKING))
            lasted += np.where(lapsed, _NO_CONTACT_DAYS, 0)
        start = end - np.maximum(lasted, _SHORTEST).astype("timedelta64[D]") + 1
        start = self._cut(back, start)
        if back == MOST - 1:
            start = np.minimum(start, FIRST_DAY)
        elif back == MOST - 2:
            # Who still went to school in 2022 needs the oldest spell for that.
            start = np.where(here.free > FIRST_DAY, here.free, start)
        mark = self._marks(back, "start")
        # The search of those who no longer look must end before this spell, and since 2022.
        low = _low(here)
        late = self._unmet & (start < low)
        start = np.where(late, low + ((end - low).astype(np.int64) * mark).astype(int), start)
        # So soon after school means school in 2022: a summer's end plus these days is still 2021.
        straight = self._unmet & (start < here.free + _STRAIGHT_DAYS) & (here.free > here.sixteen)
        straight &= self._marks(back, "straight") < _STRAIGHT_FROM_SCHOOL
        start = np.where(straight, here.free, np.maximum(start, here.free))
        start = np.where(status == RETIRED, here.retires, start)
        pupil = status == STUDYING
        again = pupil & self._unmet
        return np.where(again, _term(here, mark), np.where(pupil, here.sixteen, start))

    def is_piece(
        self, person: NDArray[np.int64], back: int | NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Say whose spell of a step back is a piece of a serial worker's, if it is work at all."""
        kind = np.minimum(self._ledger.status[person], len(_PIECES) - 1)
        return np.asarray(self.serial[person] & (back <= _PIECES[kind]))

    def _cut(self, back: int, start: _Days) -> _Days:
        """Return the starts with those of serial workers' pieces in place of what was drawn."""
        kind = np.minimum(self._ledger.status[self._person], len(_PIECES) - 1)
        least, most = _PIECE_DAYS[kind].T
        lasted = least + (self._marks(back, "piece") * (most - least + 1)).astype(np.int64)
        piece = self._end - lasted + 1
        quarter = first_of_quarter(self._end)
        if back == 0:
            # The present piece goes on, mostly longer than those before it.
            piece, quarter = start, first_of_october(start)
        piece = np.where(self._by_quarter[self._person], quarter, piece)
        cut = self.is_piece(self._person, back) & np.isin(self._status, (EMPLOYED, FLEXIBLE))
        return np.where(cut, piece, start)

    def _draw_before(self, back: int, start: _Days) -> NDArray[np.int64]:
        """Return the status before the spells of this step, school apart."""
        up_to = _BEFORE[np.minimum(self._status, NOT_SEEKING)]
        mark = self._marks(back, "before")
        status = (mark[:, None] >= up_to[:, :-1]).sum(axis=1)
        if back == MOST - 2:
            # The oldest spell reaches back before 2022 whatever its kind; work may last so long.
            status = np.where(np.isin(status, (EMPLOYED, FLEXIBLE)), status, EMPLOYED)
        here = self._ledger.take(self._person)
        cramped = (start - _low(here)).astype(np.int64) < _ROOM
        known = np.isin(self._status, (EMPLOYED, FLEXIBLE, UNEMPLOYED))
        between = (self._marks(back, "between") < _JOB_BETWEEN) & known & ~cramped & (back == 0)
        looked = np.searchsorted(_LOOKED, self._marks(back, "looked"), side="right")
        kind = np.array([REGISTERED, UNEMPLOYED, FLEXIBLE])[looked]
        kind = np.where(np.isin(self._status, (EMPLOYED, FLEXIBLE)), kind, REGISTERED)
        status = np.where(self._unmet & ~between, kind, status)
        same = self.is_piece(self._person, back + 1) & ~(self._unmet & cramped)
        return np.where(same, self._ledger.status[self._person], status)


def _low(ledger: Ledger) -> _Days:
    """Return the earliest day on which a search since 2022, and since school, can have ended."""
    return np.asarray(np.maximum(FIRST_DAY, ledger.free) + 14)


def _term(ledger: Ledger, mark: NDArray[np.float64]) -> _Days:
    """Return a 1 September on which studying was taken up again after some time without."""
    september = LAST_DAY.astype("datetime64[Y]").astype("datetime64[M]") + np.timedelta64(8, "M")
    years = (mark * _AGAIN_YEARS).astype(np.int64)
    day = (september - 12 * years.astype("timedelta64[M]")).astype("datetime64[D]")
    early = (day < FIRST_DAY + 90) | (day < ledger.free + 40)
    return np.asarray(np.where(early, september.astype("datetime64[D]"), day))
