"""A real service plan in files: every column has its words, and what is read back is the plan."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
from shapely import box

import geo_match as gm
from geo_match.exchange.coverage import content_of, write_coverage
from geo_match.exchange.coverage_columns.columns import find_column

ON = dt.date(2025, 12, 31)
CODES = ["340302001001", "340302001002"]
COMMUNITIES = [
    {"code": CODES[0], "name": "东风社区", "area": box(117.35, 32.9, 117.4, 32.95).wkt},
    {"code": CODES[1], "name": "西山社区", "area": None},
]
EAST = {"lon": 117.37, "lat": 32.93, "community": CODES[0]}
WEST = {"community": CODES[1]}
SEEKERS = [
    {"id": "S1", **EAST, "occupation": "4-01", "veteran": True},
    {"id": "S2", **EAST, "occupation": "4-02", "veteran": False},
    {"id": "S3", "lon": None, "lat": None, **WEST, "occupation": None, "veteran": None},
]
JOBS = [{"id": "J1", **EAST, "occupation": "4-01", "vacancies": 1}]
PEOPLE = [{"id": "P1", **EAST, "birth_year": 1990}, {"id": "P2", **EAST, "birth_year": 2020}]
NAMES = ("plan", "plan by occupation", "plan city by occupation")


@pytest.fixture
def report():
    """Cover the seekers of a small town."""
    return gm.Coverage(JOBS, COMMUNITIES).of(SEEKERS)


@pytest.fixture
def plan():
    """Make its service plan; nobody gave stations."""
    return gm.service_plan(
        COMMUNITIES, gm.PlanOptions(on=ON), people=PEOPLE, seekers=SEEKERS, jobs=JOBS, entities=JOBS
    )


@pytest.mark.parametrize("level", ["community", "street", "district", "city"])
def test_every_column_of_a_plan_has_its_words(plan, level):
    for frame in (plan.by(level), plan.occupations(level)):
        assert [name for name in frame if find_column(name) is None] == []


def test_numbers_are_no_texts_and_texts_no_numbers_in_the_dictionary(plan):
    for frame in (plan.by("community"), plan.occupations()):
        for name in frame.columns.drop(["geometry", "communities"], errors="ignore"):
            is_number = pd.api.types.is_numeric_dtype(frame[name]) and frame[name].dtype != bool
            form = find_column(name).form
            assert (form in {"count", "share", "number", "metres"}) == is_number, name


def test_a_workbook_has_the_plan_with_chinese_headers(report, plan, tmp_path):
    path = tmp_path / "o.xlsx"
    write_coverage(report, path, by=("community",), plan=plan)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [
        "说明 about",
        "社区 community",
        "服务方案 plan",
        "服务方案分职业 plan by occupation",
        "全市供求分职业 plan city by occupation",
    ]
    (head, first, *_) = book["服务方案 plan"].iter_rows()
    cells = {one.value.split("\n")[1]: two for one, two in zip(head, first, strict=True)}
    heads = {one.value.split("\n")[1]: one.value.split("\n")[0] for one in head}
    shown = {"area_km2": "面积", "working_age": "劳动年龄人口", "short_1_name": "最缺职业1"}
    assert {name: heads[name] for name in shown} == shown
    expected = plan.by("community").iloc[0]
    for name in ("people", "working_age", "seekers", "seekers_veteran", "vacancies"):
        assert cells[name].value == expected[name]
    assert cells["stations"].value is None
    assert cells["on"].value == "2025-12-31"
    described = [row[0].value for row in book["说明 about"].iter_rows()]
    assert {"working_age", "short_1_shortfall", "available"} <= set(described)


def test_a_page_tells_the_plan_in_its_language(report, plan, tmp_path):
    pages = {}
    for language in ("zh", "en"):
        path = tmp_path / f"{language}.html"
        write_coverage(report, path, plan=plan, language=language, map_approval="示S(2026)001")
        pages[language] = path.read_text(encoding="utf-8")
    for words in ("社区服务方案", "全市供求：分职业", "劳动年龄人口", "岗位缺口", "示S(2026)001"):
        assert words in pages["zh"]
    for words in (
        "Service plans",
        "The whole city, by occupation",
        "Of working age",
        "Most short 1",
    ):
        assert words in pages["en"]
    for name in ("short_1_name", "working_age_unknown", "vacancies_in_reach", "occupation_name"):
        assert name not in pages["zh"]


def test_a_geopackage_has_outlines_once_and_tables_of_occupations(report, plan, tmp_path):
    path = tmp_path / "o.gpkg"
    write_coverage(report, path, plan=plan)
    layers = dict(pyogrio.list_layers(path).tolist())
    assert {name: layers[name] for name in NAMES} == dict.fromkeys(NAMES) | {"plan": "MultiPolygon"}
    found = gpd.read_file(path, layer="plan by occupation")
    expected = plan.occupations()
    for name in ("code", "occupation", "seekers", "vacancies"):
        mine, theirs = found[name].astype(object), expected[name].astype(object)
        mine, theirs = mine.where(mine.notna(), None), theirs.where(theirs.notna(), None)
        assert mine.tolist() == theirs.tolist(), name


def test_a_plan_without_seekers_and_jobs_has_no_occupations(report):
    plan = gm.service_plan(COMMUNITIES, gm.PlanOptions(on=ON), entities=JOBS)
    assert list(content_of(report, plan=plan).plan) == ["plan"]


def test_codes_that_name_no_city_have_no_table_of_it():
    areas = [{"code": "a", "area": COMMUNITIES[0]["area"]}]
    plan = gm.service_plan(areas, gm.PlanOptions(on=ON), seekers=SEEKERS[:1])
    report = gm.Coverage(JOBS, areas).of(SEEKERS)
    assert list(content_of(report, plan=plan).plan) == ["plan", "plan by occupation"]
