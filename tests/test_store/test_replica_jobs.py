import datetime as dt

import pytest

from geo_match.store.replica._jobs import Openings, people_sought

DAY = dt.date(2025, 6, 1)


def job(site="S", vacancies=2, filled=None, opened_on=None, closed_on=None):
    return {
        "site_id": site,
        "vacancies": vacancies,
        "filled": filled,
        "opened_on": opened_on,
        "closed_on": closed_on,
    }


@pytest.mark.parametrize(
    ("vacancies", "filled", "left"),
    [(5, None, 5), (5, 2, 3), (5, 5, 0), (5, 7, 0), (0, None, 0), (None, None, 1), (None, 9, 1)],
)
def test_people_sought_are_those_not_found_yet(vacancies, filled, left):
    assert people_sought(vacancies, filled) == left


@pytest.mark.parametrize(
    ("opened_on", "closed_on", "is_open"),
    [
        (None, None, True),
        ("2025-06-01", None, True),
        ("2025-06-02", None, False),
        (None, "2025-06-01", False),
        (None, "2025-06-02", True),
        ("2025-05-01", "2025-05-31", False),
    ],
)
def test_a_posting_is_open_from_its_opening_until_before_its_closing(opened_on, closed_on, is_open):
    openings = Openings(DAY)
    openings.put("J", job(opened_on=opened_on, closed_on=closed_on))
    assert openings.of("S") == ((1, 2) if is_open else (0, 0))


def test_a_posting_that_moves_is_filled_or_goes_changes_the_tallies_of_its_sites():
    openings = Openings(DAY)
    assert openings.put("J", job()) == {"S"}
    assert openings.put("K", job(vacancies=None)) == {"S"}
    assert openings.of("S") == (2, 3)
    assert openings.put("J", job()) == set()
    assert openings.put("J", job(site="T")) == {"S", "T"}
    assert (openings.of("S"), openings.of("T")) == ((1, 1), (1, 2))
    assert openings.put("J", job(site="T", filled=2)) == {"T"}
    assert openings.of("T") == (0, 0)
    assert openings.put("K", job(site=None)) == {"S"}
    assert openings.put("K", None) == set()
    assert openings.of("S") == (0, 0)


def test_on_another_day_other_postings_are_open():
    openings = Openings(DAY)
    openings.put("J", job(closed_on="2025-06-02"))
    openings.put("K", job(vacancies=7, opened_on="2025-06-02"))
    assert openings.of("S") == (1, 2)
    openings.turn_to(DAY + dt.timedelta(1))
    assert openings.of("S") == (1, 7)
