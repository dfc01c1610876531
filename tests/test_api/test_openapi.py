"""The description of the API, and Schemathesis, which thinks of requests by it."""

from __future__ import annotations

import atexit
import json
import tempfile
from pathlib import Path

import schemathesis
from hypothesis import settings
from test_matching.walked_town import network

from api.app import create_app
from api.settings import Settings


def test_openapi_documents_every_parameter_with_bounds_and_an_example(ask):
    operation = ask("/openapi.json").json()["paths"]["/v1/jobs"]["get"]
    parameters = {each["name"]: each for each in operation["parameters"]}
    assert {name: each["required"] for name, each in parameters.items()} == {
        "lon": True,
        "lat": True,
        "radius_m": False,
        "limit": False,
        "basis": False,
    }
    assert parameters["basis"]["schema"]["enum"] == ["geodesic", "walking"]
    for name, each in parameters.items():
        assert each["description"]
        bounds = {"enum"} if name == "basis" else {"minimum", "maximum"}
        assert {*bounds, "examples"} <= each["schema"].keys()


def test_openapi_says_that_every_problem_is_problem_json(ask):
    for path in ask("/openapi.json").json()["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                kind = "application/problem+json" if status >= "400" else "application/json"
                assert list(answer.get("content", [kind])) == [kind]


def test_openapi_describes_every_field_of_the_answers_by_an_example(ask):
    text = json.dumps(ask("/openapi.json").json()["components"]["schemas"])
    assert "HTTPValidationError" not in text
    assert text.count('"examples"') >= 20


def _streets():
    """Save some streets: without them a server refuses to walk, which no schema can say."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    path = Path(folder.name) / "town.net"
    network().save(path)
    return path


# Schemathesis makes its cases while pytest collects, so the application exists by then; it asks
# under the name of the test server.
DESCRIBED = schemathesis.openapi.from_asgi(
    "/openapi.json", create_app(Settings(allowed_hosts=("testserver",), network=_streets()))
)


@DESCRIBED.parametrize()
@settings(max_examples=100)
def test_whatever_is_asked_gets_a_documented_answer(case):
    case.call_and_validate()
