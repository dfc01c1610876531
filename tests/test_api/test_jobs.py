"""From a file to the jobs: what is read, what is rejected, and that both add up."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.jobs import JobIndex, read_jobs
from api.parameters import JobsQuery
from api.settings import Settings
from geo_match.errors import GeoMatchError, SwappedAxesError
from geo_match.intake import Places, PlacesFile

HERE = JobsQuery(lon=117.38, lat=32.92, limit=100)


def index_of(**columns):
    """An index of jobs all at one place, with these optional columns."""
    n = len(next(iter(columns.values())))
    places = Places(
        id=np.array([f"J{row}" for row in range(n)], dtype=object),
        lon=np.full(n, 117.38),
        lat=np.full(n, 32.92),
        attributes=pd.DataFrame(columns),
    )
    row = np.arange(1, n + 1)
    return JobIndex(
        PlacesFile(source=Path("jobs.csv"), n_read=n, places=places, row=row, rejections=())
    )


def written(tmp_path, text):
    path = tmp_path / "jobs.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("missing", [None, "", "  ", float("nan"), pd.NA, pd.NaT])
@pytest.mark.parametrize("column", ["title", "employer", "site_name", "vacancies", "site_id"])
def test_a_missing_cell_is_null_whatever_the_file_calls_missing(column, missing):
    values = pd.Series([missing, "3"], dtype=object)
    hit = index_of(**{column: values}).within(HERE).jobs[0]
    shown = {
        "title": hit.job.title,
        "employer": hit.job.employer,
        "site_name": hit.site.name,
        "vacancies": hit.job.vacancies,
        "site_id": None if hit.site.id == hit.job.id else hit.site.id,
    }
    assert shown[column] is None


@pytest.mark.parametrize("stated", [2, 2.0, "2", " 2 ", "2.0", np.int64(2), np.float32(2)])
def test_vacancies_are_whole_numbers_in_whatever_type_the_file_has_them(stated):
    assert index_of(vacancies=[stated, None]).within(HERE).jobs[0].job.vacancies == 2


@pytest.mark.parametrize("stated", ["-1", "2.5", "若干", "1e3", "1000001", "99999999", "inf", "２"])
def test_a_row_whose_vacancies_are_no_whole_number_is_rejected_by_its_row(stated):
    jobs = index_of(vacancies=["1", stated, ""])
    (rejection,) = jobs.rejections
    assert (rejection.row, rejection.field, rejection.value) == (2, "vacancies", stated)
    assert (jobs.file.rows_read, jobs.file.rows_accepted, jobs.file.rows_rejected) == (3, 2, 1)
    assert [hit.job.id for hit in jobs.within(HERE).jobs] == ["J0", "J2"]


@given(st.lists(st.one_of(st.none(), st.integers(-2, 1_000_002)), min_size=1, max_size=100))
def test_rows_read_are_those_accepted_and_those_rejected(vacancies):
    jobs = index_of(vacancies=pd.Series(vacancies, dtype=object))
    good = [count for count in vacancies if count is None or 0 <= count <= 1_000_000]
    assert jobs.file.rows_accepted == len(good) == len(jobs)
    assert jobs.file.rows_rejected == len(jobs.rejections) == len(vacancies) - len(good)
    answer = jobs.within(HERE)
    assert answer.total == len(good)
    assert answer.vacancies_total == sum(count or 0 for count in good)
    assert answer.vacancies_unstated == good.count(None)


def test_ids_that_gaps_made_decimal_are_whole_again():
    assert index_of(site_id=[12.0, None]).within(HERE).jobs[0].site.id == "12"


def test_name_is_the_sites_name_where_site_name_is_missing():
    assert index_of(name=["甲"]).within(HERE).jobs[0].site.name == "甲"
    assert index_of(name=["甲"], site_name=["乙"]).within(HERE).jobs[0].site.name == "乙"


def test_rejected_rows_are_counted_logged_and_left_out(tmp_path, asker, caplog):
    bad = "".join(f"B{row},200,32.9,\n" for row in range(7))
    path = written(tmp_path, f"id,lon,lat,vacancies\nA,117.38,32.92,1\n{bad}C,117.38,32.92,x\n")
    with caplog.at_level(logging.WARNING):
        ask = asker(create_app(Settings(sites=path)))

    health = ask("/healthz").json()["sites"]
    assert (health["rows_read"], health["rows_accepted"], health["rows_rejected"]) == (9, 1, 8)
    assert ask("/v1/jobs?lon=117.38&lat=32.92").json()["total"] == 1
    assert "jobs.csv: 8 of 9 rows rejected" in caplog.text
    assert "200" in caplog.text
    assert "and 3 more" in caplog.text


def test_a_file_without_any_good_row_answers_with_nothing(tmp_path, asker):
    ask = asker(create_app(Settings(sites=written(tmp_path, "id,lon,lat\nA,200,32.9\n"))))
    answer = ask("/v1/jobs?lon=117.38&lat=32.92").json()
    assert (answer["total"], answer["vacancies_total"], answer["jobs"]) == (0, 0, [])


def test_the_datum_of_the_file_is_converted(tmp_path):
    path = written(tmp_path, "id,lon,lat\nA,116.38404722455657,39.91334545536069\n")
    jobs = read_jobs(Settings(sites=path, sites_datum="gcj02"))
    (hit,) = jobs.within(JobsQuery(lon=116.377817, lat=39.911954, radius_m=2.0)).jobs
    assert hit.site.lon == pytest.approx(116.377817, abs=2e-5)


def test_places_outside_the_service_area_are_warned_of(tmp_path, caplog):
    path = written(tmp_path, "id,lon,lat\nA,117.38,32.92\nB,87.6,43.8\n")
    with caplog.at_level(logging.WARNING):
        create_app(Settings(sites=path, service_area=(116.0, 32.0, 118.5, 34.0)))
    assert "jobs.csv: 1 of 2 places lie outside the service area" in caplog.text


def test_exchanged_axes_are_refused_where_the_service_area_shows_them(tmp_path):
    path = written(tmp_path, "id,lon,lat\nA,43.8,87.6\nB,43.9,87.7\n")
    assert len(read_jobs(Settings(sites=path))) == 2
    with pytest.raises(SwappedAxesError, match=r"jobs\.csv"):
        read_jobs(Settings(sites=path, service_area=(85.0, 42.0, 90.0, 46.0)))


@pytest.mark.parametrize(
    ("given", "said"),
    [({"sites": "missing.csv"}, "missing.csv"), ({"sites_datum": "xian80"}, "xian80")],
)
def test_settings_that_cannot_be_followed_are_named(given, said):
    with pytest.raises(GeoMatchError, match=said):
        create_app(Settings(**given))
