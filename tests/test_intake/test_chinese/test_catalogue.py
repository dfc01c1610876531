"""Whatever intake says of a row or a file has a Chinese twin, and the tables are sound."""

from __future__ import annotations

import ast
import csv
import re
import tomllib
from itertools import product
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import geo_match
from geo_match.codes import check_community_code, check_credit_code, check_phone
from geo_match.errors import ArgumentError, FileError, GeoMatchError
from geo_match.exchange.mending import write_mending
from geo_match.index import area_faults
from geo_match.intake.chinese import catalogue, error_in_chinese, in_chinese, language_of
from geo_match.intake.chinese.catalogue import _TABLES, chinese_or_none, entries
from geo_match.intake.lists.records_file import read_records
from geo_match.intake.readers.table import MENDING_COLUMNS, REASON_COLUMNS
from geo_match.intake.values.areas import MOST_VERTICES, kept_area
from geo_match.intake.values.cells import RefusedError
from geo_match.store import StoreBusyError
from geo_match.store.database import postgres as _postgres
from geo_match.store.database import sqlite as connection

ROOT = Path(geo_match.__file__).parent
OFFICE = ROOT.parent / "data" / "office"
SOURCES = sorted(
    path
    for path in [
        *(ROOT / "intake").rglob("*.py"),
        *(ROOT / "codes").glob("*.py"),
        ROOT / "crs.py",
        *(ROOT / "taxonomy" / name for name in ("industries.py", "occupations.py")),
    ]
    # What `within` and `count` say of their files, which `import` does not read, nor the gazetteer.
    if path.relative_to(ROOT).as_posix()
    not in {
        "intake/axes.py",
        "intake/places.py",
        "intake/columns.py",
        "intake/area.py",
        "codes/id_card.py",
        "intake/locating/suspicions.py",
        "intake/locating/gazetteer.py",
        "intake/locating/gazetteer_file.py",
    }
)
TABLES_READ = [ROOT / "intake" / "locating" / "gazetteer_file.py", ROOT / "taxonomy" / "_table.py"]
STORE = [
    ROOT / "cli" / "rehearsal.py",
    *(
        ROOT / "store" / f"{name}.py"
        for name in (
            "database/database",
            "database/driver",
            "database/postgres",
            "database/sqlite",
            "database/urls",
            "writing/erased_ids",
            "writing/losses",
            "schema/migrate",
            "writing/writer",
        )
    ),
]
TARGETS = [ROOT / "exchange" / name for name in ("target.py", "mending.py", "_mending_sources.py")]
CHINESE = re.compile("[\u3400-\u9fff]")
ENGLISH = re.compile(r"\b(?:must|was|were|the|is|are|and|of|it|its)\b", re.IGNORECASE)
SAMPLE = "7"
BARE = {"must 7", "must "}
"""What is put together of two texts; each of these is looked at by itself below."""
SENTENCE_WORDS = 5
LEAST_LETTERS = 8
"""Of its own that a text with parts that vary has: one with fewer has the form of too many."""
LEAST_REASONS = 5
SQLITE_SAYS = {
    "database is locked",
    "attempt to write a readonly database",
    "database or disk is full",
    "database disk image is malformed",
    "file is not a database",
    "unable to open database file",
}
HOW_TO_UNMERGE = (
    "Unmerge it (in Excel: Home → Merge & Center → Unmerge Cells), and write the value into "
)
PUT_TOGETHER = {
    "must be one JSON object ({how})": ("must be one JSON object",),
    (
        "Unmerge it (in Excel: Home → Merge & Center → Unmerge Cells), and write the value into "
        "each cell that it is meant for."
    ): (HOW_TO_UNMERGE, "each cell that it is meant for."),
    (
        "Unmerge it (in Excel: Home → Merge & Center → Unmerge Cells), and write the value into "
        "each column's first row; remove titles above the headers."
    ): (
        HOW_TO_UNMERGE,
        "each column's first row; remove titles above the headers.",
    ),
    "Rename the column, or name it in a mapping file:\n\n{mapping}": (
        "Rename the column, or name it in a mapping file:\n\n",
    ),
    "a zip archive that is cut short or damaged ({error})": (
        "a zip archive",
        "that is cut short or damaged ({error})",
    ),
    (
        "{remedy} The good rows of {file} are in the store all the same: importing it again "
        "changes nothing there, and writes the rejected rows."
    ): (
        (
            "The good rows of {file} are in the store all the same: importing it again changes "
            "nothing there, and writes the rejected rows."
        ),
    ),
    "row {ns}": ("row",),
    "rows {ns}": ("row",),
    "about {n} m {east} and {m} m {north}": ("about {east} and {m} m north", "east", "west"),
    "row {n} {field} '{value}' ({rule})": ("row {n} {field} {value} ({rule})",),
    "must be degrees from {least} to {most}": (
        "be degrees from -180 to 180",
        "be degrees from -90 to 90",
    ),
    "must be within {least} and {most} metres": ("be within 0 and {most} metres",),
    "{n} fault: {which}": ("fault",),
    "{n} faults: {which}": ("fault",),
}
"""Texts that the source puts together where no expression shows it, with their parts."""
SHOWN = {"7 must 7, got 7", "about 7 and 7 m north", "about 7 and 7 m south"}
"""Parts of sentences, put together of further ones."""


