"""Codes of occupations, checked against the standard where the reference data has it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

FILES = ("求职人员.csv", "招聘信息_高德.csv", "招聘信息_百度.csv", "招聘信息_大厅.csv")


@pytest.mark.reference
@pytest.mark.parametrize("file", FILES)
def test_codes_that_the_standard_has_not_are_those_labelled(office, labelled, reference, file):
    table = pd.read_csv(reference / "taxonomy" / "gbt6565_2009_occupations.csv", dtype=str)
    written = office.lists[file]["职业代码"].str.strip()
    unknown = (written != "") & ~written.isin(table.loc[table["level"] == "2", "code"])
    assert set(np.flatnonzero(unknown)) == labelled(file, "unknown_occupation")
