"""Contacts: when somebody was last reached, what came of it, and until when the next is due.

未接通 is not a contact, and neither is 空号, where nobody answers: both are attempts. A service
without a result took place, and is a contact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.policy.ledger import _columns
from geo_match.policy.ledger.rules import NO_CONTACT_MONTHS, NO_CONTACT_RESULTS
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
        (its id); of the last service of all, contact or attempt, `last_on`, `last_result`,
        `next_contact_on`; `attempts`, how many services since the last contact reached nobody;
        `today`, how many services there were on the day itself. Null where there was none.

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
    last, contact = np.full(n, -1), np.full(n, -1)
    last[whose[rows]] = rows  # of several the last one stays
    contact[whose[rows[reached]]] = rows[reached]
    told = np.array([*RESULTS, None], dtype=object)
    # What stands last in these is what -1, no row, points to.
    days, nexts = np.append(day, _columns.NO_DAY), np.append(following, _columns.NO_DAY)
    codes = np.append(result, -1)
    contact_on = days[contact]
    attempts = np.zeros(n, dtype=np.int64)
    np.add.at(attempts, whose[rows[~reached & (day[rows] >= contact_on[whose[rows]])]], 1)
    on_the_day = np.zeros(n, dtype=np.int64)
    np.add.at(on_the_day, whose[rows[day[rows] == today]], 1)
    return pd.DataFrame(
        {
            "person": ids,
            "contact_on": _columns.as_days(contact_on),
            "contact_result": told[codes[contact]],
            "contact": np.append(own, np.array([None], dtype=object))[contact],
            "last_on": _columns.as_days(days[last]),
            "last_result": told[codes[last]],
            "next_contact_on": _columns.as_days(nexts[last]),
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
    return _columns.as_days(_columns.add_months(_columns.days(frame, "since", "contacts"), months))
