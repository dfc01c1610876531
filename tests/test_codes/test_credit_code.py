"""Credit codes: those of every authority are accepted, any changed character is noticed."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc
from test_codes.by_hand import LETTERS, credit_check, credit_codes, faults_by_one, widened

from geo_match.codes import check_credit_code, credit_code_faults, credit_codes_kept
from geo_match.codes.credit_code import AUTHORITIES

# Registered bodies whose codes are public: a company and a maker of phones.
KNOWN = ("91110000600037341L", "914403001922038216")


@pytest.mark.parametrize("code", KNOWN)
def test_known_codes_are_accepted(code):
    assert check_credit_code(code) == code
    assert code[-1] == credit_check(code[:-1])


@pytest.mark.parametrize("authority", AUTHORITIES)
def test_codes_of_every_authority_are_accepted(authority):
    body = f"{authority}1340302MA2TEST0"
    body = body.replace("S", "5")[:17].ljust(17, "7")
    code = body + credit_check(body)
    assert check_credit_code(code) == code
    # The library that the arithmetic is taken from refuses the letters among them.
    assert uscc.is_valid(code) is authority.isdigit()


@given(credit_codes)
def test_codes_made_by_the_standard_are_accepted_and_kept(code):
    assert check_credit_code(code) == code


@given(credit_codes)
def test_other_ways_of_writing_are_kept_as_one(code):
    written = f" {code[:8].lower()}-{widened(code[8:])} "
    assert check_credit_code(written) == code


@given(credit_codes, st.integers(0, 17), st.sampled_from(LETTERS + "IOZSV"))
def test_any_changed_character_is_noticed(code, place, letter):
    changed = code[:place] + letter + code[place + 1 :]
    if changed != code:
        with pytest.raises(ValueError, match=r"^must "):
            check_credit_code(changed)


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("", "must have 18 characters"),
        ("340300000012345", "must have 18 characters"),
        ("91110000600037341", "must have 18 characters"),
        ("91110000600037341L1", "must have 18 characters"),
        ("9111000060003734公L", "must consist of digits and Latin letters"),
        ("91110000600037341O", "must not have I, O, Z, S or V"),
        ("B1110000600037341L", "must begin with a registering authority"),
        ("0111000060003734LL", "must begin with a registering authority"),
        ("90110000600037341L", "and a kind"),
        ("911100A0600037341L", "must have the six digits of a division in places 3 to 8"),
        ("91110000600037341M", "must fit its check character"),
        ("91110000600037314L", "must fit its check character"),
    ],
)
def test_what_is_wrong_is_said(code, rule):
    with pytest.raises(ValueError, match=re.escape(rule)):
        check_credit_code(code)


odd = st.one_of(
    credit_codes,
    credit_codes.map(str.lower),
    credit_codes.map(widened),
    credit_codes.map(lambda code: code[:-1] + "0"),
    st.text(LETTERS + "IOZSVａ９ -\n", max_size=20),
    st.none(),
)


@given(st.lists(odd, max_size=8))
def test_a_column_is_judged_as_its_texts_are(texts):
    column = np.array(texts, dtype=object)
    expected = faults_by_one(check_credit_code, texts)
    assert credit_code_faults(column).tolist() == expected
    assert credit_code_faults(pa.chunked_array([pa.array(texts, pa.string())])).tolist() == expected
    kept, faults = credit_codes_kept(column)
    for text, code, fault in zip(texts, kept, faults, strict=True):
        assert code == (None if text is None or fault else check_credit_code(text))
