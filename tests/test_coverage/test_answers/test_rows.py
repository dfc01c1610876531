"""Rows of a report: one for each code, named as the frame of the communities names it."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import box

from geo_match.coverage.answers.rows import level_rows
from geo_match.coverage.given.communities import read_communities
from geo_match.errors import ArgumentError

ROWS = [
    {"code": "340302001001", "street_name": "东风街道", "area": box(0, 0, 1, 1).wkt},
    {"code": "340302001002", "street_name": "东风街道", "area": box(1, 0, 2, 1).wkt},
    {"code": "340302002001", "street_name": "治淮街道", "area": None},
    {"code": "340303001001", "street_name": None, "area": None},
]
OF = np.array([1, -1, 0, 3, 2, 1])


def test_a_level_has_a_row_for_each_code_and_outside_is_the_last():
    rows = level_rows("street", read_communities(ROWS), OF)
    assert rows.code.tolist() == ["340302001", "340302002", "340303001", None]
    assert rows.name.tolist() == ["东风街道", "治淮街道", None, None]
    assert rows.kind.tolist() == ["street"] * 3 + ["outside"]
    assert rows.of.tolist() == [0, 3, 0, 2, 1, 0]
    assert rows.area[0].equals(box(0, 0, 2, 1))
    assert rows.area[1:].tolist() == [None, None, None]


def test_a_level_without_names_has_none():
    rows = level_rows("district", read_communities(ROWS), OF)
    assert rows.code.tolist() == ["340302", "340303", None]
    assert rows.name.tolist() == [None, None, None]


def test_a_street_of_several_names_is_an_error_that_names_it():
    rows = [{**row, "street_name": row["code"]} for row in ROWS]
    communities = read_communities(rows)
    with pytest.raises(ArgumentError, match=r"one name for each street, .*'340302001': "):
        level_rows("street", communities, OF)
    assert level_rows("community", communities, OF).code.tolist()[-1] is None


def test_without_communities_all_are_outside():
    for level in ("community", "street", "city"):
        rows = level_rows(level, read_communities([]), np.array([-1, -1]))
        assert rows.kind.tolist() == ["outside"]
        assert rows.of.tolist() == [0, 0]
