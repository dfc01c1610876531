"""One record is judged as the list that has it alone; and rows of another's area are kept out."""

from __future__ import annotations

import datetime as dt
import json

import pyarrow as pa
import pytest
from office_lists import write

from geo_match.errors import ArgumentError
from geo_match.intake.importing import judge_file
from geo_match.intake.judging import judge_record
from geo_match.intake.own_area import RULE
from geo_match.intake.surroundings import Surroundings

HERE, ELSEWHERE = "340302001001", "340303001001"
RECORDS = {
    "households": {"id": "H", "community": HERE, "members": [{"birth_year": 1980, "status": None}]},
    "seekers": {"id": "P", "lon": 117.3, "lat": 32.9, "groups": [], "radius_m": 800},
    "employers": {"id": "E", "name": " 示例厂", "credit_code": "x"},
    "sites": {"id": "S", "lon": 0, "lat": 0},
    "jobs": {"id": "J", "title": "电工", "wage_low_cny": 3000, "wage_high_cny": 2000},
    "stations": {"id": "W", "community": "340302001009"},
    "communities": {"id": HERE, "name": "社区", "lon": 117.31234, "lat": 32.91234},
    "spells": {"id": "L", "person": "P", "status": "employed", "start": "2025-01-02"},
    "services": {"id": "V", "person": "P", "on": "2025-02-30", "kind": "visit"},
}


@pytest.fixture
def city(store):
    communities = {"id": [HERE, ELSEWHERE], "name": ["此处", "别处"]}
    store.apply("communities", pa.table(communities), source="communities.csv")
    return store


@pytest.mark.parametrize("kind", list(RECORDS))
def test_a_record_is_judged_as_a_file_with_it_alone(city, tmp_path, kind):
    path = tmp_path / "one.ndjson"
    path.write_text(json.dumps(RECORDS[kind], ensure_ascii=False), encoding="utf-8")
    one = judge_record(RECORDS[kind], kind, city, datum="wgs84", around=Surroundings.of(city))
    listed = judge_file(path, kind, city, datum="wgs84", accept_suspicions=True)
    assert one.file.records.equals(listed.file.records)
    assert list(one.file.rejections) == list(listed.file.rejections)
    assert (one.file.n_read, len(one.file.records)) == (1, 1 - one.file.n_rejected)
    # A record without a place says so; a list without the columns says nothing of it.
    noted = [note for note in one.file.notes if note.field != "lon, lat"]
    assert noted == [note for note in listed.file.notes if note.field != "lon, lat"]


def test_what_is_required_is_missed_and_an_unknown_name_refused(city):
    judged = judge_record({"id": "J"}, "jobs", city)
    ((field, rule),) = [(one.field, one.rule) for one in judged.file.rejections]
    assert (field, rule) == ("title", "must not be empty")
    with pytest.raises(ArgumentError, match="must have fields of jobs, got 'nothing'"):
        judge_record({"id": "J", "nothing": 1}, "jobs", city)


def test_a_record_speaks_of_all_its_fields(city):
    judged = judge_record({"id": "W"}, "stations", city)
    city.put("stations", pa.table({"id": ["W"], "lon": [117.0], "lat": [32.0]}))
    assert {"lon", "opened_on", "staff"} <= judged.fields
    assert judge_record({"id": "W"}, "stations", city).file.records["lon"].null_count == 1


def test_one_place_makes_no_suspicion_but_a_warning(city):
    far = {"id": "S", "lon": 10.12345, "lat": 50.12345, "community": HERE}
    shape = "POLYGON((117 32,117.1 32,117.1 32.1,117 32))"
    city.put("communities", pa.table({"id": [HERE], "name": ["此处"], "area": [shape]}))
    judged = judge_record(far, "sites", city, datum="wgs84")
    assert len(judged.file.records) == 1
    assert any("more than 50 km" in one for one in judged.warnings)


def listed(tmp_path, kind, header, rows, store, area):  # noqa: PLR0917 - a list and whose it is
    return judge_file(write(tmp_path / f"{kind}.csv", header, rows), kind, store, area=area)


def test_rows_of_another_area_are_rejected_by_where_they_lie_and_would_lie(city, tmp_path):
    kept = {"id": ["P2", "P3", "P4"], "community": [ELSEWHERE, HERE, HERE]}
    city.put("seekers", pa.table(kept))
    rows = [["P1", HERE], ["P2", HERE], ["P3", ELSEWHERE], ["P4", HERE], ["P5", ""]]
    left = listed(tmp_path, "seekers", "求职编号,社区代码", rows, city, "340302001")
    assert left.file.records.column("id").to_pylist() == ["P1", "P4"]
    rejected = [(one.row, one.field, one.value, one.rule) for one in left.file.rejections]
    assert rejected == [(row, "社区代码", "", RULE) for row in (2, 3, 5)]
    assert left.warnings[-1] == "outside the area 340302001, and not taken in: 3 records"
    wide = listed(tmp_path, "seekers", "求职编号,社区代码", rows, city, "3403")
    assert wide.file.n_rejected == 1


