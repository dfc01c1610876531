"""What is published: the command line's figures, one release a month, and nothing off the menu."""

from __future__ import annotations

import datetime as dt
import logging
import threading

import pandas as pd
import pyarrow as pa
import pytest
from test_api.test_coverage.conftest import FIRST, LAT, LON, MONTH_END, TODAY

import geo_match as gm
from api.coverage.release import Release
from api.coverage.releases import NotReleasedError, Releases
from api.coverage.town import Point, read_town
from geo_match.coverage import CoverageOptions, count_tables, publish
from geo_match.coverage.publication.key_file import read_key
from geo_match.store import Store

LEVELS = ("community", "street", "district", "city")


def of_the_command_line(town):
    """Publish the same as `geo-match coverage --publish` does, of 3 km, with the same key."""
    with Store.open(town.path) as store:
        read = read_town(store, Point(**FIRST, on=MONTH_END))
    report = gm.Coverage(read.supply, read.communities, CoverageOptions()).of(read.people)
    key = read_key(town.path.with_name("a.db.published") / "key")
    return publish(*count_tables(report, date=MONTH_END.isoformat()), key=key)


def test_each_figure_is_that_of_the_command_line(town):
    asked = {by: town.get(f"/v1/coverage?by={by}").json() for by in LEVELS}
    published = of_the_command_line(town)
    both = 0
    for by, answer in asked.items():
        assert (answer["release"], answer["on"]) == ("published", "2026-01-31")
        frame = published[by]
        assert [row["code"] for row in answer["rows"]] == [
            None if pd.isna(code) else code for code in frame["code"]
        ]
        for row, (_, record) in zip(answer["rows"], frame.iterrows(), strict=True):
            for name in ("people", "located", "reached", "below", "reached_share"):
                ours, theirs = row[name], record.get(name)
                if ours is not None and not pd.isna(theirs):
                    assert ours == theirs
                    both += 1
    assert both > 20
    assert asked["city"]["city"]["people"] == published["all"]["people"].iloc[0]


@pytest.mark.parametrize("radius_m", [1000, 2000, 5000])
def test_a_figure_of_another_radius_is_near_the_exact_one_or_kept_back(town, radius_m):
    answer = town.get(f"/v1/coverage?radius_m={radius_m}").json()
    exact = town.get(f"/v1/coverage?radius_m={radius_m}&on=2026-01-31&figures=exact", "planner")
    for told, known in zip(answer["rows"], exact.json()["rows"], strict=True):
        assert (told["code"], told["below"]) == (known["code"], None)
        if known["reached"] < 10:
            assert not told["reached"]
        elif told["reached"] is not None:
            assert abs(told["reached"] - known["reached"]) <= answer["menu"]["most_error"]


OFF = ("radius_m=2999", "radius_m=0", "at_least=2", "of=seekers", "supply=stations",
       "on=2026-01-30", "on=2026-02-28", "figures=exact")  # fmt: skip
ROWS, AREA, GAPS = "/v1/coverage", "/v1/coverage/340302001001", "/v1/gaps"


@pytest.mark.parametrize(
    ("path", "off"),
    [
        *((path, off) for path in (ROWS, AREA, GAPS) for off in OFF),
        *((ROWS, "group=zero_employment"), (ROWS, "by=h3&radius_m=1000")),
        (AREA, "by=h3&radius_m=1000"),
    ],
)
def test_what_is_off_the_menu_needs_the_exact_scope(town, path, off):
    answer = town.get(f"{path}?{off}")
    assert answer.status_code == 403
    assert "coverage:exact" in answer.json()["detail"]
    assert "Published are households by jobs" in answer.json()["detail"]


def test_who_may_have_exact_figures_is_told_to_say_so(town):
    answer = town.get("/v1/coverage?radius_m=2999", "planner")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "radius_m"
    assert "figures=exact" in answer.json()["errors"][0]["detail"]


def test_one_area_is_told_with_its_reasons(town):
    row = town.get("/v1/coverage/340302001").json()["row"]
    (same,) = (one for one in town.get("/v1/coverage?by=street").json()["rows"] if one == row)
    assert (same["kind"], same["code"]) == ("street", "340302001")
    assert set(row["reasons"]) >= {"no_location", "none_in_circle"}
    assert town.get("/v1/coverage/999999999999").status_code == 404
    assert town.get("/v1/coverage/340302001?by=city").status_code == 404


