"""ID-card numbers: found wherever a text hides them, never shown, other numbers let pass."""

from __future__ import annotations

import datetime as dt
import itertools
import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import ric
from test_codes.by_hand import (
    card_check,
    cards,
    credit_check,
    credit_codes,
    faults_by_one,
    old_cards,
    widened,
)

from geo_match.codes import check_id_card, check_no_id_card, has_id_card, mask_id_cards

EXAMPLES = ("11010519491231002X", "440524188001010014")
"""Of GB 11643-1999 itself; the second was born before 1900, as nobody alive was."""
CARD = "340302199001011237"
SIZES = (1, 9)
"""How often a column has the same texts: few are looked at otherwise than many."""
words = st.text(st.sampled_from("身份证号码：示例路，。/x"), max_size=6)
between = st.sampled_from(["", " ", "-", "\u3000", "－", "—", " - ", "\u200b", "\u00a0"])


def is_refused(text):
    return faults_by_one(check_no_id_card, [text])[0]


def grouped(number, cuts, mark):
    """Write a number in groups."""
    edges = [0, *sorted(set(cuts)), len(number)]
    return mark.join(number[a:b] for a, b in itertools.pairwise(edges))


def test_the_example_of_the_standard_is_one():
    assert check_id_card(EXAMPLES[0]) == EXAMPLES[0]
    assert is_refused(EXAMPLES[0])
    assert not is_refused(EXAMPLES[1])


@given(cards, words, words)
def test_numbers_made_by_the_standard_are_found_in_any_text(card, before, after):
    assume(not after.startswith("x") or not card.endswith("X"))
    for written in (card, card.lower(), widened(card)):
        assert is_refused(before + written + after)
    assert check_id_card(card) == card


@given(cards, st.lists(st.integers(1, 17), max_size=6), between, words)
def test_numbers_in_groups_are_found(card, cuts, mark, before):
    written = grouped(card, cuts, mark)
    # A community's code and serial numbers: only the last century's years are believed.
    assume(not cuts or min(cuts) != 12 or not mark or card[6:8] == "19")
    assert is_refused(f"{before}{written}。")
    assert check_id_card(written) == card


@given(old_cards, words, words, st.sampled_from([(), (6,), (12,), (6, 12), (3, 6, 9, 12), (5, 10)]))
def test_old_numbers_are_found(card, before, after, cuts):
    before, after = before.rstrip("x"), after.lstrip("x")
    assert is_refused(before + card + after)
    assert is_refused(f"{before}{grouped(card, cuts, ' ')}。")
    assert is_refused(widened(card))


@given(cards, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_no_vault_keeps_a_number_with_a_changed_character(card, place, letter):
    changed = card[:place] + letter + card[place + 1 :]
    if changed != card:
        with pytest.raises(ValueError, match="must be an ID-card number"):
            check_id_card(changed)


@given(cards, st.sampled_from("0123456789Xx"), words, words)
def test_a_number_is_refused_in_a_text_whatever_its_check_character(card, letter, before, after):
    assume(not after.startswith("x"))
    mistyped = card[:17] + letter
    assert is_refused(before + mistyped + after)
    assert is_refused(before + widened(mistyped) + after)
    for n in SIZES:
        assert has_id_card(np.array([before + mistyped + after] * n, dtype=object)).all()


@given(cards, st.integers(14, 16), st.sampled_from("0123456789"))
def test_a_number_with_another_sequence_is_somebody_elses(card, place, letter):
    assert is_refused(f"证号{card[:place]}{letter}{card[place + 1 :]}，")


@given(cards)
def test_no_message_shows_more_than_the_last_four(card):
    with pytest.raises(ValueError, match=f"ends in {card[-4:]}: ") as caught:
        check_no_id_card(f"张三 {card}")
    assert card[:6] not in str(caught.value)
    assert re.search("[0-9]{5}", str(caught.value)) is None
    with pytest.raises(ValueError, match="must be") as caught:
        check_id_card(card[:-1])
    assert card[:6] not in str(caught.value)


@given(st.one_of(cards, old_cards), words, st.lists(st.integers(1, 14), max_size=3))
def test_a_masked_text_has_the_last_four_and_no_more(card, before, cuts):
    assume(not cuts or min(cuts) != 12)
    before = before.rstrip("x")
    written = grouped(card, cuts if len(card) == 18 else (), "-")
    masked = mask_id_cards(before + written)
    assert len(masked) == len(before + written)
    assert masked.startswith(before)
    assert masked.count("*") == len(card) - 4
    assert masked.replace("-", "").endswith(card[-4:])
    assert not is_refused(masked)


def test_a_number_with_one_wrong_digit_is_masked_all_the_same():
    assert mask_id_cards("340302199001011238 和 13805521234") == "**************1238 和 13805521234"


def test_numbers_beside_other_numbers_are_found():
    assert is_refused(f"2022-03-15 {CARD} 13805521234")
    assert is_refused(f"13805521234 {CARD}")
    assert is_refused(f"1 {CARD}")
    assert is_refused(f"ID{CARD}ok")


@pytest.mark.parametrize(
    ("county", "known"), [("340302", True), ("340399", False), ("830000", False)]
)
def test_counties_that_the_library_does_not_know_are_refused_too(county, known):
    body = f"{county}19900101123"
    card = body + card_check(body)
    assert is_refused(card)
    try:
        told = ric.is_valid(card)
    except KeyError:
        told = False
    assert told is known


def test_residence_cards_of_foreigners_are_refused_and_companies_codes_are_not():
    body = "91115619900101123"
    card = body + card_check(body)
    assert is_refused(card)
    # A credit code of digits alone whose check character fits both ways.
    bodies = (f"9134031900101{serial:04}" for serial in range(10_000))
    both = next(
        body + card_check(body) for body in bodies if card_check(body) == credit_check(body)
    )
    assert both.isdigit()
    assert not is_refused(both)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "340302001001",
        "H340302001001-00000",
        "340302001001-001",
        "340302001001001",  # a block: a community's code and three digits
        "340302001012001",
        "H340322201203-010123",
        "S340303200002-01582-1",
        "PR648945380613443",
        "648945380613443G",
        "13805521234",
        "13805521234 3000",
        "13805521234-13905521234",
        "0552-3012345 0552-3012346",
        "2022-03-15 2023-03-15",
        "2022年3月15日",
        "340300000012345",  # a licence's number until 2015
        "340302220315001",  # a district, a day of 2022 and a serial number
        f"{CARD}0",
        f"0{CARD}",
        "6222021234567890123",
        "117.433304, 32.930090",
        "340302199013011235",  # no thirteenth month
        "34030219900230" + "123" + card_check("34030219900230123"),
        "99030219900101" + "123" + card_check("99030219900101123"),
        "340302900230123",
        "340302900101",
        "34030218990101123" + card_check("34030218990101123"),
    ],
)
def test_other_numbers_pass(text):
    assert check_no_id_card(text) == text
    for n in SIZES:
        assert not has_id_card(np.array([text] * n, dtype=object)).any()


