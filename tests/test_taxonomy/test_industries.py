"""Industries: the shipped sections and divisions, and codes as lists write them."""

from __future__ import annotations

import csv
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.taxonomy import INDUSTRIES_VERSION, INDUSTRY_PATTERN, Industries, check_industry

INDUSTRIES = Industries()
DIVISIONS = [group for group in INDUSTRIES if group.level == 2]


def test_all_sections_and_divisions_are_shipped():
    assert [group.code for group in INDUSTRIES if group.level == 1] == list("ABCDEFGHIJKLMNOPQRST")
    assert sorted(group.code[1:] for group in DIVISIONS) == [f"{n:02}" for n in range(1, 98)]
    assert len(INDUSTRIES) == 117
    assert INDUSTRIES.version == INDUSTRIES_VERSION == "GB/T 4754-2017"


@pytest.mark.reference
def test_the_shipped_groups_are_those_of_the_reference(reference):
    with (reference / "taxonomy" / "gbt4754_2017.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {
        (row["code"], row["level"], row["name"], row["parent"])
        for row in rows
        if int(row["level"]) <= 2
    } == {(group.code, str(group.level), group.name, group.parent) for group in INDUSTRIES}
    assert [check_industry(row["code"]) for row in rows] == [row["code"] for row in rows]
    assert [check_industry(row["code"][1:] or row["code"]) for row in rows] == [
        row["code"] for row in rows
    ]


@given(st.sampled_from(DIVISIONS), st.text("0123456789", max_size=2))
def test_codes_are_kept_with_the_letter_of_their_section(division, finer):
    code = division.code + finer
    assert check_industry(code) == code
    assert re.search(INDUSTRY_PATTERN, code)
    assert check_industry(code.lower()) == code
    assert check_industry(code[1:]) == code
    assert check_industry(f" {code[0]} {code[1:]}") == code
    assert INDUSTRIES.longest_known(code) == division.code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("F", "F"),
        ("Ｆ５２", "F52"),
        ("零售业", "F52"),
        ("批发和零售业", "F"),
        ("教育", "P"),  # section and division bear the same name
    ],
)
def test_letters_and_names_find_their_code(written, code):
    assert check_industry(written) == code


@pytest.mark.parametrize(
    "written", ["", "U", "F99", "98", "00", "A52", "F5", "5", "F52110", "F-52", "餐饮", "F５２x"]
)
def test_what_is_no_code_is_refused(written):
    with pytest.raises(ValueError, match="must be a code of GB/T 4754-2017: a section's letter"):
        check_industry(written)


def test_names_are_those_of_groups_alone():
    assert INDUSTRIES.name("F52") == "零售业"
    assert INDUSTRIES.name("F5211") is None
    assert "F" in INDUSTRIES
    assert "F5211" not in INDUSTRIES
    assert INDUSTRIES.longest_known("F99") == "F"
    assert not INDUSTRIES.longest_known("餐饮")