def test_an_earlier_month_end_is_not_served_though_its_file_is_there(serve_town, released):
    town = serve_town()
    town.take_release(released)
    (path,) = town.path.with_name("a.db.published").glob("2026-01-31.*.json")
    earlier = path.with_name(path.name.replace("2026-01-31", "2025-12-31"))
    earlier.write_text(released, encoding="utf-8")
    for target in ("/v1/coverage", "/v1/coverage/340302001", "/v1/gaps"):
        answer = town.get(f"{target}?on=2025-12-31")
        assert (answer.status_code, answer.json()["title"]) == (404, "Not released")
        assert "Only the last month-end is published, 2026-01-31" in answer.json()["detail"]
    assert town.get("/v1/coverage?on=2026-01-31").json()["menu"]["on"] == ["2026-01-31"]


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"form": 9}', '{"form": 1}'])
def test_a_release_that_cannot_be_read_is_logged_with_what_to_do(serve_town, caplog, text):
    town = serve_town()
    town.take_release(text)
    answer = town.get("/v1/coverage")
    assert (answer.status_code, answer.json()["title"]) == (503, "Release not readable")
    (record,) = [one for one in caplog.records if one.name == "api.coverage.served"]
    assert "2026-01-31." in record.getMessage()
    assert "Put it back from a copy." in record.getMessage()
    assert town.get("/v1/coverage/340302001").status_code == 503  # and nothing is made anew
    assert [one.read_text() for one in town.path.parent.glob("*.published/*.json")] == [text]


def test_a_release_stays_whatever_is_written_and_the_tag_says_so(serve_town, released):
    town = serve_town()
    town.take_release(released)
    first = town.get("/v1/coverage")
    tag = first.headers["etag"]
    assert town.get("/v1/coverage", headers={"If-None-Match": tag}).status_code == 304
    many = pa.table({"id": [f"N{at}" for at in range(30)], "lon": [LON] * 30, "lat": [LAT] * 30})
    town.write("households", many)
    again = town.get("/v1/coverage")
    assert (again.content, again.headers["etag"]) == (first.content, tag)
    assert town.coverages.releases.makings == 1
    assert town.coverages.answers.makings == 1


def test_a_release_is_made_once_by_all_workers_and_read_by_the_next(
    town, released, tmp_path, monkeypatch, caplog
):
    caplog.set_level(logging.INFO, logger="api.coverage.releases")
    made = []

    def of(*_, **__):
        made.append(1)
        return Release.parse(released)

    monkeypatch.setattr(Release, "of", of)
    with Store.open(town.path) as store:
        workers = [
            Releases(store, tmp_path / "r", today=lambda: TODAY, wait_s=60) for _ in range(2)
        ]
        found = []
        threads = [
            threading.Thread(target=lambda one=one: found.append(one.at(None)))
            for one in workers * 4
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(made) == 1
        assert [one.makings for one in workers] == [1, 1]
        assert [record.getMessage() for record in caplog.records] == [
            f"Publishing the coverage of {MONTH_END}; of many communities that takes minutes.",
            f"The coverage of {MONTH_END} is published.",
        ]
        assert {one.text() for one in found} == {found[0].text()}
        march = Releases(store, tmp_path / "r", today=lambda: dt.date(2026, 3, 1))
        for day in (MONTH_END, dt.date(2025, 12, 31)):
            with pytest.raises(NotReleasedError):
                march.at(day)
    assert len(made) == 1
    assert (tmp_path / "r" / "key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "r").stat().st_mode & 0o777 == 0o700


def test_a_store_of_nobody_has_nothing_to_tell(serve_town):
    nobody = pa.table({"id": pa.array([], pa.string())})
    town = serve_town(nobody)
    answer = town.get("/v1/coverage")
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:geo-match:problem:nothing-to-tell"
    assert not list(town.path.with_name("a.db.published").glob("*.json"))


def test_a_server_of_a_file_has_no_coverage(ask):
    assert ask.problem("/v1/coverage")["type"] == "urn:geo-match:problem:no-store"


def test_published_figures_leave_no_entry_in_the_audit(serve_town, released):
    town = serve_town()
    town.take_release(released)
    assert town.get("/v1/coverage").status_code == 200
    assert town.audited() == []
