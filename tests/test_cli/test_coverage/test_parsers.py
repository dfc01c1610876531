"""How the words of `coverage` are read."""

from __future__ import annotations

import pytest
import typer

import geo_match as gm
from geo_match.cli.coverage.asking.parsers import check_competition, competition_of


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("binary", gm.coverage.Binary()),
        ("stepped:1000=1,3000=0.5", gm.coverage.Stepped(((1000.0, 1.0), (3000.0, 0.5)))),
        ("exponential:0.5", gm.coverage.Exponential(0.5)),
        ("gaussian:1500", gm.coverage.Gaussian(1500.0)),
    ],
)
def test_a_decay_is_read_as_the_library_has_it(text, meant):
    assert competition_of(text) == meant
    assert check_competition(text) == text


@pytest.mark.parametrize(
    "text",
    ["", "Binary", "binary:1", "stepped", "stepped:1000", "stepped:1=1=1", "gaussian:", "x:1"],
)
def test_what_is_no_decay_is_refused_with_the_forms_that_are(text):
    with pytest.raises(typer.BadParameter, match="must be binary, stepped:METRES=WEIGHT"):
        competition_of(text)


@pytest.mark.parametrize("text", ["gaussian:0", "exponential:-1", "stepped:3000=1,1000=1"])
def test_numbers_that_a_decay_does_not_take_are_refused_by_its_rule(text):
    with pytest.raises(typer.BadParameter, match=f"must .*, got '{text}'"):
        competition_of(text)
