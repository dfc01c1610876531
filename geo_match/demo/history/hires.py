"""Hires since 2022: the form of work, its contract and hours, who claims it, where it is recorded.

Every condition of the programme's payments is met by some, missed by others and unknown of others
still. Rates are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from geo_match.demo._random import marks
from geo_match.demo.history._columns import NOTHING, UNKNOWN
from geo_match.demo.history._days import FIRST_DAY, LAST_DAY, add_months, age_on, until_now
from geo_match.demo.history.spells import KEYS
from geo_match.demo.people.working_life import COLLEGE
from geo_match.demo.vocabulary import EMPLOYED, FLEXIBLE, REGISTERED, STUDYING, UNEMPLOYED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.demo.history.ledger import Ledger
    from geo_match.demo.history.spells import Spells

    _Days: TypeAlias = NDArray[np.datetime64]

FORMS: Final = (
    "labour_contract",
    "service_agreement",
    "part_time",
    "temporary",
    "gig",
    "self_employed",
    "public_welfare_post",
    "traineeship",
)
LABOUR, SERVICE, PART_TIME, TEMPORARY, GIG, SELF_EMPLOYED, WELFARE, TRAINEE = range(8)
TYPE_OF: Final = np.array([0, 0, 1, 1, 1, -1, 2, 3])
"""The type of posting, a position in `JOB_TYPES`, that hires each form; −1 for none."""

_FLEXIBLE_UP_TO: Final = np.array([0.26, 0.52, 0.84])
_SERIAL_GIG: Final = 0.6
"""Of pieces of serial work; the others are temporary work."""
_SERVICE: Final = 0.17
_WELFARE: Final = 0.30
"""Of those with employment difficulty who take up work, …"""
_SENIOR_FROM: Final = np.array([55, 45])
_SENIOR_WELFARE: Final = 0.75
"""… and of the men and women among them from these ages, near retirement."""
_WRONGLY_ON_WELFARE: Final = 0.010
_TRAINEES: Final = np.array([0.08, 0.75])
"""Of those who may be, with less than college and with it."""
_TRAINEE_UNTIL: Final = 24
_TRAINEE_YEARS: Final = 2
_TRAINEE_DAYS: Final = (92, 366)
_TRAINEE_AMISS: Final = (0.60, 0.11)
"""Of those whose stay was shorter, and longer, than a traineeship may be."""
_SHORT_MONTHS, _LONG_MONTHS = 2, 18
_QUARTER_DAYS: Final = 92

_MONTHS: Final = np.array([1, 2, 3, 5, 6, 9, 12, 24, 36, 0])
"""Lengths of contracts; 0 for open-ended."""
_MONTHS_UP_TO: Final = np.cumsum(
    [
        [0.00, 0.01, 0.06, 0.04, 0.12, 0.03, 0.30, 0.14, 0.18, 0.12],  # labour_contract
        [0.02, 0.04, 0.12, 0.06, 0.24, 0.06, 0.36, 0.04, 0.00, 0.06],  # service_agreement
        [0.08, 0.12, 0.25, 0.05, 0.22, 0.03, 0.15, 0.00, 0.00, 0.10],  # part_time
        [0.28, 0.26, 0.28, 0.06, 0.10, 0.02, 0.00, 0.00, 0.00, 0.00],  # temporary
        [0.02, 0.03, 0.06, 0.01, 0.06, 0.02, 0.20, 0.00, 0.00, 0.60],  # gig
        [0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 1.00],  # self_employed: none
        [0.00, 0.00, 0.00, 0.02, 0.06, 0.00, 0.62, 0.06, 0.24, 0.00],  # public_welfare_post
        [0.00, 0.00, 0.34, 0.00, 0.36, 0.08, 0.22, 0.00, 0.00, 0.00],  # traineeship
    ],
    axis=1,
)
_UNKNOWN_CONTRACT: Final = np.array([0.06, 0.10, 0.45, 0.40, 0.40, 0.0, 0.03, 0.12])
_SIGNED_LATER: Final = 0.12
_SIGNED_WITHIN: Final = 30
_ONE_DAY_LESS: Final = 0.02
"""Contracts that end a day before a whole number of months."""
_HOURS: Final = np.array(
    [
        [40, 40, 40, 44, 48, 48, 54, 60],
        [30, 36, 40, 40, 44, 48, 48, 54],
        [10, 12, 16, 20, 20, 24, 24, 30],
        [24, 32, 40, 40, 44, 48, 48, 56],
        [16, 24, 32, 40, 48, 54, 60, 66],
        [28, 35, 42, 48, 56, 60, 63, 70],
        [20, 24, 30, 35, 40, 40, 40, 40],
        [30, 35, 35, 40, 40, 40, 40, 44],
    ]
)
_UNKNOWN_HOURS: Final = np.array([0.05, 0.08, 0.08, 0.15, 0.30, 0.45, 0.04, 0.05])

_CLAIMED: Final = 0.55
_CLAIMED_SERIAL: Final = 0.95
_BOOKED: Final = 0.5
"""Of those who go from one piece of work to the next, of whom all is recorded; of the others little
is known."""
_CLAIMED_BY_ANOTHER: Final = 0.06
"""Of the claims on people who work where another operator serves."""
_REGISTERED: Final = np.array([0.90, 0.84, 0.62, 0.55, 0.58, 0.60, 0.95, 0.50])
_FILED: Final = np.array([0.72, 0.52, 0.24, 0.14, 0.10, 0.0, 0.86, 0.20])
_LATE: Final = 0.09
_WITHIN, _LATE_UNTIL = 30, 90
"""Days: an employer registers a hire within 30, …"""
_LEFT_WITHIN, _LEFT_LATE_UNTIL = 15, 60
"""… and a departure within 15."""
_DEPARTURE: Final = 0.86
"""Of the departures of those whose hire is registered."""
_ORIGIN_UP_TO: Final = np.array([0.79, 0.91])
"""Of the registered: on the platform's own record, only sent by us, of unknown origin."""
ORIGINS: Final = ("platform_export", "sent_by_us")


