"""From a file to the jobs: what is read, what is rejected, and that both add up."""

from __future__ import annotations

import csv
import logging
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from api.app import create_app
from api.jobs.answering import find
from api.jobs.of_file import JobIndex, read_jobs
from api.jobs.query import JobsQuery
from api.settings import Settings
from geo_match.errors import DatumError, FileError, GeoMatchError, SwappedAxesError
from geo_match.intake import Places, PlacesFile

HERE = JobsQuery(lon=117.38, lat=32.92, limit=100)


def answer_of(jobs, query):
    return find(query, jobs.now()).told()


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
    hit = answer_of(index_of(**{column: values}), HERE).jobs[0]
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
    assert answer_of(index_of(vacancies=[stated, None]), HERE).jobs[0].job.vacancies == 2


@pytest.mark.parametrize("stated", ["-1", "2.5", "若干", "1e3", "1000001", "99999999", "inf", "２"])
def test_a_row_whose_vacancies_are_no_whole_number_is_rejected_by_its_row(stated):
    jobs = index_of(vacancies=["1", stated, ""])
    (rejection,) = jobs.rejections
    assert (rejection.row, rejection.field, rejection.value) == (2, "vacancies", stated)
    assert (jobs.file.rows_read, jobs.file.rows_accepted, jobs.file.rows_rejected) == (3, 2, 1)
    assert [hit.job.id for hit in answer_of(jobs, HERE).jobs] == ["J0", "J2"]


@given(st.lists(st.one_of(st.none(), st.integers(-2, 1_000_002)), min_size=1, max_size=100))
def test_rows_read_are_those_accepted_and_those_rejected(vacancies):
    jobs = index_of(vacancies=pd.Series(vacancies, dtype=object))
    good = [count for count in vacancies if count is None or 0 <= count <= 1_000_000]
    assert jobs.file.rows_accepted == len(good) == len(jobs)
    assert jobs.file.rows_rejected == len(jobs.rejections) == len(vacancies) - len(good)
    found = answer_of(jobs, HERE)
    assert found.total == len(good)
    assert found.vacancies_total == sum(count or 0 for count in good)
    assert found.vacancies_unstated == good.count(None)


def test_ids_that_gaps_made_decimal_are_whole_again():
    assert answer_of(index_of(site_id=[12.0, None]), HERE).jobs[0].site.id == "12"


def test_name_is_the_sites_name_where_site_name_is_missing():
    assert answer_of(index_of(name=["甲"]), HERE).jobs[0].site.name == "甲"
    assert answer_of(index_of(名称=["甲"]), HERE).jobs[0].site.name == "甲"
    assert answer_of(index_of(name=["甲"], site_name=["乙"]), HERE).jobs[0].site.name == "乙"


def test_rejected_rows_are_counted_logged_and_left_out(tmp_path, asker, caplog):
    bad = "".join(f"B{row},200,32.9,\n" for row in range(22))
    path = written(tmp_path, f"id,lon,lat,vacancies\nA,117.38,32.92,1\n{bad}C,117.38,32.92,x\n")
    with caplog.at_level(logging.WARNING):
        ask = asker(create_app(Settings(sites=path, sites_datum="wgs84")))

    health = ask("/healthz").json()["sites"]
    assert (health["rows_read"], health["rows_accepted"], health["rows_rejected"]) == (24, 1, 23)
    assert ask("/v1/jobs?lon=117.38&lat=32.92").json()["total"] == 1
    assert "jobs.csv: 24 rows read, 1 accepted, 23 rejected." in caplog.messages
    assert len([line for line in caplog.messages if "lon ('200'): must" in line]) == 20
    assert "  … and 3 more; GEO_MATCH_REJECTED=rejected.csv lists all" in caplog.messages


def test_every_rejected_row_is_written_where_the_setting_says(tmp_path, caplog):
    rows = [f"B{row},,32.9,1" for row in range(30)]
    rows[7] = "B7,117.38,32.9,x"
    rows.append("A,117.38,32.92,1")
    path = written(tmp_path, "id,lon,lat,人数\n" + "\n".join(rows))
    listed = tmp_path / "rejected.csv"
    create_app(Settings(sites=path, sites_datum="wgs84", rejected=listed))

    with listed.open(encoding="utf-8-sig", newline="") as stream:
        faults = list(csv.DictReader(stream))
    assert [int(fault["row"]) for fault in faults] == list(range(1, 31))
    assert {fault["input"] for fault in faults} == {"sites"}
    assert {fault["file"] for fault in faults} == {str(path)}
    assert (faults[7]["field"], faults[7]["value"]) == ("人数", "x")
    assert f"  30 faults listed in {listed}" in caplog.messages
    assert any(line.startswith("  row 1, lon (empty): must be given") for line in caplog.messages)


