"""A report accounts for every row that was read."""

from __future__ import annotations

import pytest
from office_lists import write

from geo_match.intake.import_report import ImportReport, UnaccountedRowsError
from geo_match.intake.importing import import_file


def test_a_report_that_does_not_add_up_is_never_made(store, tmp_path):
    report = import_file(write(tmp_path / "a.csv", "求职编号", [["A"]]), "seekers", store)
    with pytest.raises(UnaccountedRowsError, match="2 rows were read, but 1 accepted"):
        ImportReport(report.file, 2, 1, 0, 0, 0, 0, {}, ())