@dataclass(frozen=True, slots=True, eq=False)
class Hires:
    """The hires since 2022, by person and day, each array of shape (e,).

    Parameters
    ----------
    spell
        Row of the spell that each began.
    key
        The spell's number, the same in every share of the city.
    form
        Position in `FORMS`.
    hired_on, left_on
        First and last day, datetime64[D]; `left_on` is NaT for those who still work there.
    contract_from, contract_to
        First and last day of the first contract, datetime64[D]; `contract_to` is NaT for an
        open-ended one, both are where it is not known or where there can be none.
    contract_known
        Whether the contract is known.
    serial
        Whether it is one of several pieces of work that follow each other.
    booked
        Whether such a piece of a person whose registrations, insurance and incomes are recorded; of
        others in such work incomes are not known, and insurance is not yet checked.
    """

    spell: NDArray[np.int64]
    key: NDArray[np.uint64]
    form: NDArray[np.int64]
    hired_on: _Days
    left_on: _Days
    contract_from: _Days
    contract_to: _Days
    contract_known: NDArray[np.bool_]
    serial: NDArray[np.bool_]
    booked: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """What is recorded of hires beside the work itself, each array of shape (e,).

    Parameters
    ----------
    hours
        Hours a week, −1 where unknown.
    claimed_by
        Id of the operator that says that it organised the hire, None for none.
    registered_on, filed_on
        就业登记 and 劳动用工登记备案, datetime64[D], NaT for none.
    departure_registered_on
        退工登记 of those whose hire is registered, datetime64[D], NaT for none.
    origin
        Position in `ORIGINS`, −1 where nothing was done or it is not known where.
    """

    hours: NDArray[np.int64]
    claimed_by: NDArray[np.object_]
    registered_on: _Days
    filed_on: _Days
    departure_registered_on: _Days
    origin: NDArray[np.int64]


