"""Schemathesis over the whole description, on a store: each answer is a documented one.

Each operation is asked with the key of a role that may; half of the ids are those of records that
are there. What is seldom drawn is asked by name: the first and the last day that a calendar has.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
import schemathesis
from hypothesis import settings as effort
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import negative_data_rejection
from test_api.conftest import Asker
from test_api.lasting import Lasting
from test_matching.walked_town import network

from api.access.scopes import ROLE_SCOPES
from api.app import create_app
from api.settings import Settings
from geo_match.store import Store

if TYPE_CHECKING:
    from fastapi import FastAPI

COMMUNITY = "340302001001"
SHORT = 40
AT = {"located_by": ["given"]}
OF = {"occupation_version": ["GB/T 6565-2009"]}
SEEDS = {
    "households": {
        "id": ["H1"], "lon": [117.38], "lat": [32.92], "community": [COMMUNITY], **AT
    },
    "seekers": {
        "id": ["S1"], **AT, **OF, "household": ["H1"], "lon": [117.38], "lat": [32.92],
        "community": [COMMUNITY], "birth_year": [1990], "status": ["registered_unemployed"],
    },
    "employers": {
        "id": ["E1"], "name": ["示例超市"], "licence": ["verified"],
        "industry_version": ["GB/T 4754-2017"],
    },
    "sites": {
        "id": ["W1"], **AT, "employer_id": ["E1"], "name": ["示例路1号"], "lon": [117.381],
        "lat": [32.921], "community": [COMMUNITY], "verified": [True],
    },
    "jobs": {
        "id": ["J1"], **AT, **OF, "title": ["收银员"], "employer_id": ["E1"], "site_id": ["W1"],
        "lon": [117.381], "lat": [32.921], "vacancies": [2],
    },
    "stations": {"id": ["T1"], "name": ["示例站"], "lon": [117.38], "lat": [32.93], **AT},
    "communities": {"id": [COMMUNITY], "name": ["示例社区"]},
}  # fmt: skip
"""A record of each kind that has no others before it; communities first when they are written."""


def _fill(path: Path) -> dict[str, str]:
    """Write the seeds; return a key of each role."""
    with Store.open(path) as store:
        for kind in ("communities", *SEEDS):
            store.put(kind, pa.table(SEEDS[kind]))
        return {
            role: store.api_keys.issue(
                role=role, label="示例", community="340302" if role == "community" else None
            )[1]
            for role in ROLE_SCOPES
        }


def _application() -> tuple[FastAPI, dict[str, str]]:
    """Make an application over a store with streets, in a folder that goes with the process."""
    # Where pytest keeps its own: in memory, if there is room.
    folder = Path(tempfile.mkdtemp(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    network().save(folder / "town.net")
    keys = _fill(folder / "a.db")
    settings = Settings(
        store=str(folder / "a.db"),
        network=folder / "town.net",
        allowed_hosts=("testserver",),
        request_s=3_600,  # how busy a machine is that tests is no fault of an answer
    )
    return create_app(settings), keys


CHECKED = {
    # The bounds of each parameter by turns take minutes; what is drawn has them among others.
    "phases": {"coverage": {"enabled": False}},
    "checks": {
        # What no schema can say is refused too: references that lead nowhere, an end before its
        # beginning, one of two that exclude each other.
        "positive_data_acceptance": {"enabled": False},
        # A cursor of another store is refused before a header that is too long.
        "negative_data_rejection": {
            "expected-statuses": ["400", "404", "406", "409", "410", "412", "413", "415", "422"]
        },
    },
}
# Schemathesis makes its cases while pytest collects, so the application exists by then.
APPLICATION, KEYS = _application()
DESCRIBED = schemathesis.openapi.from_asgi(
    "/openapi.json", Lasting(APPLICATION), config=schemathesis.Config.from_dict(CHECKED)
)


@schemathesis.serializer("application/x-ndjson")
def _ndjson(_, value):
    """Send what was thought of as a line; a text as it is."""
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


@schemathesis.serializer("text/csv")
def _csv(_, value):
    """Send what was thought of as it stands."""
    return str(value).encode()


@DESCRIBED.hook("flatmap_path_parameters")
def _some_are_there(context, path_parameters):
    """Ask half of the time for what is there."""
    kind = context.operation.path.removeprefix("/v1/").partition("/")[0]
    name = (path_parameters or {}).get("id", "")
    if kind not in SEEDS or not 0 < len(str(name)) <= SHORT:
        return st.just(path_parameters)  # an id that breaks its rule is to stay one
    return st.sampled_from([path_parameters, path_parameters | {"id": SEEDS[kind]["id"][0]}])


def _key_for(operation) -> str | None:
    """Return the key of a role that may; None where nobody needs one."""
    ways = operation.definition.raw.get("security")
    if ways is None:
        return None
    needed = {scope for way in ways for asked in way.values() for scope in asked}
    return next((KEYS[role] for role, has in ROLE_SCOPES.items() if needed <= has), None)


@DESCRIBED.parametrize()
@effort(max_examples=10, derandomize=True)
def test_whatever_is_asked_of_a_store_gets_a_documented_answer(case):
    key = _key_for(case.operation)
    # A batch is taken whatever is wrong with its items: each is answered by itself.
    left = [negative_data_rejection] if case.operation.path.endswith(":batch") else []
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    case.call_and_validate(headers=headers, excluded_checks=left)


ENDS = {
    "date": ("0001-01-01", "9999-12-31"),
    "date-time": (
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-23:59",
    ),
}
"""Days and moments behind which, or by another clock, there are no others."""
OPENAPI = APPLICATION.openapi()
ASK = Asker(APPLICATION)


def formats_of(schema):
    """Return the formats that a value may have by a schema."""
    found = {schema.get("format")}
    for one in schema.get("anyOf", ()):
        found |= formats_of(one)
    return found


def operations():
    """Yield each operation with where it is and how it is asked."""
    for path, methods in OPENAPI["paths"].items():
        yield from ((path, method, operation) for method, operation in methods.items())


def dated_parameters():
    """Yield where, and by which name, a day or a moment is asked for in a URL."""
    for path, method, operation in operations():
        for one in operation.get("parameters", ()):
            if formats_of(one["schema"]) & ENDS.keys():
                yield pytest.param(
                    path, method, operation, one, id=f"{method} {path} {one['name']}"
                )


def ends_of(schema):
    """Return the ends of what a schema takes."""
    return [end for form in ENDS.keys() & formats_of(schema) for end in ENDS[form]]


def path_to_what_is_there(path):
    """Return a path with the id of a seed in it, or with the code of the community."""
    kind = path.removeprefix("/v1/").partition("/")[0]
    id_ = SEEDS.get(kind, {"id": ["1"]})["id"][0]
    return path.replace("{id}", id_).replace("{code}", COMMUNITY)


def answered(path, method, operation, **given):
    """Ask with the key of whoever may the most; the answer has to be a documented one."""
    needed = {scope for way in operation["security"] for asked in way.values() for scope in asked}
    exact = {"coverage:exact"} if given.get("params", {}).get("figures") == "exact" else set()
    may = {role: scopes for role, scopes in ROLE_SCOPES.items() if needed | exact <= scopes}
    role = max(may, key=lambda one: len(may[one]))
    headers = {"Authorization": f"Bearer {KEYS[role]}"}
    answer = ASK(path, method=method, host="testserver", headers=headers, **given)
    told = f"{role}: {answer.status_code} {answer.text}"
    assert str(answer.status_code) in operation["responses"], told
    # What is published is made once, which takes seconds: whoever asks meanwhile is told so.
    assert answer.status_code < 500 or answer.json()["type"].endswith(":being-made"), told


@pytest.mark.parametrize(("path", "method", "operation", "parameter"), list(dated_parameters()))
def test_the_first_and_the_last_day_in_a_url_are_answered(path, method, operation, parameter):
    others = {one["name"] for one in operation["parameters"]}
    for end in ends_of(parameter["schema"]):
        for figures in ({"figures": "published"}, {"figures": "exact"}):
            query = {parameter["name"]: end} | (figures if "figures" in others else {})
            answered(path_to_what_is_there(path), method, operation, params=query)


def dated_records():
    """Yield what writes a record of a kind, and the fields in which it has days."""
    for path, method, operation in operations():
        if method == "put":
            kind = path.removeprefix("/v1/").partition("/")[0]
            name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            schema = OPENAPI["components"]["schemas"][name.rpartition("/")[2]]["properties"]
            days = [field for field, one in schema.items() if "date" in formats_of(one)]
            yield pytest.param(path, operation, kind, days, id=kind)


WITHOUT_SEEDS = {
    "spells": {"id": "L1", "person": "S1", "status": "employed", "start": "2025-01-01"},
    "services": {"id": "F1", "person": "S1", "kind": "visit", "on": "2025-01-01"},
}


@pytest.mark.parametrize(("path", "operation", "kind", "days"), list(dated_records()))
def test_a_record_of_the_first_or_the_last_day_is_taken_or_refused_and_what_is_kept_is_told(
    path, operation, kind, days
):
    one = {name: values[0] for name, values in SEEDS.get(kind, {}).items()}
    one = (WITHOUT_SEEDS.get(kind) or one) | {"id": f"{one.get('id', 'D')}-d"}
    if kind == "communities":
        one["id"] = "340302001002"
    target = path.replace("{id}", one["id"])
    fields = [*((field, end) for field in days for end in ENDS["date"])]
    fields += [("updated_at", end) for end in ENDS["date-time"]]
    for field, end in fields:
        answered(target, "PUT", operation, json=one | {field: end})
    for whole in ENDS["date"]:  # and all of them at once, which stay
        answered(target, "PUT", operation, json=one | dict.fromkeys(days, whole))
        answered(target, "GET", OPENAPI["paths"][path]["get"])
        point, of_jobs = {"lon": 117.381, "lat": 32.921}, OPENAPI["paths"]["/v1/jobs"]["get"]
        answered("/v1/jobs", "GET", of_jobs, params=point)


@pytest.mark.parametrize("on", ENDS["date"])
def test_matches_of_the_first_and_of_the_last_day_are_answered(on):
    options = {"on": on, "limit": 1}
    origin = {"lon": 117.38, "lat": 32.92}
    for body, path in (
        ({"seeker": {"id": "S1"}, "options": options}, "/v1/matches"),
        ({"profile": {}, "origin": origin, "options": options}, "/v1/matches"),
        ({"items": [{"seeker": {"id": "S1"}}], "options": options}, "/v1/matches:batch"),
    ):
        answered(path, "POST", OPENAPI["paths"][path]["post"], json=body)
