"""Invented credit codes: well formed by the standard, and nobody's."""

from __future__ import annotations

import re

import numpy as np

from geo_match.demo.work.credit_codes import AUTHORITY, DIVISION, credit_codes


def check_character(code):
    """Work the check character of GB 32100 by hand, in plain Python."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(c) * 3**i % 31 for i, c in enumerate(code[:17]))
    return alphabet[-total % 31]


def organisation_check(code):
    """Work the check character of GB 11714 by hand, in plain Python."""
    digits = [int(c, 36) for c in code[8:16]]
    rest = 11 - sum(d * w for d, w in zip(digits, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def test_codes_have_the_form_and_the_check_characters_of_the_standard():
    kinds = np.array([*AUTHORITY] * 500, dtype=object)
    codes = credit_codes(kinds)
    assert len(set(codes)) == len(kinds)
    form = re.compile(r"[19][1-9][0-9]{6}[0-9A-HJ-NPQRTUW-Y]{10}")
    for code, kind in zip(codes, kinds, strict=True):
        assert form.fullmatch(code)
        assert code.startswith(AUTHORITY[kind] + DIVISION)
        assert code[16] == organisation_check(code)
        assert code[17] == check_character(code)


def test_the_division_of_the_codes_does_not_exist():
    from geo_match.demo import facts  # noqa: PLC0415 - slow to import, and only this test needs it

    assert DIVISION.startswith("3403")
    assert DIVISION not in set(facts.communities()["district_code"])