def strings_of(path):
    """Yield each text of a module that is no docstring, with the samples of what varies."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inner = {id(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inner.add(id(node.value))
        if isinstance(node, (ast.JoinedStr, ast.BinOp)):
            inner.update(id(part) for part in ast.walk(node) if part is not node)
    constants = {
        node.target.id if isinstance(node, ast.AnnAssign) else node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        and isinstance(
            node.target if isinstance(node, ast.AnnAssign) else node.targets[0], ast.Name
        )
    }
    for node in ast.walk(tree):
        if id(node) not in inner:
            for text in texts_of(node, constants):
                yield node.lineno, text


def texts_of(node, constants, depth=0):  # noqa: PLR0911 - one a kind of expression
    """Return the texts that an expression may give."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=one, orelse=other) if depth:
            return [*texts_of(one, constants, 1), *texts_of(other, constants, 1)]
        case ast.Call(func=ast.Attribute(value=inside, attr="format")) if depth:
            return texts_of(inside, constants, 1)
        case ast.Name(id=name) if depth and name in constants:
            return texts_of(constants[name], constants, 1)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            parts = [texts_of(one, constants, 1) for one in (left, right)]
            return ["".join(one) for one in product(*parts)]
        case ast.JoinedStr(values=values):
            parts = [
                texts_of(one.value, constants, 1) or [SAMPLE]
                if isinstance(one, ast.FormattedValue)
                else [one.value]
                for one in values
            ]
            return ["".join(one) for one in product(*parts)]
        case _:
            return []


def is_said(text):
    """Return whether a text has the form of a rule or of a sentence."""
    return text.startswith("must ") or re.fullmatch(r"[A-Z0][^\n]* [^\n]*[.?)]", text) is not None


def test_every_rule_and_remedy_of_the_source_has_a_chinese_twin():
    said = [
        (f"{path.relative_to(ROOT)}:{line}", text)
        for path in SOURCES
        for line, text in strings_of(path)
        if is_said(text) and text not in BARE
    ]
    assert len(said) > 150
    assert [one for one in said if chinese_or_none(one[1]) is None] == []


def test_every_sentence_about_a_file_has_a_chinese_twin():
    said = [
        (f"{path.relative_to(ROOT)}:{line}", text)
        for path in SOURCES
        if path.name in {"doubts.py", "unsaid.py", "surroundings.py", "shift.py", "_reading.py"}
        for line, text in strings_of(path)
        if len(text.split()) >= SENTENCE_WORDS and text not in SHOWN
    ]
    assert len(said) > 10
    assert [one for one in said if chinese_or_none(one[1]) is None] == []


