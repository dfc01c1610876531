"""The twin's occupations, held to the table itself."""

from __future__ import annotations

from hypothesis import given
from test_matching import strategies
from test_matching.plain_pairs import asked

from geo_match.matching.plain.occupation import nearness
from geo_match.taxonomy import Occupations


@given(*[strategies.OCCUPATIONS] * 2)
def test_occupations_are_as_near_as_the_table_itself_says(one, other):
    found = nearness({"occupation": one}, {"occupation": other}, asked())
    assert found == (Occupations().related(one, other) or "")
