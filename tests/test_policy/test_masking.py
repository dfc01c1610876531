"""A masked name hides a character at least, a masked phone number six digits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_match.policy.masking import mask_name, mask_phone


@settings(max_examples=50)
@given(st.text(st.characters(categories=["L"]), min_size=1, max_size=6))
def test_at_least_one_character_of_a_name_is_hidden_and_at_most_one_shown(name):
    masked = mask_name(name)
    assert len(masked) == len(name)
    assert sum(one != "*" for one in masked) <= min(1, len(name) - 1)


@settings(max_examples=50)
@given(st.text("0123456789", min_size=1, max_size=16))
def test_at_least_six_digits_of_a_phone_number_are_hidden(phone):
    masked = mask_phone(phone)
    assert masked.count("*") == min(6, len(phone))
    assert all(one in ("*", other) for one, other in zip(masked, phone, strict=True))


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13800000012", "138******12"), ("0552-3000000", "055*-*****00"), ("110", "***")],
)
def test_the_hidden_digits_lie_in_the_middle(phone, masked):
    assert mask_phone(phone) == masked


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_what_is_not_there_is_not_masked(empty):
    assert mask_name(empty) is None
    assert mask_phone(empty) is None
