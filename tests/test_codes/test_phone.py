"""Phone numbers: read as people write them, kept in one form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_codes.by_hand import faults_by_one, widened

from geo_match.codes import check_phone, phone_faults, phones_kept

mobiles = st.builds("1{}{:09}".format, st.integers(3, 9), st.integers(0, 10**9 - 1))
areas = st.one_of(
    st.just("010"),
    st.builds("02{}".format, st.integers(0, 9)),
    st.builds("0{}".format, st.integers(300, 999)),
)
own = st.builds("{}{}".format, st.integers(2, 9), st.text("0123456789", min_size=6, max_size=7))
landlines = st.builds("{}-{}".format, areas, own)
service = st.one_of(
    st.builds("400{:07}".format, st.integers(0, 9_999_999)),
    st.builds("95{:03}".format, st.integers(0, 999)),
)
extension = st.one_of(st.just(""), st.integers(0, 999_999).map("-{}".format))
kept = st.one_of(mobiles, st.builds("{}{}".format, st.one_of(landlines, service), extension))


@given(kept)
def test_a_number_that_is_kept_stays_as_it_is(number):
    assert check_phone(number) == number


@given(mobiles, st.sampled_from(["", "+86", "+86 ", "86", "0086-", "+86-"]))
def test_mobile_numbers_in_groups_and_from_abroad(number, country):
    for written in (
        f"{country}{number}",
        f"{country}{number[:3]} {number[3:7]} {number[7:]}",
        f" {country}{number[:3]}-{number[3:7]}-{number[7:]}\t",
        widened(f"{country}{number}"),
    ):
        assert check_phone(written) == number


@given(areas, own, st.integers(0, 99_999))
def test_landlines_in_other_ways_of_writing(area, number, inner):
    form = f"{area}-{number}"
    for written in (
        form,
        f"{area}{number}",
        f"({area}){number}",
        f"（{area}） {number}",
        f"{area} {number[:-4]} {number[-4:]}",
        f"+86 {area[1:]} {number}",
        f"0086-{area}-{number}",
    ):
        assert check_phone(written) == form
    for written in (
        f"{form}转{inner}",
        f"{form} ext. {inner}",
        f"{form}-{inner}",
        f"{form} x{inner}",
    ):
        assert check_phone(written) == f"{form}-{inner}"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("400-123-4567", "4001234567"),
        ("400 1234 567 转 8", "4001234567-8"),
        ("95588", "95588"),
        ("95105105", "95105105"),
        ("０５５２—３０１２３４５", "0552-3012345"),
    ],
)
def test_numbers_as_offices_write_them(written, number):
    assert check_phone(written) == number


@pytest.mark.parametrize(
    "written",
    [
        "",
        "3012345",  # without its area code
        "12805521234",  # no mobile begins with 12
        "1380552123",
        "138055212345",
        "0552-301234",
        "0552-301234567",
        "0552-1012345",  # no local number begins with 1
        "0052-3012345",
        "13805521234/13905521234",
        "13805521234 13905521234",
        "9555",
        "400123456",
        "无",
        "0552-3012345转",
        "0552-3012345-1234567",
        "+1 2025550123",
        "٠١٠88881234",
        "-" * 100_000,
        "0552" + " " * 100_000 + "3012345",
    ],
)
def test_what_is_no_number_is_refused(written):
    with pytest.raises(ValueError, match="must be one phone number"):
        check_phone(written)


odd = st.one_of(kept, kept.map(widened), st.text("0123456789-+() 转ext\n", max_size=16), st.none())


@given(st.lists(odd, max_size=8))
def test_a_column_is_judged_as_its_texts_are(texts):
    column = np.array(texts, dtype=object)
    assert phone_faults(column).tolist() == faults_by_one(check_phone, texts)
    numbers, faults = phones_kept(column)
    for text, number, fault in zip(texts, numbers, faults, strict=True):
        assert number == (None if text is None or fault else check_phone(text))
