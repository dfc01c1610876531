"""What says that the employers of a list of jobs are verified."""

from __future__ import annotations

import pytest

from geo_match.cli.licences import licensed
from geo_match.errors import FileError
from geo_match.intake.lists.records_file import read_records

JOBS = "id,title,employer_id{}\nJ1,保洁员,E1{}\nJ2,保安,E2{}\n"


def read(tmp_path, kind, text):
    path = tmp_path / f"{kind}.csv"
    path.write_text(text, encoding="utf-8")
    return read_records(path, kind)


def test_a_column_of_the_jobs_says_it(tmp_path):
    file = read(tmp_path, "jobs", JOBS.format(",employer_licence", ",verified", ",expired"))
    found = licensed(file, None, verified=True)
    assert found.column("employer_licence").to_pylist() == ["verified", "expired"]
    assert len(found) == len(file.records) == 2


def test_a_list_of_employers_says_it_alone(tmp_path):
    file = read(tmp_path, "jobs", JOBS.format(",employer_licence", ",verified", ",expired"))
    employers = read(tmp_path, "employers", "id,name,licence\nE1,甲,verified\n")
    assert "employer_licence" not in licensed(file, employers, verified=True).column_names


def test_where_nothing_says_it_that_is_refused_if_it_is_asked(tmp_path):
    file = read(tmp_path, "jobs", JOBS.format("", "", ""))
    with pytest.raises(FileError, match=r"must have the column `employer_licence`.*--employers"):
        licensed(file, None, verified=True)
    assert licensed(file, None, verified=False) is file.records
