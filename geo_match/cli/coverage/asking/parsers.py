"""How the words of `coverage` are read; each raises `typer.BadParameter` for one that it cannot."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import typer

from geo_match.cli import parsers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from geo_match.coverage import Binary, Exponential, Gaussian, Stepped

PEOPLE: Final = ("households", "seekers")
SUPPLIES: Final = ("jobs", "stations", "sites")
COUNTS: Final = ("vacancies", "places")
LEVELS: Final = ("community", "street", "district", "city", "h3")
BETWEEN: Final = " by "
SETTLED: Final = ("distance", "open", "vacancies")
"""Conditions that are always asked: the supply is what is open and left, within the radius."""
ONLY: Final = ("below", "unreached", "all")
"""Who is invited; as `geo_match.coverage.what_if.invitation` has it."""
_PAGE: Final = ".html"
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


def parse_only(text: object) -> str:
    """Return who is invited."""
    return _one_of(str(text), ONLY)


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


def check_street(text: object) -> str:
    """Return the ends of a street as they were given, if they are four numbers."""
    try:
        street_of(str(text))
    except ValueError:
        message = f"must be four numbers, LON,LAT,LON,LAT, got {str(text)!r}."
        raise typer.BadParameter(message) from None
    return str(text)


def street_of(text: str) -> tuple[float, float, float, float]:
    """Return the longitudes and latitudes of a street's two ends."""
    lon1, lat1, lon2, lat2 = (float(one) for one in text.split(","))
    return lon1, lat1, lon2, lat2


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


def check_by(names: Sequence[str], kind: str) -> None:
    """Check what it is to be told by, before anything is read.

    Parameters
    ----------
    names
        As `--by` was given.
    kind
        Whose coverage it is.

    Raises
    ------
    typer.BadParameter
        If a name is no level and no group of these people, or one is there twice.
    """
    from geo_match.coverage.given.from_store import group_names  # noqa: PLC0415 - help must not wait for it

    groups = group_names(kind)
    for name in names:
        first, *more = name.split(BETWEEN)
        known = first in LEVELS or first in groups
        if not (known and set(more) <= set(groups) and first not in more):
            message = (
                f"must be one of {', '.join(LEVELS)}, or of {', '.join(groups)} of {kind}, or such "
                f"as 'community by {groups[-1]}', got {name!r}."
            )
            raise typer.BadParameter(message, param_hint="--by")
        if names.count(name) > 1 or len(set(more)) < len(more):
            message = f"must name each once, got {name!r}."
            raise typer.BadParameter(message, param_hint="--by")


def check_without(names: Sequence[str], *, eligible: bool, supply_kind: str) -> None:
    """Check which conditions are left aside.

    Raises
    ------
    typer.BadParameter
        If one of them is always asked, or none of those that are asked here.
    """
    for name in names:
        message = ""
        if name in SETTLED:
            message = f"must be none of {', '.join(SETTLED)}, which are always asked."
        elif supply_kind != "jobs":
            message = f"must not be given with {supply_kind}: it is for jobs."
        elif not eligible and name != "employer":
            message = f"must be employer, got {name!r}: the others are asked with --eligible alone."
        if message:
            raise typer.BadParameter(message, param_hint="--without")


def check_publishing(internal: Mapping[str, bool], key_file: Path | None, *, publish: bool) -> None:
    """Check that what is published has its key, and nothing internal beside it.

    Raises
    ------
    typer.BadParameter
        If it has not, or one of the internal options was given.
    """
    if not publish:
        parsers.check_unused({"--key-file": key_file is not None}, "without --publish.")
        return
    if key_file is None:
        message = "must be given with --publish: the same key each time."
        raise typer.BadParameter(message, param_hint="--key-file")
    parsers.check_unused(internal, "with --publish: it is internal.")


def check_counted(kind: str, *, counts_vacancies: bool) -> None:
    """Check that vacancies are not asked of stations or sites.

    Raises
    ------
    typer.BadParameter
        If they are.
    """
    if kind != "jobs" and counts_vacancies:
        message = f"must be places for {kind}, which have no vacancies."
        raise typer.BadParameter(message, param_hint="--count")


