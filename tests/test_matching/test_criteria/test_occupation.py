"""How near two occupations are, over whole tables: held to the plain twin and to the table."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from test_matching.pairs import GB

from geo_match.matching import plain
from geo_match.matching.criteria import occupation
from geo_match.matching.options import LEVELS, MatchOptions
from geo_match.matching.plain.occupation import nearness
from geo_match.rules.outcome import OUTCOMES
from geo_match.taxonomy import Occupations

WORTH = {"minor": 1.0, "middle": 0.75, "listed": 0.75, "major": 0.5, "": 0.0}
RELATED = (("401", "60501"), ("3", "40102"))


def values(codes, table):
    told = [(table.comparable(code), code, GB) for code in codes]
    assert len(told) == len(codes)
    return told


def assert_near(codes, table):
    """Hold all pairs of some codes to `Occupations.related`, which says the same by itself."""
    given = values(codes, table)
    found = {
        level: occupation.outcomes(
            given, given, MatchOptions(occupations=table, occupation_level=level)
        )
        for level in LEVELS
    }
    worth = occupation.nearness(given, given, MatchOptions(occupations=table))
    for i, one in enumerate(codes):
        for j, other in enumerate(codes):
            relation = table.related(one, other)
            assert worth[i, j] == WORTH[relation or ""]
            for level in LEVELS:
                near = relation in LEVELS[: LEVELS.index(level) + 1]
                assert (OUTCOMES[found[level][i, j]] == "pass") == near


def assert_as_the_twin(codes, table, related=()):
    """Hold all pairs of some codes to the plain twin, with pairs that the options relate."""
    given = values(codes, table)
    records = [{"occupation": code, "occupation_version": GB} for code in codes]
    worth = occupation.nearness(
        given, given, MatchOptions(occupations=table, related_occupations=related)
    )
    for level in LEVELS:
        asked = {"occupations": table, "occupation_level": level, "related_occupations": related}
        found = occupation.outcomes(given, given, MatchOptions(**asked))
        options = plain.PlainOptions(**asked)
        for i, one in enumerate(records):
            expected = [plain.CONDITIONS["occupation"](one, other, options) for other in records]
            assert [OUTCOMES[outcome] for outcome in found[i]] == expected
            if level == "middle":
                near = [WORTH[nearness(one, other, options)] for other in records]
                assert worth[i].tolist() == near


def test_every_pair_of_the_shipped_table_is_as_near_as_it_says():
    table = Occupations()
    assert_near([group.code for group in table], table)


def test_every_pair_of_the_shipped_table_is_judged_as_the_twin_judges():
    table = Occupations()
    codes = [group.code for group in table if group.code[0] in "1469"]
    codes += ["40101", "40102", "4010103", "60501", "119", "11901", "9", "000", "4019"]
    assert_as_the_twin(codes, table, RELATED)


@pytest.mark.reference
def test_every_minor_group_of_the_reference_is_as_near_as_the_table_says(reference):
    path = reference / "taxonomy" / "gbt6565_2009_occupations.csv"
    table = Occupations.load(path)
    with path.open(encoding="utf-8") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    assert len(codes) == len(table)
    assert_near(codes[::3], table)
    mixed = [*codes[::25], "4010103", "4010199", "40199", "401", "4", "419"]
    assert_as_the_twin(mixed, table, RELATED)


def test_nearness_does_not_depend_on_which_comes_first():
    table = Occupations()
    codes = ["4", "401", "40101", "4010103", "403", "60501", "6", "119", "4019"]
    given = values(codes, table)
    for level in LEVELS:
        options = MatchOptions(occupation_level=level, related_occupations=RELATED)
        for told in (occupation.outcomes, occupation.nearness):
            table_of = told(given, given, options)
            assert (table_of == table_of.T).all()
            assert told(given, [], options).shape == (len(codes), 0)
            assert told([], given, options).shape == (0, len(codes))


def test_another_edition_is_unknown_and_worth_nothing():
    one, other = [("40101", "40101", GB)], [("40101", "40101", "2022")]
    options = MatchOptions(related_occupations=[("401", "401")])
    assert OUTCOMES[occupation.outcomes(one, other, options)[0, 0]] == "unknown"
    assert np.array_equal(occupation.nearness(one, other, options), [[0.0]])
