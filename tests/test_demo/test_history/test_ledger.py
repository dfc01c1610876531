"""Who is in the ledger: all who look, some who did, and when each of them left school and work."""

from __future__ import annotations

import numpy as np
import pytest

from geo_match.demo.history.ledger import draw_ledger
from geo_match.demo.vocabulary import STATUS

SEED = 20220512


@pytest.fixture(scope="module")
def drawn(people):
    return draw_ledger(people, seed=SEED)


def test_every_seeker_is_in_the_ledger_once(drawn, people):
    assert np.array_equal(drawn.member[drawn.seeks], np.sort(people.seeker_row()))
    assert (np.diff(drawn.member) > 0).all()
    assert np.array_equal(drawn.key, people.member_key()[drawn.member])


def test_other_persons_of_the_ledger_are_some_of_each_status(drawn, people):
    everybody = people.members["status"].cat.codes.to_numpy()
    for name, low, high in (
        ("employed", 0.05, 0.09),
        ("flexible", 0.06, 0.11),
        ("not_seeking", 0.04, 0.10),
        ("incapable", 0.04, 0.13),
    ):
        code = STATUS.index(name)
        chosen = (drawn.status[~drawn.seeks] == code).sum()
        assert low < chosen / (everybody == code).sum() < high
    assert (drawn.status == STATUS.index("under_age")).sum() == 0


def test_the_retired_became_so_since_2022_and_nobody_else_has(drawn):
    retired = drawn.status == STATUS.index("retired")
    assert (drawn.retires[retired] > np.datetime64("2022-04-01")).all()
    assert (drawn.retires[retired] <= np.datetime64("2025-12-31")).all()
    assert (drawn.retires[~retired] > np.datetime64("2025-12-31")).all()


@pytest.mark.parametrize(
    ("birth_year", "woman", "day"),
    [
        # Worked by hand from the decision of 13 September 2024; born in July.
        (1963, False, "2023-07-01"),
        (1964, False, "2024-07-01"),
        (1965, False, "2025-09-01"),
        (1975, True, "2025-11-01"),
    ],
)
def test_working_age_ends_by_the_steps_of_the_reform(drawn, birth_year, woman, day):
    retired = drawn.status == STATUS.index("retired")
    here = retired & (drawn.birth_year == birth_year) & (drawn.woman == woman)
    assert np.datetime64(day) in drawn.retires[here]


def test_school_ends_in_july_of_the_year_and_never_before_sixteen(drawn):
    assert (drawn.free >= drawn.sixteen).all()
    assert (drawn.free.astype("datetime64[M]").astype(int) % 12 == 6).all()
    assert (drawn.birth_year + 16 == drawn.sixteen.astype("datetime64[Y]").astype(int) + 1970).all()
