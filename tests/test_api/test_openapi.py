"""The description of the API, and Schemathesis, which thinks of requests by it."""

from __future__ import annotations

import atexit
import json
import tempfile
from pathlib import Path

import schemathesis
from hypothesis import settings
from schemathesis.specs.openapi.checks import positive_data_acceptance
from test_api.lasting import Lasting
from test_matching.walked_town import network

from api.app import create_app
from api.jobs.query import JobsQuery
from api.settings import Settings


def test_openapi_documents_every_parameter_with_bounds_and_an_example(ask):
    operation = ask("/openapi.json").json()["paths"]["/v1/jobs"]["get"]
    parameters = {each["name"]: each for each in operation["parameters"]}
    assert parameters.keys() == JobsQuery.model_fields.keys()
    assert not any(each["required"] for each in parameters.values())  # one origin of three
    assert parameters["basis"]["schema"]["enum"] == ["geodesic", "walking"]
    bounds = {"number": "maximum", "integer": "maximum", "string": "maxLength"}
    for name, each in parameters.items():
        assert each["description"]
        assert "examples" in each["schema"]
        if name != "min_cursor":
            bound = bounds[each["schema"]["type"]]
            assert {"enum", "pattern", bound} & each["schema"].keys()


def test_openapi_says_that_every_problem_is_problem_json(ask):
    for path in ask("/openapi.json").json()["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                kind = "application/problem+json"
                kinds = list(answer.get("content", [kind] if status >= "400" else []))
                assert kinds == [kind] if status >= "400" else kind not in kinds


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
    "/openapi.json",
    Lasting(create_app(Settings(allowed_hosts=("testserver",), network=_streets()))),
).include(path=["/v1/jobs", "/healthz", "/readyz"])  # `test_fuzz` has them all, on a store


@DESCRIBED.parametrize()
@settings(max_examples=100)
def test_whatever_is_asked_gets_a_documented_answer(case):
    # What no schema of parameters can say: there is one origin, of a file a point; a box has its
    # south below its north.
    is_unsaid = case.operation.path == "/v1/jobs" or case.operation.path.endswith("/items")
    left = [positive_data_acceptance] if is_unsaid else []
    case.call_and_validate(excluded_checks=left)
