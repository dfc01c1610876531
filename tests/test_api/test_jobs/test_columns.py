"""Columns of jobs by the names people give them: found, said, and never chosen among."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from api.app import create_app
from api.jobs.columns import COMMON_NAMES, find_job_columns
from api.settings import Settings
from geo_match.errors import ColumnError
from geo_match.intake.columns import ID_NAMES, LAT_NAMES, LON_NAMES

FILE = Path("jobs.csv")
EVERY = [
    (field, name)
    for field, tiers in COMMON_NAMES.items()
    for tier in tiers
    for name in sorted(tier)
]


def test_a_chinese_file_is_served_with_its_jobs_and_their_vacancies(tmp_path, asker):
    path = tmp_path / "jobs.csv"
    path.write_text(
        "编号,经度,纬度,职位,人数,用人单位,网点编号,网点,备注\n"
        "1,117.38,32.92,收银员,2,示例超市,S1,示例路1号,急\n"
        "2,117.38,32.92,理货员,,示例超市,S1,示例路1号,\n",
        encoding="gb18030",
    )
    ask = asker(create_app(Settings(sites=path, sites_datum="wgs84")))
    answer = ask("/v1/jobs?lon=117.38&lat=32.92").json()
    assert (answer["total"], answer["vacancies_total"], answer["vacancies_unstated"]) == (2, 2, 1)
    told = {name: value for name, value in answer["jobs"][0]["job"].items() if value is not None}
    assert told == {"id": "1", "title": "收银员", "vacancies": 2, "employer": "示例超市"}
    assert answer["jobs"][0]["site"]["id"] == "S1"
    assert answer["jobs"][0]["site"]["name"] == "示例路1号"
    health = ask("/healthz").json()["sites"]
    assert health["columns"] == {
        "title": "职位",
        "vacancies": "人数",
        "employer": "用人单位",
        "site_id": "网点编号",
        "site_name": "网点",
    }
    assert health["columns_not_used"] == ["备注"]


@pytest.mark.parametrize(("field", "name"), EVERY)
def test_every_common_name_is_found_alone(field, name):
    for written in (name, f" {name.upper()} "):
        assert find_job_columns(FILE, ["x", written]).used == {field: written}


@pytest.mark.parametrize("name", ["Job Title", "ＴＩＴＬＥ", "招聘 岗位", "JOB_TITLE\n"])
def test_case_space_and_width_do_not_matter(name):
    assert find_job_columns(FILE, [name]).used == {"title": name}


def test_no_name_means_two_things():
    kinds = [*COMMON_NAMES.values(), ID_NAMES, LON_NAMES, LAT_NAMES]
    for first, second in combinations([frozenset().union(*tiers) for tiers in kinds], 2):
        assert not first & second


@pytest.mark.parametrize(
    "names", [("title", "职位"), ("人数", "招聘人数"), ("单位", "Company"), ("name", "名称")]
)
def test_two_columns_that_could_be_one_field_are_refused_by_their_names(names):
    with pytest.raises(ColumnError, match=f"2 that could be it: {names[0]}, {names[1]}") as error:
        find_job_columns(FILE, names)
    assert "command line" not in str(error.value)
    assert "Rename or remove" in error.value.remedy


def test_a_general_name_gives_way_to_a_particular_one():
    columns = find_job_columns(FILE, ["name", "网点", "position", "岗位"])
    assert columns.used == {"site_name": "网点", "title": "岗位"}
    assert columns.unused == ("name", "position")


def test_what_is_used_missing_and_not_used_is_one_sentence():
    said = str(find_job_columns(FILE, ["vacancies", "职位", "备注", "薪资"]))
    assert said == (
        "columns used: 职位 as title, vacancies; not in the file: employer, site_id, site_name; "
        "not used: 备注, 薪资"
    )
    assert str(find_job_columns(FILE, list(COMMON_NAMES))) == (
        "columns used: title, vacancies, employer, site_id, site_name, filled, licence, invented"
    )
    many = str(find_job_columns(FILE, ["title", *"abcdefghij"]))
    assert many.endswith("not used: a, b, c, d, e, f, and 4 more")
    assert "\n" not in str(find_job_columns(FILE, ["招聘\n人数", "备\n注"]))