def check_source(
    lists: Mapping[str, object],
    others: Mapping[str, object],
    of_store: Mapping[str, object],
    *,
    store: str | None,
) -> None:
    """Check that there are all lists, or a store and who reads it, but not both.

    Parameters
    ----------
    lists, others, of_store
        The lists that must be there, what else is for files, and what is for a store; None each of
        what was not given.
    store
        None for files.

    Raises
    ------
    typer.BadParameter
        If one is missing, or means nothing there.
    """
    if store is not None:
        given = {name: value is not None for name, value in {**lists, **others}.items()}
        parsers.check_unused(given, "with --store, which holds it all.")
        needed = of_store
        message = "must be given with --store: reads of persons are noted in its audit."
    else:
        given = {name: value is not None for name, value in of_store.items()}
        parsers.check_unused(given, "without --store.")
        needed, message = lists, "must be given, as must the other lists; or else --store."
    for name, value in needed.items():
        if value is None:
            raise typer.BadParameter(message, param_hint=name)


def check_eligible(of: str, supply_kind: str, competition: str | None) -> None:
    """Check that eligibility can be asked: seekers are eligible for jobs, and nobody competes.

    Raises
    ------
    typer.BadParameter
        If it is asked of something else.
    """
    message = ""
    if of != "seekers":
        message = f"must be given with seekers: it is not known what {of} can and would take."
    elif supply_kind != "jobs":
        message = f"must be given with jobs: nobody is eligible for {supply_kind}."
    elif competition is not None:
        message = "must not be given with --competition: ask for one of the two."
    if message:
        raise typer.BadParameter(message, param_hint="--eligible")


def check_formats(
    out: Sequence[Path], several: Mapping[str, bool], of_page: Mapping[str, bool]
) -> None:
    """Check that what is asked for has a file to go into.

    Parameters
    ----------
    out
        The files.
    several, of_page
        Options, and whether each was given: what a file of one table does not have, and what a page
        alone has.

    Raises
    ------
    typer.BadParameter
        If there is none.
    """
    suffixes = {path.suffix.lower() for path in out}
    for options, wanted in ((several, (".gpkg", ".xlsx", _PAGE)), (of_page, (_PAGE,))):
        for name, is_given in options.items():
            if is_given and not suffixes & set(wanted):
                message = f"must be given with an --out that ends in {' or '.join(wanted)}."
                raise typer.BadParameter(message, param_hint=name)


def check_tables(out: Sequence[Path]) -> None:
    """Check that tables alone are asked for: of a change there is no page to print.

    Raises
    ------
    typer.BadParameter
        If there is one.
    """
    for path in out:
        if path.suffix.lower() == _PAGE:
            message = f"must not end in {_PAGE}, got {str(path)!r}: that is for coverage."
            raise typer.BadParameter(message, param_hint="--out")


def check_unparted(names: Sequence[str]) -> None:
    """Check that no row is parted by a column.

    Raises
    ------
    typer.BadParameter
        If one is.
    """
    for name in names:
        if BETWEEN in name:
            message = f"must be a level or a column, got {name!r}."
            raise typer.BadParameter(message, param_hint="--by")


def check_files(
    out: Sequence[Path],
    persons: Mapping[str, Path | None],
    rejects: Path | None,
    key_file: Path | None = None,
) -> Path:
    """Return where rejected rows are listed: as asked, or beside the first answer.

    Parameters
    ----------
    out
        For the answer.
    persons
        By their option the files that name persons; None each of what was not given.
    rejects, key_file
        Other files that may be written; None for none.

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
        *((name, path, TABLE_SUFFIXES) for name, path in persons.items()),
        ("--rejects", listed, (".csv",)),
    ):
        if path is not None and path.suffix.lower() not in suffixes:
            message = f"must end in one of {', '.join(suffixes)}, got {str(path)!r}."
            raise typer.BadParameter(message, param_hint=name)
    given = [("--out", one) for one in out]
    others = (*persons.items(), ("--rejects", listed), ("--key-file", key_file))
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
