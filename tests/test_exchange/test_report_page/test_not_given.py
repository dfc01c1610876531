"""What a service plan was not given: named alike wherever it is told."""

from __future__ import annotations

import pytest

from geo_match.exchange.report_page.not_given import not_given_name


@pytest.mark.parametrize(
    ("name", "chinese", "english"),
    [
        ("people", "人口", "people"),
        ("people.birth_year", "人口的出生年份", "years of birth"),
        ("seekers.veteran", "退役军人", "Veterans"),
        ("something", "something", "something"),
    ],
)
def test_it_is_named_in_both_languages(name, chinese, english):
    assert not_given_name(name) == (chinese, english)
