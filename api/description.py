"""The description of the API: what FastAPI cannot know of the problems and of who may ask."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI

from api import problems
from api.access.credentials import SESSION, cookie_name
from api.access.refusals import RESPONSES as REFUSALS
from api.access.scopes import Scope
from api.examples import fill_in

_JSON: Final = "application/json"
_PROBLEMS: Final = {"$ref": "#/components/schemas/Problem"}

TAGS: Final = (
    {"name": "jobs", "description": "Open jobs around a place, and who may be told of them."},
    {"name": "matches", "description": "Which jobs fit a seeker, and why others do not."},
    {"name": "records", "description": "What the store holds: read, written, imported."},
    {"name": "feed", "description": "All of the store, and each change of it in its order."},
    {"name": "coverage", "description": "How many people reach how much work, and where none."},
    {"name": "features", "description": "OGC API – Features: what lies where, for maps."},
    {"name": "access", "description": "Who asks, and what they may."},
    {"name": "operation", "description": "What those ask who run the server."},
)
"""What the operations are grouped by."""


class DescribedApi(FastAPI):
    """FastAPI whose OpenAPI says of every problem that it is `application/problem+json`.

    Of every operation that asks who it is, it says how that answers who may not; and that nobody
    needs a key for what every role may, where that is so. Every body and answer has an example.
    """

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI description; it is made once."""
        if self.openapi_schema is None:
            made = super().openapi()
            for path in made["paths"].values():
                for operation in path.values():
                    _describe(operation, self.state.gate.open_scopes)
            session = made["components"]["securitySchemes"][SESSION.scheme_name]
            session["name"] = cookie_name(is_https=self.state.gate.is_https)
            fill_in(made)
        return super().openapi()


def _describe(operation: dict[str, Any], open_scopes: frozenset[Scope]) -> None:
    responses = operation["responses"]
    ways = operation.get("security")
    if ways is not None:
        scopes = {scope for way in ways for asked in way.values() for scope in asked}
        if (
            scopes <= open_scopes
            and "key" in {name for way in ways for name in way}
            and {} not in ways
        ):
            ways.append({})
        for status, about in REFUSALS.items():
            told = {name: value for name, value in about.items() if name != "model"}
            responses[str(status)] = {**told, "content": {_JSON: {"schema": _PROBLEMS}}}
    if "requestBody" in operation:
        for status, about in problems.RESPONSES_TO_BODIES.items():
            responses[str(status)] = {**about, "content": {_JSON: {"schema": _PROBLEMS}}}
    for answer in responses.values():
        content = answer.get("content", {})
        for kind in [kind for kind, about in content.items() if about.get("schema") == _PROBLEMS]:
            content[problems.MEDIA_TYPE] = content.pop(kind)  # a route's own, in FastAPI's eyes
