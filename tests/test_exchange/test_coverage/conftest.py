"""The reports that are written, and a folder to write in."""

from __future__ import annotations

import pytest
from test_exchange.test_coverage.written import COMMUNITIES, KEY, PEOPLE, SUPPLY

import geo_match as gm


@pytest.fixture(scope="module")
def report():
    """Cover a small town."""
    return gm.Coverage(SUPPLY, COMMUNITIES, gm.CoverageOptions(edge_effect=True)).of(PEOPLE)


@pytest.fixture(scope="module")
def published(report):
    """Publish it."""
    return gm.publish(report, key=KEY)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
