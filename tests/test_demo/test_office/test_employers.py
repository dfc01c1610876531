"""Employers in their list: credit codes that check, names that are their own."""

from __future__ import annotations

import numpy as np

CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def checks(code):
    """Say whether a code of GB 32100-2015 has its check character, reckoned term by term."""
    if len(code) != 18 or any(character not in CHARACTERS for character in code):
        return False
    total, weight = 0, 1
    for character in code[:17]:
        total += CHARACTERS.index(character) * weight
        weight = weight * 3 % 31
    return CHARACTERS.index(code[17]) == (31 - total % 31) % 31


def test_credit_codes_that_do_not_check_are_those_labelled(office, labelled):
    codes = office.lists["经营实体.csv"]["统一社会信用代码"].str.strip()
    wrong = {row for row, code in enumerate(codes) if not checks(code)}
    assert wrong == labelled("经营实体.csv", "bad_credit_code")


def test_names_that_two_employers_have_are_those_labelled(office, labelled):
    cells = office.lists["经营实体.csv"]
    once = cells[~cells.index.isin(labelled("经营实体.csv", "duplicate_row", "stale_version"))]
    names = once["单位名称"].str.strip()
    shared = set(names.index[names.duplicated(keep=False)])
    assert shared == labelled("经营实体.csv", "repeated_name") - labelled(
        "经营实体.csv", "duplicate_row"
    )


def test_of_two_employers_with_one_name_one_has_its_own(office):
    labels = office.defects[
        (office.defects["file"] == "经营实体.csv") & (office.defects["defect"] == "repeated_name")
    ].drop_duplicates("id")
    own = (labels["value"] == labels["truth"]).groupby(labels["value"]).sum()
    assert np.array_equal(own, np.ones(len(own)))
