"""Records of the store that make no coverage: told to nobody who asks, and logged by their rule."""

from __future__ import annotations

import datetime as dt
import logging

import pyarrow as pa
import pytest
from test_api.test_coverage.conftest import MONTH_END

from api.coverage.totals import unemployed_table
from api.coverage.town import Point, read_town
from api.problems import logged
from geo_match.errors import ArgumentError, FileError
from geo_match.store import Store

BOW = "POLYGON ((117.5 32, 117.51 32.01, 117.51 32, 117.5 32.01, 117.5 32))"
"""An outline that crosses itself, which a store keeps."""
CODE = "340302009009"
RULE = "`communities`, column `area` must be a valid polygon (1 rows do not)"


@pytest.fixture
def faulty(serve_town):
    """A town of which one community has such an outline."""
    town = serve_town()
    town.write("communities", pa.table({"id": [CODE], "name": ["示例乙"], "area": [BOW]}))
    return town


def test_a_fault_of_the_store_is_no_fault_of_who_asks_and_names_no_record(faulty, caplog):
    with caplog.at_level(logging.INFO):
        for target, role in (
            ("/v1/coverage", "operator"),
            ("/v1/gaps", "operator"),
            ("/ogc/collections/coverage/items", "operator"),
            ("/v1/coverage?figures=exact", "planner"),
        ):
            answer = faulty.get(target, role)
            problem = answer.json()
            assert (answer.status_code, problem["type"]) == (
                503,
                "urn:geo-match:problem:records-faulty",
            )
            assert "errors" not in problem
            for private in (CODE, "117.5", "Self-intersection", "position"):
                assert private not in answer.text
    told = [one.getMessage() for one in caplog.records if one.name == "api.problems"]
    assert len(told) == 4
    assert told[0] == f"FrameError on /v1/coverage: {RULE}"
    for private in (CODE, "117.5", "Self-intersection"):
        assert private not in caplog.text


def test_what_is_begun_at_the_start_logs_the_rule_alone(faulty, caplog):
    faulty.coverages.begin()
    assert faulty.get("/v1/coverage").status_code == 503  # once it has failed
    (told,) = [one for one in caplog.records if one.name == "api.coverage.releases"][:1]
    assert told.getMessage() == f"The coverage of {MONTH_END} is not published: {RULE}"
    assert CODE not in caplog.text


def test_seekers_that_make_no_matches_are_logged_by_the_rule_alone(town, caplog, monkeypatch):
    def fail(*_, **__):
        raise ArgumentError("seekers", "be sound", "S-1 示例甲")

    monkeypatch.setattr("api.coverage.totals.people_on", fail)
    with Store.open(town.path) as store:
        read = read_town(store, Point("households", "jobs", dt.date(2026, 1, 31)))
        assert unemployed_table(store, read) is None
    (told,) = caplog.messages
    assert told.endswith(" is not published: ArgumentError: `seekers` must be sound")


def test_what_ails_a_file_or_the_system_is_logged_in_its_own_words():
    for error in (FileError("a.json", "be readable", "nothing"), OSError(28, "No space left")):
        assert logged(error) == str(error)
