"""Codes worked out by hand from the standards; nothing is shared with the checks."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Of GB 32100, by their values."""


def credit_check(body):
    """Return the check character of the first 17: 31 less the weighted sum, modulo 31."""
    total = 0
    weight = 1
    for letter in body:
        total += LETTERS.index(letter) * weight
        weight = weight * 3 % 31
    return LETTERS[(31 - total % 31) % 31]


def card_check(body):
    """Return the check character of the first 17, by the table of GB 11643."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return "10X98765432"[total % 11]


# Of GB/T 2260, as `range` has them.
PROVINCES = [
    str(code)
    for low, high in (
        (11, 15),
        (21, 23),
        (31, 37),
        (41, 46),
        (50, 54),
        (61, 65),
        (71, 71),
        (81, 82),
    )
    for code in range(low, high + 1)
]

credit_bodies = st.builds(
    "{}{}{:06}{}".format,
    st.sampled_from("123456789ANY"),
    st.integers(1, 9),
    st.integers(0, 999_999),
    st.text(LETTERS, min_size=9, max_size=9),
)
credit_codes = credit_bodies.map(lambda body: body + credit_check(body))

card_bodies = st.builds(
    "{}{:04}{:%Y%m%d}{:03}".format,
    st.sampled_from(PROVINCES),
    st.integers(0, 9_999),
    st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)),
    st.integers(0, 999),
)
cards = card_bodies.map(lambda body: body + card_check(body))
old_cards = st.builds(
    "{}{:04}{:%y%m%d}{:03}".format,
    st.sampled_from(PROVINCES),
    st.integers(0, 9_999),
    st.dates(dt.date(1930, 1, 1), dt.date(1999, 12, 31)),
    st.integers(0, 999),
)


def widened(text):
    """Return the text in characters of double width."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def faults_by_one(check, texts):
    """Ask the check of each text by itself."""

    def fails(text):
        try:
            check(text)
        except ValueError:
            return True
        return False

    return [text is not None and fails(text) for text in texts]
