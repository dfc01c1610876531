"""What every model of a body keeps: nothing is guessed, nothing is overheard."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """A body of JSON: a number is a number, and a field that nobody knows is refused.

    What no parser of JSON would refuse, such as a key that comes twice or `1e999`, was refused
    before by `api.guards.json_bodies`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
