"""The demonstration city's households, cases and hires, read once for all tests of them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

DATA = Path(__file__).resolve().parents[3] / "data"


@pytest.fixture(scope="package")
def city():
    """Every household that ever had a case or is of zero employment, and each twentieth of others.

    Its members have the ids that the demonstration gives them.
    """
    households = pd.read_parquet(DATA / "households.parquet")
    cases = pd.read_parquet(DATA / "history" / "household_cases.parquet")
    takes = households["zero_employment"] | households["id"].isin(cases["household"])
    households = households[takes | (households.index % 20 == 0)]
    members = pd.read_parquet(DATA / "members.parquet")
    members = members[members["household"].isin(households["id"])]
    person = "S" + members["household"].str[1:] + "-" + members["number"].astype(str)
    employments = pd.read_parquet(DATA / "history" / "employments.parquet")
    spells = pd.read_parquet(DATA / "history" / "spells.parquet")
    return SimpleNamespace(
        households=households.rename(columns={"members": "member_count"}),
        members=members.assign(person=person),
        persons=pd.DataFrame({"id": person, "household": members["household"]}),
        cases=cases,
        employments=employments[employments["person"].isin(person)],
        spells=spells[spells["person"].isin(person)],
    )
