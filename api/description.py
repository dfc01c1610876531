"""The description of the API: what FastAPI cannot know of the problems and of who may ask."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI

from api import problems
from api.access.credentials import SESSION, cookie_name
from api.access.refusals import RESPONSES as REFUSALS
from api.access.scopes import PUBLIC

_JSON: Final = "application/json"
_PROBLEMS: Final = {"$ref": "#/components/schemas/Problem"}


class DescribedApi(FastAPI):
    """FastAPI whose OpenAPI says of every problem that it is `application/problem+json`.

    Of every operation that asks who it is, it says how that answers who may not; and that nobody
    needs a key for what every role may, where that is so.
    """

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI description; it is made once."""
        if self.openapi_schema is None:
            made = super().openapi()
            for path in made["paths"].values():
                for operation in path.values():
                    _describe(operation)
            session = made["components"]["securitySchemes"][SESSION.scheme_name]
            session["name"] = cookie_name(is_https=self.state.gate.is_https)
        return super().openapi()


def _describe(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    ways = operation.get("security")
    if ways is not None:
        scopes = {scope for way in ways for asked in way.values() for scope in asked}
        if scopes <= PUBLIC and "key" in {name for way in ways for name in way} and {} not in ways:
            ways.append({})
        for status, about in REFUSALS.items():
            told = {name: value for name, value in about.items() if name != "model"}
            responses[str(status)] = {**told, "content": {_JSON: {"schema": _PROBLEMS}}}
    if "requestBody" in operation:
        for status, about in problems.RESPONSES_TO_BODIES.items():
            responses[str(status)] = {**about, "content": {_JSON: {"schema": _PROBLEMS}}}
    for answer in responses.values():
        content = answer.get("content", {})
        if content.get(_JSON, {}).get("schema") == _PROBLEMS:
            content[problems.MEDIA_TYPE] = content.pop(_JSON)
