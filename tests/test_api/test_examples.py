"""Examples that are put together of those at the fields, and all that the description has."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from api.examples import example_of, fill_in

METHODS = {"get", "put", "post", "patch", "delete"}


@pytest.fixture(scope="module")
def description(ask):
    return ask("/openapi.json").json()


def operations(description):
    return [
        (method, path, about)
        for path, methods in description["paths"].items()
        for method, about in methods.items()
    ]


def faults(example, schema, description):
    """Return what jsonschema finds, with the description's own schemas beside."""
    whole = {**schema, "components": description["components"]}
    return [
        fault.message
        for fault in Draft202012Validator(whole, format_checker=FormatChecker()).iter_errors(
            example
        )
    ]


def contents(about):
    """Yield where a body or an answer stands, its kind, and what is said of it."""
    for kind, content in about.get("requestBody", {}).get("content", {}).items():
        yield "body", kind, content
    for status, answer in about["responses"].items():
        for kind, content in answer.get("content", {}).items():
            yield status, kind, content


def examples_of(content):
    told = [content["example"]] if "example" in content else []
    return told + [one["value"] for one in content.get("examples", {}).values()]


def test_every_operation_says_what_it_does_and_belongs_to_a_group(description):
    groups = {tag["name"]: tag["description"] for tag in description["tags"]}
    for method, path, about in operations(description):
        assert method in METHODS
        assert about["summary"], path
        assert about["description"] not in {"", about["summary"]}, path
        assert set(about["tags"]) <= set(groups), path
        assert len(about["tags"]) == 1, path
    assert all(groups.values())


def test_every_operation_has_a_name_of_its_own_that_no_path_made(description):
    names = [about["operationId"] for _, _, about in operations(description)]
    assert len(set(names)) == len(names)
    for name in names:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", name)


def test_it_is_said_whose_api_it_is_where_it_is_and_who_may_use_it(description):
    assert description["info"].keys() == {"title", "summary", "description", "license", "version"}
    assert description["info"]["license"] == {"name": "MIT", "identifier": "MIT"}
    assert [server["url"] for server in description["servers"]] == ["/"]


def test_every_body_and_answer_has_an_example_that_keeps_its_schema(description):
    for method, path, about in operations(description):
        for where, kind, content in contents(about):
            if kind.endswith("json") and "schema" in content:
                assert examples_of(content), (method, path, where, kind)
                for one in examples_of(content):
                    found = faults(one, content["schema"], description)
                    assert found == [], (method, path, where, kind)


def test_every_parameter_has_an_example_and_each_keeps_its_schema(description):
    for method, path, about in operations(description):
        for parameter in about.get("parameters", []):
            schema = parameter["schema"]
            told = [*schema.get("examples", []), *examples_of(parameter)]
            told += schema.get("enum", [])
            for other in schema.get("anyOf", []):
                told += [*other.get("examples", []), *other.get("enum", [])]
            assert told or "const" in schema, (method, path, parameter["name"])
            for one in told:
                assert faults(one, schema, description) == [], (method, path, parameter["name"])


def test_every_example_of_a_field_keeps_the_schema_of_the_field(description):
    for name, schema in description["components"]["schemas"].items():
        for field, about in schema.get("properties", {}).items():
            for one in about.get("examples", []):
                assert faults(one, about, description) == [], (name, field)


def test_an_example_is_made_of_those_of_the_fields():
    schemas = {
        "Place": {
            "type": "object",
            "properties": {
                "lon": {"type": "number", "examples": [117.38]},
                "tags": {"type": "array", "items": {"enum": ["a", "b"]}},
                "site": {"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/Site"}]},
                "on": {"type": "string", "format": "date"},
            },
        },
        "Site": {"type": "object", "properties": {"n": {"type": "integer", "minimum": 3}}},
    }
    assert example_of({"$ref": "#/components/schemas/Place"}, schemas) == {
        "lon": 117.38,
        "tags": ["a"],
        "site": {"n": 3},
        "on": "2026-11-30",
    }


def test_an_example_that_is_there_is_left_alone():
    content = {"schema": {"type": "integer"}, "example": 5}
    answers = {"200": {"description": "", "content": {"application/json": content}}}
    fill_in({"paths": {"/": {"get": {"responses": answers}}}})
    assert content["example"] == 5


SIMPLE = st.one_of(
    st.builds(lambda least: {"type": "integer", "minimum": least}, st.integers(-9, 9)),
    st.builds(lambda words: {"enum": words}, st.lists(st.text(), min_size=1)),
    st.sampled_from(
        [{"type": kind} for kind in ("string", "boolean", "null", "number")]
        + [{"type": "string", "format": form} for form in ("date", "date-time", "uuid")]
    ),
)
SCHEMAS = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.builds(lambda items: {"type": "array", "items": items}, inner),
        st.builds(
            lambda fields: {"type": "object", "properties": fields, "required": list(fields)},
            st.dictionaries(st.text(max_size=3), inner, max_size=3),
        ),
        st.builds(lambda one, other: {"anyOf": [one, other]}, inner, inner),
    ),
    max_leaves=8,
)


@given(SCHEMAS)
def test_an_example_keeps_the_schema_that_it_was_made_of(schema):
    checker = Draft202012Validator(schema, format_checker=FormatChecker())
    assert list(checker.iter_errors(example_of(schema, {}))) == []
