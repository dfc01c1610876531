"""A list with a row a member becomes one record a household, held against a plain grouping."""

from __future__ import annotations

import itertools

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.errors import ColumnError
from geo_match.intake.lists._together import TOGETHER, Joined
from geo_match.intake.lists.mapping import ColumnMapping
from geo_match.intake.lists.records_file import read_records
from geo_match.records import RECORDS

HEADERS = "家庭编号,成员序号,与户主关系,姓名,出生年份,就业状态\n"


def members_of(found):
    """Return the members that each household has, as pairs."""
    return {
        one["id"]: [(member["birth_year"], member["status"]) for member in one["members"]]
        for one in found.records.to_pylist()
    }


def said(findings):
    return [(one.row, one.field, one.value, one.rule) for one in findings]


def test_the_rows_of_a_household_are_its_members_in_their_order(read):
    text = HEADERS + (
        "H1,2,配偶,乙,1982,登记失业\nH2,1,户主,丙,1950年,退休\nH1,1,户主,甲,1980,单位就业\nH1,3,子,丁,2015,\n"
    )
    found = read(text)
    expected = {
        "H1": [(1980, "employed"), (1982, "registered_unemployed"), (2015, None)],
        "H2": [(1950, "retired")],
    }
    assert members_of(found) == expected
    assert found.kind == "households"
    assert found.records.column_names == ["row", *RECORDS["households"].model_fields]
    assert found.row.tolist() == [1, 2]
    assert (found.joined.row.tolist(), found.joined.to.tolist()) == ([3, 4], [1, 1])
    assert (found.n_read, found.n_rejected, found.sizes.tolist()) == (4, 0, [3, 1])
    assert set(found.records.column("located_by").to_pylist()) == {"none"}
    assert found.warnings == ("not used: 姓名",)
    assert found.unused == ("姓名",)
    assert dict(found.columns) == {"id": "家庭编号", "members": "出生年份, 就业状态"}


@pytest.mark.parametrize(
    ("header", "is_one"),
    [
        ("家庭编号,出生年份", True),
        ("household,birth_year,status", True),
        ("户编号,出生年月,与户主关系,户主姓名,人口数", True),
        ("household_id,出生日期,社区代码", False),
        ("household_id,出生日期,社区代码,成员序号", True),
        ("家庭编号,户主姓名,出生年份", False),
        ("家庭编号,出生年份,人口数", False),
        ("家庭编号,就业状态", False),
        ("编号,出生年份", False),
    ],
)
def test_which_list_has_a_row_a_member(read, header, is_one):
    n = header.count(",")
    cells = {
        "出生年份": "1980",
        "出生年月": "1980-05",
        "出生日期": "1980-05-01",
        "birth_year": "1980",
    }
    row = ["H1", *(cells.get(name, "") for name in header.split(",")[1:])]
    assert len(row) == n + 1
    found = read(header + "\n" + ",".join(row) + "\n")
    assert (found.joined is not None) == is_one
    if is_one:
        assert members_of(found) == {"H1": [(1980, None)]}


def test_a_list_of_another_kind_is_none(read):
    assert read("求职编号,家庭编号,出生年份\nS1,H1,1980\n", "seekers").joined is None


def test_a_mapping_may_name_the_household_and_leave_columns_out(read):
    text = "户号,出生年份,出生日期\nH1,1980,1979-01-01\n"
    mapping = ColumnMapping(columns={"户号": "id", "出生日期": ""})
    assert members_of(read(text, mapping=mapping)) == {"H1": [(1980, None)]}


@pytest.mark.parametrize("extra", ["人数", "X坐标"])
def test_a_mapping_that_names_a_field_of_households_means_a_list_of_these(read, extra):
    field = {"人数": "member_count", "X坐标": "lon"}[extra]
    text = f"家庭编号,出生年月,{extra}\nH1,1980-05,3\n"
    found = read(text, mapping=ColumnMapping(columns={extra: field}, datum="wgs84"))
    assert found.joined is None or len(found.joined.row) == 0
    assert found.records.column("members").to_pylist() in ([None], [[]], [])
    assert dict(found.columns)[field] == extra


@pytest.mark.parametrize("header", ["社区代码", "家庭住址"])
def test_a_list_of_households_with_a_year_of_birth_is_none_of_members(read, header):
    found = read(f"家庭编号,{header},出生年月\nH1,幸福路1号,1980-05\n")
    assert header in dict(found.columns).values()
    assert "members" not in dict(found.columns)


def test_two_columns_of_one_meaning_are_refused(read):
    with pytest.raises(ColumnError, match="leave no doubt about `birth_year`, got 2 columns"):
        read("家庭编号,出生年份,出生日期\nH1,1980,1980-01-01\n")


