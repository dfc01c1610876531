"""A list is judged as a whole before any of it is written."""

from __future__ import annotations

import pytest
from office_lists import kept, write

from geo_match.intake import judging
from geo_match.intake.import_report import UnaccountedRowsError
from geo_match.intake.importing import import_file


def test_rows_that_get_lost_on_the_way_stop_the_import_before_it_writes(
    store, tmp_path, monkeypatch
):
    read = judging.read_records

    def losing(*arguments, **options):
        file = read(*arguments, **options)
        return judging.replace(file, row=file.row[1:], records=file.records.slice(1))

    monkeypatch.setattr(judging, "read_records", losing)
    path = write(tmp_path / "a.csv", "求职编号", [["A"], ["B"]])
    with pytest.raises(UnaccountedRowsError, match="2 rows were read, but 1 became records"):
        import_file(path, "seekers", store)
    assert kept(store) == []
