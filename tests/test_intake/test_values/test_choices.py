"""One of several values, by the words that lists use."""

from __future__ import annotations

import pyarrow as pa
import pytest

from geo_match.intake.values import Context, parse
from geo_match.records import RECORDS
from geo_match.records.fields import Kind

CHOOSING = [
    (kind, name)
    for kind, model in RECORDS.items()
    for name, spec in model.specs().items()
    if spec.about.kind in {Kind.CHOICE, Kind.EDUCATION, Kind.DATUM, Kind.CHOICES}
]


@pytest.mark.parametrize(("kind", "name"), CHOOSING)
def test_every_word_of_a_field_is_read_as_its_value(parsed, kind, name):
    spec = RECORDS[kind].specs()[name]
    seen = {}
    for value, words in spec.about.choices.items():
        for word in (value, *words.split()):
            seen.setdefault(word, value)
    values, faults, _ = parsed(kind, name, list(seen))
    several = spec.about.kind == Kind.CHOICES
    assert values == [[value] if several else value for value in seen.values()]
    assert faults == {}


@pytest.mark.parametrize(("kind", "name"), CHOOSING)
def test_another_word_is_a_fault_that_names_the_words_that_there_are(parsed, kind, name):
    values, faults, _ = parsed(kind, name, ["胡说", ""])
    assert values == [None, None]
    assert list(faults) == [0]
    assert "must be one of" in faults[0][0]


@pytest.mark.parametrize(
    ("word", "datum"),
    [
        ("国测局坐标", "gcj02"),
        ("百度地图", "bd09"),
        ("大疆", "wgs84"),
        ("国家大地2000", "cgcs2000"),
    ],
)
def test_a_datum_is_read_by_more_words_than_those_of_its_field(parsed, word, datum):
    assert parsed("jobs", "datum", [word, f" {word} "])[:2] == ([datum] * 2, {})


def test_a_datum_of_before_is_a_fault_that_says_what_to_do():
    column = pa.chunked_array([["西安80"]])
    (fault,) = parse(RECORDS["jobs"].specs()["datum"], column, Context()).faults
    assert "provider convert it" in fault.remedy


def test_a_word_for_unknown_is_nothing_with_a_note_unless_it_is_a_value(parsed):
    values, faults, notes = parsed("households", "hukou", ["不详", "—", "N/A"])
    assert (values, faults) == ([None] * 3, {})
    assert sorted(notes) == [0, 1, 2]
    assert parsed("seekers", "difficulty", ["无"]) == (["none"], {}, {})


def test_yes_and_no_in_their_forms(parsed):
    texts = ["是", "否", "有", "TRUE", "0", "√", "×", "", "也许"]
    values, faults, _ = parsed("households", "zero_employment", texts)
    assert values == [True, False, True, True, False, True, False, None, None]
    assert list(faults) == [8]
    flags = pa.chunked_array([pa.array([True, None, False])])
    assert parsed("households", "zero_employment", flags)[0] == [True, None, False]


def test_several_values_by_marks_or_as_a_list(parsed):
    texts = ["农民工、退役军人", "农民工，退役军人", "农民工;农民工", "无", "", "农民工、胡说"]
    values, faults, _ = parsed("seekers", "groups", texts)
    both = ["migrant_worker", "veteran"]
    assert values == [both, both, ["migrant_worker"], [], None, None]
    assert list(faults) == [5]
    lists = pa.chunked_array([pa.array([both, [], None])])
    assert parsed("seekers", "groups", lists)[0] == [both, [], None]


def test_a_demand_of_education_may_be_none_or_at_least_so_much(parsed):
    texts = ["不限", "大专及以上", "初中以上", "本科(含)以上学历", "高中学历", "很高"]
    values, faults, _ = parsed("jobs", "education_min", texts)
    assert values[:3] == [None, "college", "junior"]
    assert values[4:] == ["senior", None]
    assert 5 in faults
