"""What those who watch a server are answered."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.jobs.schemas import SitesFile, StoredJobsState, StreetsState


class Readiness(BaseModel):
    """That the index of jobs is in step with what it answers from."""

    model_config = ConfigDict(frozen=True)

    status: Literal["ready"]
    cursor: str | None = Field(
        description="The place in the store's feed that was reached; null for a file, and for "
        "whom `/v1/jobs` would not answer.",
        examples=["0f3a5c7e9b1d2f4a6c8e0b2d4f6a8c0e-118363"],
    )


class Health(BaseModel):
    """That the server answers, and on what: a file of sites, or a store.

    On what is null for whom `/v1/jobs` would not answer.
    """

    model_config = ConfigDict(frozen=True)

    status: Literal["ok"]
    version: str = Field(examples=["0.1.0"])
    sites: SitesFile | None
    store: StoredJobsState | None
    network: StreetsState | None = Field(
        description="The streets on which `basis=walking` is answered; null if there are none."
    )
