"""What may go out together, and by what it may be told: all else is refused and named."""

from __future__ import annotations

import pytest
from test_exchange.test_coverage.written import (
    COMMUNITIES,
    GAPS,
    PEOPLE,
    PLAN,
    SUPPLY,
    there,
)

import geo_match as gm
from geo_match.errors import ArgumentError
from geo_match.exchange.coverage import write_coverage


@pytest.mark.parametrize("extra", [{"gap_areas": GAPS}, {"plan": PLAN}])
def test_internal_figures_cannot_get_among_published_ones(published, extra):
    with pytest.raises(ArgumentError, match="must be of release \"published\", got 'internal'"):
        write_coverage(published, "o.gpkg", **extra)
    assert there() == []


def test_a_frame_that_does_not_say_what_it_is_is_refused(report):
    plan = PLAN.drop(columns="release")
    with pytest.raises(ArgumentError, match="`plan` must have a column `release`, got none"):
        write_coverage(report, "o.gpkg", plan=plan)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"by": ()}, "`by` must name levels or columns of the people"),
        ({"by": ("city", "city")}, "`by` must name each once"),
        ({"by": "supply"}, "`by` must name each once, and none of gap_areas, plan, supply"),
        ({"by": "id"}, "`by` must name columns of which people share the values, got 'id'"),
        ({"by": "nothing"}, "`by` must name a column of the people"),
        ({"language": "fr"}, "`language` must be one of"),
        ({"gap_areas": []}, "`gap_areas` must be a GeoDataFrame"),
        ({"plan": [1]}, "`plan` must be a ServicePlan, a frame"),
        ({"plan": {"city": PLAN}}, "`plan` must have names of its own, got 'city'"),
    ],
)
def test_what_breaks_a_rule_is_named(report, given, message):
    with pytest.raises(ArgumentError, match=message):
        write_coverage(report, "o.gpkg", **given)
    assert there() == []


def test_a_column_that_names_each_person_is_no_group():
    people = [{**one, "phone": f"1380000{n:04}"} for n, one in enumerate(PEOPLE)]
    report = gm.Coverage(SUPPLY, COMMUNITIES).of(people)
    with pytest.raises(ArgumentError, match="'phone', different for each"):
        write_coverage(report, "o.csv", by="community by phone")


def test_a_table_that_was_not_published_is_named(published):
    with pytest.raises(ArgumentError, match=r"must name tables that were published: .*'h3'"):
        write_coverage(published, "o.csv", by="h3")


def test_what_is_no_report_is_refused(report):
    with pytest.raises(ArgumentError, match="must be a CoverageReport, or what `publish` made"):
        write_coverage(report.by("city"), "o.csv")
