"""Codes of communities: 12 digits that begin with a province."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_codes.by_hand import PROVINCES, faults_by_one, widened

from geo_match.codes import check_community_code, community_code_faults, community_codes_kept

codes = st.builds("{}{:010}".format, st.sampled_from(PROVINCES), st.integers(0, 10**10 - 1))


@given(codes)
def test_codes_of_every_province_are_accepted(code):
    assert check_community_code(code) == code
    assert check_community_code(f" {widened(code)}\n") == code


@pytest.mark.parametrize(
    "code",
    [
        "",
        "34030200100",
        "3403020010011",
        "340302001",
        "000000000000",
        "990302001001",
        "3403020010o1",
        "340302-001001",
        "٣٤٠٣٠٢٠٠١٠٠١",
    ],
)
def test_what_is_no_code_is_refused(code):
    with pytest.raises(ValueError, match=r"must be 12 digits, .* begin with those of a province"):
        check_community_code(code)


odd = st.one_of(codes, codes.map(widened), st.text("0123456789３ \n", max_size=14), st.none())


@given(st.lists(odd, max_size=8))
def test_a_column_is_judged_as_its_texts_are(texts):
    column = np.array(texts, dtype=object)
    assert community_code_faults(column).tolist() == faults_by_one(check_community_code, texts)
    kept, faults = community_codes_kept(column)
    for text, code, fault in zip(texts, kept, faults, strict=True):
        assert code == (None if text is None or fault else check_community_code(text))


@pytest.mark.reference
def test_every_community_of_the_city_has_such_a_code(reference):
    with (reference / "admin" / "bengbu_communities.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = [text for row in rows for text in row.values() if len(text) == 12 and text.isdigit()]
    assert len(found) >= 1_157
    assert not community_code_faults(np.array(found, dtype=object)).any()
