"""Which jobs `geo-match coverage` counts, and for whom."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from office_desk import run
from test_cli.test_coverage.town import (
    EAST,
    EMPLOYERS,
    FILES,
    JOBS,
    OFFER,
    ON,
    SEEKERS,
    WANTS,
    WEST,
    WEST_HOME,
    day,
    read_csv,
    told,
    write_ndjson,
    write_seekers,
)

from geo_match.store import AuditLog, Store


def test_jobs_count_only_of_employers_that_are_verified(capsys):
    rows = [{**one, "employer_id": "E1"} for one in JOBS]
    rows.append({"id": "J9", "title": "x", **WEST_HOME, "vacancies": 70, "employer_id": "E2"})
    rows.append({"id": "J8", "title": "x", **WEST_HOME, "vacancies": 70, "employer_id": "E3"})
    write_ndjson("j.ndjson", rows)
    assert run("coverage", *FILES, *ON, "--out", "o.csv") == 1
    err = capsys.readouterr().err
    assert "`j.ndjson` must have the column `employer_licence` or 营业执照核验" in err
    assert "--employers" in err
    assert not Path("o.csv").exists()
    write_ndjson("e.ndjson", EMPLOYERS)
    assert run("coverage", *FILES, *ON, "--employers", "e.ndjson", "--out", "o.csv") == 0
    assert read_csv("o.csv").loc[WEST, "reached"] == 0
    lines = told(capsys)
    assert "employers: 2 rows of e.ndjson, 2 used" in lines
    assert "  not counted on 2025-12-31: 2 open jobs of employers not known to be verified" in lines
    assert run("coverage", *FILES, *ON, "--without", "employer", "--out", "o.csv") == 0
    assert read_csv("o.csv").loc[WEST, "reached"] == 2
    warning = "  warning: jobs count whether or not their employers are known to be verified"
    assert warning in told(capsys)
    everyone = ("--without", "employer", "--language", "zh", "--out", "o.html")
    assert run("coverage", *FILES, *ON, *everyone) == 0
    assert "  警告：未核对单位资质，所有单位的招聘信息都计入" in told(capsys)
    assert "招聘信息（未核对单位资质）" in Path("o.html").read_text(encoding="utf-8")


def test_filled_jobs_are_no_place_to_go_to():
    assert run("coverage", *FILES, *ON, "--count", "places", "--out", "o.csv") == 0
    frame = read_csv("o.csv")
    assert (frame.loc[EAST, "reached"], frame.loc[WEST, "reached"]) == (1, 0)


def test_with_eligible_only_what_fits_a_seeker_counts(capsys):
    files = write_seekers()
    assert run("coverage", *files, *ON, "--eligible", "--out", "o.csv") == 0
    frame = read_csv("o.csv")
    assert frame.loc[EAST, ["people", "reached", "reason_none_eligible"]].tolist() == [2, 1, 1]
    assert frame.loc[EAST, ["eligible_p10", "eligible_p90", "in_reach_median"]].tolist() == [
        0,
        3,
        3,
    ]
    assert frame.loc[EAST, "none_eligible_wage"] == 1
    assert frame.loc[WEST, "reason_none_in_circle"] == 1
    lines = told(capsys)
    assert (
        "  1 of 3 located seekers (33.3%) reach 1 vacancy or more that they could take up" in lines
    )
    assert "    what keeps them most from what is there: 1 by wage" in lines
    without = ("--eligible", "--without", "wage", "--language", "zh", "--out", "o.html")
    assert run("coverage", *files, *ON, *without) == 0
    lines = told(capsys)
    assert "  有位置的3名求职者中，2名（66.7%）可达符合条件的1个岗位及以上" in lines
    assert "薪资" not in Path("o.html").read_text(encoding="utf-8").split("只计符合条件的")[1][:200]


def test_eligibility_in_a_store_is_that_of_its_lists(store):
    files = write_seekers()
    with Store.open(store) as opened:
        rows = [{**one, **wants} for one, wants in zip(SEEKERS, WANTS, strict=True)]
        opened.put("seekers", pa.Table.from_pylist(rows))
        days = [
            {**one, **OFFER, "closed_on": day(one.get("closed_on")), "employer_id": "E1"}
            for one in JOBS
        ]
        opened.put("jobs", pa.Table.from_pylist(days))
    run("coverage", *files, *ON, "--eligible", "--by", "community by veteran", "--out", "files.csv")
    who = ("--store", store, "--who", "社区-07", "--purpose", "缺口分析", "--eligible")
    assert run("coverage", *who, *ON, "--by", "community by veteran", "--out", "o.csv") == 0
    assert Path("o.csv").read_bytes() == Path("files.csv").read_bytes()
    with AuditLog.open(store) as audit:
        assert audit.read().column("count").to_pylist() == [3]
