"""Contacts: when somebody was last reached, what came of it, and until when the next is due.

未接通 is not a contact, and neither is 空号, where nobody answers: both are attempts. A service
without a result took place, and is a contact. What was agreed in a contact ends with the next
contact, and with no attempt: one that notes another day moves it, and one without leaves it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.policy.ledger import _columns
from geo_match.policy.ledger.rules import NO_CONTACT_MONTHS, NO_CONTACT_RESULTS
from geo_match.policy.months import add_months_each
from geo_match.records.people import Service

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence

    from numpy.typing import ArrayLike

RESULTS: Final = {
    word: said.split()[0] for word, said in (Service.specs()["result"].about.choices or {}).items()
}
"""What may come of a service, and how it is called in Chinese."""
_NEEDED: Final = ("person", "on")


def contacts(
    services: object,
    on: dt.date,
    *,
    people: ArrayLike | Sequence[str],
    no_contact_results: Collection[str] = NO_CONTACT_RESULTS,
) -> pd.DataFrame:
    """Return the last contact of some persons, and what was tried since, as of the end of a day.

    Parameters
    ----------
    services
        A DataFrame or Arrow table, a row a service: `person`, `on`, and where they are known `id`,
        `result`, `next_contact_on`. Of several on one day the one with the last id is the latest.
        Rows without a person or day, or of later days, count for nothing here.
    on
        The day.
    people
        Ids of those who are asked about, (n,), in whose order the answer is.
    no_contact_results
        Results by which nobody was reached.

    Returns
    -------
    pandas.DataFrame
        A row a person: `person`; of the last contact `contact_on`, `contact_result`, `contact`
        (its id); `said`, `said_on` and `said_in`, the result of the last contact that has one, its
        day and id;
        of the last service of all, contact or attempt, `last_on` and `last_result`;
        `next_contact_on`, the day that is agreed: the one that the latest attempt since the last
        contact noted, if any did, else the contact's own; `put_off_to`, that of an attempt alone;
        `attempts`, how many services since the last contact reached nobody; `today`, how many
        services there were on the day itself. Null where there was none.

    Raises
    ------
    ArgumentError
        If a column that is needed is missing, or a word or day is none.
    """
    frame = _columns.as_frame(services, "services", _NEEDED)
    ids = np.asarray(people, dtype=object)
    day = _columns.days(frame, "on", "services")
    result = _columns.words(frame, "result", tuple(RESULTS), "services")
    following = _columns.days(frame, "next_contact_on", "services")
    own = _columns.objects(frame, "id")
    whose = _columns.places(ids, _columns.objects(frame, "person"))
    today = _columns.number_of(on)
    rows = np.flatnonzero((whose >= 0) & (day != _columns.NO_DAY) & (day <= today))
    rows = rows[np.lexsort((_columns.ranks(own[rows]), day[rows], whose[rows]))]
    unanswered = [tuple(RESULTS).index(one) for one in no_contact_results]
    reached = ~np.isin(result[rows], unanswered)
    n = len(ids)
    # Of several the last one stays; its place in the order tells what came after it.
    last, contact, said, noted = (np.full(n, -1) for _ in range(4))
    last[whose[rows]] = np.arange(len(rows))
    for latest, which in (
        (contact, reached),
        (said, reached & (result[rows] >= 0)),
        (noted, ~reached & (following[rows] != _columns.NO_DAY)),
    ):
        latest[whose[rows[which]]] = np.flatnonzero(which)
    noted[noted < contact] = -1  # an agreement of before the contact is over
    since = ~reached & (np.arange(len(rows)) > contact[whose[rows]])
    attempts = np.bincount(whose[rows[since]], minlength=n)
    on_the_day = np.bincount(whose[rows[day[rows] == today]], minlength=n)
    # What stands last in these is what -1, no row, points to.
    rows = np.append(rows, -1)
    days, nexts = np.append(day, _columns.NO_DAY), np.append(following, _columns.NO_DAY)
    told = np.array([*RESULTS, None], dtype=object)[np.append(result, -1)]
    ids_of = np.append(own, np.array([None], dtype=object))
    put_off, own_next = nexts[rows[noted]], nexts[rows[contact]]
    return pd.DataFrame(
        {
            "person": ids,
            "contact_on": _columns.as_days(days[rows[contact]]),
            "contact_result": told[rows[contact]],
            "contact": ids_of[rows[contact]],
            "said_on": _columns.as_days(days[rows[said]]),
            "said": told[rows[said]],
            "said_in": ids_of[rows[said]],
            "last_on": _columns.as_days(days[rows[last]]),
            "last_result": told[rows[last]],
            "next_contact_on": _columns.as_days(np.where(noted < 0, own_next, put_off)),
            "put_off_to": _columns.as_days(put_off),
            "attempts": attempts,
            "today": on_the_day,
        }
    )


def contact_limit(since: ArrayLike, on: dt.date) -> pd.Series:
    """Return the last day on which a contact still keeps a registration as unemployed.

    A period of months ends on the day of the same number, or the last one of a shorter month; who
    is reached on that day is in time, and from the next day on the months without contact are full.

    Parameters
    ----------
    since
        Days of the last contact, (n,); null where not known.
    on
        The day by whose rule it is worked out.

    Returns
    -------
    pandas.Series
        Days, (n,); null where none is known.

    Raises
    ------
    NotInForceError
        If no rule is known for the day.

    Examples
    --------
    >>> import datetime as dt
    >>> str(contact_limit([dt.date(2025, 8, 31)], dt.date(2025, 12, 1))[0].date())
    '2026-02-28'
    """
    months = NO_CONTACT_MONTHS.on(on).value
    frame = pd.DataFrame({"since": pd.Series(since).to_numpy()})
    last = _columns.as_days(_columns.days(frame, "since", "contacts"))
    later = add_months_each(last.to_numpy(dtype="M8[D]"), months)
    return pd.Series(later.astype("M8[s]"))
