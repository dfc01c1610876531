"""Numbers in a query: what is taken as one, and that none takes long to be refused."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from api.parameters import _DECIMAL, Lon

LON = TypeAdapter(Lon)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1.", 1), (".5", 0.5), ("+1.5e1", 15), ("-1E-1", -0.1), ("0" * 37 + "117", 117)],
)
def test_a_number_is_taken_however_it_is_written(text, number):
    assert LON.validate_python(text) == number


@pytest.mark.parametrize("text", ["0" * 38 + "117", "9" * 5_000 + "x", ".", "1.2.3", "1e", ""])
def test_what_is_none_or_longer_than_any_is_refused(text):
    with pytest.raises(ValidationError, match="must be a number from -180 to 180"):
        LON.validate_python(text)


@pytest.mark.parametrize("middle", ["", "."])
@pytest.mark.parametrize("end", ["x", "e", ".."])
def test_no_text_is_looked_through_again_and_again(middle, end):
    """To try all ways of sharing the digits among the parts of the pattern would take hours."""
    digits = "1" * 500_000
    assert _DECIMAL.fullmatch(digits + middle + digits + end) is None


def test_a_long_text_in_a_request_is_refused_like_any(ask):
    problem = ask.problem(f"/v1/jobs?lon={'1' * 16_000}x&lat=32.92")
    assert (problem["status"], problem["errors"][0]["parameter"]) == (422, "lon")