def draw_forms(ledger: Ledger, spells: Spells, *, seed: int) -> NDArray[np.int64]:
    """Draw the form of work of each spell, a position in `FORMS`, −1 for other statuses, (n,).

    A public-welfare post is for people with employment difficulty, but for a few mistakes. A
    traineeship is for the jobless under 25 and for graduates of two years; it is no employment,
    though it is written down as such, and lasts three to twelve months, or began so lately; a
    few were shorter or longer.
    """

    def mark(name: str) -> NDArray[np.float64]:
        return marks(spells.key, seed, "history", "hire", name)

    person = ledger.take(spells.person)
    lasted = (until_now(spells.end) - spells.start).astype(int) + 1
    least, most = _TRAINEE_DAYS
    in_time = (lasted <= most) & (np.isnat(spells.end) | (lasted >= least))
    jobless = np.isin(spells.before, (REGISTERED, UNEMPLOYED, STUDYING))
    age = age_on(person.birth_year, spells.start)
    young = age <= _TRAINEE_UNTIL
    fresh = (spells.start - person.free).astype(int) <= 366 * _TRAINEE_YEARS
    short, long = _TRAINEE_AMISS
    in_time |= mark("trainee amiss") < np.where(lasted > most, long, short)
    may_be = jobless & (young | (fresh & person.graduate)) & in_time
    learnt = (person.education >= COLLEGE).astype(np.int64)
    trainee = may_be & (mark("trainee") < _TRAINEES[learnt])
    senior = age >= _SENIOR_FROM[person.woman.astype(np.int64)]
    rightly = np.where(senior, _SENIOR_WELFARE, _WELFARE)
    welfare = mark("welfare") < np.where(person.difficulty > 0, rightly, _WRONGLY_ON_WELFARE)
    regular = np.where(mark("form") >= 1.0 - _SERVICE, SERVICE, LABOUR)
    employed = np.where(trainee, TRAINEE, np.where(welfare & jobless, WELFARE, regular))
    flexible = PART_TIME + np.searchsorted(_FLEXIBLE_UP_TO, mark("form"), side="right")
    piece = np.where(mark("form") < _SERIAL_GIG, GIG, TEMPORARY)
    flexible = np.where(spells.serial, piece, flexible)
    return np.select(
        [spells.status == EMPLOYED, spells.status == FLEXIBLE], [employed, flexible], UNKNOWN
    )


