"""Occupations: the shipped groups, a user's finer table, how codes compare."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.codes import narrow
from geo_match.errors import ColumnError, FileError
from geo_match.taxonomy import OCCUPATIONS_VERSION, Occupations, check_occupation

SHIPPED = Occupations()
MIDDLE = [group.code for group in SHIPPED if group.level == 2]
FINE = "40101,3,营业人员,401\n40102,3,推销、展销人员,401\n"
HEAD = "code,level,name,parent\n"
codes = st.builds(
    "{}{}".format, st.sampled_from(MIDDLE), st.sampled_from(["", "01", "02", "0101", "0102", "7"])
)
anything = st.one_of(codes, st.sampled_from(["", "1", "119", "000", "9", "普工", "5年经验"]))


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def test_all_major_and_middle_groups_are_shipped():
    assert [group.level for group in SHIPPED].count(1) == 8
    assert [group.level for group in SHIPPED].count(2) == 69
    assert len(SHIPPED) == 77
    assert SHIPPED.version == OCCUPATIONS_VERSION == "GB/T 6565-2009"
    assert all(group.parent == group.code[:1] for group in SHIPPED if group.level == 2)


@pytest.mark.reference
def test_the_shipped_groups_are_those_of_the_reference(reference):
    path = reference / "taxonomy" / "gbt6565_2009_occupations.csv"
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if int(row["level"]) <= 2]
    assert {(row["code"], row["level"], row["name"], row["parent"]) for row in rows} == {
        (group.code, str(group.level), group.name, group.parent) for group in SHIPPED
    }


@pytest.mark.reference
def test_the_minor_groups_of_the_reference_can_be_loaded(reference):
    finer = Occupations.load(reference / "taxonomy" / "gbt6565_2009_occupations.csv")
    assert len(finer) == 8 + 69 + 441
    assert finer.version == OCCUPATIONS_VERSION
    assert finer.longest_known("4-01-01-03") == "40101"
    assert finer.name("4-01-01") == "营业人员"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("4", "4"),
        ("401", "401"),
        ("4-01", "401"),
        ("4-01-01", "40101"),
        ("4-01-01-03", "4010103"),
        ("４－０１—01", "40101"),
        (" 40101 ", "40101"),
        ("普工", "普工"),
        (" 401 购销人员", "401 购销人员"),
        ("119", "119"),
        ("000", "000"),
        ("4-1", "4-1"),
    ],
)
def test_codes_are_kept_as_digits_and_what_is_none_as_text(written, code):
    assert check_occupation(written) == code
    assert check_occupation(code) == code


@pytest.mark.parametrize("text", ["", "  ", "\u3000", "电" * 65])
def test_nothing_and_long_texts_are_refused(text):
    with pytest.raises(ValueError, match="must be a code of GB/T 6565-2009 such as 401"):
        check_occupation(text)


@given(st.text(min_size=1, max_size=20))
def test_what_is_kept_stays_as_it_is(text):
    if narrow(text).strip():
        assert check_occupation(check_occupation(text)) == check_occupation(text)


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("4010103", "401"),
        ("4-01-01", "401"),
        ("4", "4"),
        ("40", "4"),
        ("4019", "401"),
        ("119", "1"),
        ("900", ""),
        ("000", ""),
        ("401 购销人员", "401"),
        ("401购销人员", "401"),
        ("普工", ""),
        ("5年经验电工", ""),
        ("24小时保安", ""),
        ("", ""),
    ],
)
def test_a_code_takes_its_longest_known_beginning(code, known):
    assert SHIPPED.longest_known(code) == known


@given(st.text("0123456789", max_size=9))
def test_the_longest_known_beginning_is_the_longest(digits):
    all_codes = {group.code for group in SHIPPED}
    expected = max((c for c in all_codes if digits.startswith(c)), key=len, default="")
    assert SHIPPED.longest_known(digits) == expected


def test_names_are_those_of_groups_alone():
    assert SHIPPED.name("4-01") == "购销人员"
    assert SHIPPED.name("40101") is None
    assert SHIPPED.name("普工") is None
    assert "401" in SHIPPED
    assert "40101" not in SHIPPED


@pytest.mark.parametrize(
    ("first", "second", "relation"),
    [
        ("4010103", "4-01-01", "minor"),
        ("40101", "40101", "minor"),
        ("40101", "40102", "middle"),
        ("401", "40101", "middle"),
        ("401", "401", "middle"),
        ("401", "403", "major"),
        ("4", "403", "major"),
        ("4", "4", "major"),
        ("119", "119", "major"),  # no middle group of the standard, so only its major one is known
        ("119", "101", "major"),
        ("401", "301", None),
        ("普工", "普工", None),
        ("900", "900", None),
    ],
)
def test_how_two_occupations_are_related(first, second, relation):
    assert SHIPPED.related(first, second) == relation
    assert SHIPPED.related(second, first) == relation


@given(anything, anything)
def test_the_relation_does_not_depend_on_the_order_and_no_other_code_is_nearer(first, second):
    order = [None, "major", "middle", "minor"]
    relation = SHIPPED.related(first, second)
    assert relation == SHIPPED.related(second, first)
    assert order.index(relation) <= order.index(SHIPPED.related(first, first))


def test_tables_are_equal_by_their_groups_and_their_edition(tmp_path):
    shipped = Occupations()
    groups = {group.code: group for group in shipped}
    backwards = dict(reversed(groups.items()))
    assert shipped == Occupations() == Occupations(groups) == Occupations(backwards)
    assert len({Occupations(), Occupations(groups), Occupations(backwards)}) == 1
    fewer = Occupations({code: group for code, group in groups.items() if code != "401"})
    named = Occupations(groups | {"401": groups["401"]._replace(name="别的")})
    edition = Occupations(groups, version="职业分类大典2022")
    assert len({shipped, fewer, named, edition}) == 4
    assert shipped not in (fewer, named, edition)
    assert shipped != groups
    path = tmp_path / "finer.csv"
    path.write_text("代码,名称\n40101,批发人员\n", encoding="utf-8")
    assert Occupations.load(path) == Occupations.load(path) != shipped


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_finer_table_is_added(tmp_path, encoding):
    path = write(tmp_path / "minor.csv", HEAD + FINE, encoding)
    finer = Occupations.load(path)
    assert len(finer) == len(SHIPPED) + 2
    assert finer.name("40102") == "推销、展销人员"
    assert finer.longest_known("4010103") == "40101"
    assert finer.related("40177", "40177") == "minor"  # the table need not have it
    assert len(SHIPPED) == 77


def test_a_table_of_another_edition_stands_alone(tmp_path):
    text = HEAD + "4,1,社会生产服务和生活服务人员,\n401,2,批发与零售服务人员,4\n"
    path = write(tmp_path / "other.csv", text)
    other = Occupations.load(path, version="大典 2022")
    assert len(other) == 2
    assert other.version == "大典 2022"
    assert other.name("401") == "批发与零售服务人员"
    with pytest.raises(
        FileError, match=r"must call 4 '商业、服务业人员'.*A table of another edition"
    ):
        Occupations.load(path)


def test_codes_and_names_are_enough_and_headers_may_be_chinese(tmp_path):
    rows = [
        "4-01-01,营业人员",
        "４－０１－０１－０１,营业员",
        "",
        ",",
        "4010102,收银员",
        "8990101,其他",
    ]
    text = "\n".join(["职业代码,名称", *rows])
    finer = Occupations.load(write(tmp_path / "codes.csv", text, "gb18030"))
    assert [(group.code, group.level, group.parent) for group in finer.added] == [
        ("40101", 3, "401"),
        ("4010101", 4, "40101"),
        ("4010102", 4, "40101"),
        ("8990101", 4, "8"),  # the narrowest group that there is
    ]
    assert finer.name("4-01-01-02") == "收银员"
    assert finer.longest_known("4010199") == "40101"
    again = Occupations.finer(finer.added, version=finer.version)
    assert list(again) == list(finer)


@pytest.mark.parametrize(
    ("version", "n_shipped"), [("大典 2022", 0), ("", 77), (OCCUPATIONS_VERSION, 77)]
)
def test_a_table_may_say_its_edition(tmp_path, version, n_shipped):
    rows = f"code,name,version\n4,商业、服务业人员,{version}\n40101,营业人员,{version}\n"
    said = Occupations.load(write(tmp_path / "said.csv", rows))
    assert said.version == version or OCCUPATIONS_VERSION
    assert len(said) - len(said.added) == n_shipped
    with pytest.raises(FileError, match=r"be of one edition, got version 'x' in line 4, and"):
        Occupations.load(write(tmp_path / "two.csv", rows + "40102,推销人员,x\n"))


def test_a_table_without_wider_groups_is_refused(tmp_path):
    path = write(tmp_path / "fine.csv", "code,name\n40101,营业人员\n")
    with pytest.raises(FileError, match=r"must have a wider group of every group.*code '40101' in"):
        Occupations.load(path, version="大典 2022")
    with pytest.raises(FileError, match=r"must have a wider group.*code '90101'"):
        Occupations.load(write(tmp_path / "nine.csv", "code,name\n90101,某某\n"))


def test_a_finer_table_speaks_against_codes_that_it_has_not(tmp_path):
    finer = Occupations.load(write(tmp_path / "minor.csv", HEAD + FINE))
    assert [finer.speaks_for(code) for code in ("401", "40101", "4-01-02-01")] == [True] * 3
    assert not finer.speaks_for("40103")
    assert SHIPPED.speaks_for("40103")
    assert not finer.speaks_for("40201")  # it refines 4, and has nothing of 402
    assert finer.speaks_for("50201")  # it refines no group of 5


@given(anything)
def test_the_shipped_table_speaks_against_codes_without_a_middle_group(code):
    kept = check_occupation(code) if code else ""
    known = [g.code for g in SHIPPED if kept.startswith(g.code)]
    is_word = not kept.isdigit()
    assert SHIPPED.speaks_for(code) == (
        not is_word and (kept in known or any(len(one) == 3 for one in known))
    )


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("", "must have a row, got headers only"),
        ("4-1,3,营业人员,401\n", "codes of the standard's form, got code '41' in line 2"),
        ("普工,3,营业人员,401\n", "codes of the standard's form, got code '普工' in line 2"),
        ("40101,3,张三11010519491231002X,401\n", "hold no ID-card number, got one in the name of"),
        ("4010,3,营业人员,401\n", "codes of the standard's form, got code '4010'"),
        ("40101,2,营业人员,401\n", "must give each code's level, got level '2'"),
        ("40101,3,,401\n", "must name every group"),
        (FINE + "40101,3,营业人员,401\n", "must have each code once, got code '40101' in line 4"),
        ("41901,3,营业人员,419\n", "must have every group's parent.*parent '419' of code '41901'"),
        ("40101,3,营业人员,403\n", "must have every group's parent"),
        ("4010101,4,店员,401\n", "must have every group's parent, one level up"),
        ("40101,3,营业人员\n", "must have every group's parent"),
    ],
)
def test_a_table_that_breaks_a_rule_is_refused_with_its_line(tmp_path, rows, fault):
    path = write(tmp_path / "bad.csv", HEAD + rows)
    with pytest.raises(FileError, match=fault):
        Occupations.load(path)


def test_a_table_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(FileError, match="must be a file that can be read"):
        Occupations.load(tmp_path / "none.csv")
    with pytest.raises(FileError, match="must be text in UTF-8 or GB18030"):
        Occupations.load(write(tmp_path / "latin.csv", "code\nÿ\xff", "latin-1"))
    with pytest.raises(
        ColumnError, match=r"must have the columns code \(代码\), name .* none called name"
    ):
        Occupations.load(write(tmp_path / "columns.csv", "code,level,parent\n1,1,\n"))
    with pytest.raises(ColumnError, match="must have one column of codes, got several: code, 代码"):
        Occupations.load(write(tmp_path / "twice.csv", "code,name,代码\n1,a,1\n"))
    with pytest.raises(ColumnError, match="must have the columns"):
        Occupations.load(write(tmp_path / "empty.csv", ""))
    with pytest.raises(FileError, match="must be a CSV file"):
        Occupations.load(write(tmp_path / "quote.csv", HEAD + '40101,3,"a"b,401\n'))
    with pytest.raises(FileError, match="must have at most 10,000,000 bytes"):
        Occupations.load(write(tmp_path / "large.csv", HEAD + "x" * 10_000_001))
