"""`geo-match difference`: two days of one town, told of alike."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from office_desk import run
from test_cli.test_coverage.town import (
    COMMUNITIES,
    EAST,
    FILES,
    HOUSEHOLDS,
    ON,
    SEEKERS,
    VERIFIED,
    WEST,
    many_households,
    plain,
    told,
    write_ndjson,
)

import geo_match as gm
from geo_match.coverage.publication.publish import audit, count_tables
from geo_match.store import AuditLog

BEFORE = ("--before", "2025-06-30")


def read_rows(path):
    return pd.read_csv(path, dtype={"code": str, "code_before": str}).set_index("code")


def test_what_was_open_on_each_day_is_compared(capsys):
    # J2, in the west, is closed on the later day.
    assert run("difference", *FILES, *ON, *BEFORE, "--out", "o.csv") == 0
    rows = read_rows("o.csv")
    names = ["reached_before", "reached_after", "reached_change", "below_change", "change"]
    assert rows.loc[WEST, names].tolist() == [2, 0, -2, 2, "both"]
    assert rows.loc[EAST, names].tolist() == [1, 1, 0, 0, "both"]
    assert (set(rows["before"]), set(rows["after"])) == ({"2025-06-30"}, {"2025-12-31"})
    assert set(rows["release"]) == {"internal"}
    lines = told(capsys)
    assert lines.count("households: 4 rows of h.ndjson, 4 used") == 1
    assert lines[-8:] == [
        "internal, from 2025-06-30 to 2025-12-31:",
        "  households: 4 → 4 (±0)",
        "  households reached: 3 → 1 (−2)",
        "  households below the standard: 1 → 3 (+2)",
        "  vacancies in the supply: 12 → 3 (−9)",
        "  more or fewer below the standard in 1 community, the most in",
        f"    {WEST} 西山社区: 0 → 2 (+2)",
        "written to o.csv: community",
    ]


def test_lists_of_the_earlier_day_may_be_others_and_codes_may_have_changed(capsys):
    old = "340302001009"
    write_ndjson("c0.ndjson", [COMMUNITIES[0], {**COMMUNITIES[1], "code": old}])
    write_ndjson("h0.ndjson", [{**one, "community": None} for one in HOUSEHOLDS[:2]])
    Path("codes.csv").write_text(f"before,after\n{old},{WEST}\n", encoding="utf-8")
    lists = ("--people-before", "h0.ndjson", "--communities-before", "c0.ndjson")
    asked = (*FILES, *ON, *BEFORE, *lists, "--language", "zh", "--out", "o.csv")
    assert run("difference", *asked) == 0
    assert read_rows("o.csv").loc[[old, WEST], "change"].tolist() == ["gone", "new"]
    assert "  社区：新增1个，撤销1个" in told(capsys)
    assert run("difference", *asked, "--renumbered", "codes.csv") == 0
    row = read_rows("o.csv").loc[WEST]
    assert (row["change"], row["code_before"], row["people_change"]) == ("renumbered", old, 1)
    lines = told(capsys)
    assert "家庭：h0.ndjson，读入2行，采用2行" in lines
    at = lines.index("内部资料：家庭，2025-06-30与2025-12-31相比")
    assert lines[at + 1 : at + 4] == [
        "  总数：2 → 4 (+2)",
        "  可达：2 → 1 (−1)",
        "  未达标准：0 → 3 (+3)",
    ]
    assert "  社区：代码变更1个" in lines


def test_two_days_of_a_store_are_read_as_of_one_moment_and_both_reads_noted(store, capsys):
    who = ("--store", store, "--who", "社区-07", "--purpose", "两期对比")
    assert (
        run("difference", *who, *ON, *BEFORE, "--by", "community by hukou", "--out", "o.csv") == 0
    )
    rows = pd.read_csv("o.csv", dtype={"code": str})
    west = rows[(rows["code"] == WEST) & (rows["hukou"] == "rural")]
    assert west["reached_change"].tolist() == [-1]
    lines = [line for line in told(capsys) if "as of cursor" in line]
    assert len(lines) == 2
    assert lines[0] == lines[1]
    with AuditLog.open(store) as audit:
        assert audit.read().column("count").to_pylist() == [4, 4]


def test_service_plans_are_compared_where_they_are_asked_for():
    assert run("difference", *FILES, *ON, *BEFORE, "--plan", "--out", "o.gpkg") == 0
    row = gpd.read_file("o.gpkg", layer="plan").set_index("code").loc[WEST]
    names = ["vacancies_before", "vacancies_after", "vacancies_change"]
    assert row[names].tolist() == [9, 0, -9]
    assert row["seekers_change"] is None or pd.isna(row["seekers_change"])


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "warning: on 2025-06-30 there is no open job that counts: nobody can reach any",
                (
                    "  if j.ndjson has only what is there now, give the list of 2025-06-30 with "
                    "--supply-before"
                ),
                "  vacancies in the supply: 0 → 3 (+3)",
            ],
        ),
        (
            "zh",
            [
                "警告：2025-06-30没有可计入的在招信息，任何人都不可达",
                "  如果j.ndjson只有现在的记录，请用 --supply-before 给出2025-06-30的名单",
                "  供给的岗位：0 → 3 (+3)",
            ],
        ),
    ],
)
def test_a_day_on_which_nothing_was_open_is_told(capsys, language, lines):
    write_ndjson("j.ndjson", [{**one, "opened_on": "2025-09-01"} for one in VERIFIED])
    asked = (*FILES, *ON, *BEFORE, "--language", language, "--out", "o.csv")
    assert run("difference", *asked) == 0
    said = told(capsys)
    assert [line for line in said if line in lines] == lines
    write_ndjson("j0.ndjson", VERIFIED)
    assert run("difference", *asked, "--supply-before", "j0.ndjson") == 0
    assert not {*lines} & {*told(capsys)}


@pytest.mark.parametrize(
    ("language", "warning"),
    [
        ("en", "warning: jobs count whether or not their employers are known to be verified"),
        ("zh", "警告：未核对单位资质，所有单位的招聘信息都计入"),
    ],
)
def test_what_is_so_on_both_days_is_told_once(capsys, language, warning):
    asked = (*FILES, *ON, *BEFORE, "--without", "employer", "--language", language)
    assert run("difference", *asked, "--out", "o.csv") == 0
    assert told(capsys).count(warning) == 1


def test_who_does_not_count_is_told_with_the_day(capsys):
    rows = [{**VERIFIED[0], "id": "J8", "employer_licence": "expired", "closed_on": "2025-07-01"}]
    write_ndjson("j.ndjson", [*VERIFIED, *rows])
    write_ndjson("p.ndjson", [{**one, "registered_on": "2025-07-01"} for one in SEEKERS[:2]])
    files = ("--people", "p.ndjson", *FILES[2:], "--of", "seekers")
    assert run("difference", *files, *ON, *BEFORE, "--out", "o.csv") == 0
    lines = told(capsys)
    wanted = "not counted on 2025-06-30: 1 open job of employers not known to be verified"
    assert wanted in lines
    assert "left out: 2 seekers not registered on 2025-06-30" in lines
    assert "  seekers: 0 → 2 (+2)" in lines


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "  more or fewer below the standard outside all communities only:",
                "    outside all communities: 0 → 1 (+1)",
            ],
        ),
        (
            "zh",
            ["  只有不在任何社区的家庭，未达标准数有变化：", "    不在任何社区：0 → 1 (+1)"],
        ),
    ],
)
def test_a_change_outside_all_communities_alone_is_told_as_that(capsys, language, lines):
    # J2 alone, which is closed on the later day, is near the one household that is in none.
    write_ndjson("h.ndjson", [HOUSEHOLDS[0], {"id": "H5", "lon": 117.2990, "lat": 32.9401}])
    asked = (*FILES, *ON, *BEFORE, "--radius-m", "2000", "--language", language, "--out", "o.csv")
    assert run("difference", *asked) == 0
    assert told(capsys)[-3:-1] == lines


def test_rows_that_are_rejected_on_both_days_are_listed_once(capsys):
    write_ndjson("j.ndjson", [*VERIFIED, {"id": "J4", "title": "x", "vacancies": -1}])
    assert run("difference", *FILES, *ON, *BEFORE, "--out", "o.csv") == 3
    assert "1 fault listed in o.csv.rejected.csv" in told(capsys)
    assert len(pd.read_csv("o.csv.rejected.csv")) == 1


def test_rows_are_listed_once_where_each_day_has_its_own_communities(capsys):
    write_ndjson("c0.ndjson", COMMUNITIES)
    write_ndjson("j.ndjson", [*VERIFIED, {"id": "J4", "title": "x", "vacancies": -1}])
    asked = (*FILES, *ON, *BEFORE, "--communities-before", "c0.ndjson", "--out", "o.csv")
    assert run("difference", *asked) == 3
    lines = told(capsys)
    assert "1 fault listed in o.csv.rejected.csv" in lines
    assert len(pd.read_csv("o.csv.rejected.csv")) == 1
    assert lines.count("households: 4 rows of h.ndjson, 4 used") == 1
    assert len([line for line in lines if line.startswith("jobs: ")]) == 1
    assert {line for line in lines if line.startswith("communities: ")} == {
        "communities: 2 rows of c.ndjson, 2 used",
        "communities: 2 rows of c0.ndjson, 2 used",
    }


def test_two_days_are_published_together_and_no_count_that_is_kept_back_is_found(capsys):
    write_ndjson("h.ndjson", many_households())
    publish = ("--publish", "--key-file", "key.txt", "--out", "o.csv", "--out", "o.gpkg")
    assert run("difference", *FILES, *ON, *BEFORE, *publish) == 0
    found = pd.read_csv("o.csv", dtype={"code": str})
    assert set(found["release"]) == {"published"}
    assert found["date"].tolist() == ["2025-06-30"] * 3 + ["2025-12-31"] * 3
    west = found[found["code"] == WEST]
    assert west[["people", "reached", "below"]].isna().all(axis=None)
    lines = told(capsys)
    at = lines.index("published, 2025-06-30 and 2025-12-31, protected together:")
    assert lines[at + 1].startswith("  households: ")
    assert lines[-3:] == [
        "written to o.csv: community",
        lines[-2],
        "the key is in key.txt: keep it secret, and give it again next time",
    ]
    assert lines[-2].startswith("written to o.gpkg: community, ")
    key = bytes.fromhex(Path("key.txt").read_text("ascii"))
    supplies = (
        [{**one, "vacancies": n} for one, n in zip(VERIFIED[:2], (3, 9), strict=True)],
        [{**VERIFIED[0], "vacancies": 3}],
    )
    then, now = (gm.Coverage(one, COMMUNITIES).of(many_households()) for one in supplies)
    tables = [
        *count_tables(then, date="2025-06-30"),
        *count_tables(now, date="2025-12-31"),
    ]
    wanted = gm.publish(*tables, key=key)
    for name in ("people", "located", "reached", "below"):
        mine = found[name].astype("Int64").tolist()
        assert mine == wanted["community"][name].tolist(), name
    assert audit(wanted)["safe"].all()
    before = Path("o.csv").read_bytes()
    assert run("difference", *FILES, *ON, *BEFORE, *publish, "--language", "zh") == 0
    assert Path("o.csv").read_bytes() == before
    assert "可公开：家庭，2025-06-30和2025-12-31，两期一并保护" in told(capsys)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("before,after\n", "got no row"),
        ("before,after\nA\n", "got 1 values in row 1"),
        ("before,after\nA,B\nA,C\n", "name each code before once, got 'A' again in row 2"),
    ],
)
def test_a_list_of_codes_that_is_none_is_refused(capsys, text, message):
    Path("codes.csv").write_text(text, encoding="utf-8")
    more = ("--renumbered", "codes.csv", "--out", "o.csv")
    assert run("difference", *FILES, *ON, *BEFORE, *more) == 1
    assert message in capsys.readouterr().err
    assert not Path("o.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--before", "2025-12-31"), "--before: must be before 2025-12-31, got 2025-12-31"),
        ((*BEFORE, "--plan"), "--plan: must be given with an --out that ends in .gpkg"),
        ((*BEFORE, "--out", "o.html"), "--out: must not end in .html"),
        ((*BEFORE, "--publish"), "--key-file: must be given with --publish"),
        (
            (*BEFORE, "--publish", "--key-file", "k", "--plan", "--out", "o.gpkg"),
            "--plan: must not be given with --publish: it is internal.",
        ),
        (
            (*BEFORE, "--publish", "--key-file", "k", "--renumbered", "c.csv"),
            "--renumbered: must not be given with --publish",
        ),
        ((*BEFORE, "--basis", "walking"), "--network: must be given with --basis walking"),
    ],
)
def test_a_wrong_command_line_is_named(capsys, arguments, message):
    assert run("difference", *FILES, *ON, "--out", "o.csv", *arguments) == 2
    assert message in plain(capsys.readouterr().err)
