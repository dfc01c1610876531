"""Names by their positions: missing for −1, however many names there are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo_match.demo.people.columns import texts


def test_positions_become_names_and_minus_one_is_missing():
    column = texts(np.array([1, -1, 0]), ("a", "b"))
    assert pd.Series(column).astype("str").fillna("?").tolist() == ["b", "?", "a"]
    assert list(column.categories) == ["a", "b"]


def test_more_names_than_a_byte_counts_keep_their_positions():
    names = [f"n{k}" for k in range(1_157)]
    codes = np.arange(1_157)
    assert pd.Series(texts(codes, names)).astype("str").tolist() == names
