"""What the server is told by its surroundings, each by one variable `GEO_MATCH_…`.

| variable | meaning | default |
|---|---|---|
| `GEO_MATCH_STORE` | store whose jobs are served: path or URL; in place of a file | none |
| `GEO_MATCH_SITES` | file of jobs and sites that the library can read | `data/jobs.parquet` |
| `GEO_MATCH_SITES_DATUM` | its datum: wgs84, cgcs2000, gcj02 or bd09 | by its CRS |
| `GEO_MATCH_SERVICE_AREA` | west,south,east,north: where its places are expected | none |
| `GEO_MATCH_NETWORK` | streets that are walked, as `geo-match network build` makes them | none |
| `GEO_MATCH_GROUND` | files of outlines under the map, by commas: a river's, districts' | none |
| `GEO_MATCH_MAP_APPROVAL` | 审图号 under which the page's maps may go out | none |
| `GEO_MATCH_BASEMAP_URL` | tiles under the page's map: `https://…{z}…{x}…{y}…` | none |
| `GEO_MATCH_BASEMAP_ATTRIBUTION` | whose tiles they are, to be shown; needed with them | none |
| `GEO_MATCH_REJECTED` | `.csv` file to write every rejected row to, with the reason | none |
| `GEO_MATCH_PUBLISHED` | folder of published coverage and its key, for all workers | by the store |
| `GEO_MATCH_ALLOWED_HOSTS` | names it answers to, by commas; `*` for any | this machine's |
| `GEO_MATCH_FORWARDED` | `true`: a proxy may send `Forwarded`, `X-Forwarded-…` | `false` |
| `GEO_MATCH_HTTPS` | `true`: it is reached by https alone, so cookies are `Secure` | `false` |
| `GEO_MATCH_WORKERS` | how many processes answer, each with an index of its own; 1 to 64 | 1 |
| `GEO_MATCH_LIMIT_PER_S` | requests a second of a key, or of an address without one; `off` | 500 |
| `GEO_MATCH_LIMIT_BURST` | how many of them may come at once | 1000 |
| `GEO_MATCH_MOST_REQUESTS` | how many a worker answers at a time; others are told to wait | 512 |
| `GEO_MATCH_MOST_CONNECTIONS` | how many a worker keeps open | 800 |
| `GEO_MATCH_REQUEST_S` | seconds after which a request is given up; 1 to 3600 | 30 |
| `GEO_MATCH_PATIENCE_S` | seconds for a client to send a header, go on, or read; 1 to 600 | 10 |
| `GEO_MATCH_IMPORT_MOST_BYTES` | how long the body of an import may be | 268435456 |
| `GEO_MATCH_LOG` | `json`: logs are lines of JSON; else `text` | `text` |
| `GEO_MATCH_STOP_S` | seconds in which what is under way may end when it stops; 1 to 600 | 20 |
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "GEO_MATCH_"
_DECIMAL: Final = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)
_MOST_PER_S: Final = 1e6
_TILES: Final = re.compile(
    r"https://[A-Za-z0-9.-]{1,253}(:\d{1,5})?/(\{[zxy]\}|[\w.~%!$&()*+,;=:@/?-])+", re.ASCII
)
"""No quote, space or other character that an address has to escape, and one server: the page's
policy names it."""
_LONGEST_URL: Final = 500
_LONGEST_APPROVAL: Final = 60
_LONGEST_ATTRIBUTION: Final = 200
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


def _whole(least: int, most: int) -> BeforeValidator:
    """Make the parser of a whole number between two bounds."""

    def parse(value: object) -> object:
        text = str(value)[:19]  # more digits are too many of anything
        is_whole = text.isascii() and text.isdigit() and not isinstance(value, bool)
        number = int(text) if is_whole else -1
        if not least <= number <= most:
            rule = f"must be a whole number from {least:,} to {most:,}"
            raise PydanticCustomError("rule", "{rule}", {"rule": rule})
        return number

    return BeforeValidator(parse)


def _rate(value: object) -> object:
    """Take a rate, or `off`; a number or None given in Python stays as it is."""
    if value is None or (isinstance(value, int | float) and value > 0):
        return value
    if value == "off":
        return None
    text = str(value)
    if not _DECIMAL.fullmatch(text) or not 0 < float(text) <= _MOST_PER_S:
        rule = f"must be a number above 0, {_MOST_PER_S:,.0f} at most, or off"
        raise PydanticCustomError("rule", "{rule}", {"rule": rule})
    return float(text)


def _log_form(value: object) -> object:
    """Take one of two words."""
    if value not in {"text", "json"}:
        raise PydanticCustomError("rule", "{rule}", {"rule": "must be text or json"})
    return value


def _line(longest: int) -> BeforeValidator:
    """Make the parser of a text of one line."""

    def parse(value: object) -> object:
        if value is None or (
            isinstance(value, str) and len(value) <= longest and value.isprintable()
        ):
            return value
        rule = f"must be one line of at most {longest} printable characters"
        raise PydanticCustomError("rule", "{rule}", {"rule": rule})

    return BeforeValidator(parse)


def _tiles(value: object) -> object:
    """Take the address of tiles, of one server, with each of three places once."""
    if value is None:
        return value
    text = value if isinstance(value, str) else ""
    is_whole = len(text) <= _LONGEST_URL and _TILES.fullmatch(text) is not None
    if not is_whole or any(text.count(one) != 1 for one in ("{z}", "{x}", "{y}")):
        rule = (
            "must be https://, a server and a path with {z}, {x} and {y} once each, of at most "
            f"{_LONGEST_URL} characters, as in https://tiles.example.org/{{z}}/{{x}}/{{y}}.png"
        )
        raise PydanticCustomError("rule", "{rule}", {"rule": rule})
    return value


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
    ground
        Files of outlines that the page draws under its map, in which no record is: rivers, say, or
        districts. Each is a layer that is called as its file.
    map_approval
        审图号 (map approval number): exports and prints of the page show it, and no longer
        内部工作用图.
    basemap_url
        Of the tiles that the page draws under its map, by https, with `{z}`, `{x}` and `{y}`, and
        the provider's key, if it asks for one. Browsers ask that server and no other for them; the
        key in it is told to whoever opens the page.
    basemap_attribution
        What the provider wants to be said of these tiles. Without it they are not drawn.
    rejected
        CSV file to write to, while the file of sites is read: each rejected row with field,
        value, rule and remedy. Not written if None.
    published
        Folder in which coverage is written down once it is published, with the secret key of its
        noise: of all workers, and kept with the store. None for one beside the store's file; of a
        store that is no file nothing is published then.
    allowed_hosts
        Values of the `Host` header that are answered, without their port.
    forwarded
        Whether a proxy stands before the server. Its `Forwarded` and `X-Forwarded-…` then pass, and
        the last address of `X-Forwarded-For` is whom limits count; they decide nothing else.
        Without a proxy a request that has any is refused.
    https
        Whether the server is reached by https alone: browsers then send its cookies by no other
        way, and its pages are those of `https://` and its name.
    workers
        How many processes answer. `python -m api` alone heeds it.
    limit_per_s, limit_burst
        How many requests a second a key may make, or who has none from an address, and how many at
        once; over all workers. None for no limit.
    most_requests, most_connections
        How many a worker answers, and keeps open, at a time. `python -m api` alone heeds the
        second.
    request_s
        Seconds after which a request that nothing answered is answered by a problem.
    patience_s
        Seconds that a client is waited for: for the header of a request, for a body beyond the
        time that its length takes, and for an answer to be read. The first and the last are heeded
        by `python -m api` alone.
    import_most_bytes
        How long the body of an import may be.
    log
        How `python -m api` writes its logs.
    stop_s
        Seconds in which requests that are under way may end once the server is told to stop; what
        is not done by then is cut off. `python -m api` alone heeds it.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    store: str | None = None
    sites: Path = SHIPPED_SITES
    sites_datum: str | None = None
    service_area: Annotated[
        tuple[float, float, float, float] | None, NoDecode, BeforeValidator(_edges)
    ] = None
    network: Path | None = None
    ground: Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_split)] = ()
    map_approval: Annotated[str | None, _line(_LONGEST_APPROVAL)] = None
    basemap_url: Annotated[str | None, BeforeValidator(_tiles)] = None
    basemap_attribution: Annotated[str | None, _line(_LONGEST_ATTRIBUTION)] = None
    rejected: Path | None = None
    published: Path | None = None
    allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)] = (
        "127.0.0.1",
        "localhost",
        "[::1]",
    )
    forwarded: Annotated[bool, BeforeValidator(_flag)] = False
    https: Annotated[bool, BeforeValidator(_flag)] = False
    workers: Annotated[int, _whole(1, 64)] = 1
    limit_per_s: Annotated[float | None, BeforeValidator(_rate)] = 500.0
    limit_burst: Annotated[int, _whole(1, 1_000_000)] = 1_000
    most_requests: Annotated[int, _whole(1, 100_000)] = 512
    most_connections: Annotated[int, _whole(1, 100_000)] = 800
    request_s: Annotated[int, _whole(1, 3_600)] = 30
    patience_s: Annotated[int, _whole(1, 600)] = 10
    import_most_bytes: Annotated[int, _whole(1, 1 << 40)] = 256 << 20
    log: Annotated[Literal["text", "json"], BeforeValidator(_log_form)] = "text"
    stop_s: Annotated[int, _whole(1, 600)] = 20

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

    @model_validator(mode="after")
    def _refuse_half_a_basemap(self) -> Self:
        """Refuse tiles without whose they are, and the name of a provider without its tiles."""
        if (self.basemap_url is None) != (self.basemap_attribution is None):
            message = "{prefix}BASEMAP_URL and {prefix}BASEMAP_ATTRIBUTION must be set together"
            raise PydanticCustomError("rule", message, {"prefix": PREFIX})
        return self


def from_environment() -> Settings:
    """Read the settings of this process.

    Raises
    ------
    SystemExit
        If one is faulty or unknown, with one message: a server has nobody to catch it.
    """
    unknown = unknown_variables()
    if unknown:
        names = ", ".join(PREFIX + name.upper() for name in Settings.model_fields)
        message = f"geo_match: {', '.join(unknown)} is no setting; the settings are {names}."
        raise SystemExit(message)
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"{PREFIX}{str(fault['loc'][0]).upper()}: {fault['msg']}, got {fault['input']!r}"
            if fault["loc"]
            else fault["msg"]
            for fault in error.errors()
        )
        message = f"geo_match: {faults}."
        raise SystemExit(message) from None


def unknown_variables() -> list[str]:
    """Name the variables of the environment that carry the prefix but are no setting.

    A misspelt `GEO_MATCH_SITE` would otherwise serve the demonstration file in silence.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return sorted(
        name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known
    )
