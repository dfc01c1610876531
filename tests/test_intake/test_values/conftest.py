"""What the tests of the parsers share: a column of texts, parsed, with what was said of each."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from geo_match.intake.values import Context, parse
from geo_match.records import RECORDS

TODAY = Context(today=dt.date(2025, 12, 31))


@pytest.fixture(scope="session")
def parsed():
    """Give what parses texts of a field: its values, and rules of faults and notes by position."""

    def parse_texts(kind, field, texts, context=TODAY):
        column = (
            texts if isinstance(texts, pa.ChunkedArray) else pa.chunked_array([pa.array(texts)])
        )
        found = parse(RECORDS[kind].specs()[field], column, context)
        return found.value.to_pylist(), _by_position(found.faults), _by_position(found.notes)

    return parse_texts


def _by_position(faults):
    rules = {}
    for one in faults:
        for at in one.at.tolist():
            rules.setdefault(at, []).append(one.rule)
    return rules