def test_a_list_that_says_nothing_of_where_goes_by_what_the_store_has(city, tmp_path):
    city.put("seekers", pa.table({"id": ["P1", "P2"], "community": [HERE, ELSEWHERE]}))
    rows = [["P1", "王"], ["P2", "李"], ["P3", "赵"]]
    left = listed(tmp_path, "seekers", "求职编号,姓名", rows, city, HERE)
    assert left.file.records.column("id").to_pylist() == ["P1"]


def test_spells_lie_where_their_person_does_now_and_then(city, tmp_path):
    city.put("seekers", pa.table({"id": ["P1", "P2"], "community": [HERE, ELSEWHERE]}))
    day = [dt.date(2025, 1, 2)]
    kept = {"id": ["L3"], "person": ["P2"], "status": ["employed"], "start": day}
    city.put("spells", pa.table(kept))
    rows = [[f"L{n}", person, "就业", "2025-01-02"] for n, person in
            ((1, "P1"), (2, "P2"), (3, "P1"), (4, "P9"))]  # fmt: skip
    left = listed(tmp_path, "spells", "记录编号,求职编号,状态,开始日期", rows, city, HERE)
    assert left.file.records.column("id").to_pylist() == ["L1"]


def test_members_of_a_household_of_another_area_are_rejected_together(city, tmp_path):
    city.put("households", pa.table({"id": ["H1", "H2"], "community": [HERE, ELSEWHERE]}))
    rows = [[home, str(n), str(1980 + n)] for home in ("H1", "H2") for n in (1, 2)]
    left = listed(tmp_path, "households", "家庭编号,成员序号,出生年份", rows, city, HERE)
    assert left.file.records.column("id").to_pylist() == ["H1"]
    assert sorted({one.row for one in left.file.rejections}) == [3, 4]
    assert left.file.n_rejected == 2


def same_told(tmp_path, kind, header, rows, store):
    """Return what an office is told of each list of one row, without the row's own words."""
    told = set()
    for row in rows:
        judged = listed(tmp_path, kind, header, [row], store, HERE)
        rules = tuple((one.rule, one.remedy, one.value) for one in judged.file.rejections)
        told.add((rules, judged.warnings, len(judged.file.notes)))
    return told


def test_a_guess_about_a_bereft_household_elsewhere_is_told_as_any_other(city, tmp_path):
    home = {"id": ["H"], "community": [ELSEWHERE], "head_name": ["王"]}
    city.put("households", pa.table({**home, "members": [[{"birth_year": 1980}]]}))
    gone = {"id": ["P"], "household": ["H"], "name": ["李"], "birth_year": [1950]}
    city.put("seekers", pa.table(gone))
    city.erase("seekers", "P", reason="R-1")
    names = [["H", HERE, name] for name in ("王", "李", "赵")]
    ((rules, _, _),) = same_told(tmp_path, "households", "家庭编号,社区代码,户主姓名", names, city)
    assert [rule for rule, _, _ in rules] == [RULE]
    years = [["H", "1", str(year)] for year in (1950, 1960, 1980)]
    assert len(same_told(tmp_path, "households", "家庭编号,成员序号,出生年份", years, city)) == 1
    for name in ("王", "李"):
        record = {"id": "H", "community": HERE, "head_name": name}
        (one,) = judge_record(record, "households", city, area=HERE).file.rejections
        assert one.rule == RULE


def test_an_office_is_not_told_who_is_registered_elsewhere(city, tmp_path):
    for kind, home in (("households", "H"), ("seekers", "P")):
        city.put(kind, pa.table({"id": [home], "community": [ELSEWHERE]}))
    city.put("households", pa.table({"id": ["MINE"], "community": [HERE]}))
    city.put("households", pa.table({"id": ["GONE"], "community": [ELSEWHERE]}))
    city.erase("households", "GONE", reason="R-1")
    spells = [["L", person, "就业", "2025-01-02"] for person in ("P", "NOBODY")]
    header = "记录编号,求职编号,状态,开始日期"
    ((_, warnings, _),) = same_told(tmp_path, "spells", header, spells, city)
    assert warnings == (f"outside the area {HERE}, and not taken in: 1 record",)
    faulty = [[person, "2025-02-30", HERE] for person in ("P", "NOBODY")]
    header = "求职编号,登记日期,社区代码"
    ((_, warnings, _),) = same_told(tmp_path, "seekers", header, faulty, city)
    assert "already" not in " ".join(warnings)
    homes = [["Q", home, HERE] for home in ("H", "NONE", "GONE")]
    header = "求职编号,家庭编号,社区代码"
    ((_, warnings, _),) = same_told(tmp_path, "seekers", header, homes, city)
    unknown = "家庭编号 names a household that the store does not have: 1 record (***)"
    assert unknown in warnings
    ((_, warnings, _),) = same_told(tmp_path, "seekers", header, [["Q", "MINE", HERE]], city)
    assert "does not have" not in " ".join(warnings)


def test_an_office_is_told_of_rows_that_were_mended_in_its_own_area(city, tmp_path):
    city.put("seekers", pa.table({"id": ["P", "Q"], "community": [HERE, ELSEWHERE]}))
    rows = [["P", "2025-02-30", HERE], ["Q", "2025-02-03", HERE]]
    judged = listed(tmp_path, "seekers", "求职编号,登记日期,社区代码", rows, city, HERE)
    assert judged.file.n_rejected == 2
    assert any("the ids of all rejected rows already" in one for one in judged.warnings)
