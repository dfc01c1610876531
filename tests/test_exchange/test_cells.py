"""Cells read back as the text that they were made of, and none of them runs."""

from __future__ import annotations

import csv
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from geo_match.exchange.cells import csv_cell, json_cell
from geo_match.intake.readers.formulas import neutralised

_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@given(_TEXTS, _TEXTS)
def test_a_line_of_csv_has_its_cells(one, other):
    line = f"{csv_cell(one)},{csv_cell(other)}\r\n"
    read = list(csv.reader(io.StringIO(line, newline="")))
    assert read == [[neutralised(one), neutralised(other)]]


@given(_TEXTS)
def test_a_text_of_json_is_itself(text):
    assert json.loads(json_cell(text)) == text


def test_what_a_spreadsheet_would_run_is_marked():
    assert csv_cell("=1+1") == "'=1+1"
    assert csv_cell('=A,"B"') == '"\'=A,""B"""'
    assert json_cell("社区") == '"社区"'