def source_texts():
    """Return every text of the source, parts of others included, and f-strings with samples."""
    texts = set()
    for path in sorted(ROOT.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            texts.update(texts_of(node, {}, 1))
    return {re.sub(r"\{[^{}]*\}", SAMPLE, text) for text in texts}


def forms_of(texts):
    """Return what the texts with parts that vary may look like; those that say little left out."""
    for text in texts:
        pieces = text.split(SAMPLE)
        if len(pieces) > 1 and len(re.sub("[^A-Za-z]", "", "".join(pieces))) >= LEAST_LETTERS:
            yield re.compile(".+".join(map(re.escape, pieces)), re.DOTALL)


def test_no_table_has_a_text_that_has_left_the_source():
    texts = source_texts()
    forms = list(forms_of(texts))
    left = []
    for english in entries():
        if english in SQLITE_SAYS:
            continue
        noun = re.fullmatch(r"\{n\} ([a-z ]+?)s?", english)
        if noun is not None and noun[1] in texts:  # counted(n, "row")
            continue
        parts = PUT_TOGETHER.get(english, (english,))
        for part in parts:
            told = (part, part.removeprefix("must "))
            sample = {re.sub(r"\{[^{}]*\}", SAMPLE, one) for one in told}
            if not (sample & texts or any(form.fullmatch(one) for form in forms for one in told)):
                left.append((english, part))
    assert left == []


def test_a_text_stands_in_one_table_once():
    names = [*_TABLES]
    folder = Path(catalogue.__file__).parent
    tables = [tomllib.loads((folder / name).read_text(encoding="utf-8")) for name in names]
    assert sum(map(len, tables)) == len(entries())


def store_says():
    """Yield what the store says when it cannot be opened or written to: rules and remedies."""
    for path in STORE:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Error"):
                for at in (1, 3):
                    for text in texts_of(node.args[at], {}, 1) if at < len(node.args) else ():
                        yield f"{path.name}:{node.lineno}", text
    for module in (connection, _postgres):
        for _, rule, remedy in module._NAMED.values():
            yield module.__name__, rule
            yield module.__name__, remedy


def test_whatever_keeps_an_import_from_its_store_has_a_chinese_twin():
    said = list(store_says())
    assert len(said) > 30
    assert [one for one in said if chinese_or_none(one[1]) is None] == []


def error_calls():
    """Yield what the errors that refuse a file are made with: rule and remedy."""
    for path in (*SOURCES, *TARGETS, *TABLES_READ):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if name in {"FileError", "ColumnError", "SuspicionError", "DatumError"}:
                for at in (1, 2, 3):
                    for text in texts_of(node.args[at], {}, 1) if at < len(node.args) else ():
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", text


def test_every_refusal_of_a_file_has_a_chinese_twin():
    said = [one for one in error_calls() if re.search("[a-z]{2}", one[1])]
    assert len(said) > 100
    assert [one for one in said if chinese_or_none(one[1]) is None] == []


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (check_credit_code, "123"),
        (check_credit_code, "9111000060003734!L"),
        (check_credit_code, "91110000600037341I"),
        (check_credit_code, "B1110000600037341L"),
        (check_credit_code, "91A10000600037341L"),
        (check_credit_code, "91110000600037341M"),
        (check_phone, "123"),
        (check_community_code, "123"),
    ],
)
def test_what_is_wrong_with_a_code_is_told_in_chinese(check, text):
    with pytest.raises(ValueError, match="must") as caught:
        check(text)
    assert CHINESE.match(in_chinese(str(caught.value)))


def test_what_is_wrong_with_an_area_is_told_in_chinese():
    bad = [
        None,
        shapely.Point(1, 2),
        shapely.Polygon(),
        shapely.box(0, 0, 1, 80).buffer(20),
        shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]),
        shapely.Polygon([(0.0, 0.0), (1.0, 1.0)] * MOST_VERTICES),
        shapely.Polygon([(0, 0), (1, 1), (float("inf"), 0)]),
    ]
    faults = area_faults(bad)
    assert None not in faults
    for fault in faults:
        assert CHINESE.match(in_chinese(f"must {fault.rule}")), fault
        assert CHINESE.match(in_chinese(fault.remedy)), fault
    for area in filter(None, bad):
        with pytest.raises(RefusedError, match="must") as caught:
            kept_area(area)
        told = in_chinese(caught.value.message.remedy)
        assert not re.search(r"shapely|Series|make|\b[a-z]+ [a-z]+\b", told), told


def test_the_tables_are_sound():
    parts = re.compile(r"\{~?(\w+)\}")
    for english, chinese in entries().items():
        assert set(parts.findall(english)) >= set(parts.findall(chinese)), english
        assert not CHINESE.search(english) or english.isascii() or ENGLISH.search(english), english
        assert english == english.strip()
        if english.endswith((".", "?")):
            assert chinese.endswith(("。", "？", "}")), english
        if english.startswith("must "):
            assert not chinese.endswith("。"), english


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("must be at most 1,000", "不得大于1,000"),
        ("must be between -5 and 20", "须在-5至20之间"),
        ("must be one of 男、女", "只能填写以下之一：男、女"),
        (
            "must lie in the service area 117,32,118,33, where its exchange does",
            "须在服务区域 117,32,118,33 之内；经纬度对调后即在其内",
        ),
        (
            (
                "2 of 3 places lie in no community's area (rows 1, 2); "
                "3 of 3 places lie outside the service area 1,2,3,4 (rows 1, 2, 3)"
            ),
            (
                "3个位置中有2个不在任何社区范围内（第1, 2行数据）；"
                "3个位置中有3个在服务区域 1,2,3,4 之外（第1, 2, 3行数据）"
            ),
        ),
        (
            "must fit its check character, the last: one of its characters is wrong",
            "统一社会信用代码第18位校验码不符，其中有一位写错",
        ),
        ("something that nobody says", "something that nobody says"),
        (
            "not used: a, b; something that nobody says",
            "未使用的列：a, b; something that nobody says",
        ),
        ("passed over 3 blank rows; nobody says", "跳过3个空行；nobody says"),
        ("row 3 is broken", "row 3 is broken"),
        ("", ""),
    ],
)
def test_a_chinese_text_shows_the_same_values(english, chinese):
    assert in_chinese(english) == chinese