def draw_hires(spells: Spells, form: NDArray[np.int64], *, seed: int) -> Hires:
    """List the hires since 2022 and draw their contracts.

    Parameters
    ----------
    spells
        The spells of all persons.
    form
        What `draw_forms` drew.
    seed
        At least 0.
    """
    spell = np.flatnonzero((form >= 0) & (spells.start >= FIRST_DAY))
    form, key = form[spell], spells.key[spell]
    hired_on = spells.start[spell]

    def mark(name: str) -> NDArray[np.float64]:
        return marks(key, seed, "history", "hire", name)

    later = mark("signs later") < _SIGNED_LATER
    signed = hired_on + np.where(later, (mark("signs") * _SIGNED_WITHIN).astype(int), 0)
    length = _MONTHS[(mark("months")[:, None] >= _MONTHS_UP_TO[form, :-1]).sum(axis=1)]
    # A traineeship is agreed in quarters, for as long as it lasted at least.
    left_on = spells.end[spell]
    lasted = (until_now(left_on) - hired_on).astype(int) + 1
    quarters = np.minimum((lasted - 1) // _QUARTER_DAYS + 1, 4)
    agreed = np.maximum(length, 3 * quarters)
    least, most = _TRAINEE_DAYS
    agreed = np.where(~np.isnat(left_on) & (lasted < least), _SHORT_MONTHS, agreed)
    agreed = np.where(lasted > most, _LONG_MONTHS, agreed)
    length = np.where(form == TRAINEE, agreed, length)
    until = add_months(signed, length) - np.where(mark("less") < _ONE_DAY_LESS, 2, 1)
    known = mark("contract") >= _UNKNOWN_CONTRACT[form]
    written = known & (form != SELF_EMPLOYED)
    none = np.datetime64("NaT")
    serial = spells.serial[spell]
    books = marks(key // KEYS, seed, "history", "hire", "books") < _BOOKED
    return Hires(
        spell=spell,
        key=key,
        form=form,
        hired_on=hired_on,
        left_on=left_on,
        contract_from=np.where(written, signed, none),
        contract_to=np.where(written & (length > 0), until, none),
        contract_known=known,
        serial=serial,
        booked=serial & books,
    )


def draw_records(
    hires: Hires,
    operator: NDArray[np.object_],
    operator_there: NDArray[np.object_],
    *,
    seed: int,
) -> Records:
    """Draw what is recorded of hires.

    Parameters
    ----------
    hires
        The hires.
    operator, operator_there
        Id of the operator that serves the person's district, and the site's, None for none, (e,).
    seed
        At least 0.
    """
    form = hires.form

    def mark(name: str) -> NDArray[np.float64]:
        return marks(hires.key, seed, "history", "hire", name)

    hours = _HOURS[form, (mark("hours") * _HOURS.shape[1]).astype(int)]
    other = (mark("another") < _CLAIMED_BY_ANOTHER) & (operator_there != None)  # noqa: E711 - by element
    rate = np.where(hires.serial, _CLAIMED_SERIAL, _CLAIMED)
    claimed = (mark("claimed") < rate) & (operator != None)  # noqa: E711 - by element
    registers = (mark("registers") < _REGISTERED[form]) | hires.booked
    registered_on = _record(hires, registers, mark("registered"))
    filed_on = _record(hires, mark("files") < _FILED[form], mark("filed"))
    departs = (mark("departs") < _DEPARTURE) & ~np.isnat(registered_on)
    departed_on = _after(hires.left_on, mark("departed"), _LEFT_WITHIN, _LEFT_LATE_UNTIL)
    # Nobody is taken off who is not yet on.
    departed_on = np.maximum(departed_on, registered_on)
    origin = np.searchsorted(_ORIGIN_UP_TO, mark("origin"), side="right")
    origin = np.where(hires.booked, ORIGINS.index("platform_export"), origin)
    neither = np.isnat(registered_on) & np.isnat(filed_on)
    return Records(
        hours=np.where(mark("states hours") < _UNKNOWN_HOURS[form], UNKNOWN, hours),
        claimed_by=np.where(claimed, np.where(other, operator_there, operator), NOTHING),
        registered_on=registered_on,
        filed_on=filed_on,
        departure_registered_on=_done_by_now(departed_on, departs),
        origin=np.where(neither | (origin >= len(ORIGINS)), UNKNOWN, origin),
    )


def _record(hires: Hires, done: NDArray[np.bool_], mark: NDArray[np.float64]) -> _Days:
    """Return the day on which each hire was recorded, NaT where it was not, or is not yet."""
    return _done_by_now(_after(hires.hired_on, mark, _WITHIN, _LATE_UNTIL), done)


def _after(since: _Days, mark: NDArray[np.float64], within: int, late_until: int) -> _Days:
    """Return days some days later: mostly within so many, a few after these."""
    soon = 1 + ((mark - _LATE) / (1.0 - _LATE) * within).astype(int)
    late = within + 1 + (mark / _LATE * (late_until - within)).astype(int)
    return np.asarray(since + np.where(mark >= _LATE, soon, late))


def _done_by_now(on: _Days, done: NDArray[np.bool_]) -> _Days:
    return np.where(done & (on <= LAST_DAY), on, np.datetime64("NaT"))
