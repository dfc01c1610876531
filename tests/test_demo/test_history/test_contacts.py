"""The chain of contacts during a registration: in its time, at intervals, ending as it ended."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo_match.demo.history._days import to_days
from geo_match.demo.history.contacts import (
    KINDS,
    MOVED_AWAY,
    NO_ANSWER,
    PHONE,
    REFUSED,
    SILENCE,
    draw_chain,
)

SINCE = 19_125
N = 4_000


def _registrations(reason, days=400):
    start = pd.Timestamp("2022-08-01") + pd.to_timedelta(np.arange(N) % 500, unit="D")
    frame = pd.DataFrame({"registered_on": start, "closed_on": start + pd.Timedelta(days=days)})
    return frame.assign(close_reason=reason)


def _chain(registrations):
    return draw_chain(registrations, np.arange(N, dtype=np.uint64), since=SINCE, seed=3)


@pytest.mark.parametrize("days", [1, 2, 30, 400, 1_200])
def test_contacts_lie_within_their_registration(days):
    registrations = _registrations("hired", days)
    chain = _chain(registrations)
    assert (chain.on >= to_days(registrations["registered_on"])[chain.row]).all()
    assert (chain.on < to_days(registrations["closed_on"])[chain.row]).all()


def test_a_month_or_two_lies_between_contacts_and_more_for_the_neglected():
    chain = _chain(_registrations("hired"))
    n = np.bincount(chain.row, minlength=N)
    assert 4 < n.mean() < 8
    assert 0.01 < (n == 0).mean() < 0.06
    assert 0.03 < ((n > 0) & (n <= 2)).mean() < 0.12
    assert len(np.unique(chain.key)) == len(chain.key)


def test_whoever_was_lost_was_called_in_vain_at_the_end():
    registrations = _registrations("no_contact")
    chain = _chain(registrations)
    late = chain.on > to_days(registrations["closed_on"])[chain.row] - SILENCE
    assert (chain.result[late] == NO_ANSWER).all()
    assert (chain.kind[late] == PHONE).all()
    assert (chain.result[~late] == NO_ANSWER).mean() < 0.2


@pytest.mark.parametrize(("reason", "result"), [("refused", REFUSED), ("moved_away", MOVED_AWAY)])
def test_the_last_contact_says_why_it_was_the_last(reason, result):
    chain = _chain(_registrations(reason))
    last = np.append(np.diff(chain.row) > 0, values=True)
    assert (chain.result[last] == result).all()
    assert set(chain.kind[last]) <= {KINDS.index("visit"), PHONE}