def test_a_reason_is_told_behind_what_it_is_the_reason_of():
    before = "whether the datum is right cannot be told: "
    path = ROOT / "intake" / "locating" / "shift.py"
    said = [text for _, text in strings_of(path) if chinese_or_none(text) and " " in text]
    assert len(said) >= LEAST_REASONS
    for reason in (*said, *(re.sub("^7 of", "76% of", text) for text in said)):
        told = in_chinese(reason)
        assert CHINESE.search(told), reason
        assert in_chinese(before + reason) == f"无法判断坐标系是否正确：{told}"


def test_values_in_quotes_have_chinese_ones():
    assert in_chinese("the header 'a;b'") == "表头 “a;b”"
    assert in_chinese("have the column 'it's' that the mapping names").startswith("须有映射文件")
    pairs = "340302001001 and 340302001002 (3.10%), 340302001003 and 340302001004 (1.00%)"
    told = in_chinese(
        "the areas of 2 pairs of communities overlap (share of the smaller one): " + pairs
    )
    assert told.endswith("：340302001001与340302001002 (3.10%), 340302001003与340302001004 (1.00%)")


@given(text=st.text(max_size=60))
def test_any_text_has_an_answer(text):
    assert isinstance(in_chinese(text), str)
    assert in_chinese(f"must be one of {text}").endswith(text)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            FileError("a.csv", "hold at least one row", "an empty file"),
            "“a.csv”：至少须有一行数据；现为：空文件。",
        ),
        (
            ArgumentError("CRS of a.gpkg", "count degrees from Greenwich", "'X'", "Y."),
            "“CRS of a.gpkg”：经度须从格林尼治起算；现为：“X”。Y.",
        ),
        (FileError("a.csv", "be new", "old"), "`a.csv` must be new, got old."),
        (
            StoreBusyError("s.db", "be free for writing", "database is locked", "Try again."),
            "“s.db”：数据库须可写入，未被其他程序占用；现为：数据库已锁定。请再试一次。",
        ),
        (GeoMatchError("as it is"), "as it is"),
    ],
)
def test_an_error_is_told_in_chinese_where_its_rule_is_known(error, text):
    assert error_in_chinese(error) == text


def test_the_language_of_a_list_is_that_of_most_of_its_headers():
    assert language_of(["编号", "经度", "纬度", "lon"]) == "zh"
    assert language_of(["id", "lon", "lat", "备注"]) == "en"
    assert language_of(["id", "lon", *MENDING_COLUMNS]) == "en"
    assert language_of(["id", "规则"]) == "zh"
    assert language_of(["1", ""]) == language_of([]) == "en"


KINDS = {
    "家庭": "households",
    "工作地点": "sites",
    "招聘信息_大厅": "jobs",
    "招聘信息_百度": "jobs",
    "招聘信息_高德": "jobs",
    "服务网点": "stations",
    "求职人员": "seekers",
    "社区": "communities",
    "经营实体": "employers",
}


@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_files_to_be_mended_of_the_city_have_no_english_in_their_reasons(name, tmp_path):
    read = read_records(OFFICE / f"{name}.csv", KINDS[name], datum="wgs84")
    assert language_of(read.table.columns.column_names) == "zh"
    path = tmp_path / f"{name}.csv"
    n = write_mending(path, read.table, read.rejections, read.notes, language="zh")
    if not n:
        assert not len(read.rejections)
        return
    with path.open(encoding="utf-8-sig" if read.table.encoding == "utf-8" else "gb18030") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == n
    for row in rows:
        for column in set(REASON_COLUMNS) - {"错误值"}:
            assert not ENGLISH.search(row[column]), row[column]
        assert CHINESE.search(row["规则"])
        assert CHINESE.search(row["处理建议"])
    for one in (*read.rejections.groups(), *read.notes.groups()):
        assert not ENGLISH.search(in_chinese(one.rule) + in_chinese(one.remedy)), one
    for text in read.warnings:
        assert not ENGLISH.search(in_chinese(text)), text


def test_the_lists_of_the_city_are_all_looked_at():
    assert {path.stem for path in OFFICE.glob("*.csv")} == {*KINDS, "defects"}
