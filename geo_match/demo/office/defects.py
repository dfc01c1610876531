"""What is wrong with cells and rows of an office's lists, by short names, and how often."""

from __future__ import annotations

from typing import Final, NamedTuple


class Defect(NamedTuple):
    """A kind of defect.

    Parameters
    ----------
    rate
        How often a row that can have it does, from 0 to 1.
    meaning
        What is wrong.
    """

    rate: float
    meaning: str


DEFECTS: Final = {
    # The point.
    "missing_coordinates": Defect(0.004, "no coordinates; of postings 1 in 6 has none"),
    "zero_coordinates": Defect(0.0012, "(0, 0) for an unknown place"),
    "swapped_axes": Defect(0.0012, "longitude and latitude exchanged"),
    "truncated_coordinates": Defect(0.003, "two decimals, about a kilometre"),
    "out_of_area": Defect(0.001, "a point in another province"),
    "wrong_community": Defect(0.003, "a point in another community's area than the code says"),
    "wrong_datum_declared": Defect(0.006, "another datum than that of the numbers"),
    "datum_missing": Defect(0.005, "no datum"),
    # Its community.
    "renumbered_code": Defect(0.1, "the code that a community had until 2022"),
    "unknown_code": Defect(0.002, "a code that no community has or had"),
    "repeated_name": Defect(0.004, "a name that another community or employer has too"),
    # The row.
    "duplicate_row": Defect(0.003, "an exact copy of a row above it"),
    "duplicate_id": Defect(0.0015, "the id of another row above it"),
    "stale_version": Defect(0.004, "an older version after the newer one"),
    # Other cells.
    "bad_date": Defect(0.002, "a day that no calendar has"),
    "ambiguous_date": Defect(0.002, "day and month in either order"),
    "future_date": Defect(0.001, "a day after the list was made"),
    "bad_credit_code": Defect(0.008, "a credit code whose check character is wrong"),
    "unknown_occupation": Defect(0.006, "a code that GB/T 6565 does not have"),
    "negative_wage": Defect(0.003, "a wage below zero"),
    "reversed_wage": Defect(0.005, "the higher wage before the lower"),
    "wage_text": Defect(0.04, "a word in place of the wage"),
    "vacancies_text": Defect(0.01, "a word in place of the number of vacancies"),
    "formula_text": Defect(0.001, "text that a spreadsheet takes for a formula"),
    "full_width_digits": Defect(0.004, "digits of double width"),
    "stray_blank": Defect(0.003, "white space around the text"),
}
"""Every kind of defect by its name in the labels."""

LEAST: Final = 3
"""Of each kind in each list that can have it, as far as enough rows can."""

REMOVED: Final = ("duplicate_row", "stale_version")
"""Rows that ought not to be there: the clean list has not got them."""
