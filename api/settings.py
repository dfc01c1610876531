"""What the server is told by its surroundings, each by one variable `GEO_MATCH_…`.

| variable | meaning | default |
|---|---|---|
| `GEO_MATCH_STORE` | store whose jobs are served: path or URL; in place of a file | none |
| `GEO_MATCH_SITES` | file of jobs and sites that the library can read | `data/jobs.parquet` |
| `GEO_MATCH_SITES_DATUM` | its datum: wgs84, cgcs2000, gcj02 or bd09 | by its CRS |
| `GEO_MATCH_SERVICE_AREA` | west,south,east,north: where its places are expected | none |
| `GEO_MATCH_NETWORK` | streets that are walked, as `geo-match network build` makes them | none |
| `GEO_MATCH_REJECTED` | `.csv` file to write every rejected row to, with the reason | none |
| `GEO_MATCH_ALLOWED_HOSTS` | names it answers to, by commas; `*` for any | this machine's |
| `GEO_MATCH_FORWARDED` | `true`: a proxy may send `Forwarded`, `X-Forwarded-…` | `false` |
| `GEO_MATCH_HTTPS` | `true`: it is reached by https alone, so cookies are `Secure` | `false` |
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Self

from pydantic import BeforeValidator, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "GEO_MATCH_"
_OF_A_FILE = ("sites", "sites_datum", "service_area", "rejected")
SHIPPED_SITES = Path(__file__).resolve().parent.parent / "data" / "jobs.parquet"


def _split(value: object) -> object:
    """Take a text with commas apart; a sequence given in Python stays as it is."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _edges(value: object) -> object:
    """Take four numbers with commas apart; a sequence given in Python stays as it is."""
    if not isinstance(value, str):
        return value
    try:
        west, south, east, north = (float(edge) for edge in value.split(","))
    except ValueError:
        message = "must be four numbers of degrees: west,south,east,north, as in 116,32,118,34"
        raise PydanticCustomError("rule", "{rule}", {"rule": message}) from None
    return west, south, east, north


def _flag(value: object) -> object:
    """Take one of two words; a truth value given in Python stays as it is."""
    if isinstance(value, bool):
        return value
    if value not in {"true", "false"}:
        raise PydanticCustomError("rule", "{rule}", {"rule": "must be true or false"})
    return value == "true"


class Settings(BaseSettings):
    """The settings of one server; a name in the environment that is none of these is refused.

    Parameters
    ----------
    store
        Path or URL of a store, whose jobs are served in place of a file's, as it changes. What is
        said of a file (`sites`, `sites_datum`, `service_area`, `rejected`) must not be set beside
        it.
    sites
        File with one row a job, or one a site: `id`, `lon`, `lat` and what `api.jobs.columns`
        lists.
    sites_datum
        Datum of its coordinates, as `geo_match.intake.read_places` takes it; None for what its CRS
        says. A file without a CRS, such as CSV, is then refused: no datum is guessed.
    service_area
        West, south, east, north, degrees: where the places are expected. Exchanged axes are then
        recognised, and places elsewhere are warned of.
    network
        File of the streets that are walked where a request asks for `basis=walking`; without one
        such a request is refused.
    rejected
        CSV file to write to, while the file of sites is read: each rejected row with field,
        value, rule and remedy. Not written if None.
    allowed_hosts
        Values of the `Host` header that are answered, without their port.
    forwarded
        Whether a proxy stands before the server. Its `Forwarded` and `X-Forwarded-…` then pass, and
        decide nothing; else a request that has one is refused.
    https
        Whether the server is reached by https alone: browsers then send its cookies by no other
        way, and its pages are those of `https://` and its name.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    store: str | None = None
    sites: Path = SHIPPED_SITES
    sites_datum: str | None = None
    service_area: Annotated[
        tuple[float, float, float, float] | None, NoDecode, BeforeValidator(_edges)
    ] = None
    network: Path | None = None
    rejected: Path | None = None
    allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)] = (
        "127.0.0.1",
        "localhost",
        "[::1]",
    )
    forwarded: Annotated[bool, BeforeValidator(_flag)] = False
    https: Annotated[bool, BeforeValidator(_flag)] = False

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_empty(cls, value: object) -> object:
        """Refuse a variable that is set to nothing, which would be the folder `.` as a path."""
        if isinstance(value, str) and not value.strip():
            raise PydanticCustomError("rule", "must not be empty; unset it for its default")
        return value

    @model_validator(mode="after")
    def _refuse_both(self) -> Self:
        """Refuse a store beside what is said of a file, of which one would go unheard."""
        both = [name for name in _OF_A_FILE if name in self.model_fields_set]
        if self.store is not None and both:
            names = ", ".join(PREFIX + name.upper() for name in both)
            message = "must not be set beside {prefix}STORE, which is served in place of a file"
            raise PydanticCustomError(
                "rule", "{names} " + message, {"names": names, "prefix": PREFIX}
            )
        return self


def unknown_variables() -> list[str]:
    """Name the variables of the environment that carry the prefix but are no setting.

    A misspelt `GEO_MATCH_SITE` would otherwise serve the demonstration file in silence.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return sorted(
        name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known
    )
