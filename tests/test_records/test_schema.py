"""JSON Schemas: valid themselves, and of one mind with the models."""

from __future__ import annotations

import json

import jsonschema
import pytest
from test_records.examples import BAD, GOOD, UNWRITTEN

from geo_match.errors import ArgumentError
from geo_match.records import RECORDS
from geo_match.records.schema import json_schema, json_schemas


def validator(kind):
    return jsonschema.Draft202012Validator(
        json_schema(kind), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


@pytest.mark.parametrize("kind", RECORDS)
def test_a_schema_is_one_and_describes_every_field(kind):
    schema = json_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    specs = RECORDS[kind].specs()
    assert list(schema["properties"]) == list(specs)
    assert schema["required"] == [name for name, spec in specs.items() if spec.required]
    assert schema["additionalProperties"] is False
    for name, spec in specs.items():
        assert schema["properties"][name]["description"] == spec.meaning
        assert schema["properties"][name]["x-chinese"] == spec.about.chinese
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("kind", RECORDS)
def test_records_as_they_are_kept_fit_their_schema(kind):
    check = validator(kind)
    check.validate(GOOD[kind])
    check.validate(json.loads(RECORDS[kind](**GOOD[kind]).model_dump_json()))


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (kind, change)
        for kind, change, said in BAD
        if said not in UNWRITTEN
        and "must not lie" not in said
        and said not in {"lat", "must be a code of GB/T 6565-2009"}  # NaN is no JSON; blanks
    ],
)
def test_what_a_model_refuses_does_not_fit_its_schema(kind, change):
    changed = GOOD[kind] | change
    assert not validator(kind).is_valid(json.loads(json.dumps(changed)))


def test_what_becomes_of_a_list_of_texts_is_said_where_its_form_is():
    form, _ = json_schema("seekers")["properties"]["certificates"]["anyOf"]
    assert "parted" in form["description"]
    assert "of equal ones the first stays" in form["description"]
    assert form["items"]["pattern"]


def test_a_schema_belongs_to_its_caller():
    json_schema("jobs")["properties"].clear()
    assert json_schema("jobs")["properties"]


def test_other_kinds_are_refused():
    with pytest.raises(
        ArgumentError, match=r"`kind` must be one of households, seekers, .*'homes'"
    ):
        json_schema("homes")


def test_all_schemas_are_one_document_whose_parts_hold_by_themselves():
    whole = json_schemas()
    jsonschema.Draft202012Validator.check_schema(whole)
    assert whole["$defs"] == {kind: json_schema(kind) for kind in RECORDS}
    for kind in RECORDS:
        # A reference within a part, such as that to a household's members, means the part.
        asking = whole | {"$ref": json_schema(kind)["$id"]}
        check = jsonschema.Draft202012Validator(asking)
        check.validate(GOOD[kind])
        assert not check.is_valid(GOOD[kind] | {"unheard_of": 1})
    assert len({json_schema(kind)["$id"] for kind in RECORDS}) == len(RECORDS)
