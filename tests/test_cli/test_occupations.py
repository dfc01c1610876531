"""The command `import occupations`: a finer table is kept, and lists are checked by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo_match.cli import main
from geo_match.store import Store

FINER = "代码,名称\n4-01-01,营业人员\n4-01-01-01,营业员\n"
OTHER = "code,name,version\n4,社会生产服务人员,大典 2022\n"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run an import into `s.db` in a folder of its own; give its status and what it tells."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments):
        with pytest.raises(SystemExit) as caught:
            main(["import", *arguments, "--store", "s.db"])
        return caught.value.code or 0, capsys.readouterr().err

    return call


def names():
    with Store.open("s.db") as store:
        return [group.name for group in store.occupations().added]


def test_a_finer_table_is_kept_and_replaced_as_a_whole(run):
    Path("finer.csv").write_text(FINER, encoding="gb18030")
    status, told = run("occupations", "finer.csv", "--dry-run")
    assert status == 0
    assert "2 occupations of finer.csv, GB/T 6565-2009, would replace all 0 of the store" in told
    assert not Path("s.db").exists()
    status, told = run("occupations", "finer.csv")
    assert status == 0
    assert told.endswith(
        "2 occupations of finer.csv, GB/T 6565-2009, replaced all 0 of the store; the 77 groups "
        "of GB/T 6565-2009 that are shipped stay beside them\n"
    )
    assert names() == ["营业人员", "营业员"]
    Path("other.csv").write_text(OTHER, encoding="utf-8")
    assert "would replace all 2" in run("occupations", "other.csv", "--dry-run")[1]
    assert names() == ["营业人员", "营业员"]
    status, told = run("occupations", "other.csv")
    assert status == 0
    assert "1 occupation of other.csv, 大典 2022, replaced all 2 of the store; they stand" in told
    assert names() == ["社会生产服务人员"]


def test_lists_are_checked_by_the_table_and_unknown_codes_keep_their_text(run):
    Path("finer.csv").write_text(FINER, encoding="utf-8")
    rows = ["A,4-01-01-01", "B,4-01-02", "C,普工"]
    Path("a.csv").write_text("\n".join(["id,occupation", *rows]), encoding="utf-8")
    _, told = run("seekers", "a.csv", "--dry-run")
    assert "must be a code of GB/T 6565-2009: 1 row." in told
    assert run("occupations", "finer.csv")[0] == 0
    status, told = run("seekers", "a.csv")
    assert status == 0
    assert "must be a code of GB/T 6565-2009: 1 row." in told
    assert "keeps its text and counts as 4-01." in " ".join(told.split())
    with Store.open("s.db") as store:
        kept = store.read("seekers", fields=["occupation", "occupation_version"]).to_pydict()
        known = [store.occupations().longest_known(code) for code in kept["occupation"]]
    assert kept["occupation"] == ["4010101", "40102", "普工"]
    assert set(kept["occupation_version"]) == {"GB/T 6565-2009"}
    assert known == ["4010101", "401", ""]
    Path("other.csv").write_text(OTHER, encoding="utf-8")
    assert run("occupations", "other.csv")[0] == 0
    Path("b.csv").write_text("id,occupation\nD,4\n", encoding="utf-8")
    assert run("seekers", "b.csv")[0] == 0
    with Store.open("s.db") as store:
        kept = store.read("seekers", fields=["occupation_version"])
    assert kept["occupation_version"].to_pylist() == ["GB/T 6565-2009"] * 3 + ["大典 2022"]


def test_a_faulty_table_is_refused_and_the_store_left_as_it_was(run):
    Path("bad.csv").write_text("code,name\n4-01-01,营业人员\n4-1,某某\n", encoding="utf-8")
    status, told = run("occupations", "bad.csv")
    assert status == 1
    assert "codes of the standard's form, got code '41' in line 3" in told
    assert not Path("s.db").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("a.csv", "b.csv"), "must be one file, which replaces the occupations, got 2"),
        (("a.csv", "--datum", "gcj02"), "must not be given with occupations"),
        (("a.csv", "--accept-suspicions"), "must not be given with occupations"),
        (("a.csv", "--service-area", "117,32,118,33"), "must not be given with occupations"),
    ],
)
def test_a_wrong_command_line_is_status_2(run, arguments, told):
    status, err = run("occupations", *arguments)
    assert status == 2
    assert told in err


def test_a_table_is_told_of_in_chinese_where_that_is_asked_for(run):
    Path("finer.csv").write_text(FINER, encoding="utf-8")
    status, told = run("occupations", "finer.csv", "--language", "zh")
    assert status == 0
    assert "2个职业（GB/T 6565-2009），已替换数据库原有的0个；自带的 GB/T 6565-2009 77个" in told
    Path("bad.csv").write_text("代码,名称\n4-01-01,营业\n4-01-01,营业\n", encoding="utf-8")
    status, told = run("occupations", "bad.csv", "--language", "zh")
    assert status == 1
    assert "“bad.csv”：每个代码只能出现一次；现为：第3行的代码 “40101”重复。" in told
    Path("n.csv").write_text("名称,经度,纬度,定位精度(米)\n东,117.4,32.9,9\n", encoding="utf-8")
    status, told = run("gazetteer", "n.csv", "--language", "zh")
    assert status == 1
    assert "现为：1处错误：第1行数据 名称“东”（至少须有2个字符）。" in told
    Path("n.csv").write_text("名称,经度,纬度,定位精度(米)\n东村,117.4,32.9,9\n", encoding="utf-8")
    assert (
        "n.csv：1个地名，已替换地名库原有的0个"
        in run("gazetteer", "n.csv", "--datum", "wgs84", "--language", "zh")[1]
    )


@pytest.mark.parametrize("kind", ["occupations", "gazetteer"])
def test_a_table_cannot_correct(run, kind):
    Path("finer.csv").write_text(FINER, encoding="utf-8")
    assert run(kind, "finer.csv", "--correct")[0] == 2
