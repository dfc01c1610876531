"""What is told of whole columns is what the models say of each record, one by one."""

from __future__ import annotations

import math

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from geo_match.errors import ArgumentError
from geo_match.records import RECORDS
from geo_match.records.arrow import type_of
from geo_match.records.broken import broken_rules
from geo_match.records.schema import model_of
from tests.test_records.examples import BAD, GOOD

CARD = "34030219800101001X"
TEXTS = ["A1", " A1 ", "", " \u3000", "a" * 64, "a" * 65, "a" * 2_001, "3.4E+17", "3.4E+5"]
TEXTS += [
    "C++、B+",
    "x\0",
    CARD,
    f"见{CARD}",
    "11010519491231002X",
    "、",
    "。.",
    "普工",
    "４-01-01",
]
TEXTS += ["340302001001", "0552-3012345", "13812345678", "91340399M00000019G", "H", "F52", "junior"]
NUMBERS = [0, -1, 1, 50, 51, 120, 121, 1_000_000, 1_000_001, 1_900, 2_100]


def columns_of(kind, rows):
    """Return records as typed columns, all fields that any of them has."""
    names = dict.fromkeys(name for row in rows for name in row)
    specs = RECORDS[kind].specs()
    plain = [model_of(kind).model_construct(**row) for row in rows]
    values = {name: [getattr(one, name, None) for one in plain] for name in names}
    return pa.table(
        {
            name: pa.array(column).cast(type_of(specs[name].about.kind))
            if any(value is not None for value in column)
            else pa.nulls(len(rows), type_of(specs[name].about.kind))
            for name, column in values.items()
        }
    )


def is_sound(kind, row):
    """Ask the model, to which nothing is said of what is null."""
    stated = {
        name: value
        for name, value in row.items()
        if value is not None and not (isinstance(value, float) and math.isnan(value))
    }
    try:
        RECORDS[kind].model_validate(stated)
    except ValidationError:
        return False
    return True


def found_in(kind, rows):
    """Return which rows break a rule."""
    found = broken_rules(kind, columns_of(kind, rows))
    return {row for one in found for row in one.rows.tolist()}


def values_of(spec):
    """Return values of a field's column, right and wrong ones."""
    kind = type_of(spec.about.kind)
    words = [*(spec.about.choices or ()), "nonsense", ""]
    if pa.types.is_list(kind) and kind.value_type == pa.string():
        one = st.lists(st.sampled_from([*TEXTS, *words]), max_size=2)
    elif pa.types.is_list(kind):
        member = {
            "birth_year": st.sampled_from([1899, 1900, 2100, 2101]),
            "status": st.sampled_from([None, "retired", "none"]),
        }
        one = st.lists(st.fixed_dictionaries(member), max_size=2)
    elif kind == pa.string():
        one = st.sampled_from([*TEXTS, *words])
    elif kind == pa.int64():
        one = st.sampled_from(NUMBERS)
    elif kind == pa.float64():
        one = st.sampled_from([*map(float, NUMBERS), 90.5, -180.0, 180.1, math.nan, math.inf])
    else:
        one = st.nothing()
    return st.none() | one


@st.composite
def lists_of_records(draw):
    kind = draw(st.sampled_from(sorted(RECORDS)))
    specs = RECORDS[kind].specs()
    one = st.fixed_dictionaries({name: values_of(spec) for name, spec in specs.items()})
    few = draw(st.lists(one, min_size=1, max_size=3))
    sound = {name: GOOD[kind].get(name) for name, spec in specs.items() if spec.required}
    free = [name for name in specs if type_of(specs[name].about.kind) != pa.date32()]
    kept = draw(st.sets(st.sampled_from(free), max_size=3))
    return kind, [
        sound | {name: row[name] for name in kept if row[name] is not None} for row in few
    ]


def typed(kind, row):
    """Return a row with days as Python has them."""
    values = RECORDS[kind].model_construct(**row)
    types = {name: type_of(spec.about.kind) for name, spec in RECORDS[kind].specs().items()}
    return {
        name: pa.scalar(getattr(values, name)).cast(types[name]).as_py()
        if types[name] == pa.date32()
        else value
        for name, value in row.items()
    }


@settings(max_examples=150, deadline=None)
@given(lists_of_records(), st.integers(1, 12))
def test_a_record_is_found_if_and_only_if_its_model_refuses_it(case, often):
    kind, rows = case
    rows = [typed(kind, row) for row in rows] * often  # above 20 texts are sieved before
    wrong = {at for at, row in enumerate(rows) if not is_sound(kind, row)}
    assert found_in(kind, rows) == wrong


@pytest.mark.parametrize("kind", sorted(RECORDS))
def test_good_examples_break_no_rule(kind):
    assert found_in(kind, [plain(GOOD[kind])]) == set()


def plain(row):
    """Return an example without what is no value of a column, such as a moment as a text."""
    return {
        name: one for name, one in row.items() if not (isinstance(one, str) and "T" in one[8:12])
    }


@pytest.mark.parametrize(
    ("kind", "columns", "told"),
    [
        ("sites", {"lon": [200.0], "lat": [32.9]}, "`lon` must be between -180 and 180"),
        ("sites", {"version": [-1]}, "`version` must be at least 0"),
        ("sites", {"lon": [117.0]}, "`lon` must be given together with `lat` or not at all"),
        ("jobs", {"title": ["x"], "wage_unit": ["year"]}, "`wage_unit` must be 'month', 'day' or"),
        ("jobs", {"title": ["x"], "age_min": [9], "age_max": [8]}, "`age_max` must not lie below"),
        ("employers", {"licence": ["verified"]}, "`name` must be stated"),
        (
            "households",
            {"members": [[{"birth_year": 1700, "status": None}]]},
            "`members` must have `birth_year` that must be greater than or equal to 1900",
        ),
    ],
)
def test_a_rule_is_told_in_words(kind, columns, told):
    table = pa.table({"id": ["A1"], **columns})
    (found,) = broken_rules(kind, table)
    assert told in str(found)
    assert found.rows.tolist() == [0]


def test_no_rule_shows_a_value():
    table = pa.table({"id": ["A1"], "name": [CARD], "phone": ["13x"], "remark": [f"见{CARD}"]})
    said = " ".join(map(str, broken_rules("seekers", table)))
    assert "`name`" in said
    assert "001X" not in said
    assert "13x" not in said


def test_what_is_not_there_is_not_judged_of_a_part():
    table = pa.table({"id": ["E1"], "licence": ["verified"]})
    assert broken_rules("employers", table, whole=False) == []


def test_a_kind_that_is_none_is_refused():
    with pytest.raises(ArgumentError, match="must be one of households"):
        broken_rules("houses", pa.table({"id": ["1"]}))


def test_each_rule_between_fields_has_a_bad_example():
    ordered = {kind: model.ordered for kind, model in RECORDS.items() if model.ordered}
    assert {"households", "jobs", "seekers", "spells", "stations"} == set(ordered)
    assert len(BAD) > len(ordered)
