"""Which column gives which field: by known headers, by a mapping, never by a guess."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.errors import ArgumentError, ColumnError, FileError
from geo_match.intake.lists.mapping import (
    ColumnMapping,
    match_columns,
    propose,
    read_mapping,
    replace_values,
)
from geo_match.intake.readers.files import read_table
from geo_match.records import RECORDS


@pytest.fixture
def table(tmp_path):
    def make(*headers, cells=None):
        path = tmp_path / "list.csv"
        path.write_text(f"{','.join(headers)}\n{','.join(cells or headers)}\n", encoding="utf-8")
        return read_table(path)

    return make


def mapping_file(folder, text):
    path = folder / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", RECORDS)
def test_the_own_and_the_chinese_name_of_every_field_are_known(table, kind):
    specs = RECORDS[kind].specs()
    for position in (0, 1):
        headers = {spec.headers[position]: name for name, spec in specs.items()}
        columns = match_columns(table(*headers), kind, ColumnMapping())
        assert dict(columns.fields) == {name: header for header, name in headers.items()}
        assert columns.unused == ()


@pytest.mark.parametrize("kind", RECORDS)
@given(data=st.data())
def test_no_header_ever_gives_a_field_that_does_not_know_it(tmp_path_factory, kind, data):
    specs = RECORDS[kind].specs()
    known = sorted({header for spec in specs.values() for header in spec.headers})
    headers = data.draw(st.lists(st.sampled_from([*known, "颜色"]), min_size=1, unique=True))
    path = tmp_path_factory.mktemp("lists") / "list.csv"
    path.write_text(f"{','.join(headers)}\n{','.join(headers)}\n", encoding="utf-8")
    try:
        columns = match_columns(read_table(path), kind, ColumnMapping())
    except ColumnError:
        return
    for name, header in columns.fields.items():
        assert header in specs[name].headers
    used = [*columns.fields.values(), *columns.composites]
    assert sorted([*used, *columns.unused]) == sorted(headers)
    assert set(columns.headers()) <= set(specs)


def test_case_blanks_and_width_of_a_header_do_not_matter(table):
    columns = match_columns(table(" ID ", "户 主", "定位精度（米）"), "households", ColumnMapping())
    assert set(columns.fields) == {"id", "head_name", "location_accuracy_m"}


def test_a_field_prefers_its_own_name_to_another_header(table):
    columns = match_columns(table("求职编号", "编号"), "seekers", ColumnMapping())
    assert columns.fields["id"] == "求职编号"
    assert columns.unused == ("编号",)


@pytest.mark.parametrize(
    ("headers", "match"),
    [
        (("户编号", "household_id"), "2 columns that could be meant: 户编号, household_id"),
        (("id", "家庭编号"), "2 columns that could be meant: id, 家庭编号"),
        (("家庭编号", "住址", "家庭住址"), "leave no doubt about `address`"),
    ],
)
def test_two_columns_for_one_field_are_refused(table, headers, match):
    with pytest.raises(ColumnError, match=match):
        match_columns(table(*headers), "households", ColumnMapping())


def test_a_mapping_settles_what_is_ambiguous(table):
    mapping = ColumnMapping(columns={"户编号": "id", "household_id": ""})
    columns = match_columns(table("户编号", "household_id"), "households", mapping)
    assert dict(columns.fields) == {"id": "户编号"}
    assert columns.unused == ()


def test_a_wage_in_one_column_is_left_alone_where_its_ends_have_columns(table):
    headers = ("招聘编号", "岗位名称", "薪资")
    columns = match_columns(table(*headers), "jobs", ColumnMapping())
    assert columns.composites == {"薪资": ("wage_low_cny", "wage_high_cny", "wage_unit")}
    assert columns.headers()["wage_unit"] == "薪资"
    columns = match_columns(table(*headers, "最低薪资"), "jobs", ColumnMapping())
    assert columns.composites == {}
    assert columns.unused == ("薪资",)


def test_flags_give_a_field_of_several_choices(table):
    columns = match_columns(table("id", "veteran", "graduate"), "seekers", ColumnMapping())
    assert columns.flags == {"groups": {"graduate": "graduate", "veteran": "veteran"}}
    assert columns.headers()["groups"] == "graduate, veteran"


def test_a_column_of_members_that_holds_numbers_is_their_count(table):
    columns = match_columns(
        table("id", "members", cells=["H1", "3"]), "households", ColumnMapping()
    )
    assert columns.fields["member_count"] == "members"


def test_a_mapping_file_is_read(tmp_path):
    path = mapping_file(
        tmp_path,
        'datum = "gcj02"\n[columns]\n"户主" = "head_name"\n"颜色" = ""\n'
        '[values.hukou]\n"居民户" = "urban"\n"？" = ""\n',
    )
    mapping = read_mapping(path, "households")
    assert mapping.columns == {"户主": "head_name", "颜色": ""}
    assert mapping.values == {"hukou": {"居民户": "urban", "？": ""}}
    assert mapping.datum == "gcj02"


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("[columns", "be a mapping in TOML"),
        ("[column]\n", "hold only `columns`, `values` and `datum`, got column"),
        ('[columns]\n"户主" = "heads"\n', "name fields of households, got 'heads'"),
        ('[columns]\n"a" = "id"\n"b" = "id"\n', "name each field once"),
        ('[columns]\n"a" = 3\n', r"have texts in \[columns\]"),
        ("values = 3\n", r"have tables \[values.FIELD\]"),
        ('[values.hukou]\n"a" = "town"\n', "give `hukou` values of urban, rural, got town"),
        ('[values.town]\n"a" = "b"\n', "name fields of households, got 'town'"),
        ('datum = "xian80"\n', "name a datum of wgs84.*provider convert it"),
    ],
)
def test_a_mapping_that_speaks_of_what_is_not_there_is_refused(tmp_path, text, match):
    with pytest.raises(FileError, match=match):
        read_mapping(mapping_file(tmp_path, text), "households")


def test_a_mapping_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileError, match="be readable"):
        read_mapping(tmp_path / "none.toml", "households")


def test_a_header_that_a_mapping_names_must_be_there(table):
    with pytest.raises(ColumnError, match="have the column '户主' that the mapping names"):
        match_columns(table("id"), "households", ColumnMapping(columns={"户主": "head_name"}))


@given(headers=st.lists(st.text(st.characters(codec="utf-8"), min_size=1), max_size=5, unique=True))
def test_a_proposal_is_a_mapping_of_this_list(tmp_path_factory, headers):
    folder = tmp_path_factory.mktemp("lists")
    path = folder / "list.csv"
    kept = ["家庭编号", "户主"]
    names = {"家庭编号", "户主"}
    for header in headers:
        plain = "".join(one for one in header if one.isprintable() and one not in '",').strip()
        if plain and plain not in names:
            kept.append(plain)
            names.add(plain)
    path.write_text(f"{','.join(kept)}\n{','.join('x' for _ in kept)}\n", encoding="utf-8")
    table = read_table(path)
    text = propose(table, "households")
    content = tomllib.loads(text)
    assert content["columns"]["家庭编号"] == "id"
    assert content["columns"]["户主"] == "head_name"
    assert set(content["columns"]) <= set(table.columns.column_names)
    mapping = read_mapping(mapping_file(folder, text), "households")
    assert match_columns(table, "households", mapping).fields["id"] == "家庭编号"


def test_a_proposal_writes_characters_that_are_not_seen_as_toml_has_them(table):
    headers = ["户主\u200b", "住\U000e0001址"]
    content = tomllib.loads(propose(table("家庭编号", *headers), "households"))
    assert set(headers) <= content["columns"].keys()


def test_a_proposal_shows_nobodys_data_and_names_the_fields_left(table):
    text = propose(table("招聘编号", "活儿", cells=["J1", "焊工李四"]), "jobs")
    assert "李四" not in text
    assert "#   title (岗位名称, required): Title." in text
    assert '"活儿" = ""  # not used: 1 of its first 1 cells are filled' in text


def test_texts_that_a_mapping_explains_are_replaced(table):
    column = table("id", "户口", cells=["H1", "居 民户"]).columns.column("户口")
    assert replace_values(column, {"居民户": "urban"}).to_pylist() == ["urban"]


def test_an_unknown_kind_is_refused(table):
    with pytest.raises(ArgumentError, match="`kind` must be one of"):
        propose(table("id"), "people")
