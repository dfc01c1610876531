"""Which jobs a request asks for."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.parameters import Lat, Limit, Lon, RadiusM, broken


def _basis(value: object) -> object:
    """Refuse any other word than the two, in words that name no type of Python's."""
    if value not in {"geodesic", "walking"}:
        rule = "must be geodesic (the straight line) or walking"
        raise broken(rule, value if isinstance(value, str) else "")
    return value


Basis = Annotated[
    Literal["geodesic", "walking"],
    Field(
        description="What a distance is: the straight line on the WGS-84 ellipsoid, or the "
        "shortest way on foot, the ways to the street at both ends in it. Walking needs a "
        "network of streets: `/healthz` says whether this server has one.",
        examples=["geodesic"],
    ),
    BeforeValidator(_basis),
]


class JobsQuery(BaseModel):
    """Which jobs are asked for; the answer repeats it with its defaults filled in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lon: Lon
    lat: Lat
    radius_m: RadiusM = 3000.0
    limit: Limit = 20
    basis: Basis = "geodesic"
