"""A list as text, and what became of it."""

from __future__ import annotations

import datetime as dt

import pytest

from geo_match.intake.lists.records_file import read_records
from geo_match.intake.values import Context

TODAY = dt.date(2025, 12, 31)


@pytest.fixture
def read(tmp_path):
    """Give what reads the text of a CSV file as records."""

    def read_text(text, kind="households", **options):
        path = tmp_path / "list.csv"
        path.write_text(text, encoding="utf-8")
        options.setdefault("context", Context(today=TODAY))
        return read_records(path, kind, **options)

    return read_text
