"""How the words of `coverage` are read; each raises `typer.BadParameter` for one that it cannot."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geo_match.coverage import Binary, Exponential, Gaussian, Stepped

PEOPLE: Final = ("households", "seekers")
SUPPLIES: Final = ("jobs", "stations", "sites")
COUNTS: Final = ("vacancies", "places")
_DECAYS: Final = (
    "must be binary, stepped:METRES=WEIGHT,…, exponential:PER_KM or gaussian:SIGMA_M, such as "
    "stepped:1000=1,3000=0.5"
)


def parse_people(text: str) -> str:
    """Return a kind of records that are people."""
    return _one_of(text, PEOPLE)


def parse_supply(text: str) -> str:
    """Return a kind of records that can be reached."""
    return _one_of(text, SUPPLIES)


def parse_counted(text: str) -> str:
    """Return what is counted."""
    return _one_of(text, COUNTS)


def parse_least(text: object) -> int:
    """Return a whole number of at least 1."""
    word = str(text)
    if not (word.isascii() and word.isdigit() and int(word)):
        message = f"must be a whole number of at least 1, got {word!r}."
        raise typer.BadParameter(message)
    return int(word)


def parse_standard(text: str) -> float:
    """Return a number of at least 0."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not (number >= 0.0 and math.isfinite(number)):
        message = f"must be a number of at least 0, got {text!r}."
        raise typer.BadParameter(message)
    return number


def check_competition(text: str) -> str:
    """Return a text that `competition_of` reads."""
    competition_of(text)
    return text


def competition_of(text: str) -> Binary | Stepped | Exponential | Gaussian:
    """Return the decay that a text such as `gaussian:1500` names."""
    from geo_match.coverage import Binary, Exponential, Gaussian, Stepped  # noqa: PLC0415 - as in parsers
    from geo_match.errors import ArgumentError  # noqa: PLC0415 - as above

    name, colon, rest = text.partition(":")
    try:
        match name:
            case "binary" if not colon:
                return Binary()
            case "stepped":
                bands = [one.split("=") for one in rest.split(",")]
                return Stepped(tuple((float(metres), float(weight)) for metres, weight in bands))
            case "exponential":
                return Exponential(float(rest))
            case "gaussian":
                return Gaussian(float(rest))
    except ArgumentError as error:
        message = f"must {error.rule}, got {text!r}."
        raise typer.BadParameter(message) from None
    except ValueError:
        pass
    message = f"{_DECAYS}, got {text!r}."
    raise typer.BadParameter(message)


def check_files(
    out: Sequence[Path], people_out: Path | None, rejects: Path | None, key_file: Path | None
) -> Path:
    """Return where rejected rows are listed: as asked, or beside the first answer.

    Raises
    ------
    typer.BadParameter
        If a suffix is none that can be written, or two of the files are one.
    """
    from geo_match.exchange import TABLE_SUFFIXES  # noqa: PLC0415 - as in parsers
    from geo_match.exchange.coverage import SUFFIXES  # noqa: PLC0415 - as above

    listed = out[0].with_name(f"{out[0].name}.rejected.csv") if rejects is None else rejects
    for name, path, suffixes in (
        *(("--out", one, SUFFIXES) for one in out),
        ("--people-out", people_out, TABLE_SUFFIXES),
        ("--rejects", listed, (".csv",)),
    ):
        if path is not None and path.suffix.lower() not in suffixes:
            message = f"must end in one of {', '.join(suffixes)}, got {str(path)!r}."
            raise typer.BadParameter(message, param_hint=name)
    given = [("--out", one) for one in out]
    others = (("--people-out", people_out), ("--rejects", listed), ("--key-file", key_file))
    given += [(name, path) for name, path in others if path is not None]
    seen: dict[Path, str] = {}
    for name, path in given:
        other = seen.get(path.resolve())
        if other is not None:
            message = f"must be another file than that of {other}, got {str(path)!r} for both."
            raise typer.BadParameter(message, param_hint=name)
        seen[path.resolve()] = name
    return listed


def _one_of(text: str, words: tuple[str, ...]) -> str:
    if text not in words:
        message = f"must be one of {', '.join(words)}, got {text!r}."
        raise typer.BadParameter(message)
    return text
