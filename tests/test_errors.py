"""Each error says what to mend, and can be caught as ours or as the builtin it is."""

from __future__ import annotations

import pickle

import pytest

from geo_match import errors


def errors_like(base: type[Exception]) -> list[type[Exception]]:
    every = (found for found in vars(errors).values() if isinstance(found, type))
    return [error for error in every if issubclass(error, base)]


ARGUMENT_ERRORS = errors_like(errors.ArgumentError)
SENTENCE_ERRORS = [*ARGUMENT_ERRORS, *errors_like(errors.FileError)]


@pytest.mark.parametrize("error", ARGUMENT_ERRORS)
def test_an_argument_error_names_argument_rule_value_and_remedy(
    error: type[errors.ArgumentError],
) -> None:
    raised = error("radius_m", "be above 0", "-5.0", "Give metres.")
    assert str(raised) == "`radius_m` must be above 0, got -5.0. Give metres."
    assert (raised.argument, raised.rule, raised.found) == ("radius_m", "be above 0", "-5.0")
    assert raised.remedy == "Give metres."


@pytest.mark.parametrize("error", SENTENCE_ERRORS)
def test_every_error_is_ours_and_a_value_error(error: type[Exception]) -> None:
    assert issubclass(error, errors.GeoMatchError)
    assert issubclass(error, ValueError)


def test_a_rule_that_says_it_all_needs_no_remedy() -> None:
    assert str(errors.ArgumentError("k", "be 1", "0")) == "`k` must be 1, got 0."


@pytest.mark.parametrize("error", SENTENCE_ERRORS)
def test_every_error_survives_a_trip_to_another_process(
    error: type[errors.ArgumentError | errors.FileError],
) -> None:
    raised = error("radius_m", "be above 0", "-5.0", "Give metres.")
    back = pickle.loads(pickle.dumps(raised))  # noqa: S301 - our own bytes
    assert type(back) is error
    assert str(back) == str(raised)
    assert back.remedy == "Give metres."
