"""The commands `import` and `mapping`: a list comes back to be mended, and goes in whole."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import openpyxl
import pytest
from office_desk import BAD, GOOD, HEADER, names, read_csv, run, write_csv

from geo_match.cli import importing, main, mapping
from geo_match.cli.terminal import progress
from geo_match.intake.lists.mapping import read_mapping
from geo_match.store import Store

MENDED = {
    "C": {"联系电话": "13812345670", "更新时间": "2025-12-01"},
    "D": {"坐标系": "高德"},
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_xlsx(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([cell or None for cell in row])
    for cells in book.active.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a text that begins with = is a text here
    book.save(path)


def read_xlsx(path):
    book = openpyxl.load_workbook(path)
    return [
        ["" if value is None else str(value) for value in row]
        for row in book.active.iter_rows(values_only=True)
    ]


@pytest.mark.parametrize(
    ("suffix", "write", "read"), [("csv", write_csv, read_csv), ("xlsx", write_xlsx, read_xlsx)]
)
def test_a_list_comes_back_to_be_mended_and_goes_in_whole(capsys, suffix, write, read):
    write(f"名单.{suffix}", [HEADER, *GOOD, *BAD])
    assert run("import", "seekers", f"名单.{suffix}", "--store", "s.db") == 3
    told = capsys.readouterr().err
    assert (
        f"4 rows of 名单.{suffix}: 2 accepted, 0 unchanged, 0 stale, 0 duplicate, 2 rejected"
        in told
    )
    assert f"the rejected rows stand in 名单.mend.{suffix}" in told
    assert set(names()) == {"A", "B"}

    # Somebody mends the cells that are named, and nothing else.
    header, *rows = read(f"名单.mend.{suffix}")
    assert header[: len(HEADER)] == HEADER
    assert {row[0] for row in rows} == set(MENDED)
    for row in rows:
        for field, value in MENDED[row[0]].items():
            at = header.index(field)
            assert field in row[header.index("错误字段")]
            row[at] = value
    write(f"名单.mend.{suffix}", [header, *rows])
    assert run("import", "seekers", f"名单.mend.{suffix}", "--store", "s.db") == 0
    assert "2 accepted" in capsys.readouterr().err
    assert names() == {"A": "王秀英", "B": "李建国", "C": "=张伟", "D": "刘洋"}
    assert {path.name for path in Path().glob("名单*")} == {f"名单.{suffix}", f"名单.mend.{suffix}"}

    # The first list once more is told that it may have been mended.
    assert run("import", "seekers", f"名单.{suffix}", "--store", "s.db") == 3
    assert "the store has the ids of all rejected rows already" in capsys.readouterr().err
    Path(f"名单.mend-2.{suffix}").unlink()

    # All of it once more: nothing changes.
    assert run("import", "seekers", f"名单.mend.{suffix}", "--store", "s.db") == 0
    assert "0 accepted, 2 unchanged" in capsys.readouterr().err


def write_merged(path):
    """Write a workbook with one value for three rows, a sound row, and a row with one cell more."""
    book = openpyxl.Workbook()
    header = ["求职编号", "姓名", "家庭编号"]
    for row in (header, ["A", "甲", "H1"], ["B", "乙"], ["C", "丙"], ["D", "丁", "H2"]):
        book.active.append(row)
    book.active.append(["E", "戊", "H3", "多"])
    book.active.merge_cells("C2:C4")
    book.save(path)


def write_short(path):
    """Write a list whose rows have too few cells, but for one, and but for one with one more."""
    text = "求职编号,姓名,家庭编号\nA,甲\nB,乙\nC,丙\nD,丁,H2\nE,戊,H3,多\n"
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("suffix", "hands"),
    [("csv", (write_short, write_csv, read_csv)), ("xlsx", (write_merged, write_xlsx, read_xlsx))],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_row_that_was_none_stays_rejected_until_somebody_mends_it(
    capsys, suffix, hands, language
):
    make, write, read = hands
    make(Path(f"名单.{suffix}"))
    into = ("--store", "s.db", "--language", language)
    assert run("import", "seekers", f"名单.{suffix}", *into) == 3
    assert set(names()) == {"D"}
    clear = {"zh": "清空该行的“错误字段”", "en": "clear 错误字段 in this row"}[language]
    header, *rows = read(f"名单.mend.{suffix}")
    assert len(rows) == 4
    assert all(clear in row[header.index("处理建议")] for row in rows)

    # Untouched they are rejected, each time anew, and their file says the same of them.
    for n, name in enumerate(["名单.mend", "名单.mend-2"], 2):
        assert run("import", "seekers", f"{name}.{suffix}", *into) == 3
        assert set(names()) == {"D"}
        assert clear in capsys.readouterr().err
        again = read(f"名单.mend-{n}.{suffix}")
        assert again[0] == header
        for row, was in zip(again[1:], rows, strict=True):
            for same in ("求职编号", "姓名", "家庭编号", "错误值", "原行号"):
                assert row[header.index(same)] == was[header.index(same)]

    # One is filled in but its reason left, one is right as it is, and of two both is done.
    at, reason = header.index("家庭编号"), header.index("错误字段")
    rows[0][at], rows[2][at], rows[3][at] = "H1", "H1", "H3"
    for row in rows[1:]:
        row[reason] = ""
    write(f"名单.mend.{suffix}", [header, *rows])
    assert run("import", "seekers", f"名单.mend.{suffix}", *into) == 3
    with Store.open("s.db") as store:
        found = store.read("seekers", fields=["id", "household"]).to_pylist()
    homes = {one["id"]: one["household"] for one in found}
    assert homes == {"B": None, "C": "H1", "D": "H2", "E": "H3"}


def test_a_list_that_is_being_mended_is_never_overwritten(capsys):
    write_csv("a.csv", [HEADER, *BAD])
    for name in ("a.mend.csv", "a.mend-2.csv", "a.mend-3.csv"):
        assert run("import", "seekers", "a.csv", "--store", "s.db") == 3
        assert f"stand in {name}" in capsys.readouterr().err
    assert run("import", "seekers", "a.mend.csv", "--store", "s.db") == 3
    assert "stand in a.mend-4.csv" in capsys.readouterr().err
    assert run("import", "seekers", "a.csv", "--store", "s.db", "--report", "a.mend.csv") == 1
    assert "`a.mend.csv` must not exist yet" in capsys.readouterr().err
    assert run("import", "seekers", "a.csv", "--store", "s.db", "--report", "mine.csv") == 3
    assert Path("mine.csv").exists()


def test_a_file_that_appears_while_a_list_is_read_is_never_overwritten(capsys, monkeypatch, folder):
    write_csv("a.csv", [HEADER, *GOOD, *BAD])
    written = importing.write_mending

    def meanwhile(*arguments, **options):
        written(*arguments, **options)
        Path("a.mend.csv").write_text("mended by someone")

    monkeypatch.setattr(importing, "write_mending", meanwhile)
    assert run("import", "seekers", "a.csv", "--store", "s.db") == 1
    told = capsys.readouterr().err
    assert "4 rows of a.csv: 2 accepted" in told
    assert "`a.mend.csv` must not exist yet, got a file" in told
    assert "The good rows of a.csv are in the store all the same" in told
    assert Path("a.mend.csv").read_text() == "mended by someone"
    assert {path.name for path in Path().glob("*a*")} == {"a.csv", "a.mend.csv"}
    assert set(names()) == {"A", "B"}

    # As it says: importing again changes nothing, and writes the rejected rows.
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    with Store.open("s.db") as store:
        before = store.cursor()
        assert [one.source for one in store.status().unfinished] == ["a.csv"]
    assert run("import", "seekers", "a.csv", "--store", "s.db") == 3
    told = capsys.readouterr().err
    assert "2 accepted, 0 unchanged, 0 stale, 0 duplicate, 2 rejected" in told  # it goes on
    assert "has not come to its end: it had taken 2 records, and its rejected" in told
    assert "stand in a.mend-2.csv" in told
    with Store.open("s.db") as store:
        assert store.cursor() == before
        assert store.status().unfinished == ()
    assert [row[0] for row in read_csv("a.mend-2.csv")[1:]] == ["C", "D"]


def test_a_mapping_file_that_appears_meanwhile_is_never_overwritten(capsys, monkeypatch):
    write_csv("a.csv", [HEADER, *GOOD])
    propose = mapping.propose

    def meanwhile(*arguments):
        Path("m.toml").write_text("looked through")
        return propose(*arguments)

    monkeypatch.setattr(mapping, "propose", meanwhile)
    assert run("mapping", "a.csv", "--kind", "seekers", "--out", "m.toml") == 1
    assert "`m.toml` must not exist yet" in capsys.readouterr().err
    assert Path("m.toml").read_text() == "looked through"


def test_a_rename_that_fails_leaves_no_empty_file(capsys, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EACCES, "denied")

    write_csv("a.csv", [HEADER, *GOOD, *BAD])
    monkeypatch.setattr(Path, "replace", refuse)
    assert run("import", "seekers", "a.csv", "--store", "s.db") == 1
    assert "`a.mend.csv` must be written" in capsys.readouterr().err
    assert [path.name for path in Path().glob("*a.*")] == ["a.csv"]


def test_a_name_that_looks_like_markup_is_shown_as_it_is(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with progress("reading 名单[/x].csv", 2) as advance:
        advance(2)
    assert "reading 名单[/x].csv" in capsys.readouterr().err


def test_a_list_of_headers_only_has_no_row(capsys):
    write_csv("a.csv", [["单位编号", "单位名称"]])
    assert run("import", "employers", "a.csv", "--store", "s.db") == 1
    assert "must hold at least one row, got headers only" in capsys.readouterr().err


def test_files_go_in_one_after_the_other_until_one_is_refused(capsys):
    write_csv("a.csv", [HEADER, GOOD[0]])
    write_csv("b.csv", [["x", "y"], ["1", "2"]])
    write_csv("c.csv", [HEADER, GOOD[1]])
    assert run("import", "seekers", "a.csv", "b.csv", "c.csv", "--store", "s.db") == 1
    told = capsys.readouterr().err
    assert "1 row of a.csv: 1 accepted" in told
    assert "not imported: b.csv, c.csv" in told
    assert "`b.csv` must have a column for each required field of seekers" in told
    assert set(names()) == {"A"}
    assert run("import", "seekers", "a.csv", "c.csv", "--store", "s.db") == 0
    assert set(names()) == {"A", "B"}


def test_a_suspicious_file_is_refused_and_goes_in_when_it_is_meant(capsys):
    write_csv("a.csv", [HEADER, *GOOD])
    command = ("import", "seekers", "a.csv", "--store", "s.db", "--service-area", "110,30,111,31")
    assert run(*command) == 1
    assert "`a.csv` must look right as a whole, got 1 of 1 place" in capsys.readouterr().err
    assert names() == {}
    assert run(*command, "--accept-suspicions") == 0
    assert "warning: 1 of 1 place" in capsys.readouterr().err
    assert set(names()) == {"A", "B"}


def test_a_gazetteer_locates_addresses_and_is_replaced_as_a_whole(capsys):
    header = ["名称", "经度", "纬度", "定位精度(米)", "社区代码"]
    write_csv("names.csv", [header, ["幸福小区", "117.38", "32.93", "150", ""]])
    assert (
        run("import", "gazetteer", "names.csv", "--datum", "wgs84", "--store", "s.db", "--dry-run")
        == 0
    )
    assert "1 name of names.csv would replace the 0 of the gazetteer" in capsys.readouterr().err
    assert not Path("s.db").exists()
    assert run("import", "gazetteer", "names.csv", "--datum", "wgs84", "--store", "s.db") == 0
    assert "1 name of names.csv replaced the 0 of the gazetteer" in capsys.readouterr().err
    write_csv("a.csv", [["求职编号", "地址"], ["A", "蚌埠市幸福小区3栋"], ["B", "某处"]])
    assert run("import", "seekers", "a.csv", "--store", "s.db") == 0
    assert "places: 1 by the gazetteer, 1 of 2 without a place" in capsys.readouterr().err
    write_csv("names.csv", [header, ["幸福小区", "117.38", "", "150", ""]])
    assert run("import", "gazetteer", "names.csv", "--datum", "wgs84", "--store", "s.db") == 1
    assert run("import", "gazetteer", "names.csv", "names.csv", "--store", "s.db") == 2
    with Store.open("s.db") as store:
        assert store.gazetteer().num_rows == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [("地名.csv", "地名.csv：“datum”："), ("names.csv", "names.csv: `datum` must")],
)
def test_a_gazetteer_whose_datum_nothing_says_is_not_taken(capsys, name, words):
    head = ["名称", "经度", "纬度", "定位精度(米)"]
    write_csv(
        name,
        [
            head if name[0] == "地" else ["name", "lon", "lat", "accuracy_m"],
            ["幸福小区", "117.4", "32.9", "150"],
        ],
    )
    assert run_unasked("import", "gazetteer", name, "--store", "s.db") == 1
    assert words in capsys.readouterr().err
    assert not Path("s.db").exists()


def run_unasked(*arguments):
    """Run a command that tells in the language of the list, and return its exit status."""
    with pytest.raises(SystemExit, match=r"\d") as caught:
        main(list(arguments))
    return caught.value.code


def test_a_gazetteer_is_told_of_in_the_language_of_its_headers(capsys):
    header = ["名称", "经度", "纬度", "定位精度(米)"]
    write_csv("地名.csv", [header, ["幸福小区", "117.4", "32.9", "150"]])
    assert (
        run_unasked("import", "gazetteer", "地名.csv", "--datum", "wgs84", "--store", "s.db") == 0
    )
    assert "地名.csv：1个地名，已替换地名库原有的0个" in capsys.readouterr().err
    write_csv("地名.csv", [header, ["幸福小区", "32.9", "117.4", "150"]])
    assert run_unasked("import", "gazetteer", "地名.csv", "--store", "s.db") == 1
    told = "".join(capsys.readouterr().err.split())
    assert "纬度“117.4”（须为-90至90度）。经度和纬度似乎颠倒：请对调两项数值" in told
    assert (
        run_unasked("import", "gazetteer", "地名.csv", "--store", "s.db", "--language", "en") == 1
    )
    told = " ".join(capsys.readouterr().err.split())
    assert "Longitude and latitude look exchanged: write them the other way round" in told


@pytest.mark.parametrize("kind", ["gazetteer", "seekers"])
def test_an_empty_file_is_told_of_in_the_language_of_its_name(capsys, kind):
    for name, words in (
        ("空.csv", "至少须有一行数据"),
        ("empty.csv", "must hold at least one row"),
    ):
        Path(name).write_text("")
        assert run_unasked("import", kind, name, "--store", "s.db") == 1
        assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (["地点编号", "经度", "纬度"], "a.csv：“datum”："),
        (["id", "lon", "lat"], "a.csv: `datum` must"),
    ],
)
def test_a_list_whose_datum_nothing_says_is_named(capsys, header, words):
    write_csv("a.csv", [header, ["A", "117.4", "32.9"]])
    assert run_unasked("import", "sites", "a.csv", "--store", "s.db") == 1
    assert words in capsys.readouterr().err


def test_a_mapping_is_proposed_looked_through_and_used(capsys):
    write_csv("a.csv", [["内部编码", "姓名"], ["A", "王秀英"]])
    assert run("import", "seekers", "a.csv", "--store", "s.db") == 1
    assert run("mapping", "a.csv", "--kind", "seekers") == 0
    shown = capsys.readouterr().out
    assert '"内部编码" = ""' in shown
    assert run("mapping", "a.csv", "--kind", "seekers", "--out", "a.toml") == 0
    assert "mapping of a.csv written to a.toml" in capsys.readouterr().err
    text = Path("a.toml").read_text(encoding="utf-8")
    assert text == shown
    Path("a.toml").write_text(
        text.replace('"内部编码" = ""', '"内部编码" = "id"'), encoding="utf-8"
    )
    assert read_mapping("a.toml", "seekers").columns["内部编码"] == "id"
    assert run("import", "seekers", "a.csv", "--store", "s.db", "--mapping", "a.toml") == 0
    assert names() == {"A": "王秀英"}
    assert run("mapping", "a.csv", "--kind", "seekers", "--out", "a.toml") == 1
    assert "`a.toml` must not exist yet" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("import", "people", "a.csv", "--store", "s.db"), "must be one of households, "),
        (("import", "seekers", "--store", "s.db"), "Missing argument 'FILE...'"),
        (("import", "seekers", "a.csv"), "Missing option '--store'"),
        (("import", "seekers", "a.csv", "--store", "s.db", "--datum", "x"), "must be one of"),
        (
            ("import", "seekers", "a.csv", "b.csv", "--store", "s.db", "--report", "m.csv"),
            "must not be given with several files",
        ),
        (
            ("import", "seekers", "a.csv", "--store", "s.db", "--report", "m.xlsx"),
            "must end in .csv as the file does",
        ),
        (
            ("import", "gazetteer", "a.csv", "--store", "s.db", "--report", "m.csv"),
            "must not be given with a gazetteer",
        ),
        (("mapping", "a.csv", "--kind", "gazetteer"), "must be one of households, "),
    ],
)
def test_a_wrong_command_line_is_status_2(capsys, arguments, told):
    assert run(*arguments) == 2
    assert told in capsys.readouterr().err.replace("│\n│ ", "")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("a.csv", "--store", "no/s.db"), "`no/s.db` must lie in a folder that exists"),
        (("a.csv", "--store", "a.csv"), "`a.csv` must be a SQLite database"),
        (("a.csv", "--store", "postgresql://ann:secret@x/y"), "`postgresql+psycopg://ann:***@x/y`"),
        (("none.csv", "--store", "s.db"), "`none.csv` must exist"),
        (("a.csv", "--store", "s.db", "--report", "no/m.csv"), "must lie in a folder that exists"),
        (("a.csv", "--store", "s.db", "--report", "a.csv"), "must not be an input"),
    ],
)
def test_what_is_refused_is_status_1_and_leaves_the_list_alone(capsys, arguments, told):
    write_csv("a.csv", [HEADER, *GOOD])
    before = Path("a.csv").read_bytes()
    assert run("import", "seekers", *arguments) == 1
    told_all = capsys.readouterr().err
    assert told in told_all
    assert "secret" not in told_all
    assert Path("a.csv").read_bytes() == before


def test_a_row_that_contradicts_the_store_comes_back_to_be_mended(capsys):
    write_csv("a.csv", [HEADER, *GOOD])
    assert run("import", "seekers", "a.csv", "--store", "s.db") == 0
    write_csv("b.csv", [HEADER, [*GOOD[0][:1], "汪秀英", *GOOD[0][2:]], GOOD[1]])
    assert run("import", "seekers", "b.csv", "--store", "s.db") == 3
    assert "0 accepted, 1 unchanged, 0 stale, 0 duplicate, 1 rejected" in capsys.readouterr().err
    assert names()["A"] == "王秀英"
    header, row = read_csv("b.mend.csv")
    assert row[header.index("错误字段")] == "更新时间"
    row[header.index("更新时间")] = "2025-03-04"
    write_csv("b.mend.csv", [header, row])
    assert run("import", "seekers", "b.mend.csv", "--store", "s.db") == 0
    assert names()["A"] == "汪秀英"
    # The lists as they were change nothing any more.
    assert run("import", "seekers", "a.csv", "--store", "s.db") == 0
    assert "0 accepted, 1 unchanged, 1 stale" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ("b.csv",),
        ("none.csv",),
        ("a.csv", "--service-area", "110,30,111,31"),
        ("a.csv", "--report", "no/m.csv"),
        ("a.csv", "--mapping", "none.toml"),
    ],
)
def test_a_first_import_that_is_refused_leaves_no_store(folder, arguments):
    write_csv("a.csv", [HEADER, *GOOD])
    write_csv("b.csv", [["x", "y"], ["1", "2"]])
    assert run("import", "seekers", *arguments, "--store", "s.db") == 1
    assert sorted(path.name for path in folder.iterdir()) == ["a.csv", "b.csv"]


def test_a_list_whose_rejected_rows_could_not_be_written_is_refused_before_it_goes_in(
    capsys, monkeypatch
):
    write_csv("a.csv", [HEADER, *GOOD, *BAD])
    may, writing = os.access, os.W_OK | os.X_OK
    monkeypatch.setattr(
        os, "access", lambda path, mode, **how: mode != writing and may(path, mode, **how)
    )
    Store.open("s.db").close()
    assert run("import", "seekers", "a.csv", "--store", "s.db") == 1
    told = capsys.readouterr().err
    assert "`a.mend.csv` must lie in a writable folder" in told
    assert "name another file with --report" in told
    assert names() == {}


def test_a_corrected_list_is_taken_where_the_command_says_so(capsys):
    header = ["求职编号", "版本", "姓名"]
    write_csv("a.csv", [header, ["A", "1", "王"]])
    write_csv("b.csv", [header, ["A", "1", "李"]])
    assert run("import", "seekers", "a.csv", "--store", "s.db") == 0
    assert run("import", "seekers", "b.csv", "--store", "s.db") == 3
    assert names() == {"A": "王"}
    assert "import it with --correct" in capsys.readouterr().err
    assert run("import", "seekers", "b.csv", "--store", "s.db", "--correct", "--dry-run") == 0
    assert names() == {"A": "王"}
    assert run("import", "seekers", "b.csv", "--store", "s.db", "--correct") == 0
    assert names() == {"A": "李"}


def test_a_store_that_is_none_is_told_in_chinese(capsys):
    write_csv("a.csv", [HEADER, *GOOD])
    write_csv("s.db", [HEADER, *GOOD])
    assert run("import", "seekers", "a.csv", "--store", "s.db", "--language", "zh") == 1
    assert "“s.db”：须为 SQLite 数据库；现为：不是数据库文件。" in capsys.readouterr().err


def test_who_imports_is_kept_with_each_change_and_is_never_an_id_card_number(capsys):
    write_csv("a.csv", [HEADER, *GOOD])
    command = ("import", "seekers", "a.csv", "--store", "s.db", "--actor")
    for bad in ("11010519491231002X", "a\nb", "a" * 201):
        assert run(*command, bad) == 2
        assert "19491231" not in capsys.readouterr().err
        assert not Path("s.db").exists()
    assert run(*command, "龙子湖区人社局") == 0
    with Store.open("s.db") as store:
        assert {one.actor for one in store.changes()} == {"龙子湖区人社局"}
    assert run("import", "gazetteer", "a.csv", "--store", "s.db", "--actor", "甲") == 2


def test_whoever_was_erased_comes_back_only_if_that_is_said(capsys):
    write_csv("a.csv", [HEADER, *GOOD])
    assert run("import", "seekers", "a.csv", "--store", "s.db") == 0
    with Store.open("s.db") as store:
        store.erase("seekers", "A", reason="R-1")
    capsys.readouterr()
    assert run("import", "seekers", "a.csv", "--store", "s.db") == 3
    told = capsys.readouterr().err
    assert "0 accepted, 1 unchanged, 0 stale, 0 duplicate, 1 rejected" in told
    assert (
        "warning: persons or households who were erased are not taken in again with an old list: "
        "1 row (row 1)\n"
    ) in told
    assert set(names()) == {"B"}
    assert [row[0] for row in read_csv("a.mend.csv")[1:]] == ["A"]
    assert run("import", "seekers", "a.mend.csv", "--store", "s.db", "--erased-too") == 0
    assert set(names()) == {"A", "B"}
    assert run("import", "seekers", "a.csv", "--store", "s.db") == 0