def test_an_earlier_list_of_rejected_rows_is_replaced_by_an_empty_one(tmp_path):
    listed = tmp_path / "rejected.csv"
    header = "input,file,row,field,value,rule,remedy\n"
    listed.write_text(f"{header}sites,old.csv,1,lon,,must be given,\n", encoding="utf-8")
    path = written(tmp_path, "id,lon,lat\nA,117.38,32.92\n")
    create_app(Settings(sites=path, sites_datum="wgs84", rejected=listed))
    assert listed.read_text(encoding="utf-8-sig").split() == [
        "input,file,row,field,value,rule,remedy"
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [("rejected.txt", "end in .csv"), ("no/r.csv", "folder that exists"), ("jobs.csv", "an input")],
)
def test_a_list_of_rejected_rows_that_cannot_be_written_is_refused(tmp_path, name, said):
    path = written(tmp_path, "id,lon,lat\nA,117.38,32.92\n")
    with pytest.raises(FileError, match=said):
        create_app(Settings(sites=path, sites_datum="wgs84", rejected=tmp_path / name))
    assert "A,117.38" in path.read_text(encoding="utf-8")


def test_a_file_of_which_no_row_can_be_used_is_refused(tmp_path, caplog):
    path = written(tmp_path, "id,lon,lat\nA,200,32.9\nB,117.38,x\n")
    listed = tmp_path / "rejected.csv"
    said = r"jobs\.csv` must have a row that can be used, got all 2 rejected \(row 1, lon: must"
    with pytest.raises(FileError, match=said):
        create_app(Settings(sites=path, sites_datum="wgs84", rejected=listed))
    assert "row 2, lat ('x'): must" in caplog.text
    assert len(listed.read_text(encoding="utf-8").splitlines()) == 3


def test_a_file_without_rows_is_refused(tmp_path):
    with pytest.raises(FileError, match="at least one row, got headers only"):
        create_app(Settings(sites=written(tmp_path, "id,lon,lat\n")))


def test_the_datum_of_the_file_is_converted(tmp_path):
    path = written(tmp_path, "id,lon,lat\nA,116.38404722455657,39.91334545536069\n")
    jobs = read_jobs(Settings(sites=path, sites_datum="gcj02"))
    (hit,) = answer_of(jobs, JobsQuery(lon=116.377817, lat=39.911954, radius_m=2.0)).jobs
    assert hit.site.lon == pytest.approx(116.377817, abs=2e-5)


def test_no_datum_is_guessed_of_a_file_that_does_not_say_it(tmp_path):
    path = written(tmp_path, "id,lon,lat\nA,117.38,32.92\n")
    said = (
        r"jobs\.csv` must say the datum of its coordinates, got neither a CRS nor "
        r"GEO_MATCH_SITES_DATUM\. Set GEO_MATCH_SITES_DATUM\. Whoever made the list knows it: wgs84"
    )
    with pytest.raises(FileError, match=said):
        create_app(Settings(sites=path))


def test_a_file_with_a_crs_says_its_datum(tmp_path):
    frame = gpd.GeoDataFrame({"id": ["A"]}, geometry=[Point(117.38, 32.92)], crs=4490)
    frame.to_file(tmp_path / "jobs.gpkg")
    assert len(read_jobs(Settings(sites=tmp_path / "jobs.gpkg"))) == 1
    old = frame.set_crs(4610, allow_override=True)
    old.to_file(tmp_path / "old.gpkg")
    with pytest.raises(DatumError, match="Xian 1980"):
        read_jobs(Settings(sites=tmp_path / "old.gpkg"))


def test_places_outside_the_service_area_are_warned_of(tmp_path, caplog):
    path = written(tmp_path, "id,lon,lat\nA,117.38,32.92\nB,87.6,43.8\n")
    with caplog.at_level(logging.WARNING):
        create_app(
            Settings(sites=path, sites_datum="wgs84", service_area=(116.0, 32.0, 118.5, 34.0))
        )
    assert "jobs.csv: 1 of 2 places" in caplog.text


