"""What is said of fields: complete, and no header means two of them."""

from __future__ import annotations

from collections import Counter

import pytest

from geo_match.records import RECORDS, Kind

CHOICES = {Kind.CHOICE, Kind.CHOICES, Kind.EDUCATION, Kind.DATUM}


@pytest.mark.parametrize("kind", RECORDS)
def test_every_field_has_a_meaning_and_a_chinese_name(kind):
    assert RECORDS[kind].chinese
    for spec in RECORDS[kind].specs().values():
        assert spec.meaning.endswith("."), spec.name
        assert any("\u4e00" <= letter <= "\u9fff" for letter in spec.about.chinese), spec.name
        assert spec.headers[:2] == (spec.name, spec.about.chinese)


@pytest.mark.parametrize("kind", RECORDS)
def test_no_header_means_two_fields_of_a_record(kind):
    model = RECORDS[kind]
    headers = [header for spec in model.specs().values() for header in set(spec.headers)]
    headers += [header for several in model.composites for header in several.split()]
    # A column of yes and no may bear the name of the field whose value it gives.
    headers += [column for columns in model.flags.values() for column in columns.values()]
    assert [header for header, times in Counter(headers).items() if times > 1] == []


@pytest.mark.parametrize("kind", RECORDS)
def test_the_words_of_choices_are_those_of_the_type_and_mean_one_value_each(kind):
    model = RECORDS[kind]
    schema = model.model_json_schema()
    for name, spec in model.specs().items():
        choices = spec.about.choices
        assert (choices is not None) is (spec.about.kind in CHOICES), name
        if choices is None:
            continue
        assert sorted(choices) == sorted(_enum(schema["properties"][name])), name
        words = [word for several in choices.values() for word in several.split()]
        assert len(set(words)) == len(words), name


def _enum(schema):
    if "enum" in schema:
        return schema["enum"]
    inner = [*schema.get("anyOf", []), schema.get("items")]
    return next(found for one in inner if one and (found := _enum(one)))


@pytest.mark.parametrize("kind", RECORDS)
def test_composites_and_flags_name_fields_and_values(kind):
    specs = RECORDS[kind].specs()
    for names in RECORDS[kind].composites.values():
        assert set(names) <= set(specs)
    for name, columns in RECORDS[kind].flags.items():
        assert set(columns) == set(specs[name].about.choices)


def test_specs_have_the_bounds_and_defaults_of_the_models():
    specs = RECORDS["households"].specs()
    assert (specs["lon"].least, specs["lon"].most) == (-180, 180)
    assert (specs["address"].least, specs["address"].most) == (None, None)
    assert specs["located_by"].default == "none"
    assert specs["lon"].default is None
    assert (specs["id"].required, specs["id"].default) == (True, None)


@pytest.mark.parametrize("kind", RECORDS)
def test_units_of_headers_are_those_of_composites_and_values_of_their_last_field(kind):
    model = RECORDS[kind]
    for header, unit in model.units.items():
        (names,) = (names for some, names in model.composites.items() if header in some.split())
        assert unit in model.specs()[names[-1]].about.choices
