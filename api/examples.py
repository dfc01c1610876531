"""Examples of whole bodies and answers, put together of those that stand at their fields."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

_KINDS: Final = ("json", "+json")
_PROBLEM: Final = "application/problem+json"
_OF_TYPE: Final[dict[str, Any]] = {"string": "…", "boolean": False, "null": None}
_OF_FORMAT: Final = {
    "date": "2026-11-30",
    "date-time": "2026-11-30T08:00:00Z",
    "uuid": "0f3a5c7e-9b1d-4f4a-ac8e-0b2d4f6a8c0e",
}


def fill_in(openapi: dict[str, Any]) -> None:
    """Give every JSON body and answer of a description an example, where it has none.

    A parameter without one has its default.

    Parameters
    ----------
    openapi
        The description; it is changed.
    """
    schemas = openapi.get("components", {}).get("schemas", {})
    for path in openapi["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", []):
                schema = parameter.get("schema", {})
                if schema.get("default") is not None and not schema.get("examples"):
                    parameter.setdefault("example", schema["default"])
            for kind, content in operation.get("requestBody", {}).get("content", {}).items():
                _fill(kind, content, schemas)
            for status, answer in operation["responses"].items():
                for kind, content in answer.get("content", {}).items():
                    if kind == _PROBLEM and int(status) != HTTPStatus.UNPROCESSABLE_ENTITY:
                        content.setdefault("example", _problem(int(status), answer))
                    _fill(kind, content, schemas)


def _fill(kind: str, content: dict[str, Any], schemas: dict[str, Any]) -> None:
    is_told = "example" in content or "examples" in content
    if kind.endswith(_KINDS) and content.get("schema") and not is_told:
        content["example"] = example_of(content["schema"], schemas)


def _problem(status: int, answer: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": answer["description"],
    }


def example_of(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Return something that a schema allows, of the examples that stand in it.

    Parameters
    ----------
    schema
        Of what is wanted.
    schemas
        Those that it may refer to, by name.
    """
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for word in ("examples", "enum"):
        if schema.get(word):
            return schema[word][0]
    for word in ("example", "const", "default"):
        if word in schema:
            return schema[word]
    for word in ("anyOf", "oneOf"):
        if word in schema:
            told = [one for one in schema[word] if one.get("type") != "null"]
            return example_of((told or schema[word])[0], schemas)
    if "allOf" in schema:
        return {
            name: value
            for one in schema["allOf"]
            for name, value in example_of(one, schemas).items()
        }
    return _of_type(schema, schemas)


def _of_type(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    kind = schema.get("type")
    if kind == "object":
        fields = schema.get("properties", {})
        return {name: example_of(field, schemas) for name, field in fields.items()}
    if kind == "array":
        items = schema.get("prefixItems") or [schema["items"]] if "items" in schema else []
        return [example_of(one, schemas) for one in items]
    if kind in {"number", "integer"}:
        return schema.get("minimum", 0)
    return _OF_FORMAT.get(schema.get("format", ""), _OF_TYPE.get(kind or "", None))
