"""Schemathesis over the whole description, on a store: each answer is a documented one.

Each operation is asked with the key of a role that may; half of the ids are those of records that
are there.
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
import schemathesis
from hypothesis import settings as effort
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import negative_data_rejection
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
        store=str(folder / "a.db"), network=folder / "town.net", allowed_hosts=("testserver",)
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
