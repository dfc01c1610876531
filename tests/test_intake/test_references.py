"""Jobs and their sites come in any order; what a list names and nobody has is told."""

from __future__ import annotations

import pytest
from office_lists import CODES, became, write

from geo_match.intake.importing import import_file
from geo_match.intake.locating import Gazetteer
from geo_match.intake.references import _AT_ONCE, are_known, unknown_names
from geo_match.records import RECORDS
from geo_match.records.fields import Kind

AGAIN = "import the sites, then this list again: its jobs are located by them"


def sites(folder, rows=(("S1", "117.301", "32.901"), ("S2", "", ""))):
    return write(folder / "sites.csv", "地点编号,经度,纬度", rows)


def jobs(folder, rows, header="招聘编号,岗位名称,工作地点编号"):
    return write(folder / "jobs.csv", header, rows)


def places(store):
    fields = ["id", "lon", "located_by"]
    return {
        one["id"]: (one["lon"], one["located_by"])
        for one in store.read("jobs", fields=fields).to_pylist()
    }


def test_every_name_of_another_record_is_looked_at_but_operators():
    from geo_match.intake.references import NAMED  # noqa: PLC0415 - the table under test

    fields = {
        (kind, name)
        for kind, model in RECORDS.items()
        for name, spec in model.specs().items()
        if spec.about.kind == Kind.REFERENCE and name != "operator_id"
    }
    assert set(NAMED) == fields


def test_a_job_without_coordinates_lies_where_its_site_does(city, tmp_path):
    import_file(sites(tmp_path), "sites", city, datum="wgs84")
    rows = [["A", "保洁", "S1"], ["B", "保安", "S2"]]
    report = import_file(jobs(tmp_path, rows), "jobs", city)
    assert report.located == {"site": 1, "none": 1}
    assert places(city) == {"A": (117.301, "site"), "B": (None, "none")}
    assert became(import_file(jobs(tmp_path, rows), "jobs", city)) == (0, 2, 0, 0, 0)


def test_a_site_goes_before_the_gazetteer_but_one_known_by_its_community_goes_last(city, tmp_path):
    names = Gazetteer(["幸福小区"], lon=[117.305], lat=[32.905], accuracy_m=[150], communities=[""])
    city.set_gazetteer(names.table)
    path = write(
        tmp_path / "sites.csv",
        "地点编号,社区代码,经度,纬度",
        [["S1", CODES[0], "117.301", "32.901"], ["S2", CODES[1], "", ""]],
    )
    import_file(path, "sites", city, datum="wgs84")
    rows = [["A", "工", "S1", "幸福小区"], ["B", "工", "S2", "幸福小区"], ["C", "工", "S2", ""]]
    path = jobs(tmp_path, rows, "招聘编号,岗位名称,工作地点编号,地址")
    assert import_file(path, "jobs", city).located == {"site": 2, "gazetteer": 1}
    assert [how for _, how in places(city).values()] == ["site", "gazetteer", "site"]


def test_jobs_before_their_sites_are_told_and_located_once_these_are_there(city, tmp_path):
    path = jobs(tmp_path, [["A", "保洁", "S1"], ["B", "保安", "S1"], ["C", "保安", ""]])
    early = import_file(path, "jobs", city)
    assert became(early) == (3, 0, 0, 0, 0)
    told = "工作地点编号 names a site that the store does not have: 2 records (S1)"
    assert early.warnings[-2:] == (told, AGAIN)
    import_file(sites(tmp_path), "sites", city, datum="wgs84")
    late = import_file(path, "jobs", city)
    assert became(late) == (2, 1, 0, 0, 0)
    assert AGAIN not in late.warnings
    assert places(city)["B"] == (117.301, "site")


def test_a_site_that_nobody_knows_takes_no_place_away(city, tmp_path):
    path = jobs(tmp_path, [["A", "保洁", CODES[0]]], "招聘编号,岗位名称,社区代码")
    import_file(path, "jobs", city)
    before = places(city)
    assert before["A"][1] == "community_area"
    import_file(jobs(tmp_path, [["A", "保洁", "S9"]]), "jobs", city)
    assert places(city) == before


@pytest.mark.parametrize("known", [True, False])
def test_whom_a_service_names_is_told_if_nobody_is_there(store, tmp_path, known):
    if known:
        import_file(write(tmp_path / "p.csv", "求职编号", [["P1"]]), "seekers", store)
    path = write(
        tmp_path / "s.csv",
        "服务编号,求职编号,服务类型,服务日期",
        [[f"V{at}", f"P{at % 7}", "职业介绍", "2025-03-01"] for at in range(8)],
    )
    report = import_file(path, "services", store)
    assert report.rejected == 0
    told = [one for one in report.warnings if "names a seeker" in one]
    first = "P0, P2, P3, P4, P5, …" if known else "P0, P1, P2, P3, P4, …"
    n = 7 if known else 8
    text = f"求职编号 names a seeker that the store does not have: {n} records ({first})"
    assert told == [text]
    assert list(unknown_names(report.file, store)) == [text]


def test_more_ids_than_are_looked_up_at_once_are_all_looked_up(store, tmp_path):
    import_file(write(tmp_path / "p.csv", "求职编号", [["A"], ["B"]]), "seekers", store)
    many = [f"X{at}" for at in range(_AT_ONCE)]
    assert are_known("seekers", ["B", "A", "B"], store)
    assert not are_known("seekers", [*many, "A"], store)
    assert are_known("seekers", [], store)


def services(folder, people):
    header = "服务编号,求职编号,服务类型,服务日期"
    rows = [[f"V{at}", one, "职业介绍", "2025-03-01"] for at, one in enumerate(people)]
    return write(folder / "s.csv", header, rows)


def told_of_seekers(report):
    return [one for one in report.warnings if "names a seeker" in one]


def test_rows_that_were_rejected_name_nobody(store, tmp_path):
    import_file(write(tmp_path / "p.csv", "求职编号", [["P1"], ["P2"]]), "seekers", store)
    store.erase("seekers", "P1", reason="R-1")
    report = import_file(services(tmp_path, ["P1", "P2"]), "services", store)
    assert became(report) == (1, 0, 0, 0, 1)
    assert told_of_seekers(report) == []
    report = import_file(services(tmp_path, ["P1", "P2", "P3"]), "services", store)
    assert told_of_seekers(report) == [
        "求职编号 names a seeker that the store does not have: 1 record (P3)"
    ]


def test_an_id_that_was_erased_is_never_shown(store, tmp_path):
    for one in ("P1", "P2"):
        store.erase("seekers", one, reason="R-1")
    path = services(tmp_path, ["P3", "P1", "P2", "P4"])
    report = import_file(path, "services", store, erased_too=True)
    assert told_of_seekers(report) == [
        "求职编号 names a seeker that the store does not have: 4 records (P3, ***, P4)"
    ]
    store.erase("households", "H1", reason="R-2")
    path = write(tmp_path / "p.csv", "求职编号,家庭编号", [["P9", "H1"]])
    report = import_file(path, "seekers", store)
    assert (
        "家庭编号 names a household that the store does not have: 1 record (***)" in report.warnings
    )
