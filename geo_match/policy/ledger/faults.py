"""What is wrong in a ledger: each fault with the records, the days, the rule and the remedy.

Nothing is dropped for it: a spell counts on its days, but for one that says no days at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from geo_match.policy.ledger import _columns
from geo_match.policy.ledger.contacts import contacts
from geo_match.policy.ledger.contradictions import contradictions
from geo_match.policy.ledger.rules import DEREGISTRATION, TRANSITIONS, WORKING
from geo_match.policy.ledger.spells import STATUSES, Spells
from geo_match.policy.ledger.timeline import Timeline, before
from geo_match.policy.ledger.words import FAULTS, FaultWords
from geo_match.rules import FAIL, WORKING_AGE, age_span, working_age

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

COLUMNS: Final = (
    *("fault", "person", "record", "other", "first", "last", "found"),
    *("zh", "en", "zh_remedy", "en_remedy"),
)
_UNEMPLOYED: Final = "registered_unemployed"
_REGISTERED: Final = STATUSES.index(_UNEMPLOYED)
_AT_WORK: Final = "employed"
"""The one result that says of itself what somebody is; others ask for an act of the office."""


def ledger_faults(
    spells: object,
    on: dt.date,
    *,
    seekers: object = None,
    services: object = None,
) -> pd.DataFrame:
    """Return what is wrong in a ledger.

    Parameters
    ----------
    spells
        A `Timeline`, or spells as `Spells.of` takes them.
    on
        The day of the ledger: nothing in it lies later.
    seekers
        A DataFrame or Arrow table, a row a person: `id`, and where they are known `birth_year`,
        `sex`, `status`, `registered_on`, `closed_on`, `close_reason`. What is asked of them is not
        asked without it.
    services
        As `contacts` takes them; their days and results are not asked without it. With seekers
        the results are asked of those alone who are registered on the day.

    Returns
    -------
    pandas.DataFrame
        A row a fault, by its kind in the order of `FAULTS`, then by person and day: `fault`,
        `person`, `record` (id of the spell or service; null where it is the person's own record),
        `other` (id of the spell it does not agree with), `first` and `last` (the days concerned),
        `found`, and the rule and the remedy in both languages.

    Raises
    ------
    ArgumentError
        If a column that is needed is missing, or a word or day is none.
    NotInForceError
        If no rule is known for the day.
    """
    timeline = spells if isinstance(spells, Timeline) else Timeline.of(spells)
    read = timeline.spells
    today = _columns.number_of(on)
    found = [*_of_spells(read, today), *_between(read, timeline, on)]
    asked = read.people
    if seekers is not None:
        people = _columns.as_frame(seekers, "seekers", ("id",))
        found += _of_people(read, timeline, people, on)
        found += _strangers(read, people)
        asked = _columns.objects(people, "id")[_is_open(people, today)]
    if services is not None:
        found += _late_services(services, today)
        found += _results(timeline, services, asked, on)
    return _table(found)


class _Fault(NamedTuple):
    """A fault before it is told: its kind, whose, the records, the days, and what was found."""

    fault: str
    person: str | None
    record: str | None
    other: str | None
    first: int
    last: int
    found: str


def _table(found: list[_Fault]) -> pd.DataFrame:
    """Return faults in their order, with their words."""
    kinds = list(FAULTS)
    found = sorted(
        found,
        key=lambda one: (kinds.index(one.fault), one.person or "", one.first, one.record or ""),
    )
    table = pd.DataFrame(found, columns=list(_Fault._fields), dtype=object)
    for name in ("first", "last"):
        table[name] = _columns.as_days(np.array(list(table[name]), dtype=np.int64))
    for at, name in enumerate(FaultWords._fields):
        table[name] = pd.Series([FAULTS[one.fault][at] for one in found], dtype=object)
    return table[list(COLUMNS)]


def _of_spells(spells: Spells, today: int) -> Iterator[_Fault]:
    """Return what is wrong in single spells."""
    no_day = _columns.NO_DAY
    incomplete = (spells.person < 0) | (spells.status < 0) | (spells.start == no_day)
    yield from _spell_rows("incomplete", spells, incomplete, _what_is_missing)
    ids = pd.Series(spells.id)
    yield from _spell_rows(
        "repeated_id", spells, (ids.duplicated(keep=False) & ids.notna()).to_numpy()
    )
    backwards = (spells.end < spells.start) & (spells.start != no_day)
    yield from _spell_rows("end_before_start", spells, backwards)
    late_end = (spells.end > today) & (spells.end != _columns.FOREVER)
    late = (spells.start > today) | late_end | (spells.verified_on > today)
    yield from _spell_rows("future", spells, late)
    early = (spells.verified_on != no_day) & (spells.verified_on < spells.start)
    yield from _spell_rows(
        "verified_before_start",
        spells,
        early,
        lambda one, at: f"verified_on {_columns.day_of(one.verified_on[at])}",
    )
    half = (spells.verified_by >= 0) != (spells.verified_on != no_day)
    yield from _spell_rows("verification_incomplete", spells, half)


def _between(spells: Spells, timeline: Timeline, on: dt.date) -> Iterator[_Fault]:
    """Return what is wrong between spells of one person."""
    order = spells.in_order()
    person, start, last = spells.person[order], spells.start[order], spells.end[order]
    end, place = before(person, last)
    known = end != _columns.NO_DAY
    over = known & (start <= end)
    both = start[over], np.minimum(end[over], last[over])
    yield from _pairs("overlap", spells, (order[over], order[place[over]]), both)
    apart = known & (start > end + 1)
    between = end[apart] + 1, start[apart] - 1
    yield from _pairs("gap", spells, (order[apart], order[place[apart]]), between)
    # Of the stretches, so that what overlaps has one answer here as well.
    after = np.flatnonzero(
        (timeline.person[1:] == timeline.person[:-1])
        & (timeline.first[1:] == timeline.last[:-1] + 1)
    )
    one, two = timeline.spell[after], timeline.spell[after + 1]
    never = TRANSITIONS.on(on).value.never
    wrong = np.zeros((len(STATUSES), len(STATUSES)), dtype=np.bool_)
    for first, second in never:
        wrong[STATUSES.index(first), STATUSES.index(second)] = True
    bad = wrong[spells.status[one], spells.status[two]]
    day = timeline.first[after + 1][bad]
    yield from _pairs("transition", spells, (two[bad], one[bad]), (day, day))


def _of_people(
    spells: Spells, timeline: Timeline, people: pd.DataFrame, on: dt.date
) -> Iterator[_Fault]:
    """Return what is wrong between spells and the records of persons."""
    ids = _columns.objects(people, "id")
    row = np.append(_columns.places(ids, spells.people), -1)[spells.person]
    known = (spells.person >= 0) & (row >= 0) & (spells.start != _columns.NO_DAY)
    born = _years(people)[row]
    year = spells.start.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    unborn = known & (year < born)
    at_work = np.isin(spells.status, [STATUSES.index(one) for one in (*WORKING, _UNEMPLOYED)])
    young, old = _ages(spells, people, row, known & at_work & ~unborn)
    said = _birth_said(born)
    yield from _spell_rows("before_birth", spells, unborn, said)
    yield from _spell_rows("below_working_age", spells, young, said)
    yield from _spell_rows("beyond_working_age", spells, old, said)
    yield from _of_registrations(timeline, people, on)


def _ages(
    spells: Spells, people: pd.DataFrame, row: NDArray[np.int64], asked: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which spells begin below working age for sure, and which registrations beyond it.

    Only years of birth are known: what holds for every birthday of the year is sure. Days on which
    no rule is known are not judged.
    """
    young, old = np.zeros(len(spells), dtype=np.bool_), np.zeros(len(spells), dtype=np.bool_)
    born, sex = _years(people), _columns.objects(people, "sex")
    from_day = _columns.number_of(WORKING_AGE.entries[0].valid_from)
    asked = asked & (spells.start >= from_day) & ~np.isnan(born[row])
    # Few days and years of birth occur together with a doubt: those in the middle have none.
    year = spells.start.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    age = year - born[row]
    for at in np.flatnonzero(asked & (age <= _SURELY_OF_AGE)):
        day = _columns.day_of(spells.start[at])
        young[at] = age_span([born[row[at]]], day)[1][0] < WORKING_AGE.on(day).value.least
    doubtful = asked & (spells.status == _REGISTERED) & (age >= _MAY_RETIRE)
    starts, group = np.unique(spells.start[doubtful], return_inverse=True)
    rows = np.flatnonzero(doubtful)
    for place, number in enumerate(starts):
        those = rows[group == place]
        told = working_age(born[row[those]], sex[row[those]], _columns.day_of(number))
        old[those] = told == FAIL
    return young, old


_SURELY_OF_AGE: Final = 17
"""Whole years since the year of birth below which working age is looked at by the day."""
_MAY_RETIRE: Final = 49


def _of_registrations(timeline: Timeline, people: pd.DataFrame, on: dt.date) -> Iterator[_Fault]:
    """Return what is wrong between the ledger and registrations as seekers."""
    ids = _columns.objects(people, "id")
    today = _columns.number_of(on)
    closed = _columns.days(people, "closed_on", "seekers")
    open_ = _is_open(people, today)
    now = timeline.at(ids, on)
    own = _columns.objects(people, "status")
    none = open_ & (now == None)  # noqa: E711 - elementwise
    differs = open_ & ~none & (own != None) & (own != now)  # noqa: E711 - as above
    reason = _columns.objects(people, "close_reason")
    after = DEREGISTRATION.on(on).value
    shut = np.flatnonzero((closed != _columns.NO_DAY) & (closed <= today))
    shut = shut[np.array([reason[one] in after for one in shut], dtype=np.bool_)]
    for one in np.flatnonzero(none).tolist():
        yield _Fault("no_spell", ids[one], None, None, today, today, "")
    for one in np.flatnonzero(differs).tolist():
        said = f"{own[one]} / {now[one]}"
        yield _Fault("status_differs", ids[one], None, None, today, today, said)
    then = timeline.at(ids[shut], _columns.as_days(closed[shut]))
    for one, status in zip(shut.tolist(), then, strict=True):
        if status is not None and status not in after[reason[one]]:
            day, said = int(closed[one]), f"{reason[one]} / {status}"
            yield _Fault("closing_differs", ids[one], None, None, day, day, said)


def _is_open(people: pd.DataFrame, today: int) -> NDArray[np.bool_]:
    """Return whose registration as a seeker is open, bool, (n,)."""
    began = _columns.days(people, "registered_on", "seekers")
    closed = _columns.days(people, "closed_on", "seekers")
    return np.asarray((began <= today) & ((closed == _columns.NO_DAY) | (closed > today)))


def _results(
    timeline: Timeline, services: object, ids: NDArray[Any], on: dt.date
) -> Iterator[_Fault]:
    """Return results by which somebody works whom the ledger has as something else."""
    contacted = contacts(services, on, people=ids)
    told = contradictions(contacted, timeline.on(on, people=ids), on)
    told = told.assign(person=ids)[told["result"] == _AT_WORK]
    today = _columns.number_of(on)
    for one in told.to_dict("records"):
        day = _columns.number_of(one["said_on"].date())
        said = f"{_AT_WORK} / {one['status'] or 'no status'}"
        yield _Fault("result_differs", one["person"], one["said_in"], None, day, today, said)


def _strangers(spells: Spells, people: pd.DataFrame) -> Iterator[_Fault]:
    """Return spells of persons of whom there is no record."""
    known = _columns.places(_columns.objects(people, "id"), spells.people) >= 0
    yield from _spell_rows(
        "unknown_person", spells, (spells.person >= 0) & ~np.append(known, [True])[spells.person]
    )


def _late_services(services: object, today: int) -> Iterator[_Fault]:
    """Return services of later days."""
    frame = _columns.as_frame(services, "services", ("person", "on"))
    day = _columns.days(frame, "on", "services")
    own, whose = _columns.objects(frame, "id"), _columns.objects(frame, "person")
    for one in np.flatnonzero(day > today).tolist():
        yield _Fault("future", whose[one], own[one], None, int(day[one]), int(day[one]), "")


def _years(people: pd.DataFrame) -> NDArray[np.float64]:
    """Return years of birth, float64, and NaN behind the last: that of nobody."""
    born = _columns.numbers(people, "birth_year")
    return np.append(born, np.nan)


def _birth_said(born: NDArray[np.float64]) -> Callable[[Spells, int], str]:
    return lambda spells, at: f"birth_year {born[at]:.0f}, {STATUSES[spells.status[at]]}"


def _what_is_missing(spells: Spells, at: int) -> str:
    missing = (
        ("person", spells.person[at] < 0),
        ("status", spells.status[at] < 0),
        ("start", spells.start[at] == _columns.NO_DAY),
    )
    return ", ".join(f"no {name}" for name, is_missing in missing if is_missing)


def _status_said(spells: Spells, at: int) -> str:
    return STATUSES[spells.status[at]] if spells.status[at] >= 0 else ""


def _spell_rows(
    kind: str,
    spells: Spells,
    which: NDArray[np.bool_],
    said: Callable[[Spells, int], str] = _status_said,
) -> Iterator[_Fault]:
    """Yield a fault for each of some spells."""
    for at in np.flatnonzero(which).tolist():
        whose = spells.people[spells.person[at]] if spells.person[at] >= 0 else None
        days = int(spells.start[at]), int(spells.end[at])
        yield _Fault(kind, whose, spells.id[at], None, *days, said(spells, at))


def _pairs(
    kind: str,
    spells: Spells,
    pair: tuple[NDArray[np.int64], NDArray[np.int64]],
    days: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> Iterator[_Fault]:
    """Yield a fault for each pair of spells, the later one first, and the days concerned."""
    for one, other, first, last in zip(*pair, *days, strict=True):
        whose = spells.people[spells.person[one]]
        said = f"{STATUSES[spells.status[other]]} → {STATUSES[spells.status[one]]}"
        yield _Fault(kind, whose, spells.id[one], spells.id[other], int(first), int(last), said)