def test_exchanged_axes_are_refused_where_the_service_area_shows_them(tmp_path):
    path = written(tmp_path, "id,lon,lat\nA,43.8,87.6\nB,43.9,87.7\n")
    assert len(read_jobs(Settings(sites=path, sites_datum="wgs84"))) == 2
    with pytest.raises(SwappedAxesError, match=r"jobs\.csv"):
        read_jobs(Settings(sites=path, sites_datum="wgs84", service_area=(85.0, 42.0, 90.0, 46.0)))


@pytest.mark.parametrize(
    ("given", "said"),
    [({"sites": "missing.csv"}, "missing.csv"), ({"sites_datum": "xian80"}, "xian80")],
)
def test_settings_that_cannot_be_followed_are_named(given, said):
    with pytest.raises(GeoMatchError, match=said):
        create_app(Settings(**given))


def test_a_file_that_is_no_such_list_is_not_overwritten(tmp_path):
    path = written(tmp_path, "id,lon,lat\nA,117.38,32.92\nB,,32.9\n")
    notes = tmp_path / "notes.csv"
    notes.write_text("my notes\n", encoding="utf-8")
    with pytest.raises(FileError, match="must be an older list of rejected rows"):
        create_app(Settings(sites=path, sites_datum="wgs84", rejected=notes))
    assert notes.read_text(encoding="utf-8") == "my notes\n"


def test_a_column_of_lists_is_shown_as_one_text(tmp_path):
    path = tmp_path / "lists.parquet"
    frame = pd.DataFrame(
        {"id": ["A"], "lon": [117.38], "lat": [32.92], "title": [["钳工", "焊工"]]}
    )
    frame.to_parquet(path)
    jobs = read_jobs(Settings(sites=path, sites_datum="wgs84"))
    found = answer_of(jobs, JobsQuery(lon=117.38, lat=32.92, radius_m=10.0, limit=1))
    assert found.jobs[0].job.title == "钳工、焊工"


@pytest.mark.parametrize("says", ["unverified", "expired", "", None, "否", "verified?"])
def test_a_job_is_withheld_unless_its_employers_licence_is_verified(says):
    jobs = index_of(employer_licence=pd.Series(["verified", says, "已核验"], dtype=object))
    assert [hit.job.id for hit in answer_of(jobs, HERE).jobs] == ["J0", "J2"]
    assert (jobs.file.rows_accepted, jobs.file.rows_withheld, jobs.file.rows_rejected) == (2, 1, 0)


def test_what_is_filled_is_no_vacancy_and_a_full_job_is_withheld():
    jobs = index_of(vacancies=["3", "2", "", "0", "1"], filled=["1", "2", "4", "", "2"])
    served = {hit.job.id: hit.job.vacancies for hit in answer_of(jobs, HERE).jobs}
    assert served == {"J0": 2, "J2": None, "J3": 0}
    assert answer_of(jobs, HERE).vacancies_total == 2
    assert jobs.file.rows_withheld == 2


def test_a_number_of_filled_that_is_none_is_rejected():
    jobs = index_of(vacancies=["3", "3"], filled=["x", "1"])
    assert [rejection.field for rejection in jobs.rejections] == ["filled"]
    assert jobs.file.rows_rejected == 1


def test_without_a_column_of_licences_every_job_is_served():
    assert answer_of(index_of(title=["a", "b"]), HERE).total == 2


def test_a_withheld_row_with_a_fault_is_rejected_and_counted_once():
    jobs = index_of(employer_licence=["expired", "expired", "verified"], vacancies=["x", "1", "1"])
    assert (jobs.file.rows_accepted, jobs.file.rows_withheld, jobs.file.rows_rejected) == (1, 1, 1)
    assert jobs.file.rows_read == 3


def test_a_file_of_which_every_job_is_withheld_is_refused(tmp_path):
    path = written(tmp_path, "id,lon,lat,执照核验\n1,117.38,32.92,未核验\n")
    said = r"got all 1 withheld: no licence verified, or all filled\. Verify the employers'"
    with pytest.raises(FileError, match=said):
        create_app(Settings(sites=path, sites_datum="wgs84"))


@pytest.mark.parametrize(
    ("cells", "said"), [([True, True], True), (["false", ""], False), (["是", None], True)]
)
def test_the_answer_says_whether_the_file_calls_its_jobs_invented(cells, said):
    jobs = index_of(invented=pd.Series(cells, dtype=object))
    assert answer_of(jobs, HERE).invented is said
    assert jobs.file.invented is said
    assert answer_of(index_of(title=["a"]), HERE).invented is None