def test_a_household_is_rejected_whole_where_one_of_its_rows_is_at_fault(read):
    text = HEADERS + (
        "H1,1,户主,甲,1980,单位就业\nH1,2,配偶,乙,1882,\nH2,1,户主,丙,1950,\n,1,户主,丁,1990,\nH3,1,户主,戊,,忙\n"
    )
    found = read(text)
    assert members_of(found) == {"H2": [(1950, None)]}
    assert found.n_rejected == 4
    told = said(found.rejections)
    assert (1, "家庭编号", "H1", TOGETHER) in told
    assert (2, "出生年份", "1882", "must be between 1900 and 2100") in told
    assert (4, "家庭编号", "", "must not be empty") in told
    assert {(row, field) for row, field, *_ in told if row == 5} == {
        (5, "出生年份"),
        (5, "就业状态"),
    }


def test_a_row_that_did_not_come_apart_keeps_its_household_out(read):
    found = read(HEADERS + "H1,1,户主,甲,1980,\nH1,2,配偶,乙,1982,,多余\nH2,1,户主,丙,1950,\n")
    assert members_of(found) == {"H2": [(1950, None)]}
    assert [one.row for one in found.rejections] == [1, 2]


def test_a_row_twice_is_a_duplicate_and_a_number_twice_a_fault(read):
    text = HEADERS + (
        "H1,1,户主,甲,1980,\nH1,1,户主,甲,1980,\nH2,1,户主,乙,1980,\nH2,1,配偶,丙,1981,\nH3,1,子,丁,1981,\n"
    )
    found = read(text)
    assert members_of(found) == {"H1": [(1980, None)], "H3": [(1981, None)]}
    assert found.duplicates.tolist() == [2]
    assert found.n_rejected == 2
    twins = read("家庭编号,出生年份\nH1,2010\nH1,2010\n")
    assert members_of(twins) == {"H1": [(2010, None), (2010, None)]}


def test_more_members_than_a_household_has_are_refused(read):
    rows = "".join(f"H1,{year}\n" for year in range(1950, 2001))
    found = read("家庭编号,出生年份\n" + rows + "H2,1980\n")
    assert members_of(found) == {"H2": [(1980, None)]}
    assert {one.rule for one in found.rejections} == {"must have at most 50 members"}
    assert found.n_rejected == 51


def test_the_newest_moment_of_its_rows_is_the_households(read):
    text = "家庭编号,出生年份,更新时间,版本\nH1,1980,2025-03-01,\nH1,1981,2025-03-02,\nH2,1982,,3\n"
    rows = {one["id"]: one for one in read(text).records.to_pylist()}
    assert str(rows["H1"]["updated_at"]) == "2025-03-02 00:00:00"
    assert (rows["H1"]["version"], rows["H2"]["version"], rows["H2"]["updated_at"]) == (
        None,
        3,
        None,
    )


ROW = st.tuples(
    st.sampled_from(["H1", "H2", "H3", "H4"]),
    st.sampled_from([1980, 1980, 1990, 2015, 1850, None]),
    st.sampled_from(["employed", "studying", None]),
)


@given(rows=st.lists(ROW, min_size=1, max_size=12))
def test_every_row_becomes_one_thing_and_households_are_whole(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("members") / "members.parquet"
    columns = zip(*rows, strict=True)
    types = (pa.string(), pa.int64(), pa.string())
    names = ("household", "birth_year", "status")
    pq.write_table(
        pa.table([pa.array(c, t) for c, t in zip(columns, types, strict=True)], names), path
    )
    found = read_records(path, "households")
    bad = {home for home, year, _ in rows if year in {1850, None}}
    expected = {
        home: [(year, status) for one, year, status in rows if one == home]
        for home in dict.fromkeys(home for home, *_ in rows)
        if home not in bad
    }
    assert members_of(found) == expected
    became = [*found.row, *found.joined.of(found.row), *np.unique(found.rejections.row)]
    assert sorted(became) == list(range(1, len(rows) + 1))
    assert found.sizes.tolist() == [len(one) for one in expected.values()]
    assert found.n_rejected == sum(home in bad for home, *_ in rows)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=15), st.data())
def test_sizes_are_counted_of_whichever_records_are_asked(homes, data):
    first = {}
    pairs = [(row, first.setdefault(home, row)) for row, home in enumerate(homes, 1)]
    others = [(row, to) for row, to in pairs if row != to]
    joined = (
        Joined(*(np.array(one, dtype=np.int64) for one in zip(*others, strict=True)))
        if (others)
        else Joined(np.empty(0, np.int64), np.empty(0, np.int64))
    )
    some = data.draw(st.permutations(sorted(first.values())))
    some = np.array(some[: data.draw(st.integers(0, len(some)))], dtype=np.int64)
    expected = [sum(to == row for _, to in pairs) for row in some.tolist()]
    assert joined.sizes(some).tolist() == expected
    of = list(itertools.chain(row for row, to in others if to in some.tolist()))
    assert joined.of(some).tolist() == of
