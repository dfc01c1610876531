"""What `import` tells of a list stands in the list's language, and adds its faults up."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from geo_match.cli import finding_words, main
from geo_match.cli.telling import ToldError, told
from geo_match.errors import ArgumentError, FileError, GeoMatchError

CHINESE = ["求职编号", "姓名", "联系电话", "经度", "纬度", "坐标系", "更新时间"]
ENGLISH = ["id", "name", "phone", "lon", "lat", "datum", "updated_at"]
ROWS = [
    ["A", "王秀英", "13812345678", "117.381", "32.931", "WGS84", "2025-03-01"],
    ["B", " 李建国", "", "", "", "", "2025-03-02"],
    *([f"C{n}", "张伟", f"1381234{n}", "117.381", "32.931", "WGS84", "2025-03-01"] for n in "1234"),
    ["D", "刘洋", "", "117.381", "32.931", "WGS84", "2025-13-01"],
]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def write(path, rows):
    with Path(path).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def run(capsys, *arguments):
    """Run `import`, and return its exit status and the lines that it told."""
    with pytest.raises(SystemExit) as caught:
        main(["import", *arguments, "--store", "s.db"])
    return caught.value.code or 0, capsys.readouterr().err.splitlines()


def reasons(path):
    with Path(path).open(encoding="utf-8-sig", newline="") as stream:
        return [row["规则"] for row in csv.DictReader(stream)]


IN_CHINESE = [
    "a.csv：读入7行，其中采纳2行，未变0行，过期0行，重复0行，退回5行",
    "  位置：有坐标1条，2条中1条没有位置",
    "  退回原因（表头下第一行为第1行数据）：",
    (
        "    联系电话：须为一个电话号码：11位手机号码、带区号的固定电话（如 0552-3012345）、"
        "400 或 95 开头的号码，后可带分机号，共4行（第3、4、5……行数据，即文件第4、5、6……行；"
        "如“13812341”）。请核对后按要求填写。"
    ),
    (
        "    更新时间：日历上没有这一天，共1行（第7行数据，即文件第8行；如“2025-13-01”）。"
        "请重新核对日期。"
    ),
    "  提示（不影响导入）：",
    "    姓名：文字前后不应有空格，共1行。已自动去除。",
    ("    经度, 纬度：应有坐标才能定位，共1行。已保留，暂无位置；仍可按地址或社区定位。"),
]
IN_ENGLISH = [
    "a.csv: 2 accepted, 0 unchanged, 0 stale, 0 duplicate, 5 rejected",
    "  places: 1 with coordinates, 1 of 2 without a place",
    "  why rows were rejected (row 1 is the first of data, below the header):",
    (
        "    phone: must be one phone number: 11 digits of a mobile phone, a landline with its "
        "area code such as 0552-3012345, a number that begins with 400 or 95; an extension may "
        "follow: 4 rows (rows 3, 4, 5, …; lines 4, 5, 6, … of the file), such as '13812341'. "
        "Look it up again and write it so."
    ),
    (
        "    updated_at: must be a day that the calendar has: 1 row (row 7; line 8 of the file), "
        "such as '2025-13-01'. Look the day up again."
    ),
    "  notes, which keep no row out:",
    "    name: must have no white space around its text: 1 row. It was removed.",
    (
        "    lon, lat: must hold a place's coordinates for it to be located: 1 row. It was kept "
        "without a place; its address or community may still locate it."
    ),
]
STANDS_IN_CHINESE = "  退回的行已写入 a.mend.csv，逐行注明原因：请在该文件中改正，再导入该文件"
STANDS_IN_ENGLISH = (
    "  the rejected rows stand in a.mend.csv, each with what is wrong in it: mend them there, and "
    "import that file"
)


def test_a_list_with_chinese_headers_is_told_in_chinese(capsys):
    write("a.csv", [CHINESE, *ROWS])
    status, lines = run(capsys, "seekers", "a.csv")
    assert status == 3
    assert lines[: len(IN_CHINESE)] == IN_CHINESE
    assert all(line.startswith("  注意：") for line in lines[len(IN_CHINESE) : -1])
    assert lines[-1] == STANDS_IN_CHINESE
    assert reasons("a.mend.csv")[-1] == "日历上没有这一天"


def test_a_list_with_english_headers_is_told_in_english(capsys):
    write("a.csv", [ENGLISH, *ROWS])
    status, lines = run(capsys, "seekers", "a.csv")
    assert status == 3
    assert lines[0] == IN_ENGLISH[0].replace("a.csv:", "7 rows of a.csv:")
    assert lines[1 : len(IN_ENGLISH)] == IN_ENGLISH[1:]
    assert lines[-1] == STANDS_IN_ENGLISH
    assert reasons("a.mend.csv")[-1] == "must be a day that the calendar has"


@pytest.mark.parametrize(
    ("headers", "language", "first", "rule"),
    [
        (CHINESE, "en", "7 rows of a.csv: 2", "must be a day that the calendar has"),
        (ENGLISH, "zh", "a.csv：读入7行", "日历上没有这一天"),
    ],
)
def test_the_language_can_be_asked_for(capsys, headers, language, first, rule):
    write("a.csv", [headers, *ROWS])
    status, lines = run(capsys, "seekers", "a.csv", "--language", language)
    assert status == 3
    assert lines[0].startswith(first)
    assert reasons("a.mend.csv")[-1] == rule


def test_another_language_is_refused(capsys):
    write("a.csv", [CHINESE, *ROWS])
    status, lines = run(capsys, "seekers", "a.csv", "--language", "fr")
    assert status == 2
    assert "must be one of zh, en, got 'fr'" in " ".join(lines)


def test_a_dry_run_says_so_in_either_language(capsys):
    write("a.csv", [CHINESE, *ROWS])
    _, lines = run(capsys, "seekers", "a.csv", "--dry-run")
    assert lines[0].startswith("试运行，未写入任何数据。a.csv：读入7行")
    _, lines = run(capsys, "seekers", "a.csv", "--dry-run", "--language", "en")
    assert lines[0].startswith("dry run, nothing written: 7 rows of a.csv: 2 accepted")
    assert not Path("a.mend.csv").exists()


def test_what_refuses_a_file_is_told_in_its_language(capsys):
    swapped = [[*row[:3], "32.931", "117.381", *row[5:]] for row in ROWS]
    write("a.csv", [CHINESE, *swapped])
    status, lines = run(capsys, "seekers", "a.csv")
    assert status == 1
    assert "经度和纬度似乎颠倒" in lines[-1]
    assert "整体上须无可疑之处" in lines[-1]
    assert "--accept-suspicions" in lines[-1]
    _, lines = run(capsys, "seekers", "a.csv", "--language", "en")
    assert "must look right as a whole" in lines[-1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("求职编号,姓名\n", "至少须有一行数据"),
        ("求职编号,姓名,姓名\nA,王,李\n", "表头不得重复"),
        ('求职编号,姓名\nA,"王\nB,李\n', "引号"),
    ],
)
def test_a_list_that_cannot_be_read_is_told_in_the_language_of_its_first_line(
    capsys, text, said, encoding
):
    Path("a.csv").write_text(text, encoding=encoding)
    status, (line,) = run(capsys, "seekers", "a.csv")
    assert status == 1
    assert said in line


@pytest.mark.parametrize(("name", "said"), [("名单.xlsx", "“名单.xlsx”："), ("a.xlsx", "must be")])
def test_a_file_without_headers_is_told_in_the_language_of_its_name(capsys, name, said):
    Path(name).write_bytes(b"no workbook")
    status, (line,) = run(capsys, "seekers", name)
    assert status == 1
    assert said in line


def test_a_file_that_cannot_be_read_is_told_in_the_language_asked_for(capsys):
    Path("a.csv").write_bytes(b"")
    assert run(capsys, "seekers", "a.csv")[1][-1].endswith(
        "must hold at least one row, got an empty file."
    )
    status, lines = run(capsys, "seekers", "a.csv", "b.csv", "--language", "zh")
    assert status == 1
    assert lines == ["未导入：a.csv、b.csv", "geo-match: “a.csv”：至少须有一行数据；现为：空文件。"]


def test_many_reasons_are_cut_short_and_all_stand_in_the_file(capsys, monkeypatch):
    monkeypatch.setattr(finding_words, "_LISTED", 1)
    write("a.csv", [CHINESE, *ROWS])
    _, lines = run(capsys, "seekers", "a.csv")
    assert lines[4] == "    … 另有1处，退回文件中逐行列明"
    assert len(reasons("a.mend.csv")) == 5
    _, lines = run(capsys, "seekers", "a.csv", "--language", "en")
    assert lines[4] == "    … and 1 more fault, which the file to be mended lists"


def test_an_error_that_has_no_chinese_stays_what_it_is(tmp_path):
    path = tmp_path / "a.csv"
    unknown = GeoMatchError("something else")
    assert told(unknown, path, "zh") is unknown
    known = FileError(path, "hold at least one row", "an empty file")
    assert told(known, path, "en") is known
    assert told(known, path, None) is known  # there is no file whose headers would tell
    chinese = told(known, path, "zh")
    assert isinstance(chinese, ToldError)
    assert str(chinese) == f"“{path}”：至少须有一行数据；现为：空文件。"
    assert isinstance(told(ArgumentError("kind", "be x", "y"), path, "zh"), ArgumentError)


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (
            "求职编号,版本,姓名",
            [
                "  未采纳，早于名单中的另一行：共1行（第1行数据，即文件第2行）：A",
                "  未采纳，早于库中记录：共1行（第3行数据，即文件第4行）：B",
            ],
        ),
        (
            "id,version,name",
            [
                (
                    "  not taken, older than another row of the list: 1 row (row 1; line 2 of the "
                    "file): A"
                ),
                "  not taken, older than the store's record: 1 row (row 3; line 4 of the file): B",
            ],
        ),
    ],
)
def test_rows_that_are_older_are_named(tmp_path, monkeypatch, capsys, header, told):
    monkeypatch.chdir(tmp_path)
    columns = header.split(",")
    write("first.csv", [columns, ["B", "2", "赵"]])
    assert run(capsys, "seekers", "first.csv")[0] == 0
    write("a.csv", [columns, ["A", "1", "李"], ["A", "2", "李"], ["B", "1", "赵"]])
    _, lines = run(capsys, "seekers", "a.csv")
    assert [line for line in lines if "older than" in line or "早于" in line] == told
