"""A list of members that tells of a household more than once: the newest counts, or neither."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.intake.chinese import in_chinese
from geo_match.intake.lists._together import TOGETHER
from geo_match.intake.lists.records_file import read_records

VERSIONS = "家庭编号,成员序号,出生年份,就业状态,版本\n"
MOMENTS = "家庭编号,成员序号,出生年份,就业状态,更新时间\n"
SAME_NUMBER = "must differ from the numbers of the other members of its household"
LEFT_BEHIND = "must be of its household's newest moment, where the list tells of a member twice"
TWICE = (
    "must have another year of birth than a newer row of its household, unless both have numbers"
)


def homes_of(found):
    """Return the years of birth in each household."""
    return {
        one["id"]: [member["birth_year"] for member in one["members"]]
        for one in found.records.to_pylist()
    }


def rejected(found):
    """Return the rule by which each row was rejected first."""
    rules = {}
    for one in found.rejections:
        rules.setdefault(one.row, one.rule)
    return rules


def lines(*rows):
    return "".join(f"{row}\n" for row in rows)


def test_of_two_versions_of_a_household_the_newest_is_taken(read):
    rows = (
        *("H1,1,1980,失业,1", "H1,2,1982,,1", "H1,1,1980,退休,2", "H1,2,1982,,2"),
        *("H2,1,1950,,1", "H1,3,2015,,2"),
    )
    found = read(VERSIONS + lines(*rows))
    assert homes_of(found) == {"H1": [1980, 1982, 2015], "H2": [1950]}
    first = found.records.to_pylist()[0]
    assert first["members"][0]["status"] == "retired"
    assert (first["version"], first["row"]) == (2, 3)
    assert (found.stale.tolist(), found.n_rejected) == ([1, 2], 0)
    assert found.row.tolist() == [3, 5]
    assert (found.joined.row.tolist(), found.joined.to.tolist()) == ([4, 6], [3, 3])


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_the_order_of_the_rows_says_nothing(read, order):
    rows = ["H1,1,1980,,1", "H1,2,1982,,1", "H1,1,1980,退休,2", "H1,1,1980,失业,"]
    found = read(VERSIONS + lines(*(rows[at] for at in order)))
    assert homes_of(found) == {"H1": [1980]}
    assert {rows[order[row - 1]] for row in found.stale.tolist()} == {rows[0], rows[1], rows[3]}


def test_without_numbers_a_version_tells_the_states_apart(read):
    text = "家庭编号,出生年份,版本\n" + lines("H1,2010,1", "H1,2010,1", "H1,2010,2", "H1,2010,2")
    found = read(text)
    assert homes_of(found) == {"H1": [2010, 2010]}
    assert found.stale.tolist() == [1, 2]


def test_a_copy_of_an_older_row_is_a_duplicate_as_in_any_list(read):
    found = read(VERSIONS + lines("H1,1,1980,,1", "H1,1,1980,,1", "H1,1,1980,退休,2"))
    assert (found.stale.tolist(), found.duplicates.tolist()) == ([1], [2])
    assert homes_of(found) == {"H1": [1980]}


def test_what_is_wrong_with_an_older_row_does_not_keep_the_newest_out(read):
    found = read(VERSIONS + lines("H1,1,1880,,1", "H1,2,1982,,1", "H1,1,1980,,2"))
    assert homes_of(found) == {"H1": [1980]}
    assert (found.stale.tolist(), sorted(rejected(found))) == ([2], [1])


def test_what_is_older_does_not_become_true_by_the_fault_of_the_newest(read):
    found = read(VERSIONS + lines("H1,1,1980,,1", "H1,1,1880,,2", "H1,2,1982,,2"))
    assert homes_of(found) == {}
    assert found.stale.tolist() == [1]
    assert rejected(found) == {2: "must be between 1900 and 2100", 3: TOGETHER}


@pytest.mark.parametrize("row", ["H1,3,1990,,x", "H1,3,1990,,2,多余"])
def test_where_a_row_cannot_be_told_to_be_newer_or_older_the_household_is_rejected(read, row):
    found = read(VERSIONS + lines("H1,1,1980,,1", "H1,1,1980,,2", row, "H2,1,1950,,1"))
    assert homes_of(found) == {"H2": [1950]}
    assert len(found.stale) == 0
    assert sorted(rejected(found)) == [1, 2, 3]


def test_a_member_who_is_told_of_at_two_moments_is_as_in_the_newer(read):
    rows = ("H1,1,1980,失业,2025-01-01", "H1,2,1982,,2025-01-01")
    more = ("H1,1,1980,退休,2025-06-01", "H1,2,1982,,2025-06-01", "H1,3,2025,,2025-06-01")
    found = read(MOMENTS + lines(*rows, *more))
    assert homes_of(found) == {"H1": [1980, 1982, 2025]}
    assert (found.stale.tolist(), found.n_rejected) == ([1, 2], 0)
    assert str(found.records.column("updated_at")[0]) == "2025-06-01 00:00:00"


def test_members_of_different_moments_are_one_household_where_none_comes_twice(read):
    found = read(MOMENTS + lines("H1,1,1980,,2025-01-01", "H1,2,1982,,2025-06-01", "H1,3,2015,,"))
    assert homes_of(found) == {"H1": [1980, 1982, 2015]}
    assert len(found.stale) == 0


def test_of_whom_an_older_row_alone_tells_nobody_knows(read):
    rows = ("H1,1,1980,,2025-01-01", "H1,2,1982,,2025-01-01", "H1,1,1980,退休,2025-06-01")
    found = read(MOMENTS + lines(*rows, "H2,1,1950,,2025-01-01"))
    assert homes_of(found) == {"H2": [1950]}
    assert found.stale.tolist() == [1]
    assert rejected(found) == {2: LEFT_BEHIND, 3: TOGETHER}
    (told,) = [one for one in found.rejections if one.row == 2]
    assert (told.field, told.value) == ("更新时间", "2025-01-01")
    assert (
        in_chinese(told.rule) == "名单中该户有成员填报了两次，各行的更新时间须为该户最近一次的时间"
    )


def test_a_number_with_another_year_of_birth_is_another_member(read):
    found = read(MOMENTS + lines("H1,1,1980,,2025-01-01", "H1,1,2010,,2025-06-01"))
    assert homes_of(found) == {}
    assert rejected(found) == {1: SAME_NUMBER, 2: SAME_NUMBER}


def test_without_numbers_a_year_at_two_moments_may_be_one_or_two(read):
    header = "家庭编号,出生年份,更新时间\n"
    found = read(header + lines("H1,1980,2025-01-01", "H1,1980,2025-06-01", "H2,1950,2025-01-01"))
    assert homes_of(found) == {"H2": [1950]}
    assert rejected(found) == {1: TWICE, 2: TOGETHER}
    twins = read(header + lines("H1,2010,2025-06-01", "H1,2010,2025-06-01", "H1,1980,2025-01-01"))
    assert homes_of(twins) == {"H1": [2010, 2010, 1980]}


@pytest.mark.parametrize(
    ("rows", "at_fault"),
    [
        (("H1,,1980,,2024-01-01", "H1,1,1980,,2025-01-01"), 1),
        (("H1,1,1980,,2025-01-01", "H1,,1980,,2024-01-01"), 2),
        (("H1,1,1980,,2024-01-01", "H1,,1980,,2025-01-01"), 1),
        (("H1,1,1980,,", "H1,,1980,,2025-01-01", "H1,2,1982,,2025-01-01"), 1),
        (("H1,,1980,,2024-01-01", "H1,1,1980,,2025-01-01", "H1,2,1980,,2025-01-01"), 1),
    ],
)
def test_a_year_at_two_moments_may_be_one_where_one_row_has_no_number(read, rows, at_fault):
    found = read(MOMENTS + lines(*rows, "H2,1,1950,,2024-01-01"))
    assert homes_of(found) == {"H2": [1950]}
    others = set(range(1, len(rows) + 1)) - {at_fault}
    assert rejected(found) == {at_fault: TWICE} | dict.fromkeys(others, TOGETHER)


def test_so_may_a_year_with_a_version_and_without(read):
    found = read(VERSIONS + lines("H1,,1980,,", "H1,1,1980,,2", "H2,1,1980,,", "H2,,1980,,2"))
    assert homes_of(found) == {}
    assert rejected(found) == {1: TWICE, 2: TOGETHER, 3: TWICE, 4: TOGETHER}


@pytest.mark.parametrize("second", ["2,1980,,2025-01-01", ",1980,,2024-01-01", ",1982,,2025-01-01"])
def test_numbers_a_common_moment_and_another_year_tell_two_apart(read, second):
    found = read(MOMENTS + lines("H1,1,1980,,2024-01-01", f"H1,{second}"))
    assert [len(years) for years in homes_of(found).values()] == [2]


def test_rows_without_any_sound_year_are_rejected(read):
    found = read(VERSIONS + lines("H1,1,1850,,1", "H1,1,1850,,1"))
    assert homes_of(found) == {}
    assert sorted(rejected(found)) == [1, 2]


def test_a_replaced_row_is_older_whoever_else_has_its_year(read):
    rows = ("H1,1,1980,,2024-01-01", "H1,1,1980,,2025-01-01", "H1,,1980,,2025-01-01")
    found = read(MOMENTS + lines(*rows))
    assert homes_of(found) == {"H1": [1980, 1980]}
    assert found.stale.tolist() == [1]


def test_no_more_members_are_counted_than_the_newest_state_has(read):
    rows = [f"H1,{year},1" for year in range(1950, 1990)]
    found = read("家庭编号,出生年份,版本\n" + lines(*rows, *(f"{row[:-1]}2" for row in rows)))
    assert found.sizes.tolist() == [40]
    assert len(found.stale) == 40


ROW = st.tuples(
    st.sampled_from(["H1", "H2", "H3"]),
    st.sampled_from([1, 2, 3, None]),
    st.sampled_from([1980, 1980, 1980, 2015, 1850]),
    st.sampled_from([1, 2, None]),
)


@given(rows=st.lists(ROW, min_size=1, max_size=12))
def test_every_row_becomes_one_thing_and_the_newest_version_alone_counts(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("states") / "members.parquet"
    types = (pa.string(), pa.int64(), pa.int64(), pa.int64())
    names = ("household", "number", "birth_year", "version")
    columns = zip(*rows, strict=True)
    table = [pa.array(one, kind) for one, kind in zip(columns, types, strict=True)]
    pq.write_table(pa.table(table, names), path)
    found = read_records(path, "households")
    became = [
        *(*found.row, *found.joined.of(found.row), *found.stale, *found.duplicates),
        *np.unique(found.rejections.row),
    ]
    assert sorted(became) == list(range(1, len(rows) + 1))
    assert found.n_read == found.sizes.sum() + found.n_rejected + len(found.stale) + len(
        found.duplicates
    )
    homes = homes_of(found)
    newest = {
        home: max((one[3] for one in rows if one[0] == home and one[3]), default=None)
        for home, *_ in rows
    }
    for row in found.stale.tolist():
        home, number, _, version = rows[row - 1]
        replaced = any(one[:2] == (home, number) and (one[3] or 0) > (version or 0) for one in rows)
        assert (version is not None and version < newest[home]) or (number and replaced)
    taken = {*found.row.tolist(), *found.joined.of(found.row).tolist()}
    for one, other in combinations([rows[row - 1] for row in sorted(taken)], 2):
        may_be_one = None in (one[1], other[1]) and (one[0], one[2]) == (other[0], other[2])
        assert not may_be_one or one[3] == other[3]
    for row in taken:
        assert rows[row - 1][3] in {newest[rows[row - 1][0]], None}
    for home, years in homes.items():
        current = [one for one in rows if one[0] == home and one[3] == newest[home]]
        numbers = [one[1] for one in current if one[1] is not None]
        if newest[home] is None or len(numbers) == len(current) == len(set(numbers)):
            mine = [one for row, one in enumerate(rows, 1) if row in taken and one[0] == home]
            assert sorted(years) == sorted(one[2] for one in mine)
        assert 1850 not in years