@given(credit_codes)
def test_credit_codes_with_letters_pass(code):
    assume(not code[:17].isdigit())
    assert check_no_id_card(code) == code


@given(st.dates(dt.date(1990, 1, 1), dt.date(2035, 1, 1)), st.integers(0, 10**8 - 1))
def test_days_and_phone_numbers_pass(day, number):
    phone = f"138{number:08}"
    for text in (f"{day:%Y-%m-%d} {phone}", f"{phone} {day:%Y%m%d}", f"{day:%Y%m%d}{phone}"):
        assert check_no_id_card(text) == text


@pytest.mark.parametrize("text", ["", "身份证" + CARD, "3403021990010112", "abc", EXAMPLES[1]])
def test_what_is_no_number_of_a_card_is_said(text):
    with pytest.raises(ValueError, match="must be an ID-card number of 18 characters"):
        check_id_card(text)


texts = st.one_of(
    cards,
    old_cards,
    st.builds(grouped, cards, st.lists(st.integers(1, 17), max_size=4), between),
    st.builds(grouped, old_cards, st.lists(st.integers(1, 14), max_size=4), between),
    st.builds("{}{}{}".format, words, st.one_of(cards, old_cards).map(widened), words),
    st.text("0123456789Xx -１２３－\u3000身", max_size=24),
    st.text(max_size=24),
    st.none(),
)


@given(st.lists(texts, max_size=8))
def test_a_column_is_judged_as_its_texts_are(column):
    expected = faults_by_one(check_no_id_card, column)
    for n in SIZES:
        assert has_id_card(np.array(column * n, dtype=object)).tolist() == expected * n
        assert has_id_card(pa.array(column * n, pa.string())).tolist() == expected * n


@given(cards, st.sampled_from(["E+17", "e+17", "E+017"]))
def test_what_a_spreadsheet_leaves_of_a_number_is_refused_and_masked(card, exponent):
    amount = f"{card[0]}.{card[1:15].rstrip('0')}{exponent}"
    for text in (f"{card[:15]}000", amount, f"证号 {amount}。", widened(amount)):
        assert is_refused(text)
        assert card[6:14] not in mask_id_cards(text)
        assert card[1:12] not in mask_id_cards(text)
    with pytest.raises(ValueError, match="must be an ID-card number"):
        check_id_card(amount)


def test_what_a_spreadsheet_leaves_of_a_number_is_none_that_a_vault_keeps():
    assert card_check(CARD[:15] + "00") != "0"
    with pytest.raises(ValueError, match="must be an ID-card number"):
        check_id_card(CARD[:15] + "000")


@pytest.mark.parametrize(
    "text",
    [
        "340302199013011000",
        "3.40302E+17",  # a division alone
        "3.40302199013011E+17",
        "3.40302199001011E+16",
        "103456199001011000",
    ],
)
def test_other_amounts_are_nobodys(text):
    assert not is_refused(text)
